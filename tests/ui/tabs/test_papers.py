"""What the Papers tab asks and does, without a browser: lists, removing and undo, exports, the map; and nothing of a paper is markup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.build import open_library
from rag.errors import PaperNotFound
from rag.types import Added, Paper, Refused
from ui.html import papers as html
from ui.html.wording import wording
from ui.server.service import Service
from ui.tabs.papers import PAGE, Papers

SAY = wording("en")
HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script> [a](javascript:alert(3))"


@pytest.fixture
def papers(service: Service) -> Papers:
    return Papers(service)


def test_the_list_grows_by_pages(papers: Papers) -> None:
    first = papers.browse({}, SAY)
    assert first["rows"].count('<li class="pp-row"') == PAGE
    assert (first["count"], first["shown"]) == ("58 papers", None)
    assert "8 left" in first["more"]
    second = papers.browse({"offset": PAGE}, SAY)
    assert second["rows"].count('<li class="pp-row"') == 8
    assert second["more"] == ""


def test_words_filters_and_orders_are_the_products_own(papers: Papers) -> None:
    found = papers.browse({"text": "kriegesk"}, SAY)
    assert found["count"] == "1 of 58 papers"
    assert found["shown"] == ["arxiv:2309.11028"]
    assert papers.browse({"first_year": "2023", "last_year": "2023", "venue": "PNAS"}, SAY)["shown"] == ["arxiv:2309.11028"]
    assert "No paper matches" in papers.browse({"text": "zzzz"}, SAY)["rows"]


@pytest.mark.parametrize(
    "asked", [{"offset": "-5", "order": "x"}, {"offset": [], "text": None}, {"first_year": "1e9"}, {"text": 7}]
)
def test_nonsense_from_a_page_does_no_harm(papers: Papers, asked: dict[str, Any]) -> None:
    assert "rows" in papers.browse(asked, SAY)


def test_one_paper_with_those_near_it(papers: Papers) -> None:
    response = papers.paper({"id": "arxiv:2309.11028"}, SAY)["html"]
    assert response.count('data-do="pp-open"') == 6
    assert "@article{lin2023topology" in response
    assert "https://arxiv.org/abs/2309.11028" in response
    assert "no longer" in papers.paper({"id": "arxiv:0000.00000"}, SAY)["html"]


def test_a_removal_can_be_undone_once(papers: Papers, service: Service) -> None:
    before = service.paperchat.papers()
    response = papers.remove({"ids": ["arxiv:2309.11028"]}, SAY)
    assert "“The Topology and Geometry of Neural Representations” was removed" in response["said"]
    assert service.paper_count == 57
    assert papers.undo(response, SAY)["said"] == "The paper was restored."
    assert service.paperchat.papers() == before
    assert "can no longer" in papers.undo(response, SAY)["error"]


@pytest.mark.parametrize("ids", [[], None, "all", [7], ["arxiv:0000.00000"]])
def test_what_is_not_there_cannot_be_removed(papers: Papers, service: Service, ids: Any) -> None:
    with pytest.raises(PaperNotFound):
        papers.remove({"ids": ids}, SAY)
    assert service.paper_count == 58


def test_exports(papers: Papers) -> None:
    ids = ["arxiv:2309.11028", "arxiv:0000.00000"]
    response = papers.export({"how": "bibtex", "ids": ids}, SAY)
    assert response["name"] == "papers.bib"
    assert response["text"].startswith("@article{lin2023topology,")
    assert papers.export({"how": "exe", "ids": ids}, SAY)["error"]
    assert papers.export({"how": ["bibtex"], "ids": ids}, SAY)["error"]


def test_the_map_and_its_groups(papers: Papers) -> None:
    response = papers.atlas({}, SAY)
    assert len(response["points"]) == 58
    members = [papers.members({"group": place}, SAY)["html"].count("<li>") for place in range(len(response["groups"]))]
    assert sum(members) == 58
    assert response["legend"].count('data-do="pp-group"') == len(response["groups"])
    assert papers.members({"group": 99}, SAY)["html"] == ""


def test_a_library_that_is_only_read_offers_no_change(bundled_home: Path) -> None:
    with open_library(bundled_home, readonly=True) as paperchat:
        service = Service.over(paperchat)
        frame = Papers(service).start({}, SAY)["frame"]
        service.close()
    assert "pp-adding" not in frame
    assert "pp-remove" not in frame


def test_nothing_of_a_paper_is_markup() -> None:
    paper = Paper("title:<b>", HOSTILE, HOSTILE, (HOSTILE,), 2020, HOSTILE, "javascript:alert(1)", HOSTILE)
    refused = Added(("title:<b>",), refused=(Refused(HOSTILE, HOSTILE),))
    shown = [
        html.rows_html([paper], SAY),
        html.paper_html(paper, (), SAY, may_write=True),
        html.report_html(refused, {"title:<b>": HOSTILE}, [HOSTILE], SAY),
        html.members_html(HOSTILE, [paper], 1, SAY),
        html.frame_html(SAY, [HOSTILE], may_write=True),
    ]
    for each in shown:
        assert "<img" not in each
        assert "<script" not in each
        assert 'href="javascript' not in each
    assert "href" not in html.paper_html(replace(paper, url="javascript:alert(1)"), (), SAY, may_write=False)
