"""How well a draft is held against the papers: sentences written about the bundled abstracts, which some paper supports, contradicts, or says nothing of.

`python -m eval.checker.drafts [--json]`. The cases lie in `eval/data/draft_cases.jsonl`; no threshold was chosen on them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

from eval.console import tell
from rag.build import open_library
from rag.review.draft import DraftSentence

OUTCOMES = {"supports": "supported", "contradicts": "contradicted", "nothing": "nothing"}


@dataclass(frozen=True, slots=True)
class DraftCase:
    """A sentence, what the papers are to it, and the paper that says so."""

    sentence: str
    stance: str
    paper: str | None = None


@dataclass(frozen=True, slots=True)
class DraftScore:
    """Of `n` sentences of one stance, how many got that outcome with the right paper; of all that got this outcome, how many rightly."""

    stance: str
    n: int
    right: int
    given: int
    rightly: int


def bundled_cases() -> list[DraftCase]:
    lines = (files("eval") / "data" / "draft_cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [DraftCase(**json.loads(line)) for line in lines]


def scored(cases: Sequence[DraftCase], checked: Sequence[DraftSentence]) -> list[DraftScore]:
    """One score a stance."""
    pairs = list(zip(cases, checked, strict=True))
    scores = []
    for stance, outcome in OUTCOMES.items():
        own = [(case, found) for case, found in pairs if case.stance == stance]
        given = [case for case, found in pairs if found.outcome == outcome]
        right = sum(found.outcome == outcome and names(found, case.paper) for case, found in own)
        scores.append(DraftScore(stance, len(own), right, len(given), sum(case.stance == stance for case in given)))
    return scores


def names(found: DraftSentence, paper: str | None) -> bool:
    """Whether the right paper is among those named; if there is none, whether none is."""
    named = [finding.evidence.paper.id for finding in found.findings]
    return paper in named if paper is not None else not named


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.checker.drafts", description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    cases = bundled_cases()
    with tempfile.TemporaryDirectory() as folder, open_library(Path(folder) / "library") as library:
        checked = [next(library.cite(case.sentence)) for case in cases]
    scores = scored(cases, checked)
    if options.json:
        tell(json.dumps([asdict(score) for score in scores]))
        return
    for score in scores:
        tell(
            f"{score.stance}: {score.right} of {score.n} found with the right paper; {score.rightly} of {score.given} so called rightly"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
