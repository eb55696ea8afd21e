"""A comparison as an HTML table: each cell quotes and cites, or says that it is not stated."""

from __future__ import annotations

from ui.gathering import Table
from ui.page.answer import marker
from ui.page.text import attributes, button, text_html
from ui.page.wording import Wording


def table_html(turn: str, table: Table, say: Wording) -> str:
    """On a phone each row stands by itself: a cell carries the name of its column."""
    names = [say(f"aspect.{aspect}") for aspect in table.aspects]
    head = "".join(f'<th scope="col">{name}</th>' for name in (say("table.paper"), *names))
    body = ""
    for row in table.rows:
        cells = "".join(
            f"<td{attributes(data_label=name)}>{_cell(turn, table, cell, say)}</td>"
            for name, cell in zip(names, row.cells, strict=True)
        )
        body += f'<tr><th scope="row" dir="auto">{text_html(row.paper.title)}</th>{cells}</tr>'
    exports = "".join(
        button(name, "export", data_turn=turn, data_how=how)
        for how, name in (("markdown", "Markdown"), ("csv", "CSV"), ("bibtex", "BibTeX"))
    )
    return (
        f'<div class="pc-table" tabindex="0" role="group" aria-label="{say("ask.compare")}"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        f'<p class="pc-exports">{say("table.export")}: {exports}</p>'
    )


def _cell(turn: str, table: Table, cell: tuple[int, ...], say: Wording) -> str:
    cited = {each.number: each for each in table.citations}
    told = (
        f'<span dir="auto">{text_html(table.quote(number))}</span>{marker(cited[number], number, turn, say)}' for number in cell
    )
    return " ".join(told) or f'<span class="pc-none">{say("table.none")}</span>'
