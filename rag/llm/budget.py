"""Asks a language model on behalf of one question, and counts what it costs: requests and tokens."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TypeVar, cast

from rag.errors import ModelFailed
from rag.protocols import LanguageModel
from rag.types import Event, Message, Noticed, Usage

T = TypeVar("T")
FOR_THE_REPLY = 1024
"""Tokens of the context that are kept for the reply, or a third of a small context."""
A_MESSAGE = 8
"""Tokens that a message takes besides its text, generously."""


@dataclass
class Meter:
    """One question's use of a model. `notices` collects what the model reports while it works, such as retries."""

    model: LanguageModel
    temperature: float | None = None
    notices: list[str] = field(default_factory=list)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    requests: int = 0

    @property
    def usage(self) -> Mapping[str, int]:
        """Empty if the model was not asked."""
        if not self.requests:
            return {}
        return {"prompt_tokens": self.prompt_tokens, "completion_tokens": self.completion_tokens, "requests": self.requests}

    def size(self, messages: Sequence[Message]) -> int:
        return sum(self.model.count_tokens(message.text) + A_MESSAGE for message in messages)

    def fits(self, messages: Sequence[Message]) -> bool:
        """Whether the prompt leaves room for a reply in the model's context."""
        window = self.model.context_window
        return self.size(messages) <= window - min(FOR_THE_REPLY, window // 3)

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The reply in pieces; closing the iterator ends the request. Raises ModelFailed."""
        if not self.fits(messages):
            raise ModelFailed(
                f"The question and its evidence do not fit into the {self.model.context_window} tokens that {self.model.name} can read. "
                "Ask a shorter question, or choose a model with a larger context."
            )
        self.requests += 1
        usage, written = None, 0
        reply = cast(
            "Generator[str | Usage]", self.model.stream(messages, temperature=self.temperature, tell=self.notices.append)
        )
        try:
            with closing(reply):
                for piece in reply:
                    if isinstance(piece, Usage):
                        usage = piece
                    else:
                        written += len(piece)
                        yield piece
        finally:
            self.prompt_tokens += usage.prompt_tokens if usage else self.size(messages)
            self.completion_tokens += usage.completion_tokens if usage else -(-written // 4)

    def text(self, messages: Sequence[Message], most: int) -> str:
        """The whole reply, or its first `most` characters; notices stay in `notices`."""
        return returned(self._read(messages, most, lambda: ()))

    def text_with_notices(self, messages: Sequence[Message], most: int) -> Generator[Event, None, str]:
        """The same, with notices as soon as they arrive."""
        return self._read(messages, most, self.noticed)

    def noticed(self) -> Iterator[Event]:
        """Notices since the last call."""
        while self.notices:
            yield Noticed(self.notices.pop(0))

    def _read(
        self, messages: Sequence[Message], most: int, notices: Callable[[], Iterable[Event]]
    ) -> Generator[Event, None, str]:
        found = ""
        with closing(cast("Generator[str]", self.stream(messages))) as pieces:
            for piece in pieces:
                yield from notices()
                found += piece
                if len(found) >= most:
                    break
        return found[:most]


def returned(work: Generator[Event, None, T]) -> T:
    """What the work comes to, without its events."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            value: T = end.value
            return value
