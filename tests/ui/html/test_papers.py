"""The Papers tab as HTML."""

from __future__ import annotations

import re

from samples.shown import PAPER

from rag.ingestion.importers import SUFFIXES
from rag.library.archive import SUFFIX
from ui.html.home import home_html
from ui.html.papers import FORMATS, frame_html
from ui.html.wording import wording


def test_every_file_that_can_be_added_can_be_chosen() -> None:
    assert set(FORMATS.split(",")) == {*SUFFIXES, SUFFIX}


def test_a_huge_text_that_is_pasted_does_not_freeze_the_page() -> None:
    # A browser looks for the direction of each line: of two million characters this takes it a quarter of a minute.
    field = re.search(r'<textarea id="pp-pasted"[^>]*>', frame_html(wording("en"), [], True))
    assert field
    assert "dir=" not in field[0]


def test_a_single_paper_is_no_plural() -> None:
    assert wording("en")("papers.count.all", count=1) == "1 paper"
    assert wording("de")("papers.count.all", count=1) == "1 Arbeit"
    assert "1 paper ·" in home_html(1, PAPER, (), (), (), wording("en"))
