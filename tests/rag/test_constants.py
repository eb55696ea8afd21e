"""Every number that the code of `rag` names says what it counts, and every file of fitted weights where it comes from."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

RAG = Path(__file__).resolve().parents[2] / "rag"


def numbers(module: Path) -> Iterator[tuple[str, bool]]:
    """The numbers that a module names at its top, each with whether a text below says what it is."""
    body = ast.parse(module.read_text(encoding="utf-8")).body
    for statement, following in zip(body, [*body[1:], None], strict=True):
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        value = getattr(statement, "value", None)
        if isinstance(value, ast.UnaryOp):
            value = value.operand
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and type(value.value) in (int, float):
            said = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            yield target.id, said and isinstance(following.value.value, str)


def test_every_named_number_says_what_it_counts() -> None:
    found = {f"{module.relative_to(RAG)}: {name}": said for module in sorted(RAG.rglob("*.py")) for name, said in numbers(module)}
    assert len(found) > 250
    assert [name for name, said in found.items() if not said] == []


@pytest.mark.parametrize("file", ["sentence_weights.json", "word_scorer.json"])
def test_weights_say_where_they_come_from(file: str) -> None:
    comment = json.loads((RAG / "data" / file).read_text(encoding="utf-8"))["comment"]
    assert "python -m eval.training." in comment
