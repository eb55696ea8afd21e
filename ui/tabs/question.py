"""One question from the page: what it asks for, the steps in which its answer comes, and the turn that is kept. Knows no HTML."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from rag.answering.limits import LONGEST_QUESTION, MOST_HISTORY
from rag.errors import PaperchatError
from rag.types import Answer, AskOptions, Checked, Claim, Event, Finished, Noticed, PastTurn, Searched, Wrote
from ui.conversations.comparison import compared, packed
from ui.conversations.store import Chats, new_id
from ui.conversations.types import Turn, past_turn
from ui.html.wording import Wording, wording
from ui.server.cancellation import Failed
from ui.server.service import Service
from ui.tabs.scope import chips_from

UPDATES_A_SECOND = 15
"""More cost the browser seconds; an answer that is there at once comes in one piece."""
MISTAKE = "Something went wrong inside Paperchat. Your question is kept; ask again."
LOG = logging.getLogger("paperchat.page")
_ID = re.compile(r"[\w-]{16,64}")


class InvalidQuestion(PaperchatError):
    """The question cannot be taken as it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The turn to fill, what was asked before it, the conversation as it stands, whether later turns go."""

    turn: Turn
    history: tuple[PastTurn, ...]
    earlier: tuple[Turn, ...]
    cuts: bool = False
    say: Wording = field(default_factory=lambda: wording("en"))


@dataclass(frozen=True, slots=True)
class Step:
    """How far the answer has come; with `turn` it is over."""

    answer: Answer
    notices: tuple[str, ...] = ()
    searched: bool = False
    turn: Turn | None = None


def wanted(owner: str, payload: Mapping[str, Any], chats: Chats, say: Wording) -> Wanted:
    """What the browser asks for. A new turn; or an earlier one answered again, put otherwise, or understood otherwise."""
    question, conversation = str(payload.get("question") or "").strip(), str(payload.get("conversation") or "")
    if len(question) > LONGEST_QUESTION:
        raise InvalidQuestion(say("said.toolong", most=LONGEST_QUESTION))
    if not _ID.fullmatch(conversation):
        raise InvalidQuestion(say("said.mistake"))
    known = chats.get(owner, conversation)
    earlier = known.turns if known else ()
    mode, old = payload.get("mode"), next((turn for turn in earlier if turn.id == payload.get("turn")), None)
    if old is None or mode not in ("regenerate", "edit", "correct", "literal"):
        gathers = payload.get("table") if payload.get("table") in ("summary", "compare") else ""
        scope = chips_from(payload.get("scope"))
        turn = Turn(new_id(), question, scope=scope, gathers=cast(Any, gathers), about=question, asked=time.time())
        return Wanted(turn, _history(earlier), earlier, say=say)
    before = earlier[: earlier.index(old)]
    if mode == "edit":
        turn = Turn(old.id, question, scope=chips_from(payload.get("scope")), asked=time.time())
        return Wanted(turn, _history(before), earlier, cuts=True, say=say)
    corrected = question if mode == "correct" else old.corrected
    again = Turn(
        old.id, old.question, corrected=corrected, literal=old.literal or mode == "literal", scope=old.scope, gathers=old.gathers,
        about=old.about, asked=time.time(),
    )  # fmt: skip
    return Wanted(again, _history(before), earlier, say=say)


def steps(service: Service, owner: str, job: str, wanted: Wanted, chosen: Mapping[str, Any]) -> Iterator[Step]:
    """The answer as it comes; the last step holds the turn to keep, also if it was stopped or failed."""
    turn = wanted.turn
    scope = None if wanted.turn.gathers else service.within(turn.scope)
    settings = (chosen["writer"], chosen["temperature"], chosen["sources"], chosen["strict"])
    options = service.usable(AskOptions(scope, *settings, correct=not turn.literal))
    if wanted.turn.gathers:
        yield from _gathered(service, owner, job, wanted, options)
        return
    # What a person corrected stands alone: it is not combined with earlier questions again.
    asked, history = (turn.corrected, ()) if turn.corrected else (turn.question, wanted.history)
    yield from _run(service, owner, job, wanted, service.stream(asked, history, options))


def _run(service: Service, owner: str, job: str, wanted: Wanted, events: Iterator[Event]) -> Iterator[Step]:
    so_far, finished, error = nothing_yet(wanted.turn), None, ""
    notices: tuple[str, ...] = ()
    last, searched, waiting = time.monotonic(), False, False
    try:
        for event in service.jobs.run(owner, job, events):
            if isinstance(event, Finished):
                finished = event.answer
                break
            if event is not None:
                so_far, notices = _further(so_far, notices, event)
                searched, waiting = searched or isinstance(event, Searched), True
            if waiting and time.monotonic() - last >= 1 / UPDATES_A_SECOND:
                yield Step(so_far, notices, searched)
                last, searched, waiting = time.monotonic(), False, False
    except Failed as failed:
        error = str(failed.__cause__) if isinstance(failed.__cause__, PaperchatError) else MISTAKE
        if error == MISTAKE:  # this is the last place that can report it
            LOG.error("a question failed", exc_info=failed.__cause__)
    if finished is None and service.jobs.closed:
        error = error or wanted.say("turn.ended")
    yield Step(so_far, notices, turn=_over(wanted.turn, finished, so_far, error))


def _gathered(service: Service, owner: str, job: str, wanted: Wanted, options: AskOptions) -> Iterator[Step]:
    """A summary or a comparison of the papers in scope, or of the nearest to what was typed. Raises InvalidQuestion if there are none."""
    say, text = wanted.say, wanted.turn.about
    comparing = wanted.turn.gathers == "compare"
    ids = service.chosen(wanted.turn.scope, text) if comparing or wanted.turn.scope else []
    if not ids and (comparing or wanted.turn.scope):
        raise InvalidQuestion(say("ask.nothing"))
    what = text or (say("ask.papers", count=len(ids)) if ids else say("ask.everything"))
    turn = replace(wanted.turn, question=say("ask.comparison" if comparing else "ask.summary", what=what))
    tables: list[str] = []

    def events() -> Iterator[Event]:
        service.ready()
        if comparing:
            table = service.paperchat.compare(ids, options=options)
            tables.append(packed(table))
            yield Finished(compared(turn.question, table))
        else:
            yield Finished(service.paperchat.summarize(text, ids, options))

    for step in _run(service, owner, job, replace(wanted, turn=turn), events()):
        if step.turn is not None and step.turn.answer is not None:
            answer = replace(step.turn.answer, question=turn.question, standalone_question=turn.question)
            yield replace(step, turn=replace(step.turn, answer=answer, table="".join(tables)))
        else:
            yield step


def nothing_yet(turn: Turn) -> Answer:
    """An answer before its first word."""
    return Answer(turn.question, turn.corrected or turn.question, "answered", "", "")


def _further(answer: Answer, notices: tuple[str, ...], event: Event) -> tuple[Answer, tuple[str, ...]]:
    if isinstance(event, Searched):
        return replace(answer, standalone_question=event.standalone_question, hits=event.hits), notices
    if isinstance(event, Wrote):
        return replace(answer, text=answer.text + event.text), notices
    if isinstance(event, Checked):
        return replace(answer, claims=_with(answer.claims, event.place, event.claim)), notices
    return answer, (*notices, event.text) if isinstance(event, Noticed) else notices


def _with(claims: Sequence[Claim], place: int, claim: Claim) -> tuple[Claim, ...]:
    room = [*claims, *[Claim("")] * (place + 1 - len(claims))]
    room[place] = claim
    return tuple(room)


def _over(turn: Turn, answer: Answer | None, so_far: Answer, error: str) -> Turn:
    if answer is None:
        return replace(turn, partial=so_far.text, error=error)
    return replace(turn, answer=replace(answer, question=turn.question) if turn.corrected else answer)


def _history(turns: Sequence[Turn]) -> tuple[PastTurn, ...]:
    """What was asked before, as it was understood, and what was cited; a longer question than is read, kept from an earlier version,
    is passed over."""
    past = (past_turn(turn) for turn in turns)
    return tuple(turn for turn in past if len(turn.question) <= LONGEST_QUESTION)[-MOST_HISTORY:]
