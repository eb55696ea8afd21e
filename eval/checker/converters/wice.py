"""WiCE (Kamoi et al., EMNLP 2023): claims of Wikipedia and the sentences of the pages that they cite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.checker.converters.fields import text, texts
from eval.checker.labelled import Labelled, file_bytes, records


def read(path: Path) -> Iterator[Labelled]:
    """Only `supported` counts as such, `partially_supported` does not."""
    for number, record in records(path, file_bytes(path)):
        where = f"{path}:{number}"
        label = text(record, "label", where)
        yield Labelled(text(record, "claim", where), texts(record, "evidence", where), label == "supported", label, "wice")
