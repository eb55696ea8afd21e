"""Functions that a tab's script calls on the server: one value in, one value out, and every error a sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr

from rag.errors import PaperchatError
from ui.html.wording import LANGUAGES, Wording, accepted, wording
from ui.server.visitors import KEY, Visitor

Do = Callable[[Mapping[str, Any], Wording], dict[str, Any]]
LOG = logging.getLogger("paperchat.page")


def server_function(name: str, do: Do, changes: bool = False) -> Callable[..., dict[str, Any]]:
    """A function of this name for `gr.HTML`; what goes wrong comes back as `error`, and what nobody foresaw is logged as well.

    One that `changes` something is for editors only. `may_change` and `owner` among what was asked are this server's word, whatever was sent.
    """

    def function(asked: Any, request: gr.Request) -> dict[str, Any]:
        visitor = visitor_of(request)
        given = {**(asked if isinstance(asked, dict) else {}), "may_change": visitor.may_change, "owner": visitor.owner}
        say = _wording(given, request)
        if changes and not visitor.may_change:
            return {"error": say("account.noteditor")}
        try:
            return do(given, say)
        except PaperchatError as error:
            return {"error": say.error(error)}
        except Exception:  # the last place that can report it
            LOG.exception("%s failed", name)
            return {"error": say("papers.said.failed")}

    function.__name__ = name
    return function


def visitor_of(request: gr.Request) -> Visitor:
    """Who the guard before the application says it is; nobody, who may change nothing, where there is no guard."""
    plain = getattr(request, "request", request)  # Gradio hands on its own wrapper, or the request itself
    found = plain.scope.get(KEY) if plain is not None else None
    return found if isinstance(found, Visitor) else Visitor()


def _wording(asked: Mapping[str, Any], request: gr.Request) -> Wording:
    """In the language that the page is shown in, else the browser's."""
    chosen = asked.get("language")
    return wording(
        chosen if isinstance(chosen, str) and chosen in LANGUAGES else accepted(request.headers.get("accept-language", ""))
    )
