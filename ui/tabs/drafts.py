"""What the check of a draft on the Workspace tab asks and does: sentence by sentence, with what was found. Knows no Gradio."""

from __future__ import annotations

from collections.abc import Sequence

from rag.review.draft import DraftSentence, claimed
from ui.export.draft import as_markdown
from ui.html import draft as html
from ui.html.wording import Wording
from ui.server.service import Service
from ui.tabs.background import BackgroundTasks, progress
from ui.tabs.requests import Request, Response, owner_of


class Drafts:
    """The text of the person who asks is checked and forgotten: it is kept in memory alone, until the next one or the end of the server."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._tasks: BackgroundTasks[DraftSentence] = BackgroundTasks(service)

    def draft_form(self, asked: Request, say: Wording) -> Response:
        """Where a text is pasted, and within which collection it is checked."""
        return {"html": html.form_html(self._service.paperchat.collections.all(), self._service.paper_count, say)}

    def check_draft(self, asked: Request, say: Wording) -> Response:
        """Begins to check a text; `checking` tells how far it is."""
        owner, text = owner_of(asked), str(asked.get("text") or "")
        total = len(claimed(text))
        self._service.ready()
        name = asked.get("collection")
        scope = self._service.collected(name) if isinstance(name, str) and name else None
        pieces = self._service.paperchat.cite(text, scope)
        return {"job": self._tasks.begin(owner, "a draft", total, pieces, _forget), "total": total}

    def checking(self, asked: Request, say: Wording) -> Response:
        """Sentences from `seen` on, and whether all are checked."""
        task = self._tasks.get(owner_of(asked), asked.get("job"))
        response = progress(task, asked.get("seen"), lambda one: html.sentence_html(one, say), "draft.checking", say)
        if task is not None and response.get("finished"):
            response["summary"] = html.summary_html(task.pieces, say)
        return response

    def export_draft(self, asked: Request, say: Wording) -> Response:
        task = self._tasks.get(owner_of(asked), asked.get("job"))
        if task is None:
            return {"error": say("papers.said.failed")}
        return {"name": "checked-draft.md", "text": as_markdown(task.pieces)}


def _forget(pieces: Sequence[DraftSentence]) -> None:
    """Nothing of a draft is kept on disk."""
