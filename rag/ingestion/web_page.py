"""Reads saved web pages that say what they hold: *Daily Papers* with its data inside, pages with citation tags, arXiv's lists."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from rag.ingestion.api_records import paper_from
from rag.ingestion.arxiv_text import ArxivTextImporter
from rag.ingestion.fields import UnusableError, foreign_paper_of
from rag.ingestion.outcomes import Outcome, Unreadable, report
from rag.types import Paper, Refused

LONGEST_PAGE = 16 * 1024 * 1024
_BLOCKS = frozenset(
    "p div li ul ol dl dt dd tr td th h1 h2 h3 h4 h5 h6 br section article header footer main nav blockquote table span".split()
) - {"span"}
_HIDDEN = frozenset("script style template noscript svg".split())
_ABSTRACTS = ("citation_abstract", "dc.description", "dcterms.abstract", "og:description", "description")


class WebPageImporter:
    """A page without any of that is refused."""

    @property
    def name(self) -> str:
        return "web-page"

    def recognises(self, head: str) -> bool:
        return bool(
            re.match(
                r"^\s*+(?:<!--.{0,2000}?-->\s*+)?<(?:!doctype\s++html|html)\b", head.lstrip("\ufeff"), re.IGNORECASE | re.DOTALL
            )
        )

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        page, size, kept = _Page(), 0, []
        for line in lines:
            size += len(line)
            if not isinstance(line, Unreadable) and size <= LONGEST_PAGE:
                kept.append(line)
        page.feed(_with_ends("".join(kept)))
        page.close()
        yield from report(_from_data(page, source), source)
        if page.data:
            return
        if title := page.metas.get("citation_title", [""])[0]:
            yield from report([_cited(page, title, source)], source)
            return
        text = page.text()
        if ArxivTextImporter().recognises(text):
            yield from ArxivTextImporter().read(io.StringIO(text), source)


def _with_ends(text: str) -> str:
    """Without the marks of what begins and never ends: the parser would look for the end of each once more."""
    comments = max(text.rfind("-->"), 0)
    text = text[:comments] + text[comments:].replace("<!--", " ")
    tags = text.rfind(">") + 1
    return text[:tags] + text[tags:].replace("<", " ")


class _Page(HTMLParser):
    """What a page holds: the data for its own script, its meta tags, and its text, a line a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.data: list[Any] = []
        self.metas: dict[str, list[str]] = {}
        self._text: list[str] = []
        self._hidden = 0

    def parse_html_declaration(self, i: int) -> int:
        """As HTML has it, `<![` begins a comment; the parser of older Pythons raises where no name follows."""
        return self.parse_bogus_comment(i) if self.rawdata.startswith("<![", i) else super().parse_html_declaration(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag in _HIDDEN:
            self._hidden += 1
        if tag == "meta" and (name := known.get("name") or known.get("property")):
            self.metas.setdefault(name.lower(), []).append(known.get("content", ""))
        if "Papers" in known.get("data-props", "") or "paper" in known.get("data-props", "")[:200]:
            self._keep(known["data-props"])
        if tag in _BLOCKS:
            self._text.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        hidden = self._hidden
        self.handle_starttag(tag, attrs)
        self._hidden = hidden

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(self._hidden - 1, 0)
        if tag in _BLOCKS:
            self._text.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._text.append(data.replace("\n", " "))

    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._text).split("\n"))
        return "\n".join(line for line in lines if line)

    def _keep(self, text: str) -> None:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return
        for name in ("dailyPapers", "papers", "trendingPapers"):
            if isinstance(value, dict) and isinstance(value.get(name), list):
                self.data += [one for one in value[name] if isinstance(one, dict)]
        if isinstance(value, dict) and isinstance(value.get("paper"), dict):
            self.data.append(value)


def _from_data(page: _Page, source: str) -> Iterator[Outcome]:
    for record in page.data:
        try:
            yield 1, paper_from(record, source)
        except UnusableError as reason:
            yield 1, str(reason)


def _cited(page: _Page, title: str, source: str) -> Outcome:
    def first(*names: str) -> str:
        return next((value for name in names for value in page.metas.get(name, ()) if value.strip()), "")

    fields = {
        "title": title, "abstract": first(*_ABSTRACTS), "year": first("citation_publication_date", "citation_date", "citation_year", "citation_online_date"),
        "venue": first("citation_journal_title", "citation_conference_title", "citation_inbook_title"), "doi": first("citation_doi", "dc.identifier"),
        "arxiv_id": first("citation_arxiv_id"), "url": first("citation_public_url", "og:url", "citation_abstract_html_url"),
    }  # fmt: skip
    try:
        return 1, foreign_paper_of(fields, page.metas.get("citation_author", []), source)
    except UnusableError as reason:
        return 1, str(reason)
