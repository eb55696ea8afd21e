"""Who outdoes whom: the direction of comparisons and of other relations with two sides, in active and passive voice.

A sentence is read as *left side, relation, right side*; two readings of one relation are held against each other by the words that
their sides share. The claim is turned round where its left side is the source's right one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rag.text.cues import lists, word_list
from rag.text.polarity import POLES
from rag.text.words import fold, is_content, stem, words

_DATA = "relations.txt"
_REVERSED = "_reversed"


def _listed(kind: str) -> Iterator[tuple[str, str, int]]:
    """The entries of the lists whose names begin with `kind`: each with its relation, and -1 where its sides are reversed."""
    for name, entries in lists(_DATA).items():
        if name.startswith(kind):
            relation = name.removeprefix(kind)
            for entry in entries:
                yield entry, relation.removesuffix(_REVERSED), -1 if relation.endswith(_REVERSED) else 1


_FIXED = {phrase: (relation, sign) for phrase, relation, sign in _listed("phrases_")}
_BETTER = POLES["better"][0]
_FORMS: dict[str, tuple[str, int]] = {}
for _verbs, _relation, _sign in _listed("verbs_"):
    for _verb in _verbs.split():
        _bare = _verb.removesuffix("e")
        for _form in (_verb, f"{_verb}s", f"{_bare}ed", f"{_bare}ing", f"{_verb}es", f"{_bare}d", f"{_bare}ting"):
            _FORMS[_form] = (_relation, _sign)
_FORMS.pop("induced")
_FORMS |= {"beaten": ("best", 1)}
_RELATION = re.compile(
    r"\b(?P<be>(?:is|are|was|were|be|been|being|gets?) (?:\w+ly |often |always |also |not )?)?(?P<verb>"
    + "|".join(sorted(_FORMS, key=len, reverse=True))
    + r")\b(?P<by> by\b)?|\b(?P<fixed>"
    + "|".join(sorted(_FIXED, key=len, reverse=True))
    + r")\b|\b(?P<degree>more|less|fewer) (?P<quality>\w+)(?: \w+){0,5} than\b|\b(?P<comparative>\w+(?:er|est)|better|worse|more|less)(?: \w+){0,5}? than\b"
)
_BOUNDARY = re.compile(
    r"[.;:!?()]|,|\b(?:that|which|while|whereas|but|although|though|because|when|where|and then|showing|demonstrating|so|if)\b"
)
_REPLACED = re.compile(r" (?P<old>(?:\w+ ){1,5})(?:with|by) (?P<new>.*)")
"""Behind the verb in `we replace attention with convolution`, where the subject has no part."""
_WINDOW = 8
"""Content words of a side of a relation. Chosen."""
_NEAR = 600
"""Characters before and after a relation in which its sides stand: more than any clause of eight telling words has."""
_MOST = 64
"""Relations that are read of one sentence: no sentence that reports anything has as many."""
_TELLING = 3
"""Words that a claim must share with `on par with …`."""
_GENERIC = word_list(_DATA, "generic")
"""Words by which a paper calls its own subject: no name for a side."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation with its sides in the order of its active voice: `left` outdoes, causes or precedes `right` (stems)."""

    name: str
    form: str
    left: frozenset[str]
    right: frozenset[str]

    def agrees(self, other: Relation) -> bool:
        straight = len(self.left & other.left) + len(self.right & other.right)
        return other.name == self.name and straight > 0 and straight >= self._crossed(other)

    def opposes(self, other: Relation) -> bool:
        """Whether the sides are crossed: both, or one where a side names nothing but `ours`, `it` or `the method`."""
        straight = len(self.left & other.left) + len(self.right & other.right)
        both = bool(self.left & other.right) and bool(self.right & other.left)
        unnamed = not (self.left and self.right and other.left and other.right)
        return other.name == self.name and self._crossed(other) > straight and (both or unnamed)

    def _crossed(self, other: Relation) -> int:
        return len(self.left & other.right) + len(self.right & other.left)


@lru_cache(maxsize=16384)
def relations(sentence: str) -> tuple[Relation, ...]:
    """The relations that a sentence states."""
    text = " ".join(re.findall(r"[^\W_]+|[.;:!?(),]", fold(sentence)))
    found = []
    for match in islice(_RELATION.finditer(text), _MOST):
        name, sign = _kind(match)
        before, after = text[max(0, match.start() - _NEAR) : match.start()], text[match.end() : match.end() + _NEAR]
        swapped = _REPLACED.match(after) if name == "replace" and sign > 0 else None
        if swapped is not None:
            before, after = swapped["new"], swapped["old"]
        left, right = _side(before, last=swapped is None), _side(after, last=False)
        if not name or not (left or right):
            continue
        left, right = left - right, right - left
        sides = (left, right) if sign > 0 else (right, left)
        found.append(Relation(name, match.group().strip(), *sides))
    return tuple(found)


def _kind(match: re.Match[str]) -> tuple[str, int]:
    """The relation's name, and 1 where the left side is its subject, else -1."""
    if match["verb"]:
        name, sign = _FORMS[match["verb"]]
        return name, -sign if match["by"] else sign
    if match["fixed"]:
        return _FIXED[match["fixed"]]
    if match["quality"]:
        sign = 1 if match["degree"] == "more" else -1
        opposition, side = POLES.get(match["quality"], (None, 1))
        return (str(opposition) if opposition is not None else stem(match["quality"])), sign * side
    opposition, side = POLES.get(match["comparative"], (None, 1))
    if opposition == _BETTER:
        return "best", side
    return (str(opposition), side) if opposition is not None else (stem(match["comparative"]), 1)


def _side(text: str, last: bool) -> frozenset[str]:
    """The content words between the relation and the clause's boundary."""
    clauses = _BOUNDARY.split(text)
    content = [word for word in words(clauses[-1] if last else clauses[0]) if is_content(word)]
    return frozenset(stem(word) for word in (content[-_WINDOW:] if last else content[:_WINDOW]) if word not in _GENERIC)


def agreed(claim: str, sources: Sequence[str]) -> frozenset[str]:
    """The words of the claim's relations that a source has the same way round, be it by the opposite word: `slower than`."""
    source_relations = [relation for source in sources for relation in relations(source)]
    kept = (relation.form for relation in relations(claim) if any(relation.agrees(other) for other in source_relations))
    return frozenset(word for form in kept for word in form.split())


def turned_round(claim: str, near: Sequence[str], sources: Sequence[str]) -> str:
    """Where the claim has a relation's sides the other way round than a sentence near it, and no source has them as it does; in words."""
    source_relations = [relation for source in sources for relation in relations(source)]
    for relation in relations(claim):
        drawn = _drawn(relation, source_relations)
        if drawn:
            return drawn
        if any(relation.agrees(other) for other in source_relations):
            continue
        for source in near:
            for other in relations(source):
                if relation.opposes(other):
                    return f"the claim says “{relation.form}” with the sides the other way round than the source’s “{other.form}”"
    return ""


def _drawn(relation: Relation, source_relations: Sequence[Relation]) -> str:
    """Where the claim says `outperforms` of what the source calls `on par`; in words."""

    def close(name: str) -> tuple[int, str]:
        same = [
            (len((relation.left | relation.right) & (other.left | other.right)), other.form)
            for other in source_relations
            if other.name == name
        ]
        return max(same, default=(0, ""))

    (par, form), (best, _) = close("par"), close("best")
    if relation.name != "best" or par < _TELLING or par <= best:
        return ""
    return f"the claim says “{relation.form}” where the source says “{form}”"
