"""The page before the first question as HTML: what the collection holds, a map of its themes, and a card for each of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.types import Paper
from ui.export.plain import for_people
from ui.html.shell import suggestions_html
from ui.html.text import attributes, button, plain, text_html
from ui.html.wording import Wording

MOST_DOTS = 1500
"""Papers that are drawn; of more, every second, third, … one stands for its neighbours."""
SIDE = 1000
"""Of the square that the map is drawn in; the browser stretches it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A theme as it is shown: some of its papers, how many there are, where it stands on the map (0…1), and a question that its papers answer."""

    name: str
    papers: tuple[Paper, ...]
    size: int
    x: float
    y: float
    question: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """One paper on the map (0…1), its title where it is to be shown, and the place of its theme among the cards."""

    paper: str
    title: str
    x: float
    y: float
    theme: int


def home_html(
    count: int,
    newest: Paper | None,
    cards: Sequence[Card],
    dots: Sequence[Dot],
    tries: Sequence[str],
    say: Wording,
    state: str = "",
) -> str:
    """The whole of it; without cards, what can be said before the map is drawn. `state` is that of the papers on the map."""
    map_ = _map_html(cards, dots, say, state) if cards else f'<p class="pc-drawing" role="status">{say("home.drawing")}</p>'
    themes = "".join(_card_html(place, card, say) for place, card in enumerate(cards))
    list_ = f'<ul class="pc-themes" aria-label="{say("home.themes")}">{themes}</ul>' if cards else ""
    return f'{suggestions_html(tries, say)}<section class="pc-collection" aria-label="{say("home.label")}">{_about_html(count, newest, cards, say)}{map_}{list_}</section>'


def filling_html(may_write: bool, say: Wording) -> str:
    """An empty library: how to fill it, or who may."""
    if not may_write:
        return f'<section class="pc-filling"><p>{say("home.fill.viewer")}</p></section>'
    rows = "".join(
        f"<li><b>{say(f'home.fill.{way}')}</b><span>{say(f'home.fill.{way}.how')}</span></li>"
        for way in ("file", "ids", "zotero", "command")
    )
    add = button(say("papers.add"), "go-add", class_="pc-main")
    return (
        f'<section class="pc-filling" aria-label="{say("home.fill")}"><h3>{say("home.fill")}</h3><ol>{rows}</ol>{add}</section>'
    )


def _about_html(count: int, newest: Paper | None, cards: Sequence[Card], say: Wording) -> str:
    parts = [say("papers.count.all", count=count)]
    if cards:
        parts.append(say("home.count", count=len(cards)))
    if newest is not None:
        name = button(text_html(newest.title), "read", class_="pc-paper-link", data_id=newest.id, dir="auto")
        parts.append(f"{say('home.newest')} {name}{f' ({newest.year})' if newest.year else ''}")
    return f'<p class="pc-about">{" · ".join(parts)}</p>'


def placing(places: Sequence[tuple[float, float]]) -> Callable[[float, float], tuple[int, int]]:
    """How these places (0…1) are put on the map: over all of its `SIDE`, with a margin."""
    left, right = min(x for x, _ in places), max(x for x, _ in places)
    top, bottom = min(y for _, y in places), max(y for _, y in places)

    def put(x: float, y: float) -> tuple[int, int]:
        return round(SIDE * (0.04 + 0.92 * _part(x, left, right))), round(SIDE * (0.07 + 0.86 * _part(y, top, bottom)))

    return put


def _map_html(cards: Sequence[Card], dots: Sequence[Dot], say: Wording, state: str) -> str:
    step = -(-len(dots) // MOST_DOTS) or 1
    put = placing([(dot.x, dot.y) for dot in dots])
    drawn: list[list[str]] = [[] for _ in cards]
    for dot in dots[::step]:
        drawn[dot.theme].append("M{} {}h0".format(*put(dot.x, dot.y)))
    paths = "".join(f'<path class="pc-dots" data-theme="{place}" d="{"".join(path)}"/>' for place, path in enumerate(drawn))
    labels = "".join(_label(place, card, *put(card.x, card.y)) for place, card in enumerate(cards))
    points = [[dot.paper, *put(dot.x, dot.y), for_people(dot.title)] for dot in dots[::step]]
    return (
        f"<div{attributes(class_='pc-map', id='pc-map', data_state=state, data_all=len(dots), data_points=json.dumps(points, ensure_ascii=False))}>"
        f'<svg viewBox="0 0 {SIDE} {SIDE}" preserveAspectRatio="none" aria-hidden="true">{paths}<path id="pc-lasso"/></svg>{labels}</div>'
        f'<p class="pc-hint">{say("home.lasso")}</p>'
    )


def _part(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) if high > low else 0.5


def _label(place: int, card: Card, x: int, y: int) -> str:
    style = f"left:{x / SIDE:.1%};top:{y / SIDE:.1%}"
    return f"<button{attributes(type='button', class_='pc-label', data_do='theme', data_theme=place, data_name=card.name, style=style)}>{plain(card.name)}</button>"


def _card_html(place: int, card: Card, say: Wording) -> str:
    rows = "".join(
        f"<li>{button(text_html(paper.title), 'read', class_='pc-paper-link', data_id=paper.id, dir='auto', title=for_people(paper.title))}</li>"
        for paper in card.papers
    )
    ask = (
        button(text_html(card.question), "ask", class_="pc-theme-ask", data_question=card.question, dir="auto")
        if card.question
        else ""
    )
    name = button(
        f"{plain(card.name)}\N{NO-BREAK SPACE}<span>{card.size}</span>",
        "theme",
        class_="pc-theme-name",
        data_name=card.name,
        title=say("home.theme.ask", theme=card.name),
    )
    return f'<li class="pc-theme" data-theme="{place}"><h3>{name}</h3><ul>{rows}</ul>{ask}</li>'
