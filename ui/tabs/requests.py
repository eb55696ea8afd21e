"""What the page's script sends to the functions of the tabs, checked: it comes from a browser and is not trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.errors import PaperchatError, PaperNotFound

Request = Mapping[str, Any]
"""The arguments of one call."""
Response = dict[str, Any]
"""The reply, as JSON values."""
MOST_TEXTS = 2_000


class UnknownVisitor(PaperchatError):
    """Documents belong to somebody, and the request does not say to whom."""


def owner_of(asked: Request) -> str:
    """Whose documents these are. Raises UnknownVisitor if the browser sends neither a name nor its cookie."""
    owner = asked.get("owner")
    if not isinstance(owner, str) or not owner:
        raise UnknownVisitor(
            "Your browser keeps no cookie of this page, so nothing can be kept for you: allow cookies and reload."
        )
    return owner


def selected_ids(asked: Request) -> list[str]:
    """The ids of the selected papers. Raises PaperNotFound if there are none."""
    ids = asked.get("ids")
    found = [id for id in ids if isinstance(id, str)] if isinstance(ids, list) else []
    if not found:
        raise PaperNotFound("No paper is selected.")
    return found


def texts_of(value: object) -> list[str]:
    """The texts in a list, at most 2,000; none if it is no list."""
    return [each for each in value if isinstance(each, str)][:MOST_TEXTS] if isinstance(value, list) else []
