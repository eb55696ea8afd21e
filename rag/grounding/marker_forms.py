"""Rewrites the markers that stand in tags, double brackets or brackets of links as `[1]`, so that they are read alike."""

from __future__ import annotations

import re

NO_WORDS = re.compile(r"(?i)\A(?:[\^ ]{0,4}\d{1,3} {0,4}|(?:source|link|ref|citation|here)s?(?: \d{1,3})?)\Z")
"""What a link is called that only cites."""
_LINKS_ASIDE = re.compile(r"\((?:(?:see )?\[[^\[\]\n]{1,200}\]\([^()\s]{1,500}\)(?:[,;] ?| and )?){1,10}\)")
"""Links in brackets of their own, whose labels are no words of the sentence."""
_LABEL = re.compile(r"\[(?P<label>[^\[\]\n]{1,200})\](?=\()")
_COHERE = re.compile(r"</?co: ?(\d{1,3}(?:, ?\d{1,3}){0,20})>")
_WRITTEN_OTHERWISE = (
    (
        re.compile(r"(?i)<(?P<tag>sup|cite|ref)>\s?\[?(?P<numbers>\d{1,3}(?:\s?,\s?\d{1,3}){0,20})\]?\s?</(?P=tag)>"),
        r"[\g<numbers>]",
    ),
    (re.compile(r"\\\[(\^?\d[^\[\]\\\n]{0,60})\\\]"), r"[\1]"),
    (re.compile(r"\[\[(\d{1,3}(?:, ?\d{1,3}){0,20})\]\]"), r"[\1]"),
    (re.compile(r"(?i)\[cite_start\]|</?(?:sup|cite|ref)>(?=\s?\[)|(?<=[\])])</(?:sup|cite|ref)>"), ""),
)
"""Raised by HTML, escaped, or a link whose text is a marker."""


def written_alike(answer: str) -> str:
    """The answer with the markers of all kinds that stand in tags or double brackets as `[1]`."""
    clean = answer.replace("\x00", " ").replace("\x01", " ")
    for pattern, written in _WRITTEN_OTHERWISE:
        clean = pattern.sub(written, clean)
    clean = _COHERE.sub(_from_zero, clean)
    return _LINKS_ASIDE.sub(lambda links: _LABEL.sub(_without_words, links[0]), clean)


def _from_zero(tag: re.Match[str]) -> str:
    """The end of Cohere's tags as a marker: they count documents from 0."""
    return f" [{', '.join(str(int(number) + 1) for number in tag[1].split(','))}]" if tag[0].startswith("</") else ""


def _without_words(label: re.Match[str]) -> str:
    return label[0] if NO_WORDS.fullmatch(label["label"]) else "[source]"
