"""What each stage of search brings for a question, by itself: the papers, and of their sentences those that the evidence reader puts first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from eval.cases.reading import Case
from eval.scores import metrics
from eval.scores.ranking import DEPTH, STAGES, ranking_scores
from eval.types import Score
from rag.paperchat import Paperchat
from rag.query.question import understand
from rag.retrieval.sentence_ranker import HIT_SHARE, Match, SentenceRanker
from rag.types import Citation, Evidence, Hit

READ = 5
"""Papers of each stage whose sentences are ranked."""


@dataclass(frozen=True, slots=True)
class Found:
    """By stage (`words`, `meaning`, `both`): the papers and the sentences, best first."""

    papers: Mapping[str, tuple[str, ...]]
    sentences: Mapping[str, tuple[Evidence, ...]]


class Stages:
    """Searches one library by words alone, by meaning alone and by both; sentences are ranked within the papers that a stage brings."""

    def __init__(self, chat: Paperchat, shared: bool = True) -> None:
        """With `shared`, papers that an answer was read from are not read again; not for a library that other threads ask in the meantime."""
        self._search = chat.assistant.search
        self._passages = chat.library.records
        self._ranker = (
            chat.assistant.writer.ranker if shared else SentenceRanker(chat.word_encoder, states=chat.library.sentences())
        )

    def find(self, question: str) -> Found:
        asked = understand(self._search.corrected(question))
        if asked.is_empty:
            return Found(dict.fromkeys(STAGES, ()), dict.fromkeys(STAGES, ()))
        hits = {stage: self._hits(stage, asked.text) for stage in STAGES}
        read = {hit.paper.id: replace(hit, score=0.0) for own in hits.values() for hit in own[:READ]}
        matches = self._ranker.matches(asked, read.values())
        return Found(
            {stage: tuple(hit.paper.id for hit in own) for stage, own in hits.items()},
            {stage: _ranked(matches, own[:READ]) for stage, own in hits.items()},
        )

    def _hits(self, stage: str, question: str) -> list[Hit]:
        if stage == "both":
            return self._search.search(question, DEPTH)
        if stage == "words":
            ranked = self._search.by_words(question, DEPTH)
        else:
            ranked = [(id, score) for id, (_, score) in self._search.by_meaning(question, DEPTH).items()][:DEPTH]
        passages = {passage.paper.id: passage for passage in self._passages.first_passages([id for id, _ in ranked])}
        best = max((score for _, score in ranked), default=0.0)
        shares = [(id, score / best if best > 0 else 0.0) for id, score in ranked]
        return [Hit(passages[id], share, "words" if stage == "words" else "meaning") for id, share in shares if id in passages]


def _ranked(matches: Sequence[Match], hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """The sentences of these hits, best first, each helped by its paper's own rank as in the product."""
    shares = {hit.paper.id: hit.score for hit in hits}
    own = [match for match in matches if match.evidence.paper.id in shares]
    scores = {id(match): match.score + HIT_SHARE * shares[match.evidence.paper.id] for match in own}
    ranked = sorted(own, key=lambda match: (-scores[id(match)], match.evidence.paper.id, match.position))
    return tuple(match.evidence for match in ranked[: 2 * DEPTH])


def stage_scores(case: Case, found: Found) -> list[Score]:
    """How well each stage finds the gold papers and the gold sentences; a question about the collection is not searched for."""
    if case.kind == "collection":
        return []
    gold = [f"gold {place}" for place in range(len(case.sentences))]
    scores: list[Score] = []
    for stage in STAGES:
        scores += ranking_scores("papers", stage, case.papers, found.papers[stage])
    for stage in STAGES:
        scores += ranking_scores("sentences", stage, gold, _as_gold(case, found.sentences[stage]))
    return scores


def _as_gold(case: Case, sentences: Sequence[Evidence]) -> list[str]:
    """The ranking, in which a sentence has the name of the gold one that it is; each gold one counts once, at its first place."""
    names = []
    for place, sentence in enumerate(sentences):
        gold = metrics.gold_place(case, Citation(0, sentence.paper, sentence.span))
        names.append(f"other {place}" if gold is None else f"gold {gold}")
    return list(dict.fromkeys(names))
