"""What is in a collection: its themes, each with a sentence of the paper in its middle."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answering.aspects import of_role
from rag.citations import Block
from rag.explore.themes import Theme
from rag.query.metadata_answers import CatalogueAnswer, number_of_papers
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.types import Evidence, Paper

TRIED = 5
"""Papers of a theme of which the first with a telling sentence is quoted."""


def overview(
    themes: Sequence[Theme],
    find: Callable[[str], Paper | None],
    ranker: SentenceRanker,
    scope: frozenset[str] | None = None,
    years: tuple[int, int] | None = None,
) -> CatalogueAnswer:
    """A line on the collection and one for each theme, with the papers quoted. `scope` are the papers that count, all where it is None;
    a theme with none of them is left out."""
    inside = [(theme, [id for id in theme.papers if scope is None or id in scope]) for theme in themes]
    lines = [_line(theme.name, ids, find, ranker) for theme, ids in inside if ids]
    count = sum(len(ids) for _, ids in inside)
    quoted = tuple(one.paper for line in lines for one in line.evidence)
    return CatalogueAnswer((Block(plain=_head(count, years, len(lines))), *lines) if count else (), quoted)


def _head(count: int, years: tuple[int, int] | None, themes: int) -> str:
    span = f" from {years[0]} to {years[1]}" if years and years[0] < years[1] else f" from {years[0]}" if years else ""
    on = f", in {themes} themes" if themes > 1 else ""
    return f"The collection holds {number_of_papers(count)}{span}{on}."


def _line(name: str, ids: Sequence[str], find: Callable[[str], Paper | None], ranker: SentenceRanker) -> Block:
    papers = [paper for id in ids[:TRIED] if (paper := find(id)) is not None]
    label = f"{name} ({number_of_papers(len(ids))})"
    found = [one for paper in papers for one in _telling(paper, ranker)]
    return Block((found[0],), label, item=True) if found else Block(plain=label, item=True)


def _telling(paper: Paper, ranker: SentenceRanker) -> Sequence[Evidence]:
    """The sentence that says what was done, else the one on what was found, else the first; none of a paper without an abstract."""
    shown = of_role("approach", paper, ranker) or of_role("result", paper, ranker)
    return shown[:1] or [Evidence(paper, span) for span in ranker.read(paper).spans[:1]]
