"""Makes the word states that papers of a library lack, as after an upgrade or where their vectors came with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.library.word_states import WordStates

AT_ONCE = 4
"""Papers whose words are read in one go beside other work."""


def fill_states(records: Records, states: WordStates, shared: bool, stopped: Callable[[], bool]) -> None:
    """Goes through the papers until none is left or `stopped` says so; `shared`: the records' vectors of passages are those that `states` reads."""
    after = 0
    if states.codec is None:
        return
    while not stopped() and (papers := records.without_states(states.name, AT_ONCE, after)):
        after = records.places([papers[-1].id]).get(papers[-1].id, after + 1)
        found = {paper.id: states.renewed(paper, records.word_states(paper.id)) for paper in papers}
        missing = [paper for paper in papers if found[paper.id] is None]
        found.update(zip((paper.id for paper in missing), states.of(missing, not shared) if missing else (), strict=True))
        for paper in papers:
            words = found[paper.id]
            if words is not None and records.paper(paper.id) == paper:
                records.put_states(paper.id, words)
