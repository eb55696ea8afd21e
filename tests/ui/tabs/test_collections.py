"""Collections on the Papers tab and as limits of a question, and pasted ids, which go online only after a yes."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from recorded import crossref, record, serve_arxiv
from web_server import Page, WebServer

from rag.build import open_library
from rag.errors import CollectionError, FetchFailed, PaperNotFound
from rag.settings import Settings
from ui.conversations.types import Chip
from ui.html.wording import wording
from ui.server.service import Service
from ui.server.tools import tools
from ui.tabs.collections import NamedCollections
from ui.tabs.imports import Imports
from ui.tabs.papers import Papers

SAY = wording("en")


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer({"/works/10.1000/1": Page(crossref(record(1), "10.1000/1"))}) as server:
        serve_arxiv(server, [record(number) for number in range(10)])
        yield server


def ids(service: Service) -> list[str]:
    return [paper.id for paper in service.paperchat.papers()]


def test_selected_papers_go_into_a_collection_and_out(service: Service) -> None:
    named, papers = NamedCollections(service), ids(service)
    response = named.collect({"name": "Graphs <b>", "ids": papers[:3]}, SAY)
    assert response["said"] == "3 papers were added to “Graphs <b>”."
    assert "Graphs &lt;b&gt; (3)" in response["options"]
    assert "<b>" not in response["options"] + response["names"]
    response = named.uncollect({"name": "graphs <b>", "ids": papers[:1]}, SAY)
    assert response["said"] == "One paper was removed from “Graphs <b>”; it stays in the library."
    response = named.rename_collection({"name": "Graphs <b>", "new": "Thesis"}, SAY)
    assert (response["said"], response["name"]) == ("The collection is now called “Thesis”.", "Thesis")
    assert named.remove_collection({"name": "Thesis"}, wording("de"))["said"].startswith("„Thesis“ wurde entfernt")
    assert len(ids(service)) == 58


def test_a_tool_saves_collections_in_the_library_and_overwrites_nothing(service: Service, tmp_path: Path) -> None:
    papers = ids(service)
    for name, inside in (("Graphs/../x", papers[:3]), ("Fields", papers[2:4])):
        NamedCollections(service).collect({"name": name, "ids": inside}, SAY)
    export = {tool.__name__: tool for tool in tools(service, local=True)}["export_collection"]
    first, again, both = export(["graphs/../x"]), export(["Graphs/../x"]), export(["Graphs/../x", "fields"])
    assert (first["papers"], both["papers"]) == (3, 4)
    files = [Path(one["file"]) for one in (first, again, both)]
    assert [file.name for file in files] == [
        "Graphs_.._x.paperchat",
        "Graphs_.._x (2).paperchat",
        "Graphs_.._x and Fields.paperchat",
    ]
    assert {file.parent for file in files} == {service.folder / "exports"}
    assert "export_collection" not in {tool.__name__ for tool in tools(service)}
    with pytest.raises(CollectionError):
        export(["none"])


def test_a_saved_collection_is_shown_then_imported_whole_and_undone(service: Service, tmp_path: Path) -> None:
    papers = ids(service)
    NamedCollections(service).collect({"name": "Graphs", "ids": papers[:3]}, SAY)
    service.paperchat.export_collections(tmp_path / "upload", ["Graphs"])
    with open_library(tmp_path / "other", settings=Settings(bundled=False)) as paperchat:
        other = Service.over(paperchat)
        tab = Imports(other)
        looked = finished(tab, tab.add_files([("graphs.paperchat", tmp_path / "upload")], preview=True))
        assert looked["preview"]
        assert ">3</strong>" in looked["html"]
        assert (ids(other), paperchat.collections.all()) == ([], [])
        job = re.search(r'data-job="([^"]+)"', looked["html"])
        assert job
        done = finished(tab, tab.add_looked({"job": job[1]}, SAY))
        assert "The collection is here as “Graphs”." in done["html"]
        assert "Graphs (3)" in done["options"]
        assert (ids(other), paperchat.collections.ids(["Graphs"])) == (papers[:3], frozenset(papers[:3]))
        batch = re.search(r'data-batch="([0-9]+)"', done["html"])
        assert batch
        tab.undo_import({"batch": int(batch[1])}, SAY)
        assert ids(other) == []
        (tmp_path / "cut").write_bytes((tmp_path / "upload").read_bytes()[:-300])
        failed = finished(tab, tab.add_files([("cut.paperchat", tmp_path / "cut")]))
        assert str(tmp_path) not in failed["html"]
        other.close()


def finished(tab: Imports, told: dict[str, Any]) -> dict[str, Any]:
    """What a job came to."""
    for _ in range(600):
        now = tab.progress(told, SAY)
        if now.get("finished"):
            return now
        time.sleep(0.05)
    raise AssertionError(now)


@pytest.mark.parametrize("asked", [{}, {"name": 5, "ids": ["x"]}, {"name": " ", "ids": ["x"]}, {"name": "a" * 300, "ids": ["x"]}])
def test_what_is_no_name_is_told(service: Service, asked: dict[str, Any]) -> None:
    with pytest.raises((CollectionError, PaperNotFound)):
        NamedCollections(service).collect(asked, SAY)


def test_the_list_and_a_paper_show_collections(service: Service) -> None:
    named, tab, papers = NamedCollections(service), Papers(service), ids(service)
    named.collect({"name": "Graphs", "ids": papers[:3]}, SAY)
    assert "Graphs (3)" in tab.start({}, SAY)["frame"]
    assert tab.browse({"collection": "Graphs"}, SAY)["count"] == "3 of 58 papers"
    assert tab.browse({"collection": "none"}, SAY)["count"] == "0 of 58 papers"
    assert "<dt>In</dt>" in tab.paper({"id": papers[0]}, SAY)["html"]
    assert "<dt>In</dt>" not in tab.paper({"id": papers[9]}, SAY)["html"]


def test_a_collection_limits_a_question(service: Service) -> None:
    papers = ids(service)
    NamedCollections(service).collect({"name": "Graphs", "ids": papers[:3]}, SAY)
    assert service.within((Chip("collection", "graphs"),)) == set(papers[:3])
    assert service.within((Chip("collection", "Graphs"), Chip("paper", papers[1]))) == {papers[1]}
    assert service.within((Chip("collection", "removed"),)) == set()


def test_programs_name_collections(service: Service) -> None:
    named = {tool.__name__: tool for tool in tools(service)}
    ask, search_papers, list_collections = named["ask"], named["search_papers"], named["list_collections"]
    papers = ids(service)
    NamedCollections(service).collect({"name": "Graphs", "ids": papers[:3]}, SAY)
    NamedCollections(service).collect({"name": "Fields", "ids": papers[3:5]}, SAY)
    assert list_collections() == [{"name": "Fields", "papers": 2}, {"name": "Graphs", "papers": 3}]
    assert [one["id"] for one in search_papers("", 50, ["Graphs"])] == papers[:3]
    assert {one["id"] for one in search_papers("", 50, ["Graphs", "fields"])} == set(papers[:5])
    answer = ask("Which papers are there?", collections=["Graphs"], papers=[papers[1], papers[9]])
    assert {hit["paper"]["id"] for hit in answer["hits"]} <= {papers[1]}
    with pytest.raises(CollectionError):
        ask("Which papers are there?", collections=["none"])


def joined() -> None:
    for thread in threading.enumerate():
        if thread.name == "paperchat-add":
            thread.join(timeout=60)


def test_pasted_ids_are_asked_about_before_anything_goes_online(service: Service, server: WebServer) -> None:
    tab = Imports(service, server.url)
    text = "2401.00003\nhttps://doi.org/10.1000/1"
    response = tab.add_text({"text": text}, SAY)
    assert list(response) == ["confirm"]
    assert "sends these ids to arXiv and Crossref and OpenAlex, and nothing else" in response["confirm"]
    assert "Go online and fetch" in response["confirm"]
    assert "online gehen" in tab.add_text({"text": text}, wording("de"))["confirm"]
    assert server.asked == []
    started = tab.fetch_text({"text": text}, SAY)
    joined()
    done = tab.progress(started, SAY)
    assert "<strong>2</strong> added" in done["html"]
    assert service.paperchat.library.records.paper("arxiv:2401.00003") is not None
    assert len(ids(service)) == 60


def test_a_service_that_fails_is_told_in_the_report(service: Service, server: WebServer) -> None:
    server.pages["/api/query"] = Page("no", 403)
    tab = Imports(service, server.url)
    started = tab.fetch_text({"text": "2401.00003"}, SAY)
    joined()
    assert "arXiv refuses the request" in tab.progress(started, SAY)["html"]


@pytest.mark.parametrize("text", [None, 5, "", "hello", "x" * 100_000])
def test_what_names_nothing_is_not_fetched(service: Service, text: object) -> None:
    with pytest.raises(FetchFailed):
        Imports(service).fetch_text({"text": text}, SAY)
