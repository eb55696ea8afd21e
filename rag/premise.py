"""What a question takes for granted, held against the paper it is about: `Why does X need Y?` where X obviates Y."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.comparison import agreed, turned_round
from rag.opposites import leans_otherwise, opposition, said
from rag.terms import is_content, stem, words

_WHY = re.compile(
    r"(?i)^(?:so |and |but |ok |then )*(?:why|how come|for what reason)\s+(?!\w+n['’]t\b|not\b)(?:(?:do|does|is|are|did|was|were|has|have|can|would)\b(?! not\b))?"
)
_SUPPOSES = re.compile(
    r"(?i)\b(?:needs?|requires?|relies on|rely on|depends? on|suffers? (?:from )?|loses?|hurts?|sacrifices?|keeps?) (?P<object>.+)"
)
_BLAMES = re.compile(
    r"(?i)\b(?:slow(?:er|ly|s)?|longer|worse|worst|underperforms?|inferior|poor(?:er|ly)?|lower|less|fails?|failed|loses?|lost|hurts?|harms?|degrades?|decreases?|drops?|costs? more|"
    r"(?:more|increases?) (?:\w+ )?(?:memory|parameters?|weights?|time|compute|computation|data|costs?))\b"
)
_PRAISES = re.compile(
    r"(?i)\b(?:outperforms?|outperformed|outperforming|superior|faster|speed[- ]?ups?|speeds? up|accelerat\w+|improv\w+|better|best|competitive|state[- ]of[- ]the[- ]art|surpass\w*|exceed\w*|"
    r"(?:increas|enhanc|boost)\w+ (?:\w+ )?(?:speed|accuracy|performance|efficiency)|reduc\w+|fewer|robust|optimal|without (?:\w+ ){0,3}(?:loss|losing|hurting|sacrific\w+|compromis\w+))\b"
)
_ADMITS = re.compile(
    r"(?i)\b(?:however|but|although|despite|while|whereas|cannot|can not|not|fail\w*|suffer\w*|limit\w*|difficult\w*|slow\w*|worse|poor\w*|degrad\w*|expensive|costly|lack\w*|struggl\w*|"
    r"hinder\w*|problem\w*|challeng\w*|less|lower|loss of|inferior|drawback\w*|bottleneck\w*|prone|only)\b"
)
"""Words that blame, praise and admit; a sentence that praises and admits nothing gives no reason for a blame."""
_ASIDE = re.compile(r"(?i)\b(?:compared (?:to|with)|when|while|if|than|in order to|so that)\b.*|[,;(].*")


def premise(question: str) -> str:
    """The statement inside a question that asks for a reason; empty where it asks for none."""
    asking = _WHY.match(question)
    return question[asking.end() :].strip(" ?.!") if asking else ""


def premise_fault(question: str, abstract: Sequence[str], near: Sequence[str]) -> str:
    """What the question supposes and the abstract's sentences deny, in words; `near` are those that speak of it. Empty where nothing is."""
    claim = premise(question)
    if not claim:
        return ""
    fault = opposition(claim, near, abstract, agreed(claim, abstract)) or turned_round(claim, near, abstract)
    if fault or leans_otherwise(claim, near) or _blames_what_is_praised(claim, near):
        return "the question supposes the opposite of what the nearest paper says"
    denied = _done_without(claim, abstract)
    return f"the question supposes {denied}, which the nearest paper does without" if denied else ""


def _blames_what_is_praised(claim: str, near: Sequence[str]) -> bool:
    return bool(_BLAMES.search(claim) and any(map(_PRAISES.search, near)) and not any(map(_ADMITS.search, near)))


def _done_without(claim: str, abstract: Sequence[str]) -> str:
    """What the claim says is needed or lost, if a sentence denies all of it and none affirms it."""
    found = _SUPPOSES.search(claim)
    thing = _ASIDE.sub("", found["object"]).strip() if found else ""
    wanted = {stem(word) for word in words(thing) if is_content(word)}
    told = [said(sentence) for sentence in abstract]
    denied = any(wanted <= {word.stem for word in sentence if word.denied} for sentence in told)
    affirmed = any(wanted <= {word.stem for word in sentence if not word.denied} for sentence in told)
    return f"“{thing}”" if wanted and denied and not affirmed else ""
