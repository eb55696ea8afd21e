"""The papers beside an answer as HTML: each cited one with its whole abstract and the quoted sentences highlighted, then what else was found."""

from __future__ import annotations

from collections.abc import Sequence

from rag.text.instructions import left_out
from rag.types import Answer, Citation, Hit, Paper
from ui.export.plain import link, sources
from ui.export.references import apa, bibtex, markdown
from ui.html.answer import card_id
from ui.html.text import attributes, button, plain, text_html
from ui.html.wording import Wording

OTHERS = 6


def sources_html(turn: str, answer: Answer, say: Wording) -> str:
    """All cards of one turn. `answer` may be one that is still being written, with hits only."""
    cited = sources(answer)
    found = {hit.paper.id: hit for hit in answer.hits}
    named = {paper.id for paper, _ in cited}
    others = [hit for hit in answer.hits if hit.paper.id not in named][:OTHERS]
    cards = [card(turn, paper, citations, found.get(paper.id), say) for paper, citations in cited]
    heading = say("sources.none") if answer.status == "not_found" else say("sources.more")
    count = f' <span class="pc-count">{len(cited)}</span>' if cited else ""
    parts = [f'<h2 class="pc-panel-title" tabindex="-1">{say("sources.title")}{count}</h2>', *cards]
    if others:
        parts.append(
            f'<h3 class="pc-more">{say("sources.found") if answer.status == "answered" and not answer.text else heading}</h3>'
        )
        parts += [small_card(turn, hit, say) for hit in others]
    return "".join(parts)


def similar_html(paper: Paper, hits: Sequence[Hit], turn: str, say: Wording) -> str:
    """Papers near one paper, with the way back to the sources of the answer that was shown."""
    back = button(say("sources.back"), "sources", class_="pc-quiet", data_turn=turn) if turn else ""
    heading = f'<h2 class="pc-panel-title" tabindex="-1">{say("sources.similar")}</h2><p class="pc-byline" dir="auto">{text_html(paper.title)}</p>'
    return heading + back + "".join(small_card(turn, hit, say) for hit in hits)


def card(turn: str, paper: Paper, citations: Sequence[Citation], hit: Hit | None, say: Wording) -> str:
    """A cited paper, open."""
    numbers = "".join(f'<span class="pc-badge">{each.number}</span>' for each in citations)
    return (
        f"<article{attributes(class_='pc-card', tabindex='-1', data_paper=paper.id, aria_label=paper.title)}>"
        f'<h3>{numbers} {_title(paper)}</h3>{_facts(paper)}<p class="pc-abstract" dir="auto">{abstract(turn, paper, citations) or say("card.title_only")}</p>'
        f"{_foot(paper, hit, say)}</article>"
    )


def small_card(turn: str, hit: Hit, say: Wording) -> str:
    """A paper that was found and not cited, folded."""
    paper = hit.paper
    return (
        f"<details{attributes(class_='pc-card pc-small', data_paper=paper.id)}>"
        f'<summary><span class="pc-card-title" dir="auto">{text_html(paper.title)}</span>{_facts(paper)}</summary>'
        f'<p class="pc-abstract" dir="auto">{text_html(paper.abstract) or say("card.title_only")}</p>{_foot(paper, hit, say, with_link=True)}</details>'
    )


def abstract(turn: str, paper: Paper, citations: Sequence[Citation]) -> str:
    """The whole abstract; where two quotes overlap, the first one has the words."""
    parts, at = [], 0
    for each in sorted(citations, key=lambda each: (each.span.start, each.span.end)):
        start, end = max(each.span.start, at), each.span.end
        if start >= end:
            parts.append(f'<span id="{card_id(turn, each.number)}"></span>')
            continue
        parts += [
            text_html(paper.abstract[at:start]),
            f'<mark id="{plain(card_id(turn, each.number))}"><sup>{each.number}</sup>{text_html(paper.abstract[start:end])}</mark>',
        ]
        at = end
    return "".join([*parts, text_html(paper.abstract[at:])])


def why_found(hit: Hit, say: Wording) -> str:
    return say(f"found.{hit.found_by}", score=f"{hit.score:.2f}")


def _title(paper: Paper) -> str:
    address, title = link(paper), text_html(paper.title)
    inside = f"<a{attributes(href=address, target='_blank', rel='noopener noreferrer')}>{title}</a>" if address else title
    return f'<span class="pc-card-title" dir="auto">{inside}</span>'


def _facts(paper: Paper) -> str:
    facts = [part for part in (paper.byline, paper.venue or "") if part]
    if paper.year and not paper.authors:
        facts = [str(paper.year), *([paper.venue] if paper.venue else [])]
    return f'<p class="pc-byline" dir="auto">{plain(" · ".join(facts))}</p>' if facts else ""


def left_out_note(paper: Paper, say: Wording) -> str:
    """That sentences of the abstract are no evidence, and why; empty where all are."""
    count = len(left_out(paper.abstract))
    return f'<p class="pc-why" role="note">{say("card.left_out", count=count)}</p>' if count else ""


def _foot(paper: Paper, hit: Hit | None, say: Wording, with_link: bool = False) -> str:
    why = f'<p class="pc-why">{plain(why_found(hit, say))}</p>' if hit else ""
    buttons = [
        *(
            [f"<a{attributes(href=link(paper), target='_blank', rel='noopener noreferrer')}>{say('card.open')}</a>"]
            if with_link and link(paper)
            else []
        ),
        button(say("card.ask"), "scope-paper", data_id=paper.id, data_label=paper.title),
        button(say("card.similar"), "similar", data_id=paper.id),
        _copy_menu(paper, say),
    ]
    return f'{left_out_note(paper, say)}{why}<div class="pc-card-actions">{"".join(buttons)}</div>'


def _copy_menu(paper: Paper, say: Wording) -> str:
    formats = (("BibTeX", bibtex(paper)), ("APA", apa(paper)), ("Markdown", markdown(paper)))
    inside = "".join(button(name, "copy", data_copy=text) for name, text in formats)
    return f'<details class="pc-menu"><summary>{say("card.cite")}</summary><div>{inside}</div></details>'
