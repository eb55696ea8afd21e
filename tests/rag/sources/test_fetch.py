"""Fetching papers from the recorded shapes of each service: what comes in, what is told, and going on after an interruption."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import WordHashEncoder
from recorded import atom, atom_error, crossref, daily, openalex, record, serve_arxiv, serve_openalex
from web_server import Page, Request, WebServer

from rag.errors import FetchFailed
from rag.library.chunking import SentenceWindows
from rag.library.library import Library
from rag.sources.client import Client
from rag.sources.fetch import FetchInto, Wanted, fetched
from rag.sources.request import reference, references, search
from rag.sources.services import Services
from rag.types import Added, Paper, Refused


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(sleep=lambda _: None) as client:
        yield client


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", WordHashEncoder(), SentenceWindows()) as library:
        yield library


def got(wanted: Wanted, client: Client, server: WebServer) -> list[Paper | Refused]:
    return fetched(wanted, client, Services().at(server.url))


def test_papers_by_arxiv_id_in_one_request(client: Client, server: WebServer) -> None:
    serve_arxiv(server, [record(number) for number in range(5)])
    found = got(references("2401.00003 2401.00001v1 2401.00099"), client, server)
    assert len(server.asked) == 1
    assert server.asked[0].parameters["id_list"] == "2401.00003,2401.00001,2401.00099"
    one = found[0]
    assert isinstance(one, Paper)
    assert (one.id, one.title, one.year) == ("arxiv:2401.00001", record(1)["title"], 2024)
    assert one.abstract == record(1)["abstract"]
    assert one.authors == ("Ada Ek", "Bo Lind")
    assert [each for each in found if isinstance(each, Refused)] == [Refused("arXiv, 2401.00099", "arXiv has no such paper.")]


def test_markup_in_a_feed_is_text(client: Client, server: WebServer) -> None:
    serve_arxiv(server, [{**record(1), "title": "On a < b & <b>bold</b> moves", "abstract": "We show a < b & c. It holds."}])
    (one,) = got([reference("2401.00001")], client, server)
    assert isinstance(one, Paper)
    assert one.abstract == "We show a < b & c. It holds."


def test_a_search_comes_in_pages_and_ends_at_most(client: Client, server: WebServer) -> None:
    serve_arxiv(server, [record(number) for number in range(350)])
    found = got(search("arxiv", "ti:wave", 230), client, server)
    assert [one.id for one in found if isinstance(one, Paper)] == [f"arxiv:2401.{number:05d}" for number in range(230)]
    assert [each.parameters["max_results"] for each in server.asked] == ["100", "100", "30"]
    assert {each.parameters["search_query"] for each in server.asked} == {"ti:wave"}


def test_an_empty_page_in_the_middle_is_asked_for_again(client: Client, server: WebServer) -> None:
    serve_arxiv(server, [record(number) for number in range(150)])
    whole = server.pages["/api/query"]
    assert callable(whole)
    empty = [Page(atom([], 150, 100))]

    def answer(request: Request) -> Page:
        assert callable(whole)
        return empty.pop() if request.parameters["start"] == "100" and empty else whole(request)

    server.pages["/api/query"] = answer
    assert len(got(search("arxiv", "x", 150), client, server)) == 150


def test_what_arxiv_objects_to_is_told(client: Client, server: WebServer) -> None:
    server.pages["/api/query"] = Page(atom_error("start must be an integer"))
    with pytest.raises(FetchFailed, match="start must be an integer"):
        got(search("arxiv", "x", 5), client, server)


@pytest.mark.parametrize(
    "body", ["", "<html>", "{}", atom([record(1)], 1)[:300], "<!DOCTYPE feed [<!ENTITY a 'b'>]><feed>&a;</feed>"]
)
def test_what_is_no_feed_is_told(client: Client, server: WebServer, body: str) -> None:
    server.pages["/api/query"] = Page(body)
    with pytest.raises(FetchFailed, match="Atom"):
        got([reference("2401.00001")], client, server)


def test_a_doi_from_crossref(client: Client, server: WebServer) -> None:
    server.pages["/works/10.1000/a(b)c"] = Page(crossref(record(1), "10.1000/A(B)C"))
    (one,) = got([reference("10.1000/a(b)c")], client, server)
    assert isinstance(one, Paper)
    assert (one.id, one.venue, one.year) == ("doi:10.1000/a(b)c", "Journal of Shores", 2024)
    assert one.abstract == record(1)["abstract"]
    assert one.authors == ("Ada Ek", "Bo Lind")


def test_what_crossref_lacks_comes_from_openalex(client: Client, server: WebServer) -> None:
    server.pages["/works/10.1000/1"] = Page(crossref(record(1), "10.1000/1", abstract=None))
    server.pages["/works/doi:10.1000/1"] = Page(json.dumps(openalex(record(1), "10.1000/1")))
    server.pages["/works/doi:10.5281/2"] = Page(json.dumps(openalex(record(2), "10.5281/2")))
    found = got(references("10.1000/1 10.5281/2 10.9999/none"), client, server)
    assert [one.abstract for one in found if isinstance(one, Paper)] == [record(1)["abstract"], record(2)["abstract"]]
    assert [one.reason for one in found if isinstance(one, Refused)] == ["Neither Crossref nor OpenAlex has this DOI."]


def test_works_of_openalex_by_id_and_by_search(client: Client, server: WebServer) -> None:
    works = [openalex(record(number), f"10.1000/{number}") for number in range(130)]
    serve_openalex(server, works)
    server.pages["/works/W7"] = Page(json.dumps(works[7]))
    server.pages["/works/W1234567"] = Page(json.dumps(works[7]))
    (one,) = got([reference("openalex:W1234567")], client, server)
    assert isinstance(one, Paper)
    assert (one.id, one.abstract, one.venue) == ("doi:10.1000/7", record(7)["abstract"], "Journal of Shores")
    found = got(search("openalex", "tide pools", 120), client, server)
    assert [each.id for each in found if isinstance(each, Paper)] == [f"doi:10.1000/{number}" for number in range(120)]


def test_an_arxiv_copy_at_openalex_is_known_by_its_arxiv_id(client: Client, server: WebServer) -> None:
    location = {"landing_page_url": "http://arxiv.org/abs/2401.00007", "source": {"display_name": "arXiv (Cornell University)"}}
    server.pages["/works/W1234567"] = Page(json.dumps(openalex(record(7), None, locations=[location])))
    (one,) = got([reference("W1234567")], client, server)
    assert isinstance(one, Paper)
    assert one.id == "arxiv:2401.00007"


def test_the_papers_of_a_day(client: Client, server: WebServer) -> None:
    server.pages["/api/daily_papers"] = Page(daily([record(number) for number in range(8)]))
    found = got([reference("daily:2025-08-20")], client, server)
    assert server.asked[0].parameters["date"] == "2025-08-20"
    assert [one.id for one in found if isinstance(one, Paper)] == [f"arxiv:2401.{number:05d}" for number in range(8)]


@pytest.mark.parametrize("body", ["", "<html>", "[" * 100_000, "null", '{"message": 5}', "[1, 2]"])
def test_replies_of_another_kind_are_told(client: Client, server: WebServer, body: str) -> None:
    server.pages["/works/10.1000/1"] = Page(body)
    with pytest.raises(FetchFailed, match="The reply from Crossref"):
        got([reference("10.1000/1")], client, server)


def test_records_of_any_shape_never_stop_the_rest(client: Client, server: WebServer) -> None:
    strange: list[object] = [{}, {"paper": 5}, {"paper": {"id": [], "title": {}, "authors": "x"}}, 7, None, {"title": "A title"}]
    good = json.loads(daily([record(1)]))
    server.pages["/api/daily_papers"] = Page(json.dumps([*strange, *good]))
    found = got([reference("daily:2025-08-20")], client, server)
    assert [one.title for one in found if isinstance(one, Paper) and one.abstract] == [record(1)["title"]]


def together(parts: Iterator[Added]) -> list[str]:
    return [id for part in parts for id in part.added]


def test_a_fetch_that_was_interrupted_goes_on_where_it_stopped(client: Client, server: WebServer, library: Library) -> None:
    serve_arxiv(server, [record(number) for number in range(250)])
    whole, wanted = server.pages["/api/query"], search("arxiv", "x", 250)
    assert callable(whole)

    def broken(request: Request) -> Page:
        assert callable(whole)
        return whole(request) if int(request.parameters["start"]) < 100 else Page("gone", 400)

    server.pages["/api/query"] = broken
    into = FetchInto(library, client, Services().at(server.url))
    with pytest.raises(FetchFailed):
        list(into.add(wanted))
    assert len(library.papers()) == 100
    assert into.begun(wanted) == 100
    assert into.begun(search("arxiv", "x", 240)) == 0
    server.pages["/api/query"] = whole
    before = len(server.asked)
    assert len(together(into.add(wanted))) == 150
    assert [each.parameters["start"] for each in server.asked[before:]] == ["100", "200"]
    assert into.begun(wanted) == 0
    assert len(library.papers()) == 250


def test_a_list_of_papers_goes_on_as_well(client: Client, server: WebServer, library: Library) -> None:
    for number in (1, 2, 3):
        server.pages[f"/works/10.1000/{number}"] = Page(crossref(record(number), f"10.1000/{number}"))
    server.pages["/works/10.1000/2"] = Page("no", 403)
    wanted = references("10.1000/1 10.1000/2 10.1000/3")
    into = FetchInto(library, client, Services().at(server.url))
    with pytest.raises(FetchFailed):
        list(into.add(wanted))
    server.pages["/works/10.1000/2"] = Page(crossref(record(2), "10.1000/2"))
    assert together(into.add(wanted)) == ["doi:10.1000/2", "doi:10.1000/3"]
    assert len(server.asked) == 4
