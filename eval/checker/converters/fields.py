"""Takes fields out of a record of somebody else's file, and says where one is missing or of another kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.checker.labelled import file_bytes
from rag.errors import ImportFailed


def text(record: Mapping[str, Any], key: str, where: str) -> str:
    found = record.get(key)
    if not isinstance(found, str) or not found.strip():
        raise ImportFailed(f"{where} has no text under “{key}”.")
    return found


def texts(record: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    found = record.get(key)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ImportFailed(f"{where} has no list of texts under “{key}”.")
    return tuple(one.strip() for one in found)


def document(path: Path) -> Any:
    """A whole JSON file. Raises ImportFailed, with the line, where it is none."""
    try:
        return json.loads(file_bytes(path).decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise ImportFailed(f"{path}:{error.lineno} is not JSON ({error.msg}).") from None
    except UnicodeDecodeError as error:
        raise ImportFailed(f"{path} is not UTF-8 text (byte {error.start}).") from None


def mapping(found: object, where: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise ImportFailed(f"{where} is not a JSON object.")
    return found
