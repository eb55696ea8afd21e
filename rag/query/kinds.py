"""The kind of a question: by rules where they are sure, else by a logistic model over the encoder's vector and a few signs.

`eval/training/question_kinds.py` fits the weights in `data/question_kinds.json`; the card beside it tells on what, and how well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from rag.query.plan import Kind, QueryPlan
from rag.text.names import is_own_spelling, names

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.protocols import WordEncoder

SURE = 0.6
"""The model's probability from which it overrules the rules."""
SURELY_LISTED = 0.45
"""The same for a list. Of 100 questions for lists that were left out 82 are found (at 0.6: 71), and 19 of 900 on one point, which were left
out too, are taken for lists (at 0.6: 9)."""
RULED: tuple[Kind, ...] = ("fact", "method", "list", "compare", "summary")
SUMMARIES = ("summary_paper", "summary_topic")
_ASKING = re.compile(r"(?i)\b(?:what|which|who|whom|whose|how|why|when|where)\b")
_WHETHER = re.compile(r"(?i)^\W*(?:do|does|did|is|are|was|were|can|could|has|have|will|would|should)\b")
_CONTINUES = re.compile(r"(?i)^\W*(?:and|so|but|what about|ok)\b")
_MANY = re.compile(
    r"(?i)\b(?:papers|articles|studies|works|literature|publications|references|abstracts|anything|anyone|anybody|who)\b"
)
_PAPERS = re.compile(
    r"(?i)^\W*(?:please )?(?:list|show)\b|\b(?:papers|articles|studies|works|literature|publications|references|abstracts|everything|which ones|"
    r"(?:which|what|who) of these|(?:we|you) (?:got|have)|have (?:we|you))\b"
)
_OTHER = re.compile(r"(?i)\b(?:other|further|more) (?:papers|articles|studies|works|publications|abstracts)\b")
_COUNTS = re.compile(
    r"(?i)^\W*(?:(?:and|so) )*(?:in )?(?:how many|(?:what is )?(?:the )?number of) (?:\w+ ){0,3}?(?:papers|articles|studies|works|publications|abstracts)\b"
)
_ONE = re.compile(r"(?i)\b(?:paper|article|study|work|abstract)\b")
_WHICH_PAPER = re.compile(
    r"(?i)^\W*(?:(?:and|so|but) )*(?:in )?(?:which|what) (?!(?:do|does|did|is|are|was|were|has|have|had|can|could|would|should) )(?:\w+ )?(?:paper|article|study|abstract)\b"
)
_AMOUNT = re.compile(r"(?i)^\W*(?:how many|how much|what percentage|how long)\b")
_NO_LIST = re.compile(
    r"(?i)^\W*(?:(?:and|so|but) )*(?:did|does|was|were|has|can|could|is (?:it|this|that)|do (?!you|we|any|other)\w+)\b|\b(?:code|github|repo|repository|link|url|download)\b"
)
"""Asked for code, or whether something is so, nobody wants a list, whatever the model says."""
_COLLECTION = re.compile(r"(?i)\b(?:collection|library|database|archive)\b")
LONG = 40
"""Words from which a question is no longer than long."""


def asks_for_papers(text: str) -> bool:
    """Whether it speaks of papers in the plural, or orders a list: that is wanted, however short it turns out."""
    return _PAPERS.search(text) is not None


def asks_which_paper(text: str) -> bool:
    """Whether it asks for one paper: `which study used interviews?`"""
    return _WHICH_PAPER.search(text) is not None


def asks_for_others(text: str) -> bool:
    """Whether it asks for papers besides those that it names."""
    return _OTHER.search(text) is not None


def counts_papers(text: str) -> bool:
    """Whether it asks how many papers there are of something, so that a list is to say how many it found."""
    return _COUNTS.search(text) is not None


def signs(plan: QueryPlan) -> list[float]:
    """What the rules found in the question, as numbers in 0…1, in the order of the weights."""
    text = plan.text
    found = [plan.kind == kind for kind in RULED]
    found += [plan.filters is not None, plan.is_empty, plan.of_one_paper]
    found += [want in plan.wants for want in ("number", "definition", "code")]
    found += [text.rstrip().endswith("?"), *_form(text)]
    found += [pattern.search(text) is not None for pattern in (_CONTINUES, _MANY, _ONE, _AMOUNT, _COLLECTION)]
    return [*map(float, found), min(len(text.split()), LONG) / LONG]


def _form(text: str) -> list[bool]:
    """Whether it asks, and names something: “music-driven dance synthesis” does neither, “CueCo accuracy CIFAR-100” names."""
    called = list(names(text))
    asks, whether = _ASKING.search(text) is not None, _WHETHER.search(text) is not None
    told = not (asks or whether)
    return [
        asks,
        _ASKING.match(text.strip()) is not None,
        whether,
        told,
        bool(called),
        told and bool(called),
        any(map(is_own_spelling, called)),
    ]


@dataclass(frozen=True)
class KindModel:
    """Decides kinds with the fitted weights; with another encoder than theirs, it leaves every plan as it is."""

    encoder: WordEncoder

    def decided(self, plan: QueryPlan) -> QueryPlan:
        """The plan with another kind where the model is sure that the rules are wrong; comparisons, questions for all
        papers but some, and questions to the records stay."""
        ruled = plan.kind == "compare" or plan.filters is not None or plan.is_empty or plan.asks_for_rest
        if ruled or self.encoder.name != weights().encoder:
            return plan
        found = self.probabilities(plan)
        point, listed = found["point"], found["list"]
        summed = sum(found[kind] for kind in SUMMARIES)
        if found["smalltalk"] >= SURE:
            return replace(plan, is_empty=True)
        if plan.kind in ("list", "summary"):
            return replace(plan, kind="fact") if point >= SURE else plan
        if listed >= SURELY_LISTED and not _NO_LIST.search(plan.text):
            return replace(plan, kind="list")
        if summed >= SURE:
            one = plan.of_one_paper or found["summary_paper"] > found["summary_topic"]
            return replace(plan, kind="summary", of_one_paper=one)
        return plan

    def probabilities(self, plan: QueryPlan) -> Mapping[str, float]:
        """By kind as the training data names them; they sum to 1."""
        import numpy as np

        kept = weights()
        row = np.concatenate([self.encoder.encode_words([plan.text])[0].sentence, np.array(signs(plan), np.float32)])
        scores = kept.matrix @ row + kept.bias
        odds = np.exp(scores - scores.max())
        return dict(zip(kept.kinds, (odds / odds.sum()).tolist(), strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """`matrix` has a row a kind: the weights of the encoder's dimensions, then those of `signs`. They fit one `encoder` only."""

    encoder: str
    kinds: Sequence[str]
    matrix: NDArray[np.float32]
    bias: NDArray[np.float32]


@cache
def weights() -> Weights:
    """The fitted ones, as they come along."""
    import numpy as np

    read = json.loads((files("rag") / "data" / "question_kinds.json").read_text(encoding="utf-8"))
    matrix, bias = (np.array(read[name], np.float32) for name in ("weights", "bias"))
    return Weights(read["encoder"], read["kinds"], matrix, bias)
