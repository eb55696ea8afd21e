"""Hard negatives: sentences of other papers near to a question, by BM25."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from eval.training.reader.passages import words
from eval.training.reader.reading_set import Paper


class HardNegatives:
    """Finds sentences near to a question by weighted word overlap (BM25)."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.place: list[tuple[int, int]] = []
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        texts: list[list[str]] = []
        for number, paper in enumerate(papers):
            for index, sentence in enumerate(paper.sentences):
                self.place.append((number, index))
                texts.append(words(paper.title + " " + sentence))
        mean = sum(map(len, texts)) / max(1, len(texts))
        for row, text in enumerate(texts):
            for word, count in Counter(text).items():
                part = count * 2.2 / (count + 1.2 * (0.25 + 0.75 * len(text) / mean))
                self.postings[word].append((row, part))
        self.total = len(texts)

    def best(self, question: str, own: int, count: int) -> list[tuple[int, int]]:
        """Places (paper, sentence) of other papers than ``own``, one a paper, best first."""
        score: dict[int, float] = defaultdict(float)
        for word in set(words(question)):
            found = self.postings.get(word, [])
            if not found or len(found) > self.total // 12:
                continue
            rarity = math.log(self.total / len(found))
            for row, part in found:
                score[row] += rarity * part
        out: list[tuple[int, int]] = []
        seen = {own}
        for row in sorted(score, key=lambda r: -score[r]):
            paper, sentence = self.place[row]
            if paper not in seen:
                seen.add(paper)
                out.append((paper, sentence))
                if len(out) == count:
                    break
        return out
