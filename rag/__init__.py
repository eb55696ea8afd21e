"""Paperchat's core: from papers to cited answers. `open_library()` is the way in; importing this loads nothing heavy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.telemetry import disable_reports
from rag.types import Answer, Citation, Claim, Evidence, Hit, Paper

if TYPE_CHECKING:
    from rag.paperchat import Paperchat

__all__ = ["Answer", "Citation", "Claim", "Evidence", "Hit", "Paper", "open_library"]
__version__ = "0.1.0"

disable_reports()  # nothing above has imported a library yet, and everything below this package comes later


def open_library(folder: str | Path | None = None, **options: Any) -> Paperchat:
    """The library in `folder` with its assistant; `rag.build.open_library` says what `options` there are and what may be raised."""
    from rag.build import open_library as build

    return build(folder, **options)
