"""What goes wrong on the command line: each time a sentence on standard error, an exit code, and nothing lost."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import offline
import pytest

from rag import open_library
from rag.explore.listing import Filter
from tests.conftest import ROOT, Command, Ran

QUESTION = "Which method does tRSA extend?"
SPOONS = json.dumps({"title": "A Study of Spoons", "abstract": "Spoons are studied here. They hold soup."}) + "\n"
Child = Callable[..., "subprocess.CompletedProcess[str]"]


def told(done: Ran, *words: str) -> None:
    """One sentence on standard error that has these words; nothing else anywhere."""
    assert (done.code, done.out) == (1, "")
    assert re.fullmatch(r"Error: [^\n]*[.…]\n", done.err), done.err
    for word in words:
        assert word in done.err


def count(command: Command) -> int:
    return command("papers").out.count("\n")


# --- files to add


def test_a_missing_file(command: Command) -> None:
    told(command("add", "nowhere.txt"), "no file", "nowhere.txt")
    told(command("add", "nowhere.txt", "--json"), "nowhere.txt")
    assert count(command) == 58


def test_a_folder(command: Command, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    told(command("add", "folder"), "folder contains no file of papers")
    told(command("ask", "--questions", "folder"), "is a folder")


def test_a_binary_file(command: Command, tmp_path: Path) -> None:
    (tmp_path / "papers.txt").write_bytes(bytes(range(256)) * 40)
    told(command("add", "papers.txt"), "binary")


def test_an_empty_file(command: Command, tmp_path: Path) -> None:
    (tmp_path / "papers.txt").write_text("\n \n")
    told(command("add", "papers.txt"), "empty")


def test_a_file_in_an_older_encoding_is_read_in_it(command: Command, tmp_path: Path) -> None:
    (tmp_path / "papers.jsonl").write_bytes(b'{"title": "B\xff", "abstract": "Read."}\n' + SPOONS.encode())
    done = command("add", "papers.jsonl", "--json")
    said = json.loads(done.out)
    assert (done.code, len(said["added"]), said["refused"]) == (0, 2, [])


def test_a_file_that_may_not_be_read(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "papers.jsonl").write_text(SPOONS)
    real = Path.open

    def closed(path: Path, *how: object, **more: object) -> object:
        if path.name == "papers.jsonl":
            raise PermissionError(13, "Permission denied")  # what chmod does to everybody but root, who may run the tests
        return real(path, *how, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", closed)
    told(command("add", "papers.jsonl"), "permission denied")
    told(command("ask", "--questions", "papers.jsonl"), "Permission denied", "permissions")


def test_a_line_of_200_megabytes(command: Command, tmp_path: Path) -> None:
    with (tmp_path / "papers.jsonl").open("wb") as file:
        file.write(b'{"title": "Long", "abstract": "')
        for _ in range(200):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n' + SPOONS.encode())
    done = command("add", "papers.jsonl", "--json")
    said = json.loads(done.out)
    assert (done.code, len(said["added"]), len(said["refused"])) == (0, 1, 1)
    assert "longer than" in said["refused"][0]["reason"]


def test_one_bad_file_does_not_keep_the_others_out(command: Command, tmp_path: Path) -> None:
    (tmp_path / "spoons.jsonl").write_text(SPOONS)
    done = command("add", "nowhere.txt", "spoons.jsonl", "--json")
    said = json.loads(done.out)
    assert (done.code, len(said["added"]), [each["file"] for each in said["failed"]]) == (1, 1, ["nowhere.txt"])
    assert "nowhere.txt" in done.err
    assert count(command) == 59


def test_a_file_of_nothing_but_refusals_is_an_error(command: Command, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"abstract": "No title."}\n')
    done = command("add", "bad.jsonl")
    assert (done.code, done.err) == (1, "")
    assert "bad.jsonl, line 1" in done.out


def test_hostile_markup_in_titles(command: Command, tmp_path: Path) -> None:
    title = "[bold red]Free[/bold red] \x1b]0;owned\x07 <script>alert(1)</script> spoons"
    (tmp_path / "evil.jsonl").write_text(
        json.dumps({"title": title, "abstract": "Spoons [/] are [red]round\x1b[31m. They hold soup."}) + "\n"
    )
    paper = json.loads(command("add", "evil.jsonl", "--json").out)["added"][0]
    for arguments in (
        ["papers"],
        ["papers", "show", paper],
        ["papers", "search", "spoons"],
        ["ask", "What are spoons?"],
        ["remove", paper, "--yes"],
    ):
        done = command(*arguments)
        assert done.code == 0, done.err
        assert "[bold red]Free[/bold red]" in done.out
        assert not set(done.out) & set("\x1b\x07")


def test_a_draft_that_cannot_be_checked(command: Command, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.md").write_text("\n")
    told(command("cite", "folder"), "folder is a folder. Give a file with the text of a draft.")
    told(command("cite", "empty.md"), "empty.md holds no text to check. Give a file with the text of a draft.")


def test_columns_without_a_name(command: Command) -> None:
    for arguments in (("table",), ("compare", "2309.11028", "2401.00001")):
        done = command(*arguments, "--aspect", " ")
        assert (done.code, done.out) == (2, "")
        assert "--aspect" in done.err


# --- the library


def test_questions_that_are_nowhere(command: Command) -> None:
    told(command("ask", "--json", "--questions", "nowhere.jsonl"), "nowhere.jsonl", "Check the name")


def test_a_paper_that_is_not_there(command: Command) -> None:
    told(command("papers", "show", "arxiv:0000.00000", "--json"), "arxiv:0000.00000")
    told(command("remove", "2309.11028", "sourdough", "--yes"), "sourdough")
    told(command("remove", "sourdough"), "sourdough")
    assert count(command) == 58


def test_a_library_in_no_folder(child: Child, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Not a folder.")
    for home in ("notes.txt", "notes.txt/library"):
        done = child("--home", str(tmp_path / home), "info")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == f"Error: {tmp_path / 'notes.txt'} is a file, not a folder. Give a folder for the library.\n"
    done = child("--home", "/proc/nowhere/library", "info")
    assert re.fullmatch(r"Error: The folder /proc/nowhere/library cannot be made \(.*\)\. Give another .*\n", done.stderr)


def test_a_full_disk_loses_nothing(child: Child, command: Command, home: Path, tmp_path: Path) -> None:
    many = [json.dumps({"title": f"Spoon number {number}", "abstract": "Spoons hold soup. " * 12}) + "\n" for number in range(60)]
    (tmp_path / "many.jsonl").write_text("".join(many))
    limit = 100_000  # for each file; the log of changes is the first that outgrows it
    done = child("add", "many.jsonl", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert (done.returncode, done.stdout) == (1, "")
    assert re.search(r"^Error: .*free some space|^Error: .*free space", done.stderr, re.M), done.stderr
    assert "Traceback" not in done.stderr
    assert 58 <= count(command) < 118
    assert command("ask", QUESTION).code == 0
    assert command("add", "many.jsonl").code == 0
    assert count(command) == 118


def test_two_processes_at_once(child: Child, command: Command, home: Path, tmp_path: Path) -> None:
    (tmp_path / "spoons.jsonl").write_text(SPOONS)
    with open_library(home):
        done = child("ask", "--json", QUESTION)
        assert done.returncode == 0
        assert json.loads(done.stdout)["citations"][0]["paper"]["id"] == "arxiv:2309.11028"
        done = child("add", "spoons.jsonl")
        assert (done.returncode, done.stdout) == (1, "")
        assert f"process {os.getpid()}" in done.stderr
        assert "Traceback" not in done.stderr
    assert command("add", "spoons.jsonl").code == 0


def test_papers_are_added_and_removed_while_a_page_has_the_library(child: Child, home: Path, tmp_path: Path) -> None:
    (tmp_path / "spoons.jsonl").write_text(SPOONS)
    with open_library(home) as paperchat:
        paperchat.library.listen()
        done = child("add", "spoons.jsonl", "--json")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        assert paperchat.browse(Filter("spoons"))[0].title == "A Study of Spoons"
        done = child("remove", "A Study of Spoons", "--yes")
        assert (done.returncode, len(paperchat.papers())) == (0, 58), done.stderr
        done = child("undo")
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("index", ["chroma", "tantivy"])
@pytest.mark.parametrize("damage", ["gone", "garbled"])
def test_a_damaged_index_is_built_anew(command: Command, home: Path, index: str, damage: str) -> None:
    before = json.loads(command("ask", "--json", QUESTION).out)
    if damage == "gone":
        shutil.rmtree(home / index)
    else:
        for file in (home / index).rglob("*"):
            if file.is_file():
                file.write_bytes(b"\x00garbage" * 100)
    done = command("ask", "--json", QUESTION)
    assert done.code == 0
    assert json.loads(done.out)["text"] == before["text"]
    assert re.match("Note: The (?:vector|word) index was rebuilt", done.err), done.err
    assert command("ask", QUESTION).err == ""


def test_damaged_records_are_told_and_left_as_they_are(command: Command, home: Path) -> None:
    (home / "records.db").write_bytes(b"no database" * 1000)
    told(command("ask", "--json", QUESTION), "cannot be used as a library", "backup")
    assert (home / "records.db").read_bytes() == b"no database" * 1000


def test_a_library_of_another_encoder_names_the_way_out(command: Command, home: Path) -> None:
    with sqlite3.connect(home / "records.db") as records:
        records.execute("UPDATE meta SET value = 'another' WHERE key = 'encoder'")
    records.close()
    told(command("ask", QUESTION), "paperchat reindex", "another")
    assert json.loads(command("info", "--json").out)["encoder"] == "another"
    done = command("reindex", "--json")
    assert (done.code, json.loads(done.out)["papers"]) == (0, 58)
    assert (command("ask", QUESTION).code, json.loads(command("ask", "--json", QUESTION).out)["notices"]) == (0, [])


def test_a_home_that_cannot_be_one(child: Child, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = child("ask", QUESTION, home=tmp_path / "file")
    told(Ran(done.returncode, done.stdout, done.stderr), str(tmp_path / "file"))


def test_an_unknown_setting_is_refused(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERCHAT_COLOUR", "blue")
    told(command("ask", QUESTION), "PAPERCHAT_COLOUR")


# --- the guard that these tests stand on


@pytest.mark.parametrize(
    "leave",
    [
        lambda: socket.create_connection(("192.0.2.1", 80), 1),
        lambda: socket.getaddrinfo("example.org", 443),
        lambda: socket.socket().connect(("192.0.2.1", 80)),
    ],
)
def test_a_connection_to_another_machine_is_refused(leave: Callable[[], object]) -> None:
    with pytest.raises(offline.LeftTheMachine, match=r"192\.0\.2\.1|example\.org"):
        leave()
    offline.attempts.clear()


def test_a_connection_from_a_child_ends_it() -> None:
    script = "import offline; offline.refuse_connections(hard=True)\nimport socket\ntry: socket.create_connection(('192.0.2.1', 80))\nexcept BaseException: pass"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT / "tests" / "support", capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (offline.EXIT_CODE, "a connection to 192.0.2.1 was tried\n")


def test_this_machine_may_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), 5):
        pass
