"""`paperchat table` and `paperchat cite`: what they print, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
import re

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
