"""“What is in here?” is answered by the themes of the collection, each with a sentence that cites its paper."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.build import open_library
from rag.paperchat import Paperchat
from rag.types import AskOptions


@pytest.fixture(scope="module")
def bundled(bundled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paperchat]:
    with open_library(Path(shutil.copytree(bundled_home, tmp_path_factory.mktemp("overview") / "library"))) as opened:
        yield opened


@pytest.mark.parametrize(
    "question",
    ["What is in here?", "main themes?", "summarise", "Which themes does this collection cover?", "Worum geht es hier?"],
)
def test_what_is_in_here_gets_themes_with_citations(bundled: Paperchat, question: str) -> None:
    answer = bundled.ask(question)
    themes = bundled.themes()
    assert answer.status == "answered"
    assert answer.text.startswith("The collection holds 58 papers from 2018 to 2025, in ")
    assert len(answer.citations) == len(themes)
    for theme, citation in zip(themes, answer.citations, strict=True):
        assert f"- {theme.name} (" in answer.text
        assert citation.paper.id in theme.papers


def test_within_some_papers_only_their_themes_are_told(bundled: Paperchat) -> None:
    theme = bundled.themes()[0]
    answer = bundled.ask("What is in here?", options=AskOptions(scope=frozenset(theme.papers[:2])))
    assert answer.text.startswith("The collection holds 2 papers")
    assert {each.paper.id for each in answer.citations} <= set(theme.papers[:2])


def test_a_summary_of_nothing_in_particular_is_the_overview(bundled: Paperchat) -> None:
    assert bundled.summarize().text == bundled.ask("What is in here?").text


def test_a_question_about_a_topic_is_no_overview(bundled: Paperchat) -> None:
    assert "in 9 themes" not in bundled.ask("What are the main topics in graph learning?").text
