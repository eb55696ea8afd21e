"""HealthVer (Sarrouti et al., EMNLP 2021): health claims against sentences of papers, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from eval.checker.converters.fields import text
from eval.checker.labelled import Labelled, file_bytes
from rag.errors import ImportFailed

_COLUMNS = {"claim", "evidence", "label"}


def read(path: Path) -> Iterator[Labelled]:
    try:
        rows = csv.DictReader(io.StringIO(file_bytes(path).decode("utf-8-sig"), newline=""), strict=True)
        missing = sorted(_COLUMNS - set(rows.fieldnames or ()))
        if missing:
            raise ImportFailed(f"{path}:1 has no column {', '.join(missing)}.")
        for row in rows:
            where = f"{path}:{rows.line_num}"
            label = text(row, "label", where)
            yield Labelled(text(row, "claim", where), (text(row, "evidence", where),), label == "Supports", label, "healthver")
    except csv.Error as error:
        raise ImportFailed(f"{path}:{rows.line_num} is not CSV ({error}).") from None
    except UnicodeDecodeError as error:
        raise ImportFailed(f"{path} is not UTF-8 text (byte {error.start}).") from None
