"""Twelve ways of breaking an answer, and for each the scores that must move and those that may. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from eval.cases.reading import Case
from eval.scores import metrics
from rag.text.sentences import sentences
from rag.types import Answer, Citation, Claim, Paper

Break = Callable[[Case, Answer, Mapping[str, Paper]], Answer | None]
NAMES = ("WaveNet", "AlphaFold", "CycleGAN", "YOLO")
NOWHERE = 99
OTHER_DIGITS = str.maketrans("0123456789", "5678912341")
REFUSAL = "The papers do not say."

# Not a number in brackets: `(1)` counts points, and in `E(3)` it is part of a name.
_FIGURE = re.compile(r"(?<![\w.,(-])\d+(?:[.,]\d+)?(?![\w-])")
_NAME = re.compile(r"(?<![\w-])(?:[A-Z][A-Za-z]*[a-z][A-Z][A-Za-z]*|[A-Z]{3,}[a-z]?)(?![\w-])")
_VERB = re.compile(r"\b(?:is|are|was|were|can|has|have|does|do|will)\b(?! not\b)")


@dataclass(frozen=True, slots=True)
class Damage:
    """A way of breaking; `do` gives None for an answer that it cannot be done to. All of `must` have to move, and of the rest only `may`."""

    name: str
    do: Break
    must: frozenset[str]
    may: frozenset[str]


def plain(answer: Answer) -> Answer | None:
    """The answer with nothing but its sentences and their markers, each cited; None if it is not made of such."""
    if answer.status == "not_found" or not answer.claims or not all(claim.citations for claim in answer.claims):
        return None
    return _written(answer, answer.claims)


def _written(answer: Answer, claims: Sequence[Claim]) -> Answer:
    text = " ".join(f"{claim.text} " + "".join(f"[{number}]" for number in claim.citations) for claim in claims)
    return replace(answer, claims=tuple(claims), text=text)


def _reworded(change: Callable[[str], str | None]) -> Break:
    """A break that changes the words of the first sentence where it can."""

    def do(case: Case, answer: Answer, papers: Mapping[str, Paper]) -> Answer | None:
        for place, claim in enumerate(answer.claims):
            changed = change(claim.text)
            if changed is not None:
                claims = (*answer.claims[:place], replace(claim, text=changed), *answer.claims[place + 1 :])
                return _written(answer, claims)
        return None

    return do


def other_number(text: str) -> str | None:
    """The text with its first figure changed; None if there is none."""
    found = _FIGURE.search(text)
    if found is None:
        return None
    digits = found.group().translate(OTHER_DIGITS)
    return None if digits in text else text[: found.start()] + digits + text[found.end() :]


def other_name(text: str) -> str | None:
    """The text with its first coined name exchanged; None if there is none."""
    found = _NAME.search(text)
    if found is None:
        return None
    name = next(name for name in NAMES if name not in text)
    return re.sub(rf"(?<![\w-]){re.escape(found.group())}(?![\w-])", name, text)


def denied(text: str) -> str | None:
    """The text with its first auxiliary verb denied; None if there is none."""
    found = _VERB.search(text)
    return None if found is None else f"{text[: found.end()]} not{text[found.end() :]}"


def _wrong_marker(case: Case, answer: Answer, papers: Mapping[str, Paper]) -> Answer:
    first, *rest = answer.claims
    return _written(answer, (replace(first, citations=(NOWHERE,)), *rest))


def _swapped(case: Case, answer: Answer, papers: Mapping[str, Paper]) -> Answer | None:
    first, *rest = answer.claims
    for place, other in enumerate(rest):
        if other.citations != first.citations:
            rest[place] = replace(other, citations=first.citations)
            return _written(answer, (replace(first, citations=other.citations), *rest))
    return None


def _dropped(case: Case, answer: Answer, papers: Mapping[str, Paper]) -> Answer | None:
    """Without its one gold sentence."""
    gold = _gold(case, answer)
    if metrics.gold_sentence_cited(case, answer, 3) != 1.0 or len(gold) != 1 or len(answer.claims) < 2:
        return None
    dropped = answer.claims[gold[0]]
    kept = tuple(one for one in answer.citations if one.number not in dropped.citations)
    return _written(replace(answer, citations=kept), [claim for claim in answer.claims if claim is not dropped])


def _invented(case: Case, answer: Answer, papers: Mapping[str, Paper]) -> Answer:
    """With a sentence more, of a paper that it does not cite, under the marker of its last one."""
    stranger = _stranger(case, answer, papers)
    text = sentences(stranger.abstract)[-1].of(stranger.abstract)
    return _written(answer, (*answer.claims, Claim(text, answer.claims[-1].citations)))


def _shuffled(case: Case, answer: Answer, papers: Mapping[str, Paper]) -> Answer | None:
    """In the reverse order, where the first sentence is gold and the last is not."""
    if metrics.gold_sentence_cited(case, answer, 1) != 1.0 or len(answer.claims) - 1 in _gold(case, answer):
        return None
    return _written(answer, answer.claims[::-1])


def _duplicated(case: Case, answer: Answer, papers: Mapping[str, Paper]) -> Answer:
    return _written(answer, (*answer.claims, answer.claims[0]))


def _empty(case: Case, answer: Answer, papers: Mapping[str, Paper]) -> Answer:
    return replace(answer, text="", claims=(), citations=())


def _refused(case: Case, answer: Answer, papers: Mapping[str, Paper]) -> Answer | None:
    return None if metrics.must_be_refused(case) else replace(_empty(case, answer, papers), status="not_found", text=REFUSAL)


def _wrong_paper(case: Case, answer: Answer, papers: Mapping[str, Paper]) -> Answer | None:
    """With another paper under the marker of its first sentence, where that was a gold one."""
    number = answer.claims[0].citations[0]
    place = next(place for place, citation in enumerate(answer.citations) if citation.number == number)
    if answer.citations[place].paper.id not in case.papers:
        return None
    stranger = _stranger(case, answer, papers)
    cited = Citation(number, stranger, sentences(stranger.abstract)[0])
    return replace(answer, citations=(*answer.citations[:place], cited, *answer.citations[place + 1 :]))


def _gold(case: Case, answer: Answer) -> list[int]:
    """The places of the sentences that cite a gold one."""
    numbers = {citation.number for citation in answer.citations if metrics.is_gold(case, citation)}
    return [place for place, claim in enumerate(answer.claims) if numbers & set(claim.citations)]


def _stranger(case: Case, answer: Answer, papers: Mapping[str, Paper]) -> Paper:
    """A paper that has nothing to do with the case: not gold, not found, not cited."""
    known = {*case.papers, *case.acceptable, *metrics.cited_papers(answer), *(hit.paper.id for hit in answer.hits)}
    return next(paper for id, paper in sorted(papers.items()) if id not in known)


_VERDICTS = frozenset({"partly", "unsupported", "contradicted"})
_GROUND = _VERDICTS | {"citation_precision", "word_for_word"}
_KEYS = frozenset({"key@1", "key@2", "key@3", "key_anywhere"})
_FIRST = frozenset({"gold_sentence@1", "gold_sentence@3"})
_CITED = frozenset({"right_paper", "right_sentence", "papers_cited", "list_precision", "list_recall", "list_f1"})
_LENGTH = frozenset({"words", "overlap"})
_ALL_SAID = _GROUND | _KEYS | _FIRST | _CITED | _LENGTH | {
    "citation_recall", "supported", "not_checkable", "uncited", "from_records", "quote_verbatim", "marker_exists", "repeated", "sentences",
}  # fmt: skip
_SUPPORT = frozenset({"supported", "citation_recall"})

DAMAGES = (
    Damage("number", _reworded(other_number), _SUPPORT, _GROUND | _KEYS | _LENGTH),
    Damage("name", _reworded(other_name), _SUPPORT, _GROUND | _KEYS | _LENGTH),
    Damage("negation", _reworded(denied), _SUPPORT, _GROUND | _KEYS | _LENGTH),
    Damage("wrong marker", _wrong_marker, _SUPPORT | {"marker_exists"}, _GROUND | _FIRST | {"not_checkable"}),
    Damage("swapped citation", _swapped, _SUPPORT, _GROUND | _FIRST),
    Damage("dropped sentence", _dropped, frozenset({"gold_sentence@3", "sentences"}), _FIRST | _KEYS | _CITED | _LENGTH),
    Damage("added invention", _invented, _SUPPORT | {"sentences"}, _GROUND | _LENGTH),
    Damage("shuffled", _shuffled, frozenset({"gold_sentence@1"}), frozenset({"key@1", "key@2", "key@3", "gold_sentence@3", "overlap"})),
    Damage("duplicated", _duplicated, frozenset({"repeated", "sentences"}), _LENGTH),
    Damage("empty", _empty, _SUPPORT | {"sentences"}, _ALL_SAID),
    Damage("refusal", _refused, frozenset({"false_refusal"}), _ALL_SAID),
    Damage("wrong paper", _wrong_paper, _SUPPORT | {"right_paper"}, _GROUND | _FIRST | _CITED),
)  # fmt: skip
