"""Questions for papers, with abstracts that belong to the answer and such that do not."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from eval.training.material import rows_of
from eval.training.reader.passages import Passage, split_sentences


@dataclass
class Listing:
    """A question for papers, with abstracts that belong to its answer and such that do not."""

    question: str
    belong: list[Passage]
    absent: list[Passage]


def read_listings(questions: Path, papers: Path) -> list[list[Listing]]:
    """Questions for papers (``lists.jsonl``) over the papers of a second file, those over the same papers together.

    What only touches a question (grade 1) is left out.
    """
    texts = {}
    for row in rows_of(papers):
        texts[row["id"]] = Passage(row["title"], row.get("sentences") or split_sentences(row["abstract"]))
    found: dict[str, list[Listing]] = defaultdict(list)
    for row in rows_of(questions):
        graded = {id: row["grades"].get(id, 0) for id in row["papers"]}
        belong, absent = ([texts[id] for id, grade in graded.items() if grade == wanted] for wanted in (2, 0))
        found[min(row["papers"])].append(Listing(row["question"], belong, absent))
    return list(found.values())


def draw_listing(listing: Listing, draw: random.Random) -> list[tuple[str, Passage, float]]:
    """(question, abstract, whether it belongs) of an abstract that belongs, if there is one, and two that do not."""
    rows = [(listing.question, passage, 1.0) for passage in draw.sample(listing.belong, min(1, len(listing.belong)))]
    return rows + [(listing.question, passage, 0.0) for passage in draw.sample(listing.absent, min(2, len(listing.absent)))]
