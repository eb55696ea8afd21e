"""What a column of an evidence table asks of each paper: one of the known aspects, or any other, worded as a question or in a few words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from rag.errors import WrongTable
from rag.query.question import clean
from rag.query.translation import to_english
from rag.text.sentence_roles import Role
from rag.text.words import fold

ASPECTS = ("problem", "approach", "data", "result", "limits")
"""The columns where nobody asked for others."""
MOST = 12
"""Columns of one table."""
LONGEST = 200
"""Characters of a column's name."""
_QUESTION_WORDS = frozenset(
    "what which who whom whose how why when where is are was were do does did can could has have had will would".split()
)

Among = Literal["all", "own", "data", "counts"]


@dataclass(frozen=True, slots=True)
class Aspect:
    """A column: its name as it was given, and how its sentences are found (`rag/data/aspects.toml` explains the fields)."""

    name: str
    role: Role | None = None
    labels: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    among: Among = "all"
    units: frozenset[str] = frozenset()
    cues: frozenset[str] = frozenset()


def columns(names: Sequence[str]) -> tuple[Aspect, ...]:
    """A column for each name, without repeats; without names, those of `ASPECTS`. Raises WrongTable if they are too many or too long."""
    first: dict[str, str] = {}
    for name in filter(None, map(clean, names)):
        first.setdefault(fold(name), name)
    wanted = list(first.values())
    long = next((name for name in wanted if len(name) > LONGEST), None)
    if long is not None:
        raise WrongTable(f"A column may have {LONGEST} characters at most: shorten “{long[:40]}…”.")
    if len(wanted) > MOST:
        raise WrongTable(f"A table may have {MOST} columns at most: leave out {len(wanted) - MOST} of the {len(wanted)}.")
    return tuple(aspect(name) for name in wanted or ASPECTS)


def aspect(name: str) -> Aspect:
    """The known aspect that is called so, with the name as it was given; else one that asks in these words."""
    known = _known().get(fold(name).strip(" ?.:"))
    return replace(known, name=name) if known is not None else Aspect(name, questions=(question(name),))


def question(name: str) -> str:
    """The column's name as a question in English: `loss function` asks “What is the loss function?”."""
    asked = to_english(name).strip()
    words = fold(asked).strip("?").split()
    if words and words[0] in _QUESTION_WORDS:
        return f"{asked.rstrip('? ')}?"
    if asked.endswith("?"):
        return f"Is the {asked}" if len(words) > 1 else f"What about {asked}"
    return f"What is the {asked}?"


@cache
def _known() -> dict[str, Aspect]:
    import tomllib

    read = tomllib.loads((files("rag") / "data" / "aspects.toml").read_text(encoding="utf-8"))
    return {fold(name): _aspect(fields) for fields in read["aspects"] for name in fields["names"]}


def _aspect(fields: dict[str, object]) -> Aspect:
    texts = {name: tuple(cast("list[str]", fields.get(name, []))) for name in ("labels", "questions")}
    units, cues = (frozenset(str(fields.get(name, "")).split()) for name in ("units", "cues"))
    role, among = cast("Role | None", fields.get("role")), cast("Among", fields.get("among", "all"))
    return Aspect("", role, texts["labels"], texts["questions"], among, units, cues)
