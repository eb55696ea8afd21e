"""Hands the answers of a run to other evaluation tools, in the shapes that these tools read.

Ragas: JSON Lines for `EvaluationDataset.from_jsonl` (the fields of `SingleTurnSample`). DeepEval: a JSON list for
`EvaluationDataset.add_test_cases_from_json_file` (the fields of `LLMTestCase`, which that method is given as key names). RAGChecker: the JSON
of `RAGResults.from_json`. LlamaIndex: JSON Lines with the arguments of an evaluator's `evaluate`. TruLens: JSON Lines of records for a table of its app's runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.answers.types import AnswersError
from eval.types import Result


@dataclass(frozen=True, slots=True)
class Exported:
    """How many answers a file got, and how many cases have none (asking failed)."""

    written: int
    left_out: int


def export(results: Iterable[Result], to: str, out: Path) -> Exported:
    """Writes the answers of the results for the tool named `to`. Raises AnswersError if there is no such tool or no writing to `out`."""
    if to not in TOOLS:
        raise AnswersError(f"There is no export to {to!r}. There are: {', '.join(TOOLS)}.")
    record_of, as_text = TOOLS[to]
    records, left_out = [], 0
    for result in results:
        if result.answer is None:
            left_out += 1
        else:
            records.append(record_of(result, result.answer))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(as_text(records).encode("utf-8", "replace"))
    except OSError as error:
        raise AnswersError(f"{out} cannot be written ({error.strerror or error}). Give another --out.") from None
    return Exported(len(records), left_out)


def _ragas(result: Result, answer: Mapping[str, Any]) -> dict[str, Any]:
    gold = [sentence.text for sentence in result.case.sentences]
    return _present(
        user_input=result.case.question,
        response=_said(answer),
        retrieved_contexts=_contexts(answer),
        reference=_reference(answer, gold),
        reference_contexts=gold,
    )


def _deepeval(result: Result, answer: Mapping[str, Any]) -> dict[str, Any]:
    gold = [sentence.text for sentence in result.case.sentences]
    return _present(
        input=result.case.question,
        actual_output=_said(answer),
        retrieval_context=_contexts(answer),
        expected_output=_reference(answer, gold),
        context=gold,
    )


def _llamaindex(result: Result, answer: Mapping[str, Any]) -> dict[str, Any]:
    gold = [sentence.text for sentence in result.case.sentences]
    return _present(
        query=result.case.question, response=_said(answer), contexts=_contexts(answer), reference=_reference(answer, gold)
    )


def _ragchecker(result: Result, answer: Mapping[str, Any]) -> dict[str, Any]:
    gold = [sentence.text for sentence in result.case.sentences]
    return {
        "query_id": result.case.id,
        "query": result.case.question,
        "gt_answer": _reference(answer, gold),
        "response": _said(answer),
        "retrieved_context": [{"doc_id": str(number), "text": text} for number, text in enumerate(_contexts(answer), 1)],
    }


def _trulens(result: Result, answer: Mapping[str, Any]) -> dict[str, Any]:
    gold = [sentence.text for sentence in result.case.sentences]
    return _present(
        record_id=result.case.id,
        input=result.case.question,
        output=_said(answer),
        contexts=_contexts(answer),
        ground_truth=_reference(answer, gold),
    )


def _present(**fields: Any) -> dict[str, Any]:
    """Without what is not known: the tools tell a missing field from an empty one. What was retrieved may be nothing."""
    return {
        name: value for name, value in fields.items() if value or name in ("retrieved_contexts", "retrieval_context", "contexts")
    }


def _said(answer: Mapping[str, Any]) -> str:
    given = answer.get("given") or {}
    return str(given.get("answer") or answer.get("text") or "")


def _contexts(answer: Mapping[str, Any]) -> list[str]:
    """The sources as the markers number them: all that another system had, or what our answer cites with its surroundings."""
    given = answer.get("given") or {}
    if "sources" in given:
        return [str(source["text"]) for source in given["sources"]]
    cited = sorted(answer.get("citations", ()), key=lambda one: int(one["number"]))
    return [f"{one['before']}{one['quote']}{one['after']}" for one in cited]


def _reference(answer: Mapping[str, Any], gold: list[str]) -> str:
    given = answer.get("given") or {}
    return str(given.get("reference") or " ".join(gold))


def _lines(records: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _results(records: list[dict[str, Any]]) -> str:
    return json.dumps({"results": records}, ensure_ascii=False, indent=1) + "\n"


def _list(records: list[dict[str, Any]]) -> str:
    return json.dumps(records, ensure_ascii=False, indent=1) + "\n"


Record = Callable[[Result, Mapping[str, Any]], dict[str, Any]]
TOOLS: Mapping[str, tuple[Record, Callable[[list[dict[str, Any]]], str]]] = {
    "ragas": (_ragas, _lines),
    "deepeval": (_deepeval, _list),
    "llamaindex": (_llamaindex, _lines),
    "ragchecker": (_ragchecker, _results),
    "trulens": (_trulens, _lines),
}
SUFFIXES = {"ragas": ".jsonl", "deepeval": ".json", "llamaindex": ".jsonl", "ragchecker": ".json", "trulens": ".jsonl"}
