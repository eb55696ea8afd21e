"""What somebody does on the Ask tab and what it changes there: a payload with who sent it, and new HTML for the panels."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ui.html.wording import Wording


@dataclass(frozen=True, slots=True)
class Panels:
    """New HTML for the panels of the tab; None leaves one as it is. `bridge` is JSON for the page's script."""

    head: str | None = None
    frame: str | None = None
    side: str | None = None
    settings: str | None = None
    thread: str | None = None
    live: str | None = None
    composer: str | None = None
    home: str | None = None
    sources: str | None = None
    bridge: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, and as what: `viewer` or `editor`."""

    name: str
    role: str


@dataclass(frozen=True)
class Visit:
    """Who does something, in which language, and what the browser sent with it."""

    owner: str
    say: Wording
    payload: dict[str, Any]
    account: Account | None = None

    def text(self, name: str, most: int = 200) -> str:
        value = self.payload.get(name)
        return value[:most] if isinstance(value, str) else ""


_CHANGES = iter(range(1, 1 << 62))


def script_message(**what: Any) -> str:
    """For the page's script; a number makes two like messages differ, as only a change is heard."""
    return json.dumps({**what, "n": next(_CHANGES)})
