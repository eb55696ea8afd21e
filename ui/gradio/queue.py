"""Gradio's queue with a share for each visitor, so that nobody fills it alone."""

from __future__ import annotations

from inspect import signature
from typing import Any

import gradio as gr
from fastapi import HTTPException, Request

from ui.server.limits import MOST_OPEN, MOST_QUESTIONS, too_many
from ui.server.visitors import KEY, Visitor

QUESTIONS = ("ask", "api")
"""By their `concurrency_id`: what counts as a question. Everything else is a press of a button, and quick."""


def share_fairly(page: gr.Blocks) -> None:
    """From now on a visitor who has too many questions waiting or being answered is refused one more, with a sentence."""
    queue: Any = page._queue
    push = queue.push

    async def shared(body: Any, request: Request, username: str | None) -> Any:
        fn = page.fns.get(body.fn_index)
        if fn is None:
            raise HTTPException(422, "The request names no function.")
        body.data = _filled(fn, body.data)
        asks = _is_question(fn)
        mine = [event for event in queue.event_ids_to_events.values() if _share(event.request) == _share(request)]
        count = sum(_is_question(event.fn) == asks for event in mine)
        if count >= (MOST_QUESTIONS if asks else MOST_OPEN):
            raise HTTPException(429, too_many(count))
        return await push(body=body, request=request, username=username)

    queue.push = shared


def _filled(fn: Any, data: list[Any]) -> list[Any]:
    """The values with the defaults of those that were left out at the end."""
    left = list(signature(fn.fn).parameters.values())[len(data) : len(fn.inputs)]
    missing = [each.name for each in left if each.default is each.empty]
    if missing:
        raise HTTPException(422, f"The list `data` lacks values for: {', '.join(missing)}.")
    return [*data, *(each.default for each in left)]


def _is_question(fn: Any) -> bool:
    return getattr(fn, "concurrency_id", None) in QUESTIONS


def _share(request: Request) -> str:
    visitor = request.scope.get(KEY)
    return (visitor if isinstance(visitor, Visitor) else Visitor()).share
