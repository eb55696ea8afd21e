"""What might be asked after an answer: about the papers it cites, and only what the papers were seen to answer."""

from __future__ import annotations

from itertools import islice

from rag.explore.fitting import fits
from rag.explore.suggestions import next_to
from rag.types import AskOptions
from ui.conversations.types import Turn, past_turn
from ui.server.service import Service

MOST = 3
TRIED = 6
"""Questions that are asked, at most: each takes some ten milliseconds, after the answer is shown."""


def next_questions(service: Service, turn: Turn, language: str = "en") -> list[str]:
    """At most three questions in the page's language, none of them asked just now."""
    if turn.answer is None or turn.answer.status != "answered":
        return []
    scope = service.within(turn.scope)
    options = service.usable(AskOptions(scope, writer="quotes"))
    asked = {turn.question.casefold(), turn.answer.standalone_question.casefold()}
    quotes = {each.quote for each in turn.answer.citations}
    cited = list({each.paper.id: each.paper for each in turn.answer.citations}.values())
    found: list[str] = []
    for tried in islice(next_to(cited, turn.answer.standalone_question, language), TRIED):
        if tried.question.casefold() in asked or len(found) == MOST:
            continue
        answer = service.answer(tried.question, [past_turn(turn)], options)
        # What only repeats the sentences that stand there already says nothing new.
        if fits(tried, answer) and {each.quote for each in answer.citations} - quotes:
            found.append(tried.question)
    return found
