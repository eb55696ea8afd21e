"""Sentences that ask: an abstract often poses a question before it answers."""

from __future__ import annotations

import re

from rag.text.connectives import opening

_ASKING = re.compile(
    r"(?i)[“\"'‘(]{0,3}+(?:who|whom|whose|what|which|how|why|when|where|whether|do|does|did|is|are|was|were|has|have|had|can|could|should|would|will|may|might|must|"
    r"(?:in|to|at|for|on|under|by|from|with|of) (?:what|which|whom))\b"
)


def is_question(sentence: str) -> bool:
    """Whether the sentence asks from its first word on; one that says something before it asks (“It is open: can …?”) does not."""
    return sentence.rstrip(" ”\"'’)").endswith("?") and _ASKING.match(sentence, opening(sentence)) is not None
