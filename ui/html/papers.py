"""The Papers tab as HTML: the frame, the list, one paper, what adding did, the groups of the map. What papers hold is never trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.explore.listing import ORDERS
from rag.explore.map import PaperMap
from rag.library.collections import Collection as Named
from rag.types import Added, Hit, Paper, Refused
from ui.export.papers import SUFFIXES
from ui.export.plain import for_people, grouped, link
from ui.html.cards import citation_menu, left_out_note
from ui.html.collections import bar_html, filter_html, menu_html
from ui.html.text import attributes, button, plain, text_html
from ui.html.wording import Wording

LONGEST_SNIPPET = 320
SHOWN_REFUSALS = 200
SHOWN_OPEN = 8
"""Papers of one kind in a preview that are listed at once; more are a click away."""
FORMATS = (
    ".txt,.text,.md,.json,.jsonl,.ndjson,.csv,.tsv,.tab,.bib,.bibtex,.biblatex,.ris,.nbib,.medline,.enw,.ciw,.isi,.ovid,.xml,.mods,.marcxml,.mrc,"
    ".rdf,.rss,.atom,.html,.htm,.cff,.xlsx,.xlsm,.ods,.gz,.bz2,.xz,.zip,.zst,.eml,.paperchat"
)


def frame_html(say: Wording, venues: Sequence[str], may_write: bool, collections: Sequence[Named] = ()) -> str:
    """What stays while papers come and go: search, filters, the two views, where one paper and the map are shown."""
    views = "".join(
        button(say(f"papers.{view}"), f"pp-{view}", class_="pp-view", aria_pressed="true" if view == "list" else "false")
        for view in ("list", "map")
    )  # fmt: skip
    add = (
        button(say("papers.add"), "pp-add", class_="pc-main", aria_expanded="false", aria_controls="pp-adding")
        if may_write
        else ""
    )
    return f"""
<div class="pp-top"><h2 class="pc-hidden">{say("tab.papers")}</h2>
 <input type="search" id="pp-text"{attributes(placeholder=say("papers.search"), aria_label=say("papers.search"), maxlength="300")}>
 <div class="pp-views" role="group" aria-label="{say("papers.views")}">{views}</div>{add}</div>
{_adding_html(say) if may_write else ""}
{_filters_html(say, venues, collections)}
{bar_html(say, may_write)}
<p id="pp-count" class="pp-count" role="status"></p>
<div id="pp-selection" class="pp-selection" role="group" aria-label="{say("papers.selection")}" hidden>{_selection_html(say, may_write, collections)}</div>
<div class="pp-body"><div class="pp-main">
  <div id="pp-list-view"><ul id="pp-rows" class="pp-rows" aria-label="{say("tab.papers")}"></ul><div id="pp-more"></div></div>
  <div id="pp-map-view" hidden><div class="pp-map-box"><canvas id="pp-map" role="img" aria-label="{say("papers.map.label")}"></canvas>
    <div id="pp-tip" class="pp-tip" hidden></div><p id="pp-drawing" class="pp-drawing" role="status" hidden></p>
    <div class="pp-zoom">{button("+", "pp-in", aria_label=say("papers.map.in"))}{button("−", "pp-out", aria_label=say("papers.map.out"))}{button("⤢", "pp-whole", aria_label=say("papers.map.whole"))}</div></div>
    <div id="pp-legend"></div></div>
 </div><aside id="pp-paper" class="pp-paper" aria-label="{say("papers.one")}"><p class="pc-none">{say("papers.choose")}</p></aside></div>"""


def rows_html(papers: Sequence[Paper], say: Wording) -> str:
    """Rows of the list, to be put after those that are there."""
    return "".join(_row(paper, say) for paper in papers)


def more_html(left: int, say: Wording) -> str:
    """The button for the rest, or nothing."""
    return button(say("papers.more", count=left), "pp-more", class_="pp-more-button") if left else ""


def nothing_html(say: Wording, empty_library: bool) -> str:
    return f'<li class="pp-nothing">{say("papers.empty" if empty_library else "papers.nothing")}</li>'


def paper_html(paper: Paper, near: Sequence[Hit], say: Wording, may_write: bool, collections: Sequence[str] = ()) -> str:
    """One paper's page: all that is known of it, what can be done with it, and the papers near it."""
    address = link(paper)
    opened = (
        f"<a{attributes(href=address, target='_blank', rel='noopener noreferrer', class_='pp-link')}>{say('card.open')} ↗</a>"
        if address
        else ""
    )
    actions = [
        button(say("card.ask"), "pp-ask", class_="pc-main", data_id=paper.id, data_title=for_people(paper.title)),
        citation_menu(paper, say),
        *([button(say("papers.remove"), "pp-remove", data_id=paper.id, class_="pp-danger")] if may_write else []),
    ]
    facts = "".join(f"<dt>{name}</dt><dd dir='auto'>{value}</dd>" for name, value in _facts(paper, say, collections))
    similar = "".join(f"<li>{_opener(hit.paper)}<span class='pp-by'>{plain(hit.paper.byline)}</span></li>" for hit in near)
    rest = f'<h4>{say("papers.similar")}</h4><ol class="pp-similar">{similar}</ol>' if near else ""
    return (
        f"{button('←', 'pp-back', class_='pp-back', aria_label=say('papers.back'))}"
        f'<h3 tabindex="-1" dir="auto">{text_html(paper.title)}</h3><div class="pp-actions">{opened}{"".join(actions)}</div>'
        f'<dl class="pp-facts">{facts}</dl><p class="pp-abstract" dir="auto">{text_html(paper.abstract)}</p>{left_out_note(paper, say)}{rest}'
    )


def gone_html(say: Wording) -> str:
    return f'<p class="pc-none">{say("papers.gone")}</p>'


def report_html(
    added: Added, titles: Mapping[str, str], failed: Sequence[str], say: Wording, collections: Sequence[str] = ()
) -> str:
    """What adding did: counts, which papers are new or changed, the collections that came whole, and every record that was refused, with
    its place and the reason."""
    counts = "".join(
        f'<li class="pp-{name}"><strong>{len(getattr(added, name))}</strong> {say(f"papers.{name}")}</li>'
        for name in ("added", "updated", "unchanged", *(("merged",) if added.merged else ()), "refused")
    )
    parts = [f'<ul class="pp-counts">{counts}</ul>'] if any((added.placed, added.changed, added.unchanged, added.refused)) else []
    parts += [f"<p>{plain(say('papers.collection.imported', title=name))}</p>" for name in collections]
    parts += [f'<p class="pc-notice pc-error">{plain(say.error(sentence))}</p>' for sentence in failed]
    shown = [(id, titles[id]) for id in (*added.added, *added.updated) if id in titles][:SHOWN_REFUSALS]
    if shown:
        rows = "".join(
            f"<li>{button(text_html(title), 'pp-open', class_='pp-title', data_id=id, dir='auto')}</li>" for id, title in shown
        )
        parts.append(f"<details><summary>{say('papers.which')}</summary><ul>{rows}</ul></details>")
    if added.refused:
        rows = "".join(
            f"<li><b>{plain(each.where)}</b> {plain(say.error(each.reason))}</li>" for each in added.refused[:SHOWN_REFUSALS]
        )
        groups = "".join(f"<li>{plain(line)}</li>" for line in grouped(added.refused))
        parts.append(f"<ul>{groups}</ul><details><summary>{say('papers.why')}</summary><ul>{rows}</ul></details>")
    if added.batch is not None and added.changed:
        parts.append(f"<p>{button(say('papers.import.undo'), 'pp-undo-import', data_batch=added.batch)}</p>")
    return "".join(parts) or f'<p class="pc-notice">{say("papers.report.nothing")}</p>'


def preview_html(
    added: Added, titles: Mapping[str, str], failed: Sequence[str], job: str, say: Wording, collections: Sequence[str] = ()
) -> str:
    """What adding would do: new, updated, merged and refused records with titles and reasons, whole collections, and two buttons to decide."""
    kinds = [name for name in ("added", "updated", "merged", "unchanged", "refused") if getattr(added, name)]
    counts = "".join(
        f'<li class="pp-{name}"><strong>{len(getattr(added, name))}</strong> {say(f"papers.preview.{name}")}</li>'
        for name in kinds
    )
    parts = (
        [f"<p>{say('papers.preview' if added.changed else 'papers.preview.nothing')}</p>"]
        if added.changed or not (failed or collections)
        else []
    )
    parts += [f'<ul class="pp-counts">{counts}</ul>'] if counts else []
    parts += [f"<p>{plain(say('papers.preview.collection', title=name))}</p>" for name in collections]
    parts += [f'<p class="pc-notice pc-error">{plain(say.error(sentence))}</p>' for sentence in failed]
    for name in ("added", "updated", "merged"):
        shown = [titles[id] for id in getattr(added, name) if id in titles][:SHOWN_REFUSALS]
        rows = "".join(f'<li dir="auto">{text_html(title)}</li>' for title in shown)
        few = " open" if len(shown) <= SHOWN_OPEN else ""
        parts += (
            [f"<details{few}><summary>{say(f'papers.preview.{name}.which')}</summary><ul>{rows}</ul></details>"] if rows else []
        )
    parts += [_reasons_html(added.refused, say("papers.why"), say), _reasons_html(added.notes, say("papers.preview.apart"), say)]
    if added.changed or collections:
        add = button(say("papers.preview.add"), "pp-preview-add", class_="pc-main", data_job=job)
        parts.append(f"<p>{add} {button(say('papers.preview.cancel'), 'pp-preview-cancel', data_job=job)}</p>")
    return f'<div class="pc-notice" role="group" aria-label="{say("papers.preview.label")}">{"".join(parts)}</div>'


def _reasons_html(refused: Sequence[Refused], summary: str, say: Wording) -> str:
    """Where and why; nothing if there is none."""
    if not refused:
        return ""
    rows = "".join(f"<li><b>{plain(each.where)}</b> {plain(say.error(each.reason))}</li>" for each in refused[:SHOWN_REFUSALS])
    few = " open" if len(refused) <= SHOWN_OPEN else ""
    return f"<details{few}><summary>{summary}</summary><ul>{rows}</ul></details>"


def legend_html(atlas: PaperMap, say: Wording) -> str:
    """The groups of the map with their name and size; each opens the list of its papers, which the keyboard reaches."""
    rows = "".join(
        f"<li>{button(f'{plain(group.name)} <small>{group.size}</small>', 'pp-group', class_='pp-group', data_group=place, aria_expanded='false')}</li>"
        for place, group in enumerate(atlas.groups)
    )  # fmt: skip
    return (
        f'<h3 class="pp-legend-title">{say("papers.map.groups")}</h3><ul class="pp-legend">{rows}</ul><div id="pp-members"></div>'
    )


def members_html(name: str, papers: Sequence[Paper], all_in_it: int, say: Wording) -> str:
    """The papers of one group."""
    rows = "".join(f"<li>{_opener(paper)}<span class='pp-by'>{plain(paper.byline)}</span></li>" for paper in papers)
    rest = f'<p class="pc-none">{say("papers.map.rest", count=all_in_it - len(papers))}</p>' if all_in_it > len(papers) else ""
    return f'<h4>{plain(name)}</h4><ul class="pp-similar">{rows}</ul>{rest}'


def _row(paper: Paper, say: Wording) -> str:
    about = " · ".join(part for part in (paper.byline, paper.venue or "") if part)
    snippet = (
        paper.abstract if len(paper.abstract) <= LONGEST_SNIPPET else f"{paper.abstract[:LONGEST_SNIPPET].rsplit(' ', 1)[0]} …"
    )
    box = attributes(
        type="checkbox",
        data_id=paper.id,
        data_title=for_people(paper.title),
        aria_label=say("papers.select", title=for_people(paper.title)),
    )
    return (
        f"<li{attributes(class_='pp-row', data_id=paper.id)}><label class='pp-check'><input{box}></label><div>{_opener(paper)}"
        f"<p class='pp-by' dir='auto'>{plain(about)}</p><p class='pp-snippet' dir='auto'>{text_html(snippet) or say('card.title_only')}</p></div></li>"
    )


def _opener(paper: Paper) -> str:
    return button(text_html(paper.title), "pp-open", class_="pp-title", data_id=paper.id, dir="auto")


def _facts(paper: Paper, say: Wording, collections: Sequence[str]) -> list[tuple[str, str]]:
    known = (
        ("authors", ", ".join(paper.authors)),
        ("year", str(paper.year or "")),
        ("venue", paper.venue or ""),
        ("source", paper.source),
        ("id", paper.id),
        ("collections", ", ".join(collections)),
    )
    return [(say(f"papers.fact.{name}"), plain(value)) for name, value in known if value]


def _selection_html(say: Wording, may_write: bool, collections: Sequence[Named]) -> str:
    exports = "".join(
        button(name, "pp-export", data_how=how) for how, name in zip(SUFFIXES, ("BibTeX", "CSV", "Markdown"), strict=True)
    )
    remove = button(say("papers.remove"), "pp-remove-selected", class_="pp-danger") if may_write else ""
    return (
        f'<strong id="pp-selected"></strong>{button(say("papers.ask"), "pp-ask-selected", class_="pc-main")}{button(say("papers.table"), "pp-table-selected")}'
        f'<details class="pc-menu"><summary>{say("papers.export")}</summary><div>{exports}</div></details>{menu_html(collections, say) if may_write else ""}{remove}'
        f"{button(say('papers.unselect'), 'pp-unselect')}"
    )


def _filters_html(say: Wording, venues: Sequence[str], collections: Sequence[Named]) -> str:
    orders = "".join(f'<option value="{order}">{say(f"papers.order.{order}")}</option>' for order in ORDERS)
    places = "".join(f"<option{attributes(value=venue)}>{plain(venue)}</option>" for venue in ("", *venues)).replace(
        "></option>", f">{say('papers.anywhere')}</option>", 1
    )
    year = attributes(type="number", min="1500", max="2100", inputmode="numeric", class_="pp-year")
    return f"""<details id="pp-filter-box" class="pp-filter-box"><summary>{say("papers.filters")}</summary><form id="pp-filters" class="pp-filters" autocomplete="off">
 <label>{say("papers.order")}<select name="order">{orders}</select></label>
 <label>{say("papers.first")}<input name="first_year"{year}></label><label>{say("papers.last")}<input name="last_year"{year}></label>
 <label>{say("papers.author")}<input name="author" maxlength="100"></label>
 <label>{say("papers.venue")}<select name="venue">{places}</select></label>{filter_html(collections, say)}{button(say("papers.clear"), "pp-clear")}</form></details>"""


def _adding_html(say: Wording) -> str:
    return f"""<section id="pp-adding" class="pp-adding" aria-label="{say("papers.add")}" hidden>
 <div class="pp-ways"><label class="pp-drop" id="pp-drop"><input type="file" id="pp-files" multiple{attributes(accept=FORMATS)}>
   <b>{say("papers.drop")}</b><span>{say("papers.formats")}</span></label>
 <form id="pp-paste"><label for="pp-pasted">{say("papers.paste")}</label><textarea id="pp-pasted" rows="5" maxlength="5000000"></textarea>
   <button type="submit" class="pc-main">{say("papers.add.text")}</button></form></div>
 <div id="pp-progress" role="status" hidden><progress></progress> <span></span></div><div id="pp-report" aria-live="polite"></div></section>"""
