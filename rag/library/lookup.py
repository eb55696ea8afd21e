"""Finds one paper by what a person calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rag.errors import PaperNotFound
from rag.identity import as_arxiv_id, as_doi
from rag.text.surrogates import without_surrogates

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.types import Paper

KINDS = ("arxiv:", "doi:", "title:")


def find(name: str, records: Records, near: Callable[[str], list[str]]) -> Paper:
    """By id, arXiv id or link, DOI, the beginning of an id, title, or the name before a title's colon (“MgNO: …”).

    Raises PaperNotFound naming what `near` (ids) knows.
    """
    name = without_surrogates(name.strip())
    for ids in _readings(name, records):
        if len(ids) == 1 and (paper := records.paper(ids[0])) is not None:
            return paper
        if len(ids) > 1:
            raise PaperNotFound(f"“{name}” could be any of {_listed(ids, records)}. Give the full id.")
    nearest = near(name) if name else []
    called = [paper for one in nearest if (paper := records.paper(one)) is not None and _is_called(paper.title, name)]
    if len(called) == 1:
        return called[0]
    if titles := _listed(nearest, records):
        raise PaperNotFound(f"There is no paper “{name}” in the library. The nearest: {titles}.")
    raise PaperNotFound(f"There is no paper “{name}” in the library. `paperchat papers` lists what there is.")


def _readings(name: str, records: Records) -> Iterator[list[str]]:
    """Ids that the name may stand for, the plainest reading first; ids that are not there are left out."""
    if not name:
        return
    exact = [name]
    if arxiv := as_arxiv_id(name):
        exact.append(f"arxiv:{arxiv}")
    if doi := as_doi(name):
        exact.append(f"doi:{doi}")
    for one in exact:
        yield [owner] if (owner := records.owner(one)) else []
    yield records.keyed(name)
    yield records.ids_titled(name)
    yield records.ids_starting(name, 5) or [one for kind in KINDS for one in records.ids_starting(kind + name, 5)]
    yield records.ids_titled_alike(name)


def _is_called(title: str, name: str) -> bool:
    """Whether the name is what stands before the title's colon."""
    head, colon, _ = title.partition(":")
    return bool(colon) and head.strip().casefold() == name.casefold()


def _listed(ids: list[str], records: Records) -> str:
    papers = [paper for one in ids if (paper := records.paper(one)) is not None]
    return ", ".join(f"“{paper.title}” ({paper.id})" for paper in papers)
