"""Hybrid search over a collection small enough to be scored by hand: who is found, how, in what order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rag.library.chunking import SentenceWindows, context, passages
from rag.library.library import Library
from rag.retrieval.hybrid import DEPTH, HybridSearch
from rag.text.words import words
from rag.types import Paper, Passage

PAPERS = [
    Paper(id="title:bees", title="Bees", abstract="Bees weigh little. Bees fly at dusk. Bees sleep in winter. Bees sing."),
    Paper(id="title:ink", title="Ink", abstract="Ink fades on maps. Ink is wet."),
    Paper(id="title:sand", title="Sand", abstract="Sand hums in rivers."),
    Paper(id="title:void", title="Void", abstract=""),
]


class Words:
    """Counts how many of the asked words stand in a paper."""

    def __init__(self, papers: Sequence[Paper], spellings: dict[str, str] | None = None) -> None:
        self.texts = {paper.id: words(f"{paper.title} {paper.abstract}") for paper in papers}
        self.spellings = spellings or {}
        self.asked: list[tuple[list[str], int]] = []

    def best(self, words: Sequence[str], limit: int, within: Collection[str] | None = None) -> list[tuple[str, float]]:
        self.asked.append((list(words), limit))
        inside = {id: text for id, text in self.texts.items() if within is None or id in within}
        scores = [(id, float(sum(word in text for word in words))) for id, text in inside.items()]
        return sorted([one for one in scores if one[1] > 0], key=lambda one: (-one[1], one[0]))[:limit]

    def document_count(self) -> int:
        return len(self.texts)

    def document_frequency(self, word: str) -> int:
        return sum(word in text for text in self.texts.values())

    def near(self, word: str) -> str | None:
        return self.spellings.get(word)


class Meaning:
    """Goes through all passages."""

    def __init__(self, encoder: WordHashEncoder, held: Sequence[Passage]) -> None:
        self.ids = [passage.id for passage in held]
        self.vectors = encoder.encode([context(passage) for passage in held])

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        scored = zip(self.ids, (self.vectors @ vector).tolist(), strict=True)
        return sorted(scored, key=lambda one: (-one[1], one[0]))[:limit]


class Records:
    def __init__(self, held: Sequence[Passage]) -> None:
        self.held = {passage.id: passage for passage in held}

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        return [self.held[id] for id in ids if id in self.held]

    def first_passages(self, paper_ids: Sequence[str]) -> list[Passage]:
        firsts: dict[str, Passage] = {}
        for passage in self.held.values():
            firsts.setdefault(passage.paper.id, passage)
        return [firsts[id] for id in paper_ids if id in firsts]


class FakeLibrary:
    """A collection in memory."""

    def __init__(self, papers: Sequence[Paper], spellings: dict[str, str] | None = None) -> None:
        held = [passage for paper in papers for passage in passages(paper, SentenceWindows(2, 0))]
        self.encoder = WordHashEncoder(512)
        self.words = Words(papers, spellings)
        self.meaning = Meaning(self.encoder, held)
        self.records = Records(held)


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary(PAPERS)


def ids(library: FakeLibrary, question: str, limit: int = 10) -> list[str]:
    return [hit.paper.id for hit in HybridSearch(library).search(question, limit)]


@pytest.mark.parametrize(
    ("question", "best"), [("Do bees fly at dusk?", "title:bees"), ("wet ink", "title:ink"), ("SAND?", "title:sand")]
)
def test_the_paper_that_speaks_of_it_comes_first(library: FakeLibrary, question: str, best: str) -> None:
    assert ids(library, question)[0] == best


def test_a_hit_is_the_papers_best_passage(library: FakeLibrary) -> None:
    (hit, *_) = HybridSearch(library).search("Which bees sleep in winter?")
    assert hit.passage.text == "Bees sleep in winter. Bees sing."
    (hit, *_) = HybridSearch(library).search("Do bees fly at dusk?")
    assert hit.passage.text == "Bees weigh little. Bees fly at dusk."


def test_every_paper_comes_once_best_first_with_scores_up_to_one(library: FakeLibrary) -> None:
    hits = HybridSearch(library).search("bees and ink and sand in winter")
    assert len({hit.paper.id for hit in hits}) == len(hits) == 3
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[-1] <= scores[0] <= 1


def test_it_is_told_how_a_paper_was_found(library: FakeLibrary) -> None:
    found = {hit.paper.id: hit.found_by for hit in HybridSearch(library).search("winter rivers")}
    assert found["title:bees"] == found["title:sand"] == "both"
    library.words.texts.clear()
    assert {hit.found_by for hit in HybridSearch(library).search("winter rivers")} == {"meaning"}


def test_what_only_words_find_is_shown_by_its_first_passage(library: FakeLibrary) -> None:
    library.meaning.ids, library.meaning.vectors = [], np.empty((0, 512), np.float32)
    (hit,) = HybridSearch(library).search("Which bees sleep in winter?")
    assert (hit.found_by, hit.score) == ("words", 1.0)
    assert hit.passage.text == "Bees weigh little. Bees fly at dusk."


def test_a_paper_without_an_abstract_is_found_by_its_title(library: FakeLibrary) -> None:
    assert "title:void" in ids(library, "void")


def test_vectors_whose_passages_are_gone_are_passed_over(library: FakeLibrary) -> None:
    for id in [id for id, passage in library.records.held.items() if passage.paper.id == "title:bees"]:
        del library.records.held[id]
    assert "title:bees" not in ids(library, "bees ink sand")


@pytest.mark.parametrize("question", ["", "  ", "?!", "🐝"])
def test_a_question_without_words_finds_nothing_and_asks_nobody(library: FakeLibrary, question: str) -> None:
    encoded = library.encoder.encoded
    assert ids(library, question) == []
    assert (library.words.asked, library.encoder.encoded) == ([], encoded)


def test_the_limit_is_kept_and_the_indexes_are_asked_for_more(library: FakeLibrary) -> None:
    assert len(ids(library, "bees ink sand", 2)) == 2
    assert ids(library, "bees ink sand", 2) == ids(library, "bees ink sand")[:2]
    assert ids(library, "bees", 0) == ids(library, "bees", -1) == []
    assert {limit for _, limit in library.words.asked} == {DEPTH}


def test_words_that_say_nothing_are_not_looked_up_unless_there_are_no_others(library: FakeLibrary) -> None:
    search = HybridSearch(library)
    search.search("Which papers are about the ink?")
    search.search("Who is it about?")
    assert [asked for asked, _ in library.words.asked] == [["ink"], ["who", "is", "it", "about"]]


def test_whether_the_collection_holds_a_word(library: FakeLibrary) -> None:
    search = HybridSearch(library)
    assert search.holds("winter")
    assert not search.holds("summer")


@pytest.mark.parametrize(
    ("question", "mended"),
    [
        ("Do beess fly", "Do bees fly"),
        ("Do (Beess) fly", "Do (Bees) fly"),
        ("Do bees fly?", "Do bees fly?"),
        ("beess, beess and inkk", "bees, bees and ink"),
        ("the beess-inkk link", "the bees-ink link"),
        ("", ""),
    ],
)
def test_misspelt_words_are_mended_by_the_collections_own(question: str, mended: str) -> None:
    assert HybridSearch(FakeLibrary(PAPERS, {"beess": "bees", "inkk": "ink"})).corrected(question) == mended


def test_equal_papers_come_in_the_order_of_their_ids() -> None:
    twins = [Paper(id=f"title:{letter}", title="Twins", abstract="Two are alike.") for letter in "cab"]
    assert ids(FakeLibrary(twins), "twins alike") == ["title:a", "title:b", "title:c"]


@given(st.text())
def test_any_question_may_be_asked_and_the_answer_does_not_change(question: str) -> None:
    search = HybridSearch(FakeLibrary(PAPERS))
    assert search.search(question) == search.search(question)
    search.corrected(question)


def test_over_a_library_on_disk_each_paper_is_found_by_a_sentence_of_its_own(tmp_path: Path) -> None:
    papers = some_papers(20)
    with Library.open(tmp_path / "library", WordHashEncoder(256), SentenceWindows()) as library:
        library.add(papers)
        search = HybridSearch(library)
        for paper in papers:
            assert search.search(paper.abstract.split(".")[1])[0].paper == paper


def test_a_scope_gives_the_papers_in_it_alone_in_the_same_order(tmp_path: Path) -> None:
    papers = some_papers(20)
    inside = {paper.id for paper in papers[::3]}
    with Library.open(tmp_path / "library", WordHashEncoder(256), SentenceWindows()) as library:
        library.add(papers)
        everything = HybridSearch(library).search("graph kernels and attention in latent memory", 20)
        within = HybridSearch(library, frozenset(inside)).search("graph kernels and attention in latent memory", 20)
    assert {hit.paper.id for hit in within} == inside & {hit.paper.id for hit in everything}
    assert len(within) > 3


def test_a_scope_of_no_known_paper_finds_nothing(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", WordHashEncoder(256), SentenceWindows()) as library:
        library.add(some_papers(3))
        assert HybridSearch(library, frozenset({"arxiv:9999.00001"})).search("graph kernels") == []
        assert HybridSearch(library, frozenset()).search("graph kernels") == []


def test_a_word_is_found_in_british_and_american_spelling() -> None:
    papers = [
        *PAPERS,
        Paper(id="title:fog", title="Fog", abstract="Errors are minimized in fog."),
        Paper(id="title:dew", title="Dew", abstract="Colour is dim."),
    ]
    library = FakeLibrary(papers)
    search = HybridSearch(library)
    assert search.by_words("minimised")[0][0] == "title:fog"
    assert search.by_words("color")[0][0] == "title:dew"
    assert library.words.asked[-1][0] == ["color", "colour"]
    assert search.holds("minimised")
    assert HybridSearch(library, frozenset(("title:dew",))).holds("Color")
    assert not search.holds("organised")
