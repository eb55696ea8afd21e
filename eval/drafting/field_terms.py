"""Points of the field known by name, such as learning rate or speech recognition: which ones a text names, and whether a text treats one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rag.text.words import stem, words

_ABBREVIATION = re.compile(r"\b[a-z]{0,4}[a-rt-z]$")
Form = tuple[str, ...]
"""The stems of a name's words, in order."""


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """One line of `field_terms.txt`. `naming` forms name it; all `forms` name it or closely imply it."""

    name: str
    forms: tuple[Form, ...]
    naming: tuple[Form, ...]


def field_terms_in(text: str) -> list[FieldTerm]:
    """The terms that the text names, each once, in order; where several forms begin at one word, the longest is meant."""
    index = _by_first_stem()
    stemmed = tuple(map(stem, words(text)))
    found: dict[str, FieldTerm] = {}
    at = 0
    while at < len(stemmed):
        for form, term in index.get(stemmed[at], ()):
            if stemmed[at : at + len(form)] == form:
                found.setdefault(term.name, term)
                at += len(form)
                break
        else:
            at += 1
    return list(found.values())


def stands_in(term: FieldTerm, stems: Sequence[str]) -> bool:
    """Whether any form of the term stands in a text, given as the stems of all its words in order."""
    return any(stands_in_text(form, stems) for form in term.forms)


def stands_in_text(form: Form, stems: Sequence[str]) -> bool:
    """Whether this form does."""
    return f" {' '.join(form)} " in f" {' '.join(stems)} "


@cache
def all_terms() -> tuple[FieldTerm, ...]:
    """The whole list, in the order of the file."""
    lines = (files("eval.drafting") / "field_terms.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_term(line) for line in lines if line and not line.startswith("#"))


def _term(line: str) -> FieldTerm:
    names = line.split(" | ")
    forms = _forms(name.removeprefix("~") for name in names)
    return FieldTerm(names[0].removeprefix("~"), forms, _forms(name for name in names if not name.startswith("~")))


def _forms(names: Iterable[str]) -> tuple[Form, ...]:
    # The stemmer leaves the plurals of most abbreviations (`gnns`) and of words in -u (`gpus`) as they are.
    both = (form for name in names for form in (name, name + "s" if _ABBREVIATION.search(name) else name))
    return tuple(dict.fromkeys(tuple(map(stem, words(form))) for form in both))


@cache
def _by_first_stem() -> Mapping[str, Sequence[tuple[Form, FieldTerm]]]:
    """First stem to the forms that begin with it, longest first, each with its term."""
    index: dict[str, list[tuple[Form, FieldTerm]]] = {}
    for term in all_terms():
        for form in term.naming:
            index.setdefault(form[0], []).append((form, term))
    return {first: sorted(entries, key=lambda entry: -len(entry[0])) for first, entries in index.items()}
