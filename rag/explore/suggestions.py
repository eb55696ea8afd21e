"""Questions to begin with, made from the collection: names that papers give themselves and words that several titles share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rag import prompts
from rag.query.paper_names import short_name
from rag.text.words import content_words
from rag.types import Paper

MOST = 4
"""Questions suggested on an empty page. Chosen."""
SHORT = 40
"""Characters. A longer name makes no good suggestion."""


def suggestions(papers: Sequence[Paper]) -> list[str]:
    """At most four questions of different kinds; fewer where the collection is small, none if it is empty."""
    named = [(name, paper) for paper in papers if (name := telling_name(paper))]
    found = [prompts.suggestion("fact", one=named[0][0])] if named else []
    if topic := _topic(papers):
        found.append(prompts.suggestion("list", topic=topic))
    if len(named) > 2 and (pair := _pair(named)):
        found.append(prompts.suggestion("compare", one=pair[0], other=pair[1]))
    if len(named) > 1:
        found.append(prompts.suggestion("summary", one=named[len(named) // 2][0]))
    return (found or ([prompts.suggestion("newest")] if papers else []))[:MOST]


def telling_name(paper: Paper) -> str:
    """The paper's name of its own, as `MgNO` is; empty if there is nothing shorter than its title."""
    name = short_name(paper)
    return name if 2 < len(name) <= SHORT and name != paper.title and any(char.isupper() for char in name[1:]) else ""


def _topic(papers: Sequence[Paper]) -> str:
    """The word that most titles share, if at least three do, as the first of them writes it."""
    counts = Counter(word for paper in papers for word in set(content_words(paper.title)) if len(word) > 4)
    common = [(count, word) for word, count in counts.items() if 3 <= count <= max(3, len(papers) // 8)]
    return max(common, key=lambda each: (each[0], each[1]))[1] if common else ""


def _pair(named: Sequence[tuple[str, Paper]]) -> tuple[str, str] | None:
    """Two named papers whose titles share the most words."""
    words = [(name, set(content_words(paper.title))) for name, paper in named[:60]]
    pairs = ((len(one & other), a, b) for at, (a, one) in enumerate(words) for b, other in words[at + 1 :] if a != b)
    shared, one, other = max(pairs, key=lambda each: each[0], default=(0, "", ""))
    return (one, other) if shared else None
