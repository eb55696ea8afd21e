"""Shows an answer and papers on a terminal: colours, links, tables. What comes from papers is text and never markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rag.text.latex import readable
from rag.types import Answer, Paper
from ui.cli.figures import Columns
from ui.export.plain import for_people, in_line, left_out_lines, link, markers, sources, visible

MARKER = "bold cyan"
QUIET = "dim"


def answer_view(answer: Answer) -> RenderableType:
    """The text with its markers in colour, then the papers that it cites."""
    text = Text(visible(readable(answer.text)))
    numbers = {citation.number for citation in answer.citations}
    for found in re.finditer(r"\[(\d+)\]", text.plain):
        if int(found[1]) in numbers:
            text.stylize(MARKER, *found.span())
    cited = sources(answer)
    if not cited:
        return text
    table = Table.grid(padding=(0, 1))
    for paper, citations in cited:
        table.add_row(Text(markers(citations), style=MARKER), _named(paper))
    return Group(text, Padding(Text("Sources", style="bold"), (1, 0, 0, 0)), table)


def papers_table(papers: Sequence[Paper]) -> RenderableType:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("id", "year"):
        table.add_column(heading, no_wrap=True, style=QUIET)
    table.add_column("paper")
    for paper in papers:
        table.add_row(Text(in_line(paper.id)), Text(str(paper.year or "")), _named(paper))
    return table


def paper_view(paper: Paper) -> RenderableType:
    facts = Text(", ".join(in_line(fact) for fact in (paper.id, paper.venue or "", paper.url or "") if fact), style=QUIET)
    authors = Text(in_line(", ".join(paper.authors)))
    return Group(
        _named(paper),
        *([authors] if paper.authors else []),
        facts,
        Text(),
        Text("\n".join([visible(readable(paper.abstract)), *left_out_lines(paper)])),
    )


def columns_table(columns: Columns) -> RenderableType:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in columns.headings:
        table.add_column(heading)
    for row in columns.rows:
        table.add_row(*(Text(in_line(cell)) for cell in row))
    return Group(table, *(Text(line, style=QUIET) for line in ("", *columns.below)))


def _named(paper: Paper) -> Text:
    """The title, as a link where the address is known, and the byline."""
    address = link(paper)
    title = Text(for_people(paper.title), style=f"link {address}" if address else "")
    return Text.assemble(title, (f"  {in_line(paper.byline)}", QUIET)) if paper.byline else title
