"""Questions to learn from: each with the abstract it was written for and, at times, a near one of another paper."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from eval.training.reader.negatives import HardNegatives
from eval.training.reader.passages import Passage
from eval.training.reader.reading_set import Paper
from eval.training.reader.style import QuestionOnly


@dataclass
class Group:
    """One question and the passages that are read for it.

    ``gold`` and ``aside`` number their sentences through all passages; gold may
    be empty, and what stands ``aside`` counts neither as right nor as wrong.
    """

    question: str
    passages: list[Passage]
    gold: list[int]
    aside: list[int] = field(default_factory=list)
    weight: float = 1.0

    @property
    def sentences(self) -> int:
        """How many there are in all passages."""
        return sum(len(passage.sentences) for passage in self.passages)


class Questions:
    """Draws groups from the reading set, the hard negatives found once at the start."""

    def __init__(self, papers: Sequence[Paper], near: int = 4) -> None:
        self.papers = list(papers)
        self.index = HardNegatives(self.papers)
        self.near = near
        self._cache: dict[str, list[int]] = {}
        self.twins = [(p, n) for p, paper in enumerate(papers) for n in range(len(paper.pairs))]
        self.items = [(p, n) for p, paper in enumerate(papers) for n in range(len(paper.answerable))]
        self.style: dict[str, float] = {}
        halves = (self.papers[::2], self.papers[1::2])
        for fit, use in (halves, halves[::-1]):
            blind = QuestionOnly()
            blind.fit(
                (item["question"], label)
                for paper in fit
                for label, items in ((0, paper.answerable), (1, paper.unanswerable))
                for item in items
            )
            for paper in use:
                for item in paper.unanswerable:
                    self.style[item["question"]] = blind(item["question"])
        self.lonely = [
            (p, n)
            for p, paper in enumerate(papers)
            for n, item in enumerate(paper.unanswerable)
            if self.style[item["question"]] < 0.6
        ]

    def others(self, question: str, own: int) -> list[int]:
        """Near papers, remembered."""
        if question not in self._cache:
            self._cache[question] = [paper for paper, _ in self.index.best(question, own, self.near)]
        return self._cache[question]

    def group(
        self,
        own: int,
        question: str,
        gold: Sequence[int],
        aside: Sequence[int],
        near: float,
        draw: random.Random,
        weight: float = 1.0,
        without: Sequence[int] = (),
    ) -> Group:
        """A group of the paper's abstract, some sentences left out, and with chance ``near`` of another paper's."""
        paper = self.papers[own]
        rows = [i for i in range(len(paper.sentences)) if i not in without]
        passages = [Passage(paper.title, [paper.sentences[i] for i in rows])]
        others = self.others(question, own)
        if others and draw.random() < near:
            other = self.papers[draw.choice(others)]
            passages.append(Passage(other.title, other.sentences))
        own_gold, own_aside = ([rows.index(i) for i in places if i in rows] for places in (gold, aside))
        return Group(question, passages, own_gold, own_aside, weight)

    def twin(self, place: tuple[int, int], draw: random.Random) -> tuple[Group, Group]:
        """Both questions of a contrast pair over the same abstract."""
        own, n = place
        pair = self.papers[own].pairs[n]
        yes = self.group(own, pair["answerable"], pair["sentences"], (), 0.2, draw)
        no = self.group(own, pair["unanswerable"], (), (), 0.2, draw)
        return yes, no

    def item(self, place: tuple[int, int], draw: random.Random, removed: float = 0.15) -> Group:
        """An answerable question, now and then with its answer taken out of the abstract."""
        own, n = place
        item = self.papers[own].answerable[n]
        gold, also = item["sentences"], item["also"]
        left = len(self.papers[own].sentences) - len({*gold, *also})
        if left > 1 and draw.random() < removed:
            return self.group(own, item["question"], (), (), 0.5, draw, without=[*gold, *also])
        return self.group(own, item["question"], gold, [i for i in also if i not in gold], 0.5, draw)

    def elsewhere(self, place: tuple[int, int], draw: random.Random) -> Group:
        """An answerable question over a near abstract of another paper, which says nothing of it, at small weight: it may say something all the same."""
        own, n = place
        question = self.papers[own].answerable[n]["question"]
        other = self.papers[draw.choice(self.others(question, own) or [(own + 1) % len(self.papers)])]
        return Group(question, [Passage(other.title, other.sentences)], [], weight=0.5)

    def alone(self, place: tuple[int, int], draw: random.Random) -> Group:
        """An unanswerable question whose style does not give it away, at small weight."""
        own, n = place
        item = self.papers[own].unanswerable[n]
        return self.group(own, item["question"], (), (), 0.3, draw, weight=0.5)
