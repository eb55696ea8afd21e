"""Turns records into answers of other systems: Paperchat's own form, and what Ragas, DeepEval, LlamaIndex, LangChain, RAGChecker and TruLens export.

Each form is a function from one record to a `SystemAnswer`; which one is meant is recognised by the fields of each record, or by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from eval.answers.fields import ANSWERS, QUESTIONS, SOURCES, first, given, sources, text
from eval.answers.records import WANTED, Placed, Record, read_records, wrong
from eval.answers.types import AnswersError, SystemAnswer


def read_answers(path: Path, form: str = "", bad: list[str] | None = None) -> Iterator[SystemAnswer]:
    """The answers of a file of JSON Lines, of CSV, of a JSON list, or of an object that holds the list.

    `form` is a name of FORMS; without it the fields decide. Raises AnswersError, which names the record that is wrong; with a list `bad`, what
    is wrong goes there and the other records are read.
    """
    yield from _read(read_records(path, bad), form, bad)


def answers_of(
    records: Iterable[Record], form: str = "", where: str = "the answers", bad: list[str] | None = None
) -> Iterator[SystemAnswer]:
    """The same, of records that are read already; `where` is what an error calls them."""
    yield from _read(((f"{where}: record {number}", number, record) for number, record in enumerate(records, 1)), form, bad)


def _read(records: Iterable[Placed], form: str, bad: list[str] | None) -> Iterator[SystemAnswer]:
    read: Callable[[Record, int], SystemAnswer] | None = _form(form) if form else None
    for where, number, record in records:
        try:
            answer = read(record, number) if read else _recognised(record, where)(record, number)
        except AnswersError as error:
            wrong(str(error), bad)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            said = f"the field {error} is missing" if isinstance(error, KeyError) else str(error)
            wrong(f"{where} cannot be read ({said}). {WANTED}", bad)
        else:
            yield answer


def _plain(record: Record, number: int) -> SystemAnswer:
    claims = tuple(map(_claim, record.get("claims") or ()))
    answer = " ".join(said for said, _ in claims) if claims and not first(record, *ANSWERS) else given(record, ANSWERS)
    return SystemAnswer(
        _id(record, number), text(given(record, QUESTIONS), "question"), text(answer, "answer"), sources(given(record, SOURCES) or ()), claims,
        text(first(record, "reference", "ground_truth", "reference_answer") or ""), tuple(map(int, record.get("gold") or ())),
    )  # fmt: skip


def _claim(one: str | Record) -> tuple[str, tuple[int, ...]]:
    """A claim by its text alone, or with the numbers it cites."""
    return (one, ()) if isinstance(one, str) else (str(one["text"]), tuple(map(int, one.get("citations", ()))))


def _ragas(record: Record, number: int) -> SystemAnswer:
    question = record.get("user_input", record.get("question"))
    answer = record.get("response", record.get("answer"))
    contexts = record.get("retrieved_contexts", record.get("contexts"))
    reference = record.get("reference", record.get("ground_truth", ""))
    return SystemAnswer(
        _id(record, number),
        text(question, "user_input"),
        text(answer, "response"),
        sources(contexts or ()),
        reference=text(reference or ""),
    )


def _deepeval(record: Record, number: int) -> SystemAnswer:
    contexts = first(record, "retrieval_context", "retrievalContext", "context") or ()
    answer = first(record, "actual_output", "actualOutput")
    reference = first(record, "expected_output", "expectedOutput") or ""
    return SystemAnswer(
        _id(record, number),
        text(record["input"], "input"),
        text(answer, "actual_output"),
        sources(contexts),
        reference=text(reference),
    )


def _llamaindex(record: Record, number: int) -> SystemAnswer:
    nodes = record.get("source_nodes") or record.get("contexts") or ()
    return SystemAnswer(
        _id(record, number),
        text(record["query"], "query"),
        text(record["response"], "response"),
        sources(nodes),
        reference=text(record.get("reference_answer") or record.get("reference") or ""),
    )


def _ragchecker(record: Record, number: int) -> SystemAnswer:
    return SystemAnswer(
        str(record.get("query_id", number)),
        text(record["query"], "query"),
        text(record["response"], "response"),
        sources(record.get("retrieved_context") or ()),
        reference=text(record.get("gt_answer") or ""),
    )


def _langchain(record: Record, number: int) -> SystemAnswer:
    contexts = first(record, "source_documents", "context") or ()
    return SystemAnswer(
        _id(record, number),
        text(first(record, "query", "input", "question"), "query"),
        text(first(record, "result", "answer"), "result"),
        sources(contexts),
        reference=text(first(record, "reference", "ground_truth") or ""),
    )


def _trulens(record: Record, number: int) -> SystemAnswer:
    contexts = first(record, "contexts", "context", "retrieved_contexts") or _returned(record.get("record_json"))
    return SystemAnswer(
        str(record.get("record_id", number)),
        text(_unquoted(record.get("input", record.get("main_input"))), "input"),
        text(_unquoted(record.get("output", record.get("main_output"))), "output"),
        sources(contexts or ()),
        reference=text(record.get("ground_truth") or ""),
    )


def _unquoted(value: object) -> object:
    """A text that TruLens keeps as JSON, with its quotes: `"\\"What?\\""`."""
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _returned(record: object) -> list[Any]:
    """The texts or nodes that the first retrieving call of a TruLens record gave back; none where there is no such call."""
    try:
        whole = json.loads(record) if isinstance(record, str) else record
    except (ValueError, RecursionError):
        return []
    calls = whole.get("calls") if isinstance(whole, dict) else None
    for call in calls if isinstance(calls, list) else ():
        stack, given = (call.get("stack") or [{}], call.get("rets")) if isinstance(call, dict) else ([{}], None)
        method = stack[-1].get("method") if isinstance(stack[-1], dict) else None
        name = str(method.get("name") if isinstance(method, dict) else "")
        if isinstance(given, list) and given and any(word in name for word in _RETRIEVING):
            return [one.get("node", one) if isinstance(one, dict) else one for one in given]
    return []


_RETRIEVING = ("retriev", "get_relevant", "search", "context")
"""Words in the name of a call that gives sources back."""
FORMS: Mapping[str, tuple[frozenset[str], Callable[[Record, int], SystemAnswer]]] = {
    "ragchecker": (frozenset({"query", "response", "retrieved_context"}), _ragchecker),
    "llamaindex": (frozenset({"query", "response"}), _llamaindex),
    "deepeval": (frozenset({"input", "actual_output"}), _deepeval),
    "ragas": (frozenset({"user_input", "response"}), _ragas),
    "trulens": (frozenset({"input", "output"}), _trulens),
    "langchain": (frozenset({"query", "result"}), _langchain),
    "paperchat": (frozenset({"question"}), _plain),
}
"""Name, the fields by which a record is recognised, and its reader; the first that fits is taken."""


def _form(name: str) -> Callable[[Record, int], SystemAnswer]:
    if name not in FORMS:
        raise AnswersError(f"There is no form {name!r} of answers. There are: {', '.join(FORMS)}.")
    return FORMS[name][1]


def _recognised(record: Record, where: str) -> Callable[[Record, int], SystemAnswer]:
    for fields, read in FORMS.values():
        if fields <= record.keys():
            return read
    if {"input", "actualOutput"} <= record.keys():
        return _deepeval
    if {"input", "answer", "context"} <= record.keys():
        return _langchain
    if all(any(name in record for name in names) for names in (QUESTIONS, ANSWERS, SOURCES)):
        return _plain
    named = {re.sub(r"(?<=[a-z])(?=[A-Z])|[ -]+", "_", name.strip()).lower(): value for name, value in record.items()}
    if named.keys() != record.keys():
        read = _recognised(named, where)
        return lambda _, number: read(named, number)
    raise AnswersError(
        f"{where}: this form of answers is not known; its fields are {', '.join(sorted(record)[:8]) or 'no fields'}. {WANTED}"
    )


def _id(record: Record, number: int) -> str:
    return str(record.get("id", number))
