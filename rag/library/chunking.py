"""Cuts abstracts into the passages that are indexed: windows of whole sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from rag.errors import SettingsError
from rag.protocols import Chunker
from rag.text.sentences import VERSION, sentences
from rag.types import Paper, Passage, Span


@dataclass(frozen=True, slots=True)
class SentenceWindows:
    """Windows of up to `sentences` sentences (0: the whole abstract), each repeating the last `overlap` of the one before."""

    sentences: int = 3
    overlap: int = 1

    def __post_init__(self) -> None:
        if self.sentences < 0 or self.overlap < 0:
            raise SettingsError(f"A window cannot have {min(self.sentences, self.overlap)} sentences: give 0 or more.")
        if self.sentences and self.overlap >= self.sentences:
            raise SettingsError(
                f"Windows of {self.sentences} sentences cannot overlap by {self.overlap}: give a smaller overlap."
            )

    @property
    def name(self) -> str:
        """What a library remembers: two with one name cut alike."""
        size = f"{self.sentences}+{self.overlap}" if self.sentences else "whole"
        return f"sentence-windows/{VERSION}:{size}"

    def spans(self, abstract: str) -> list[Span]:
        return self.windows(sentences(abstract))

    def windows(self, found: Sequence[Span]) -> list[Span]:
        """The windows over these sentences."""
        size = self.sentences or len(found)
        step = size - self.overlap if self.sentences else size
        # A window that began within the last overlap would hold nothing new.
        firsts = range(0, max(len(found) - self.overlap, 1), step) if found else range(0)
        return [Span(found[first].start, found[min(first + size, len(found)) - 1].end) for first in firsts]


def passages(paper: Paper, chunker: Chunker) -> list[Passage]:
    """The passages of one paper, in order; where there is no abstract, one that is empty: its title alone is encoded and found."""
    return [Passage(_id(paper, span), paper, span) for span in chunker.spans(paper.abstract) or [Span(0, 0)]]


def paper_id_of(passage_id: str) -> str:
    """The id of the paper that a passage is of."""
    return passage_id.rpartition("#")[0]


def context(passage: Passage) -> str:
    """What the encoder is given: the title says what the sentences, torn from their abstract, are about."""
    title = passage.paper.title.strip()
    if not title:
        return passage.text
    ended = title.rstrip("\"'”’»)]").endswith((".", "!", "?", "…", ":", "。", "！", "？"))
    return f"{title}{'' if ended else '.'} {passage.text}".rstrip()


def _id(paper: Paper, span: Span) -> str:
    """The paper's id and 12 hexadecimal digits that change with the title, the place or the text."""
    key = "\0".join((paper.title, str(span.start), str(span.end), span.of(paper.abstract)))
    return f"{paper.id}#{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
