"""Evidence tables and checked drafts of the Workspace tab: filled piece by piece, arranged, exported, shared; each person's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.build import open_library
from rag.errors import WrongDraft, WrongTable
from rag.types import Paper
from ui.html.wording import wording
from ui.server.service import Service
from ui.tabs.drafts import Drafts
from ui.tabs.requests import UnknownVisitor
from ui.tabs.tables import Tables
from ui.tabs.workspace import Workspace

SAY = wording("en")
ME, YOU = {"owner": "user:me"}, {"owner": "user:you"}
HOSTILE = "<script>x</script>"
PAPERS = [
    Paper("arxiv:2401.00001", f"Zebras {HOSTILE}", "However, stripes are hard to learn. We propose ZebraNet, which learns stripes. We evaluate it on the Savanna-3 dataset."),
    Paper("arxiv:2401.00002", "Naps in nurses", "Shift work disturbs sleep. We performed a crossover study in 41 nurses. Naps of 20 minutes improve alertness."),
    Paper("arxiv:2401.00003", "Bees in flight", "Bees are hard to weigh. We introduce BeeGram, a scale of humming wires. It has an error of 4 mg."),
]  # fmt: skip
IDS = [paper.id for paper in PAPERS]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    from rag.settings import Settings

    home = tmp_path_factory.mktemp("tables") / "library"
    with open_library(home, settings=Settings(home=home, bundled=False)) as paperchat:
        paperchat.add(PAPERS)
        service = Service.over(paperchat)
        yield service
        service.close()


@pytest.fixture
def tables(service: Service) -> Tables:
    return Tables(service)


def finished(progress: Callable[[dict[str, Any], Any], dict[str, Any]], job: str, who: dict[str, str] = ME) -> dict[str, Any]:
    for _ in range(600):
        response = progress({**who, "job": job, "seen": 0}, SAY)
        if response.get("finished"):
            return response
        time.sleep(0.05)
    raise AssertionError("it never finished")


def made(tables: Tables, columns: list[str] | None = None, **asked: Any) -> str:
    response = tables.new_table({**ME, "by": "ids", "ids": IDS, "columns": columns or ["problem", "sample size"], **asked}, SAY)
    last = finished(tables.filling, response["job"])
    assert last["done"] == last["total"] == len(asked.get("ids", IDS))
    return str(response["id"])


def test_a_table_is_filled_kept_and_shown_again(tables: Tables) -> None:
    id = made(tables)
    html = tables.table({**ME, "id": id}, SAY)["html"]
    assert "We performed a crossover study in 41 nurses." in html
    assert "stripes are hard to learn" in html
    assert HOSTILE not in html
    assert html.count("<tr data-paper") == 3
    assert "not stated" in html
    assert id in tables.tables(ME, SAY)["html"]


def test_nobody_else_sees_changes_or_follows_it(tables: Tables, service: Service) -> None:
    id = made(tables)
    assert "error" in tables.table({**YOU, "id": id}, SAY)
    assert "error" in tables.arrange({**YOU, "id": id, "rows": []}, SAY)
    assert "error" in tables.export_table({**YOU, "id": id, "how": "csv"}, SAY)
    assert id not in tables.tables(YOU, SAY)["html"]
    Workspace(service).delete_document({**YOU, "id": id}, SAY)
    assert "error" in Workspace(service).share_document({**YOU, "id": id}, SAY)
    job = tables.new_table({**ME, "by": "ids", "ids": IDS, "columns": ["problem"]}, SAY)["job"]
    assert "error" in tables.filling({**YOU, "job": job}, SAY)
    finished(tables.filling, job)
    assert "html" in tables.table({**ME, "id": id}, SAY)
    with pytest.raises(UnknownVisitor, match="cookie"):
        tables.tables({"owner": None}, SAY)


def test_columns_and_rows_are_ordered_hidden_and_taken_out(tables: Tables) -> None:
    id = made(tables)
    tables.arrange(
        {**ME, "id": id, "rows": [IDS[2], IDS[0], "unknown"], "columns": ["sample size", "problem"], "hidden": ["problem"]}, SAY
    )
    text = tables.export_table({**ME, "id": id, "how": "csv"}, SAY)["text"]
    lines = text.splitlines()
    assert lines[0] == "id,paper,year,sample size"
    assert [line.split(",")[0] for line in lines[1:]] == [IDS[2], IDS[0]]


def test_rows_and_columns_are_added_to_what_is_there(tables: Tables) -> None:
    id = made(tables, ids=IDS[:1])
    response = tables.add_rows({**ME, "id": id, "by": "question", "question": "nurses and naps", "limit": 1}, SAY)
    finished(tables.filling, response["job"])
    assert "error" in tables.add_rows({**ME, "id": id, "by": "ids", "ids": IDS[:1]}, SAY)
    response = tables.add_column({**ME, "id": id, "column": "What does ZebraNet learn?"}, SAY)
    finished(tables.filling, response["job"])
    assert "error" in tables.add_column({**ME, "id": id, "column": "problem"}, SAY)
    text = tables.export_table({**ME, "id": id, "how": "markdown"}, SAY)["text"]
    assert text.splitlines()[0] == "| Paper | problem | sample size | What does ZebraNet learn? |"
    assert "ZebraNet" in text
    assert "41 nurses" in text


def test_a_shared_table_is_read_by_its_token_alone(tables: Tables, service: Service) -> None:
    id = made(tables)
    token = Workspace(service).share_document({**ME, "id": id}, SAY)["token"]
    html = tables.shared_table({**YOU, "token": token}, SAY)["html"]
    assert "41 nurses" in html
    assert "pw-remove" not in html
    assert "<mark" in tables.cell({**YOU, "token": token, "paper": IDS[1]}, SAY)["html"]
    assert "error" in tables.shared_table({**YOU, "token": "guess"}, SAY)
    assert "error" in tables.cell({**YOU, "id": id, "paper": IDS[1]}, SAY)


@pytest.mark.parametrize("asked", [{"by": "ids", "ids": []}, {"by": "question", "question": " "}, {"by": "collection", "collection": "ghosts"}, {"by": "ids", "ids": "x"}, {"by": "theme", "theme": 99}])  # fmt: skip
def test_a_table_without_papers_is_refused_with_what_to_do(tables: Tables, asked: dict[str, Any]) -> None:
    with pytest.raises(WrongTable, match="Name papers"):
        tables.new_table({**ME, **asked, "columns": ["problem"]}, SAY)


def test_a_draft_is_checked_sentence_by_sentence_and_forgotten(service: Service, tmp_path: Path) -> None:
    drafts = Drafts(service)
    text = f"ZebraNet learns stripes. Glaciers lose a metre of ice each year {HOSTILE}. Why is that?"
    response = drafts.check_draft({**ME, "text": text}, SAY)
    last = finished(drafts.checking, response["job"])
    assert last["done"] == last["total"] == response["total"] == 3
    assert 'class="pw-supported"' in last["rows"]
    assert 'class="pw-nothing"' in last["rows"]
    assert 'class="pw-not_checked"' in last["rows"]
    assert HOSTILE not in last["rows"]
    assert "error" in drafts.checking({**YOU, "job": response["job"]}, SAY)
    assert "ZebraNet learns stripes" in drafts.export_draft({**ME, "job": response["job"]}, SAY)["text"]
    assert b"Glaciers" not in b"".join(path.read_bytes() for path in service.folder.glob("conversations.db*"))
    with pytest.raises(WrongDraft, match="no text"):
        drafts.check_draft({**ME, "text": " "}, SAY)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_part_is_drawn_in_both_languages(service: Service, tables: Tables, language: str) -> None:
    say = wording(language)
    for html in (
        Workspace(service).workspace(ME, say)["frame"],
        tables.tables(ME, say)["form"],
        Drafts(service).draft_form(ME, say)["html"],
    ):
        assert html
        assert "{" not in html
