"""Hybrid search: a question to the papers that speak of it, by words and by meaning together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.chunk import paper_id_of
from rag.fuse import fuse
from rag.protocols import Encoder, MeaningIndex, WordIndex
from rag.terms import WORD, content_words, fold, words
from rag.types import FoundBy, Hit, Passage

DEPTH = 100
"""Papers asked of each index before fusing."""
PASSAGES_PER_PAPER = 4
"""How many passages an abstract has, generously: so many more must be asked to see enough papers."""


class SpellingIndex(WordIndex, Protocol):
    """Papers by words, which also knows the collection's own spellings."""

    def near(self, word: str) -> str | None: ...


class Passages(Protocol):
    """Where passages are looked up."""

    def passages(self, ids: Sequence[str]) -> list[Passage]: ...

    def first_passages(self, paper_ids: Sequence[str]) -> list[Passage]: ...


class Collection(Protocol):
    """What is searched; its indexes may open when they are first asked for."""

    @property
    def encoder(self) -> Encoder: ...

    @property
    def meaning(self) -> MeaningIndex: ...

    @property
    def words(self) -> SpellingIndex: ...

    @property
    def records(self) -> Passages: ...


@dataclass(frozen=True)
class HybridSearch:
    """Searches one collection."""

    collection: Collection

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        """At most `limit` hits, best first, one a paper; none where the question has no words at all."""
        if not words(question) or limit < 1:
            return []
        by_words = self.by_words(question, max(DEPTH, limit))
        best = self.by_meaning(question, max(DEPTH, limit))
        by_meaning = [(id, score) for id, (_, score) in best.items()]
        ranked = fuse(by_words, by_meaning)[:limit]
        found = {
            passage.paper.id: passage
            for passage in self.collection.records.passages([best[id][0] for id, _ in ranked if id in best])
        }
        missing = [id for id, _ in ranked if id not in found]
        found.update({passage.paper.id: passage for passage in self.collection.records.first_passages(missing)})
        worded = {id for id, score in by_words if score > 0}
        meant = {id for id, score in by_meaning if score > 0}
        return [Hit(found[id], score, _found_by(id in worded, id in meant)) for id, score in ranked if id in found]

    def by_words(self, question: str, limit: int = DEPTH) -> list[tuple[str, float]]:
        """(paper id, BM25 score), best first."""
        terms = content_words(question) or words(question)
        return self.collection.words.best(terms, limit)

    def by_meaning(self, question: str, limit: int = DEPTH) -> dict[str, tuple[str, float]]:
        """Paper id to the id of its best passage and that passage's cosine similarity, best first."""
        vector = self.collection.encoder.encode([question])[0]
        best: dict[str, tuple[str, float]] = {}
        for id, score in self.collection.meaning.nearest(vector, limit * PASSAGES_PER_PAPER):
            best.setdefault(paper_id_of(id), (id, score))
        return best

    def holds(self, word: str) -> bool:
        """Whether any paper has the word, in any inflection."""
        return self.collection.words.document_frequency(word) > 0

    def corrected(self, question: str) -> str:
        """The question with each word that the collection does not hold replaced by its nearest spelling there, if there is one."""
        swaps = {
            word: near
            for word in content_words(question)
            if (near := self.collection.words.near(word)) is not None and near != word
        }
        return _swapped(question, swaps) if swaps else question


def _swapped(text: str, swaps: dict[str, str]) -> str:
    return WORD.sub(lambda found: swaps.get(fold(found.group()), found.group()), text)


def _found_by(by_words: bool, by_meaning: bool) -> FoundBy:
    return "both" if by_words and by_meaning else "words" if by_words else "meaning"
