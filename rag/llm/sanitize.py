"""Makes text of papers and people safe to put into a prompt."""

from __future__ import annotations

import re

from rag.llm.parsing.marked import SENTINEL
from rag.llm.parsing.untagged import seen

_TAG_BEGINS = re.compile(r"<(?=[/|!?A-Za-z])")
_MARKER = re.compile(r"[\[【［](\^?[\d,;\s–—-]+)(?:†[^\]】］]{0,200})?[\]】］]")


def harmless(text: str) -> str:
    """On one line, without hidden characters, and with nothing in it that looks like our tags, markers or sentinel."""
    line = " ".join(seen(text).split())
    line = _TAG_BEGINS.sub("< ", line).replace(SENTINEL, SENTINEL.replace("_", " ").lower())
    return _MARKER.sub(r"(\1)", line)
