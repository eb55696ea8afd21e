"""What the evidence tables of the Workspace tab ask and do: choose rows, fill, arrange, export, share. Knows no Gradio."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from rag.errors import WrongTable
from rag.review.aspects import columns
from rag.review.evidence_table import MOST_PAPERS, EvidenceRow
from rag.types import Paper
from ui.conversations.documents import Document, short
from ui.conversations.store import new_id
from ui.conversations.tables import KeptTable, packed, unpacked
from ui.export.evidence_files import SUFFIXES, Format, exported
from ui.html import evidence_table as html
from ui.html.wording import Wording
from ui.server.service import Service
from ui.tabs.background import BackgroundTasks, progress
from ui.tabs.requests import Request, Response, owner_of, texts_of
from ui.tabs.table_papers import papers_for

KEEP_EVERY = 10
"""Rows after which a table that is being filled is kept."""


class Tables:
    """The tables of the person who asks. Each method takes what the page sent and returns what it shows, as JSON values."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._tasks: BackgroundTasks[EvidenceRow] = BackgroundTasks(service)
        self._changing = threading.Lock()

    def tables(self, asked: Request, say: Wording) -> Response:
        """The list of tables, and the form for a new one."""
        kept = self._service.documents.all(owner_of(asked), "table")
        return {
            "html": html.list_html(kept, say),
            "form": html.form_html(self._service.paperchat.collections.all(), self._service.paper_count, say),
        }

    def themes(self, asked: Request, say: Wording) -> Response:
        """The groups of the map, as options for the rows of a table; drawing it takes a while the first time."""
        self._service.ready()
        return {"html": html.theme_options(self._service.paperchat.paper_map().groups)}

    def table(self, asked: Request, say: Wording) -> Response:
        """One table, whole."""
        found = self._found(asked)
        if found is None:
            return {"error": say("table.gone")}
        return self._shown(found, unpacked(found.kept), say)

    def shared_table(self, asked: Request, say: Wording) -> Response:
        """A table that somebody shared, to be read only."""
        found = self._service.documents.shared(str(asked.get("token", "")))
        if found is None or found.kind != "table":
            return {"error": say("said.unknown")}
        return {"html": html.table_html("", found.title, unpacked(found.kept).shown, say, readonly=True), "title": found.title}

    def new_table(self, asked: Request, say: Wording) -> Response:
        """Begins a table; it is kept at once, and filled in the background."""
        owner = owner_of(asked)
        aspects = [column.name for column in columns(texts_of(asked.get("columns")))]
        papers = papers_for(self._service, asked)
        title = short(str(asked.get("title") or "")) or self._named(asked, say)
        made = Document(new_id(), "table", title, packed(KeptTable(tuple(aspects))), str(asked.get("project") or ""))
        self._service.documents.put(owner, made)
        return {**self._filled(owner, made, aspects, papers), **self._shown(made, KeptTable(tuple(aspects)), say)}

    def add_rows(self, asked: Request, say: Wording) -> Response:
        """Fills further rows of a table."""
        found = self._found(asked)
        if found is None:
            return {"error": say("table.gone")}
        table = unpacked(found.kept)
        known = {row.paper.id for row in table.rows}
        papers = [paper for paper in papers_for(self._service, asked) if paper.id not in known]
        if not papers:
            return {"error": say("table.nothingnew")}
        if len(papers) + len(known) > MOST_PAPERS:
            raise WrongTable(f"A table may have {MOST_PAPERS} rows: {len(known)} are there, and {len(papers)} would come.")
        return self._filled(owner_of(asked), found, table.aspects, papers)

    def add_column(self, asked: Request, say: Wording) -> Response:
        """Fills a further column: the table is filled again in it alone."""
        found = self._found(asked)
        if found is None:
            return {"error": say("table.gone")}
        table = unpacked(found.kept)
        wanted = columns([*table.aspects, *texts_of([asked.get("column")])])
        new = [column.name for column in wanted if column.name not in table.aspects]
        if not new:
            return {"error": say("table.samecolumn")}
        owner, papers = owner_of(asked), [row.paper for row in table.rows]
        if not papers:
            return {"error": say("table.norows")}

        def keep(rows: Sequence[EvidenceRow]) -> None:
            if len(rows) == len(papers):  # half a column would say “not stated” of papers that nobody has read
                self._change(owner, found.id, lambda now: _joined(now, new, rows))

        rows = self._service.paperchat.table(papers, new)
        return {"job": self._tasks.begin(owner, found.id, len(papers), rows, keep), "whole": True}

    def filling(self, asked: Request, say: Wording) -> Response:
        """How far a table is: rows from `seen` on, and whether it is finished."""
        task = self._tasks.get(owner_of(asked), asked.get("job"))
        return progress(task, asked.get("seen"), lambda row: html.row_html(row, say), "table.filling", say)

    def stop_filling(self, asked: Request, say: Wording) -> Response:
        self._tasks.stop(owner_of(asked), asked.get("job"))
        return {}

    def arrange(self, asked: Request, say: Wording) -> Response:
        """Keeps the order of columns and rows, which are hidden, and which rows are gone, as the page shows them."""
        rows, shown, hidden = (texts_of(asked.get(name)) for name in ("rows", "columns", "hidden"))

        def arranged(table: KeptTable) -> KeptTable:
            by_id = {row.paper.id: row for row in table.rows}
            kept = tuple(by_id[id] for id in dict.fromkeys(rows) if id in by_id)
            ordered = replace(table, rows=kept).with_columns([*shown, *hidden])
            return replace(ordered, hidden=tuple(name for name in ordered.aspects if name in hidden))

        return {} if self._change(owner_of(asked), str(asked.get("id", "")), arranged) else {"error": say("table.gone")}

    def rename_table(self, asked: Request, say: Wording) -> Response:
        found, title = self._found(asked), short(str(asked.get("title") or ""))
        if found is None:
            return {"error": say("table.gone")}
        if title:
            self._service.documents.put(owner_of(asked), replace(found, title=title))
        return {"title": title or found.title}

    def export_table(self, asked: Request, say: Wording) -> Response:
        found, how = self._found(asked), asked.get("how")
        if found is None or how not in SUFFIXES:
            return {"error": say("table.gone")}
        table, form = unpacked(found.kept).shown, cast(Format, how)
        return {"name": f"{_file_name(found.title)}{SUFFIXES[form]}", "text": exported(table.aspects, table.rows, form)}

    def cell(self, asked: Request, say: Wording) -> Response:
        """The paper of a row, with the sentences of its cells marked."""
        found = self._found(asked) or self._service.documents.shared(str(asked.get("token", "")))
        rows = unpacked(found.kept).rows if found is not None and found.kind == "table" else ()
        row = next((row for row in rows if row.paper.id == asked.get("paper")), None)
        if row is None:
            return {"error": say("table.gone")}
        spans = [cell.evidence.span for cell in row.cells if cell.evidence is not None]
        return {"html": html.paper_html(row.paper, spans, say)}

    # --- parts

    def _filled(self, owner: str, document: Document, aspects: Sequence[str], papers: Sequence[Paper]) -> Response:
        def keep(rows: Sequence[EvidenceRow]) -> None:
            self._change(owner, document.id, lambda table: table.with_rows(rows))

        rows = self._service.paperchat.table(papers, aspects)
        return {"job": self._tasks.begin(owner, document.id, len(papers), rows, keep, KEEP_EVERY)}

    def _change(self, owner: str, id: str, change: Callable[[KeptTable], KeptTable]) -> bool:
        """Reads, changes and keeps a table; False if it is gone."""
        with self._changing:
            found = self._service.documents.get(owner, id, "table")
            if found is None:
                return False
            self._service.documents.put(owner, replace(found, kept=packed(change(unpacked(found.kept)))))
        return True

    def _named(self, asked: Request, say: Wording) -> str:
        """A title for a table that nobody named."""
        text = str(asked.get("label") or asked.get("question") or asked.get("collection") or "")
        return short(text) or say("table.untitled")

    def _found(self, asked: Request) -> Document | None:
        return self._service.documents.get(owner_of(asked), str(asked.get("id", "")), "table")

    def _shown(self, document: Document, table: KeptTable, say: Wording) -> Response:
        return {"html": html.table_html(document.id, document.title, table, say), "id": document.id, "title": document.title}


def _joined(table: KeptTable, names: Sequence[str], rows: Sequence[EvidenceRow]) -> KeptTable:
    """The table with columns of these names from rows that hold them alone; a row that came later states nothing there."""
    from rag.review.evidence_table import EvidenceCell

    filled = {row.paper.id: row.cells for row in rows}
    empty = tuple(EvidenceCell() for _ in names)
    return replace(
        table,
        aspects=(*table.aspects, *names),
        rows=tuple(replace(row, cells=(*row.cells, *filled.get(row.paper.id, empty))) for row in table.rows),
    )


def _file_name(title: str) -> str:
    return "".join(char if char.isalnum() else "-" for char in title)[:60].strip("-") or "table"
