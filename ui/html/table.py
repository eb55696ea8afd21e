"""A comparison as an HTML table: each cell says its sentences with what they cite, or that it is not stated."""

from __future__ import annotations

from rag.types import Cell, ComparisonTable, Paper
from ui.html.answer import claim_html, marker
from ui.html.text import attributes, button, plain, text_html
from ui.html.wording import Wording

FORMATS = (("markdown", "Markdown"), ("csv", "CSV"), ("bibtex", "BibTeX"))


def table_html(turn: str, table: ComparisonTable, say: Wording) -> str:
    """Each paper's title has a row of its own above its cells. Where there is no room for columns, a cell shows the name of its own."""
    names = [_name(aspect, say) for aspect in table.aspects]
    head = "".join(f'<th scope="col">{plain(name)}</th>' for name in names)
    body = ""
    for paper, row in zip(table.papers, table.rows, strict=True):
        cells = "".join(
            f"<td{attributes(data_label=name)}>{_cell(turn, table, cell, say) or _missing(paper, say)}</td>"
            for name, cell in zip(names, row, strict=True)
        )
        title = f"<th{attributes(scope='rowgroup', colspan=len(names), dir='auto')}>{text_html(paper.title)}</th>"
        body += f"<tbody><tr>{title}</tr><tr>{cells}</tr></tbody>"
    exports = "".join(button(name, "export", data_turn=turn, data_how=how) for how, name in FORMATS)
    return (
        f'<div class="pc-table" tabindex="0" role="group" aria-label="{say("ask.compare")}"><table>'
        f"<thead><tr>{head}</tr></thead>{body}</table></div>"
        f'<p class="pc-exports">{say("table.export")}: {exports}</p>'
    )


def _name(aspect: str, say: Wording) -> str:
    known = f"aspect.{aspect}"
    return say(known) if known in say.texts else aspect


def _cell(turn: str, table: ComparisonTable, cell: Cell, say: Wording) -> str:
    cited = {each.number: each for each in table.citations}
    sentences = (
        claim_html(text_html(claim.text), claim, say)
        + "".join(marker(cited.get(number), number, turn, say) for number in claim.citations)
        for claim in cell.claims
    )
    return " ".join(sentences)


def _missing(paper: Paper, say: Wording) -> str:
    return f'<span class="pc-none">{say("table.none" if paper.abstract.strip() else "table.bare")}</span>'
