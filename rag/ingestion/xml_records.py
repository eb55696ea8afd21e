"""Reads XML of papers: PubMed's, EndNote's, arXiv's Atom feed and harvesting service. Safe and streamed.

The text is cut at the tags of its records, and each record is parsed by itself: a document's entities are never read, so nothing can
expand or point outside; a damaged record costs only itself; no more than one record is held.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from xml.etree import ElementTree

from rag.ingestion.fields import UnusableError
from rag.ingestion.outcomes import Outcome, Unreadable, report
from rag.types import Paper, Refused

LONGEST_RECORD = 4 * 1024 * 1024
"""Characters: PubMed's records hold long lists of references."""
_NAMED_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
_NAMESPACE = re.compile(r"\sxmlns(?::[\w.-]{1,40})?\s?=\s?(?:\"[^\"<>]*\"|'[^'<>]*')")
_PREFIX = re.compile(r"(</?)[A-Za-z_][\w.-]*:")
_PREFIXED_ATTRIBUTE = re.compile(r"(\s)[A-Za-z_][\w.-]*:([\w.-]+\s*=)")

Element = ElementTree.Element
Take = Callable[[Element, str], Paper]


@dataclass(frozen=True)
class XmlImporter:
    """Records in elements called `tags`; `take` makes a paper of one, whose names are without prefixes, and may raise UnusableError."""

    name: str
    tags: Mapping[str, Take]
    signs: re.Pattern[str]

    def recognises(self, head: str) -> bool:
        """Whether it is XML with the signs of this kind."""
        return is_xml_with(self.signs, head)

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        """Papers in the file's order; of a file that is cut off, all before the cut."""
        return report(self._outcomes(lines, source), source)

    def _outcomes(self, lines: Iterable[str], source: str) -> Iterator[Outcome]:
        for number, tag, text in cut(lines, frozenset(self.tags)):
            yield number, taken(text, lambda record, tag=tag: self.tags[tag](record, source))  # type: ignore[misc]


def is_xml_with(signs: re.Pattern[str], head: str) -> bool:
    """Whether a file that begins with `head` is XML with these signs near its beginning."""
    head = head.lstrip("\ufeff \t\r\n")
    return head.startswith("<") and bool(signs.search(head[:20_000]))


def taken(text: str, take: Callable[[Element], Paper]) -> Paper | str:
    """The paper of a record's text, or why there is none."""
    if isinstance(text, Unreadable):
        return text.reason
    try:
        return take(parsed(text))
    except ElementTree.ParseError as error:
        return f"This record is no whole XML: {error}."
    except UnusableError as reason:
        return str(reason)


def text_of(element: Element | None) -> str:
    """All text in it, in order."""
    return "".join(element.itertext()) if element is not None else ""


def first_text(record: Element, *paths: str) -> str:
    """The text of the first of these paths that has one, else nothing."""
    return next((text for path in paths if (text := text_of(record.find(path)).strip())), "")


def marked_up(element: Element | None) -> str:
    """Its text with the tags of markup inside, as `markup` understands them."""
    if element is None:
        return ""
    inner = "".join(ElementTree.tostring(child, encoding="unicode") for child in element)
    return f"{html.escape(element.text or '', quote=False)}{inner}"


def parsed(text: str) -> Element:
    """The element, its names without prefixes. Raises ElementTree.ParseError."""
    text = _NAMESPACE.sub("", text) if "xmlns" in text else text
    plain = _NAMED_ENTITY.sub(lambda found: html.escape(html.unescape(found[0])), text)
    unprefixed = _PREFIXED_ATTRIBUTE.sub(r"\1\2", _PREFIX.sub(r"\1", plain)) if ":" in plain else plain
    return ElementTree.fromstring(_without_controls(unprefixed))


def _without_controls(text: str) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", text)


def cut(lines: Iterable[str], tags: frozenset[str]) -> Iterator[tuple[int, str, str]]:
    """(line, tag, text) of each record; an `Unreadable` where it is damaged, too long or cut off."""
    names = "|".join(sorted(tags, key=len, reverse=True))
    opens = re.compile(rf"<(?:[A-Za-z_][\w.-]*:)?({names})(?=[\s>])")
    pieces: list[str] = []
    begun, tag, size, damage = 0, "", 0, ""
    closes = opens
    for number, raw in enumerate(lines, start=1):
        if isinstance(raw, Unreadable):
            if begun:
                damage = damage or raw.reason
            else:
                yield number, "", raw
            continue
        at = 0
        while True:
            if not begun:
                found = opens.search(raw, at)
                if found is None:
                    break
                begun, tag, at, pieces, size, damage = number, found[1], found.start(), [], 0, ""
                closes = re.compile(rf"</(?:[A-Za-z_][\w.-]*:)?{tag}\s*>")
            end = closes.search(raw, at)
            piece = raw[at : end.end()] if end else raw[at:]
            size += len(piece)
            if size > LONGEST_RECORD:
                pieces, damage = [], damage or f"This record is longer than {LONGEST_RECORD:,} characters: no paper's is."
            elif not damage:
                pieces.append(piece)
            if end is None:
                break
            yield begun, tag, Unreadable(damage) if damage else "".join(pieces)
            begun, at = 0, end.end()
    if begun:
        yield begun, tag, Unreadable(damage or "The file breaks off in this record: its end is missing.")


def first_of(elements: Iterable[Element | None]) -> Element | None:
    return next(islice((one for one in elements if one is not None), 1), None)
