"""Gives the papers that come with Paperchat."""

from __future__ import annotations

from importlib import resources

from rag.errors import ImportFailed
from rag.ingestion.jsonl import JsonLinesImporter
from rag.types import Paper, Refused

SOURCE = "bundled papers"


def bundled_papers() -> list[Paper]:
    """The 58 papers of `rag/data/papers.jsonl`, in the order of the page they come from."""
    try:
        text = (resources.files("rag") / "data" / "papers.jsonl").read_text(encoding="utf-8")
    except OSError as error:
        raise ImportFailed("The bundled papers are missing. Reinstall Paperchat.") from error
    return [_taken(each) for each in JsonLinesImporter().read(text.split("\n"), SOURCE)]


def _taken(found: Paper | Refused) -> Paper:
    if isinstance(found, Refused):
        raise ImportFailed(f"The bundled papers are damaged ({found.where}: {found.reason}). Install it again.")
    return found
