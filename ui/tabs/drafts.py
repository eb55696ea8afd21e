"""What the check of a draft on the Workspace tab asks and does: sentence by sentence, with what was found. Knows no Gradio."""

from __future__ import annotations

from collections.abc import Sequence

from rag.review.draft import DraftSentence, claimed
from ui.export.draft import as_markdown
from ui.html import draft as html
from ui.html.wording import Wording
from ui.server.service import Service
from ui.tabs.filling import Works
from ui.tabs.panels import Request, Response
from ui.tabs.tables import owner_of


class Drafts:
    """The text of whoever asks is checked and forgotten: it is kept in memory alone, until the next one or the end of the server."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._works: Works[DraftSentence] = Works()

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
        return {"job": self._works.begin(owner, "a draft", total, pieces, _forget), "total": total}

    def checking(self, asked: Request, say: Wording) -> Response:
        """Sentences from `seen` on, and whether all are checked."""
        work = self._works.get(owner_of(asked), asked.get("job"))
        if work is None:
            return {"error": say("papers.said.failed")}
        finished, done = work.finished, len(work.pieces)
        seen = asked.get("seen")
        first = seen if isinstance(seen, int) and 0 <= seen <= done else done
        response: Response = {
            "done": done,
            "total": work.total,
            "finished": finished,
            "rows": "".join(html.sentence_html(one, say) for one in work.pieces[first:done]),
            "said": say("draft.checking", done=done, total=work.total),
        }
        if finished:
            response["summary"] = html.summary_html(work.pieces, say)
        if work.error or work.failed:
            response["error"] = work.error or say("papers.said.failed")
        return response

    def export_draft(self, asked: Request, say: Wording) -> Response:
        work = self._works.get(owner_of(asked), asked.get("job"))
        if work is None:
            return {"error": say("papers.said.failed")}
        return {"name": "checked-draft.md", "text": as_markdown(work.pieces)}


def _forget(pieces: Sequence[DraftSentence]) -> None:
    """Nothing of a draft is kept on disk."""
