"""Reads a page of papers as people paste or save it: header lines, then a title and an abstract for each paper."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from rag.identity import normalised_title
from rag.ingestion.fields import UnusableError, paper_of
from rag.ingestion.outcomes import LONGEST_ABSTRACT, Outcome, report
from rag.ingestion.paragraphs import Paragraph, paragraphs
from rag.ingestion.prose import continues, in_title_case, kind, reads_as_sentence, stopped
from rag.types import Paper, Refused

_OTHER_FORMAT = re.compile(r"^\s*+(?:[\[{]\s*[\"{\[\]}]|<[!?a-z]|@\w+\s*\{|TY {1,2}-)", re.IGNORECASE)
_JSON_LINE = re.compile(r"^[^\S\n]*+\{\s*+\"", re.MULTILINE)
_HEADING = re.compile(r"\A#{1,6}\s+")
"""How Markdown marks one."""
_CELL = re.compile(r"[,;\t]")

Role = Literal["title", "abstract", "again"]


class PageImporter:
    """Titles and abstracts in turn. Menus, dates, counts and buttons are passed over; a title without an abstract is refused."""

    @property
    def name(self) -> str:
        return "page"

    def recognises(self, head: str) -> bool:
        """Whether a title with an abstract under it stands there, and it is not plainly JSON, CSV, HTML, BibTeX or RIS."""
        head = head.lstrip("\ufeff")
        if _OTHER_FORMAT.match(head) or _JSON_LINE.search(head) or _is_table(head):
            return False
        return any(isinstance(found, Paper) for found in self.read(io.StringIO(head, newline=None), "head"))

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        """Papers in the page's order; refused are a title without abstract, text without title, a repeat, an unreadable line."""
        return report(_outcomes(lines, source), source)


def _is_table(head: str) -> bool:
    first = head.lstrip().partition("\n")[0]
    cells = [cell.strip().strip("\"'").lower() for cell in _CELL.split(first)]
    return len(cells) > 1 and "title" in cells


@dataclass(slots=True)
class _Draft:
    """A paper while it is read. `damage` says why it cannot be taken although it has a title and some text."""

    title: Paragraph | None = None
    parts: list[Paragraph] = field(default_factory=list)
    damage: str = ""

    def add(self, paragraph: Paragraph) -> None:
        self.parts.append(paragraph)
        if sum(len(part.text) for part in self.parts) > LONGEST_ABSTRACT:
            self.damage = self.damage or f"The text here is longer than {LONGEST_ABSTRACT:,} characters: no abstract is."
            del self.parts[1:]

    def spoil(self, unreadable: Paragraph) -> None:
        if self.title and not self.damage:
            self.damage = f"The abstract of “{self.title.text}” is not whole: line {unreadable.line} could not be read."

    def outcomes(self, source: str) -> Iterator[Outcome]:
        """What has come of it: one paper, one reason, or nothing if nothing was begun or all was said already."""
        if not self.title:
            if self.parts and not self.damage:
                yield self.parts[0].line, "This text has no title above it. Put the paper's title on the line before."
        elif self.damage:
            yield self.title.line, self.damage
        elif not self.parts:
            yield self.title.line, f"“{_shortened(self.title.text)}” has no abstract under it."
        else:
            record = {"title": _HEADING.sub("", self.title.text), "abstract": " ".join(part.text for part in self.parts)}
            try:
                yield self.title.line, paper_of(record, source)
            except UnusableError as reason:
                yield self.title.line, str(reason)


def _outcomes(lines: Iterable[str], source: str) -> Iterator[Outcome]:
    draft = _Draft()
    for paragraph, following in _with_following(paragraphs(lines)):
        if paragraph.unreadable:
            yield paragraph.line, paragraph.unreadable
            if _is_complete(draft, paragraph):
                yield from draft.outcomes(source)
                draft = _Draft(damage="The title could not be read.")
            else:
                draft.spoil(paragraph)
            continue
        role = _role(paragraph, following, draft)
        if role == "abstract":
            draft.add(paragraph)
        elif role == "title":
            yield from draft.outcomes(source)
            draft = _Draft(paragraph)
    yield from draft.outcomes(source)


def _with_following(found: Iterator[Paragraph]) -> Iterator[tuple[Paragraph, Paragraph | None]]:
    before: Paragraph | None = None
    for paragraph in found:
        if before:
            yield before, paragraph
        before = paragraph
    if before:
        yield before, None


def _is_complete(draft: _Draft, unreadable: Paragraph) -> bool:
    """Whether the unreadable line is no part of the paper: it stands apart from a text, or below a text in one whole line."""
    if not draft.parts:
        return draft.title is None
    return unreadable.apart or (draft.parts[-1].lines == 1 and stopped(draft.parts[-1].text))


def _role(here: Paragraph, following: Paragraph | None, draft: _Draft) -> Role:
    """What the paragraph is, by how it is written and, where that leaves it open, by what stands around it."""
    how = kind(here.text)
    if how == "prose":
        return "abstract"
    if draft.title and not draft.parts and normalised_title(draft.title.text) == normalised_title(here.text):
        return "again"
    prose_follows = following is not None and kind(following.text) == "prose"
    if draft.parts and not prose_follows and _is_tail(here, draft.parts[-1].text):
        return "abstract"
    if how == "title" or draft == _Draft():
        return "title"
    if prose_follows:
        return "abstract" if _is_sentence(here) else "title"
    return "abstract" if not draft.parts or stopped(here.text) else "title"


def _is_tail(here: Paragraph, before: str) -> bool:
    """Whether an abstract that breaks off goes on here, in a piece too short to look like prose."""
    if continues(before, here.text):
        return True
    return not here.apart and not in_title_case(here.text) and (not stopped(before) or reads_as_sentence(here.text))


def _is_sentence(here: Paragraph) -> bool:
    """Whether a short text is a sentence, not a title with a full stop."""
    return stopped(here.text) and (reads_as_sentence(here.text) or not (here.apart or in_title_case(here.text)))


def _shortened(title: str) -> str:
    return title if len(title) <= 80 else f"{title[:80].rsplit(' ', 1)[0]} …"
