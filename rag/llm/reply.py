"""One reply as it arrives: its text, its cost, and whether it is whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rag.llm.faults import Fault, quoted
from rag.llm.repetition import SHORTEST, repeats

if TYPE_CHECKING:
    from rag.llm.endpoint import Endpoint

LONGEST = 60_000
"""Characters of a reply, and events without text: no answer is that long."""
CHECKED_EVERY = SHORTEST // 2

_AGAIN = "Ask again; if it stays so, look at the server's log."
_OTHERWISE = "Put the question otherwise, or use another model."


@dataclass(slots=True)
class Reply:
    """Takes the events of a stream in order; raises Fault over one that cannot lead to an answer."""

    endpoint: Endpoint
    text: str = ""
    finish: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    _refusal: str = ""
    _silent: int = 0
    _looked_at: int = field(default=0)

    def take(self, delta: str, raw: Any) -> str:
        """The new text of this event, which may be empty."""
        choice = raw.choices[0] if raw.choices else None
        if choice is not None:
            self.finish = choice.finish_reason or self.finish
            self._refusal += getattr(choice.delta, "refusal", None) or ""
        self._count(getattr(raw, "usage", None))
        self.text += delta
        self._silent += not delta
        self._check_length()
        return delta

    def check_whole(self) -> None:
        """Raises Fault unless the reply came to its own end and says something."""
        model, where = self.endpoint.model, self.endpoint.shown
        if self._refusal or self.finish == "content_filter":
            said = quoted(self._refusal, self.endpoint) if self._refusal else "a filter of the server stopped it"
            raise Fault(f"{model} refuses to answer ({said}).", _OTHERWISE)
        if self.finish is None or self.finish == "error":
            raise Fault(f"{where} broke off in the middle of the reply.", _AGAIN, again=True)
        if self.finish == "length":
            do = "Raise the server's limit (its context length), or ask for less at once."
            raise Fault(f"{model} reached its token limit in the middle of the reply.", do)
        if not self.text.strip():
            raise Fault(f"{model} returned an empty reply.", _OTHERWISE, again=True)

    def _count(self, usage: Any) -> None:
        prompt, completion = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
        if isinstance(prompt, int) and isinstance(completion, int):
            self.prompt_tokens, self.completion_tokens = prompt, completion

    def _check_length(self) -> None:
        endless = len(self.text) > LONGEST or self._silent > LONGEST
        if len(self.text) - self._looked_at >= CHECKED_EVERY:
            self._looked_at = len(self.text)
            endless = endless or repeats(self.text)
        if endless:
            raise Fault(f"{self.endpoint.model} kept repeating itself, so its reply was stopped.", _OTHERWISE)
