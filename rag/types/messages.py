"""What goes to a language model, and what its reply cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat with a language model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What a reply cost, in tokens; `estimated` where the server did not say and the numbers are our own count."""

    prompt_tokens: int
    completion_tokens: int
    estimated: bool = False
