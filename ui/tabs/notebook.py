"""What the notebook asks and does: keep, order, note, tag, export; and what a selected text of an abstract offers. Knows no Gradio."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

from rag.answering.limits import check_question
from rag.types import Paper, Span
from ui.conversations.documents import Document
from ui.conversations.notes import Note, of_answer, of_quote, packed, tags_of, unpacked, with_own
from ui.conversations.store import new_id
from ui.conversations.tables import unpacked as table_of
from ui.export.notebook import SUFFIXES, Format, exported
from ui.html import notebook as html
from ui.html.wording import Wording
from ui.server.service import Service
from ui.tabs.requests import Request, Response, owner_of

SIMILAR = 8
LONGEST_SELECTION = 2_000


class Notebook:
    """The notes of the person who asks. Each method takes what the page sent and returns what it shows, as JSON values."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def notes(self, asked: Request, say: Wording) -> Response:
        """All notes, or those of one project."""
        owner, project = owner_of(asked), asked.get("project")
        documents = self._service.documents.all(owner, "note", project if isinstance(project, str) and project else None)
        pairs = [(document, unpacked(document.kept)) for document in documents]
        return {"html": html.notebook_html(pairs, self._service.documents.all(owner, "project"), say)}

    def keep_quote(self, asked: Request, say: Wording) -> Response:
        """Keeps a sentence of a paper, given by its place, or by the selected text."""
        paper = self._paper(asked)
        span = _span(asked, paper) if paper is not None else None
        if paper is None or span is None:
            return {"error": say("note.notfound")}
        return self._kept(asked, of_quote(paper, span), say)

    def keep_cell(self, asked: Request, say: Wording) -> Response:
        """Keeps a cell of a table of one's own, under its column's name."""
        document = self._service.documents.get(owner_of(asked), str(asked.get("id", "")), "table")
        table = table_of(document.kept) if document is not None else None
        row = next((row for row in table.rows if row.paper.id == asked.get("paper")), None) if table is not None else None
        start = asked.get("start")
        if table is None or row is None:
            return {"error": say("table.gone")}
        for aspect, cell in zip(table.aspects, row.cells, strict=True):
            if cell.evidence is not None and cell.evidence.span.start == start:
                return self._kept(asked, of_quote(row.paper, cell.evidence.span, aspect), say)
        return {"error": say("note.notfound")}

    def keep_answer(self, asked: Request, say: Wording) -> Response:
        """Keeps an answer of one's own conversations."""
        turn = self._service.chats.turn(owner_of(asked), str(asked.get("turn", "")))
        if turn is None or turn.answer is None or not turn.answer.claims:
            return {"error": say("note.noanswer")}
        return self._kept(asked, of_answer(turn.answer), say)

    def change_note(self, asked: Request, say: Wording) -> Response:
        """Writes on a note, tags it, files it."""
        owner = owner_of(asked)
        document = self._service.documents.get(owner, str(asked.get("id", "")), "note")
        if document is None:
            return {"error": say("table.gone")}
        note = with_own(unpacked(document.kept), str(asked.get("note") or ""), tags_of(str(asked.get("tags") or "")))
        project = asked.get("project", document.project)
        known = self._service.documents.get(owner, project, "project") if isinstance(project, str) and project else None
        self._service.documents.put(owner, replace(document, kept=packed(note), project=known.id if known else ""))
        return {"tags": list(note.tags)}

    def order_notes(self, asked: Request, say: Wording) -> Response:
        ids = asked.get("ids")
        self._service.documents.order(owner_of(asked), [id for id in ids if isinstance(id, str)] if isinstance(ids, list) else [])
        return {}

    def export_notes(self, asked: Request, say: Wording) -> Response:
        """The notes that are shown, in their order."""
        how, wanted = asked.get("how"), asked.get("ids")
        if how not in SUFFIXES or not isinstance(wanted, list):
            return {"error": say("papers.said.failed")}
        notes = [unpacked(each.kept) for each in self._service.documents.all(owner_of(asked), "note") if each.id in wanted]
        return {"name": f"notebook{SUFFIXES[cast(Format, how)]}", "text": exported(notes, cast(Format, how))}

    def similar_to(self, asked: Request, say: Wording) -> Response:
        """Papers near a selected text."""
        text = _selected(asked)
        self._service.ready()
        own = asked.get("paper")
        hits = self._service.paperchat.assistant.search.search(text, SIMILAR + 1)
        return {"html": html.found_html(text, [hit for hit in hits if hit.paper.id != own][:SIMILAR], (), say, others=False)}

    def others_say(self, asked: Request, say: Wording) -> Response:
        """Sentences of other papers that say the same as a selected text, or the opposite."""
        text, own = _selected(asked), asked.get("paper")
        self._service.ready()
        scope = frozenset(paper.id for paper in self._service.paperchat.papers() if paper.id != own)
        findings = [finding for one in self._service.paperchat.cite(text, scope) for finding in one.findings]
        return {"html": html.found_html(text, (), findings, say, others=True)}

    # --- parts

    def _kept(self, asked: Request, note: Note, say: Wording) -> Response:
        owner, project = owner_of(asked), asked.get("project")
        known = self._service.documents.get(owner, project, "project") if isinstance(project, str) and project else None
        document = Document(new_id(), "note", note.heading, packed(note), known.id if known else "")
        self._service.documents.put(owner, document)
        return {"id": document.id, "said": say("note.kept")}

    def _paper(self, asked: Request) -> Paper | None:
        return self._service.paperchat.library.records.paper(str(asked.get("paper", "")))


def _span(asked: Request, paper: Paper) -> Span | None:
    """The place that is given, or that of the selected text, however its white space stands; None if it is no part of the abstract."""
    start, end = asked.get("start"), asked.get("end")
    if isinstance(start, int) and isinstance(end, int):
        return Span(start, end) if 0 <= start < end <= len(paper.abstract) else None
    words = str(asked.get("text") or "")[:LONGEST_SELECTION].split()
    found = re.search(r"\s+".join(map(re.escape, words)), paper.abstract) if words else None
    return Span(*found.span()) if found is not None else None


def _selected(asked: Request) -> str:
    """The selected text. Raises QuestionTooLong."""
    text = " ".join(str(asked.get("text") or "").split())
    check_question(text)
    return text
