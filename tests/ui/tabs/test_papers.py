"""What the Papers tab asks and does, without a browser: lists, adding with a report, undo, exports, the map; and nothing of a paper is markup."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
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
from ui.tabs.papers import PAGE, Collection, Job

SAY = wording("en")
HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script> [a](javascript:alert(3))"
TEXT = "title,abstract\nA walk,It walks.\n,B.\n"


@pytest.fixture
def collection(service: Service) -> Collection:
    return Collection(service)


def report_of(collection: Collection, response: dict[str, Any]) -> str:
    """The report of a job, once its thread is done."""
    for thread in threading.enumerate():
        if thread.name == "paperchat-add":
            thread.join(timeout=60)
    now = collection.progress(response, SAY)
    assert now["finished"]
    return str(now["html"])


def test_adding_tells_how_fast_it_goes_and_how_long_it_will_take() -> None:
    now = [100.0]
    job = Job(clock=lambda: now[0])
    assert job.said(SAY) == "0 records read so far…"
    job.reached(0, 1000)
    now[0] += 1
    job.reached(32, 1000)
    assert job.said(SAY) == "32 records read so far…"
    now[0] += 4
    job.reached(100, 1000)
    assert job.said(SAY) == "100 of 1000 records, 20 a second, 0:45 left…"
    assert job.said(wording("de")) == "100 von 1000 Einträgen, 20 pro Sekunde, noch 0:45…"
    job.reached(100, 0)
    assert job.said(SAY) == "100 records read so far, 20 a second…"


def test_what_a_preview_counted_is_the_total_of_adding(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "\n".join(f"A walk number {at},It walks {at} miles." for at in range(70))
    response = collection.add_text({"text": f"title,abstract\n{lines}", "preview": True}, SAY)
    report_of(collection, response)
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(Job, "reached", lambda _, done, total: told.append((done, total)))
    report_of(collection, collection.add_looked({"job": response["job"]}, SAY))
    assert told == [(0, 70), (32, 70), (64, 70), (70, 70)]


def test_the_list_grows_by_pages(collection: Collection) -> None:
    first = collection.browse({}, SAY)
    assert first["rows"].count('<li class="pp-row"') == PAGE
    assert (first["count"], first["shown"]) == ("58 papers", None)
    assert "8 left" in first["more"]
    second = collection.browse({"offset": PAGE}, SAY)
    assert second["rows"].count('<li class="pp-row"') == 8
    assert second["more"] == ""


def test_words_filters_and_orders_are_the_products_own(collection: Collection) -> None:
    found = collection.browse({"text": "kriegesk"}, SAY)
    assert found["count"] == "1 of 58 papers"
    assert found["shown"] == ["arxiv:2309.11028"]
    assert collection.browse({"first_year": "2023", "last_year": "2023", "venue": "PNAS"}, SAY)["shown"] == ["arxiv:2309.11028"]
    assert "No paper matches" in collection.browse({"text": "zzzz"}, SAY)["rows"]


@pytest.mark.parametrize(
    "asked", [{"offset": "-5", "order": "x"}, {"offset": [], "text": None}, {"first_year": "1e9"}, {"text": 7}]
)
def test_nonsense_from_a_page_does_no_harm(collection: Collection, asked: dict[str, Any]) -> None:
    assert "rows" in collection.browse(asked, SAY)


def test_one_paper_with_those_near_it(collection: Collection) -> None:
    response = collection.paper({"id": "arxiv:2309.11028"}, SAY)["html"]
    assert response.count('data-do="pp-open"') == 6
    assert "@article{lin2023topology" in response
    assert "https://arxiv.org/abs/2309.11028" in response
    assert "no longer" in collection.paper({"id": "arxiv:0000.00000"}, SAY)["html"]


def test_a_removal_can_be_undone_once(collection: Collection, service: Service) -> None:
    before = service.paperchat.papers()
    response = collection.remove({"ids": ["arxiv:2309.11028"]}, SAY)
    assert "“The Topology and Geometry of Neural Representations” was removed" in response["said"]
    assert service.paper_count == 57
    assert collection.undo(response, SAY)["said"] == "The paper was restored."
    assert service.paperchat.papers() == before
    assert "can no longer" in collection.undo(response, SAY)["error"]


def test_an_import_can_be_undone_as_one_step(collection: Collection, service: Service) -> None:
    report = report_of(collection, collection.add_text({"text": "title,abstract\nA walk,It walks.\nA run,It runs.\n"}, SAY))
    found = re.search(r'data-do="pp-undo-import" data-batch="(\d+)"', report)
    assert found is not None
    assert service.paper_count == 60
    assert "2 papers" in collection.undo_import({"batch": int(found[1])}, SAY)["said"]
    assert service.paper_count == 58
    with pytest.raises(PaperNotFound):
        collection.undo_import({"batch": int(found[1])}, SAY)
    for wrong in (None, "1", True, {}):
        assert "error" in collection.undo_import({"batch": wrong}, SAY)


def test_an_import_that_changed_nothing_has_nothing_to_undo(collection: Collection) -> None:
    collection_text = {"text": TEXT}
    report_of(collection, collection.add_text(collection_text, SAY))
    assert "pp-undo-import" not in report_of(collection, collection.add_text(collection_text, SAY))


@pytest.mark.parametrize("ids", [[], None, "all", [7], ["arxiv:0000.00000"]])
def test_what_is_not_there_cannot_be_removed(collection: Collection, service: Service, ids: Any) -> None:
    with pytest.raises(PaperNotFound):
        collection.remove({"ids": ids}, SAY)
    assert service.paper_count == 58


def test_pasted_text_is_added_and_reported(collection: Collection, service: Service) -> None:
    report = report_of(collection, collection.add_text({"text": TEXT}, SAY))
    assert "<strong>1</strong> added" in report
    assert "pasted text, line 3" in report
    assert service.paper_count == 59


def test_files_go_by_the_name_that_the_person_knows(collection: Collection, service: Service, tmp_path: Path) -> None:
    good, bad = tmp_path / "upload-1", tmp_path / "upload-2"
    good.write_text(TEXT)
    bad.write_bytes(b"\0\1")
    report = report_of(collection, collection.add_files([("shelf.csv", good), ("../photo.png", bad)]))
    assert "shelf.csv, line 3" in report
    assert "photo.png is a binary file" in report
    assert str(tmp_path) not in report
    assert service.paper_count == 59


def test_an_unknown_job_is_an_error(collection: Collection) -> None:
    assert collection.progress({"job": "x"}, SAY)["error"]


def test_exports(collection: Collection) -> None:
    ids = ["arxiv:2309.11028", "arxiv:0000.00000"]
    response = collection.export({"how": "bibtex", "ids": ids}, SAY)
    assert response["name"] == "papers.bib"
    assert response["text"].startswith("@article{lin2023topology,")
    assert collection.export({"how": "exe", "ids": ids}, SAY)["error"]
    assert collection.export({"how": ["bibtex"], "ids": ids}, SAY)["error"]


def test_the_map_and_its_groups(collection: Collection) -> None:
    response = collection.atlas({}, SAY)
    assert len(response["points"]) == 58
    members = [collection.members({"group": place}, SAY)["html"].count("<li>") for place in range(len(response["groups"]))]
    assert sum(members) == 58
    assert response["legend"].count('data-do="pp-group"') == len(response["groups"])
    assert collection.members({"group": 99}, SAY)["html"] == ""


def test_a_library_that_is_only_read_offers_no_change(bundled_home: Path) -> None:
    with open_library(bundled_home, readonly=True) as paperchat:
        service = Service.over(paperchat)
        frame = Collection(service).start({}, SAY)["frame"]
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


def test_a_preview_adds_nothing_until_it_is_confirmed(collection: Collection, service: Service) -> None:
    first = service.paperchat.papers()[0]
    text = f"title,abstract,arxiv_id\nA walk,It walks.,\n,It has no title.,\n{first.title},Another text of it.,{first.id.removeprefix('arxiv:')}\n"
    response = collection.add_text({"text": text, "preview": True}, SAY)
    shown = report_of(collection, response)
    assert "<strong>1</strong> new" in shown
    assert "<strong>1</strong> updated" in shown
    assert "<strong>1</strong> refused" in shown
    assert "pasted text, line 3" in shown
    assert "A walk" in shown
    assert f'data-job="{response["job"]}"' in shown
    assert service.paperchat.papers()[0] == first
    assert service.paper_count == 58
    report = report_of(collection, collection.add_looked(response, SAY))
    assert "<strong>1</strong> added" in report
    assert "pp-undo-import" in report
    assert service.paper_count == 59
    assert "expired" in collection.add_looked(response, SAY)["error"]


def test_a_preview_that_is_cancelled_lets_its_files_go(collection: Collection, service: Service, tmp_path: Path) -> None:
    path, gone = tmp_path / "upload-1", []
    path.write_text(TEXT)
    response = collection.add_files([("shelf.csv", path), ("no.csv", tmp_path / "none")], lambda: gone.append(path), preview=True)
    shown = report_of(collection, response)
    assert "shelf.csv, line 3" in shown
    assert "There is no file" in shown
    assert gone == []
    assert collection.drop_looked(response, SAY)["said"] == "Nothing was added."
    assert gone == [path]
    assert "error" in collection.add_looked(response, SAY)
    assert service.paper_count == 58


def test_what_would_change_nothing_offers_nothing_to_add(collection: Collection) -> None:
    report_of(collection, collection.add_text({"text": TEXT}, SAY))
    shown = report_of(collection, collection.add_text({"text": TEXT, "preview": True}, SAY))
    assert "would change the library" in shown
    assert "pp-preview-add" not in shown


def _fails(*_: object, **__: object) -> Any:
    raise RuntimeError("disk I/O error")


def _breaks_off() -> Iterator[Paper]:
    yield Paper("a", "A walk", "It walks.")
    raise RuntimeError("a reader that nobody foresaw")


@pytest.mark.parametrize("broken", ["paperchat.add", "ready"])
def test_what_nobody_foresaw_ends_adding_with_a_report_that_says_what_to_do(
    collection: Collection, service: Service, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    owner, _, name = broken.rpartition(".")
    begun = {"text": TEXT}
    monkeypatch.setattr(getattr(service, owner) if owner else service, name, _fails)
    shown = report_of(collection, collection.add_text(begun, SAY))
    assert "try again, or add one file at a time" in shown
    assert "disk I/O" not in shown
    assert "Versuchen Sie es noch einmal" in collection.progress(_last(collection), wording("de"))["html"]


@pytest.mark.parametrize("broken", ["paperchat.library.preview", "ready"])
def test_a_preview_that_fails_says_that_nothing_was_added(
    collection: Collection, service: Service, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    owner, _, name = broken.rpartition(".")
    target: Any = service
    for part in filter(None, owner.split(".")):
        target = getattr(target, part)
    monkeypatch.setattr(target, name, _fails)
    shown = report_of(collection, collection.add_text({"text": TEXT, "preview": True}, SAY))
    assert "Nothing was added; try again" in shown
    assert "pp-preview-add" not in shown


@pytest.mark.parametrize("look", [True, False])
def test_a_source_that_fails_unforeseen_does_not_stop_the_next(collection: Collection, look: bool) -> None:
    job = collection._begin(lambda: [_breaks_off(), [Paper("b", "A swim", "It swims.")]], look=look)
    shown = report_of(collection, job)
    assert "one file at a time" in shown
    assert "A swim" in shown


def test_a_source_without_any_paper_is_told(collection: Collection) -> None:
    assert "holds no papers" in report_of(collection, collection._begin(lambda: [[]]))


def _last(collection: Collection) -> dict[str, Any]:
    return {"job": next(reversed(collection._jobs))}
