"""A notebook as a file: Markdown with references, LaTeX with `\\cite{key}`, and the BibTeX that belongs to it. Pure; nothing of it is trusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from rag.types import Citation, Paper
from ui.conversations.notes import Note, Said
from ui.export.bibtex import entries, escaped, keys
from ui.export.references import markdown, plain_in_markdown

Format = Literal["markdown", "latex", "bibtex"]
SUFFIXES: dict[Format, str] = {"markdown": ".md", "latex": ".tex", "bibtex": ".bib"}


def exported(notes: Sequence[Note], how: Format) -> str:
    """The whole file, in the order given."""
    papers = list({paper.id: paper for note in notes for paper in note.papers}.values())
    if how == "bibtex":
        return entries(papers)
    return "\n\n".join(_markdown(notes, papers) if how == "markdown" else _latex(notes, papers)) + "\n"


def _markdown(notes: Sequence[Note], papers: Sequence[Paper]) -> Iterator[str]:
    numbers = {paper.id: number for number, paper in enumerate(papers, 1)}
    for note in notes:
        if note.heading:
            yield f"## {plain_in_markdown(note.heading)}"
        yield "\n".join(f"> {plain_in_markdown(said.text)}{_numbers(said, numbers)}" for said in note.said)
        if note.note:
            yield "\n\n".join(plain_in_markdown(part) for part in note.note.split("\n") if part.strip())
        if note.tags:
            yield f"Tags: {', '.join(map(plain_in_markdown, note.tags))}"
    if papers:
        yield "## References"
        yield "\n".join(f"{number}. {markdown(paper)}" for number, paper in enumerate(papers, 1))


def _latex(notes: Sequence[Note], papers: Sequence[Paper]) -> Iterator[str]:
    named = dict(zip((paper.id for paper in papers), keys(papers), strict=True))
    for note in notes:
        if note.heading:
            yield rf"\paragraph{{{escaped(note.heading)}}}"
        text = "\n".join(f"{_quote(said, note.quoted)}{_cite(said.cites, named)}" for said in note.said)
        yield f"\\begin{{quote}}\n{text}\n\\end{{quote}}" if note.quoted else text
        if note.note:
            yield "\n\n".join(escaped(part) for part in note.note.split("\n") if part.strip())


def _numbers(said: Said, numbers: dict[str, int]) -> str:
    return "".join(f" [{number}]" for number in dict.fromkeys(numbers[each.paper.id] for each in said.cites))


def _quote(said: Said, quoted: bool) -> str:
    return f"``{escaped(said.text)}''" if quoted else escaped(said.text)


def _cite(cites: Sequence[Citation], named: dict[str, str]) -> str:
    cited = dict.fromkeys(named[each.paper.id] for each in cites)
    return f"~\\cite{{{','.join(cited)}}}" if cited else ""
