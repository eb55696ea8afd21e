"""Projects as HTML: which there are, and what is in one. Nothing of it is trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.library.collections import Collection
from ui.conversations.documents import Document
from ui.conversations.notes import Note
from ui.html.text import attributes, button, plain, text_html
from ui.html.wording import Wording


@dataclass(frozen=True, slots=True)
class Inside:
    """What belongs to a project, and which collections and tables could."""

    collections: Sequence[Collection]
    conversations: Sequence[tuple[str, str]]
    notes: Sequence[tuple[str, Note]]
    tables: Sequence[Document]
    other_tables: Sequence[Document]


def list_html(kept: Sequence[Document], say: Wording, current: str = "") -> str:
    """All projects, and where a new one is named."""
    rows = "".join(
        f"<li>{button(plain(each.title), 'pw-open-project', class_='pw-open', data_id=each.id, dir='auto', aria_current='true' if each.id == current else None)}</li>"
        for each in kept
    )
    listed = f'<ul class="pw-list">{rows}</ul>' if rows else f'<p class="pc-none">{say("project.none")}</p>'
    form = (
        f'<form id="pw-new-project" class="pw-fields" autocomplete="off"><label>{say("project.new")}<input name="title" maxlength="120" dir="auto"></label>'
        f'<button type="submit" class="pc-main">{say("project.make")}</button></form>'
    )
    return f'<div class="pw-project-list">{listed}{form}</div>'


def project_html(project: Document, inside: Inside, say: Wording) -> str:
    """One project: its collections, conversations, tables and notes."""
    about = {"data_id": project.id, "data_title": project.title}
    tools = button(say("table.rename"), "pw-rename-project", **about) + button(say("table.delete"), "pw-delete-project", **about)
    parts = (
        ("project.papers", _collections(project, inside.collections, say)),
        ("project.conversations", _conversations(project, inside.conversations, say)),
        ("work.tables", _tables(inside, say)),
        ("work.notebook", _notes(inside.notes, say)),
    )
    sections = "".join(f"<section><h4>{say(name)}</h4>{html}</section>" for name, html in parts)
    return f'<div class="pw-project"><div class="pw-title"><h3 dir="auto">{plain(project.title)}</h3>{tools}</div><p class="pw-hint">{say("project.about")}</p>{sections}</div>'


def _collections(project: Document, collections: Sequence[Collection], say: Wording) -> str:
    chosen = project.kept.get("collections", [])
    if not collections:
        return f'<p class="pc-none">{say("project.nocollections")}</p>'
    ticks = "".join(
        f"<label class='pw-tick'><input{attributes(type='checkbox', value=each.name, checked=each.name in chosen)}> {plain(each.name)} ({each.papers})</label>"
        for each in collections
    )
    ask = "".join(
        button(say("project.ask", title=each.name), "pw-ask-project", data_collection=each.name)
        for each in collections
        if each.name in chosen
    )
    return f'<form id="pw-project-collections"{attributes(data_id=project.id)}><div class="pw-ticks">{ticks}</div></form><p class="pw-actions">{ask}</p>'


def _conversations(project: Document, conversations: Sequence[tuple[str, str]], say: Wording) -> str:
    rows = "".join(
        f"<li>{button(text_html(title), 'pw-open-conversation', class_='pw-open', data_id=id, dir='auto')}"
        f"{button('×', 'pw-unfile-conversation', data_conversation=id, aria_label=say('project.unfile', title=title))}</li>"
        for id, title in conversations
    )
    add = button(say("project.file"), "pw-file-conversation", data_id=project.id)
    return f'<ul class="pw-list">{rows}</ul><p class="pw-actions">{add}</p>'


def _tables(inside: Inside, say: Wording) -> str:
    rows = "".join(
        f"<li>{button(plain(each.title), 'pw-project-table', class_='pw-open', data_id=each.id, dir='auto')}</li>"
        for each in inside.tables
    )
    others = "".join(f"<option{attributes(value=each.id)}>{plain(each.title)}</option>" for each in inside.other_tables)
    add = (
        f'<label class="pw-within">{say("project.filetable")}<select name="file-table"><option value="">–</option>{others}</select></label>'
        if others
        else ""
    )
    listed = f'<ul class="pw-list">{rows}</ul>' if rows else f'<p class="pc-none">{say("project.notables")}</p>'
    return f"{listed}{add}"


def _notes(notes: Sequence[tuple[str, Note]], say: Wording) -> str:
    rows = "".join(f'<li dir="auto">{text_html(note.said[0].text if note.said else note.heading)}</li>' for _, note in notes)
    return f'<ul class="pw-list pw-quotes">{rows}</ul>' if rows else f'<p class="pc-none">{say("project.nonotes")}</p>'
