"""Conversations on disk: kept, listed, searched, renamed, branched, shared and deleted; each belongs to one owner, and nobody else sees it."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rag.text.surrogates import without_surrogates
from ui.conversations.database import FILE as FILE
from ui.conversations.database import Database
from ui.conversations.serialization import packed, unpacked
from ui.conversations.types import Chip, Conversation, Turn

TITLE_LENGTH = 80
UNREADABLE = "This answer is damaged in conversations.db and cannot be shown. Ask the question again."
LISTED = 200
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, changed REAL NOT NULL);
CREATE INDEX IF NOT EXISTS conversations_owner ON conversations (owner, changed);
CREATE TABLE IF NOT EXISTS turns (
    id TEXT PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE, place INTEGER NOT NULL,
    question TEXT NOT NULL, answer TEXT, rest TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS turns_conversation ON turns (conversation, place);
CREATE TABLE IF NOT EXISTS shares (token TEXT PRIMARY KEY, turn TEXT NOT NULL UNIQUE REFERENCES turns (id) ON DELETE CASCADE);
CREATE TABLE IF NOT EXISTS preferences (owner TEXT PRIMARY KEY, kept TEXT NOT NULL);
"""
_REST = ("partial", "error", "corrected", "literal", "gathers", "about", "table", "rating", "comment", "asked")


def new_id() -> str:
    """Not to be guessed."""
    return secrets.token_urlsafe(16)


class Chats:
    """All conversations in one SQLite file; safe to share between threads. An id that is not the owner's is as good as unknown.

    A file that is damaged is moved aside, under a name that `notices` tells, and a new one is begun.
    """

    def __init__(self, place: Path | Database, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self.database = Database(place) if isinstance(place, Path) else place
        self.database.add_tables(_SCHEMA)
        self._file = self.database.file
        self._row, self._reading, self._change = self.database.row, self.database.reading, self.database.change

    @property
    def notices(self) -> list[str]:
        return self.database.notices

    def put(self, owner: str, conversation: str, turn: Turn) -> None:
        """Keeps a turn at the end, or in the place of the one with its id; the first one makes the conversation and names it."""
        with self._change():
            known = self._row("SELECT owner FROM conversations WHERE id = ?", conversation)
            if known is None:
                self._make(owner, conversation, turn.question)
            elif known[0] != owner:
                return
            self._put(conversation, turn)
            self._file.execute("UPDATE conversations SET changed = ? WHERE id = ?", (self._clock(), conversation))

    def get(self, owner: str, conversation: str) -> Conversation | None:
        with self._reading():
            row = self._row("SELECT id, title, changed FROM conversations WHERE id = ? AND owner = ?", conversation, owner)
            return None if row is None else Conversation(row[0], row[1], row[2], self._turns(conversation))

    def turn(self, owner: str, turn: str) -> Turn | None:
        with self._reading():
            row = self._row(
                "SELECT t.id, question, answer, rest FROM turns t JOIN conversations c ON c.id = conversation WHERE t.id = ? AND owner = ?",
                turn,
                owner,
            )
            return None if row is None else _turn(*row)

    def all(self, owner: str, words: str = "") -> list[Conversation]:
        """The latest first; with words, those whose title, questions or answers hold them all."""
        wanted = [word for word in words.casefold().split() if word]
        with self._reading():
            rows = self._file.execute(
                "SELECT id, title, changed FROM conversations WHERE owner = ? ORDER BY changed DESC, id", (owner,)
            ).fetchall()
            found = (Conversation(*row) for row in rows if not wanted or self._holds(row[0], row[1], wanted))
            return [conversation for conversation, _ in zip(found, range(LISTED), strict=False)]

    def rename(self, owner: str, conversation: str, title: str) -> None:
        if title.strip():
            with self._change():
                self._file.execute(
                    "UPDATE conversations SET title = ? WHERE id = ? AND owner = ?", (_short(title), conversation, owner)
                )

    def delete(self, owner: str, conversation: str) -> None:
        with self._change():
            self._file.execute("DELETE FROM conversations WHERE id = ? AND owner = ?", (conversation, owner))

    def cut(self, owner: str, conversation: str, turn: str) -> None:
        """Forgets this turn and all after it."""
        with self._change():
            self._file.execute(
                "DELETE FROM turns WHERE conversation = (SELECT id FROM conversations WHERE id = ? AND owner = ?) "
                "AND place >= (SELECT place FROM turns WHERE id = ?)",
                (conversation, owner, turn),
            )

    def branch(self, owner: str, conversation: str, turn: str) -> str | None:
        """A new conversation that begins with the turns up to this one; its id."""
        old = self.get(owner, conversation)
        if old is None or turn not in (each.id for each in old.turns):
            return None
        until = [each.id for each in old.turns].index(turn) + 1
        new = new_id()
        for each in old.turns[:until]:
            self.put(owner, new, replace(each, id=new_id()))
        self.rename(owner, new, old.title)
        return new

    def share(self, owner: str, turn: str) -> str | None:
        """A token that shows this one turn to whoever has it; the same each time. Deleting the conversation ends it."""
        if self.turn(owner, turn) is None:
            return None
        with self._change():
            self._file.execute("INSERT INTO shares VALUES (?, ?) ON CONFLICT DO NOTHING", (new_id(), turn))
            row = self._row("SELECT token FROM shares WHERE turn = ?", turn)
        return str(row[0]) if row else None

    def shared(self, token: str) -> Turn | None:
        with self._reading():
            row = self._row(
                "SELECT t.id, question, answer, rest FROM turns t JOIN shares s ON s.turn = t.id WHERE token = ?", token
            )
            return None if row is None else _turn(*row)

    def preferences(self, owner: str) -> dict[str, Any]:
        with self._reading():
            row = self._row("SELECT kept FROM preferences WHERE owner = ?", owner)
            return dict(json.loads(row[0])) if row else {}

    def prefer(self, owner: str, preferences: dict[str, Any]) -> None:
        with self._change():
            self._file.execute(
                "INSERT INTO preferences VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET kept = excluded.kept",
                (owner, json.dumps(preferences)),
            )

    def close(self) -> None:
        self.database.close()

    def _make(self, owner: str, conversation: str, title: str) -> None:
        self._file.execute("INSERT INTO conversations VALUES (?, ?, ?, ?)", (conversation, owner, _short(title), self._clock()))

    def _put(self, conversation: str, turn: Turn) -> None:
        rest = json.dumps({**{name: getattr(turn, name) for name in _REST}, "scope": [asdict(chip) for chip in turn.scope]})
        answer = None if turn.answer is None else packed(turn.answer)
        self._file.execute(
            "INSERT INTO turns VALUES (?, ?, (SELECT coalesce(max(place), 0) + 1 FROM turns WHERE conversation = ?), ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET question = excluded.question, answer = excluded.answer, rest = excluded.rest "
            "WHERE turns.conversation = excluded.conversation",
            (turn.id, conversation, conversation, without_surrogates(turn.question), answer, rest),
        )

    def _turns(self, conversation: str) -> tuple[Turn, ...]:
        rows = self._file.execute(
            "SELECT id, question, answer, rest FROM turns WHERE conversation = ? ORDER BY place", (conversation,)
        )
        return tuple(_turn(*row) for row in rows)

    def _holds(self, conversation: str, title: str, wanted: Sequence[str]) -> bool:
        texts = [title]
        for question, answer, rest in self._file.execute(
            "SELECT question, answer, rest FROM turns WHERE conversation = ?", (conversation,)
        ):
            turn = _turn("", question, answer, rest)
            texts += [question, turn.answer.text if turn.answer is not None else turn.partial]
        everything = "\n".join(texts).casefold()
        return all(word in everything for word in wanted)


def _turn(id: str, question: str, answer: str | None, rest: str) -> Turn:
    try:
        kept = json.loads(rest)
        scope = tuple(Chip(**chip) for chip in kept.pop("scope"))
        return Turn(id, question, None if answer is None else unpacked(answer), scope=scope, **kept)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Turn(id, question, error=UNREADABLE)


def _short(title: str) -> str:
    line = " ".join(without_surrogates(title).split())
    return line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1]}…"
