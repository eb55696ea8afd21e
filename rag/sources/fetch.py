"""Fetches papers page by page into a library; a fetch that was interrupted goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.library.marks import Mark, Marks
from rag.sources.request import MOST, Reference, Search, fetch_of
from rag.types import Added, Paper, Progress, Refused

if TYPE_CHECKING:
    from rag.library.library import Library
    from rag.sources.client import Client
    from rag.sources.services import Page, Services

Wanted = Search | Sequence[Reference]

SOURCE = "fetch"


@dataclass(frozen=True, slots=True)
class Place:
    """How far a fetch is: where the next page begins, and how many records there were before it."""

    next: str | None = None
    seen: int = 0


def pages(wanted: Wanted, client: Client, services: Services, place: Place = Place()) -> Iterator[tuple[Page, Place]]:
    """Each page with the place after it; a search ends after the papers that were wanted. Raises FetchFailed."""
    fetch, most = fetch_of(wanted), wanted.most if isinstance(wanted, Search) else MOST
    while place.seen < most:
        page = fetch(client, services, place.next, most - place.seen)
        place = Place(page.next, place.seen + len(page.papers))
        yield page, place
        if page.next is None or not page.papers:
            return


def fetched(wanted: Wanted, client: Client, services: Services) -> list[Paper | Refused]:
    """All of it at once, for looking at it before anything is added. Raises FetchFailed."""
    return [paper for page, _ in pages(wanted, client, services) for paper in page.papers]


@dataclass(frozen=True)
class FetchInto:
    """Brings what is wanted into a library. After an interruption `add` goes on behind the last whole page."""

    library: Library
    client: Client
    services: Services

    def begun(self, wanted: Wanted) -> int:
        """How many records an interrupted fetch of the same has brought."""
        return self._place(wanted).seen

    def add(self, wanted: Wanted, progress: Progress | None = None) -> Iterator[Added]:
        """What each page added, as it is added. Raises FetchFailed; what came before stays added."""
        marks, key, batch = self.library.marks(SOURCE), _key(wanted), None
        for page, place in pages(wanted, self.client, self.services, self._place(wanted)):
            added = self.library.add(page.papers, name=str(key)[:200], batch=batch)
            batch = added.batch if batch is None else batch
            yield added
            if progress is not None:
                most = wanted.most if isinstance(wanted, Search) else len(wanted)
                progress(place.seen, min(most, page.total or most), "fetching papers")
            if page.next is not None:
                marks.put({key: Mark("", json.dumps([place.next, place.seen]))})
        marks.drop([key])

    def _place(self, wanted: Wanted) -> Place:
        mark = Marks(self.library.records, SOURCE).get(_key(wanted))
        return Place(*json.loads(mark.text)) if mark is not None else Place()


def _key(wanted: Wanted) -> str:
    return f"{wanted} ({wanted.most})" if isinstance(wanted, Search) else " ".join(map(str, wanted))
