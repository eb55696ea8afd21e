"""What people keep beside their conversations: tables, notes, checked drafts and projects. Each belongs to one owner, and nobody else sees it unless it is shared."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from rag.errors import StorageFailed
from rag.text.surrogates import without_surrogates
from ui.conversations.database import Database

Kind = Literal["table", "note", "draft", "project"]
MOST = 2_000
"""Documents of one kind that one person may keep."""
LONGEST_TITLE = 120
LARGEST = 8_000_000
"""Characters of one document as it is stored."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL, project TEXT NOT NULL, title TEXT NOT NULL, place REAL NOT NULL,
    changed REAL NOT NULL, kept TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_owner ON documents (owner, kind, project, place);
CREATE TABLE IF NOT EXISTS document_shares (token TEXT PRIMARY KEY, document TEXT NOT NULL UNIQUE REFERENCES documents (id) ON DELETE CASCADE);
CREATE TABLE IF NOT EXISTS conversation_projects (
    conversation TEXT PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE, project TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE
);
"""
_COLUMNS = "id, kind, project, title, place, changed, kept"


@dataclass(frozen=True, slots=True)
class Document:
    """Something that is kept: `kept` holds JSON values, `project` the id of the project it belongs to (or nothing), `place` its order."""

    id: str
    kind: Kind
    title: str = ""
    kept: dict[str, Any] = field(default_factory=dict)
    project: str = ""
    place: float = 0.0
    changed: float = 0.0


class TooMuch(StorageFailed):
    """One person keeps as much as may be kept."""


class Documents:
    """All documents in one database, after `Chats` has made its tables there. An id that is not the owner's is as good as unknown."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        database.add_tables(_SCHEMA)

    def put(self, owner: str, document: Document) -> None:
        """Keeps a document at the end of its kind, or in the place of the owner's one with its id. Raises TooMuch."""
        kept = json.dumps(document.kept)
        if len(kept) > LARGEST:
            raise TooMuch(f"“{document.title}” is too large to be kept: take rows or text out of it.")
        with self._database.change():
            known = self._database.row("SELECT owner FROM documents WHERE id = ?", document.id)
            if known is not None and known[0] != owner:
                return
            count, last = self._database.row(
                "SELECT count(*), coalesce(max(place), 0) FROM documents WHERE owner = ? AND kind = ?", owner, document.kind
            )
            if known is None and count >= MOST:
                raise TooMuch(f"{MOST:,} are kept already, which is as many as may be: delete some first.")
            self._database.file.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "project = excluded.project, title = excluded.title, changed = excluded.changed, kept = excluded.kept",
                (document.id, owner, document.kind, document.project, short(document.title), last + 1, self._clock(), kept),
            )

    def get(self, owner: str, id: str, kind: Kind | None = None) -> Document | None:
        with self._database.reading():
            row = self._database.row(f"SELECT {_COLUMNS} FROM documents WHERE id = ? AND owner = ?", id, owner)
        found = _document(row)
        return found if found is not None and kind in (None, found.kind) else None

    def all(self, owner: str, kind: Kind, project: str | None = None) -> list[Document]:
        """In their order; with a project, those of it alone."""
        within, values = ("", ()) if project is None else (" AND project = ?", (project,))
        with self._database.reading():
            rows = self._database.file.execute(
                f"SELECT {_COLUMNS} FROM documents WHERE owner = ? AND kind = ?{within} ORDER BY place", (owner, kind, *values)
            ).fetchall()
        return [found for row in rows if (found := _document(row)) is not None]

    def order(self, owner: str, ids: Sequence[str]) -> None:
        """Puts the owner's documents of these ids in this order, in the places that they hold together."""
        with self._database.change():
            held = [self._database.row("SELECT place FROM documents WHERE id = ? AND owner = ?", id, owner) for id in ids]
            known = [id for id, row in zip(ids, held, strict=True) if row is not None]
            places = sorted(row[0] for row in held if row is not None)
            for id, place in zip(known, places, strict=True):
                self._database.file.execute("UPDATE documents SET place = ? WHERE id = ?", (place, id))

    def delete(self, owner: str, id: str) -> None:
        """Of a project, what belongs to it stays and belongs to none."""
        with self._database.change():
            if self._database.row("SELECT 1 FROM documents WHERE id = ? AND owner = ?", id, owner) is not None:
                self._database.file.execute("UPDATE documents SET project = '' WHERE project = ? AND owner = ?", (id, owner))
                self._database.file.execute("DELETE FROM documents WHERE id = ?", (id,))

    def share(self, owner: str, id: str, token: str) -> str | None:
        """A token that shows this document to whoever has it, `token` the first time; deleting the document ends it."""
        if self.get(owner, id) is None:
            return None
        with self._database.change():
            self._database.file.execute("INSERT INTO document_shares VALUES (?, ?) ON CONFLICT DO NOTHING", (token, id))
            row = self._database.row("SELECT token FROM document_shares WHERE document = ?", id)
        return str(row[0]) if row else None

    def shared(self, token: str) -> Document | None:
        with self._database.reading():
            row = self._database.row(
                f"SELECT {_COLUMNS} FROM documents WHERE id = (SELECT document FROM document_shares WHERE token = ?)", token
            )
        return _document(row)

    def file_conversation(self, owner: str, conversation: str, project: str) -> None:
        """Puts the owner's conversation into the owner's project, or, with no project, into none."""
        with self._database.change():
            own = self._database.row("SELECT 1 FROM conversations WHERE id = ? AND owner = ?", conversation, owner)
            there = self._database.row("SELECT 1 FROM documents WHERE id = ? AND owner = ? AND kind = 'project'", project, owner)
            if own is not None:
                self._database.file.execute("DELETE FROM conversation_projects WHERE conversation = ?", (conversation,))
            if own is not None and there is not None:
                self._database.file.execute("INSERT INTO conversation_projects VALUES (?, ?)", (conversation, project))

    def conversations(self, owner: str, project: str) -> list[tuple[str, str]]:
        """(id, title) of the owner's conversations in a project, the latest first."""
        with self._database.reading():
            rows = self._database.file.execute(
                "SELECT c.id, c.title FROM conversations c JOIN conversation_projects p ON p.conversation = c.id "
                "WHERE c.owner = ? AND p.project = ? ORDER BY c.changed DESC, c.id",
                (owner, project),
            ).fetchall()
        return [(str(id), str(title)) for id, title in rows]


def short(title: str) -> str:
    """On one line and of bearable length."""
    line = " ".join(without_surrogates(title).split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def _document(row: Any) -> Document | None:
    """None of no row, and of one that cannot be read any more."""
    if row is None or row[1] not in get_args(Kind):
        return None
    id, kind, project, title, place, changed, kept = row
    try:
        values = json.loads(kept)
    except ValueError:
        return None
    return Document(id, kind, title, values, project, place, changed) if isinstance(values, dict) else None
