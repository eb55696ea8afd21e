"""One request whose reply is not a stream: asked in the background, given up when silent, asked again where that may help."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

from rag.errors import ModelFailed
from rag.llm.background import BEAT, arriving
from rag.llm.faults import Fault, explained
from rag.llm.retry import Retry, waiting

if TYPE_CHECKING:
    import openai

    from rag.llm.endpoint import Endpoint

T = TypeVar("T")


def answered(
    endpoint: Endpoint, client: openai.AsyncOpenAI, ask: Callable[[openai.AsyncOpenAI], Awaitable[T]], retry: Retry
) -> T:
    """What `ask` gives for the client. Raises ModelFailed; an interrupt ends the request."""
    attempt = 1
    while True:
        try:
            return _once(endpoint, client, ask)
        except Fault as fault:
            pause = retry.pause(attempt, fault.rest) if fault.again else None
            if pause is None:
                raise fault.failure() from None
        attempt += 1
        for _ in waiting(pause):
            pass


def client_of(endpoint: Endpoint) -> openai.AsyncOpenAI:
    """A client for such requests. Raises ModelFailed if the endpoint cannot be used at all."""
    if problem := endpoint.problem():
        raise ModelFailed(problem)
    from rag.llm.client import JSON, connected

    return connected(endpoint, JSON)


def _once(endpoint: Endpoint, client: openai.AsyncOpenAI, ask: Callable[[openai.AsyncOpenAI], Awaitable[T]]) -> T:
    async def source() -> AsyncIterator[T]:
        yield await ask(client)

    silent = 0.0
    try:
        with closing(arriving(source)) as replies:
            for reply in replies:
                if reply is not None:
                    return reply
                silent += BEAT
                if silent >= endpoint.timeout:
                    do = "Try again, or raise PAPERCHAT_TIMEOUT (seconds)."
                    raise Fault(f"{endpoint.shown} did not respond for {endpoint.timeout:g} s.", do)
    except Exception as error:  # noqa: BLE001 (whatever the libraries raise becomes a sentence)
        raise explained(error, endpoint) from None
    raise Fault(f"{endpoint.shown} did not reply.", "Ask again; is the server still running?", again=True)
