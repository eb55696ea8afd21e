"""Makes `rag/data/question_words.txt`: words that people ask with, and that papers which answer them mostly lack (`able`, `happen`, `people`).

`python -m eval.training.question_words FILE...` reads lines as the reading set's `train.jsonl` has them (plain or .gz). Counted are the questions that
the abstract answers, against those that it does not; the abstracts on which the reader is measured are left out.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import fill

from eval.training.reader.reading_set import Paper, read_papers, split_papers
from rag.text.words import content_words, stem, stems

OUT = Path("rag") / "data" / "question_words.txt"
SHARE = 0.75
"""Of the answered questions with a word, those whose paper lacks it. Chosen: at 0.5 and 0.75 left-out questions are refused alike."""
LEAST = 10
"""Papers that lack it. Chosen."""
SPREAD = 0.9
"""Those papers, over as many as the questions with the word would fall on by chance. What a paper is about is asked for again and again (`tumour`,
`sugar`); words of asking may stand in any question. Chosen, as `LEAST`, by reading what is left."""
HEAD = """# Words of questions, as stems, which the papers that answer them mostly lack, so that to lack one tells nothing (`able`, `happen`, `people`).
# Made by `eval/training/question_words.py` from the answered questions of the reading set and of `eval/training/material/reading*.jsonl.gz`.
[stems]
"""


def lacked(papers: Iterable[Paper]) -> set[str]:
    """The stems that `SHARE` of the answered questions with them find lacking in their paper, in `LEAST` papers at least and as widely spread as
    `SPREAD` says, and more often than the unanswerable ones do."""
    every = 0
    asked: Counter[str] = Counter()
    lacking: Counter[str] = Counter()
    of_papers: Counter[str] = Counter()
    silent: Counter[str] = Counter()
    for paper in papers:
        every += 1
        told = stems(f"{paper.title} {' '.join(paper.sentences)}")
        questions = [one["question"] for one in paper.answerable] + [pair["answerable"] for pair in paper.pairs]
        unanswered = [one["question"] for one in paper.unanswerable] + [pair["unanswerable"] for pair in paper.pairs]
        used = list(map(_stems_asked, questions))
        for words in used:
            asked.update(words)
            lacking.update(words - told)
        of_papers.update(frozenset().union(*used) - told)
        for words in map(_stems_asked, unanswered):
            silent.update(words - told)
    return {
        word
        for word, count in of_papers.items()
        if count >= LEAST and lacking[word] >= SHARE * asked[word] and lacking[word] > silent[word]
        if count >= SPREAD * _by_chance(lacking[word], every)
    }


def _by_chance(questions: int, papers: int) -> float:
    """How many of the papers questions fall on, if each falls on any."""
    return papers * (1 - (1 - 1 / papers) ** questions)


def _stems_asked(question: str) -> frozenset[str]:
    return frozenset(map(stem, content_words(question)))


def main(arguments: Sequence[str] | None = None) -> int:
    paths = list(map(Path, sys.argv[1:] if arguments is None else arguments))
    papers = [paper for path in paths for paper in split_papers(read_papers(path))[0]]
    listed = fill(" ".join(sorted(lacked(papers))), 128, break_long_words=False, break_on_hyphens=False)
    OUT.write_text(f"{HEAD}{listed}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
