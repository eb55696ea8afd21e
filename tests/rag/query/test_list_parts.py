"""Follow-ups that ask for another part of a list, and the words that say so in a question that stands alone."""

from __future__ import annotations

import pytest

from rag.query.list_parts import LIST_PAPERS, ListPart, part_asked, with_part, without_part

SECOND = ListPart(LIST_PAPERS)
REST = ListPart(LIST_PAPERS, to_end=True)


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("More", SECOND),
        ("more?", SECOND),
        ("Show me more", SECOND),
        ("Any others?", SECOND),
        ("And the next ones please", SECOND),
        ("are there any more papers?", SECOND),
        ("Mehr", SECOND),
        ("Gibt es noch weitere?", SECOND),
        ("The rest", REST),
        ("and the remaining ones", REST),
        ("Zeig mir die restlichen", REST),
        ("Show all", ListPart(to_end=True)),
        ("Show me all of them", ListPart(to_end=True)),
        ("The full list, please", None),
        ("the full list", ListPart(to_end=True)),
        ("Zeig alle", ListPart(to_end=True)),
        ("More on malaria", None),
        ("Any other papers on bees?", None),
        ("Why?", None),
        ("Which of them are trials?", None),
    ],
)
def test_what_asks_for_nothing_but_more_of_the_list(question: str, part: ListPart | None) -> None:
    assert part_asked(question, ListPart()) == part


@pytest.mark.parametrize("part", [ListPart(), SECOND, REST, ListPart(to_end=True)])
def test_the_part_is_told_in_words_that_are_read_again(part: ListPart) -> None:
    told = with_part("Which papers are on bees?", part)
    assert without_part(told) == ("Which papers are on bees?", part)


def test_a_part_knows_what_is_left_behind_it() -> None:
    items = list(range(30))
    assert list(SECOND.of(items)) == items[12:24]
    assert (SECOND.left(30), REST.left(30), SECOND.left(20)) == (6, 0, 0)
