"""The openai package's client as we use it: no retries of its own, no redirects, no key where there is none, and replies of the right kind only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Self

import httpx
import openai

from rag.llm.faults import WrongContent
from rag.request_logs import hide_secrets

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionChunk

    from rag.llm.endpoint import Endpoint

CONNECT = 10.0
"""Seconds for a connection to come about; a server that is there answers in far less."""
STREAM, JSON = "text/event-stream", "application/json"
_OTHER_KINDS = ("text/html", "application/json", "text/event-stream", "image/", "application/xml", "text/xml")


def connected(endpoint: Endpoint, kind: str = STREAM) -> openai.AsyncOpenAI:
    """A client for this endpoint, whose replies must be a stream of events, or JSON."""
    hide_secrets()
    limit = httpx.Timeout(None, connect=min(CONNECT, endpoint.timeout))
    hooks: dict[str, list[Any]] = {
        "request": [] if endpoint.secret else [_without_key],
        "response": [_kind_checked(kind)],
    }
    http = httpx.AsyncClient(timeout=limit, follow_redirects=False, event_hooks=hooks)
    key = endpoint.secret or "none"  # the package insists on one
    return openai.AsyncOpenAI(api_key=key, base_url=endpoint.base_url, max_retries=0, timeout=limit, http_client=http)


async def _without_key(request: httpx.Request) -> None:
    """A server that wants no key is not sent an invented one."""
    request.headers.pop("Authorization", None)


def _kind_checked(wanted: str) -> Any:
    async def check(response: httpx.Response) -> None:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if response.status_code == 200 and kind != wanted and kind.startswith(_OTHER_KINDS):
            raise WrongContent(kind)

    return check


class LlamaIndexClient:
    """Stands between LlamaIndex and openai's client, and mends what would be lost there.

    LlamaIndex passes over a first event without text, in which a refusal or the end may stand, and fails on events without a form.
    """

    def __init__(self, client: openai.AsyncOpenAI) -> None:
        self._completions = client.chat.completions

    @property
    def chat(self) -> Self:
        return self

    @property
    def completions(self) -> Self:
        return self

    async def create(self, **request: Any) -> AsyncIterator[ChatCompletionChunk]:
        return _mended(await self._completions.create(**request))


async def _mended(stream: openai.AsyncStream[ChatCompletionChunk]) -> AsyncIterator[ChatCompletionChunk]:
    async with stream:
        async for event in stream:
            event.choices = event.choices or []
            for choice in event.choices:
                choice.delta.content = choice.delta.content or ""
            yield event
