"""Collects what the weights of refusals are learned from: the signs of each question that signs decide.

`python -m eval.training.silence_examples SOURCE … --out FILE [--reading FILE] [--abstracts FILE] [--limit N]` asks the questions of each source and adds
a line for each to FILE: `source`, `paper`, `question`, `silent`, and `found`, the signs by name (null where a rule alone decides). Started again, it
goes on where FILE ends. Sources may be collected at the same time, each into a file of its own; `eval.training.abstention_read` fits on any number of them.

The sources: `bundled`, the `dev` questions over the bundled papers; `held-out`, those of the reading set (`--reading`, in the form of
`eval.bench.reading`) over the abstracts that the reader was not trained on; `calibration`, those of `material/calibration.jsonl.gz`; `elsewhere`,
those over six other pages, whose papers `--abstracts` holds (`eval.cases.other_pages`); `far`, answerable questions of `calibration`, `held-out` and
`bundled` over papers of another collection, which do not answer them.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.bench import reading
from eval.cases.other_pages import pages
from eval.cases.reading import Case, CaseError, bundled_cases
from eval.console import fail, tell
from eval.training.material import MATERIAL, rows_of
from eval.training.reader.reading_set import HELD_OUT
from rag.abstention.classifier import signs, weighed
from rag.abstention.rules import Findings
from rag.answering.quotes import Found, QuoteWriter
from rag.build import open_library
from rag.errors import PaperchatError
from rag.ingestion.bundled import bundled_papers
from rag.query.plan import QueryPlan
from rag.settings import own_library
from rag.types import Hit, Paper

SOURCES = ("bundled", "held-out", "calibration", "elsewhere", "far")
KINDS = ("fact", "method", "follow_up", "unanswerable")
FAR_OF_CALIBRATION, FAR_OF_HELD_OUT = 5, 3
"""Of the answerable questions, every so manieth is asked far from its paper. Chosen."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question's signs (None: a rule alone decides), whether it cannot be answered, the paper it is about, and the set it is from."""

    found: Mapping[str, float] | None
    silent: bool
    paper: str
    source: str
    question: str = ""


@dataclass(frozen=True)
class RecordingWriter(QuoteWriter):
    """The quoting writer, which keeps the signs of each question that signs decide."""

    heard: list[Mapping[str, float]] = field(default_factory=list)

    def _read(self, question: QueryPlan, hits: Sequence[Hit]) -> Found:
        matches = self.ranker.matches(question, self._nearest(question, hits))
        if self.reranker is not None and matches:
            ranked = self.reranker.rank(question.text, matches)
            found = Findings(question, ranked.matches, self.holds)
            if weighed(found, ranked.signs):
                self.heard.append(signs(found, ranked.signs))
        return super()._read(question, hits)


Question = tuple[str, Sequence[str], bool, str]
"""Text, earlier questions, whether it cannot be answered, and the paper it is about."""
Collection = tuple[Sequence[Paper], Sequence[Question]]
"""Papers and the questions over them."""


def examples(papers: Sequence[Paper], questions: Sequence[Question], source: str) -> Iterator[Example]:
    """One for each question, in their order."""
    with TemporaryDirectory() as home:
        with open_library(home, settings=own_library(Path(home), bundled=False)) as chat:
            chat.add(papers)
            writer = chat.assistant.writer
            listening = RecordingWriter(writer.ranker, writer.search, writer.holds, writer.reranker)
            assistant = replace(chat.assistant, writer=listening)
            for text, history, silent, paper in questions:
                listening.heard.clear()
                assistant.ask(text, history)
                yield Example(listening.heard[-1] if listening.heard else None, silent, paper, source, text)


def collections(source: str, read: Path | None = None, abstracts: Path | None = None) -> Iterator[Collection]:
    """Those of a source. Raises CaseError if the file that it needs was not given."""
    if source == "bundled":
        yield (
            bundled_papers(),
            [_question(case, (case.papers or (case.id,))[0]) for case in bundled_cases("dev") if case.kind in KINDS],
        )
    elif source == "calibration":
        yield calibration()
    elif source == "held-out" and read is not None:
        yield held_out(read)
    elif source == "far" and read is not None:
        yield from far(read)
    elif source == "elsewhere" and abstracts is not None:
        # For leaving out, a page's name stands for the paper.
        yield from (
            (page.papers, [_question(case, page.name) for case in page.cases if case.kind in KINDS]) for page in pages(abstracts)
        )
    else:
        raise CaseError(f"{source} needs {'--abstracts' if source == 'elsewhere' else '--reading'} FILE.")


def _question(case: Case, paper: str) -> Question:
    return case.question, case.history, case.kind == "unanswerable", paper


def calibration() -> tuple[list[Paper], list[Question]]:
    """The abstracts and questions that are kept for weighing alone."""
    papers, asked = reading.read(MATERIAL / "calibration.jsonl.gz")
    return papers, [(one.question, (), not one.gold, one.paper) for one in asked]


def far(path: Path) -> Iterator[Collection]:
    """Questions over the papers of another collection: they cannot be answered there, but for the rare one that is answered by chance."""
    papers, asked = calibration()
    _, others = held_out(path)
    bundled = [
        _question(case, (case.papers or (case.id,))[0]) for case in bundled_cases("dev") if case.kind in ("fact", "method")
    ]
    yield bundled_papers(), _all_silent(asked)[::FAR_OF_CALIBRATION]
    yield papers, [*_all_silent(others)[::FAR_OF_HELD_OUT], *_all_silent(bundled)]


def _all_silent(questions: Sequence[Question]) -> list[Question]:
    """The answerable ones, as such that cannot be answered."""
    return [(text, history, True, paper) for text, history, silent, paper in questions if not silent]


def held_out(path: Path) -> tuple[list[Paper], list[Question]]:
    """The abstracts that the reader was not trained on, chosen as `eval.training.reader.reading_set` does, and the questions on them."""
    papers, asked = reading.read(path)
    paired = {one.paper for one in asked if one.group == "pairs"}
    order = sorted((paper for paper in papers if paper.id in paired), key=lambda paper: zlib.crc32(paper.id.encode()))[:HELD_OUT]
    kept = {paper.id for paper in order}
    return order, [(one.question, (), not one.gold, one.paper) for one in asked if one.paper in kept]


def read_examples(paths: Sequence[Path]) -> list[Example]:
    """All that the files hold. Raises CaseError if one cannot be read, or holds something else."""
    try:
        return [Example(**row) for path in paths for row in rows_of(path)]
    except (OSError, ValueError, TypeError) as error:
        raise CaseError(
            f"These are no files of eval.training.silence_examples: {', '.join(map(str, paths))} ({error})."
        ) from error


def collect(source: str, parts: Iterator[Collection], out: Path, limit: int | None = None) -> None:
    """Adds the examples of a source's first questions, of all without `limit`, to the file, from the first that it lacks, each as soon as it is known."""
    done = sum(one.source == source for one in _kept(out))
    before = 0
    with out.open("a", encoding="utf-8") as lines:
        for papers, questions in parts:
            wanted = questions[max(0, done - before) : None if limit is None else max(0, limit - before)]
            before += len(questions)
            for one in examples(papers, wanted, source) if wanted else ():
                lines.write(json.dumps(asdict(one)) + "\n")
                lines.flush()


def _kept(path: Path) -> list[Example]:
    """What an earlier call wrote; a last line that it did not finish is removed from the file."""
    if not path.exists():
        return []
    written = path.read_bytes()
    whole = written[: written.rfind(b"\n") + 1]
    if whole != written:
        path.write_bytes(whole)
    return read_examples([path])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", choices=SOURCES, metavar="SOURCE", help=", ".join(SOURCES))
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a file of examples that is begun, or continued")
    parser.add_argument("--reading", type=Path, metavar="FILE", help="the questions that the reader was trained on, whole")
    parser.add_argument("--abstracts", type=Path, metavar="FILE", help="abstracts of the pages elsewhere, as JSON Lines")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first so many questions of each source")
    wanted = parser.parse_args(arguments)
    try:
        for source in wanted.sources:
            collect(source, collections(source, wanted.reading, wanted.abstracts), wanted.out, wanted.limit)
            tell(f"{source}: collected")
    except (PaperchatError, OSError) as error:
        fail(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
