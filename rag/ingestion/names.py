"""Reads lists of authors as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ingestion.cleaning import clean
from rag.ingestion.markup import without_markup

_AND = re.compile(r" ?,? (?:and|&) ", re.IGNORECASE)
_NOBODY = re.compile(r"(?:and\s+)?(?:et\.? al\.?|others)", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:[Jj][Rr]|[Ss][Rr]|II|III|IV|Ph\.?D|PHD|M\.?D)\.?|ii|iii|iv")
"""Behind a name; `Md` is a given name."""
_LONGEST_LIST = 100_000
"""Characters of a list of authors in JSON or Python form. Chosen."""
_QUOTED = re.compile(r"(?<=[\[, ])(?:'([^'\\\n]{1,300})'|\"([^\"\\\n]{1,300})\")(?=\s?[,\]])")
_NAMESAKE = re.compile(r"(?<=\w)\s[0-9]{4}\Z")
_INITIALS = re.compile("[A-Z]{1,3}")
"""Behind a family name, as PubMed writes: `Muster E, Ek B` are two."""
_DOTTED = re.compile(r"(?:[^\W\d_]\.[ -]?){1,5}")
"""Initials behind a family name and a comma, as in `Li, X., Ek, B.-J.`."""
_AFFILIATIONS = re.compile(r"(?<!\s)\s*+\((?:[^()]|\([^()]*+\))*+\)")


def author_names(authors: str | Sequence[str]) -> tuple[str, ...]:
    """Names in order, given name first, from a list or from one text: `A, B and C`, `A; B`, `Lin, B. and Kriegeskorte, N.`.

    In one text without `;` a comma separates authors, unless `and` separates parts that have one comma each, or initials stand
    behind every second one.
    """
    authors = _listed(authors) if isinstance(authors, str) else authors
    names = (
        _separated(_AFFILIATIONS.sub("", clean(without_markup(authors))))
        if isinstance(authors, str)
        else [clean(without_markup(name)) for name in authors]
    )
    return tuple(_given_name_first(name) for name in names if name and not _NOBODY.fullmatch(name))


def _listed(text: str) -> str | list[str]:
    """The names of a list as programs write one into a cell (`['Lin, B.', 'Wu, C.']`, JSON's too); another text as it is."""
    if not text.startswith("[") or not text.endswith("]") or len(text) > _LONGEST_LIST:
        return text
    found = [one[0] or one[1] for one in _QUOTED.findall(text)]
    return found or text


def _separated(text: str) -> list[str]:
    if ";" in text:
        return [name.strip() for name in text.split(";")]
    if _is_of_pubmed(text):
        text = text[:-1]
    parts = _AND.split(text)
    if len(parts) > 1 and all(part.count(",") == 1 or _NOBODY.fullmatch(part) for part in parts):
        return parts
    pieces = [piece.strip() for part in parts for piece in part.split(",") if piece.strip()]
    if pieces and _NOBODY.fullmatch(pieces[-1]):
        pieces.pop()
    if len(pieces) > 2 and len(pieces) % 2 == 0 and all(_DOTTED.fullmatch(initials) for initials in pieces[1::2]):
        return [f"{family}, {initials}" for family, initials in zip(pieces[::2], pieces[1::2], strict=True)]
    if len(parts) == 1 and _is_one_name(text):
        return [text]
    return [name.strip() for part in parts for name in part.split(",")]


def _is_of_pubmed(text: str) -> bool:
    """Whether it is a list of names as PubMed writes it, which ends with a full stop: `Muster E, Ek B.`."""
    names = text.removesuffix(".").split(", ")
    return text.endswith(".") and len(names) > 1 and all(map(_ends_with_initials, names))


def _ends_with_initials(name: str) -> bool:
    family, _, initials = name.rpartition(" ")
    return bool(family) and not set(",.;") & set(name) and _INITIALS.fullmatch(initials) is not None


def _is_one_name(text: str) -> bool:
    """Whether a text with one comma is `Family, Given`: behind it stands one word, or words and initials as no two authors have."""
    family, comma, given = (part.strip() for part in text.partition(","))
    return (
        bool(comma)
        and "," not in given
        and 0 < len(given.split()) <= 2
        and (len(given.split()) == 1 or given.endswith("."))
        and len(family.split()) <= 3
        and not family.endswith(".")
        and not _INITIALS.fullmatch(family.split()[-1] if len(family.split()) > 1 else "")
    )


def _given_name_first(name: str) -> str:
    """`Lin, Baihan` as `Baihan Lin`; `Ek, Bo, Jr.` as `Bo Ek Jr.`; `Davis, Jr.` stays. DBLP's number of one of several people of a name goes."""
    name = _NAMESAKE.sub("", name)
    family, comma, given = (part.strip() for part in name.partition(","))
    given, _, suffix = (part.strip() for part in given.rpartition(",")) if "," in given else (given, "", "")
    if not suffix and len(given.split()) > 1 and _SUFFIX.fullmatch(given.split()[-1]):  # PubMed: `Ek, Bo Jr`
        given, _, suffix = given.rpartition(" ")
    turned = comma and family and given and "," not in given and not _SUFFIX.fullmatch(given)
    if not turned or (suffix and not _SUFFIX.fullmatch(suffix)):
        return name
    return f"{given} {family} {suffix}".rstrip()
