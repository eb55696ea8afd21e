"""A language model behind OpenAI's protocol, through LlamaIndex's `OpenAILike` and the openai package."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import closing
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from rag.errors import ModelFailed
from rag.llm.background import BEAT, arriving
from rag.llm.faults import Fault, explained, quoted
from rag.llm.reply import Reply
from rag.llm.retry import Retry, waiting
from rag.llm.tokens import estimate
from rag.types import Message, Usage

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage
    from llama_index.llms.openai_like import OpenAILike

    from rag.llm.endpoint import Endpoint

Tell = Callable[[str], None]
CONTEXT = 8_192
"""Tokens taken for granted where nobody says otherwise."""
AFTER_THE_END = 2.0
"""Seconds that a complete reply waits for its usage."""


class ChatModel:
    """A LanguageModel. Nothing is imported or contacted before the first reply is asked for; safe to share between threads."""

    def __init__(
        self, endpoint: Endpoint, context_window: int = CONTEXT, temperature: float | None = 0.0, retry: Retry | None = None
    ) -> None:
        self.endpoint = endpoint
        self._context_window = context_window
        self._temperature = temperature
        self._retry = retry or Retry()
        self._not_taken: set[str] = set()

    @property
    def name(self) -> str:
        return self.endpoint.model

    @property
    def context_window(self) -> int:
        return self._context_window

    def count_tokens(self, text: str) -> int:
        return estimate(text)

    def stream(
        self, messages: Sequence[Message], *, temperature: float | None = None, tell: Tell | None = None
    ) -> Iterator[str | Usage]:
        """The reply in pieces, then its usage. While nothing comes, empty pieces let the caller stop; closing ends the request.

        Asks again, up to three times in all, as long as no text was passed on. Raises ModelFailed.
        """
        if problem := self.endpoint.problem():
            raise ModelFailed(problem)
        attempt = 1
        while True:
            reply = Reply(self.endpoint)
            try:
                yield from self._reply(messages, self._temperature if temperature is None else temperature, reply)
                return
            except Fault as fault:
                if fault.option and fault.option not in self._not_taken:
                    self._not_taken.add(fault.option)
                    continue
                pause = self._retry.pause(attempt, fault.rest) if fault.again and not reply.text.strip() else None
                if pause is None:
                    raise fault.failure() from None
                attempt += 1
                if tell is not None:
                    tell(f"{fault.what} Asking again (attempt {attempt} of {self._retry.attempts}).")
                yield from ("" for _ in waiting(pause))

    def _reply(self, messages: Sequence[Message], temperature: float | None, reply: Reply) -> Iterator[str | Usage]:
        source = partial(self._events, self._llm, messages, temperature)
        silent = 0.0
        try:
            with closing(arriving(source)) as events:
                for event in events:
                    silent = 0.0 if event is not None else silent + BEAT
                    if silent >= (self.endpoint.timeout if reply.finish is None else AFTER_THE_END):
                        raise _silence(self.endpoint, bool(reply.text))
                    yield reply.take(*event) if event is not None else ""
        except Exception as error:  # noqa: BLE001 (whatever the libraries raise becomes a sentence)
            # After the last word only the bill is still to come.
            if reply.finish is None:
                raise explained(error, self.endpoint) from None
        reply.check_whole()
        yield self._usage(messages, reply)

    async def _events(
        self, llm: OpenAILike, messages: Sequence[Message], temperature: float | None
    ) -> AsyncIterator[tuple[str, Any]]:
        """New text and openai's own event, for each event."""
        from openai import omit

        options = {
            "temperature": omit if temperature is None or "temperature" in self._not_taken else temperature,
            "stream_options": omit if "stream_options" in self._not_taken else {"include_usage": True},
        }
        async for response in await llm.astream_chat(_chat_messages(messages), **options):
            yield response.delta or "", response.raw

    def _usage(self, messages: Sequence[Message], reply: Reply) -> Usage:
        if reply.prompt_tokens is not None and reply.completion_tokens is not None:
            return Usage(reply.prompt_tokens, reply.completion_tokens)
        return Usage(sum(self.count_tokens(each.text) for each in messages), self.count_tokens(reply.text), estimated=True)

    @cached_property
    def _llm(self) -> OpenAILike:
        """Retries are ours (LlamaIndex and openai each have their own, which multiply), and so is counting tokens."""
        from llama_index.llms.openai_like import OpenAILike

        from rag.llm.client import LlamaIndexClient, connected

        settings: dict[str, Any] = {
            "model": self.endpoint.model,
            "api_base": self.endpoint.base_url,
            "api_key": "none",  # the client has it; LlamaIndex would show it in its repr
            "context_window": self._context_window,
            "is_chat_model": True,
            "max_retries": 0,
            "async_openai_client": LlamaIndexClient(connected(self.endpoint)),
        }
        try:
            return OpenAILike(**settings)
        except ValueError as error:
            said = quoted(str(error), self.endpoint)
            raise ModelFailed(f"{self.name} cannot be used for chats ({said}). Set PAPERCHAT_MODEL to another model.") from None


def _chat_messages(messages: Sequence[Message]) -> list[ChatMessage]:
    from llama_index.core.llms import ChatMessage

    return [ChatMessage(role=each.role, content=each.text) for each in messages]


def _silence(endpoint: Endpoint, in_the_middle: bool) -> Fault:
    how = "stopped in the middle of its reply and was" if in_the_middle else "did not begin to answer and was"
    do = "Ask again, use a faster model, or raise PAPERCHAT_TIMEOUT (seconds)."
    return Fault(f"{endpoint.model} at {endpoint.shown} {how} silent for {endpoint.timeout:g} s.", do)
