"""Word states: kept when a paper is added, so that nothing but the question is encoded when it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers
from hypothesis import given
from hypothesis import strategies as st

from rag.library import word_states
from rag.library.chunking import SentenceWindows, context, passages
from rag.library.encoder import OnnxEncoder
from rag.library.library import Library
from rag.library.word_states import VERSION, PlainRows, WordStates
from rag.query.plan import QueryPlan
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.text.sentences import sentences
from rag.types import Hit, PackedWords, Paper, Passage, SentenceVectors, Span, WordVectors


class Halves:
    """A Codec that keeps every vector in float16."""

    name = "halves"

    def __init__(self, dimensions: int = 64) -> None:
        self.width = 2 * dimensions

    def pack(self, vectors: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        return vectors.astype("<f2").view(np.uint8)

    def rows(self, codes: np.ndarray) -> PlainRows:  # type: ignore[type-arg]
        return PlainRows(np.ascontiguousarray(codes).view("<f2").astype(np.float32).reshape(len(codes), self.width // 2))


class Counting(WordHashEncoder):
    """Remembers what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:  # type: ignore[type-arg]
        return super().encode(texts)

    def encode_words(self, texts: Sequence[str]) -> list[WordVectors]:
        self.texts += texts
        return super().encode_words(texts)


PAPER = Paper(
    "title:bees",
    "Winter Bees",
    "Bees sing at dusk. However, their weight is hard to measure. We propose a scale! It is that of which it was.",
)


@pytest.fixture
def states() -> WordStates:
    return WordStates(Counting(), Halves())


@pytest.fixture
def library(tmp_path: Path, states: WordStates) -> Iterator[Library]:
    with Library.open(tmp_path, states.encoder, SentenceWindows(), states=states) as opened:  # type: ignore[arg-type]
        yield opened


def same(one: SentenceVectors | None, other: SentenceVectors) -> None:
    assert one is not None
    assert (one.outline, one.starts) == (other.outline, other.starts)
    np.testing.assert_array_equal(one.words.vectors(), other.words.vectors())
    np.testing.assert_allclose(one.wholes, other.wholes, atol=1e-6)


def stored(library: Library, paper: Paper) -> SentenceVectors | None:
    assert library.states is not None
    return library.states.unpacked(paper, library.records.word_states(paper.id), library.records.vectors_of(paper.id))


def texts(states: WordStates) -> list[str]:
    return states.encoder.texts  # type: ignore[attr-defined, no-any-return]


def test_each_sentence_has_the_words_that_tell_something_and_one_without_has_all(states: WordStates) -> None:
    read = states.read(PAPER)
    assert read.outline.spans == tuple(sentences(PAPER.abstract))
    told = ["Bees sing dusk", "weight hard measure", "propose scale", "It is that of which it was"]
    own = np.split(read.words.vectors(), read.starts[1:])
    for span, words, rows in zip(read.outline.spans, told, own, strict=True):
        assert len(rows) == max(1, len(words.split())), span.of(PAPER.abstract)
    np.testing.assert_allclose(own[2], WordHashEncoder().encode(["propose", "scale"]), atol=1e-3)


@given(
    st.lists(
        st.sampled_from(["Bees sing. ", "It was. ", "?! ", "\n", "Naïve 数 words, e.g. two. ", "x" * 300 + ". "]), max_size=9
    )
)
def test_what_is_stored_is_what_reading_gives(drawn: list[str]) -> None:
    states = WordStates(WordHashEncoder(), Halves())
    paper = Paper("title:x", "A Title", "".join(drawn))
    (packed,) = states.of([paper], wholes=True)
    same(states.unpacked(paper, packed), states.read(paper))


def test_a_paper_that_is_added_is_encoded_once_and_not_again_when_it_is_asked_about(library: Library, states: WordStates) -> None:
    papers = some_papers(5)
    library.add(papers)
    assert texts(states) == [context(part) for paper in papers for part in passages(paper, SentenceWindows())]
    texts(states).clear()
    reader = SentenceRanker(states.encoder, states=library.sentences())
    hits = [Hit(Passage("none", paper, Span(0, 0)), 0.5, "both") for paper in papers]
    assert reader.matches(QueryPlan("sparse kernel", "fact"), hits)
    assert texts(states) == ["sparse kernel"]
    for paper in papers:
        same(stored(library, paper), states.read(paper))


def test_a_changed_paper_has_new_states_and_a_removed_one_none_until_it_is_back(library: Library, states: WordStates) -> None:
    first, second, third = some_papers(3)
    library.add([first, second, third])
    changed = replace(first, abstract="Wholly new words here.")
    library.add([changed])
    same(stored(library, changed), states.read(changed))
    removed = library.take_out([second.id])
    assert library.records.word_states(second.id) is None
    texts(states).clear()
    library.put_back(removed)
    same(stored(library, second), states.read(second))
    library.undo_import()
    same(stored(library, first), states.read(first))
    library.reindex()
    same(stored(library, third), states.read(third))


@pytest.mark.parametrize(
    "packed",
    [PackedWords("another", b""), PackedWords("", b"\1"), PackedWords("", b"\0" * 10), PackedWords("", b"\1\0" * 4 + b"xy")],
)
def test_states_of_another_maker_or_another_text_are_not_used(states: WordStates, packed: PackedWords) -> None:
    assert states.unpacked(PAPER, replace(packed, made_by=packed.made_by or states.name)) is None


def test_missing_states_are_made_in_the_background_until_somebody_stops(library: Library, states: WordStates) -> None:
    papers = some_papers(9)
    library.states = None
    library.add(papers)
    library.states = states
    state, asked = library.records.state, count()
    library.fill_states(lambda: next(asked) == 1)
    assert [stored(library, paper) is not None for paper in papers] == [True] * 4 + [False] * 5
    library.fill_states(lambda: False)
    assert all(stored(library, paper) for paper in papers)
    assert library.records.state == state
    texts(states).clear()
    library.fill_states(lambda: False)
    assert texts(states) == []


def as_before_outlines(states: WordStates, words: PackedWords) -> PackedWords:
    return PackedWords(states._made(VERSION - 1), words.states[4 + int.from_bytes(words.states[:4], "little") :])


@pytest.mark.parametrize("before_outlines", [False, True])
def test_when_the_rules_for_sentences_change_their_words_are_not_encoded_again(
    library: Library, states: WordStates, before_outlines: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = some_papers(6)
    library.add(papers)
    if before_outlines:
        for paper in papers:
            kept = library.records.word_states(paper.id)
            assert kept is not None
            library.records.put_states(paper.id, as_before_outlines(states, kept))
    else:
        monkeypatch.setattr(word_states, "rules", lambda: "others")
    texts(states).clear()
    for paper in papers:
        found = library.records.word_states(paper.id)
        assert found is not None
        assert found.made_by != states.name
        same(stored(library, paper), WordStates(WordHashEncoder(), Halves()).read(paper))
    library.fill_states(lambda: False)
    assert library.records.without_states(states.name, 9) == []
    assert texts(states) == []
    for paper in papers:
        same(stored(library, paper), WordStates(WordHashEncoder(), Halves()).read(paper))


def test_an_outline_is_looked_up_and_not_made_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.add([PAPER])
    monkeypatch.setattr(word_states, "outline", None)
    reader = library.sentences()
    assert reader is not None
    assert [part.role for part in reader.read(PAPER).outline.parts] == ["background", "problem", "approach", "result"]


def test_the_encoder_that_comes_along_needs_few_bytes_a_paper_and_gives_the_same_vectors(tmp_path: Path) -> None:
    encoder = OnnxEncoder()
    states = WordStates(encoder)
    abstract = "Graph networks pass messages between nodes. We measure how far they reach, and find that depth hardly helps. " * 4
    paper = Paper("title:reach", "How far messages reach", abstract)
    with Library.open(tmp_path, encoder, SentenceWindows(), states=states) as library:
        library.add([paper, PAPER])
        kept = library.records.word_states(paper.id)
        ((ids, vectors),) = library.records.vectors()
        own = library.records.vectors_of(paper.id)
        known = {part.id: part for one in (paper, PAPER) for part in passages(one, SentenceWindows())}
        expected = encoder.encode([context(known[id]) for id in ids])
    assert kept is not None
    assert len(kept.states) < 3 * len(abstract)
    assert np.abs((vectors * expected).sum(axis=1) - 1).max() < 0.02
    words = states.unpacked(paper, kept, own)
    exact = WordStates(encoder)
    exact.codec = None
    assert words is not None
    rows = words.words.vectors()
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    assert float((unit * exact.read(paper).words.vectors()).sum(axis=1).mean()) > 0.7
    asked = encoder.encode_words(["How far do the messages of graph networks reach?"])[0].tokens
    np.testing.assert_allclose(words.words.dot(asked), rows @ asked.T, atol=1e-4)
    np.testing.assert_allclose(words.words.take([3, 1]).dot(asked[:2]), rows[[3, 1]] @ asked[:2].T, atol=1e-4)
