"""Reads lists of authors as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ingestion.cleaning import clean

_AND = re.compile(r" ?,? (?:and|&) ", re.IGNORECASE)
_NOBODY = re.compile(r"(?:and\s+)?(?:et\.? al\.?|others)", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|phd|md)\.?", re.IGNORECASE)


def author_names(authors: str | Sequence[str]) -> tuple[str, ...]:
    """Names in order, given name first, from a list or from one text: `A, B and C`, `A; B`, `Lin, B. and Kriegeskorte, N.`.

    In one text without `;` a comma separates authors, unless `and` separates parts that have one comma each.
    """
    names = _separated(clean(authors)) if isinstance(authors, str) else [clean(name) for name in authors]
    return tuple(_given_name_first(name) for name in names if name and not _NOBODY.fullmatch(name))


def _separated(text: str) -> list[str]:
    if ";" in text:
        return [name.strip() for name in text.split(";")]
    parts = _AND.split(text)
    if len(parts) > 1 and all(part.count(",") == 1 or _NOBODY.fullmatch(part) for part in parts):
        return parts
    return [name.strip() for part in parts for name in part.split(",")]


def _given_name_first(name: str) -> str:
    """`Lin, Baihan` as `Baihan Lin`; `Davis, Jr.` stays."""
    family, comma, given = (part.strip() for part in name.partition(","))
    turned = comma and family and given and "," not in given and not _SUFFIX.fullmatch(given)
    return f"{given} {family}" if turned else name
