"""What might be asked after an answer: about the papers it cites, and only what the papers were seen to answer."""

from __future__ import annotations

from collections.abc import Iterator

from rag import prompts
from rag.explore.suggestions import about, telling_name
from rag.types import Answer, AskOptions
from ui.conversations.types import Turn
from ui.server.service import Service

MOST = 3
TRIED = 6
"""Questions that are asked, at most: each takes some ten milliseconds, after the answer is shown."""
KINDS = ("how", "data", "result", "limits")


def next_questions(service: Service, turn: Turn, language: str = "en") -> list[str]:
    """At most three questions in the page's language, none of them asked just now."""
    if turn.answer is None or turn.answer.status != "answered":
        return []
    scope = service.within(turn.scope)
    options = service.usable(AskOptions(scope, writer="quotes"))
    asked = {turn.question.casefold(), turn.answer.standalone_question.casefold()}
    quotes = {each.quote for each in turn.answer.citations}
    found: list[str] = []
    for question in list(_candidates(turn.answer, language))[:TRIED]:
        answer = service.answer(question, (), options) if question.casefold() not in asked and len(found) < MOST else None
        # What only repeats the sentences that stand there already says nothing new.
        if answer is not None and answer.status == "answered" and {each.quote for each in answer.citations} - quotes:
            found.append(question)
    return found


def _candidates(answer: Answer, language: str) -> Iterator[str]:
    """The most telling first: two cited papers against each other, then each by itself."""
    named = {name: each.paper for each in answer.citations if (name := telling_name(each.paper))}
    if len(named) > 1:
        one, other, *_ = named
        yield prompts.suggestion("compare", language, one=one, other=other)
    for paper in list(named.values())[:2]:
        for kind in KINDS:
            yield about(kind, paper, language)
