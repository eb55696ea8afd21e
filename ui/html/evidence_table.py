"""Evidence tables as HTML: the list of those kept, the form for a new one, the table, one paper of it. What papers hold is never trusted."""

from __future__ import annotations

from collections.abc import Sequence

from rag.explore.map import Group
from rag.library.collections import Collection
from rag.review.aspects import ASPECTS
from rag.review.evidence_table import EvidenceCell, EvidenceRow
from rag.types import Paper, Span
from ui.conversations.documents import Document
from ui.conversations.tables import KeptTable
from ui.export.evidence_files import SUFFIXES
from ui.export.plain import for_people, link
from ui.html.text import attributes, button, plain, text_html
from ui.html.wording import Wording

OFFERED = (*ASPECTS, "sample size", "code")
"""Columns that the form offers; the first ones are ticked."""
FORMATS = {"markdown": "Markdown", "csv": "CSV", "latex": "LaTeX", "bibtex": "BibTeX"}


def list_html(kept: Sequence[Document], say: Wording) -> str:
    """The tables of one person, the latest first."""
    rows = "".join(
        f"<li>{button(plain(each.title), 'pw-open-table', class_='pw-open', data_id=each.id, dir='auto')}"
        f"<small>{say('table.size', rows=len(each.kept.get('papers', ())), columns=len(each.kept.get('aspects', ())))}</small></li>"
        for each in sorted(kept, key=lambda each: -each.changed)
    )
    return f'<ul class="pw-list">{rows}</ul>' if rows else f'<p class="pc-none">{say("table.none.yet")}</p>'


def form_html(collections: Sequence[Collection], papers: int, say: Wording) -> str:
    """What a new table is made of: which papers, which columns."""
    ways = [("question", say("table.by.question"))]
    ways += [("collection", say("table.by.collection"))] if collections else []
    ways += [("theme", say("table.by.theme")), ("all", say("table.by.all", count=papers))]
    by = "".join(f"<option{attributes(value=value)}>{plain(name)}</option>" for value, name in ways)
    named = "".join(f"<option{attributes(value=each.name)}>{plain(each.name)} ({each.papers})</option>" for each in collections)
    ticks = "".join(
        f"<label class='pw-tick'><input{attributes(type='checkbox', name='column', value=name, checked=name in ASPECTS)}> {aspect_name(name, say)}</label>"
        for name in OFFERED
    )
    return f"""<form id="pw-new-table" class="pw-form" autocomplete="off"><h3>{say("table.new")}</h3>
 <p id="pw-given" hidden></p>
 <div class="pw-fields"><label id="pw-by-label">{say("table.rows")}<select name="by">{by}</select></label>
  <label data-by="question" class="pw-wide">{say("table.question")}<input name="question" maxlength="1000" dir="auto" placeholder="{say("table.question.hint")}"></label>
  <label data-by="question" class="pw-small">{say("table.limit")}<input name="limit" type="number" min="1" max="100" value="20"></label>
  <label data-by="collection" hidden>{say("papers.collection")}<select name="collection">{named}</select></label>
  <label data-by="theme" hidden>{say("table.theme")}<select name="theme"></select></label></div>
 <fieldset><legend>{say("table.columns")}</legend><div class="pw-ticks">{ticks}</div>
  <label class="pw-wide">{say("table.own")}<input name="own" maxlength="600" dir="auto" placeholder="{say("table.own.hint")}"></label></fieldset>
 <button type="submit" class="pc-main">{say("table.fill")}</button></form>"""


def theme_options(groups: Sequence[Group]) -> str:
    return "".join(
        f"<option{attributes(value=place)}>{plain(group.name)} ({group.size})</option>" for place, group in enumerate(groups)
    )


def table_html(id: str, title: str, table: KeptTable, say: Wording, readonly: bool = False) -> str:
    """The whole view of one table: what can be done with it, then its rows."""
    tools = "" if readonly else _tools(say)
    heads = "".join(_head(name, name in table.hidden, say, readonly) for name in table.aspects)
    body = "".join(row_html(row, say, readonly) for row in table.rows)
    note = f'<p class="pc-notice">{say("table.shared")}</p>' if readonly else ""
    corner = f'<th scope="col" class="pw-corner">{_sorter(say("table.paper"), "")}</th>'
    return (
        f'<div class="pw-table-view"{attributes(data_id=id)}>{note}<div class="pw-title"><h3 tabindex="-1" dir="auto">{plain(title)}</h3>{tools}</div>'
        f'<p id="pw-filling" class="pw-filling" role="status" hidden><progress></progress><span></span>{button(say("ask.stop"), "pw-stop")}</p>'
        f'<div class="pw-bar"><input type="search" id="pw-filter"{attributes(placeholder=say("table.filter"), aria_label=say("table.filter"))}>'
        f'<p id="pw-rows-count" role="status"></p><span id="pw-hidden"></span></div>'
        f'<div class="pw-scroll" tabindex="0" role="region" aria-label="{plain(title)}"><table class="pw-table"><thead><tr>{corner}{heads}</tr></thead><tbody id="pw-rows">{body}</tbody></table></div>'
        f'<p class="pw-legend"><span class="pw-doubt">{say("table.doubtful.mark")}</span> {say("table.doubtful")}</p></div>'
    )


def row_html(row: EvidenceRow, say: Wording, readonly: bool = False) -> str:
    """One row. On a phone each cell shows the name of its column, which the script writes."""
    paper = row.paper
    about = f'<span class="pw-by">{plain(paper.byline)}</span>' if paper.byline else ""
    remove = (
        ""
        if readonly
        else button("×", "pw-remove-row", class_="pw-remove", aria_label=say("table.remove", title=for_people(paper.title)))
    )
    name = button(text_html(paper.title), "pw-cell", class_="pw-paper-title", dir="auto")
    missing = "table.none" if paper.abstract.strip() else "table.bare"
    cells = "".join(_cell(cell, place, missing, say) for place, cell in enumerate(row.cells))
    return (
        f"<tr{attributes(data_paper=paper.id, data_title=for_people(paper.title).casefold(), data_year=paper.year or '')}>"
        f'<th scope="row"><div class="pw-row-head">{name}{remove}</div>{about}</th>{cells}</tr>'
    )


def paper_html(paper: Paper, spans: Sequence[Span], say: Wording) -> str:
    """A paper beside its row: the abstract with its quotes marked."""
    parts, at = [], 0
    for span in sorted(set(spans), key=lambda span: (span.start, span.end)):
        start = max(span.start, at)
        if start < span.end:
            parts += [
                text_html(paper.abstract[at:start]),
                f"<mark{attributes(data_start=span.start, data_end=span.end)}>{text_html(paper.abstract[start : span.end])}</mark>",
            ]
            at = span.end
    abstract = "".join([*parts, text_html(paper.abstract[at:])]) or say("card.title_only")
    address = link(paper)
    opened = (
        f"<a{attributes(href=address, target='_blank', rel='noopener noreferrer')}>{say('card.open')} ↗</a>" if address else ""
    )
    return (
        f'<div class="pw-drawer-head"><div><h3 tabindex="-1" dir="auto">{text_html(paper.title)}</h3><p class="pw-by">{plain(paper.byline)}</p></div>'
        f'{button("×", "pw-close-paper", aria_label=say("side.close"))}</div><p class="pc-abstract pw-abstract" dir="auto"{attributes(data_paper=paper.id, data_title=for_people(paper.title))}>{abstract}</p>'
        f'<p class="pw-actions">{opened}{button(say("note.keep"), "pw-keep-this", title="k")}{button(say("card.ask"), "pw-ask", data_id=paper.id, data_title=for_people(paper.title))}</p>'
    )


def aspect_name(aspect: str, say: Wording) -> str:
    """The words of a known aspect in the page's language, else the name that was given; as HTML."""
    known = f"aspect.{aspect}"
    return plain(say(known) if known in say.texts else aspect)


def _tools(say: Wording) -> str:
    exports = "".join(button(name, "pw-export-table", data_how=how) for how, name in FORMATS.items() if how in SUFFIXES)
    add = (
        f'<details class="pc-menu pw-add"><summary>{say("table.add")}</summary><div>'
        f'<form id="pw-add-rows"><label>{say("table.add.rows")}<input name="question" maxlength="1000" dir="auto" placeholder="{say("table.question.hint")}"></label><button type="submit">{say("table.add.go")}</button></form>'
        f'<form id="pw-add-column"><label>{say("table.add.column")}<input name="column" maxlength="200" dir="auto" placeholder="{say("table.column.hint")}"></label><button type="submit">{say("table.add.go")}</button></form></div></details>'
    )
    more = "".join(button(say(f"table.{what}"), f"pw-{what}-table") for what in ("rename", "share", "delete"))
    return (
        f'<div class="pw-tools">{add}<details class="pc-menu"><summary>{say("table.export")}</summary><div>{exports}</div></details>'
        f'<details class="pc-menu"><summary{attributes(aria_label=say("table.more"))}>⋯</summary><div>{more}</div></details></div>'
    )


def _sorter(label: str, name: str) -> str:
    return button(f"{label}<span aria-hidden='true' class='pw-arrow'></span>", "pw-sort", class_="pw-sort", data_column=name)


def _head(name: str, hidden: bool, say: Wording, readonly: bool) -> str:
    label = aspect_name(name, say)
    menu = "" if readonly else (
        f'<details class="pc-menu"><summary{attributes(aria_label=say("table.column.more", column=name))}>⋮</summary><div>'
        + "".join(button(say(f"table.column.{what}"), f"pw-column-{what}", data_column=name) for what in ("left", "right", "hide"))
        + "</div></details>"
    )  # fmt: skip
    return f"<th{attributes(scope='col', data_column=name, hidden=hidden)}><div>{_sorter(label, name)}{menu}</div></th>"


def _cell(cell: EvidenceCell, place: int, missing: str, say: Wording) -> str:
    if cell.evidence is None:
        return f'<td class="pw-empty"{attributes(data_place=place)}><span>{say(missing)}</span></td>'
    doubt = (
        f' <span class="pw-doubt"{attributes(title=say("table.doubtful"))}>{say("table.doubtful.mark")}</span>'
        if cell.doubtful
        else ""
    )
    inside = f"<q dir='auto'>{text_html(cell.evidence.text)}</q>{doubt}"
    quote = button(inside, "pw-cell", class_="pw-quote", data_start=cell.evidence.span.start)
    return f"<td{attributes(data_place=place, class_='pw-doubtful' if cell.doubtful else None)}>{quote}</td>"
