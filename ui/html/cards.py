"""The papers beside an answer as HTML: each cited one opens with its quotes and unfolds to the whole abstract; then what else was found."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from rag.text.instructions import left_out
from rag.text.sentences import sentences
from rag.types import Answer, Citation, Hit, Paper, Span
from ui.export.plain import for_people, link, sources
from ui.export.references import apa, bibtex, markdown
from ui.html.answer import card_id
from ui.html.text import attributes, button, plain, text_html
from ui.html.wording import Wording

OTHERS = 6
LONGEST_BESIDE = 130
"""Characters of the sentence to either side of a quote: several cards are to fit on one screen."""
MOST_WITH_CONTEXT = 2
"""Quotes in a card that still has room for the sentences around them."""


def sources_html(turn: str, answer: Answer, say: Wording) -> str:
    """All cards of one turn; empty if nothing was found. `answer` may be one that is still being written, with hits only."""
    if not answer.hits and not answer.citations:
        return ""
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
        parts += [small_card(hit, say) for hit in others]
    return "".join(parts)


def paper_html(paper: Paper, say: Wording) -> str:
    """One paper to be read, whole."""
    text = text_html(paper.abstract) or say("card.title_only")
    return (
        f'<h2 class="pc-panel-title" tabindex="-1">{say("sources.paper")}</h2>'
        f"<article{attributes(class_='pc-card pc-whole pc-read', tabindex='-1', data_paper=paper.id, aria_label=for_people(paper.title))}>"
        f'<h3>{_title(paper)}</h3>{_facts(paper)}<p class="pc-abstract" dir="auto">{text}</p>{_foot(paper, None, say)}</article>'
    )


def similar_html(paper: Paper, hits: Sequence[Hit], turn: str, say: Wording) -> str:
    """Papers near one paper, with the way back to the sources of the answer that was shown."""
    back = button(say("sources.back"), "sources", class_="pc-quiet", data_turn=turn) if turn else ""
    heading = f'<h2 class="pc-panel-title" tabindex="-1">{say("sources.similar")}</h2><p class="pc-byline" dir="auto">{text_html(paper.title)}</p>'
    return heading + back + "".join(small_card(hit, say) for hit in hits)


def card(turn: str, paper: Paper, citations: Sequence[Citation], hit: Hit | None, say: Wording) -> str:
    """A cited paper, open."""
    numbers = "".join(f'<span class="pc-badge">{each.number}</span>' for each in citations)
    text = abstract(turn, paper, citations)
    unfold = button(say("card.whole"), "unfold", class_="pc-unfold", aria_expanded="false") if 'class="pc-far"' in text else ""
    return (
        f"<article{attributes(class_='pc-card', tabindex='-1', data_paper=paper.id, aria_label=for_people(paper.title))}>"
        f'<h3>{numbers}{_title(paper)}</h3>{_facts(paper)}<p class="pc-abstract" dir="auto">{text or say("card.title_only")}</p>'
        f"{_foot(paper, hit, say, before=unfold)}</article>"
    )


def small_card(hit: Hit, say: Wording) -> str:
    """A paper that was found and not cited, folded."""
    paper = hit.paper
    return (
        f"<details{attributes(class_='pc-card pc-small', data_paper=paper.id)}>"
        f'<summary><span class="pc-card-title" dir="auto">{text_html(paper.title)}</span>{_facts(paper)}</summary>'
        f'<p class="pc-abstract" dir="auto">{text_html(paper.abstract) or say("card.title_only")}</p>{_foot(paper, hit, say, with_link=True)}</details>'
    )


def abstract(turn: str, paper: Paper, citations: Sequence[Citation]) -> str:
    """The whole abstract with its quotes marked. What is more than a sentence away from them is there to be unfolded, and a gap tells of it.

    Where two quotes overlap, the first one has the words.
    """
    marks = sorted(citations, key=lambda each: (each.span.start, each.span.end))
    near = _near(paper.abstract, [each.span for each in marks])
    parts, at = [], 0
    for each in marks:
        start, end = max(each.span.start, at), each.span.end
        if start >= end:
            parts.append(f'<span id="{plain(card_id(turn, each.number))}"></span>')
            continue
        parts += [
            _around(paper.abstract, Span(at, start), near),
            f'<mark id="{plain(card_id(turn, each.number))}"><sup>{each.number}</sup>{text_html(paper.abstract[start:end])}</mark>',
        ]
        at = end
    return "".join([*parts, _around(paper.abstract, Span(at, len(paper.abstract)), near)])


def _near(text: str, quotes: Sequence[Span]) -> list[Span]:
    """The sentence before and the one after each quote; none if the quotes alone fill a card."""
    if len(quotes) > MOST_WITH_CONTEXT:
        return []
    found = sentences(text)
    starts = [span.start for span in found]
    places = {place for quote in quotes for place in (bisect_left(starts, quote.start) - 1, bisect_left(starts, quote.end))}
    near = (found[place] for place in sorted(places) if 0 <= place < len(found))
    ends = {quote.end for quote in quotes}
    return [_brief(text, span, behind=any(0 <= span.start - end <= 2 for end in ends)) for span in near]


def _brief(text: str, span: Span, behind: bool) -> Span:
    """The side of a long sentence that is next to the quote, cut between words."""
    if span.end - span.start <= LONGEST_BESIDE:
        return span
    if behind:
        return Span(
            span.start,
            text.rindex(" ", span.start, span.start + LONGEST_BESIDE)
            if " " in text[span.start : span.start + LONGEST_BESIDE]
            else span.end,
        )
    cut = text.find(" ", span.end - LONGEST_BESIDE, span.end)
    return Span(cut + 1 if cut >= 0 else span.start, span.end)


def _around(text: str, between: Span, near: Sequence[Span]) -> str:
    """What stands between two quotes: the sentences beside them in grey, the rest folded behind a gap."""
    parts, at = [], between.start
    for span in near:
        start, end = max(span.start, at), min(span.end, between.end)
        if start < end:
            parts += [_folded(text[at:start]), f'<span class="pc-near-by">{text_html(text[start:end])}</span>']
            at = end
    return "".join([*parts, _folded(text[at : between.end])])


def _folded(text: str) -> str:
    if not text.strip():
        return plain(text)
    return f'<span class="pc-far">{text_html(text)}</span><span class="pc-gap" aria-hidden="true"> … </span>'


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
    """That sentences of the abstract are no evidence, and why; empty if all are."""
    count = len(left_out(paper.abstract))
    return f'<p class="pc-why" role="note">{say("card.left_out", count=count)}</p>' if count else ""


def _foot(paper: Paper, hit: Hit | None, say: Wording, with_link: bool = False, before: str = "") -> str:
    why = f'<p class="pc-why">{plain(why_found(hit, say))}</p>' if hit else ""
    buttons = [
        before,
        *(
            [f"<a{attributes(href=link(paper), target='_blank', rel='noopener noreferrer')}>{say('card.open')}</a>"]
            if with_link and link(paper)
            else []
        ),
        button(say("card.ask"), "scope-paper", data_id=paper.id, data_label=for_people(paper.title)),
        button(say("card.similar"), "similar", data_id=paper.id),
        citation_menu(paper, say),
    ]
    return f'{left_out_note(paper, say)}{why}<div class="pc-card-actions">{"".join(buttons)}</div>'


def citation_menu(paper: Paper, say: Wording) -> str:
    """What copies the paper as a reference, in one of three formats."""
    formats = (("BibTeX", bibtex(paper)), ("APA", apa(paper)), ("Markdown", markdown(paper)))
    inside = "".join(button(name, "copy", data_copy=text) for name, text in formats)
    return f'<details class="pc-menu"><summary>{say("card.cite")}</summary><div>{inside}</div></details>'
