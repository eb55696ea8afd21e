"""Papers near a paper: the nearest by mean vector, never itself, and nothing is encoded for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers

from rag.build import open_library
from rag.library.chunking import SentenceWindows
from rag.library.library import Library
from rag.retrieval.similar import similar
from rag.types import Paper
from tests.conftest import Command


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", WordHashEncoder(), SentenceWindows()) as library:
        library.add(some_papers(60))
        yield library


def by_exact_arithmetic(library: Library, paper: Paper) -> list[str]:
    """All others, by the cosine between mean vectors."""
    means = {}
    for other in library.papers():
        ids = [passage.id for passage in library.records.passages_of([other.id])[other.id]]
        rows = np.concatenate([rows for _, rows in library.records.vectors(ids)])
        mean = rows.mean(axis=0)
        means[other.id] = mean / np.linalg.norm(mean)
    own = means.pop(paper.id)
    return sorted(means, key=lambda id: (-round(float(means[id] @ own), 6), id))


def test_finds_the_nearest_papers(library: Library) -> None:
    for paper in library.papers()[:10]:
        hits = similar(library, paper.id, 5)
        assert [hit.paper.id for hit in hits][:2] == by_exact_arithmetic(library, paper)[:2]
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert all(0.0 <= hit.score <= 1.0 and hit.found_by == "meaning" for hit in hits)


def test_never_the_paper_itself_and_each_other_once(library: Library) -> None:
    found = [hit.paper.id for hit in similar(library, "arxiv:2401.00003", 100)]
    assert "arxiv:2401.00003" not in found
    assert len(found) == len(set(found)) == 59


def test_encodes_nothing(library: Library) -> None:
    assert isinstance(library.encoder, WordHashEncoder)
    before = library.encoder.encoded
    assert similar(library, "arxiv:2401.00003")
    assert library.encoder.encoded == before


@pytest.mark.parametrize(("id", "limit"), [("arxiv:0000.00000", 5), ("arxiv:2401.00003", 0)])
def test_nothing_is_near_what_is_not_there(library: Library, id: str, limit: int) -> None:
    assert similar(library, id, limit) == []


def test_in_the_bundled_papers_by_meaning(bundled_home: Path) -> None:
    with open_library(bundled_home, readonly=True) as paperchat:
        near = paperchat.similar("arxiv:2309.11028", 5)
    assert len(near) == 5
    assert any("representation" in hit.paper.title.lower() for hit in near)


def test_on_the_command_line(command: Command) -> None:
    said = json.loads(command("papers", "similar", "2309.11028", "--limit", "3", "--json").out)
    assert len(said) == 3
    assert said[0]["score"] >= said[2]["score"] > 0
    assert command("papers", "similar", "2309.11028", "--limit", "3").out.count("\n") == 3
    assert command("papers", "similar", "no such paper anywhere").code == 1
