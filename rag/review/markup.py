"""A draft without what is no prose in it: the preamble, comments, formulas, tables and headings of LaTeX. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.types import Span

_IS_LATEX = re.compile(r"\\(?:documentclass|begin|(?:sub)*section|chapter|paragraph|item)\b")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_EDGE = re.compile(r"\\(begin|end)\{([A-Za-z]{1,30})\*?\}")
_SILENT = frozenset(
    """align alignat algorithm algorithmic array displaymath eqnarray equation flalign gather lstlisting math minted multline table tabular tabularx
    thebibliography tikzpicture verbatim""".split()
)
"""Environments that hold no sentences."""
_ARGUMENTS = r"\*?(?:\[[^\[\]\n]{0,200}\]){0,2}(?:\{[^{}]{0,500}\}){0,2}"
_BREAK = re.compile(
    r"\\(?:(?:sub){0,2}section|chapter|(?:sub)?paragraph|part|title|author|date|maketitle|documentclass|usepackage|newcommand|renewcommand|"
    rf"includegraphics|label|bibliography|bibliographystyle|input|include|centering|tableofcontents)(?![A-Za-z]){_ARGUMENTS}"
    r"|\\item(?![A-Za-z])(?:\[[^\[\]\n]{0,200}\])?|\\caption(?:\[[^\[\]\n]{0,200}\])?\{|\\\[|\\\]|\$\$"
)


def prose(draft: str) -> str:
    """The draft as long as it was, so that places in it stay: what is no prose is blank, and ends a paragraph."""
    if _IS_LATEX.search(draft) is None:
        return draft
    text = _COMMENT.sub(lambda found: " " * len(found[0]), draft)
    for silent in _silent(text):
        text = text[: silent.start] + _blank(silent.end - silent.start) + text[silent.end :]
    return _BREAK.sub(lambda found: _blank(len(found[0])), text)


def _silent(text: str) -> Iterator[Span]:
    """Outermost environments without sentences, the marks of the others, and what stands before and behind the document."""
    opened: list[tuple[str, int]] = []
    for edge in _EDGE.finditer(text):
        kind, name = edge[1], edge[2]
        if name == "document":
            yield Span(0, edge.end()) if kind == "begin" else Span(edge.start(), len(text))
        elif name not in _SILENT:
            yield Span(edge.start(), edge.end())
        elif kind == "begin":
            opened.append((name, edge.start()))
        elif opened and opened[-1][0] == name:
            start = opened.pop()[1]
            if not opened:
                yield Span(start, edge.end())


def _blank(size: int) -> str:
    return ("\n\n" + " " * size)[:size]
