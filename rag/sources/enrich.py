"""Fills what is missing of papers (abstract, authors, year, venue) from arXiv, Crossref and OpenAlex. What is known is never changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.identity import link_of, normalised_title
from rag.sources.services import PAGE, arxiv_papers, doi_paper, titled_paper
from rag.types import Paper, Progress

if TYPE_CHECKING:
    from rag.sources.client import Client
    from rag.sources.services import Services

FIELDS = ("abstract", "authors", "year", "venue")
NEAR_YEARS = 1
"""Years by which two records of one paper may differ. Chosen."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A paper with what was found for it, the names of the fields that were empty before, and who had them."""

    before: Paper
    after: Paper
    fields: tuple[str, ...]


def lacking(paper: Paper) -> tuple[str, ...]:
    """The fields that are empty. A preprint need not have a venue."""
    wanted = FIELDS[:3] if paper.id.startswith("arxiv:") else FIELDS
    return tuple(name for name in wanted if not getattr(paper, name))


def filled(papers: Sequence[Paper], client: Client, services: Services, progress: Progress | None = None) -> Iterator[Filled]:
    """What was found for each of the papers that lack something. Raises FetchFailed; what came before holds."""
    wanted = [paper for paper in papers if lacking(paper)]
    arxiv = [paper for paper in wanted if paper.id.startswith("arxiv:")]
    done = 0
    for at in range(0, len(arxiv), PAGE):
        part = arxiv[at : at + PAGE]
        page = arxiv_papers(client, services, [paper.id.removeprefix("arxiv:") for paper in part])
        found = {one.id: one for one in page.papers if isinstance(one, Paper)}
        yield from (one for paper in part if (one := _completed(paper, found.get(paper.id))))
        done += len(part)
        _tell(progress, done, len(wanted))
    for paper in wanted:
        if not paper.id.startswith("arxiv:"):
            if one := _completed(paper, _looked_up(paper, client, services)):
                yield one
            done += 1
            _tell(progress, done, len(wanted))


def _looked_up(paper: Paper, client: Client, services: Services) -> Paper | None:
    """By DOI; else by title, which counts only where it is the same and neither authors nor year speak against it."""
    if paper.id.startswith("doi:"):
        return next(
            (one for one in doi_paper(client, services, paper.id.removeprefix("doi:")).papers if isinstance(one, Paper)), None
        )
    for one in titled_paper(client, services, paper.title).papers:
        if isinstance(one, Paper) and _same(paper, one):
            return one
    return None


def _same(paper: Paper, found: Paper) -> bool:
    if normalised_title(paper.title) != normalised_title(found.title):
        return False
    if paper.year and found.year and abs(paper.year - found.year) > NEAR_YEARS:
        return False
    return not (paper.authors and found.authors) or _surname(paper) == _surname(found)


def _surname(paper: Paper) -> str:
    return normalised_title(paper.authors[0]).split()[-1:][0] if normalised_title(paper.authors[0]) else ""


def _completed(paper: Paper, found: Paper | None) -> Filled | None:
    """None if nothing was found that is missing."""
    if found is None:
        return None
    new = {name: getattr(found, name) for name in lacking(paper) if getattr(found, name)}
    if not new:
        return None
    url = paper.url or found.url or link_of(found.id)
    return Filled(paper, replace(paper, url=url, **new), tuple(new))


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total, "looking up papers")
