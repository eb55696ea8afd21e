"""The papers that do not deal with something: the rest of a collection, or of what the question limits it to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rag import prompts
from rag.citations import Block, heading
from rag.query.catalogue import Catalogue, Limits
from rag.query.list_parts import BEGINNING, ListPart
from rag.query.metadata_answers import telling_sentence
from rag.types import Paper


@dataclass(frozen=True, slots=True)
class Rest:
    """Those of the papers that do not deal with a topic that are told, how many there are of how many, whether all were looked at that may deal with it,
    and how many are left behind those told."""

    papers: tuple[Paper, ...]
    count: int
    everything: int
    whole: bool
    left: int = 0

    def blocks(self, topic: str, language: str) -> tuple[Block, ...]:
        """How many they are, each of those told with what it does, and how many are left out."""
        head = Block(plain=prompts.rest(self.count, self.everything, topic, self.whole, language))
        more = (Block(plain=prompts.more(self.left, language)),) if self.left and self.whole else ()
        return (head, *map(_item, self.papers), *more)


def rest(catalogue: Catalogue, limits: Limits | None, dealing: Collection[str], whole: bool, part: ListPart = BEGINNING) -> Rest:
    """The papers within the limits besides those, all within the limits, that deal with the topic."""
    everything = catalogue.count(limits)
    others = [paper for paper in catalogue.select(limits, part.end + len(dealing)) if paper.id not in dealing]
    count = everything - len(dealing)
    return Rest(tuple(part.of(others)), count, everything, whole, part.left(count))


def _item(paper: Paper) -> Block:
    sentence = telling_sentence(paper)
    return Block((sentence,), heading(paper), item=True) if sentence else Block(plain=heading(paper), item=True)
