"""When to ask again: how often, and after how long a pause."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from rag.llm.background import BEAT


@dataclass(frozen=True, slots=True)
class Retry:
    """`attempts` in all. The pause doubles from `base` seconds with full jitter; a server's own wish is kept up to `longest` seconds."""

    attempts: int = 3
    base: float = 1.0
    longest: float = 30.0
    chance: Callable[[], float] = random.random

    def pause(self, attempt: int, wished: float | None) -> float | None:
        """Seconds before the attempt after this one (from 1); None if one should not ask again."""
        if attempt >= self.attempts or (wished is not None and wished > self.longest):
            return None
        return float(min(self.longest, (wished or 0.0) + self.chance() * self.base * 2 ** (attempt - 1)))


def waiting(seconds: float) -> Iterator[None]:
    """Lets that time pass in short beats, between which the caller may stop."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        yield None
        time.sleep(min(BEAT, left))


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that the server wants to be left alone (RFC 9110, 10.2.3: seconds or a date; OpenAI's retry-after-ms); None if it does not say."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers[name]) * unit)
        except (KeyError, ValueError):
            continue
    try:
        date = parsedate_to_datetime(headers["retry-after"])
        return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())
    except (KeyError, ValueError, TypeError):
        return None
