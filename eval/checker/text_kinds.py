"""Which kind of text a labelled set holds: a checker that is right about quotations may not be about summaries."""

from __future__ import annotations

from collections import Counter

from eval.checker.labelled import LabelledSet

KINDS = {
    "quotes": "quotes",
    "reading": "paraphrases",
    "inventions": "paraphrases",
    "ragtruth": "model answers",
    "attrib": "model answers",
    "begin": "model answers",
    "factcheck": "model answers",
    "summedits": "summaries",
    "indom": "summaries",
    "scifact": "biomedical claims",
    "healthver": "biomedical claims",
    "covidfact": "biomedical claims",
    "nli4ct": "biomedical claims",
    "wice": "Wikipedia claims",
    "climate": "claims on climate",
    "citation-integrity": "citing sentences",
}
"""By the source of a pair, up to its part, or how the name of the file begins."""


def kind_of(one: LabelledSet) -> str:
    """The kind of most pairs, by their source or else by the file's name; empty if neither is known."""
    sources = Counter(_known(pair.source) for pair in one.pairs)
    return sources.most_common(1)[0][0] or _known(one.name) if sources else ""


def _known(name: str) -> str:
    plain = name.lower().rstrip("+-")
    return next((kind for start, kind in KINDS.items() if plain.startswith(start)), "")
