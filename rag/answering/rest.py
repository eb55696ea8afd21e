"""The papers that do not deal with something: the rest of a collection, or of what the question limits it to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rag import prompts
from rag.answering.quotes import LIST_PAPERS
from rag.citations import Block, heading
from rag.query.catalogue import Catalogue, Limits
from rag.query.metadata_answers import telling_sentence
from rag.types import Paper


@dataclass(frozen=True, slots=True)
class Rest:
    """The first papers that do not deal with a topic, how many there are of how many, and whether all were looked at that may deal with it."""

    papers: tuple[Paper, ...]
    count: int
    everything: int
    whole: bool

    def blocks(self, topic: str, language: str) -> tuple[Block, ...]:
        """How many they are, each of the first ones with what it does, and how many are left out."""
        head = Block(plain=prompts.rest(self.count, self.everything, topic, self.whole, language))
        left = self.count - len(self.papers)
        more = (Block(plain=prompts.more(left, language)),) if left > 0 and self.whole else ()
        return (head, *map(_item, self.papers), *more)


def rest(catalogue: Catalogue, limits: Limits | None, dealing: Collection[str], whole: bool) -> Rest:
    """The papers within the limits besides those, all within the limits, that deal with the topic."""
    everything = catalogue.count(limits)
    first = [paper for paper in catalogue.select(limits, LIST_PAPERS + len(dealing)) if paper.id not in dealing]
    return Rest(tuple(first[:LIST_PAPERS]), everything - len(dealing), everything, whole)


def _item(paper: Paper) -> Block:
    sentence = telling_sentence(paper)
    return Block((sentence,), heading(paper), item=True) if sentence else Block(plain=heading(paper), item=True)
