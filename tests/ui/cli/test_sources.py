"""fetch, enrich, sync and watch as a person calls them, against servers of this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from recorded import crossref, daily, record, serve_arxiv
from web_server import Page, WebServer
from zotero_server import ZoteroLibrary

from tests.conftest import ROOT, Command


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as server:
        serve_arxiv(server, [record(number) for number in range(30)])
        yield server


def test_fetching_adds_and_says_what(command: Command, server: WebServer) -> None:
    done = command("fetch", "arxiv:2401.00003", "2401.00004", "--server", server.url)
    assert (done.code, done.out.splitlines()[0]) == (0, "2 added, 0 updated, 0 unchanged, 0 refused.")
    shown = json.loads(command("papers", "show", "2401.00003", "--json").out)
    assert shown["abstract"] == record(3)["abstract"]
    again = json.loads(command("fetch", "arxiv", "2401.00003", "2401.00099", "--server", server.url, "--json").out)
    assert (again["unchanged"], again["error"]) == (["arxiv:2401.00003"], None)
    assert again["refused"][0]["reason"] == "arXiv has no such paper."


def test_a_search_a_day_and_a_collection(command: Command, server: WebServer) -> None:
    done = command("fetch", "arxiv", "--query", "ti:wave", "--max", "12", "--collection", "Waves", "--server", server.url)
    assert done.out.startswith("12 added")
    assert json.loads(command("collections", "--json").out) == [{"name": "Waves", "papers": 12, "origin": ""}]
    server.pages["/api/daily_papers"] = Page(daily([record(5), record(20)]))
    done = command("fetch", "daily", "2025-08-20", "--collection", "waves", "--server", server.url)
    assert done.out.startswith("1 added")
    assert json.loads(command("collections", "--json").out)[0]["papers"] == 13


def test_a_dry_run_adds_nothing(command: Command, server: WebServer) -> None:
    done = command("fetch", "2401.00003", "2401.00099", "--dry-run", "--server", server.url)
    assert done.code == 0
    assert record(3)["title"] in done.out
    assert "arXiv has no such paper" in done.err
    assert command("papers", "show", "2401.00003").code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("hello",), "cannot be fetched"),
        (("daily", "2025-13-01"), "Daily Papers need a date, as in `daily 2025-08-20`."),
        (("daily",), "Daily Papers need a date"),
        (("daily", "yesterday"), "Daily Papers need a date"),
        (("arxiv",), "--query"),
        (("openalex",), "--query"),
        (("doi",), "Give an arXiv id"),
        (("arxiv", "hello"), "“arxiv:hello” cannot be fetched"),
        (("doi", "--query", "x"), "arxiv --query"),
        (("arxiv", "--query", "x", "--max", "0"), "--max"),
    ],
)
def test_what_cannot_be_fetched_is_told_before_anything_is_asked(command: Command, arguments: tuple[str, ...], said: str) -> None:
    done = command("fetch", *arguments)
    assert (done.code, done.out) == (1, "")
    assert said in done.err


def test_a_service_that_fails_is_told_and_what_came_stays(command: Command, server: WebServer) -> None:
    server.pages["/works/10.1000/1"] = Page(crossref(record(1), "10.1000/1"))
    server.pages["/works/10.1000/2"] = Page("no", 403)
    done = command("fetch", "10.1000/1", "10.1000/2", "--server", server.url)
    assert done.code == 1
    assert done.out.startswith("1 added")
    assert "Crossref refuses the request (status 403)" in done.err
    server.pages["/works/10.1000/2"] = Page(crossref(record(2), "10.1000/2"))
    done = command("fetch", "10.1000/1", "10.1000/2", "--server", server.url)
    assert "1 records came in before" in done.err
    assert done.out.startswith("1 added")


def test_enriching_shows_first_and_writes_when_told(command: Command, server: WebServer, tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(
        json.dumps({"title": record(1)["title"], "abstract": "Our own. It stays.", "doi": "10.1000/1"})
    )
    command("add", "one.jsonl")
    server.pages["/works/10.1000/1"] = Page(crossref(record(1), "10.1000/1"))
    done = command("enrich", "10.1000/1", "--server", server.url)
    assert "authors: Ada Ek, Bo Lind; year: 2024; venue: Journal of Shores" in done.out
    assert "nothing was written" in done.err
    assert json.loads(command("papers", "show", "10.1000/1", "--json").out)["year"] is None
    done = command("enrich", "10.1000/1", "--yes", "--server", server.url)
    assert "1 papers filled in." in done.out
    shown = json.loads(command("papers", "show", "10.1000/1", "--json").out)
    assert (shown["year"], shown["abstract"]) == (2024, "Our own. It stays.")
    assert command("enrich", "10.1000/1", "--server", server.url).out == "Nothing was found that is missing.\n"


def test_zotero_in_and_again(command: Command, tmp_path: Path) -> None:
    zotero = ZoteroLibrary()
    shelf = zotero.collection("Mills")
    keys = [
        zotero.add(
            title=f"Counting Sacks {n}",
            abstractNote=f"Mills grind {n} sacks. We count them with a lever.",
            date="2020",
            inside=[shelf],
        )
        for n in range(3)
    ]
    with zotero.served() as server:
        done = command("sync", "zotero", "--server", server.url)
        assert (done.code, done.err) == (0, "")
        lines = done.out.splitlines()
        assert (lines[0], lines[-1]) == ("3 added, 0 updated, 0 unchanged, 0 refused.", "Collections: Mills")
        del zotero.items[keys[0]]
        done = command("sync", "zotero", "--server", server.url)
        assert "No more in Zotero, still here: Counting Sacks 0" in done.out
        assert "--prune" in done.err
        told = json.loads(command("sync", "zotero", "--server", server.url, "--prune", "--json").out)
        assert len(told["pruned"]) == 1
    zotero.write(tmp_path / "zotero.sqlite")
    assert command("sync", "zotero", "--file", str(tmp_path), "--server", "http://localhost:1").code == 2
    assert command("sync", "zotero", "--file", str(tmp_path)).code == 0
    assert json.loads(command("collections", "--json").out) == [{"name": "Mills", "papers": 2, "origin": f"zotero:{shelf}"}]


BIB = "@article{{ek{0}, title = {{Counting Sacks {0}}}, abstract = {{Mills grind {0} sacks. We count them with a lever.}}}}\n"


def test_watching_once(command: Command, tmp_path: Path) -> None:
    (tmp_path / "library.bib").write_text(BIB.format(1) + BIB.format(2))
    done = command("watch", "library.bib", "--once", "--every", "0.1", "--collection", "Mills")
    assert (done.code, done.out.splitlines()[0]) == (0, "library.bib: 2 added, 0 updated, 0 unchanged, 0 refused.")
    assert command("watch", "library.bib", "--once", "--every", "0.1").out == ""
    (tmp_path / "library.bib").write_text(BIB.format(2) + BIB.format(3))
    done = command("watch", "library.bib", "--once", "--every", "0.1", "--json")
    told = json.loads(done.out)
    assert (len(told["added"]), told["gone"]) == (1, ["Counting Sacks 1"])
    assert command("watch", "none.bib").code == 1
    (tmp_path / "library.bib").write_text("")
    done = command("watch", "library.bib", "--once", "--every", "0.1")
    assert (done.code, "is empty" in done.err) == (1, True)  # for cron


def test_watching_goes_on_until_it_is_stopped(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "library.bib"
    file.write_text(BIB.format(1))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests" / "support"), str(ROOT)])}
    prelude = "import offline; offline.refuse_connections(hard=True); from ui.cli.main import main; main()"
    arguments = ["--home", str(home), "watch", str(file), "--every", "0.1"]
    child = subprocess.Popen(
        [sys.executable, "-c", prelude, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    assert child.stdout is not None
    assert "1 added" in next(line for line in child.stdout if "added" in line)
    replacement = tmp_path / "new"
    replacement.write_text(BIB.format(1) + BIB.format(2))
    file.unlink()
    time.sleep(0.3)
    replacement.replace(file)
    assert "1 added, 0 updated, 1 unchanged" in next(line for line in child.stdout if "added" in line)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 0
    assert "stopped" in err
    assert "Traceback" not in err
