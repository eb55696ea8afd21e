"""How a sentence is shown when it is quoted by itself: without its connective, and with a dangling subject named in square brackets.

The quote stays verbatim: its span begins behind the connective, and only the text that is shown names in brackets what “our method” or “it” is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from rag.citations import Block
from rag.query.paper_names import short_name
from rag.text.connectives import opening
from rag.text.names import coined
from rag.text.sentences import sentences
from rag.types import Evidence, Paper, Span

_OWN_METHOD = re.compile(
    r"(?i)(?:our|the proposed|this|this new|this novel|this simple|the resulting|the present) (?:method|approach|model|framework|algorithm|system|architecture|"
    r"technique|network|pipeline|solution|dataset|benchmark)(?=\s)"
)
_IT = re.compile(
    r"It(?=\s(?!is (?:shown|known|clear|possible|important|well|widely|often|also (?:shown|known))\b|has been\b|remains\b|turns\b))"
)


def as_quoted(block: Block) -> Block:
    """The block with each of its sentences as it is shown."""
    return replace(block, evidence=tuple(quoted(one) for one in block.evidence))


def quoted(evidence: Evidence) -> Evidence:
    """The sentence without its opening connective; `shown` is its text as a reader can understand it alone."""
    start = evidence.span.start + opening(evidence.text)
    trimmed = replace(evidence, span=Span(start, evidence.span.end))
    shown = _with_subject(trimmed) if start == evidence.span.start else _capital(_with_subject(trimmed))
    return replace(trimmed, shown="" if shown == trimmed.text else shown)


def _with_subject(evidence: Evidence) -> str:
    text = evidence.text
    name = _own_name(evidence.paper)
    found = _OWN_METHOD.match(text) or (_IT.match(text) if name and name in _before(evidence) else None)
    if not name or found is None or name in text:
        return text
    return f"[{name}]{text[found.end() :]}"


def _own_name(paper: Paper) -> str:
    """The name that the paper gives to what it made; empty if it gives none."""
    name = short_name(paper)
    return name if len(name.split()) <= 2 and coined(name) else ""


def _before(evidence: Evidence) -> str:
    """The sentence before this one; empty if there is none."""
    spans = [span for span in sentences(evidence.paper.abstract) if span.end <= evidence.span.start]
    return spans[-1].of(evidence.paper.abstract) if spans else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
