"""What the Ask tab shows before the first question: the collection with its themes, each with a question that it was seen to answer."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rag.explore.fitting import fits
from rag.explore.suggestions import MOST, Suggestion, suggestions
from rag.explore.themes import Theme, questions
from rag.types import AskOptions, Paper
from ui.html.home import Card, Dot, filling_html, home_html
from ui.html.wording import Wording
from ui.server.service import Service

SHOWN = 3
"""Papers on a theme's card."""
MOST_TITLES = 400
"""Papers on the map whose titles come along, to be shown under the pointer."""
TRIED = 6
"""Questions that are asked, at most, to find one that a theme answers: each takes some ten milliseconds."""

FROM_THEME = 0.4
"""Share of the papers cited that must be of the theme. Chosen."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions that were seen to be answered: those to begin with, and one for each theme by its name."""

    first: tuple[str, ...]
    of_themes: Mapping[str, str] = field(default_factory=dict)


class Home:
    """Makes the home of the collection in its present state; what was found out is kept until the papers change."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._asked: dict[tuple[str, str], Asked] = {}
        self._asking: set[tuple[str, str]] = set()

    def at_once(self, say: Wording, may_write: bool = True) -> str:
        """What can be shown without the map."""
        papers = self._service.paperchat.papers()
        if not papers:
            return filling_html(may_write, say)
        return home_html(len(papers), _newest(papers), (), (), self._known(say.language, papers).first, say)

    def whole(self, say: Wording, may_write: bool = True) -> str:
        """All of it. The first time, and after a change of the papers, this draws the map, which takes seconds; the themes' questions are
        found out beside it and are there when it is asked for again."""
        papers = {paper.id: paper for paper in self._service.paperchat.papers()}
        if not papers:
            return filling_html(may_write, say)
        themes = self._service.paperchat.themes()
        asked = self._questions(themes, papers, say.language)
        cards = [_card(theme, papers, asked.of_themes.get(theme.name, "")) for theme in themes]
        points = self._service.paperchat.paper_map().points
        titles = {id: paper.title for id, paper in papers.items()} if len(points) <= MOST_TITLES else {}
        dots = [
            Dot(each.paper, titles.get(each.paper, ""), each.x, each.y, each.group) for each in points if each.group < len(cards)
        ]
        state = self._service.paperchat.library.records.state
        return home_html(len(papers), _newest(tuple(papers.values())), cards, dots, asked.first, say, state)

    def _known(self, language: str, papers: Sequence[Paper]) -> Asked:
        """What is found out for these papers; until then, what can be suggested without asking it."""
        known = self._asked.get((self._service.paperchat.library.records.state, language))
        return known or Asked(tuple(each.question for each in suggestions(papers, language)[:MOST]))

    def _questions(self, themes: Sequence[Theme], papers: Mapping[str, Paper], language: str) -> Asked:
        """The questions of a language, as far as they are found out for these papers."""
        about = (self._service.paperchat.library.records.state, language)
        with self._lock:
            if about not in self._asked and about not in self._asking:
                self._asking.add(about)
                self._service.later(lambda: self._find_out(about, themes, papers))
        return self._known(language, tuple(papers.values()))

    def _find_out(self, about: tuple[str, str], themes: Sequence[Theme], papers: Mapping[str, Paper]) -> None:
        self._service.ready()
        state, language = about
        tries = suggestions(tuple(papers.values()), language)
        first = list(islice((each.question for each in tries if self._answers(each)), MOST))
        found = {}
        for turn, theme in enumerate(themes):
            if self._service.is_closing:
                return
            tried = [each for each in questions(theme, papers, language, turn) if each.question not in first][:TRIED]
            found[theme.name] = next((each.question for each in tried if self._answers(each, theme)), "")
        with self._lock:
            self._asked = {each: known for each, known in self._asked.items() if each[0] == state}
            self._asked[about] = Asked(tuple(first), found)
            self._asking = {each for each in self._asking if each[0] == state}

    def _answers(self, asked: Suggestion, theme: Theme | None = None) -> bool:
        """Whether asking it, of all papers, gives what it asks for, and from papers of the theme."""
        answer = self._service.paperchat.ask(asked.question, options=self._service.usable(AskOptions(writer="quotes")))
        cited = {each.paper.id for each in answer.citations}
        return fits(asked, answer) and (theme is None or len(cited & set(theme.papers)) >= FROM_THEME * len(cited))


def _card(theme: Theme, papers: Mapping[str, Paper], question: str) -> Card:
    shown = tuple(papers[id] for id in theme.papers if id in papers)[:SHOWN]
    return Card(theme.name, shown, len(theme.papers), theme.x, theme.y, question)


def _newest(papers: Sequence[Paper]) -> Paper | None:
    """The paper of the latest year, of several the one added last."""
    dated = [paper for paper in papers if paper.year]
    return max(enumerate(dated), key=lambda each: (each[1].year or 0, each[0]))[1] if dated else None
