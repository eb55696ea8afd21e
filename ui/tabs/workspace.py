"""What the parts of the Workspace tab share: its frame, and what can be done with every document. Knows no Gradio."""

from __future__ import annotations

from ui.conversations.store import new_id
from ui.html import workspace as html
from ui.html.wording import Wording
from ui.server.service import Service
from ui.tabs.requests import Request, Response, owner_of


class Workspace:
    """Each method takes what the page sent and returns what it shows, as JSON values."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def workspace(self, asked: Request, say: Wording) -> Response:
        """The frame of the tab."""
        self._service.warm()
        return {"frame": html.frame_html(say), "words": html.words(say)}

    def delete_document(self, asked: Request, say: Wording) -> Response:
        self._service.documents.delete(owner_of(asked), str(asked.get("id", "")))
        return {"said": say("said.deleted")}

    def share_document(self, asked: Request, say: Wording) -> Response:
        """A token that shows this document to whoever may open the page and has it."""
        token = self._service.documents.share(owner_of(asked), str(asked.get("id", "")), new_id())
        return {"token": token} if token else {"error": say("table.gone")}
