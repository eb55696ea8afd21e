"""The notebook as HTML: notes in their order, each with its quotes, what a person wrote on it, and its tags. Nothing of it is trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rag.review.draft import Finding
from rag.types import Hit
from ui.conversations.documents import Document
from ui.conversations.notes import LONGEST_NOTE, Note, Said
from ui.export.plain import link
from ui.html.text import attributes, button, plain, text_html
from ui.html.wording import Wording

FORMATS = (("markdown", "Markdown"), ("latex", "LaTeX"), ("bibtex", "BibTeX"))


def notebook_html(notes: Sequence[tuple[Document, Note]], projects: Sequence[Document], say: Wording) -> str:
    """The whole part: what can be done with all, the tags, the notes."""
    if not notes:
        return f'<h3>{say("work.notebook")}</h3><p class="pc-none">{say("note.none")}</p>'
    exports = "".join(button(name, "pw-export-notes", data_how=how) for how, name in FORMATS)
    counts = Counter(tag for _, note in notes for tag in note.tags)
    tags = "".join(
        button(f"{plain(tag)} <small>{count}</small>", "pw-tag", class_="pw-only", data_tag=tag, aria_pressed="false")
        for tag, count in sorted(counts.items())
    )
    rows = "".join(note_html(document, note, projects, say) for document, note in notes)
    return (
        f'<div class="pw-title"><h3>{say("work.notebook")}</h3><details class="pc-menu"><summary>{say("table.export")}</summary><div>{exports}</div></details></div>'
        f'<div class="pw-summary" role="group" aria-label="{say("note.tags")}">{tags}</div><ol id="pw-notes" class="pw-notes">{rows}</ol>'
    )


def note_html(document: Document, note: Note, projects: Sequence[Document], say: Wording) -> str:
    head = f'<h4 dir="auto">{text_html(note.heading)}</h4>' if note.heading else ""
    said = "".join(_said(each, note.quoted) for each in note.said)
    moves = "".join(button(sign, f"pw-note-{way}", aria_label=say(f"note.{way}")) for way, sign in (("up", "↑"), ("down", "↓")))
    form = (
        f'<form class="pw-note-form" data-id="{plain(document.id)}"><label>{say("note.own")}<textarea name="note" rows="2" dir="auto" maxlength="{LONGEST_NOTE}">{plain(note.note)}</textarea></label>'
        f'<div class="pw-fields"><label>{say("note.tags")}<input name="tags" dir="auto" maxlength="300"{attributes(value=", ".join(note.tags), placeholder=say("note.tags.hint"))}></label>{_projects(document, projects, say)}</div></form>'
    )
    return (
        f"<li{attributes(data_id=document.id, data_tags=chr(10).join(note.tags))}>{head}{said}{form}"
        f'<p class="pw-note-tools">{moves}{button(say("table.delete"), "pw-delete-note")}</p></li>'
    )


def found_html(text: str, hits: Sequence[Hit], findings: Sequence[Finding], say: Wording, others: bool) -> str:
    """What was found for a selected text: papers near it, or sentences of other papers that say the same or the opposite."""
    head = say("note.others" if others else "note.similar")
    rows = "".join(_hit(hit) for hit in hits) + "".join(_finding(each, say) for each in findings)
    none = "" if rows else f'<p class="pc-none">{say("draft.nothing")}</p>'
    return (
        f'<div class="pw-drawer-head"><h3 tabindex="-1">{head}</h3>{button("×", "pw-close-paper", aria_label=say("side.close"))}</div>'
        f'<blockquote dir="auto">{text_html(text)}</blockquote><ul class="pw-findings">{rows}</ul>{none}'
    )


def _said(said: Said, quoted: bool) -> str:
    sources = "".join(
        f'<span class="pw-by" dir="auto">{_title(paper.title, link(paper))}{f" · {plain(paper.byline)}" if paper.byline else ""}</span>'
        for paper in {each.paper.id: each.paper for each in said.cites}.values()
    )
    text = text_html(said.text)
    return f"<blockquote dir='auto'>{text}</blockquote>{sources}" if quoted else f"<p dir='auto'>{text}</p>{sources}"


def _title(title: str, address: str | None) -> str:
    shown = text_html(title)
    return f"<a{attributes(href=address, target='_blank', rel='noopener noreferrer')}>{shown}</a>" if address else shown


def _projects(document: Document, projects: Sequence[Document], say: Wording) -> str:
    if not projects:
        return ""
    rows = "".join(
        f"<option{attributes(value=each.id, selected=each.id == document.project)}>{plain(each.title)}</option>"
        for each in projects
    )
    return f'<label>{say("project.one")}<select name="project"><option value="">–</option>{rows}</select></label>'


def _hit(hit: Hit) -> str:
    paper = hit.paper
    return f"<li><p class='pw-found' dir='auto'>{_title(paper.title, link(paper))}</p><span class='pw-by'>{plain(paper.byline)}</span></li>"


def _finding(finding: Finding, say: Wording) -> str:
    paper = finding.evidence.paper
    return (
        f'<li class="pw-{finding.stance}"><p class="pw-stance">{say(f"draft.{finding.stance}")}</p><blockquote dir="auto">{text_html(finding.evidence.text)}</blockquote>'
        f'<span class="pw-by" dir="auto">{_title(paper.title, link(paper))}</span></li>'
    )
