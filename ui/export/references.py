"""One paper as a reference that people paste: BibTeX, APA, Markdown. Pure; what papers hold is never trusted."""

from __future__ import annotations

import re

from rag.types import Paper
from ui.export.bibtex import entry, key
from ui.export.plain import for_people, in_line, link

_PARTICLES = frozenset(
    "al af av bin da dal de degli dei del della den der di dos du el la las le los ten ter van vom von zu zum zur".split()
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~$&-])")
_MOST_AUTHORS = 20
"""APA 7 names up to 20; of more, the first 19 and the last."""


def bibtex(paper: Paper) -> str:
    return entry(paper, key(paper))


def apa(paper: Paper) -> str:
    """As in the seventh edition, as plain text: `Lin, B., & Kriegeskorte, N. (2023). Title. Venue. https://…`."""
    who, when = _authors([in_line(name) for name in paper.authors if name.strip()]), f"({paper.year or 'n.d.'})."
    title, venue = _stopped(for_people(paper.title)), _stopped(for_people(paper.venue or ""))
    parts = (who, when, title, venue) if who else (title, when, venue)
    return " ".join(part for part in (*parts, link(paper) or "") if part)


def markdown(paper: Paper) -> str:
    """`[Title](address) (Lin & Kriegeskorte, 2023, *Venue*)`: no character of the paper is read as Markdown or HTML."""
    address = link(paper)
    title = f"[{plain_in_markdown(paper.title)}]({_in_brackets(address)})" if address else plain_in_markdown(paper.title)
    venue = f"*{plain_in_markdown(paper.venue)}*" if paper.venue and paper.venue.strip() else ""
    about = ", ".join(part for part in (plain_in_markdown(paper.byline), venue) if part)
    return f"{title} ({about})" if about else title


def plain_in_markdown(text: str) -> str:
    """The text on one line, with every character escaped that Markdown or HTML could read as its own."""
    return _MARKDOWN.sub(r"\\\1", for_people(text))


def _authors(names: list[str]) -> str:
    turned = [_family_first(name) for name in names]
    if len(turned) > _MOST_AUTHORS:
        return f"{', '.join(turned[: _MOST_AUTHORS - 1])}, … {turned[-1]}"
    return f"{', '.join(turned[:-1])}, & {turned[-1]}" if len(turned) > 1 else "".join(turned)


def _family_first(name: str) -> str:
    """`Jose Luis de la Cruz` as `de la Cruz, J. L.`; a single word and a name that has a comma stay."""
    words = name.split()
    if "," in name or len(words) < 2:
        return name
    suffix = f", {words.pop()}" if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return f"{' '.join(words[start:])}, {' '.join(map(_initials, words[:start]))}{suffix}"


def _initials(word: str) -> str:
    """`Jean-Luc` as `J.-L.`"""
    return "-".join(f"{part[0].upper()}." for part in word.split("-") if part)


def _stopped(text: str) -> str:
    return text if not text or text[-1] in ".?!…" else f"{text}."


def _in_brackets(address: str) -> str:
    return re.sub(r"[()<>\\]", lambda found: f"%{ord(found[0]):02X}", address)
