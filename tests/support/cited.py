"""What an answer cites, sentence by sentence, as the checker of answers reads it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.grounding.citation_markers import Cited, Source, hold_markers


def cited_sentences(answer: str, sources: Sequence[Source]) -> list[Cited]:
    held = hold_markers(answer, sources)
    return [held.cited(sentence) for sentence in held.sentences]
