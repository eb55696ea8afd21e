"""Reads the questions that answers are measured on, and refuses a file with a mistake in it before anything is measured."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

from rag.errors import PaperchatError
from rag.ingestion.bundled import bundled_papers
from rag.types import Paper

Kind = Literal["fact", "method", "list", "compare", "summary", "follow_up", "unanswerable", "collection", "hostile"]
Split = Literal["dev", "test"]

KINDS: tuple[Kind, ...] = get_args(Kind)
SPLITS: tuple[Split, ...] = get_args(Split)
SAMPLE = "sample"
"""Name of the cases that `sampled_cases` gives."""
SAMPLED = 24
PROBLEMS_SHOWN = 20
UNKNOWN = "no paper has the id"
NEED_PAPERS: tuple[Kind, ...] = ("fact", "method", "list", "compare", "summary", "follow_up")


class CaseError(PaperchatError):
    """A file of cases cannot be used; names each line that is wrong, the case's id and why."""


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """A sentence that answers, word for word as it stands in the abstract of the paper with this id."""

    paper: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what a right answer rests on; `eval/README.md` says what each field means for each kind."""

    id: str
    kind: Kind
    split: Split
    question: str
    hard: bool = False
    history: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    acceptable: tuple[str, ...] = ()
    sentences: tuple[GoldSentence, ...] = ()
    answer: tuple[tuple[str, ...], ...] = ()
    notes: str = ""


def load_cases(path: Path, papers: Iterable[Paper]) -> list[Case]:
    """The cases of a JSON Lines file, in its order; blank lines are passed over.

    Raises CaseError, which names all problems at once (up to 20), where the file cannot be read, holds no case, or a case is wrong.
    """
    abstracts = {paper.id: paper.abstract for paper in papers}
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise CaseError(f"{path} cannot be read ({error.strerror or error}): give a file of cases.") from error
    except UnicodeDecodeError as error:
        raise CaseError(f"{path} is not UTF-8 text (byte {error.start}): save it as UTF-8.") from error
    cases: list[Case] = []
    problems: list[str] = []
    first_lines: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            record, found = _read(line, abstracts)
            name = _name(record)
            if name and first_lines.setdefault(name, number) != number:
                found.append(f"the id is that of line {first_lines[name]} as well: give each case its own")
            problems += [f"{path}:{number}, {name or 'no id'}: {problem}" for problem in found]
            if not found:
                cases.append(case_of(record))
    if problems:
        raise CaseError(_error_message(path, problems))
    if not cases:
        raise CaseError(f"{path} holds no case: write one JSON object a line, as eval/README.md says.")
    return cases


def bundled_cases(split: Split | None = None) -> list[Case]:
    """The cases over the bundled papers: of one split, or of both. `test` is examined only for a report."""
    papers = bundled_papers()
    found: list[Case] = []
    for name in (split,) if split else SPLITS:
        with resources.as_file(resources.files("eval") / "cases" / f"{name}.jsonl") as path:
            found += load_cases(path, papers)
    return found


def sampled_cases() -> list[Case]:
    """Every 24th `dev` case of each kind, in their order: enough to see what a run tells, in seconds."""
    seen: Counter[str] = Counter()
    chosen = []
    for case in bundled_cases("dev"):
        if seen[case.kind] % SAMPLED == 0:
            chosen.append(case)
        seen[case.kind] += 1
    return chosen


def case_of(record: Mapping[str, Any]) -> Case:
    """The case of a record whose shape is right."""
    return Case(
        id=record["id"],
        kind=record["kind"],
        split=record["split"],
        question=record["question"],
        hard=record.get("hard", False),
        history=tuple(record.get("history", ())),
        papers=tuple(record.get("papers", ())),
        acceptable=tuple(record.get("acceptable", ())),
        sentences=tuple(GoldSentence(**sentence) for sentence in record.get("sentences", ())),
        answer=tuple(tuple(key) for key in record.get("answer", ())),
        notes=record.get("notes", ""),
    )


def _read(line: str, abstracts: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {}, [f"it is not JSON ({error})"]
    if not isinstance(record, dict):
        return {}, ["it is not a JSON object"]
    shape = list(_wrong_shape(record))
    return record, shape or list(_wrong_content(case_of(record), abstracts))


def _name(record: Mapping[str, Any]) -> str:
    name = record.get("id")
    return name if isinstance(name, str) else ""


def _error_message(path: Path, problems: Sequence[str]) -> str:
    shown = "\n".join(problems[:PROBLEMS_SHOWN])
    hint = (
        "\nWhere the cases are about other papers, give those: --papers FILE or --home FOLDER."
        if any(UNKNOWN in one for one in problems)
        else ""
    )
    more = f"\nand {len(problems) - PROBLEMS_SHOWN} more" if len(problems) > PROBLEMS_SHOWN else ""
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return f"{path} has {count}; correct each one and load the file again:\n{shown}{more}{hint}"


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _sentences(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict) and each.keys() == {"paper", "text"} and all(map(_text, each.values())) for each in value
    )


def _keys(value: object) -> bool:
    return isinstance(value, list) and all(_texts(each) and each for each in value)


SHAPES = {
    "id": (_text, "a text that is not blank"),
    "kind": (lambda value: value in KINDS, f"one of {', '.join(KINDS)}"),
    "split": (lambda value: value in SPLITS, "dev or test"),
    "question": (_text, "a text that is not blank"),
    "hard": (lambda value: isinstance(value, bool), "true or false"),
    "history": (_texts, "a list of earlier questions"),
    "papers": (_texts, "a list of paper ids"),
    "acceptable": (_texts, "a list of paper ids"),
    "sentences": (_sentences, 'a list of {"paper": id, "text": sentence}'),
    "answer": (_keys, "a list of keys, each a list of one or more alternatives"),
    "notes": (lambda value: isinstance(value, str), "a text"),
}
REQUIRED = ("id", "kind", "split", "question")


def _wrong_shape(record: Mapping[str, object]) -> Iterator[str]:
    for name in REQUIRED:
        if name not in record:
            yield f"the field `{name}` is missing"
    for name, value in record.items():
        if name not in SHAPES:
            yield f"the field `{name}` is unknown: there are {', '.join(SHAPES)}"
        elif not SHAPES[name][0](value):
            yield f"`{name}` must be {SHAPES[name][1]}"


def _wrong_content(case: Case, abstracts: Mapping[str, str]) -> Iterator[str]:
    yield from _wrong_for_kind(case)
    for paper in dict.fromkeys((*case.papers, *case.acceptable)):
        if paper not in abstracts:
            yield f"{UNKNOWN} {paper}"
    for name, ids in (("papers", case.papers), ("acceptable", case.acceptable)):
        if len(set(ids)) < len(ids):
            yield f"`{name}` names a paper twice"
    for sentence in case.sentences:
        if sentence.paper not in case.papers:
            yield f"a gold sentence is from {sentence.paper}, which is not among `papers`"
        elif sentence.text not in abstracts.get(sentence.paper, sentence.text):
            yield f"the gold sentence “{sentence.text[:60]}…” does not stand word for word in the abstract of {sentence.paper}"


def _wrong_for_kind(case: Case) -> Iterator[str]:
    if case.kind == "follow_up" and not case.history:
        yield "a follow_up needs the earlier questions in `history`"
    if case.kind != "follow_up" and case.history:
        yield f"only a follow_up has a `history`, not a case of kind {case.kind}"
    if case.kind in NEED_PAPERS and not case.papers:
        yield f"a case of kind {case.kind} needs the papers of a right answer in `papers`"
    if case.kind == "compare" and len(case.papers) == 1:
        yield "a compare needs two papers or more"
    if case.kind == "unanswerable" and (case.papers or case.sentences or case.answer):
        yield "an unanswerable case has no `papers`, `sentences` or `answer`"
    if case.acceptable and case.kind != "list":
        yield f"only a list has `acceptable` papers, not a case of kind {case.kind}"
    if set(case.acceptable) & set(case.papers):
        yield "a paper is both in `papers` and in `acceptable`"
