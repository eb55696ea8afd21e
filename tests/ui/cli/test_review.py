"""`paperchat table` and `paperchat cite`: what they print, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.conftest import Command


def test_a_table_in_json_quotes_what_the_abstracts_say(command: Command) -> None:
    done = command(
        "table", "--json", "--paper", "MgNO", "--paper", "NoProp", "--aspect", "approach", "--aspect", "funding agency"
    )
    assert (done.code, done.err) == (0, "")
    told = json.loads(done.out)
    assert told["aspects"] == ["approach", "funding agency"]
    assert len(told["rows"]) == 2
    for row in told["rows"]:
        approach, funding = row["cells"]
        abstract = json.loads(command("papers", "show", row["paper"]["id"], "--json").out)["abstract"]
        assert abstract[approach["start"] : approach["end"]] == approach["quote"]
        assert funding is None


def test_a_question_finds_the_rows(command: Command) -> None:
    done = command("table", "hypergraph", "neural", "networks", "--limit", "3", "--csv", "--aspect", "problem")
    head, *rows = csv.reader(io.StringIO(done.out))
    assert head == ["id", "paper", "year", "problem"]
    assert len(rows) == 3
    assert "ypergraph" in rows[0][1]


def test_latex_and_its_bibtex_share_their_keys(command: Command) -> None:
    asked = ("table", "--paper", "MgNO", "--aspect", "approach")
    latex, bib = command(*asked, "--latex").out, command(*asked, "--bibtex").out
    (key,) = re.findall(r"\\cite\{([^}]+)\}", latex)
    assert f"{{{key}," in bib


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--csv", "--json"), "give one of"),
        (("--limit", "0"), "--limit"),
        (("--collection", "ghosts"), "no collection"),
        (("--paper", "no such paper zzz"), "There is no paper"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(command: Command, arguments: tuple[str, ...], said: str) -> None:
    done = command("table", *arguments)
    assert done.code in (1, 2)
    assert said in " ".join(done.err.split())
    assert "Traceback" not in done.err


DRAFT = "# Intro\n\nBarlow Twins brings the cross-correlation matrix of two identical networks' outputs close to the identity. Sourdough bread rises faster in a warm kitchen.\n"


def test_a_draft_is_held_against_the_papers(command: Command, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(DRAFT, encoding="utf-8-sig")
    done = command("cite", "draft.md")
    assert done.code == 0
    assert "\ufffd" not in done.out
    assert "✓ Barlow Twins brings" in done.out
    assert "supports" in done.out
    assert "· Sourdough bread" in done.out
    assert "nothing in this collection" in done.out
    told = json.loads(command("cite", "--json", "-", stdin=DRAFT.encode("utf-8-sig")).out)
    assert [one["outcome"] for one in told if "Barlow" in one["text"]] == ["supported"]
    assert all(DRAFT[one["start"] : one["end"]] == one["text"] for one in told)


@pytest.mark.parametrize(("name", "written", "said"), [("none.md", None, "No such file"), ("bad.md", b"\xff\xfe\x00x", "not a text in UTF-8"), ("empty.md", b" \n", "no text")])  # fmt: skip
def test_a_draft_that_cannot_be_read_is_refused_in_a_sentence(
    command: Command, tmp_path: Path, name: str, written: bytes | None, said: str
) -> None:
    if written is not None:
        (tmp_path / name).write_bytes(written)
    done = command("cite", name)
    assert done.code == 1
    assert said in done.err
