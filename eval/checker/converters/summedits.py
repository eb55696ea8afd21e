"""SummEdits (Laban et al., EMNLP 2023): summaries with one edit, consistent with their document (1) or not (0)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.checker.converters.fields import document, mapping, text
from eval.checker.labelled import Labelled, file_bytes, records
from rag.errors import ImportFailed


def read(path: Path) -> Iterator[Labelled]:
    """The part of a summary is its `domain`, or what the file is named for: `summedits_scitldr.json`."""
    beside = path.stem.removeprefix("summedits_") if path.stem.startswith("summedits_") else ""
    for where, record in _summaries(path):
        if record.get("label") not in (0, 1):
            raise ImportFailed(f"{where} has no label 0 or 1.")
        label, part = int(record["label"]), str(record.get("domain") or beside)
        source = f"summedits/{part}" if part else "summedits"
        yield Labelled(text(record, "summary", where), (text(record, "doc", where),), bool(label), str(label), source)


def _summaries(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    data = file_bytes(path)
    if data[:2] == b"\x1f\x8b" or data.lstrip()[:2] in (b'{"', b"{ "):
        yield from ((f"{path}:{number}", record) for number, record in records(path, data))
        return
    found = document(path)
    if not isinstance(found, list):
        raise ImportFailed(f"{path} is not a list of summaries.")
    for number, one in enumerate(found, 1):
        where = f"{path}, summary {number}"
        yield where, mapping(one, where)
