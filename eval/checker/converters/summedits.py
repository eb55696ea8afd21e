"""SummEdits (Laban et al., EMNLP 2023): summaries with one edit, consistent with their document (1) or not (0)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.checker.converters.fields import document, mapping, text
from eval.checker.labelled import Labelled
from rag.errors import ImportFailed


def read(path: Path) -> Iterator[Labelled]:
    found = document(path)
    if not isinstance(found, list):
        raise ImportFailed(f"{path} is not a list of summaries.")
    for number, one in enumerate(found, 1):
        where = f"{path}, summary {number}"
        record = mapping(one, where)
        if record.get("label") not in (0, 1):
            raise ImportFailed(f"{where} has no label 0 or 1.")
        label = int(record["label"])
        yield Labelled(text(record, "summary", where), (text(record, "doc", where),), bool(label), str(label), "summedits")
