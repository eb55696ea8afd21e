"""Reads captures of Hugging Face's *Daily Papers* as Markdown, and the copied grid that has titles without abstracts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from rag.ingestion.boilerplate import is_boilerplate, is_header
from rag.ingestion.cleaning import clean
from rag.ingestion.fields import UnusableError, foreign_paper_of
from rag.ingestion.outcomes import Outcome, Unreadable, report
from rag.ingestion.prose import kind, stopped
from rag.types import Paper, Refused

_HEADING = re.compile(r"^\s*+(#{2,5})\s++(.*)")
_IMAGE = re.compile(r"!\[[^\[\]]*\](?:\([^()\s]*\)|\[[0-9]*\])?|\[image[^\[\]]*\]")
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.){0,1000}+)\](?:\([^()\s]*\)|\[[0-9]+\])")
_ID = re.compile(r"huggingface\.co/papers/([0-9]{4}\.[0-9]{4,5})")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!~<>|-])")
_AUTHORS = re.compile(r"^\W*+[0-9]+ authors?\W*", re.IGNORECASE)
_SITE = re.compile(r"daily papers|trending papers|by.{0,200}\band the research community", re.IGNORECASE)
_PAGE = re.compile(r"huggingface\.co/papers|^[^\w\n]*+(?:daily|trending) papers[^\w\n]*+$", re.IGNORECASE | re.MULTILINE)
_TITLE_LINK = re.compile(r"^[^\S\n]*+#{2,5}\s++\[.+\](?:\[[0-9]+\]|\(https://huggingface\.co/papers/)", re.MULTILINE)
_LONGEST = 20_000
"""Characters of the text below one heading that are read. Chosen."""


class DailyPapersImporter:
    """A heading that is a link is a title; the prose below it is the abstract."""

    @property
    def name(self) -> str:
        return "daily-papers"

    def recognises(self, head: str) -> bool:
        head = head.lstrip("\ufeff")
        return bool(_PAGE.search(head)) and (bool(_TITLE_LINK.search(head)) or _is_grid(head.splitlines()))

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        iterator = iter(lines)
        head = list(islice(iterator, 400))
        grid = not _TITLE_LINK.search("\n".join(head)) and _is_grid(head)
        everything = _chained(head, iterator)
        return report(_grid(everything, source) if grid else _markdown(everything, source), source)


def _chained(head: list[str], rest: Iterator[str]) -> Iterator[str]:
    yield from head
    yield from rest


def _is_grid(lines: Iterable[str]) -> bool:
    """Whether the page names authors by number only, and has no prose at all."""
    texts = [clean(line) for line in lines]
    counted = sum(bool(_AUTHORS.fullmatch(text)) for text in texts)
    return counted > 0 and any(is_header(text) for text in texts) and not any(kind(text) == "prose" for text in texts if text)


def _grid(lines: Iterable[str], source: str) -> Iterator[Outcome]:
    before: tuple[int, str] = (0, "")
    for number, line in enumerate(lines, start=1):
        text = clean(line)
        if _AUTHORS.fullmatch(text) and before[1]:
            yield _taken(before[0], before[1], "", "", source)
            before = (0, "")
        elif text and not is_boilerplate(text):
            before = number, text


def _markdown(lines: Iterable[str], source: str) -> Iterator[Outcome]:
    begun, title, id, text = 0, "", "", ""
    for number, line in enumerate(lines, start=1):
        if isinstance(line, Unreadable):
            yield number, line.reason
            continue
        heading = _HEADING.match(line.rstrip())
        if heading is None:
            if begun and len(text) < _LONGEST:
                text += line if line.endswith("\n") else f"{line}\n"
            continue
        if begun:
            yield _taken(begun, title, _prose(text), id, source)
        heading_text = _plain(heading[2])
        begun = 0 if not heading_text or _SITE.fullmatch(heading_text) else number
        found = _ID.search(line)
        title, id, text = heading_text, found[1] if found else "", ""
    if begun:
        yield _taken(begun, title, _prose(text), id, source)


def _taken(number: int, title: str, abstract: str, id: str, source: str) -> Outcome:
    try:
        return number, foreign_paper_of({"title": title, "abstract": abstract, "arxiv_id": id}, (), source)
    except UnusableError as reason:
        return number, str(reason)


def _prose(text: str) -> str:
    """The first prose below a heading with the paragraphs of prose that follow at once; behind it come names, dates and buttons."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        paragraph = clean(_plain(block.replace("\\\n", "\n")))
        how = kind(paragraph) if paragraph and not is_boilerplate(paragraph) else "title"
        if how == "prose" or (found and how == "either" and stopped(paragraph)):
            found.append(paragraph)
        elif found and paragraph:
            break
    return " ".join(found)


def _plain(markdown: str) -> str:
    """The text of Markdown: links and images without their addresses, escapes and marks undone."""
    text = _IMAGE.sub("", markdown)
    text = _LINK.sub(r"\1", _LINK.sub(r"\1", text))
    text = re.sub(r"\A\s*\[|\](?:\([^()\s]*\)|\[[0-9]+\])?\s*\Z", "", text)
    return clean(_ESCAPED.sub(r"\1", text))
