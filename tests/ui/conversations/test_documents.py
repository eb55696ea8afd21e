"""Tables, notes and projects on disk: each belongs to one owner; shared only by a token; ordered, filed, and gone when deleted."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.conversations import documents
from ui.conversations.documents import Document, Documents, TooMuch
from ui.conversations.shared_database import SharedDatabase
from ui.conversations.store import Chats
from ui.conversations.types import Turn


@pytest.fixture(params=["file", "postgres"])
def chats(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Chats]:
    shared = request.param == "postgres"
    place = (
        SharedDatabase(request.getfixturevalue("postgres"), f"test_{uuid.uuid4().hex}")
        if shared
        else tmp_path / "conversations.db"
    )
    chats = Chats(place)
    yield chats
    chats.close()


@pytest.fixture
def kept(chats: Chats) -> Documents:
    return Documents(chats.database)


def ids(found: list[Document]) -> list[str]:
    return [each.id for each in found]


def test_what_one_person_keeps_nobody_else_sees_or_changes(kept: Documents) -> None:
    kept.put("me", Document("t1", "table", "Mine", {"rows": [1]}))
    assert kept.get("you", "t1") is None
    assert kept.all("you", "table") == []
    kept.put("you", Document("t1", "table", "Stolen"))
    kept.delete("you", "t1")
    assert kept.share("you", "t1", "token") is None
    kept.order("you", ["t1"])
    found = kept.get("me", "t1")
    assert found is not None
    assert (found.title, found.kept) == ("Mine", {"rows": [1]})


def test_they_come_back_after_a_restart_in_their_order(kept: Documents, chats: Chats, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        kept.put("me", Document(name, "note", f"Note {name}"))
    kept.order("me", ["c", "unknown", "a", "b"])
    chats.close()
    kept_in = chats.database
    shared = isinstance(kept_in, SharedDatabase)
    again = Documents(Chats(SharedDatabase(kept_in.server, kept_in.schema) if shared else tmp_path / "conversations.db").database)
    assert ids(again.all("me", "note")) == ["c", "a", "b"]
    again.put("me", Document("c", "note", "Changed"))
    assert ids(again.all("me", "note")) == ["c", "a", "b"]
    assert again.get("me", "c", "table") is None


def test_a_shared_document_is_seen_by_its_token_until_it_goes(kept: Documents) -> None:
    kept.put("me", Document("t1", "table", "Mine"))
    token = kept.share("me", "t1", "secret")
    assert token == "secret" == kept.share("me", "t1", "another")
    assert kept.shared("guess") is None
    assert kept.shared("secret") is not None
    kept.delete("me", "t1")
    assert kept.shared("secret") is None


def test_a_project_gathers_documents_and_conversations_and_leaves_them_when_it_goes(kept: Documents, chats: Chats) -> None:
    kept.put("me", Document("p1", "project", "Thesis"))
    kept.put("me", Document("n1", "note", "Note", project="p1"))
    kept.put("me", Document("n2", "note", "Other"))
    chats.put("me", "c1", Turn("t1", "What is it?"))
    chats.put("you", "c2", Turn("t2", "Whose is it?"))
    for conversation in ("c1", "c2", "unknown"):
        kept.file_conversation("me", conversation, "p1")
    kept.file_conversation("you", "c2", "p1")
    assert ids(kept.all("me", "note", "p1")) == ["n1"]
    assert kept.conversations("me", "p1") == [("c1", "What is it?")]
    assert kept.conversations("you", "p1") == []
    kept.delete("me", "p1")
    assert ids(kept.all("me", "note", "")) == ["n1", "n2"]
    assert chats.get("me", "c1") is not None
    assert kept.conversations("me", "p1") == []


def test_so_much_may_be_kept_and_no_more(kept: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST", 2)
    monkeypatch.setattr(documents, "LARGEST", 100)
    for name in ("a", "b"):
        kept.put("me", Document(name, "note"))
    with pytest.raises(TooMuch, match="delete some"):
        kept.put("me", Document("c", "note"))
    kept.put("me", Document("a", "note", "Changed"))
    kept.put("you", Document("c", "note"))
    with pytest.raises(TooMuch, match="too large"):
        kept.put("me", Document("a", "note", kept={"text": "x" * 200}))


def test_one_that_cannot_be_read_stops_no_other(kept: Documents, chats: Chats) -> None:
    for name in ("a", "b"):
        kept.put("me", Document(name, "note", "\ud800 title"))
    with chats.database.change():
        chats.database.file.execute("UPDATE documents SET kept = '{' WHERE id = 'a'")
    assert ids(kept.all("me", "note")) == ["b"]
    assert kept.get("me", "a") is None
