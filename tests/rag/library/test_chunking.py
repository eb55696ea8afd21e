"""Passages: windows of whole sentences, with ids that stay."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SettingsError
from rag.library.chunking import SentenceWindows, context, passages
from rag.protocols import Chunker
from rag.text.sentences import VERSION, sentences
from rag.types import Paper, Passage, Span

SEVEN = " ".join(f"Map {word} fades." for word in ["one", "two", "three", "four", "five", "six", "seven"])
WINDOWS = st.integers(1, 6).flatmap(lambda size: st.builds(SentenceWindows, st.just(size), st.integers(0, size - 1)))
CHUNKERS = st.one_of(WINDOWS, st.just(SentenceWindows(sentences=0)))
ABSTRACTS = st.one_of(
    st.text(), st.lists(st.sampled_from(["Maps fade.", "Scans (by hand) last!", "We scan", "e.g. "])).map(" ".join)
)


def paper(abstract: str = SEVEN, title: str = "Maps") -> Paper:
    return Paper(id="arxiv:2401.00001", title=title, abstract=abstract)


def cut(windows: Chunker, abstract: str = SEVEN) -> list[str]:
    return [re.sub("Map | fades.", "", span.of(abstract)) for span in windows.spans(abstract)]


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        (SentenceWindows(), ["one two three", "three four five", "five six seven"]),
        (SentenceWindows(3, 0), ["one two three", "four five six", "seven"]),
        (SentenceWindows(4, 2), ["one two three four", "three four five six", "five six seven"]),
        (SentenceWindows(5, 2), ["one two three four five", "four five six seven"]),
        (SentenceWindows(1, 0), ["one", "two", "three", "four", "five", "six", "seven"]),
        (SentenceWindows(7, 1), ["one two three four five six seven"]),
        (SentenceWindows(9, 8), ["one two three four five six seven"]),
        (SentenceWindows(0), ["one two three four five six seven"]),
    ],
)
def test_windows_overlap_and_the_last_brings_something_new(windows: SentenceWindows, expected: list[str]) -> None:
    assert cut(windows) == expected


def test_an_abstract_without_a_full_stop_is_one_window() -> None:
    assert SentenceWindows().spans("  only words ") == [Span(2, 12)]


def test_the_name_tells_version_size_and_overlap() -> None:
    assert SentenceWindows().name == f"sentence-windows/{VERSION}:3+1"
    assert SentenceWindows(0, 0).name == SentenceWindows(0, 2).name == f"sentence-windows/{VERSION}:whole"


@pytest.mark.parametrize(("size", "overlap"), [(-1, 0), (3, -1), (3, 3), (1, 1)])
def test_windows_that_cannot_be_are_refused(size: int, overlap: int) -> None:
    with pytest.raises(SettingsError, match=r"\d"):
        SentenceWindows(size, overlap)


@given(CHUNKERS, ABSTRACTS)
def test_every_sentence_is_whole_in_a_window_and_no_window_cuts_one(windows: SentenceWindows, abstract: str) -> None:
    whole = sentences(abstract)
    spans = windows.spans(abstract)
    assert all(any(span.start <= one.start and one.end <= span.end for span in spans) for one in whole)
    assert {span.start for span in spans} <= {one.start for one in whole}
    assert {span.end for span in spans} <= {one.end for one in whole}


@given(WINDOWS, ABSTRACTS)
def test_windows_are_in_order_and_keep_size_and_overlap(windows: SentenceWindows, abstract: str) -> None:
    whole = sentences(abstract)
    held = [{one.start for one in whole if span.start <= one.start < span.end} for span in windows.spans(abstract)]
    assert all(0 < len(starts) <= windows.sentences for starts in held)
    assert all(len(one & other) == windows.overlap and max(one) < max(other) for one, other in pairwise(held))


@given(CHUNKERS, ABSTRACTS)
def test_ids_are_unique_within_a_paper_and_the_same_in_every_run(windows: SentenceWindows, abstract: str) -> None:
    ids = [passage.id for passage in passages(paper(abstract), windows)]
    assert len(set(ids)) == len(ids)
    assert ids == [passage.id for passage in passages(paper(abstract), windows)]
    assert all(re.fullmatch(r"arxiv:2401\.00001#[0-9a-f]{12}", each) for each in ids)


def test_an_id_is_the_same_on_every_machine() -> None:
    assert passages(paper("Maps fade."), SentenceWindows())[0].id == "arxiv:2401.00001#2bd79491d9cf"


def test_an_id_changes_with_title_place_and_text_and_with_nothing_else() -> None:
    def id_of(one: Paper) -> str:
        return passages(one, SentenceWindows())[0].id

    first = paper("Maps fade.")
    assert id_of(replace(first, year=2024, authors=("A. Miller",), url="https://example.org")) == id_of(first)
    others = [replace(first, title="Roads"), replace(first, abstract=" Maps fade."), replace(first, abstract="Maps last.")]
    assert len({id_of(first), *map(id_of, others)}) == 4


@pytest.mark.parametrize("abstract", ["", " \n "])
def test_a_paper_without_abstract_has_one_empty_passage_whose_title_is_encoded(abstract: str) -> None:
    (only,) = passages(paper(abstract), SentenceWindows())
    assert (only.text, context(only)) == ("", "Maps.")
    assert len(passages(paper(abstract), SentenceWindows(0))) == 1


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Maps of towns", "Maps of towns. Maps fade."),
        ("Maps of towns.", "Maps of towns. Maps fade."),
        (" Do maps fade? ", "Do maps fade? Maps fade."),
        ('On "why maps?"', 'On "why maps?" Maps fade.'),
        ("Maps (of towns)", "Maps (of towns). Maps fade."),
        ("地図。", "地図。 Maps fade."),
        ("", "Maps fade."),
    ],
)
def test_the_encoder_is_given_the_title_then_the_text(title: str, expected: str) -> None:
    assert context(Passage("x#1", paper(" Maps fade. Scans last.", title), Span(1, 11))) == expected
