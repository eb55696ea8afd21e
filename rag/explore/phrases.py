"""The phrases of a text: runs of one to three neighbouring words that may name a subject. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.text.words import fold, is_content, stem

LONGEST = 3
"""Words in a phrase: four are hardly ever shared by two papers."""
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
NEAR = 24
"""Characters to either side of a phrase in which its neighbours are looked for."""
_ENDING = (",", ".", ";", ":", ")", "?", " (")
# By these words to either side, a phrase stands like a noun, or like a verb.
_BEFORE_NOUN = frozenset("the a an of its their this these each every".split())
_AFTER_NOUN = frozenset("of is are was were has have".split())
_BEFORE_VERB = frozenset("we they can could may might will would should must not".split())
_AFTER_VERB = frozenset("the a an its their this these those our how whether that several various".split())


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, text.split()))


# Words of every field's prose, which only happen to be more frequent in one group: no part of a name.
_PROSE = _stems(
    """
    ability able accurate accurately achieve across active additional address advantage aim allow analyse analysis analyze apply approach arise art assume attain attempt available based
    behave behavior benchmark best better bridge broad build capability capture case challenge challenging class common compare comparison complex component
    comprehensive conduct consider consist consistently contain contribute contribution create critical current currently datasets demonstrate depend design desire
    develop different difficult discover diverse domain due easily effect effective effectively efficacy efficiency efficient emerge empirical empirically employ enable encode end
    enhance ensure entire essential establish estimate evaluate evaluation example exhibit exist existing experiment experimental explicit exploit explore extend extensive facilitate fact factor far fast feature finally find
    first focus follow form formulate framework full fully fundamental furthermore future gain gap general generalize generate github goal good great group handle hard help high higher highly however http https identify
    illustrate impact implement important improve improvement incorporate increase input insight inspire instance integrate interest introduce investigate involve issue key lack large largely lead level leverage
    limit limitation limited line local long low lower main major method methodology modern module moreover multiple namely natural necessary need new notable novel novelty
    number obtain offer one open order original outperform output overall overcome page parameter part particular perform performance perspective point popular
    possible potential powerful practical practice previous primary prior problem procedure produce promising proof propose prove provide publicly quality range rate real recent recently
    reduce reduction rely remain remarkable represent require respect respective respectively result reveal rich robust robustness second seek serve set setting settings several show shown significant significantly similar simple simply single slow
    small solution solve specific specifically standard state step strategy strong studied study subsequent substantial substantially success successful successfully suffer sufficient suitable superior
    support surpass task technique term test third three thus time tool total towards traditional two type typical typically unable underlying understand understanding unified unique unlike
    useful user validate validity value variant variety various vast verify version view well wide widely work world year hence four five many much initial ill paradigm rigorous rigorously conclude conclusion
    average baseline mean better accuracy accurate error performance cost metric score million minimal previously attracted attention growing crucial significance rapidly
    """
)
# Words that name nothing alone and much with others: “neural operators”, “architecture search”, “large language models”.
_GENERIC = _stems(
    """
    adaptive agent algorithm application architecture artificial automatic classification code compute computation computational compression continuous convolutional data dataset decision deep detection device dimension
    dimensional direct dynamic embedding equation extraction field flow function global image information knowledge language large learn learned learning linear machine mechanism
    memory model modeling module motion multi natural network neural neuron noise nonlinear object online operator optimal optimization pattern point policy process processing property rank real
    reasoning recognition representation sample sampling scale science search self sequence signal similarity simulation space sparse spatial speech structure supervised surface symmetry system temporal text theoretical theory time trained
    training transfer transformation true unsupervised variable vector video visual volume weight local high low dimensional robust open world
    """
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of telling words: its stems, how it is spelt, the word of the same run that follows, and 1 where it stands like a noun, -1 like a verb."""

    term: str
    spelling: str
    after: str
    noun: int


def phrases(text: str) -> Iterator[Phrase]:
    """Runs of one to three telling words; no run goes over a sign."""
    found = [(_root(match.group()), match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]
    stands = [_may_stand(root, word) for root, word, *_ in found]
    joined = [stands[place] and text[found[place - 1][3] : found[place][2]] == " " for place in range(len(found))]
    for first in range(len(found)):
        for last in range(first, min(first + LONGEST, len(found))):
            if not stands[last] or (last > first and not joined[last]):
                break
            run = [root for root, *_ in found[first : last + 1]]
            if _tells(run):
                after = found[last + 1][1] if last + 1 < len(found) and joined[last + 1] else ""
                spelling = text[found[first][2] : found[last][3]]
                yield Phrase(" ".join(run), spelling, after, _stands_like(text, found[first][2], found[last][3]))


def _stands_like(text: str, start: int, end: int) -> int:
    """1 for a phrase that stands like a noun, by the words to either side or a sign behind it, -1 for one that stands like a verb, else 0."""
    before = text[max(0, start - NEAR) : start].rpartition(" ")[0].rpartition(" ")[2].lower()
    behind = text[end : end + NEAR]
    after = behind[1:].partition(" ")[0].lower() if behind[:1] == " " else ""
    if before in _BEFORE_VERB or before.endswith("ly") or after in _AFTER_VERB:
        return -1
    return 1 if before in _BEFORE_NOUN or after in _AFTER_NOUN or behind.startswith(_ENDING) else 0


def _root(word: str) -> str:
    """The stem; of an abbreviation in the plural (`LLMs`), which no stemmer knows, the singular."""
    return stem(fold(word[:-1] if word[-1:] == "s" and word[:-1].isupper() else word))


@lru_cache(maxsize=65536)
def _may_stand(root: str, word: str) -> bool:
    """Whether a word may be part of a name."""
    if "-" in word:
        return any(_may_stand(stem(part), part) for part in fold(word).split("-"))
    return not root.isdigit() and is_content(fold(word)) and (root not in _PROSE or root in _GENERIC)


def _tells(run: Sequence[str]) -> bool:
    """Whether a run names something: one word that does so by itself, or three that narrow each other."""
    return any(
        len(root) > 2 and not all(stem(part) in _GENERIC or stem(part) in _PROSE for part in root.split("-")) for root in run
    ) or (len(set(run)) == LONGEST)
