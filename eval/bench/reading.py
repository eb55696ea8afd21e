"""Measures reading: questions over abstracts that nobody tuned on, asked through the whole product.

`python -m eval.bench.reading FILE [--over FILE] [--home FOLDER] [--out FILE] [--limit N]` reads JSON Lines (plain or .gz), one abstract a line: `id`, `title`, `sentences`, `answerable`
(`question`, `sentences`: the places of the gold ones, `also`), `unanswerable` (`question`, `kind`) and `pairs` (`answerable`, its `sentences`, its
`unanswerable` twin, `kind`). All abstracts are put into one library, and each question is asked over all of them. With `--over` the answerable questions are asked over
the abstracts of that file instead, which do not answer them, but for the rare one by chance.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from eval.console import tell
from eval.stats.bootstrap import Interval, mean_interval
from eval.training.material import rows_of
from rag.build import open_library
from rag.paperchat import Paperchat
from rag.settings import own_library
from rag.types import Answer, Paper, Span

AMONG = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on one abstract: where its gold sentences stand (none: it cannot be answered), and which group it belongs to.

    `group` is `items` or `pairs`; `kind` says how an unanswerable question goes wrong; twins share `twin`.
    """

    question: str
    paper: str
    gold: tuple[Span, ...]
    group: str
    kind: str
    twin: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to a question: whether it was refused, and whether a gold sentence came first or among the first three."""

    question: str
    paper: str
    group: str
    kind: str
    twin: str
    answerable: bool
    refused: bool
    first: bool
    among: bool


def read(path: Path) -> tuple[list[Paper], list[Asked]]:
    """The papers and the questions on them. Raises OSError or KeyError if the file is not of this form."""
    papers: list[Paper] = []
    asked: list[Asked] = []
    for record in rows_of(path):
        papers.append(Paper(record["id"], record["title"], " ".join(record["sentences"])))
        asked.extend(_questions(record))
    return papers, asked


def read_over(path: Path, over: Path) -> tuple[list[Paper], list[Asked]]:
    """The papers of the second file, and the answerable questions of the first as such that cannot be answered."""
    return read(over)[0], [replace(one, gold=()) for one in read(path)[1] if one.gold]


def _questions(record: dict[str, Any]) -> Iterator[Asked]:
    spans = _spans(record["sentences"])

    def gold(places: Sequence[int]) -> tuple[Span, ...]:
        return tuple(spans[place] for place in places)

    for one in record.get("answerable", ()):
        yield Asked(one["question"], record["id"], gold(one["sentences"]), "items", one["kind"])
    for one in record.get("unanswerable", ()):
        yield Asked(one["question"], record["id"], (), "items", one["kind"])
    for number, one in enumerate(record.get("pairs", ())):
        twin = f"{record['id']}#{number}"
        yield Asked(one["answerable"], record["id"], gold(one["sentences"]), "pairs", one["kind"], twin)
        yield Asked(one["unanswerable"], record["id"], (), "pairs", one["kind"], twin)


def _spans(sentences: Sequence[str]) -> list[Span]:
    starts = list(accumulate((len(sentence) + 1 for sentence in sentences), initial=0))
    return [Span(start, start + len(sentence)) for start, sentence in zip(starts, sentences, strict=False)]


def outcome(asked: Asked, answer: Answer) -> Outcome:
    """A cited sentence counts as gold where it covers half of a gold one, or lies half within it."""
    cited = {citation.number: citation for citation in answer.citations}
    order = list(dict.fromkeys(number for claim in answer.claims for number in claim.citations))
    right = [
        cited[number].paper.id == asked.paper and any(_overlap(cited[number].span, span) for span in asked.gold)
        for number in order
    ]
    refused = answer.status != "answered"
    return Outcome(
        asked.question, asked.paper, asked.group, asked.kind, asked.twin, bool(asked.gold), refused, any(right[:1]), any(right[:AMONG])
    )  # fmt: skip


def _overlap(one: Span, other: Span) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared * 2 >= min(one.end - one.start, other.end - other.start)


def figures(outcomes: Sequence[Outcome]) -> dict[str, Interval]:
    """Shares by measure, with bootstrap intervals that resample abstracts."""
    found: dict[str, Interval] = {}

    def put(name: str, chosen: Sequence[Outcome], value: str) -> None:
        share = mean_interval([float(getattr(one, value)) for one in chosen], [one.paper for one in chosen])
        if share is not None:
            found[name] = share

    for group in ("items", "pairs"):
        own = [one for one in outcomes if one.group == group]
        can, cannot = [one for one in own if one.answerable], [one for one in own if not one.answerable]
        put(f"{group}: gold sentence first", can, "first")
        put(f"{group}: gold among three", can, "among")
        put(f"{group}: refused wrongly", can, "refused")
        put(f"{group}: unanswerable refused", cannot, "refused")
        for kind in sorted({one.kind for one in cannot}):
            put(f"{group}: {kind} refused", [one for one in cannot if one.kind == kind], "refused")
    return found


def ask_all(chat: Paperchat, asked: Sequence[Asked]) -> Iterator[Outcome]:
    for number, one in enumerate(asked, 1):
        yield outcome(one, chat.ask(one.question))
        if number % 100 == 0:
            tell(f"{number} of {len(asked)} questions")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--over", type=Path, metavar="FILE", help="ask over the abstracts of this file instead")
    parser.add_argument("--home", type=Path, help="keep the library here and use it again")
    parser.add_argument("--out", type=Path, help="write what became of each question, as JSON Lines")
    parser.add_argument("--limit", type=int, help="only the questions on the first so many abstracts")
    options = parser.parse_args(arguments)
    papers, asked = read_over(options.file, options.over) if options.over else read(options.file)
    if options.limit:
        within = {*list(dict.fromkeys(one.paper for one in asked))[: options.limit]}
        asked = [one for one in asked if one.paper in within]
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder) / "library"
        with open_library(home, settings=own_library(home, bundled=False), allow_mismatch=True) as chat:
            chat.add(papers)
            outcomes = list(ask_all(chat, asked))
    if options.out:
        options.out.write_text("".join(json.dumps(asdict(one)) + "\n" for one in outcomes), encoding="utf-8")
    for name, one in figures(outcomes).items():
        sys.stdout.write(f"{name:32} {100 * one.value:5.1f} % ({100 * one.low:.1f}–{100 * one.high:.1f}), n = {one.n}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
