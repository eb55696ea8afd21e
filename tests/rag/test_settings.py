"""What can be set, from where, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import PREFIX, Settings, load_settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.upper().startswith((PREFIX, "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def written(text: str) -> Path:
    path = Path(".env")
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_set_there_are_defaults() -> None:
    settings = load_settings()
    assert settings.bundled is True
    assert settings.sources == 10
    assert settings.home.is_absolute()
    assert "paperchat" in str(settings.home)


def test_the_environment_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERCHAT_HOME", "shelf")
    monkeypatch.setenv("PAPERCHAT_BUNDLED", "no")
    monkeypatch.setenv("PAPERCHAT_SOURCES", "7")
    settings = load_settings()
    assert (settings.home, settings.bundled, settings.sources) == (Path("shelf"), False, 7)


def test_a_file_sets_and_the_environment_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    path = written("# of a library\nPAPERCHAT_SOURCES=12\nPAPERCHAT_BUNDLED=false\n")
    assert (load_settings(path).sources, load_settings(path).bundled) == (12, False)
    monkeypatch.setenv("PAPERCHAT_SOURCES", "8")
    assert (load_settings(path).sources, load_settings(path).bundled) == (8, False)


def test_an_empty_value_is_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERCHAT_SOURCES", "")
    assert load_settings().sources == 10


def test_names_of_others_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCES", "7")
    assert load_settings(written("OTHER_PROGRAM=1\nSOURCES=9\n")).sources == 10


def test_an_unknown_name_in_the_environment_is_refused_and_the_known_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERCHAT_SUORCES", "7")
    with pytest.raises(SettingsError, match=r"PAPERCHAT_SUORCES.*PAPERCHAT_SOURCES"):
        load_settings()


def test_an_unknown_name_in_the_file_is_refused() -> None:
    with pytest.raises(SettingsError, match="PAPERCHAT_COLOUR"):
        load_settings(written("PAPERCHAT_COLOUR=red"))


@pytest.mark.parametrize(("name", "value"), [("SOURCES", "many"), ("SOURCES", "4"), ("SOURCES", "51"), ("BUNDLED", "perhaps")])
def test_a_wrong_value_is_refused_and_its_setting_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError, match=f"PAPERCHAT_{name}: "):
        load_settings()


def test_a_wrong_value_is_told_what_would_be_right(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"SOURCES": "4", "CHROMA": "chroma", "EMBEDDING": "ada", "MAILTO": "me", "DEVICE": "tpu", "READER": "perhaps"}
    for name, value in wrong.items():
        monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == (
        "A setting cannot be used: PAPERCHAT_SOURCES: it must be greater than or equal to 5; "
        "PAPERCHAT_CHROMA: it must be like `http://localhost:8000`; "
        "PAPERCHAT_EMBEDDING: it must be like `openai:text-embedding-3-small` or `multilingual`; "
        "PAPERCHAT_MAILTO: it must be like `you@example.org`; "
        "PAPERCHAT_DEVICE: it must be 'cpu' or 'cuda'; PAPERCHAT_READER: it must be true or false. "
        "docs/settings.md lists what each may be."
    )


def test_every_setting_with_a_pattern_has_an_example() -> None:
    patterned = [field for field in Settings.model_fields.values() if any(hasattr(each, "pattern") for each in field.metadata)]
    assert patterned
    assert all(field.examples for field in patterned)


@pytest.mark.parametrize("value", ["5", "50"])
def test_the_limits_themselves_are_allowed(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PAPERCHAT_SOURCES", value)
    assert load_settings().sources == int(value)


def test_a_file_that_is_no_text_is_named() -> None:
    path = Path(".env")
    path.write_bytes(b"PAPERCHAT_SOURCES=\xff\xfe")
    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        load_settings(path)


def test_settings_do_not_change_once_read() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.sources = 20  # type: ignore[misc]


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_a_key_is_read_under_its_usual_name_and_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-tests")
    settings = load_settings(written("OPENAI_BASE_URL=http://localhost:11434/v1\nPAPERCHAT_MODEL=small\n"))
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-of-the-tests"
    assert (settings.openai_base_url, settings.model) == ("http://localhost:11434/v1", "small")
    assert "sk-of-the-tests" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize(("name", "value"), [("TIMEOUT", "0"), ("TEMPERATURE", "3"), ("CONTEXT", "100"), ("TIMEOUT", "soon")])
def test_a_wrong_value_for_the_model_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError, match=f"PAPERCHAT_{name}: "):
        load_settings()


def test_a_name_that_only_looks_like_a_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERCHAT_OPENAI_API_KEY", "x")
    with pytest.raises(SettingsError, match="Unknown setting PAPERCHAT_OPENAI_API_KEY"):
        load_settings()
