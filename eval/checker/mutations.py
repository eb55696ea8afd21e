"""The harness measured: answers are damaged in twelve ways, and each damage must move the scores that it should and no other.

`python -m eval.checker.mutations [--split dev|test] [--answers N] [--json]`
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.cases.reading import SPLITS, Case, bundled_cases
from eval.checker.damage import DAMAGES, Damage, plain
from eval.console import fail
from eval.scores.claim_verdicts import judge
from eval.scores.scorer import measured
from rag.build import open_library
from rag.errors import PaperchatError
from rag.grounding.checker import GroundingChecker
from rag.protocols import Checker
from rag.reader.cross_encoder import CrossEncoder
from rag.settings import own_library
from rag.types import Answer, Paper

ANSWERS = 100
WANTED = 0.95
ALIKE = 1e-9


@dataclass(frozen=True, slots=True)
class Caught:
    """Of one damage: the answers that it could be done to, in how many every score moved that should, and in how many no other one did."""

    damage: str
    answers: int
    moved: int
    alone: int
    missed: tuple[str, ...]
    strayed: Mapping[str, int]

    @property
    def good(self) -> bool:
        return self.answers > 0 and min(self.moved, self.alone) >= WANTED * self.answers


def measure(answered: Sequence[tuple[Case, Answer]], papers: Mapping[str, Paper], checker: Checker, answers: int) -> list[Caught]:
    """Each damage on the first `answers` that it can be done to."""
    return [caught(damage, answered, papers, checker, answers) for damage in DAMAGES]


def caught(
    damage: Damage, answered: Sequence[tuple[Case, Answer]], papers: Mapping[str, Paper], checker: Checker, answers: int
) -> Caught:
    """One damage on the first answers that it can be done to."""
    done = moved = alone = 0
    missed: list[str] = []
    strayed: dict[str, int] = {}
    for case, answer, damaged in _damaged(damage, answered, papers):
        if done == answers:
            break
        done += 1
        changed = _moved(_scores(case, answer, papers, checker), _scores(case, damaged, papers, checker))
        others = changed - damage.may - damage.must
        moved, alone = moved + (damage.must <= changed), alone + (not others)
        missed += [] if damage.must <= changed else [case.id]
        for name in sorted(others):
            strayed[name] = strayed.get(name, 0) + 1
    return Caught(damage.name, done, moved, alone, tuple(missed), strayed)


def _damaged(
    damage: Damage, answered: Sequence[tuple[Case, Answer]], papers: Mapping[str, Paper]
) -> Iterator[tuple[Case, Answer, Answer]]:
    for case, whole in answered:
        answer = plain(whole)
        damaged = None if answer is None else damage.do(case, answer, papers)
        if answer is not None and damaged is not None:
            yield case, answer, damaged


def _scores(case: Case, answer: Answer, papers: Mapping[str, Paper], checker: Checker) -> dict[str, float | None]:
    return {score.name: score.value for score in measured(judge(case, answer, papers, checker))}


def _moved(before: Mapping[str, float | None], after: Mapping[str, float | None]) -> frozenset[str]:
    return frozenset(name for name in (*before, *after) if _differ(before.get(name), after.get(name)))


def _differ(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(before - after) > ALIKE


def run(split: str, answers: int) -> list[Caught]:
    """Asks the quoting writer the bundled cases of a split, and damages what it says."""
    with (
        tempfile.TemporaryDirectory(prefix="paperchat-eval-") as fresh,
        open_library(fresh, settings=own_library(Path(fresh), bundled=True)) as chat,
    ):
        cases = bundled_cases("test" if split == "test" else "dev")
        answered = [(case, chat.ask(case.question, case.history)) for case in cases]
        papers = {paper.id: paper for paper in chat.papers()}
        return measure(answered, papers, GroundingChecker(chat.word_encoder, CrossEncoder()), answers)


def table(found: Sequence[Caught]) -> str:
    lines = [f"{'damage':<18}{'answers':>8}{'moved what it should':>22}{'and no other':>14}"]
    for one in found:
        shares = [f"{100 * count / one.answers:.0f} %" if one.answers else "–" for count in (one.moved, one.alone)]
        lines.append(f"{one.damage:<18}{one.answers:>8}{shares[0]:>22}{shares[1]:>14}{'' if one.good else '   too few'}")
        lines += [f"    not seen: {', '.join(one.missed)}"] if one.missed else []
        lines += [f"    moved as well: {', '.join(f'{name} {n}' for name, n in one.strayed.items())}"] if one.strayed else []
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.checker.mutations",
        description="Damages answers in twelve ways and counts how often the right scores move.",
    )
    parser.add_argument("--split", choices=SPLITS, default="dev", help="whose questions are asked (default: dev)")
    parser.add_argument("--answers", type=int, default=ANSWERS, metavar="N", help=f"answers for each damage (default: {ANSWERS})")
    parser.add_argument("--json", action="store_true", help="print one JSON list")
    options = parser.parse_args(arguments)
    try:
        found = run(options.split, options.answers)
    except PaperchatError as error:
        fail(error)
        return 1
    text = json.dumps([asdict(one) for one in found], indent=1) if options.json else table(found)
    sys.stdout.write(text + "\n")
    return 0 if all(one.good for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
