"""README and `docs/` tell the truth: the Python runs, the settings are the settings, the commands are the commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from rag.build import embedding_endpoint, language_model
from rag.errors import SettingsError
from rag.settings import Settings, load_settings, setting_names
from ui.cli.main import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
DOCS = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)


def test_the_python_block_runs_and_prints_cited_claims(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = blocks("python")
    exec(compile(block, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "(1,)" in printed
    assert "MgNO" in printed.splitlines()[-1]
    assert printed.rstrip().endswith("answered")


def test_every_setting_is_in_the_table_and_no_other() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \|", DOCS, re.MULTILINE))
    assert set(rows) == set(setting_names())
    assert rows["PAPERCHAT_SOURCES"] == f"`{Settings.model_fields['sources'].default}`"
    assert rows["PAPERCHAT_BUNDLED"] == f"`{str(Settings.model_fields['bundled'].default).lower()}`"


def test_each_server_in_the_readme_is_a_whole_configuration(tmp_path: Path) -> None:
    servers = blocks("ini")
    assert len(servers) == 6
    for number, block in enumerate(servers):
        path = tmp_path / f"{number}.env"
        path.write_text(block, encoding="utf-8")
        model = language_model(load_settings(path))
        assert model is not None
        assert model.endpoint.problem() is None


def test_each_encoder_of_many_languages_is_a_whole_configuration(tmp_path: Path) -> None:
    encoders = blocks("dotenv")
    assert len(encoders) == 4
    for number, block in enumerate(encoders):
        path = tmp_path / f"{number}.env"
        path.write_text(block, encoding="utf-8")
        endpoint = embedding_endpoint(load_settings(path))
        assert endpoint is None if "=multilingual" in block else endpoint is not None and endpoint.problem() is None


def test_every_command_is_shown() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    shown = set(re.findall(r"^paperchat (\w+)", "\n".join(blocks("sh")), re.MULTILINE))
    assert shown == set(commands)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_errors_name_pages_that_have_what_they_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERCHAT_SOURCES", "4")
    with pytest.raises(SettingsError, match=r"docs/settings\.md lists what each may be") as told:
        load_settings()
    assert "PAPERCHAT_SOURCES" in str(told.value)
    assert "`PAPERCHAT_SOURCES`" in (ROOT / "docs/settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    for named in re.findall(r"`((?:rag|eval|ui|tests|prompts|deploy)/[\w./-]*)`", page.read_text(encoding="utf-8")):
        assert "NAME" in named or (ROOT / named).exists(), named


def test_the_map_names_every_package_and_nothing_else() -> None:
    rows = dict(re.findall(r"^\| `(\w+)/` \|(.*)\|$", README, re.MULTILINE))
    assert list(rows) == ["rag", "prompts", "ui", "eval", "tests"]
    for room in ("rag", "ui", "eval"):
        folder = ROOT / room
        packages = {f"{path.parent.relative_to(folder)}/" for path in folder.rglob("__init__.py")} - {"./"}
        named = set(re.findall(r"`([\w/]+/)`", rows[room]))
        assert named == packages
    flat = {path.stem for path in (ROOT / "rag").glob("*.py")} - {"__init__"}
    assert set(re.findall(r"`(\w+)`", rows["rag"])) == flat
