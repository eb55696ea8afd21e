"""Functions that a tab's script calls on the server: one value in, one value out, and every error a sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr

from rag.errors import PaperchatError
from ui.html.wording import LANGUAGES, Wording, accepted, wording

Do = Callable[[Mapping[str, Any], Wording], dict[str, Any]]
LOG = logging.getLogger("paperchat.page")


def server_function(name: str, do: Do) -> Callable[..., dict[str, Any]]:
    """A function of this name for `gr.HTML`; what goes wrong comes back as `error`, and what nobody foresaw is logged as well."""

    def function(asked: Any, request: gr.Request) -> dict[str, Any]:
        given = asked if isinstance(asked, dict) else {}
        say = _wording(given, request)
        try:
            return do(given, say)
        except PaperchatError as error:
            return {"error": str(error)}
        except Exception:  # the last place where one can be told instead of nothing happening
            LOG.exception("%s failed", name)
            return {"error": say("papers.said.failed")}

    function.__name__ = name
    return function


def _wording(asked: Mapping[str, Any], request: gr.Request) -> Wording:
    """In the language that the page is shown in, else the browser's."""
    chosen = asked.get("language")
    return wording(chosen if chosen in LANGUAGES else accepted(request.headers.get("accept-language", "")))
