"""Conversations on disk: kept whole, found again, and never anybody else's."""

from __future__ import annotations

import json
import random
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import some_papers
from samples.shown import ANSWER, PAPER

from rag.errors import StorageFailed
from rag.library.postgres import PostgresDatabase
from rag.types import Answer, Refusal
from ui.conversations.comparison import compared, packed, table_of
from ui.conversations.feedback import FILE, keep_feedback
from ui.conversations.serialization import packed as packed_answer
from ui.conversations.serialization import unpacked
from ui.conversations.shared_database import SharedDatabase
from ui.conversations.store import UNREADABLE, Chats
from ui.conversations.types import Chip, Turn
from ui.server.visitors import is_secret, new_secret, owner
from ui.tabs.scope import chips_from, ids_within, years

CHIP = Chip("year", "2021", "Year: 2021")


@pytest.fixture(params=["file", "postgres"])
def chats(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Chats]:
    ticks = iter(range(1000))
    shared = request.param == "postgres"
    place = (
        SharedDatabase(request.getfixturevalue("postgres"), f"test_{uuid.uuid4().hex}")
        if shared
        else tmp_path / "conversations.db"
    )
    chats = Chats(place, clock=lambda: float(next(ticks)))
    yield chats
    chats.close()


def test_an_answer_comes_back_as_it_was() -> None:
    assert unpacked(packed_answer(ANSWER)) == ANSWER


def test_a_refusal_comes_back_with_its_code_and_its_papers() -> None:
    refused = Answer("q", "q", "not_found", "no", "quotes", refusal=Refusal("unknown_name", ("Zeta",), (PAPER,)))
    assert unpacked(packed_answer(refused)) == refused


@pytest.mark.parametrize("refusal", [None, ["of_a_later_version", [], []]])
def test_an_answer_with_no_code_that_is_known_is_still_read(refusal: object) -> None:
    kept = json.loads(packed_answer(replace(ANSWER, status="not_found")))
    kept["refusal"] = refusal
    assert unpacked(json.dumps(kept)).refusal is None
    del kept["refusal"]
    assert unpacked(json.dumps(kept)).refusal is None


def test_an_answer_that_did_not_change_is_parsed_once(chats: Chats) -> None:
    chats.put("me", "c1", Turn("t1", "What?", ANSWER))
    chats.put("me", "c1", Turn("t2", "And then?", replace(ANSWER, text="Something else.")))
    first, again = (chats.get("me", "c1") for _ in range(2))
    assert first is not None
    assert again is not None
    assert [turn.answer for turn in first.turns] == [ANSWER, replace(ANSWER, text="Something else.")]
    assert all(one.answer is other.answer for one, other in zip(first.turns, again.turns, strict=True))
    chats.put("me", "c1", Turn("t1", "What?", replace(ANSWER, text="Changed.")))
    changed = chats.get("me", "c1")
    assert changed is not None
    assert changed.turns[0].answer == replace(ANSWER, text="Changed.")


def test_two_servers_have_the_same_conversations_and_a_connection_that_is_cut_is_made_again(postgres: PostgresDatabase) -> None:
    one, two = (Chats(SharedDatabase(postgres, f"{postgres.schema}_people")) for _ in range(2))
    one.put("me", "c1", Turn("t1", "What?", ANSWER))
    (number,) = one.database.row("SELECT pg_backend_pid()")
    two.database.row("SELECT pg_terminate_backend(?)", number)
    one.put("me", "c1", Turn("t2", "And\0 then?", ANSWER))
    for chats in (one, two):
        found = chats.get("me", "c1")
        assert found is not None
        assert found.questions == ["What?", "And\ufffd then?"]
        chats.close()


def test_a_conversation_comes_back_after_the_file_was_closed(tmp_path: Path) -> None:
    turn = Turn("t1", "What?", ANSWER, scope=(CHIP,), corrected="What then?", rating="up", comment="good", asked=3.0)
    stopped = Turn("t2", "And \ud800?", partial="Half", error="")
    chats = Chats(tmp_path / "c.db")
    chats.put("me", "c1", turn)
    chats.put("me", "c1", stopped)
    chats.close()
    found = Chats(tmp_path / "c.db").get("me", "c1")
    assert found is not None
    assert found.turns[0] == turn
    assert found.turns[1].partial == "Half"
    assert found.questions == ["What then?", "And ??"]


def test_nobody_sees_or_changes_what_is_another_s(chats: Chats) -> None:
    chats.put("me", "c1", Turn("t1", "What?", ANSWER))
    chats.put("you", "c1", Turn("t9", "Mine now?"))
    assert chats.get("you", "c1") is None
    assert chats.turn("you", "t1") is None
    assert chats.all("you") == []
    assert chats.share("you", "t1") is None
    assert chats.branch("you", "c1", "t1") is None
    chats.rename("you", "c1", "Mine")
    chats.cut("you", "c1", "t1")
    chats.delete("you", "c1")
    chats.put("you", "c2", Turn("t1", "Stolen id", ANSWER))
    mine = chats.get("me", "c1")
    assert mine is not None
    assert (mine.title, [turn.question for turn in mine.turns]) == ("What?", ["What?"])


def test_listing_searching_renaming_and_deleting(chats: Chats) -> None:
    chats.put("me", "c1", Turn("t1", "About spoons?", ANSWER))
    chats.put("me", "c2", Turn("t2", "Other things"))
    assert [each.id for each in chats.all("me")] == ["c2", "c1"]
    assert [each.id for each in chats.all("me", "FORKS spoons")] == ["c1"]
    chats.rename("me", "c1", "  Cutlery \n" * 40)
    assert chats.all("me", "cutlery")[0].title.endswith("…")
    chats.delete("me", "c1")
    assert [each.id for each in chats.all("me")] == ["c2"]
    assert chats.turn("me", "t1") is None


def test_a_turn_is_replaced_cut_and_branched(chats: Chats) -> None:
    for number in range(3):
        chats.put("me", "c", Turn(f"t{number}", f"Question {number}", ANSWER))
    chats.put("me", "c", Turn("t1", "Put otherwise"))
    kept = chats.get("me", "c")
    assert kept is not None
    assert [turn.question for turn in kept.turns] == ["Question 0", "Put otherwise", "Question 2"]
    new = chats.branch("me", "c", "t1")
    assert new is not None
    branched = chats.get("me", new)
    assert branched is not None
    assert [turn.question for turn in branched.turns] == ["Question 0", "Put otherwise"]
    chats.cut("me", "c", "t1")
    assert [turn.id for turn in (chats.get("me", "c") or branched).turns] == ["t0"]


def test_a_share_shows_one_turn_until_it_is_deleted(chats: Chats) -> None:
    chats.put("me", "c", Turn("t1", "What?", ANSWER))
    token = chats.share("me", "t1")
    assert token is not None
    assert chats.share("me", "t1") == token
    shown = chats.shared(token)
    assert shown is not None
    assert shown.answer == ANSWER
    assert chats.shared("guess") is None
    chats.delete("me", "c")
    assert chats.shared(token) is None


def test_preferences_are_each_one_s_own(chats: Chats) -> None:
    chats.prefer("me", {"language": "de"})
    assert chats.preferences("me") == {"language": "de"}
    assert chats.preferences("you") == {}


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="Conversations cannot be kept"):
        Chats(tmp_path / "nowhere" / "c.db")


def test_feedback_is_a_line_for_each_vote(tmp_path: Path) -> None:
    keep_feedback(tmp_path, Turn("t1", "What?", ANSWER))
    assert not (tmp_path / FILE).exists()
    keep_feedback(tmp_path, Turn("t1", "What?", ANSWER, rating="down", comment="wrong\nfork"))
    (line,) = (tmp_path / FILE).read_text(encoding="utf-8").splitlines()
    assert '"rating": "down"' in line
    assert '"quote": "Forks do not hold it."' in line


def test_owners_are_names_or_secrets_and_never_the_secret_itself() -> None:
    secret = new_secret()
    assert is_secret(secret)
    assert owner("ada", secret) == "user:ada"
    mine = owner(None, secret)
    assert mine is not None
    assert secret not in mine
    assert mine != owner(None, new_secret())
    assert owner(None, "guess") is None
    assert owner(None, None) is None


def test_chips_of_one_kind_widen_and_of_different_kinds_narrow() -> None:
    papers = some_papers(6)
    browse = lambda wanted: [paper for paper in papers if wanted.holds(paper)]  # noqa: E731
    one, other = papers[1], papers[2]
    inside = {"mine": frozenset({one.id, papers[3].id})}.__getitem__
    themed = {"hops": frozenset({other.id})}.__getitem__
    drawn = {"0,0 9,0 9,9": frozenset({one.id})}.__getitem__
    both = (Chip("year", str(one.year)), Chip("year", str(other.year)))
    assert ids_within((), browse, inside, themed, drawn) is None
    assert ids_within(both, browse, inside, themed, drawn) == {one.id, other.id}
    assert ids_within((*both, Chip("paper", one.id)), browse, inside, themed, drawn) == {one.id}
    assert ids_within((Chip("year", "1900-1901"),), browse, inside, themed, drawn) == frozenset()
    assert ids_within((Chip("collection", "mine"), Chip("paper", one.id)), browse, inside, themed, drawn) == {one.id}
    assert ids_within((Chip("theme", "hops"),), browse, inside, themed, drawn) == {other.id}
    assert ids_within((Chip("area", "0,0 9,0 9,9"),), browse, inside, themed, drawn) == {one.id}


@pytest.mark.parametrize(
    ("text", "found"),
    [("2021", (2021, 2021)), ("2019-2023", (2019, 2023)), ("2019-", (2019, None)), ("-2023", (None, 2023)), ("x", None), ("", None), ("-", None)],
)  # fmt: skip
def test_years(text: str, found: object) -> None:
    assert years(text) == found


def test_what_a_browser_sends_as_scope_is_read_with_care() -> None:
    good = {"kind": "author", "value": " Ada ", "label": "Author: Ada"}
    sent = [
        good,
        good,
        {"kind": "sql", "value": "x"},
        {"kind": "year", "value": "soon"},
        {"kind": "text"},
        7,
        {"kind": "text", "value": "x" * 999},
    ]
    assert chips_from(sent) == (Chip("author", "Ada", "Author: Ada"),)
    assert chips_from("nonsense") == ()


def test_a_comparison_is_kept_with_its_turn() -> None:
    from rag.types import Cell, ComparisonTable

    claim = ANSWER.claims[0]
    table = ComparisonTable((ANSWER.hits[0].paper,), ("problem", "data"), ((Cell((claim,)), Cell()),), ANSWER.citations[:1])
    answer: Answer = compared("Compare", table)
    found = table_of(Turn("t", "Compare", unpacked(packed_answer(answer)), table=packed(table)))
    assert found is not None
    assert (found.papers, found.aspects, found.rows, found.citations) == (
        table.papers,
        table.aspects,
        table.rows,
        table.citations,
    )
    assert answer.text.endswith("Spoons hold soup. [1]")


# --- damage


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def overwritten(file: Path) -> None:
    file.write_bytes(random.Random(3).randbytes(file.stat().st_size))


def zeroed(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


@pytest.mark.parametrize("damage", [truncated, overwritten, zeroed])
def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = tmp_path / "conversations.db"
    for _ in range(2):
        first = Chats(path)
        for number in range(30):
            first.put("me", f"c{number}", Turn(f"t{number}", "What is it? " * 40))
        first.close()
        damage(path)
        damaged = path.read_bytes()
        chats = Chats(path)
        assert chats.all("me") == []
        chats.put("me", "c1", Turn("t1", "And now?"))
        chats.close()
        assert len(chats.notices) == 1
        kept = [each for each in tmp_path.glob("conversations.db.damaged-*") if str(each) in chats.notices[0]]
        assert damaged in [each.read_bytes() for each in kept]
    assert len(list(tmp_path.glob("conversations.db.damaged-*"))) == 2


def test_one_damaged_answer_costs_only_itself(tmp_path: Path) -> None:
    chats = Chats(tmp_path / "c.db")
    chats.put("me", "c1", Turn("t1", "First?"))
    chats.put("me", "c1", Turn("t2", "Second?"))
    with sqlite3.connect(tmp_path / "c.db") as connection:
        connection.execute("UPDATE turns SET rest = replace(rest, '{', '[') WHERE id = 't1'")
    connection.close()
    found = chats.get("me", "c1")
    assert found is not None
    assert [(turn.question, turn.error) for turn in found.turns] == [("First?", UNREADABLE), ("Second?", "")]
    assert chats.all("me", "second") != []
    chats.close()


def test_conversations_deleted_while_open_are_told(tmp_path: Path) -> None:
    chats = Chats(tmp_path / "c.db")
    (tmp_path / "c.db").unlink()
    with pytest.raises(StorageFailed, match="deleted or replaced"):
        chats.put("me", "c1", Turn("t1", "First?"))
    with pytest.raises(StorageFailed, match="deleted or replaced"):
        chats.all("me")
    chats.close()
