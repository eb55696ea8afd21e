"""Filling what is missing: only that, from the same paper only, and never over what is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from recorded import crossref, openalex, record, serve_arxiv
from web_server import Page, WebServer

from rag.errors import FetchFailed
from rag.sources.client import Client
from rag.sources.enrich import Filled, filled, lacking
from rag.sources.services import Services
from rag.types import Paper

BARE = Paper("doi:10.1000/1", record(1)["title"], "Our own abstract. It stays.")
TITLED = Paper("title:0123456789abcdef", record(2)["title"], "Our own abstract. It stays.", ("Ek, Ada",), 2024)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


def done(papers: list[Paper], server: WebServer) -> list[Filled]:
    with Client(sleep=lambda _: None) as client:
        return list(filled(papers, client, Services().at(server.url)))


def test_what_is_missing_is_filled_and_what_is_known_stays(server: WebServer) -> None:
    server.pages["/works/10.1000/1"] = Page(crossref(record(1), "10.1000/1"))
    (one,) = done([BARE], server)
    assert one.fields == ("authors", "year", "venue")
    assert one.after == replace(
        BARE, authors=("Ada Ek", "Bo Lind"), year=2024, venue="Journal of Shores", url="https://doi.org/10.1000/1"
    )


def test_a_complete_paper_is_not_asked_about(server: WebServer) -> None:
    whole = replace(BARE, authors=("Ada Ek",), year=2023, venue="Journal of Shores")
    preprint = Paper("arxiv:2401.00001", "A title", "An abstract.", ("Ada Ek",), 2024)
    assert (lacking(whole), lacking(preprint)) == ((), ())
    assert done([whole, preprint], server) == []
    assert server.asked == []


def test_arxiv_is_asked_for_many_at_once(server: WebServer) -> None:
    serve_arxiv(server, [record(number) for number in range(150)])
    papers = [Paper(f"arxiv:{record(number)['id']}", record(number)["title"], "Text. More.") for number in range(150)]
    found = done(papers, server)
    assert len(server.asked) == 2
    assert {one.fields for one in found} == {("authors", "year")}
    assert len(found) == 150


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        ({}, True),
        ({"title": "Another Title of Waves"}, False),
        ({"year": 2019}, False),
        ({"authors": ["Cy Other"]}, False),
    ],
)
def test_a_title_counts_only_where_nothing_speaks_against_it(server: WebServer, change: dict[str, object], taken: bool) -> None:
    work = json.loads(crossref({**record(2), **change}, "10.1000/2"))["message"]
    reply = {"status": "ok", "message-type": "work-list", "message": {"items": [work]}}
    server.pages["/works"] = Page(json.dumps(reply))
    found = done([replace(TITLED, authors=("Ada Ek",))], server)
    assert bool(found) is taken
    if taken:
        assert (found[0].after.venue, found[0].after.id) == ("Journal of Shores", TITLED.id)
        assert found[0].after.url == "https://doi.org/10.1000/2"


def test_what_nobody_knows_is_passed_over(server: WebServer) -> None:
    server.pages["/works"] = Page(json.dumps({"message": {"items": []}, "status": "ok"}))
    server.pages["/works/10.1000/1"] = Page(json.dumps({"message": {"DOI": "10.1000/1", "title": ["T"], "abstract": "x. y."}}))
    server.pages["/works/doi:10.1000/1"] = Page(
        json.dumps(openalex({**record(1), "authors": []}, "10.1000/1", publication_year=None))
    )
    found = done([BARE, TITLED], server)
    assert [one.fields for one in found] in ([("venue",)], [])


def test_a_failure_keeps_what_was_found_before(server: WebServer) -> None:
    server.pages["/works/10.1000/1"] = Page(crossref(record(1), "10.1000/1"))
    server.pages["/works/10.1000/2"] = Page("no", 403)
    got = []
    with Client(sleep=lambda _: None) as client, pytest.raises(FetchFailed):
        got.extend(filled([BARE, replace(BARE, id="doi:10.1000/2")], client, Services().at(server.url)))
    with Client(sleep=lambda _: None) as client:
        each = filled([BARE, replace(BARE, id="doi:10.1000/2")], client, Services().at(server.url))
        assert next(each).before == BARE
