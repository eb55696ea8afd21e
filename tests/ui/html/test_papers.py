"""The Papers tab as HTML."""

from __future__ import annotations

from rag.ingestion.importers import SUFFIXES
from rag.library.archive import SUFFIX
from ui.html.papers import FORMATS


def test_every_file_that_can_be_added_can_be_chosen() -> None:
    assert set(FORMATS.split(",")) == {*SUFFIXES, SUFFIX}
