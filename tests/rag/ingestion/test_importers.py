"""What every importer must do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importer_samples import (
    FORMATS,
    PAIRS,
    TABLE,
    Pair,
    every_importer,
    pairs_in,
    papers_in,
    refused_in,
    unhurried,
)

from rag.ingestion import IMPORTERS
from rag.ingestion.outcomes import LONGEST_ABSTRACT, Unreadable
from rag.protocols import Importer
from rag.types import Paper, Refused


def test_the_contract_is_held_against_every_importer() -> None:
    assert {importer.name for importer, _ in FORMATS} <= {importer.name for importer in IMPORTERS}
    assert len({importer.name for importer in IMPORTERS}) == len(IMPORTERS)


@every_importer
def test_reads_every_paper_in_order(importer: Importer, written: Callable[[Sequence[Pair]], list[str]]) -> None:
    found = list(importer.read(written(PAIRS), "mine"))
    assert pairs_in(iter(found)) == PAIRS
    assert not refused_in(iter(found))
    assert {paper.source for paper in papers_in(iter(found))} == {"mine"}


@every_importer
def test_recognises_its_own_format_and_no_other(importer: Importer, written: Callable[[Sequence[Pair]], list[str]]) -> None:
    for other, write in FORMATS:
        assert importer.recognises("\n".join(write(PAIRS))) == (other.name == importer.name)
    assert importer.recognises("\ufeff" + "\n".join(written(PAIRS)))


@every_importer
@pytest.mark.parametrize("head", ["", "\n\n", TABLE, "<!DOCTYPE html><p>A. B."])
def test_recognises_no_other_formats(importer: Importer, written: object, head: str) -> None:
    assert not importer.recognises(head)


@every_importer
def test_does_not_read_ahead_of_what_is_asked(importer: Importer, written: Callable[[Sequence[Pair]], list[str]]) -> None:
    endless = cycle(written(PAIRS))
    found = importer.read(endless, "endless")
    assert [each.title for each in islice(found, 4) if isinstance(each, Paper)] == [title for title, _ in PAIRS]


@every_importer
def test_refuses_a_repeat_of_title_and_text_and_names_the_first(
    importer: Importer, written: Callable[[Sequence[Pair]], list[str]]
) -> None:
    other_text = (PAIRS[0][0], PAIRS[1][1])
    found = list(importer.read(written([*PAIRS, PAIRS[1], other_text]), "mine"))
    assert pairs_in(iter(found)) == [*PAIRS, other_text]
    (second,) = refused_in(iter(found))
    begins = [len(written(PAIRS[:count])) + 1 for count in range(5)]
    assert second.where == f"mine, line {begins[4]}"
    assert f"repeats line {begins[1]}," in second.reason


@every_importer
def test_names_an_unreadable_line_and_goes_on(importer: Importer, written: Callable[[Sequence[Pair]], list[str]]) -> None:
    before = written(PAIRS[:2])
    after = written(PAIRS)[len(before) :]
    found = list(importer.read([*before, Unreadable("It is smudged."), "", *after], "mine"))
    assert pairs_in(iter(found)) == PAIRS
    assert refused_in(iter(found)) == [Refused(f"mine, line {len(before) + 1}", "It is smudged.")]


@every_importer
def test_takes_away_what_people_cannot_see(importer: Importer, written: Callable[[Sequence[Pair]], list[str]]) -> None:
    title, abstract = PAIRS[0]
    hidden = (title.replace("a", "a\u200b"), abstract.replace("We", "\u202eWe\u2066").replace("Rivers", "\U000e0041Rivers\x07"))
    assert pairs_in(importer.read(written([hidden]), "mine")) == [PAIRS[0]]


@every_importer
def test_refuses_a_text_that_is_longer_than_any_abstract(
    importer: Importer, written: Callable[[Sequence[Pair]], list[str]]
) -> None:
    found = list(
        importer.read(written([PAIRS[0], ("A Whole Book", "It goes on. " * (LONGEST_ABSTRACT // 12 + 1)), PAIRS[1]]), "mine")
    )
    assert pairs_in(iter(found)) == PAIRS[:2]
    assert f"{LONGEST_ABSTRACT:,} characters" in refused_in(iter(found))[0].reason


@every_importer
@unhurried
@given(lines=st.lists(st.text(alphabet=st.characters(exclude_categories=()))))
def test_any_lines_give_papers_or_reasons(importer: Importer, written: object, lines: list[str]) -> None:
    for each in importer.read(lines, "mine"):
        if isinstance(each, Paper):
            assert each.title
            assert each.abstract
            (each.title + each.abstract).encode("utf-8")
        else:
            assert each.where.startswith("mine, line ")
            assert each.reason.endswith(".")


@every_importer
@unhurried
@given(text=st.text(alphabet='[]{},:"\\ntiab .A\u00e9\n'))
def test_texts_of_brackets_and_quotes_do_no_harm(importer: Importer, written: object, text: str) -> None:
    for each in importer.read(text.split("\n"), "mine"):
        assert isinstance(each, Paper | Refused)
    importer.recognises(text)
