"""The names that systems give the fields of a record, by tool and altogether."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """The names that the fields may have, the likeliest first."""

    question: tuple[str, ...]
    answer: tuple[str, ...]
    sources: tuple[str, ...]
    reference: tuple[str, ...]
    id: tuple[str, ...] = ("id",)
    alike: bool = False
    """Whether names that end alike are tried as well: `ai_response`, `bot_answer`."""


ANY = Form(
    (
        "question", "query", "user_input", "input", "prompt", "request", "main_input", "user_question", "user_query",
    ),
    (
        "actual_output", "prediction", "predicted_answer", "generated_answer", "generated_text", "model_answer", "agent_answer",
        "system_answer", "output", "main_output", "response", "answer", "completion", "result", "replies", "data",
    ),
    (
        "sources", "retrieved_contexts", "retrieved_context", "retrieval_context", "contexts", "source_documents", "source_nodes",
        "retrieved_documents", "retrieved_passages", "retrieved_chunks", "retrieved_docs", "context", "documents", "docs", "passages",
        "chunks", "search_results", "citations", "evidence", "document", "passage", "chunk", "source",
    ),
    (
        "reference", "ground_truth", "ground_truths", "reference_answer", "gt_answer", "expected_output", "expected_response",
        "expected_answer", "gold_answer", "correct_answer", "reference_outputs", "reference_output", "reference_responses",
        "reference_response", "ideal", "target",
    ),
    ("id", "query_id", "record_id"),
    alike=True,
)  # fmt: skip
"""What systems call them. Names of what a system generated come before `answer`, which may be the right one."""
OWN = Form(("question",), ("answer", *ANY.answer), ANY.sources, ANY.reference)
FORMS: Mapping[str, Form] = {
    "paperchat": OWN,
    "ragas": Form(
        ("user_input", "question"), ("response", "answer"), ("retrieved_contexts", "contexts"), ("reference", "ground_truth", "ground_truths")
    ),
    "deepeval": Form(("input",), ("actual_output",), ("retrieval_context", "context"), ("expected_output",)),
    "llamaindex": Form(("query",), ("response",), ("source_nodes", "contexts"), ("reference_answer", "reference")),
    "langchain": Form(
        ("query", "input", "question"), ("result", "answer"), ("source_documents", "context"), ("reference", "ground_truth")
    ),
    "ragchecker": Form(("query",), ("response",), ("retrieved_context",), ("gt_answer",), ("query_id",)),
    "trulens": Form(
        ("input", "main_input"), ("output", "main_output"), ("contexts", "context", "retrieved_contexts"), ("ground_truth",), ("record_id",)
    ),
}  # fmt: skip
"""The forms that can be asked for by name."""
ASIDE = re.compile(
    r"^(?:reference|expected|ground_truth|gold|gt_|target|ideal|correct|true|human|label|test_case|metadata|usage|settings|config)"
)
"""How the names of fields begin that hold no answer of the system, or none but the right one."""
ALIKE = {
    "question": re.compile(r"_(?:question|query)$"),
    "answer": re.compile(r"_(?:answer|response|output|prediction|completion)$"),
    "sources": re.compile(r"_(?:contexts?|sources?|documents?|docs|passages|chunks)$"),
    "reference": re.compile(
        r"^(?:reference|expected|ground_truth|gold|gt|target|ideal|correct|true|human)_(?:answer|response|output)s?$"
    ),
}
NUMBERED = re.compile(r"^(?:context|source|passage|document|doc|chunk)_?(\d{1,2})$")
