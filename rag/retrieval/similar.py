"""Papers near a paper, by the vectors of its own passages: nothing is encoded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rag.library.chunking import paper_id_of
from rag.retrieval.hybrid import PASSAGES_PER_PAPER, Searchable
from rag.types import Hit

if TYPE_CHECKING:
    from rag.protocols import Vectors

WIDER = 3
"""Candidates for each paper wanted: the index ranks single passages, the result ranks whole papers."""


def similar(collection: Searchable, paper_id: str, limit: int = 5) -> list[Hit]:
    """At most `limit` other papers, nearest first; the score is the cosine between the two papers' mean vectors, 0 where negative.

    Each comes with its passage nearest to the paper. An unknown paper has none.
    """
    own = [passage.id for passage in collection.records.passages_of([paper_id]).get(paper_id, [])]
    centre = _mean(_vectors(collection, own))
    if centre is None or limit < 1:
        return []
    near = collection.meaning.nearest(centre, len(own) + limit * WIDER * PASSAGES_PER_PAPER)
    best: dict[str, str] = {}
    for passage_id, _ in near:
        best.setdefault(paper_id_of(passage_id), passage_id)
    best.pop(paper_id, None)
    found = {passage.paper.id: passage for passage in collection.records.passages(list(best.values())[: limit * WIDER])}
    scores = _scores(collection, centre, list(found))
    hits = [Hit(found[id], score, "meaning") for id, score in scores.items()]
    return sorted(hits, key=lambda hit: (-hit.score, hit.paper.id))[:limit]


def _scores(collection: Searchable, centre: Vectors, paper_ids: Sequence[str]) -> dict[str, float]:
    passages = collection.records.passages_of(paper_ids)
    vectors = _vectors(collection, [passage.id for own in passages.values() for passage in own])
    scores = {}
    for id, own in passages.items():
        mean = _mean({passage.id: vectors[passage.id] for passage in own if passage.id in vectors})
        scores[id] = 0.0 if mean is None else min(1.0, max(0.0, round(float(mean @ centre), 6)))
    return scores


def _vectors(collection: Searchable, ids: Sequence[str]) -> dict[str, Vectors]:
    return {id: row for page, rows in collection.records.vectors(ids) for id, row in zip(page, rows, strict=True)}


def _mean(vectors: Mapping[str, Vectors]) -> Vectors | None:
    """The mean, of unit length; None of no vectors or where they cancel out."""
    import numpy as np

    if not vectors:
        return None
    mean: Vectors = np.mean([vectors[id] for id in sorted(vectors)], axis=0, dtype=np.float64)
    length = float(np.linalg.norm(mean))
    return None if length == 0.0 else (mean / length).astype(np.float32)
