"""Errors in German: every sentence that the page or a command can show has one, and the values in it stay."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import prompts
from rag.errors import PaperchatError

SHOWN = (
    "rag/answering/limits.py", "rag/answering/model_writers.py", "rag/answering/multi_paper.py", "rag/build.py", "rag/generation/summary.py", "rag/generation/writer.py",
    "rag/ingestion/containers.py", "rag/ingestion/importers.py", "rag/ingestion/reading.py", "rag/library/collections.py", "rag/library/files.py",
    "rag/library/indexes/failures.py", "rag/library/lock.py", "rag/library/lookup.py", "rag/library/postgres.py",
    "rag/llm/budget.py", "rag/llm/chat.py",
    "rag/llm/reply.py", "rag/llm/request.py", "ui/conversations/database.py", "ui/server/service.py", "ui/tabs/import_sources.py",
    "rag/library/archive.py", "rag/library/database.py", "rag/library/library.py", "rag/library/owner.py", "rag/library/repair.py",
    "rag/review/aspects.py", "rag/review/draft.py", "rag/review/evidence_table.py", "rag/settings.py", "rag/sources/request.py",
    "rag/sources/watch.py", "rag/sources/zotero_file.py", "ui/conversations/documents.py", "ui/server/lifecycle.py",
    "ui/server/passwords.py", "ui/tabs/requests.py", "ui/tabs/tables.py",
)  # fmt: skip
"""Files whose errors people see. Those of the evaluation, of Typer and of programs' calls stay in English."""
SENTENCES = tomllib.loads((prompts.FOLDER / "errors_de.toml").read_text(encoding="utf-8"))["sentences"]


def raised() -> Iterator[tuple[str, str]]:
    """Each error of these files that is written as a text, with `7` for each value in it."""
    for file in SHOWN:
        for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                text = node.exc.args[0]
                parts = text.values if isinstance(text, ast.JoinedStr) else [text]
                if all(isinstance(part, (ast.Constant, ast.FormattedValue)) for part in parts) and any(
                    isinstance(part, ast.Constant) and isinstance(part.value, str) for part in parts
                ):
                    yield file, "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)


@pytest.mark.parametrize(("file", "message"), sorted(set(raised())))
def test_errors_of_the_page_are_known_in_german(file: str, message: str) -> None:
    worded = prompts.error_text(message, "de")
    assert worded != message, f"{file}: add “{message}” to prompts/errors_de.toml"


@pytest.mark.parametrize(("english", "german"), SENTENCES, ids=[english[:40] for english, _ in SENTENCES])
def test_every_value_of_an_error_stands_in_its_german_wording(english: str, german: str) -> None:
    values = [f"value{at}" for at in range(english.count("{}"))]
    worded = prompts.error_text(english.format(*values), "de")
    assert worded == german.format(*values)
    assert english.startswith("Supported formats") or all(value in worded for value in values)


def test_sentences_that_are_not_known_stay_in_english() -> None:
    assert prompts.error_text("notes.doc is empty. It smells of salt. Try again later.", "de") == (
        "notes.doc ist leer. It smells of salt. Versuchen Sie es später noch einmal."
    )
    assert prompts.error_text("x is empty.", "en") == prompts.error_text("x is empty.", "fr") == "x is empty."
    long = "x" * prompts.LONGEST_ERROR + " is empty."
    assert prompts.error_text(long, "de") == long
    assert prompts.error_text(str(PaperchatError()), "de") == ""


def test_labels_are_known_in_german() -> None:
    assert [prompts.error_label(kind, "de") for kind in ("error", "warning", "note")] == ["Fehler", "Warnung", "Hinweis"]
    assert prompts.error_label("note", "en") == prompts.error_label("note", "fr") == "Note"
