"""What a person set on the page, as far as it makes sense. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ui.html.wording import LANGUAGES

DEFAULTS: dict[str, Any] = {
    "writer": "quotes",
    "temperature": 0.2,
    "sources": 10,
    "strict": False,
    "language": "",
    "theme": "system",
}


def cleaned(given: Mapping[str, Any]) -> dict[str, Any]:
    """Every preference with a value that can be used; unknown names go."""
    return {
        "writer": given.get("writer") if given.get("writer") in ("quotes", "model") else DEFAULTS["writer"],
        "temperature": _number(given.get("temperature"), 0.0, 2.0, DEFAULTS["temperature"]),
        "sources": int(_number(given.get("sources"), 5, 50, DEFAULTS["sources"])),
        "strict": given.get("strict") is True,
        "language": given.get("language") if given.get("language") in tuple(LANGUAGES) else "",
        "theme": given.get("theme") if given.get("theme") in ("light", "dark") else "system",
    }


def _number(value: object, low: float, high: float, default: float) -> float:
    try:
        number = float(str(value))
    except ValueError:
        return default
    return min(max(number, low), high) if number == number else default
