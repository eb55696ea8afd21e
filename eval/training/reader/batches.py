"""Draws what the reader learns from in each step."""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tokenizers import Tokenizer

from eval.training.material import MATERIAL
from eval.training.reader.claims import Claim, Claims, own_claims, premise_claims, public_claims, scifact_claims, whether_claims
from eval.training.reader.listings import draw_listing, read_listings
from eval.training.reader.model import Row, pair_rows, passage_rows
from eval.training.reader.passages import Passage
from eval.training.reader.questions import Group, Questions
from eval.training.reader.reading_set import read_papers, split_papers

T = TypeVar("T")
HARD_AGAIN = 3
"""How many times more the yes/no questions are drawn that words such as `without` mislead. Chosen."""


@dataclass
class Batch:
    """Questions, of which the first are `twins` contrast pairs; claims with their evidence as text; questions for papers with one abstract each."""

    groups: list[Group]
    twins: int
    claims: list[tuple[str, str, Claim]]
    listed: list[tuple[str, Passage, float]]

    def rows(self, tokenizer: Tokenizer) -> list[Row]:
        """What the model reads: the questions, then those for papers, then the claims."""
        asked = [(group.question, passage) for group in self.groups for passage in group.passages]
        asked += [(question, passage) for question, passage, _ in self.listed]
        rows = [row for question, p in asked for row in passage_rows(tokenizer, question, p.title, p.sentences)]
        return rows + pair_rows(tokenizer, [(claim, evidence) for claim, evidence, _ in self.claims])


class Batches:
    """Draws batches from all material, a share of the questions from the newest; of `ranks` processes each has its own part of the questions."""

    def __init__(self, data: Path, seed: int, rank: int, ranks: int, newest_share: float) -> None:
        self._draw = random.Random(seed)
        papers, _ = split_papers(read_papers(data / "reading" / "train.jsonl"))
        papers += read_papers(
            MATERIAL / "reading.jsonl.gz",
            MATERIAL / "reading_more.jsonl.gz",
            MATERIAL / "claims.jsonl.gz",
            MATERIAL / "denials.jsonl.gz",
            MATERIAL / "stances.jsonl.gz",
            MATERIAL / "stances_more.jsonl.gz",
            MATERIAL / "lay.jsonl.gz",
        )
        conditions = read_papers(MATERIAL / "conditions.jsonl.gz")
        newest = read_papers(MATERIAL / "lay_more.jsonl.gz", MATERIAL / "fields.jsonl.gz") + conditions
        first = len(papers)
        papers += newest
        self._questions = questions = Questions(papers)
        self._claims = Claims(
            own_claims(papers[:first])
            + own_claims(newest, "everyday")
            + own_claims(read_papers(MATERIAL / "general.jsonl.gz"), "general")
            + own_claims(read_papers(MATERIAL / "findings.jsonl.gz"), "findings")
            + whether_claims(papers, MATERIAL / "whether.jsonl.gz")
            + HARD_AGAIN * whether_claims(conditions, MATERIAL / "whether.jsonl.gz")
            + premise_claims(papers)
            + scifact_claims(data / "scifact", False)
            + public_claims(data / "grounding" / "train.jsonl.gz", False),
            seed,
        )
        shared = read_listings(data / "reading" / "lists.jsonl", data / "reading" / "lists_papers.jsonl")[::2]
        shared += read_listings(MATERIAL / "lists.jsonl.gz", MATERIAL / "lists_papers.jsonl.gz")
        more = read_listings(MATERIAL / "lists_more.jsonl.gz", MATERIAL / "lists_more_papers.jsonl.gz")
        kinds = (questions.twins, questions.items, questions.lonely)
        self._twins, self._items, self._lonely = (
            mixed([p for p in own if p[0] < first], [p for p in own if p[0] >= first], newest_share, self._draw)
            for own in (places[rank::ranks] for places in kinds)
        )
        older, newer = ([listing for own in groups for listing in own][rank::ranks] for groups in (shared, more))
        self._listings = mixed(older, newer, newest_share, self._draw)
        sizes = (len(questions.twins), len(questions.items), len(questions.lonely))
        print("pairs, answerable, unanswerable kept:", *sizes, flush=True)
        print("claims:", {k: len(v) for k, v in self._claims.sources.items()}, flush=True)

    def seed(self, seed: int) -> None:
        """What is drawn from now on depends on the seed alone."""
        self._draw.seed(seed)
        self._claims.draw.seed(seed)

    def take(self, args: argparse.Namespace) -> Batch:
        """A batch with as much of each kind as the arguments say."""
        draw, questions = self._draw, self._questions
        groups: list[Group] = []
        for _ in range(args.twins):
            groups += questions.twin(next(self._twins), draw)
        groups += [questions.item(next(self._items), draw) for _ in range(args.items)]
        groups += [questions.elsewhere(next(self._items), draw) for _ in range(args.elsewhere)]
        groups += [questions.alone(next(self._lonely), draw) for _ in range(args.lonely)]
        claims = self._claims.take(
            {
                "own": args.claim_papers,
                "general": args.general,
                "everyday": args.everyday,
                "findings": args.findings,
                "whether": args.whether,
                "premise": args.premises,
                "asked": args.asked,
            },
            args.claims,
        )
        listed = [one for _ in range(args.listings) for one in draw_listing(next(self._listings), draw)]
        return Batch(groups, args.twins, claims, listed)


def mixed(older: Sequence[T], newest: Sequence[T], share: float, draw: random.Random) -> Iterator[T]:
    """From the newest with that chance, else from the older; each reshuffled when it is used up."""
    kinds = rounds(older, draw), rounds(newest, draw)
    while True:
        yield next(kinds[draw.random() < share])


def rounds(items: Sequence[T], draw: random.Random) -> Iterator[T]:
    """The items forever, reshuffled each round."""
    while True:
        order = list(items)
        draw.shuffle(order)
        yield from order
