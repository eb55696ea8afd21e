"""Questions to begin with are made from the collection and can be answered by it."""

from __future__ import annotations

from pathlib import Path

from rag.build import open_library
from rag.explore.suggestions import MOST, suggestions
from rag.types import Paper


def test_the_bundled_papers_give_questions_of_different_kinds_that_are_answered(bundled_home: Path) -> None:
    with open_library(bundled_home, readonly=True) as paperchat:
        found = suggestions(paperchat.papers())
        assert len(found) == len({question.split()[0] for question in found}) == MOST
        assert [paperchat.ask(question).status for question in found] == ["answered"] * MOST


def test_a_collection_without_names_is_asked_for_its_newest_and_none_for_nothing() -> None:
    assert suggestions([Paper("a", "on the weighing of bees", "Bees weigh little.")]) == ["Which are the newest papers?"]
    assert suggestions([]) == []
