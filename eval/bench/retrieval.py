"""Measures search on the SciFact test claims through the product's own library and search."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.scores.ranking import ndcg, recall
from eval.stats.bootstrap import Interval, mean_interval
from rag.build import open_library
from rag.errors import ImportFailed, LibraryMismatch
from rag.library.library import Library
from rag.retrieval.hybrid import HybridSearch
from rag.settings import own_library
from rag.types import Paper, Progress

Run = dict[str, list[tuple[str, float]]]
"""Claim id to (paper id, score), best first."""

DEPTH = 100
WAYS = ("words", "meaning", "both")


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What one way of searching reaches: nDCG of the first ten, recall of the first hundred, each a mean over the claims."""

    way: str
    ndcg_10: Interval
    recall_100: Interval


def measure_scifact(folder: Path, home: Path, progress: Progress | None = None) -> list[Retrieved]:
    """Words only, meaning only, both. `folder` holds the data (`corpus.jsonl`, `queries.jsonl`, `qrels/test.tsv`), `home` the library.

    A library that is there already is used again: only what changed is encoded. Raises ImportFailed if the data cannot be read.
    """
    papers, judged = corpus(folder), judgements(folder)
    claims = {id: text for id, text in queries(folder) if id in judged}
    with open_library(home, settings=own_library(home, bundled=False), allow_mismatch=True, progress=progress) as chat:
        _fill(chat.library, papers, progress)
        return [_scored(way, _run(chat.assistant.search, way, claims), judged) for way in WAYS]


def corpus(folder: Path) -> list[Paper]:
    """The abstracts, their sentences joined by a space."""
    return [
        Paper(
            str(record["doc_id"]),
            record["title"],
            " ".join(sentence.strip() for sentence in record["abstract"]),
            source="SciFact",
        )
        for record in _records(folder / "corpus.jsonl", ("doc_id", "title", "abstract"))
    ]


def queries(folder: Path) -> Iterator[tuple[str, str]]:
    for record in _records(folder / "queries.jsonl", ("_id", "text")):
        yield str(record["_id"]), record["text"]


def judgements(folder: Path) -> dict[str, dict[str, int]]:
    """Claim id to paper id to relevance, of the test claims."""
    found: dict[str, dict[str, int]] = {}
    path = folder / "qrels" / "test.tsv"
    for line in _lines(path)[1:]:
        try:
            claim, paper, relevance = line.split("\t")
            found.setdefault(claim, {})[paper] = int(relevance)
        except ValueError:
            raise ImportFailed(
                f"{path} has a line that is not claim, paper and relevance with tabs between: {line[:80]!r}."
            ) from None
    return found


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise ImportFailed(f"{path} cannot be read ({error}): give the folder of SciFact's files.") from error


def _records(path: Path, fields: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_lines(path), 1):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise ImportFailed(f"{path}:{number} is not JSON ({error}).") from None
        if not isinstance(record, dict) or any(field not in record for field in fields):
            raise ImportFailed(f"{path}:{number} lacks one of {', '.join(fields)}.")
        yield record


def _fill(library: Library, papers: list[Paper], progress: Progress | None) -> None:
    try:
        library.add(papers, progress)
    except LibraryMismatch:
        library.reindex(progress)
        library.add(papers, progress)


def _run(search: HybridSearch, way: str, claims: Mapping[str, str]) -> Run:
    return {id: _ranked(search, way, claim) for id, claim in claims.items()}


def _ranked(search: HybridSearch, way: str, claim: str) -> list[tuple[str, float]]:
    if way == "words":
        return search.by_words(claim, DEPTH)
    if way == "meaning":
        return [(id, score) for id, (_, score) in search.by_meaning(claim, DEPTH).items()][:DEPTH]
    return [(hit.paper.id, hit.score) for hit in search.search(claim, DEPTH)]


def _scored(way: str, run: Run, judged: Mapping[str, Mapping[str, int]]) -> Retrieved:
    by_rank, by_share = per_claim(run, judged)
    return Retrieved(way, _interval(by_rank), _interval(by_share))


def _interval(by_claim: Mapping[str, float]) -> Interval:
    interval = mean_interval(list(by_claim.values()), list(by_claim))
    if interval is None:
        raise ImportFailed("No claim has a judgement: the files do not belong together.")
    return interval


def per_claim(run: Run, judged: Mapping[str, Mapping[str, int]]) -> tuple[dict[str, float], dict[str, float]]:
    """nDCG@10 and R@100 by claim; a claim that found nothing has 0. Judgements are yes (1) or no (0)."""
    gold = {claim: {paper for paper, relevant in papers.items() if relevant > 0} for claim, papers in sorted(judged.items())}
    ranked = {claim: [paper for paper, _ in run.get(claim, ())] for claim in gold}
    found = {claim: wanted for claim, wanted in gold.items() if wanted}
    return (
        {claim: ndcg(wanted, ranked[claim], 10) for claim, wanted in found.items()},
        {claim: recall(wanted, ranked[claim], DEPTH) for claim, wanted in found.items()},
    )
