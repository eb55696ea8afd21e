"""Questions that ask whether something holds: `Does X need Y?`."""

from __future__ import annotations

import re

_ASKS = re.compile(
    r"(?i)^(?:and |so |but |then )*(?:does|do|did|is|are|was|were|can|could|has|have|had|must|should|will|would)\s+"
)
_MORE = re.compile(r"(?i)\b(?:or|who|whom|whose|what|which|where|when|how|why|i|you|we|my|any|anything)\b|,|\?\s*+\w")
"""What makes a question more than one statement that holds or not."""


def begins_as_whether(text: str) -> bool:
    """Whether a question begins as those do that “yes” or “no” answers."""
    return _ASKS.match(text) is not None


def asks_whether(text: str) -> bool:
    """Whether a question is one statement that holds or not, so that “yes” or “no” alone answers it."""
    asking = _ASKS.match(text)
    return asking is not None and _MORE.search(text, asking.end()) is None
