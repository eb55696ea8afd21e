"""The claims that a reader is measured on: the reading set's and public ones."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from pathlib import Path

from eval.training.reader.claims import public_claims, read_corpus
from eval.training.reader.passages import split_sentences
from eval.training.reader.reading_set import Paper

Case = tuple[str, list[str], str]
"""A claim, its evidence sentences and their paper's title."""


def own_cases(papers: Iterable[Paper]) -> tuple[list[Case], list[bool]]:
    """The reading set's claims with the sentences that they are compared with."""
    cases, labels = [], []
    for paper in papers:
        for row in paper.claims:
            evidence = [paper.sentences[i] for i in row["sentences"]]
            cases.append((row["claim"], evidence, paper.title))
            labels.append(row["verdict"] == "supported")
    return cases, labels


def scifact_cases(folder: Path, name: str, keep: Callable[[int], bool]) -> tuple[list[Case], list[bool], list[set[int]]]:
    """Claims of SciFact with whole abstracts: cases, whether supported, rationale sentences."""
    corpus = read_corpus(folder / "corpus.jsonl")
    cases, labels, gold = [], [], []
    for line in (folder / name).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not keep(row["id"]):
            continue
        for number in sorted({*row["evidence"], *map(str, row["cited_doc_ids"])}):
            title, sentences = corpus[number]
            sets = row["evidence"].get(number, [])
            cases.append((row["claim"], sentences, title))
            labels.append(bool(sets) and sets[0]["label"] == "SUPPORT")
            gold.append({i for part in sets for i in part["sentences"]})
    return cases, labels, gold


def public_cases(path: Path, count: int) -> tuple[list[Case], list[bool]]:
    """Held-out public training pairs with several evidence sentences."""
    found = [c for c in public_claims(path, True) if len(c.evidence) > 3 and c.source != "attrib"]
    random.Random(5).shuffle(found)
    chosen = found[:count]
    return [(c.text, c.evidence, "") for c in chosen], [c.target[0] == 1.0 for c in chosen]


def wice_cases(path: Path) -> tuple[list[Case], list[bool]]:
    """WiCE's dev claims: supported against partly and not."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(r["claim"], r["evidence"], "") for r in rows], [r["label"] == "supported" for r in rows]


def summary_cases(path: Path) -> tuple[list[Case], list[bool]]:
    """SummEdits' news summaries, sentence by sentence where there are several."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    cases = [(r["claim"], split_sentences(r["evidence"]), "") for r in rows]
    return cases, [bool(int(r["supported"])) for r in rows]
