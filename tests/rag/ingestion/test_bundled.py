"""The papers that come with Paperchat: all there, in order, with nothing made up."""

from __future__ import annotations

import json
from importlib import resources
from urllib.parse import urlsplit

import pytest

from rag.ingestion.bundled import bundled_papers
from rag.ingestion.cleaning import clean
from rag.types import Paper

FIELDS = ["title", "abstract", "authors", "year", "venue", "arxiv_id", "url"]
LINES = (resources.files("rag") / "data" / "papers.jsonl").read_text(encoding="utf-8").split("\n")


@pytest.fixture(scope="module")
def papers() -> list[Paper]:
    return bundled_papers()


def test_all_58_in_order(papers: list[Paper]) -> None:
    assert len(papers) == 58
    assert papers[0].title == "The Topology and Geometry of Neural Representations"
    assert papers[32].title == "Edge Representation Learning with Hypergraphs"
    assert papers[57].title == "Barlow Twins: Self-Supervised Learning via Redundancy Reduction"


def test_ids_are_unique_and_come_from_what_is_known(papers: list[Paper]) -> None:
    assert len({paper.id for paper in papers}) == 58
    assert papers[0].id == "arxiv:2309.11028"
    assert sum(paper.id.startswith("arxiv:") for paper in papers) == 34


def test_gaps_are_gaps(papers: list[Paper]) -> None:
    assert sum(paper.url is None for paper in papers) == 17
    assert sum(not paper.authors for paper in papers) == 15
    assert sum(paper.year is None for paper in papers) == 15
    assert sum(paper.venue is None for paper in papers) == 23


def test_texts_are_whole_and_clean(papers: list[Paper]) -> None:
    for paper in papers:
        assert 1300 < len(paper.abstract) < 2000, paper.title
        assert clean(paper.abstract) == paper.abstract
        assert paper.url is None or urlsplit(paper.url).scheme == "https"
        assert paper.source == "bundled papers"


def test_file_has_fixed_keys_and_no_escapes() -> None:
    assert LINES[-1] == ""
    for line in LINES[:-1]:
        keys = list(json.loads(line))
        assert keys == [field for field in FIELDS if field in keys]
        assert json.dumps(json.loads(line), ensure_ascii=False) == line


def test_readme_says_what_is_missing(papers: list[Paper]) -> None:
    readme = (resources.files("rag") / "data" / "README.md").read_text(encoding="utf-8")
    without = [sum(not getattr(paper, field) for paper in papers) for field in ("authors", "year", "venue", "url")]
    assert "{} papers lack authors, {} a year, {} a venue, 24 an arXiv id, {} a link".format(*without) in readme
    assert "CC0" in readme
