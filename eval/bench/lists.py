"""Measures lists: questions for papers whose near-related papers are graded, asked through the whole product.

`python -m eval.bench.lists QUESTIONS PAPERS [--half 0|1] [--apart] [--out FILE] [--before FILE]` reads JSON Lines: questions with `question`, `form`, `papers` (the ids
of those that were graded) and `grades` (2 belongs, 1 touches, absent 0); papers with `id`, `title` and `abstract` or `sentences`. Each question is asked over all papers
of the file, those that nobody graded counting as wrong, or with `--apart` over those graded for it alone. What only touches a question counts as neither right nor wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.console import tell
from eval.scores.metrics import cited_papers
from eval.stats.bootstrap import mean_interval
from eval.stats.paired import Pair, difference
from eval.training.material import rows_of
from rag.build import open_library
from rag.paperchat import Paperchat
from rag.settings import own_library
from rag.types import AskOptions, Paper


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for papers: those graded for it, those of them that belong, and those that only touch it."""

    question: str
    form: str
    graded: tuple[str, ...]
    belong: frozenset[str]
    touch: frozenset[str]

    @property
    def group(self) -> str:
        """The same for all questions over the same papers."""
        return min(self.graded)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question: how many of the papers listed are right, of how many that count, and how many were wanted."""

    question: str
    form: str
    group: str
    right: int
    listed: int
    wanted: int

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.listed + self.wanted) if self.listed + self.wanted else 1.0


def read(questions: Path, papers: Path) -> tuple[list[Paper], list[Asked]]:
    """The papers and the questions for them. Raises OSError or KeyError if a file is not of this form."""
    texts = [Paper(row["id"], row["title"], row.get("abstract") or " ".join(row["sentences"])) for row in rows_of(papers)]
    return texts, [_asked(row["question"], row["form"], row["papers"], row["grades"]) for row in rows_of(questions)]


def _asked(question: str, form: str, graded: Sequence[str], grades: Mapping[str, int]) -> Asked:
    belong, touch = (frozenset(id for id in graded if grades.get(id) == grade) for grade in (2, 1))
    return Asked(question, form, tuple(graded), belong, touch)


def half(asked: Sequence[Asked], which: int) -> list[Asked]:
    """The questions over every second group of papers: 0 are those that the reader learns from."""
    groups = list(dict.fromkeys(one.group for one in asked))[which::2]
    return [one for one in asked if one.group in groups]


def outcomes(chat: Paperchat, asked: Sequence[Asked], apart: bool = False) -> Iterator[Outcome]:
    for number, one in enumerate(asked, 1):
        options = AskOptions(scope=frozenset(one.graded)) if apart else AskOptions()
        listed = cited_papers(chat.ask(one.question, options=options)) - one.touch
        yield Outcome(one.question, one.form, one.group, len(listed & one.belong), len(listed), len(one.belong))
        if number % 20 == 0:
            tell(f"{number} of {len(asked)} questions")


def figures(found: Sequence[Outcome]) -> Iterator[str]:
    """F1, precision and recall of questions that some paper answers, F1 by form, and refusals of the others, with intervals, as lines."""
    some, none = [one for one in found if one.wanted], [one for one in found if not one.wanted]
    yield _line("F1", [(one, one.f1) for one in some])
    yield _line("precision", [(one, one.right / one.listed) for one in some if one.listed])
    yield _line("recall", [(one, one.right / one.wanted) for one in some])
    yield _line("nothing listed of nothing", [(one, float(not one.listed)) for one in none])
    for form in sorted({one.form for one in some}):
        yield _line(f"F1, {form}", [(one, one.f1) for one in some if one.form == form])


def _line(name: str, values: Sequence[tuple[Outcome, float]]) -> str:
    share = mean_interval([value for _, value in values], [one.group for one, _ in values])
    return (
        f"{name:26} none" if share is None else f"{name:26} {share.value:.3f} ({share.low:.3f}–{share.high:.3f}), n = {share.n}"
    )


def compared(found: Sequence[Outcome], before: Sequence[Outcome]) -> str:
    """The difference of F1 to an earlier run, over the questions of both, as a line."""
    earlier = {(one.group, one.question): one for one in before if one.wanted}
    pairs = [
        Pair(earlier[one.group, one.question].f1, one.f1, one.group) for one in found if (one.group, one.question) in earlier
    ]
    change = difference(pairs)
    if change is None:
        return "no question in common"
    return f"F1 {change.before:.3f} → {change.after:.3f}: {change.change:+.3f} ({change.low:+.3f} to {change.high:+.3f}), p = {change.p:.3f}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1), help="only the questions over every second group of papers")
    parser.add_argument("--apart", action="store_true", help="ask each question over the papers graded for it alone")
    parser.add_argument("--out", type=Path, help="write what became of each question, as JSON Lines")
    parser.add_argument("--before", type=Path, help="such a file, to compare with")
    wanted = parser.parse_args(arguments)
    papers, asked = read(wanted.questions, wanted.papers)
    asked = asked if wanted.half is None else half(asked, wanted.half)
    with tempfile.TemporaryDirectory() as home:
        with open_library(home, settings=own_library(Path(home), bundled=False)) as chat:
            chat.add(papers)
            found = list(outcomes(chat, asked, wanted.apart))
    if wanted.out:
        wanted.out.write_text("".join(json.dumps(asdict(one)) + "\n" for one in found), encoding="utf-8")
    lines = [*figures(found)]
    if wanted.before:
        lines.append(compared(found, [Outcome(**row) for row in rows_of(wanted.before)]))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
