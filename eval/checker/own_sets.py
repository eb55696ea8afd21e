"""Labelled claims about the bundled papers: quotes as they are and damaged, and the paraphrases and inventions that are held out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from eval.checker.damage import denied, other_name, other_number
from eval.checker.inventions import PARAPHRASE, bundled_inventions
from eval.checker.labelled import Labelled, LabelledSet
from rag.ingestion.bundled import bundled_papers
from rag.text.sentences import sentences

DAMAGES: dict[str, Callable[[str], str | None]] = {"number": other_number, "name": other_name, "negation": denied}
EVERY = 3
"""Of the sentences of the papers every so manieth is taken: some two hundred."""


def own_sets() -> Iterator[LabelledSet]:
    """`quotes` and `inventions` (their test split)."""
    yield _set("quotes", tuple(_quotes()))
    held_out = [case for case in bundled_inventions() if case.split == "test"]
    pairs = [
        Labelled(one.claim, tuple(quote.text for quote in one.evidence), one.way == PARAPHRASE, one.way, "inventions")
        for one in held_out
    ]
    yield _set("inventions", tuple(pairs))


def _quotes() -> Iterator[Labelled]:
    """Sentences of the papers as they are, and once with each damage that fits."""
    every = [span.of(paper.abstract) for paper in bundled_papers() for span in sentences(paper.abstract)]
    for quote in every[::EVERY]:
        yield Labelled(quote, (quote,), True, "as it is", "quotes")
        for name, damage in DAMAGES.items():
            changed = damage(quote)
            if changed is not None:
                yield Labelled(changed, (quote,), False, name, "quotes")


def _set(name: str, pairs: tuple[Labelled, ...]) -> LabelledSet:
    whole = "\n".join(f"{pair.claim}\t{pair.supported}" for pair in pairs)
    return LabelledSet(name, hashlib.sha256(whole.encode()).hexdigest(), pairs)
