"""Which stretches of a claim no source bears out: what a rule names, and the words that no source holds or means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.text.words import is_content, words
from rag.types import Span

UNMET = 0.55
"""How far a word is from every word of the sources (1 − cosine) from which it is marked."""
WEAKLY_MET = 0.35
"""The same where a claim is not supported and no word is that far."""
_QUOTED = re.compile(r"“([^“”]{1,200})”")


def unsupported_spans(claim: str, reason: str, places: Sequence[Span], unmet: Sequence[float]) -> tuple[Span, ...]:
    """The stretches in order, none touching another; the whole claim where nothing in it stands out.

    `reason` is what a rule found, with the claim's words in quotes; `places` and `unmet` tell of each content word where it stands and how
    far it is from the sources.
    """
    named = [span for text in _QUOTED.findall(reason)[:1] if (span := _found(claim, text)) is not None]
    words_off = [place for place, own in zip(places, unmet, strict=True) if own > UNMET]
    if not named and not words_off:
        words_off = [place for place, own in zip(places, unmet, strict=True) if own > WEAKLY_MET]
    return _joined(claim, [*named, *words_off]) or ((Span(0, len(claim)),) if claim else ())


def shifted(spans: Iterable[Span], bare: str, claim: str) -> tuple[Span, ...]:
    """The spans of a claim that was read without its markers, in the claim as it was given."""
    if bare == claim:
        return tuple(spans)
    found, at = [], 0
    for span in spans:
        first = claim.find(bare[span.start : span.end], at)
        if first < 0:
            return (Span(0, len(claim)),)
        at = first + span.end - span.start
        found.append(Span(first, at))
    return tuple(found)


def _found(claim: str, text: str) -> Span | None:
    found = re.search(rf"(?i)(?<!\w){re.escape(text)}(?!\w)", claim)
    return Span(*found.span()) if found else None


def _joined(claim: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sorted, with those joined that overlap or have only function words between them."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if found and not any(map(is_content, words(claim[found[-1].end : span.start]))):
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)
