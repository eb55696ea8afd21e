"""The map of a collection: what is near in meaning is near on it, it is always the same, and it is drawn once a state."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers

from rag.build import open_library
from rag.explore import map as module
from rag.explore.map import FILE, MOST_GROUPS, PaperMap, draw, group_count, paper_map, paper_vectors
from rag.library.chunking import SentenceWindows
from rag.library.library import Library
from rag.types import Paper


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", WordHashEncoder(), SentenceWindows()) as library:
        library.add(some_papers(40))
        yield library


def three_fields(count: int) -> tuple[list[Paper], np.ndarray]:
    """Papers around three far-apart vectors."""
    draws = np.random.default_rng(1)
    centres = np.eye(3, 32, dtype=np.float32)
    vectors = np.stack([centres[number % 3] + draws.normal(0, 0.05, 32) for number in range(count)]).astype(np.float32)
    fields = ("river tides", "brain scans", "graph walks")
    return [Paper(f"p{number}", f"On {fields[number % 3]} {number}", fields[number % 3]) for number in range(count)], vectors


def spread(drawn: PaperMap) -> float:
    """How far the nearest other field is, over how far a paper's own field reaches, in means."""
    places = np.array([(point.x, point.y) for point in drawn.points])
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    same = np.equal.outer(np.arange(len(places)) % 3, np.arange(len(places)) % 3)
    return float(apart[~same].mean() / apart[same].mean())


@pytest.mark.parametrize("count", [9, 60])
def test_what_is_near_in_meaning_is_near_on_the_map(count: int) -> None:
    assert spread(draw(*three_fields(count))) > 2


def test_further_papers_come_between_the_landmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LANDMARKS", 60)
    drawn = draw(*three_fields(200))
    assert len(drawn.points) == 200
    assert spread(drawn) > 2


def test_groups_are_named_counted_and_ordered_by_size() -> None:
    drawn = draw(*three_fields(60))
    assert len(drawn.groups) == group_count(60) == 9
    sizes = [group.size for group in drawn.groups]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) == 60
    assert all(group.name for group in drawn.groups)
    assert [sum(point.group == number for point in drawn.points) for number in range(len(sizes))] == sizes


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 12])
def test_small_collections(count: int) -> None:
    drawn = draw(*(some_papers(count), WordHashEncoder().encode([paper.abstract for paper in some_papers(count)])))
    assert [point.paper for point in drawn.points] == [paper.id for paper in some_papers(count)]
    assert all(0 <= point.x <= 1 and 0 <= point.y <= 1 for point in drawn.points)
    assert all(0 <= point.group < len(drawn.groups) for point in drawn.points)


def test_papers_that_say_the_same_stand_in_one_place() -> None:
    same = [Paper(f"p{number}", "Same", "It is the same.") for number in range(12)]
    drawn = draw(same, WordHashEncoder().encode([paper.abstract for paper in same]))
    assert len(drawn.groups) >= 1
    assert all(0 <= point.x <= 1 for point in drawn.points)


def test_there_are_never_more_groups_than_can_be_told_apart() -> None:
    assert [group_count(papers) for papers in (1, 2, 8, 58, 200, 10**6)] == [1, 1, 3, 9, 10, MOST_GROUPS]


def test_a_papers_vector_is_the_mean_of_its_passages(library: Library) -> None:
    papers = library.papers()
    vectors = paper_vectors(library.records, papers)
    ids = [passage.id for passage in library.records.passages_of([papers[7].id])[papers[7].id]]
    mean = np.concatenate([rows for _, rows in library.records.vectors(ids)]).mean(axis=0)
    np.testing.assert_allclose(vectors[7], mean / np.linalg.norm(mean), atol=1e-6)


def test_drawn_once_for_each_state_and_kept(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    first = paper_map(library.records, library.folder, library.papers())
    with monkeypatch.context() as patched:
        patched.setattr(module, "draw", None)
        assert paper_map(library.records, library.folder, library.papers()) == first
    library.remove(["arxiv:2401.00000"])
    second = paper_map(library.records, library.folder, library.papers())
    assert len(second.points) == 39


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"layout": 1}', '{"layout": 1, "state": "x", "groups": 3, "points": []}'])
def test_a_damaged_file_is_drawn_anew(library: Library, damage: str) -> None:
    first = paper_map(library.records, library.folder, library.papers())
    (library.folder / FILE).write_text(damage)
    assert paper_map(library.records, library.folder, library.papers()) == first


def test_a_reader_keeps_nothing(library: Library) -> None:
    with Library.open(library.folder, WordHashEncoder(), SentenceWindows(), readonly=True) as reader:
        assert len(paper_map(reader.records, reader.folder, reader.papers()).points) == 40
    assert not (library.folder / FILE).exists()


def test_the_same_in_another_process(home: Path) -> None:
    code = "import sys; from rag.build import open_library\nwith open_library(sys.argv[1], readonly=True) as one: print(one.paper_map())"
    with open_library(home, readonly=True) as paperchat:
        here = repr(paperchat.paper_map())
    done = subprocess.run([sys.executable, "-c", code, str(home)], capture_output=True, text=True, timeout=300, check=True)
    assert done.stdout.strip() == here
    assert here.count("Point(") == 58
