"""Questions over other papers than the bundled ones, from which weights are learned: six pages of fifty papers each.

The papers are arXiv's and not part of the project; whoever fits gives their abstracts. `cases/elsewhere.jsonl` names them by page, and
each question's gold as stretches of their abstracts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from eval.cases.reading import Case, CaseError, GoldSentence
from rag.types import Paper


@dataclass(frozen=True, slots=True)
class Page:
    """A small collection and the questions asked of it."""

    name: str
    papers: tuple[Paper, ...]
    cases: tuple[Case, ...]


def pages(abstracts: Path) -> list[Page]:
    """The pages, with papers from a JSON Lines file (gzip or plain) of `id`, `title`, `abstract`, more than are needed.

    Raises CaseError if a paper is missing there, or its abstract is another one than was asked about.
    """
    lines = [json.loads(line) for line in (files("eval") / "cases" / "elsewhere.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = {line["page"]: line["papers"] for line in lines if "papers" in line}
    found = _papers(abstracts, {id for ids in wanted.values() for id in ids})
    return [
        Page(
            f"elsewhere-{page}",
            tuple(found[id] for id in ids),
            tuple(_case(line, found) for line in lines if "question" in line and line["page"] == page),
        )
        for page, ids in wanted.items()
    ]


def _papers(path: Path, wanted: set[str]) -> dict[str, Paper]:
    import gzip

    found: dict[str, Paper] = {}
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                if record["id"] in wanted:
                    found[record["id"]] = Paper(id=record["id"], title=record["title"], abstract=record["abstract"])
    except OSError as error:
        raise CaseError(f"{path} cannot be read ({error.strerror or error}): give arXiv's abstracts.") from error
    if missing := wanted - found.keys():
        raise CaseError(
            f"{path} lacks {len(missing)} of the papers asked about, {min(missing)} among them: give arXiv's abstracts."
        )
    return found


def _case(line: dict[str, object], papers: dict[str, Paper]) -> Case:
    gold: Sequence[tuple[str, int, int]] = line["gold"]  # type: ignore[assignment]
    sentences = tuple(GoldSentence(id, papers[id].abstract[start:end]) for id, start, end in gold)
    if any(not sentence.text or sentence.text[-1].isspace() for sentence in sentences):
        raise CaseError(f"{line['id']}: the abstract is another one than was asked about.")
    return Case(
        id=str(line["id"]),
        kind=line["kind"],  # type: ignore[arg-type]
        split="dev",
        question=str(line["question"]),
        papers=tuple(dict.fromkeys(sentence.paper for sentence in sentences)),
        sentences=sentences,
    )
