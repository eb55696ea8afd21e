"""The themes of a library as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.explore.map import paper_map
from rag.explore.themes import Theme, themes

if TYPE_CHECKING:
    from rag.library.library import Library


class CurrentThemes:
    """Made when they are first asked for, and kept until the papers change."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._kept: tuple[str, Sequence[Theme]] = ("", ())

    def __call__(self) -> Sequence[Theme]:
        state = self._library.records.state
        if self._kept[0] != state:
            self._kept = (state, themes(paper_map(self._library.records, self._library.folder, self._library.papers())))
        return self._kept[1]
