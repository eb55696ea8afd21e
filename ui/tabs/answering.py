"""A question of the Ask tab from the first panel to the last: the sources before the first word, the whole conversation at the end.

Who goes to another conversation meanwhile sees nothing more of it there; it is answered and kept all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rag.errors import PaperchatError, StorageFailed
from ui.conversations.types import Turn
from ui.html import shell
from ui.html.cards import sources_html
from ui.html.thread import thread_html, turn_html, writing_html
from ui.server.service import Service
from ui.tabs import preferences
from ui.tabs import question as asking
from ui.tabs.panels import Panels, Visit, script_message


def panels(service: Service, visit: Visit) -> Iterator[Panels]:
    """The panels as the answer comes; once the question is left, only news for the page's script."""
    job, conversation = visit.text("job"), visit.text("conversation")
    try:
        for each in _answered(service, visit):
            if not service.jobs.left(visit.owner, job):
                yield each
    except PaperchatError as error:
        known = service.chats.get(visit.owner, conversation)
        thread = thread_html(known.turns, visit.say) if known else None
        yield Panels(thread=thread, live="", bridge=script_message(done=True, failed=True, job=job, toast=visit.say.error(error)))
    if service.jobs.left(visit.owner, job):
        yield Panels(bridge=script_message(done=True, left=True, job=job))


def chosen(service: Service, visit: Visit) -> dict[str, Any]:
    """This user's settings, with the defaults for what they did not set."""
    return preferences.cleaned({**service.defaults(), **service.chats.preferences(visit.owner)})


def side(service: Service, visit: Visit, current: str) -> str:
    """The list of this person's conversations."""
    words = visit.text("words")
    return shell.side_html(service.chats.all(visit.owner, words), current, words, datetime.now(), visit.say)


def _answered(service: Service, visit: Visit) -> Iterator[Panels]:
    wanted = asking.wanted(visit.owner, visit.payload, service.chats, visit.say)
    turn, job = wanted.turn, visit.text("job")
    kept = [each for each in wanted.earlier if each.id != turn.id]
    if len(kept) < len(wanted.earlier):
        waiting = writing_html(turn, asking.nothing_yet(turn), (), visit.say)
        yield Panels(thread=thread_html(kept, visit.say), live=waiting, bridge=script_message(began=True, job=job))
    for step in asking.steps(service, visit.owner, job, wanted, chosen(service, visit)):
        if step.turn is not None:
            turn = step.turn
            break
        sources = sources_html(turn.id, step.answer, visit.say) if step.searched else None
        yield Panels(live=writing_html(turn, step.answer, step.notices, visit.say), sources=sources)
    if turn.answer is not None:
        # The answer is shown before it is kept: what takes longer in a long conversation comes after.
        yield Panels(live=turn_html(turn, visit.say, shared=True), sources=sources_html(turn.id, turn.answer, visit.say))
    try:
        yield _kept(service, visit, wanted, turn)
    except StorageFailed as error:  # what was answered stays to be read
        yield Panels(bridge=script_message(done=True, job=job, shown=turn.id, toast=visit.say.error(error)))


def _kept(service: Service, visit: Visit, wanted: asking.Wanted, turn: Turn) -> Panels:
    conversation, chats = visit.text("conversation"), service.chats
    deleted = bool(wanted.earlier) and chats.get(visit.owner, conversation) is None
    if wanted.cuts:
        chats.cut(visit.owner, conversation, wanted.turn.id)
    if not deleted:
        chats.put(visit.owner, conversation, turn)
    known = chats.get(visit.owner, conversation)
    return Panels(
        thread=thread_html(known.turns if known else (turn,), visit.say),
        live="",
        side=side(service, visit, conversation),
        sources=None if turn.answer else "",
        bridge=script_message(done=True, job=visit.text("job"), shown=turn.id),
    )
