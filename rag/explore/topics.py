"""Names groups of papers as a person would: by the phrases that tell each group from the others. Pure.

Class-based TF-IDF over titles and abstracts: a phrase's weight in a group is its share of the group's papers times the logarithm of how much greater that
share is than in the other groups. Phrases are one to three neighbouring words; where a longer one is what is mostly said, it stands for the shorter ones in it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from rag.explore.phrases import phrases
from rag.text.frequency import rarity
from rag.types import Paper

TERMS = 3
"""Terms that describe a group; its name is made of the first or the first two."""
MOST_PAPERS = 400
"""Papers of a group that are read for its name."""
MOST_CHARACTERS = 4000
"""Of an abstract."""
TITLE_WEIGHT = 2
"""How often a title's terms count beside the abstract's. Chosen."""
BONUS = (1.0, 2.0, 2.2)
"""For phrases of one, two and three words: a longer one says more. Chosen by reading the names of twenty groups."""
IN_TITLES = (0.45, 0.8, 1.0)
"""For phrases that stand in none, in one, and in several of the group's titles: what authors put there names a subject. Chosen by reading the names of
the bundled papers and of three samples of 300 abstracts."""
PLAIN = 0.5
"""For one word that is everyday English. Chosen by reading the same names."""
COMMON = 0.84
"""Rarity under which a word is everyday English. About the first 6,000 words, as in `rag.query.paper_names`."""
SMOOTHING = 0.01
"""Added to shares, so that a term that is nowhere else does not win by that alone."""
SMALLEST_SHARE = 0.1
"""Of a group's papers that must hold a term, at least two where there are two."""
WHOLE = 0.6
"""A phrase stands for a shorter one in it where at least this share of the papers that say the shorter say the whole."""
ENOUGH = (0.7, 0.4, 0.3)
"""Of a group's papers, for a first term of one, two and three words; where fewer hold it, the name gets a second term."""
AS_MUCH = 0.5
"""Of the first term's weight, for a second one in a name."""
SAME = 5
"""Letters at the beginning of two words that make them forms of one word, as far as a name is concerned. Chosen."""
MODIFIES = 0.5
"""A term that is followed by another word of its phrase more often than this share of times is no noun: it is named with what follows."""
MANY = 0.15
"""Share of its uses that must be in the plural for a single word to be named in the plural. Chosen by reading names: `RNAs`, but `malaria`."""
NAMED = 0.8
"""Share of a word's uses in abstracts that must have a capital for it to keep one (`Gaussian`)."""
_INSIDE = re.compile(r"\b[a-z]++ (?=([^\W_]++(?:-[^\W_]++)*+))")


@dataclass(frozen=True, slots=True)
class Name:
    """What a group is called, and the terms that tell it from the others, best first."""

    title: str
    terms: tuple[str, ...] = ()


@dataclass
class _Counts:
    """How much of a group holds each term: weighted shares (0…1, the title counting more), plain shares, those in titles, and how it is spelt."""

    weights: Counter[str] = field(default_factory=Counter)
    holding: Counter[str] = field(default_factory=Counter)
    titles: Counter[str] = field(default_factory=Counter)
    spellings: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    nouns: Counter[str] = field(default_factory=Counter)
    """For each spelling (lower case), how much oftener it stands like a noun than like a verb."""
    followed: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    words: Counter[str] = field(default_factory=Counter)
    """Words of the abstracts as they are written behind a word in small letters."""
    papers: int = 0

    def add(self, paper: Paper) -> None:
        held: dict[str, int] = {}
        abstract = paper.abstract[:MOST_CHARACTERS]
        self.words.update(_INSIDE.findall(abstract))
        for text, weight in ((abstract, 1), (paper.title, TITLE_WEIGHT)):
            for found in phrases(text):
                held[found.term] = max(held.get(found.term, 0), weight)
                self.spellings[found.term][found.spelling] += 1
                self.nouns[found.spelling.lower()] += found.noun
                if found.after:
                    self.followed[found.term][found.after.lower()] += 1
        self.weights.update(held)
        self.holding.update(held.keys())
        self.titles.update(term for term, weight in held.items() if weight == TITLE_WEIGHT)
        self.papers += 1

    def share(self, term: str) -> float:
        return self.weights[term] / (TITLE_WEIGHT * self.papers) if self.papers else 0.0

    def modifies(self, term: str) -> bool:
        return self.followed[term].total() > MODIFIES * self.spellings[term].total()

    def often(self) -> list[str]:
        """Terms that enough papers hold, but those that only stand like verbs (`assess`, `jointly optimizing`)."""
        least = max(min(2, self.papers), SMALLEST_SHARE * self.papers)
        return [term for term, count in self.holding.items() if count >= least and not self.is_verb(term)]

    def is_verb(self, term: str) -> bool:
        return max(self.nouns[spelling.lower()] for spelling in self.spellings[term]) < 0

    def spelt(self, term: str) -> str:
        """The commonest spelling; one that stands like a verb counts only where there is no other, and one that stands like a noun twice."""
        stands = {spelling: self.nouns[spelling.lower()] for spelling in self.spellings[term]}
        counted = Counter(
            {each: count * (1 + (stands[each] > 0)) for each, count in self.spellings[term].items() if stands[each] >= 0}
        )
        return " ".join(self._written(word) for word in _spelt(counted or self.spellings[term]).split(" "))

    def commonest(self, term: str) -> str:
        """The commonest spelling, however it stands: before another word, `robot` is no noun of its own."""
        return " ".join(self._written(word) for word in _spelt(self.spellings[term]).split(" "))

    def _written(self, word: str) -> str:
        """With the capital of a name where its papers nearly always write one."""
        name = word[:1].upper() + word[1:]
        return name if self.words[name] > max(1, NAMED * (self.words[name] + self.words[word])) else word


def names(groups: Sequence[Sequence[Paper]]) -> list[Name]:
    """For each group its name and its most telling terms, in the spelling that its papers use most; nothing for an empty group."""
    counted = []
    for group in groups:
        counts = _Counts()
        for paper in group[:MOST_PAPERS]:
            counts.add(paper)
        counted.append(counts)
    everywhere: Counter[str] = Counter()
    for counts in counted:
        everywhere.update({term: counts.share(term) for term in counts.weights})
    return [_named(counts, everywhere, len(groups)) for counts in counted]


def in_titles(papers: Sequence[Paper], least: int, most: int, known: Collection[str] = ()) -> str:
    """The phrase that stands in most titles, in at least `least` and at most `most` of them, a longer one before a shorter, with a stem
    that is not `known`; empty if there is none."""
    counts = _Counts()
    for paper in papers:
        counts.add(Paper(paper.id, paper.title, ""))
    common = [term for term, count in counts.titles.items() if least <= count <= most and not counts.is_verb(term)]
    common = [term for term in common if not set(term.split()) <= set(known)]
    best = max(
        common, key=lambda term: (counts.titles[term] * BONUS[term.count(" ")] * _plainness(term, counts), term), default=""
    )
    return _noun(counts, best) if best else ""


def _named(counts: _Counts, everywhere: Mapping[str, float], groups: int) -> Name:
    """The heaviest terms of which none repeats a word of another."""
    weighted = {}
    for term in counts.often():
        share = counts.share(term)
        elsewhere = (everywhere[term] - share) / max(groups - 1, 1)
        weighted[term] = share * math.log((share + SMOOTHING) / (elsewhere + SMOOTHING)) * BONUS[term.count(" ")]
        weighted[term] *= IN_TITLES[min(counts.titles[term], len(IN_TITLES) - 1)] * _plainness(term, counts)
    for term in _parts(counts, weighted):
        weighted.pop(term, None)
    for term in [term for term in weighted if counts.modifies(term)]:
        weighted[term] *= 0.5 if " " not in term else 0.0
    chosen: list[str] = []
    for term in sorted(weighted, key=lambda term: (-weighted[term], term)):
        if len(chosen) < TERMS and weighted[term] > 0 and not any(_repeats(term, other) for other in chosen):
            chosen.append(term)
    return Name(_title(counts, chosen, weighted), tuple(_noun(counts, term) for term in chosen))


def is_plain(term: str) -> bool:
    """Whether a term is one word of everyday English, which alone names no subject (`words`, `completion`)."""
    return " " not in term and rarity(term) < COMMON


def _plainness(term: str, counts: _Counts) -> float:
    """`PLAIN` for a plain term, 1 for all else."""
    return PLAIN if " " not in term and is_plain(counts.spelt(term)) else 1.0


def _repeats(term: str, other: str) -> bool:
    """Whether two terms (stems) share a word, or one abbreviates the other, as `LLM` does with large language models."""
    initials = "".join(word[0] for word in other.split()), "".join(word[0] for word in term.split())
    return (
        bool(set(term.split()) & set(other.split()))
        or (len(term) > 1 and term == initials[0])
        or (len(other) > 1 and other == initials[1])
    )


def _parts(counts: _Counts, terms: Mapping[str, float]) -> set[str]:
    """Terms for which a longer one of the group stands."""
    found = set()
    for whole in terms:
        words = whole.split()
        for size in range(1, len(words)):
            for start in range(len(words) - size + 1):
                part = " ".join(words[start : start + size])
                if counts.holding[whole] >= WHOLE * counts.holding[part]:
                    found.add(part)
    return found


def _title(counts: _Counts, chosen: Sequence[str], weights: Mapping[str, float]) -> str:
    """The first term; with the second, where that says about as much, if the first alone speaks for too few of the papers."""
    if not chosen:
        return ""
    named = [_noun(counts, chosen[0])]
    enough = counts.holding[chosen[0]] >= ENOUGH[chosen[0].count(" ")] * counts.papers
    if not enough and len(chosen) > 1 and weights[chosen[1]] >= AS_MUCH * weights[chosen[0]] and _adds(counts, *chosen[:2]):
        named.append(_noun(counts, chosen[1]))
    title = " & ".join(named)
    return title if any(char.isupper() for char in title.split(" ")[0]) else f"{title[:1].upper()}{title[1:]}"


def _adds(counts: _Counts, first: str, second: str) -> bool:
    """Whether a second term says more: no everyday word beside a whole phrase, and no other form of a word of the first (`geometric` data)."""
    begun = {word[:SAME] for word in first.split()}
    return not begun & {word[:SAME] for word in second.split()} and (" " not in first or _plainness(second, counts) == 1.0)


def _noun(counts: _Counts, term: str) -> str:
    """The term as it is mostly spelt; one that only qualifies with what it mostly qualifies (`equivariant` networks), unless each time that is another word."""
    followed = counts.followed[term]
    if not counts.modifies(term) or (len(followed) > 1 and max(followed.values()) == 1):
        return _of_many(counts, term) if " " not in term else counts.spelt(term)
    return f"{counts.commonest(term)} {min(followed, key=lambda word: (-followed[word], word))}"


def _of_many(counts: _Counts, term: str) -> str:
    """A single word in the plural, where its papers write that too: a theme is about graphs, not graph."""
    spelt = counts.spelt(term)
    forms = counts.spellings[term]
    many = sum(count for form, count in forms.items() if form.lower() == f"{spelt}s".lower())
    return f"{spelt}s" if many and many >= MANY * forms.total() else spelt


def _spelt(spellings: Counter[str]) -> str:
    """The commonest spelling, capitals apart unless they are inside a word (`NeRF`, `PDE`)."""
    total: Counter[str] = Counter()
    for spelling, count in spellings.items():
        total[" ".join(word if any(char.isupper() for char in word[1:]) else word.lower() for word in spelling.split(" "))] += (
            count
        )
    return min(total, key=lambda spelling: (-total[spelling], spelling))
