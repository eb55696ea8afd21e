"""Collections as a person uses them: named, asked apart and together, exported and imported."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Command

QUESTION = "Which method does tRSA extend?"


def ids(command: Command) -> list[str]:
    return [paper["id"] for paper in json.loads(command("papers", "--json").out)]


def test_making_renaming_and_removing(command: Command) -> None:
    first, second, third = ids(command)[:3]
    assert command("collections").err == "Note: there is no collection yet: `paperchat collections create NAME`.\n"
    assert command("collections", "create", "Graphs", first, second).out == "Made “Graphs” with 2 papers.\n"
    assert command("collections", "put", "graphs", third).out == "1 paper put into “Graphs”, which has 3 now.\n"
    assert command("collections", "take", "graphs", first).out == "1 paper taken out of “Graphs”, which has 2 now.\n"
    assert command("collections", "rename", "graphs", "Thesis").out == "It is called “Thesis” now.\n"
    assert [paper["id"] for paper in json.loads(command("collections", "show", "Thesis", "--json").out)] == [second, third]
    assert command("collections", "list").out == "2\tThesis\n"
    assert command("collections", "remove", "thesis").out == "Removed “Thesis”; its 2 papers stay in the library.\n"
    assert len(ids(command)) == 58
    assert command("collections", "create", "x", "no such paper").code == 1
    assert command("collections").out == ""


def test_a_question_within_collections(command: Command) -> None:
    known = json.loads(command("papers", "--json").out)
    right = json.loads(command("ask", QUESTION, "--json").out)["citations"][0]["paper"]["id"]
    others = [paper["id"] for paper in known if paper["id"] != right]
    command("collections", "create", "right", right)
    command("collections", "create", "wrong", *others[:5])
    assert json.loads(command("ask", QUESTION, "--json", "--collection", "right").out)["citations"][0]["paper"]["id"] == right
    wrong = command("ask", QUESTION, "--json", "--collection", "wrong")
    assert wrong.code == 3
    assert {hit["paper"]["id"] for hit in json.loads(wrong.out)["hits"]} <= set(others[:5])
    both = command("ask", QUESTION, "--json", "--collection", "wrong", "--collection", "right")
    assert json.loads(both.out)["citations"][0]["paper"]["id"] == right
    unknown = command("ask", QUESTION, "--collection", "thesis")
    assert (unknown.code, "no collection “thesis”" in unknown.err) == (1, True)
    lines = json.dumps({"question": QUESTION}).encode() + b"\n"
    answered = json.loads(command("ask", "--questions", "-", "--json", "--collection", "wrong", stdin=lines).out)
    assert answered["status"] == "not_found"


def test_export_and_import(command: Command, tmp_path: Path) -> None:
    some = ids(command)[:7]
    command("collections", "create", "Graphs", *some)
    done = command("collections", "export", "graphs", "graphs.paperchat")
    assert done.out == "7 papers of “Graphs” written to graphs.paperchat.\n"
    assert command("collections", "export", "graphs", "graphs.paperchat").code == 1
    command("remove", "--yes", *some[:3])
    done = command("collections", "import", "graphs.paperchat", "--name", "again")
    assert done.out.startswith("“again”: 3 added, 0 updated, 4 unchanged")
    assert json.loads(command("collections", "--json").out) == [
        {"name": "again", "papers": 7, "origin": ""}, {"name": "Graphs", "papers": 4, "origin": ""},
    ]  # fmt: skip
    (tmp_path / "bad.paperchat").write_text("no")
    bad = command("collections", "import", "bad.paperchat")
    assert (bad.code, "export it again" in bad.err) == (1, True)


def test_a_name_without_a_file_does_not_export_the_whole_library(command: Command, tmp_path: Path) -> None:
    command("collections", "create", "Graphs", *ids(command)[:2])
    refused = command("collections", "export", "graphs")
    assert (refused.code, refused.out) == (2, "")
    assert "name the file" in refused.err
    assert not (tmp_path / "graphs").exists()
