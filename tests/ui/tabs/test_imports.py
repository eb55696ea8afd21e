"""Adding papers on the Papers tab, without a browser: preview, progress, report, and undoing one import."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.errors import PaperNotFound
from rag.types import Paper
from ui.html.wording import wording
from ui.server.service import Service
from ui.tabs.imports import ImportJob, Imports

SAY = wording("en")
TEXT = "title,abstract\nA walk,It walks.\n,B.\n"


@pytest.fixture
def imports(service: Service) -> Imports:
    return Imports(service)


def report_of(imports: Imports, response: dict[str, Any]) -> str:
    """The report of a job, once its thread is done."""
    for thread in threading.enumerate():
        if thread.name == "paperchat-add":
            thread.join(timeout=60)
    now = imports.progress(response, SAY)
    assert now["finished"]
    return str(now["html"])


def test_adding_tells_how_fast_it_goes_and_how_long_it_will_take() -> None:
    now = [100.0]
    job = ImportJob(clock=lambda: now[0])
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


def test_what_a_preview_counted_is_the_total_of_adding(imports: Imports, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "\n".join(f"A walk number {at},It walks {at} miles." for at in range(70))
    response = imports.add_text({"text": f"title,abstract\n{lines}", "preview": True}, SAY)
    report_of(imports, response)
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(ImportJob, "reached", lambda _, done, total: told.append((done, total)))
    report_of(imports, imports.add_looked({"job": response["job"]}, SAY))
    assert told == [(0, 70), (32, 70), (64, 70), (70, 70)]


def test_an_import_can_be_undone_as_one_step(imports: Imports, service: Service) -> None:
    report = report_of(imports, imports.add_text({"text": "title,abstract\nA walk,It walks.\nA run,It runs.\n"}, SAY))
    found = re.search(r'data-do="pp-undo-import" data-batch="(\d+)"', report)
    assert found is not None
    assert service.paper_count == 60
    assert "2 papers" in imports.undo_import({"batch": int(found[1])}, SAY)["said"]
    assert service.paper_count == 58
    with pytest.raises(PaperNotFound):
        imports.undo_import({"batch": int(found[1])}, SAY)
    for wrong in (None, "1", True, {}):
        assert "error" in imports.undo_import({"batch": wrong}, SAY)


def test_an_import_that_changed_nothing_has_nothing_to_undo(imports: Imports) -> None:
    text = {"text": TEXT}
    report_of(imports, imports.add_text(text, SAY))
    assert "pp-undo-import" not in report_of(imports, imports.add_text(text, SAY))


def test_pasted_text_is_added_and_reported(imports: Imports, service: Service) -> None:
    report = report_of(imports, imports.add_text({"text": TEXT}, SAY))
    assert "<strong>1</strong> added" in report
    assert "pasted text, line 3" in report
    assert service.paper_count == 59


def test_files_go_by_the_name_that_the_person_knows(imports: Imports, service: Service, tmp_path: Path) -> None:
    good, bad = tmp_path / "upload-1", tmp_path / "upload-2"
    good.write_text(TEXT)
    bad.write_bytes(b"\0\1")
    report = report_of(imports, imports.add_files([("shelf.csv", good), ("../photo.png", bad)]))
    assert "shelf.csv, line 3" in report
    assert "photo.png is a binary file" in report
    assert str(tmp_path) not in report
    assert service.paper_count == 59


def test_an_unknown_job_is_an_error(imports: Imports) -> None:
    assert imports.progress({"job": "x"}, SAY)["error"].startswith("The server was restarted before this import was complete.")


def test_a_preview_adds_nothing_until_it_is_confirmed(imports: Imports, service: Service) -> None:
    first = service.paperchat.papers()[0]
    text = f"title,abstract,arxiv_id\nA walk,It walks.,\n,It has no title.,\n{first.title},Another text of it.,{first.id.removeprefix('arxiv:')}\n"
    response = imports.add_text({"text": text, "preview": True}, SAY)
    shown = report_of(imports, response)
    assert "<strong>1</strong> new" in shown
    assert "<strong>1</strong> updated" in shown
    assert "<strong>1</strong> refused" in shown
    assert "pasted text, line 3" in shown
    assert "A walk" in shown
    assert f'data-job="{response["job"]}"' in shown
    assert service.paperchat.papers()[0] == first
    assert service.paper_count == 58
    report = report_of(imports, imports.add_looked(response, SAY))
    assert "<strong>1</strong> added" in report
    assert "pp-undo-import" in report
    assert service.paper_count == 59
    assert "expired" in imports.add_looked(response, SAY)["error"]


def test_a_preview_that_is_cancelled_lets_its_files_go(imports: Imports, service: Service, tmp_path: Path) -> None:
    path, gone = tmp_path / "upload-1", []
    path.write_text(TEXT)
    response = imports.add_files([("shelf.csv", path), ("no.csv", tmp_path / "none")], lambda: gone.append(path), preview=True)
    shown = report_of(imports, response)
    assert "shelf.csv, line 3" in shown
    assert "There is no file" in shown
    assert gone == []
    assert imports.drop_looked(response, SAY)["said"] == "Nothing was added."
    assert gone == [path]
    assert "error" in imports.add_looked(response, SAY)
    assert service.paper_count == 58


def test_what_would_change_nothing_offers_nothing_to_add(imports: Imports) -> None:
    report_of(imports, imports.add_text({"text": TEXT}, SAY))
    shown = report_of(imports, imports.add_text({"text": TEXT, "preview": True}, SAY))
    assert "would change the library" in shown
    assert "pp-preview-add" not in shown


def _fails(*_: object, **__: object) -> Any:
    raise RuntimeError("disk I/O error")


def _breaks_off() -> Iterator[Paper]:
    yield Paper("a", "A walk", "It walks.")
    raise RuntimeError("a reader that nobody foresaw")


@pytest.mark.parametrize("broken", ["paperchat.add", "ready"])
def test_what_nobody_foresaw_ends_adding_with_a_report_that_says_what_to_do(
    imports: Imports, service: Service, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    owner, _, name = broken.rpartition(".")
    begun = {"text": TEXT}
    monkeypatch.setattr(getattr(service, owner) if owner else service, name, _fails)
    shown = report_of(imports, imports.add_text(begun, SAY))
    assert "try again, or add one file at a time" in shown
    assert "disk I/O" not in shown
    assert "Versuchen Sie es noch einmal" in imports.progress(_last(imports), wording("de"))["html"]


@pytest.mark.parametrize("broken", ["paperchat.library.preview", "ready"])
def test_a_preview_that_fails_says_that_nothing_was_added(
    imports: Imports, service: Service, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    owner, _, name = broken.rpartition(".")
    target: Any = service
    for part in filter(None, owner.split(".")):
        target = getattr(target, part)
    monkeypatch.setattr(target, name, _fails)
    shown = report_of(imports, imports.add_text({"text": TEXT, "preview": True}, SAY))
    assert "Nothing was added; try again" in shown
    assert "pp-preview-add" not in shown


@pytest.mark.parametrize("look", [True, False])
def test_a_source_that_fails_unforeseen_does_not_stop_the_next(imports: Imports, look: bool) -> None:
    job = imports._begin(lambda: [_breaks_off(), [Paper("b", "A swim", "It swims.")]], look=look)
    shown = report_of(imports, job)
    assert "one file at a time" in shown
    assert "A swim" in shown


def test_a_source_without_any_paper_is_told(imports: Imports) -> None:
    assert "holds no papers" in report_of(imports, imports._begin(lambda: [[]]))


def _last(imports: Imports) -> dict[str, Any]:
    return {"job": next(reversed(imports._jobs))}
