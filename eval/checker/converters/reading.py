"""The reading set (JSON Lines, an abstract a line): claims written about single sentences of it, true, partly true and false.

`read` holds each against the sentences that it was written about, `read_abstracts` against the whole abstract.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from eval.checker.converters.fields import mapping, text, texts
from eval.checker.labelled import Labelled, file_bytes, records
from rag.errors import ImportFailed


def read(path: Path, only: Container[str] | None = None) -> Iterator[Labelled]:
    """A pair for each claim that is compared with at least one sentence; `only` names the papers, all where it is None."""
    for number, record in records(path, file_bytes(path)):
        where = f"{path}:{number}"
        sentences = texts(record, "sentences", where)
        for one in record.get("claims") or () if only is None or record.get("id") in only else ():
            claim = mapping(one, where)
            evidence = _cited(claim, sentences, where)
            if evidence:
                label = text(claim, "verdict", where)
                yield Labelled(text(claim, "claim", where), evidence, label == "supported", label, "reading")


def read_abstracts(path: Path, only: Container[str] | None = None) -> Iterator[Labelled]:
    """A pair for each claim and the abstract that it was written about; `only` names the papers, all where it is None."""
    for number, record in records(path, file_bytes(path)):
        where = f"{path}:{number}"
        sentences = texts(record, "sentences", where)
        for one in record.get("claims") or () if only is None or record.get("id") in only else ():
            claim = mapping(one, where)
            label = text(claim, "verdict", where)
            yield Labelled(text(claim, "claim", where), sentences, label == "supported", label, "reading-abstracts")


def _cited(claim: dict[str, Any], sentences: tuple[str, ...], where: str) -> tuple[str, ...]:
    places = claim.get("sentences")
    if not isinstance(places, list) or not all(isinstance(place, int) and 0 <= place < len(sentences) for place in places):
        raise ImportFailed(f"{where} has a claim whose sentences are not places in the abstract.")
    return tuple(sentences[place] for place in places)
