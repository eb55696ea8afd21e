"""Whether storing papers in another way changes answers: `python -m eval.bench.same_answers [--every N] [--url URL] [--database URL --chroma URL]`.

Asks the bundled dev cases, or every Nth of them, of the same papers kept in several ways, and compares answers with those of a library
in its ordinary form: status, text and the places cited must all agree. Ways that give up precision to save bytes or time say how many answers differ, and for
how many of those the first sentence cited is a gold one, before and after. With `--url`, a server that holds the bundled papers is asked as well.

The encoder's vectors depend, in the second decimal of a cosine, on what is encoded with a text, so each text is encoded by itself here; what that changes is a line of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from urllib.request import ProxyHandler, Request, build_opener

from eval.bench.kept import Ask, Kept, Told
from eval.cases.reading import Case, bundled_cases
from eval.console import tell
from eval.scores import metrics
from rag.ingestion.bundled import bundled_papers
from rag.types import Citation, Paper, Span

MOST_PASSED = 20
"""Questions whose answers differ that are named."""


@contextmanager
def at_url(url: str) -> Iterator[Ask]:
    """A running server's `POST /api/ask`."""

    def ask(case: Case) -> Told:
        asked = json.dumps({"question": case.question, "history": list(case.history)}).encode("ascii")
        request = Request(f"{url.rstrip('/')}/api/ask", asked, {"Content-Type": "application/json"})
        with direct.open(request, timeout=300) as reply:
            return Told.of_json(json.load(reply))

    direct = build_opener(ProxyHandler({}))
    yield ask


@dataclass(frozen=True, slots=True)
class Compared:
    """One way of keeping papers beside the shipped one: which cases were answered otherwise, and of those, how often the first sentence cited is gold."""

    way: Way
    asked: int
    differing: tuple[Case, ...]
    gold_before: int
    gold_after: int


@dataclass(frozen=True, slots=True)
class Way:
    """What it is in words, and whether its answers must be the same: what gives up precision may differ."""

    what: str
    exact: bool = True


WAYS = {
    "through_chroma": Way("Chroma's index instead of the exact scan"),
    "beside_owner": Way("a reader beside the owner, as a worker process is"),
    "of_owners_chroma": Way("the same, with the owner's Chroma asked through its socket"),
    "encoded_when_asked": Way("word states made when asked instead of stored"),
    "grown": Way("papers added in parts, some removed and put back"),
    "in_batches": Way("papers encoded in batches instead of one by one", exact=False),
    "in_floats": Way("vectors of passages in float32 instead of one byte a dimension", exact=False),
    "in_float_words": Way("words in float32 instead of 24 bytes a word", exact=False),
    "on_servers": Way("on servers: records in PostgreSQL, vectors in Chroma"),
}
"""By methods of `Kept`; the last one needs servers."""
OVER_HTTP = Way("over HTTP, `POST /api/ask`")


def compare(way: Way, cases: Sequence[Case], before: Sequence[Told], ask: Ask, papers: Mapping[str, Paper]) -> Compared:
    """Asks each case and holds the answer against the one `before`."""
    differing, gold = [], [0, 0]
    for case, old in zip(cases, before, strict=True):
        new = ask(case)
        if new != old:
            differing.append(case)
            gold[0] += _first_is_gold(case, old, papers)
            gold[1] += _first_is_gold(case, new, papers)
    return Compared(way, len(cases), tuple(differing), *gold)


def _first_is_gold(case: Case, told: Told, papers: Mapping[str, Paper]) -> bool:
    """Of a case without gold sentences: whether it was refused just where it has no answer."""
    if case.kind == "unanswerable":
        return told.status == "not_found"
    if not told.cited:
        return False
    paper, start, end = told.cited[0]
    return metrics.is_gold(case, Citation(1, papers[paper], Span(start, end))) if case.sentences else paper in case.papers


def table(found: Sequence[Compared]) -> str:
    """Markdown, one line a way."""
    lines = [["papers kept or reached otherwise", "asked", "answered otherwise", "right before, after"], ["---"] * 4]
    for one in found:
        right = f"{one.gold_before}, {one.gold_after}" if one.differing else ""
        lines.append([one.way.what, str(one.asked), str(len(one.differing)), right])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def measured(cases: Sequence[Case], ways: Sequence[str], kept: Kept, url: str | None = None) -> Iterator[Compared]:
    """Each way beside the ordinary form; a server at `url` beside a library that was filled in one go, as the server's was."""
    papers = {paper.id: paper for paper in kept.papers}
    before = answers(kept.shipped(), cases)
    for name in ways:
        tell(WAYS[name].what)
        with getattr(kept, name)() as ask:
            yield compare(WAYS[name], cases, before, ask, papers)
    if url is not None:
        tell(url)
        before = answers(kept.in_batches(), cases)
        with at_url(url) as ask:
            yield compare(OVER_HTTP, cases, before, ask, papers)


def answers(way: AbstractContextManager[Ask], cases: Sequence[Case]) -> list[Told]:
    with way as ask:
        return [ask(case) for case in cases]


def main(arguments: Sequence[str] | None = None) -> int:
    """1 if an answer differs that must not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="ask every Nth case only")
    parser.add_argument("--only", help=f"of {','.join(WAYS)}")
    parser.add_argument("--url", help="a server that holds the bundled papers")
    parser.add_argument("--database", default="", help="an empty PostgreSQL database, together with --chroma")
    parser.add_argument("--chroma", default="", help="a Chroma server")
    options = parser.parse_args(arguments)
    servers = options.database and options.chroma
    ways = options.only.split(",") if options.only else [name for name in WAYS if servers or name != "on_servers"]
    if unknown := set(ways) - WAYS.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}. There are {', '.join(WAYS)}.")
    kept = Kept(bundled_papers(), database=options.database, chroma=options.chroma)
    found = list(measured(bundled_cases("dev")[:: options.every], ways, kept, options.url))
    for one in found:
        for case in one.differing[:MOST_PASSED]:
            tell(f"{one.way.what}: {case.kind}: {case.question}")
    sys.stdout.write(table(found) + "\n")
    return int(any(one.differing for one in found if one.way.exact))


if __name__ == "__main__":
    sys.exit(main())
