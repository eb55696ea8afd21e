"""Whether the sentences found leave a fact or an explanation unsaid: signs of it, weighed together by a logistic model.

The rules decide alone where they are sure: another subject, code that is not given, what no collection knows, and questions put into
English word by word. Elsewhere each rule of `rag.abstention.rules`, `rag.abstention.unknown_names` and `rag.abstention.presuppositions` is a sign; what the question's words meet in the
nearest paper, and whether a figure or a name stands beside the thing asked for, are others. `eval/training/abstention.py` fits the weights in
`data/silence.json`; `eval/README.md` says on what, and how often each error happens.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rag.abstention.answer_types import counted, gives_count
from rag.abstention.rules import Findings, has_number
from rag.query.paper_names import subject_words
from rag.query.plan import QueryPlan
from rag.retrieval.sentence_ranker import Match
from rag.text.domain_terms import field_terms_in, stands_in
from rag.text.frequency import rarity
from rag.text.names import is_name
from rag.text.numerals import CARDINAL, LARGE
from rag.text.words import fold, is_content, stem, stems, words
from rag.types import Refusal

UNLIKE = 0.38
"""Best cosine under which a word has nothing like it in the paper."""
NOTHING_LACKS = 0.7
"""What stands for the cosine of the words that the paper lacks, where it has them all."""
NO_FIGURE, NO_NUMBER_ASKED = 0.2, 0.45
"""What stands for the cosines of sentences with a number where there is none, and where no number is asked for."""
NO_THING = 0.55
"""What stands for the cosine of the thing asked for, where none is named."""
SILENT = Refusal("silent")

_THING = re.compile(
    r"(?i)\b(?:what|which|how many|how much|whose|number of|amount of|kind of|type of)\s+((?:(?!(?:is|are|was|were|do|does|did|has|have|can|could|will|would|should|must|"
    r"in|on|of|for|to|with|the|that|from|by|at|it|they|we|and|or)\b)[\w'’/-]+\s*){1,5})"
)
_AMOUNT = re.compile(
    r"(?i)\bhow (?:many|much|long|large|big|fast|often|far|high|small|few|close|accurate|deep|wide|old)\b|\bnumber of|"
    r"\b(?:what|which) (?:\w+ ){0,3}(?:number|percentage|percent|share|fraction|factor|score|accuracy|rate|size|ratio|margin|cost|price|value|level|length|dimension|degree|threshold|temperature|speed|latency|time)\b"
)
_WHETHER = re.compile(r"(?i)^(?:and |so |but )*(?:does|do|did|is|are|was|were|can|could|has|have|had|must|should|will|would)\b")
_BY_NAME = re.compile(r"(?i)\b(?:which|what|whose)\b")
_FIGURE = re.compile(rf"\d|^(?:{CARDINAL}|{LARGE}|half|twice|double|single|both|several)$")
BESIDE_FIGURE = (3, 6)
"""Words before a figure and behind it that it speaks of."""
BESIDE_NAME = 6


def unsaid(
    question: QueryPlan, matches: Sequence[Match], holds: Callable[[str], bool], read: Mapping[str, float] | None = None
) -> Refusal | None:
    """Why these sentences (best first) do not answer; None where they may. `holds`: whether the collection has the word.

    `read` are the learned reader's signs, where it read the sentences; they are weighed together with the others.
    """
    found = Findings(question, matches, holds)
    if not weighed(found):
        return found.first or ((found.opposite_premise or found.done_without) if matches else None)
    weighing = model("silence") if read is None else model("silence_read")
    if probability(signs(found) | dict(read or {}), weighing) < weighing.threshold:
        return None
    return found.first or found.opposite_premise or found.done_without or SILENT


def weighed(found: Findings) -> bool:
    """Whether signs decide, and no rule alone."""
    return bool(
        found.matches
        and found.content
        and not found.question.foreign
        and not found.beyond_records
        and not found.no_code
        and not found.another_subject
    )


def probability(found: Mapping[str, float], weighing: Model | None = None) -> float:
    """That the papers do not say, in 0…1, given the signs; without `weighing`, by the model that does without the reader."""
    by = weighing or model()
    total = math.fsum(by.weights.get(name, 0.0) * value for name, value in found.items())
    return 1 / (1 + math.exp(-by.bias - total))


def signs(found: Findings) -> dict[str, float]:
    """What speaks for and against an answer, by name; there are sentences, and the question has a content word."""
    question, matches, content = found.question, found.matches, found.content
    paper, own = matches[0].evidence.paper, found.nearest
    subject = subject_words(question.text, paper)
    asked = [word for word in content if word not in subject] or content
    best = {word: max(match.words[word] for match in own) for word in content}
    text = [stem(word) for word in words(f"{paper.title} {paper.abstract}")]
    told, titled = frozenset(text), stems(paper.title)
    lacking = [word for word in asked if stem(word) not in told]
    terms = field_terms_in(question.text)
    count = counted(question.text)
    thing = _thing(question, matches[0])
    return {
        "lacking met": _mean([best[word] for word in lacking], NOTHING_LACKS),
        "lacking": math.fsum(rarity(word) * (1 - best[word]) for word in lacking),
        "new to the collection": _mean([float(not found.holds(word)) for word in asked], 0.0),
        "unlike": float(sum(best[word] < UNLIKE for word in asked)),
        "whether": float(_WHETHER.search(question.text) is not None),
        "thing": float(bool(thing)),
        "thing met": _mean([best[word] for word in thing], NO_THING),
        "no thing": float(found.unmet_thing is not None),
        "stranger": float(found.unknown_name is not None),
        "term asked": float(found.unmet_term is not None),
        "terms lacking": sum(not stands_in(term, text) for term in terms) / max(1, len(terms)),
        "count lacking": float(count is not None and not any(gives_count(count, match.text) for match in own)),
        "no figure": float(found.unmet_number is not None),
        "denied": float(found.opposite_premise is not None),
        "done without": float(found.done_without is not None),
        **_beside(question, own, thing, [word for word in asked if stem(word) not in titled] or asked),
    }


def _beside(question: QueryPlan, own: Sequence[Match], thing: Sequence[str], point: Sequence[str]) -> dict[str, float]:
    """Whether a figure or a name that is new stands beside the thing asked for, where one is wanted."""
    amount = "number" in question.wants or _AMOUNT.search(question.text) is not None
    named = bool(thing) and not amount and _BY_NAME.search(question.text) is not None
    asked = frozenset(map(stem, thing))
    known = frozenset(words(f"{question.text} {own[0].evidence.paper.title}"))
    figures = [match for match in own if has_number(match.text, counting=True)]
    nearest = max((_mean([match.words[word] for word in point], NO_FIGURE) for match in figures), default=NO_FIGURE)
    return {
        "figure beside": float(amount and any(_all_around_a_figure(asked, match.text) for match in figures)),
        "figure near": nearest if amount else NO_NUMBER_ASKED,
        "name beside": float(named and any(asked & _around_names(match.text, known) for match in own)),
    }


def _all_around_a_figure(asked: frozenset[str], sentence: str) -> bool:
    """Whether all of these stems, one at least, stand near one figure: `success rate 100 %` is no learning rate."""
    told = words(sentence)
    before, behind = BESIDE_FIGURE
    places = [place for place, word in enumerate(told) if _FIGURE.search(word)]
    return bool(asked) and any(asked <= set(map(stem, told[max(0, place - before) : place + behind])) for place in places)


def _around_names(sentence: str, known: frozenset[str]) -> frozenset[str]:
    """The stems of words near a name that the question does not have; the first word of a sentence is no name."""
    told = list(re.finditer(r"[\w-]+", sentence))
    places = [
        place
        for place, found in enumerate(told)
        if found.start() > 0 and is_name(found.group()) and not known.issuperset(words(found.group()))
    ]
    return frozenset(
        stem(fold(found.group())) for place in places for found in told[max(0, place - BESIDE_NAME) : place + BESIDE_NAME + 1]
    )


def _thing(question: QueryPlan, match: Match) -> list[str]:
    """The words behind `which` or `how many`."""
    found = _THING.search(question.text)
    return [word for word in words(found.group(1)) if word in match.words and is_content(word)] if found else []


def _mean(values: Sequence[float], otherwise: float) -> float:
    return math.fsum(values) / len(values) if values else otherwise


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model over the signs, and the probability from which on a question is refused."""

    bias: float
    weights: Mapping[str, float]
    threshold: float


@cache
def model(name: str = "silence") -> Model:
    """The fitted one of this name, as it comes along: `silence` without the learned reader, `silence_read` with it."""
    read = json.loads((files("rag") / "data" / f"{name}.json").read_text(encoding="utf-8"))
    return Model(read["bias"], read["weights"], read["threshold"])
