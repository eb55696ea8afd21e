"""From blocks of evidence to the text of an answer: markers `[n]` in order of appearance, the claims, and what they cite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rag.types import Citation, Claim, Evidence, Judgement, Paper, Refusal

FROM_RECORDS = "from the collection's records, not from an abstract"
"""The reason of a claim that no abstract is asked for."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or list item of an answer: a label that claims nothing by itself, then sentences, each of them cited.

    `plain` is a sentence that rests on the collection's records and on no abstract, such as a count.
    """

    evidence: tuple[Evidence, ...] = ()
    label: str = ""
    plain: str = ""
    item: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer made: blocks, or why the papers do not say; both where the blocks deny what the question supposes."""

    blocks: tuple[Block, ...] = ()
    refusal: Refusal | None = None


@dataclass(slots=True)
class Composer:
    """Takes blocks one by one and numbers what they cite; a sentence cited twice keeps its number."""

    claims: list[Claim] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    _numbers: dict[tuple[str, int, int], int] = field(default_factory=dict)
    _text: str = ""
    _last_was_item: bool = False

    @property
    def text(self) -> str:
        return self._text

    def add(self, block: Block) -> str:
        """The piece of text that the block adds, with the gap before it."""
        if block.plain:
            self.claims.append(Claim(block.plain, reason=FROM_RECORDS))
        parts = [f"{block.label}:" if block.label else "", block.plain, *(self._cited(one) for one in block.evidence)]
        gap = "" if not self._text else "\n" if block.item and self._last_was_item else "\n\n"
        piece = gap + ("- " if block.item else "") + " ".join(part for part in parts if part)
        self._text += piece
        self._last_was_item = block.item
        return piece

    def add_claim(self, text: str, gap: str, evidence: Iterable[Evidence], judgement: Judgement) -> str:
        """Adds a sentence in other words than the papers', which has been checked; gives the markers behind it."""
        numbers = tuple(dict.fromkeys(self._number(one) for one in evidence))
        self.claims.append(Claim(text, numbers, judgement.verdict, judgement.score, judgement.reason))
        marked = " " + "".join(f"[{number}]" for number in numbers) if numbers else ""
        self._text += (gap if self._text else gap.lstrip()) + text + marked
        return marked

    def _cited(self, evidence: Evidence) -> str:
        number = self._number(evidence)
        shown = evidence.shown or evidence.text
        self.claims.append(Claim(shown, (number,), "supported", 1.0, "word for word in the paper"))
        return f"{shown} [{number}]"

    def _number(self, evidence: Evidence) -> int:
        key = (evidence.paper.id, evidence.span.start, evidence.span.end)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self.citations.append(Citation(self._numbers[key], evidence.paper, evidence.span))
        return self._numbers[key]


def compose(blocks: Iterable[Block]) -> Composer:
    composer = Composer()
    for block in blocks:
        composer.add(block)
    return composer


def heading(paper: Paper) -> str:
    """How an answer names a paper: its title, with the byline where one is known."""
    title = paper.title.rstrip(" .")
    return f"{title} ({paper.byline})" if paper.byline else title
