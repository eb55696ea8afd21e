"""`POST /api/ask`: a question as JSON; its answer as JSON, or piece by piece where the client accepts an event stream."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from rag.answering.limits import LONGEST_QUESTION, MOST_HISTORY, check_question
from rag.errors import PaperchatError
from rag.types import AskOptions, Checked, Event, Finished, Noticed, Searched, Wrote
from ui.export.plain import answer_json, claim_json, past_turns
from ui.server.service import CLOSING, ServerClosing, Service

ASK = "/api/ask"
OPENAPI = "/api/openapi.json"
AT_ONCE = 8
"""Questions that are answered side by side; further ones wait."""
MISTAKE = "Something went wrong inside Paperchat. Ask again."
BODY = 'The body must be a JSON object such as {"question": "…"}, sent with Content-Type: application/json.'
TURN = 'Give a text, or an object such as {"question": "…", "cited": ["the id of a paper"]}.'
LOG = logging.getLogger("paperchat.page")
EVENTS = "text/event-stream"
Id = Annotated[str, Field(max_length=1_000)]


class Past(BaseModel):
    """An earlier question, and the ids of the papers that its answer cited."""

    model_config = ConfigDict(extra="forbid", strict=True)
    question: str = Field(max_length=LONGEST_QUESTION)
    cited: list[Id] = Field(default=[], max_length=100)


class Question(BaseModel):
    """What to answer, and from which papers."""

    model_config = ConfigDict(extra="forbid", strict=True)
    question: str = Field(description=f"At most {LONGEST_QUESTION:,} characters.")
    history: list[str | Past] = Field(
        default=[], max_length=MOST_HISTORY, description="Earlier questions of the conversation, oldest first."
    )
    papers: list[Id] | None = Field(default=None, description="Ids of the papers to look in; all if left out or empty.")
    collections: list[Id] | None = Field(
        default=None, description="Names of the collections to look in, together; all papers if left out or empty."
    )
    correct: bool = Field(default=True, description="Whether typing errors are corrected.")


def install(app: FastAPI, service: Service) -> None:
    """Adds the route, and tells what is wrong with a request in one sentence."""
    app.include_router(_router(service))
    app.add_exception_handler(RequestValidationError, _told_wrong)


def _router(service: Service) -> APIRouter:
    router, limit = APIRouter(), CapacityLimiter(AT_ONCE)

    @router.post(
        ASK,
        summary="Answer a question from the papers",
        description="Every sentence of the answer cites the sentence it rests on; `status` is `not_found` where the papers do not say, "
        "`corrected` where one denies what the question supposes. "
        f"With `Accept: {EVENTS}` the events `searched`, `wrote`, `checked` and `noticed` come as they happen, then `finished` with the "
        "whole answer, or `error`.",
        responses={
            200: {"content": {"application/json": {}, EVENTS: {}}},
            400: {"description": "The question cannot be answered as it is; `detail` says why."},
            429: {"description": "Too many questions of yours are waiting."},
            503: {"description": "The server is shutting down."},
        },
    )
    async def ask(asked: Question, request: Request) -> Response:
        try:
            check_question(asked.question)
            events = await to_thread.run_sync(lambda: _events(service, asked), limiter=limit)
            if EVENTS in request.headers.get("accept", ""):
                return StreamingResponse(_streamed(events, limit), media_type=EVENTS, headers={"Cache-Control": "no-store"})
            answer = await to_thread.run_sync(lambda: _last(events), limiter=limit)
        except PaperchatError as error:
            return _json({"detail": str(error)}, 503 if isinstance(error, ServerClosing) else 400)
        except Exception:  # the last place that can report it
            LOG.exception("a question failed")
            return _json({"detail": MISTAKE}, 500)
        return _json(answer)

    return router


def _events(service: Service, asked: Question) -> Iterator[Event | None]:
    """Begins to answer. Raises PaperchatError if a collection is not there."""
    turns = past_turns([each if isinstance(each, str) else each.model_dump() for each in asked.history]) or ()
    options = AskOptions(scope=service.scope(asked.papers, asked.collections), correct=asked.correct)
    return service.events(asked.question, turns, options)


def _last(events: Iterator[Event | None]) -> dict[str, Any]:
    for event in events:
        if isinstance(event, Finished):
            return answer_json(event.answer)
    raise ServerClosing(CLOSING)


async def _streamed(events: Iterator[Event | None], limit: CapacityLimiter) -> AsyncIterator[bytes]:
    """Each event as it comes. A client that leaves stops its question."""
    ended = False
    try:
        while not ended:
            event = await to_thread.run_sync(lambda: next(events, _END), limiter=limit)
            ended = event is _END or isinstance(event, Finished)
            if event is _END:
                yield _event("error", {"detail": CLOSING})
            elif event is not None:
                yield _event(*_event_data(event))
    except PaperchatError as error:
        yield _event("error", {"detail": str(error)})
    except Exception:  # the last place that can report it
        LOG.exception("a question failed")
        yield _event("error", {"detail": MISTAKE})
    finally:
        close = getattr(events, "close", None)
        if close is not None:
            close()


_END: Any = object()


def _event_data(event: Any) -> tuple[str, dict[str, Any]]:
    """The name of an event, and its data."""
    match event:
        case Searched():
            papers = list(dict.fromkeys(hit.paper.id for hit in event.hits))
            return "searched", {"standalone_question": event.standalone_question, "papers": papers}
        case Wrote() | Noticed():
            return ("wrote" if isinstance(event, Wrote) else "noticed"), {"text": event.text}
        case Checked():
            return "checked", {"place": event.place, "claim": claim_json(event.claim)}
        case _:
            return "finished", answer_json(event.answer)


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode("ascii")


def _json(value: dict[str, Any], status: int = 200) -> Response:
    """In ASCII, which holds halves of characters too."""
    return Response(json.dumps(value), status, media_type="application/json")


async def _told_wrong(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = dict.fromkeys(_problem(each) for each in error.errors()[:5])
    return _json({"detail": " ".join(problems)}, 422)


def _problem(found: Mapping[str, Any]) -> str:
    """One mistake in a request as a sentence."""
    place = found["loc"][1:]
    if found["type"] == "json_invalid":
        return f"The body is not JSON: see character {place[0]}."
    if not place:
        return BODY
    if place[0] == "history" and len(place) > 2:  # pydantic tells what is wrong with each of the two forms
        return f"`history.{place[1]}`: {TURN}"
    return f"`{'.'.join(map(str, place))}`: {found['msg']}."
