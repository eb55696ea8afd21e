"""Names groups of papers by the words that tell each group from the others: class-based TF-IDF over titles and abstracts. Pure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rag.text.words import WORD, fold, is_content, stem
from rag.types import Paper

TERMS = 3
"""Terms in a name: one says too little, five are not read."""
MOST_PAPERS = 400
"""Papers of a group that are read for its name."""
TITLE_WEIGHT = 2
PAIR_BONUS = 1.6
"""Two words say more than one: a pair is preferred to a single word that is a little more frequent."""
SMOOTHING = 0.01
"""Added to shares, so that a term that is nowhere else does not win by that alone."""
SMALLEST_SHARE = 0.1
"""Of a group's papers that must hold a term, at least two where there are two."""

# Words of every field's prose, which only happen to be more frequent in one group.
_PROSE = frozenset(
    map(
        stem,
        """
        ability able achieve across active additional address advantage aim allow analysis apply approach art available based benchmark
        best better capability case challenge class code common compare complex component compute consist contain continuous
        current dataset data datasets demonstrate design develop different difficult direct diverse domain due effective efficient empirical
        enable end enhance ensure entire evaluate evaluation example existing experiment experimental extensive extend facilitate
        factor far feature field finally first focus follow framework full fully function fundamental furthermore future gap general
        generate goal great group hard high higher highly identify impact implement important improve include increase information input
        insight inspire instance integrate investigate involve issue key large largely lead learn learned learning leverage level
        limit limitation limited line local long low lower main major method methodology model modern module moreover multiple
        natural necessary need network neural new notable novel number obtain offer open order original outperform output overcome
        parameter part particular perform performance perspective point popular possible potential powerful practical practice
        previous primary prior problem procedure process produce provide publicly quality range real recent recently reduce rely
        remain require respect result reveal rich robust second set several shown significant significantly simple single small
        solution solve specific standard state step strategy strong structure subsequent substantial success successful sufficient superior
        support system task technique term theory third tool total traditional train trained training true two type typical typically
        underlying unified unique unlike useful user validate value variant variety various version view well wide widely world year
        deep neural page https http www com github emerge fast slow respective popular art classification accuracy error attention experiments show shows space spaces dimension dimensional extract extraction rank mechanism capture property exist propose optimal
        one three four five many much thus hence however respectively
        """.split(),
    )
)


def names(groups: Sequence[Sequence[Paper]]) -> list[tuple[str, ...]]:
    """For each group its most telling terms, best first, in the spelling that its papers use most; empty for an empty group.

    A term's weight is its share of the group's papers times the logarithm of how much greater that is than in the other groups: what it
    adds to the divergence of the group from the rest, the idea of class-based TF-IDF.
    """
    counted = [_shares(group[:MOST_PAPERS]) for group in groups]
    everywhere: Counter[str] = Counter()
    for shares, _, _ in counted:
        everywhere.update(shares)
    return [_best(shares, often, spellings, everywhere, len(groups)) for shares, often, spellings in counted]


Spellings = dict[str, Counter[str]]


def _shares(papers: Sequence[Paper]) -> tuple[Counter[str], set[str], Spellings]:
    """How much of the group holds each term (0…1, the title counting more), which terms are often enough there, and their spellings."""
    weights: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    spellings: Spellings = defaultdict(Counter)
    for paper in papers:
        held: dict[str, int] = {}
        for text, weight in ((paper.abstract, 1), (paper.title, TITLE_WEIGHT)):
            for term, spelling in _terms(text):
                held[term] = max(held.get(term, 0), weight)
                spellings[term][spelling] += 1
        weights.update(held)
        holding.update(held.keys())
    shares = Counter({term: weight / (TITLE_WEIGHT * len(papers)) for term, weight in weights.items()})
    least = max(min(2, len(papers)), SMALLEST_SHARE * len(papers))
    return shares, {term for term, count in holding.items() if count >= least}, spellings


def _terms(text: str) -> Iterable[tuple[str, str]]:
    """Single words and pairs of neighbours as (stems, spelling), without words that tell nothing."""
    found = [(_root(word), word) for word in WORD.findall(text)]
    for one, word in found:
        if _tells(one, word):
            yield one, word
    for (one, word), (other, following) in pairwise(found):
        if _tells(one, word, True) and _tells(other, following, True) and not (one in _PROSE and other in _PROSE):
            yield f"{one} {other}", f"{word} {following}"


def _root(word: str) -> str:
    """The stem; of an abbreviation in the plural (`LLMs`), which no stemmer knows, the singular."""
    return stem(fold(word[:-1] if word[-1:] == "s" and word[:-1].isupper() else word))


def _tells(one: str, word: str, in_pair: bool = False) -> bool:
    return len(one) > 2 and not one.isdigit() and is_content(fold(word)) and (in_pair or one not in _PROSE)


def _best(shares: Counter[str], often: set[str], spellings: Spellings, everywhere: Counter[str], groups: int) -> tuple[str, ...]:
    """The heaviest terms of which none repeats a word of another."""
    weighted = {}
    for term in often:
        elsewhere = (everywhere[term] - shares[term]) / max(groups - 1, 1)
        ratio = (shares[term] + SMOOTHING) / (elsewhere + SMOOTHING)
        weighted[term] = shares[term] * math.log(ratio) * (PAIR_BONUS if " " in term else 1.0)
    chosen: list[str] = []
    for term in sorted(weighted, key=lambda term: (-weighted[term], term)):
        if len(chosen) < TERMS and not any(set(term.split()) & set(other.split()) for other in chosen):
            chosen.append(term)
    return tuple(_spelt(spellings[term]) for term in chosen)


def _spelt(spellings: Counter[str]) -> str:
    """The commonest spelling, capitals apart unless they are inside a word (`NeRF`, `PDE`)."""
    total: Counter[str] = Counter()
    for spelling, count in spellings.items():
        total[spelling if any(char.isupper() for word in spelling.split() for char in word[1:]) else spelling.lower()] += count
    return min(total, key=lambda spelling: (-total[spelling], spelling))
