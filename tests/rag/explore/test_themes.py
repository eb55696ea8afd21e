"""Themes are the groups of the map under names of their own, their middle first, with questions to ask."""

from __future__ import annotations

from rag.explore.map import Group, PaperMap, Point
from rag.explore.themes import questions, themes, within
from rag.types import Paper

ATLAS = PaperMap(
    (Point("a", 0.1, 0.1, 0), Point("b", 0.2, 0.1, 0), Point("c", 0.9, 0.1, 0), Point("d", 0.5, 0.9, 1)),
    (Group("Graphs", ("graphs", "nodes"), 3), Group("Graphs", ("graphs", "edges"), 1)),
)
PAPERS = {
    "a": Paper("a", "On graphs", ""),
    "b": Paper("b", "MgNO: Multigrid for operators", "We propose MgNO."),
}


def test_papers_of_the_middle_come_first() -> None:
    first = themes(ATLAS)[0]
    assert first.papers == ("b", "a", "c")
    assert (first.x, first.y) == (0.2, 0.1)


def test_no_two_themes_have_one_name() -> None:
    assert [theme.name for theme in themes(ATLAS)] == ["Graphs", "Graphs: edges"]


def test_questions_name_a_paper_or_a_term() -> None:
    found = [each.question for each in questions(themes(ATLAS)[0], PAPERS)]
    assert "MgNO" in found[0]
    assert any("nodes" in question for question in found)


def test_themes_begin_with_other_kinds_of_questions() -> None:
    first = [questions(themes(ATLAS)[0], PAPERS, turn=turn)[0].kind for turn in range(4)]
    assert first == ["fact", "topic", "how", "list"]


def test_a_theme_is_found_by_its_name_and_an_unknown_one_has_no_papers() -> None:
    assert within("Graphs: edges", themes(ATLAS)) == frozenset({"d"})
    assert within("Rivers", themes(ATLAS)) == frozenset()


def test_no_map_no_themes() -> None:
    assert themes(PaperMap((), ())) == []
