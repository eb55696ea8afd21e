"""Questions to begin with, made from the collection: names that papers give themselves and words that several titles share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag import prompts
from rag.explore.topics import in_titles
from rag.query.paper_names import short_name
from rag.text.words import ASKING_WORDS, FUNCTION_WORDS, content_words, fold, stem, words
from rag.types import Paper

MOST = 4
"""Questions suggested on an empty page. Chosen."""
SHORT = 40
"""Characters. A longer name makes no good suggestion."""
SHARED = 3
"""Titles that must share a phrase for a question about it; one that more than an eighth of all share tells too little."""
MOST_TITLES = 2000
"""That are read for that phrase."""
MANY, ONE = ("are", "have", "were", "do"), ("is", "has", "was", "does")
"""Verbs that tell the number of the name before them."""


def suggestions(papers: Sequence[Paper], language: str = "en") -> list[str]:
    """At most four questions of different kinds; fewer where the collection is small, none if it is empty."""
    named = [(name, paper) for paper in papers if (name := telling_name(paper))]
    found = [about("fact", named[0][1], language)] if named else []
    if topic := in_titles(papers[:MOST_TITLES], SHARED, max(SHARED, len(papers) // 8)):
        found.append(prompts.suggestion("list", language, topic=topic))
    if len(named) > 2 and (pair := _pair(named)):
        found.append(prompts.suggestion("compare", language, one=pair[0], other=pair[1]))
    if len(named) > 1:
        found.append(about("summary", named[len(named) // 2][1], language))
    return (found or ([prompts.suggestion("newest", language)] if papers else []))[:MOST]


def about(kind: str, paper: Paper, language: str = "en") -> str:
    """A question about a paper that has a `telling_name`, in the number of that name."""
    name = telling_name(paper)
    return prompts.suggestion(kind, language, is_plural(name, paper), one=name)


def is_plural(name: str, paper: Paper) -> bool:
    """Whether a name is a plural: by the verbs that its paper puts after it, else by its form (`PHNNs`, `Neural Operators`)."""
    after = Counter(re.findall(rf"(?<!\w){re.escape(name)} (\w{{1,12}})\b", f"{paper.title}. {paper.abstract}"))
    many, one = (sum(after[verb] for verb in verbs) for verbs in (MANY, ONE))
    if many != one:
        return many > one
    last = name.split()[-1]
    word = last[:-1]
    return last.endswith("s") and (word.isupper() if any(map(str.isupper, word[1:])) else _is_form_of_many(last))


def _is_form_of_many(word: str) -> bool:
    return not word.endswith(("ss", "us", "is", "ics")) and stem(fold(word)) != fold(word)


def telling_name(paper: Paper) -> str:
    """The paper's name of its own, as `MgNO` is; empty if there is nothing shorter than its title."""
    name = short_name(paper)
    spoken = words(name)
    if ASKING_WORDS & set(spoken) or (
        spoken[:1] and spoken[0] in FUNCTION_WORDS
    ):  # `When to Trust the Answer`, which is half a sentence
        return ""
    return name if 2 < len(name) <= SHORT and name != paper.title and any(char.isupper() for char in name[1:]) else ""


def _pair(named: Sequence[tuple[str, Paper]]) -> tuple[str, str] | None:
    """Two named papers whose titles share the most words."""
    titles = [(name, set(content_words(paper.title))) for name, paper in named[:60]]
    pairs = ((len(one & other), a, b) for at, (a, one) in enumerate(titles) for b, other in titles[at + 1 :] if a != b)
    shared, one, other = max(pairs, key=lambda each: each[0], default=(0, "", ""))
    return (one, other) if shared else None
