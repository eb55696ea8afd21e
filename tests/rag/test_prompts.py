"""The texts in `prompts/`: each renders with its own names and with no others. `python tests/rag/test_prompts.py` renews the golden files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from rag import prompts
from rag.errors import PromptError
from rag.types import Refusal, RefusalCode

GOLDEN = Path(__file__).parents[1] / "golden" / "prompts"
NAMES = sorted(path.stem for path in prompts.FOLDER.glob("*.md"))


def placeholders(name: str) -> set[str]:
    text = (prompts.FOLDER / f"{name}.md").read_text(encoding="utf-8").replace("$$", "")
    return {braced or bare for braced, bare in re.findall(r"\$(?:\{(\w+)\}|(\w+))", text)}


def rendered(name: str) -> str:
    return prompts.render(name, **{each: f"«{each}»" for each in placeholders(name)})


def test_there_are_prompts() -> None:
    assert {"answer", "judge", "repair"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_renders_as_its_golden_file_says(name: str) -> None:
    golden = GOLDEN / f"{name}.md"
    assert golden.exists(), "a new prompt: run `python tests/rag/test_prompts.py` and read what it wrote"
    assert rendered(name) + "\n" == golden.read_text(encoding="utf-8")
    assert "$" not in rendered(name)


def test_no_golden_file_is_left_over() -> None:
    assert sorted(path.stem for path in GOLDEN.iterdir()) == NAMES


def test_values_are_put_in_as_they_are(folder: Path) -> None:
    (folder / "plain.md").write_text("It is $what.\n", encoding="utf-8")
    assert prompts.render("plain", what="$nearest costs 5 $ \\1 {x} %s") == "It is $nearest costs 5 $ \\1 {x} %s."
    assert prompts.render("plain", what=7) == "It is 7."


@pytest.mark.parametrize("language", prompts.LANGUAGES)
@pytest.mark.parametrize("code", get_args(RefusalCode))
def test_every_refusal_is_worded_in_every_language(code: RefusalCode, language: str) -> None:
    refusal = Refusal(code, ("Zeta $fold",))
    reason = prompts.refusal_reason(refusal, language)
    assert reason
    assert "$" not in reason.replace("Zeta $fold", "")
    told = prompts.refusal_text(refusal, ["On maps"], language)
    assert reason in told
    assert ("On maps" in told) != prompts.is_sentence(refusal)


def test_a_refusal_quotes_what_it_is_about_and_names_the_nearest_papers() -> None:
    refusal = Refusal("unknown_words", ("pylon", "gull"))
    assert prompts.refusal_text(refusal) == "The papers do not say: no paper in the collection mentions “pylon”, “gull”."
    assert prompts.refusal_text(refusal, ["A", "B"]).endswith("“gull”. Closest papers: A; B.")
    assert "„pylon“, „gull“" in prompts.refusal_text(refusal, (), "de")


def test_refusals_in_another_language_are_worded_in_english() -> None:
    assert prompts.refusal_text(Refusal("silent"), (), "fr") == prompts.refusal_text(Refusal("silent"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(prompts, "FOLDER", tmp_path)
    # The files of this folder are not those that were read before.
    prompts._template.cache_clear()
    monkeypatch.setattr(prompts, "_template", prompts._template.__wrapped__)
    return tmp_path


def test_a_missing_name_is_refused_and_named(folder: Path) -> None:
    (folder / "hello.md").write_text("Hello $who from $where.\n", encoding="utf-8")
    with pytest.raises(PromptError, match=r"hello\.md.*missing \['where'\]"):
        prompts.render("hello", who="Ada")


def test_an_unknown_name_is_refused_and_named(folder: Path) -> None:
    (folder / "hello.md").write_text("Hello $who.", encoding="utf-8")
    with pytest.raises(PromptError, match=r"unknown \['colour'\]"):
        prompts.render("hello", who="Ada", colour="red")


def test_a_prompt_without_names_takes_none_and_space_around_it_goes(folder: Path) -> None:
    (folder / "plain.md").write_text("\n  Naïve text.\n\nTwo parts, 5 $$.\n\n", encoding="utf-8")
    assert prompts.render("plain") == "Naïve text.\n\nTwo parts, 5 $."
    with pytest.raises(PromptError):
        prompts.render("plain", x=1)


def test_a_prompt_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(PromptError, match=r"prompts/ghost\.md"):
        prompts.render("ghost")


def renew() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for path in GOLDEN.iterdir():
        path.unlink()
    for name in NAMES:
        (GOLDEN / f"{name}.md").write_text(rendered(name) + "\n", encoding="utf-8")


if __name__ == "__main__":
    renew()
