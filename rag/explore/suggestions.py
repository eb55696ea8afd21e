"""Questions to begin with or to go on with, made from papers: the names that they give themselves and phrases that several titles share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rag import prompts
from rag.explore.topics import in_titles
from rag.query.paper_names import short_name
from rag.text.names import is_coined
from rag.text.outline import outline
from rag.text.words import ASKING_WORDS, FUNCTION_WORDS, content_words, fold, stem, stems, words
from rag.types import Paper

MOST = 4
"""Questions suggested on an empty page. Chosen."""
SHORT = 40
"""Characters. A longer name makes no good suggestion."""
SHARED = 3
"""Titles that must share a phrase for a question about it; one that more than an eighth of all share tells too little."""
MOST_TITLES = 2000
"""That are read for that phrase, and for names."""
NAMED = 40
"""Papers with a name among which those to ask about are chosen."""
MANY, ONE = ("are", "have", "were", "do"), ("is", "has", "was", "does")
"""Verbs that tell the number of the name before them."""
CLEARLY = 1.0
"""How strongly a sentence must show that it presents what the authors did. As one telling phrase."""
_PRESENTED = re.compile(r"(?i)\b(?:call|name|term|dub)(?:ed|s)?\b")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question to try, of a kind of `prompts/help_*.toml`, with the ids of the papers that it asks about or the phrase it asks for."""

    question: str
    kind: str
    papers: tuple[str, ...] = ()
    topic: str = ""


def suggestions(papers: Sequence[Paper], language: str = "en") -> list[Suggestion]:
    """Questions of different kinds, the most telling first, and then a few to take instead of what the papers turn out not to answer
    (`rag.explore.fitting`). Fewer where the collection is small, none if it is empty; `MOST` are enough."""
    papers = papers[:MOST_TITLES]
    named = list(islice(_named(papers), NAMED))
    topic = in_titles(papers, SHARED, max(SHARED, len(papers) // 8))
    pair = _pair(named) if len(named) > 2 else None
    found = [about("fact", paper, language) for paper in named[:1]]
    found += [on("list", topic, language)] if topic else []
    found += [compared(*pair, language)] if pair else []
    found += [about("summary", named[len(named) // 2], language)] if len(named) > 1 else []
    found += [about("how", paper, language) for paper in named[-1:]]
    found += [on("topic", topic, language)] if topic else []
    last = prompts.suggestion("overview" if found else "newest", language)
    return [*found, Suggestion(last, "records")] if papers else []


def about(kind: str, paper: Paper, language: str = "en") -> Suggestion:
    """A question about a paper that has a `telling_name`, in the number of that name."""
    name = telling_name(paper)
    return Suggestion(prompts.suggestion(kind, language, is_plural(name, paper), one=name), kind, (paper.id,))


def compared(one: Paper, other: Paper, language: str = "en") -> Suggestion:
    question = prompts.suggestion("compare", language, one=telling_name(one), other=telling_name(other))
    return Suggestion(question, "compare", (one.id, other.id))


def on(kind: str, topic: str, language: str = "en") -> Suggestion:
    """A question for the papers on a subject: which they are (`list`) or what they say (`topic`)."""
    return Suggestion(prompts.suggestion(kind, language, topic=topic), kind, topic=topic)


def next_to(cited: Sequence[Paper], said: str, language: str = "en") -> Iterator[Suggestion]:
    """What may be asked after an answer that cites these papers, the most telling first; `said` is the question that was answered."""
    named = list(_named(cited))
    if len(named) > 1:
        yield compared(named[0], named[1], language)
    for kind in ("how", "result", "data", "problem"):
        for paper in named[:2]:
            yield about(kind, paper, language)
    if len(cited) == 1 and not named:
        for kind in ("this_result", "this_summary"):
            yield Suggestion(prompts.suggestion(kind, language), kind.removeprefix("this_"), (cited[0].id,))
    if shared := in_titles(cited, 2, len(cited), stems(said)):
        yield on("topic", shared, language)


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


def _named(papers: Iterable[Paper]) -> Iterator[Paper]:
    """Those that have a `telling_name`, of several with the same one the first."""
    known: set[str] = set()
    for paper in papers:
        name = telling_name(paper).casefold()
        if name and name not in known:
            known.add(name)
            yield paper


@lru_cache(maxsize=4096)
def telling_name(paper: Paper) -> str:
    """The name that the paper gives to what it presents, as `MgNO` is; empty if there is nothing shorter than its title.

    What stands before a title's colon is such a name where the abstract presents it. Else it is a subject (`MicroRNAs: …`), or a
    phrase (`Digital Gatekeepers: …`) that nobody would ask for.
    """
    name = short_name(paper)
    spoken = words(name)
    if ASKING_WORDS & set(spoken) or (
        spoken[:1] and spoken[0] in FUNCTION_WORDS
    ):  # `When to Trust the Answer`, which is half a sentence
        return ""
    if not 2 < len(name) <= SHORT or name == paper.title.rstrip(" .") or not any(char.isupper() for char in name[1:]):
        return ""
    return name if _presents(paper, name) else ""


def _presents(paper: Paper, name: str) -> bool:
    """Whether the abstract first speaks of the name where it tells what was done or found; a coined word it need not repeat."""
    abstract = paper.abstract
    coined = any(is_coined(word) for word in name.split())
    if not re.search(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", abstract):
        return coined and " " not in name
    outlined = outline(paper)
    for place, part in zip(outlined.kept, outlined.parts, strict=True):
        sentence = outlined.spans[place].of(abstract)
        if name.casefold() in sentence.casefold():
            clear = coined or part.strength >= CLEARLY or _PRESENTED.search(sentence) is not None
            return clear and part.role in ("approach", "result")
    return False


def _pair(named: Sequence[Paper]) -> tuple[Paper, Paper] | None:
    """Two named papers whose titles share the most words."""
    titles = [(paper, set(content_words(paper.title))) for paper in named]
    pairs = [(len(one & other), a, b) for at, (a, one) in enumerate(titles) for b, other in titles[at + 1 :]]
    shared, one, other = max(pairs, key=lambda each: each[0])
    return (one, other) if shared else None
