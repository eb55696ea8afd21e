"""Hybrid search: a question to the papers that speak of it, by words and by meaning together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rag.errors import ModelFailed
from rag.library.chunking import paper_id_of
from rag.protocols import Encoder, MeaningIndex, WordIndex
from rag.query.correction import cognate, corrected
from rag.retrieval.fusion import WORDS_SHARE, fuse
from rag.text.variants import spellings
from rag.text.words import content_words, fold, joined, words
from rag.types import FoundBy, Hit, Passage

if TYPE_CHECKING:
    from rag.protocols import Vectors

DEPTH = 100
"""Papers asked of each index before fusing."""
PASSAGES_PER_PAPER = 4
"""How many passages an abstract has, generously: so many more must be asked to see enough papers."""


class SpellingIndex(WordIndex, Protocol):
    """Papers by words, which also knows the collection's own spellings."""

    def near(self, word: str) -> str | None: ...


class Passages(Protocol):
    """Where passages and their vectors are looked up."""

    def vectors(self, ids: Sequence[str] | None = None) -> Iterator[tuple[list[str], Vectors]]: ...

    def passages_of(self, paper_ids: Sequence[str]) -> dict[str, list[Passage]]: ...

    def passages(self, ids: Sequence[str]) -> list[Passage]: ...

    def first_passages(self, paper_ids: Sequence[str]) -> list[Passage]: ...


class Searchable(Protocol):
    """What is searched; its indexes may open when they are first asked for."""

    @property
    def encoder(self) -> Encoder: ...

    @property
    def notices(self) -> list[str]: ...

    @property
    def meaning(self) -> MeaningIndex: ...

    @property
    def words(self) -> SpellingIndex: ...

    @property
    def records(self) -> Passages: ...


@dataclass(frozen=True)
class HybridSearch:
    """Searches one collection, or of it the papers in `scope`."""

    collection: Searchable
    scope: Collection[str] | None = None

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        """At most `limit` hits, best first, one a paper; none if the question has no words at all."""
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

    def worded(self, text: str, limit: int) -> list[Hit]:
        """At most `limit` papers that have any of the words, those that have most of them first; as near as their words make them."""
        ranked = self.by_words(text, limit)
        found = {passage.paper.id: passage for passage in self.collection.records.first_passages([id for id, _ in ranked])}
        return [Hit(found[id], WORDS_SHARE * score / ranked[0][1], "words") for id, score in ranked if id in found and score > 0]

    def by_words(self, question: str, limit: int = DEPTH) -> list[tuple[str, float]]:
        """(paper id, BM25 score), best first."""
        terms = [*content_words(question), *joined(question)] or words(question)
        spelled = [spelling for term in terms for spelling in spellings(term) if spelling == term or self._stands(spelling)]
        return self.collection.words.best(spelled, limit, self.scope)

    def by_meaning(self, question: str, limit: int = DEPTH) -> dict[str, tuple[str, float]]:
        """Paper id to the id of its best passage and that passage's cosine similarity, best first."""
        vector = self._vector(question)
        if vector is None:
            return {}
        most = limit * PASSAGES_PER_PAPER
        near = (
            self.collection.meaning.nearest(vector, most)
            if self.scope is None
            else self._nearest_within(self.scope, vector)[:most]
        )
        best: dict[str, tuple[str, float]] = {}
        for id, score in near:
            best.setdefault(paper_id_of(id), (id, score))
        return best

    def _vector(self, question: str) -> Vectors | None:
        """None if a server encodes and fails: search by words goes on alone, and the notices say so."""
        try:
            vector: Vectors = self.collection.encoder.encode([question])[0]
        except ModelFailed as error:
            notice = f"Searched by words alone. {error}"
            if notice not in self.collection.notices:
                self.collection.notices.append(notice)
            return None
        return vector

    def _nearest_within(self, scope: Collection[str], vector: Vectors) -> list[tuple[str, float]]:
        """The same as the index gives, over the papers in scope alone: their vectors are read and compared with the question's."""
        passages = self.collection.records.passages_of(sorted(scope))
        ids = [passage.id for own in passages.values() for passage in own]
        found = [
            (id, round(float(score), 6))
            for page, matrix in self.collection.records.vectors(ids)
            for id, score in zip(page, matrix @ vector, strict=True)
        ]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def holds(self, word: str) -> bool:
        """Whether any paper has the word, in any inflection, and in British or American spelling."""
        if self.scope is None:
            return any(map(self._stands, spellings(fold(word))))
        return bool(self.collection.words.best(spellings(fold(word)), 1, self.scope))

    def _stands(self, word: str) -> bool:
        """Whether a paper of the whole collection has the word, spelled like this."""
        return self.collection.words.document_frequency(word) > 0

    def cognate(self, word: str) -> str | None:
        """The word of the whole collection that one of another language resembles."""
        return cognate(word, self.collection.words.near)

    def corrected(self, question: str, is_name: Callable[[str], bool] = lambda word: False) -> str:
        """The question with typing errors corrected, by the words of the whole collection and of English; `is_name` knows further words."""
        words = self.collection.words
        return corrected(question, words.near, lambda word: words.document_frequency(word) > 0 or is_name(word))


def _found_by(by_words: bool, by_meaning: bool) -> FoundBy:
    return "both" if by_words and by_meaning else "words" if by_words else "meaning"
