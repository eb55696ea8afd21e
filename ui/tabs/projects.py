"""What the projects of the Workspace tab ask and do: a name, the collections that its papers are in, its conversations, notes and tables. Knows no Gradio."""

from __future__ import annotations

from dataclasses import replace

from ui.conversations.documents import Document, short
from ui.conversations.notes import unpacked
from ui.conversations.store import new_id
from ui.html import projects as html
from ui.html.wording import Wording
from ui.server.service import Service
from ui.tabs.requests import Request, Response, owner_of


class Projects:
    """The projects of the person who asks. Each method takes what the page sent and returns what it shows, as JSON values."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def projects(self, asked: Request, say: Wording) -> Response:
        """All projects, and the one that is `open` with all that is in it."""
        owner, documents = owner_of(asked), self._service.documents
        kept = documents.all(owner, "project")
        current = next((each for each in kept if each.id == asked.get("open")), None)
        if current is None:
            return {"html": html.list_html(kept, say)}
        inside = html.Inside(
            self._service.paperchat.collections.all(),
            documents.conversations(owner, current.id),
            [(each.id, unpacked(each.kept)) for each in documents.all(owner, "note", current.id)],
            documents.all(owner, "table", current.id),
            [each for each in documents.all(owner, "table") if each.project != current.id],
        )
        return {"html": html.list_html(kept, say, current.id) + html.project_html(current, inside, say)}

    def new_project(self, asked: Request, say: Wording) -> Response:
        title = short(str(asked.get("title") or ""))
        if not title:
            return {"error": say("project.noname")}
        made = Document(new_id(), "project", title, {"collections": []})
        self._service.documents.put(owner_of(asked), made)
        return {"id": made.id}

    def rename_project(self, asked: Request, say: Wording) -> Response:
        found, title = self._found(asked), short(str(asked.get("title") or ""))
        if found is None or not title:
            return {"error": say("table.gone" if found is None else "project.noname")}
        self._service.documents.put(owner_of(asked), replace(found, title=title))
        return {}

    def project_collections(self, asked: Request, say: Wording) -> Response:
        """Which collections of the library hold its papers; what is no collection any more goes."""
        found, names = self._found(asked), asked.get("collections")
        if found is None or not isinstance(names, list):
            return {"error": say("table.gone")}
        known = [each.name for each in self._service.paperchat.collections.all() if each.name in names]
        self._service.documents.put(owner_of(asked), replace(found, kept={**found.kept, "collections": known}))
        return {}

    def file_conversation(self, asked: Request, say: Wording) -> Response:
        """Puts a conversation into a project, or, with no project, out of it."""
        owner, conversation, id = owner_of(asked), str(asked.get("conversation") or ""), str(asked.get("id") or "")
        if self._service.chats.get(owner, conversation) is None:
            return {"error": say("project.noconversation")}
        self._service.documents.file_conversation(owner, conversation, id)
        return {}

    def file_table(self, asked: Request, say: Wording) -> Response:
        owner, found = owner_of(asked), self._found(asked)
        table = self._service.documents.get(owner, str(asked.get("table") or ""), "table")
        if found is None or table is None:
            return {"error": say("table.gone")}
        self._service.documents.put(owner, replace(table, project=found.id))
        return {}

    def _found(self, asked: Request) -> Document | None:
        return self._service.documents.get(owner_of(asked), str(asked.get("id", "")), "project")
