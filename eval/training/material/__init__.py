"""Questions, lists and messages written for this project, to train on: `README.md` says what each file holds."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MATERIAL = Path(__file__).parent


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file of JSON Lines, compressed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
