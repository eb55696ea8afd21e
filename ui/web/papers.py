"""The Papers tab in Gradio: one element that draws itself, and the functions on the server that it calls."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from rag.errors import PaperchatError
from ui.collection import Asked, Collection, Told
from ui.page import papers as html
from ui.page.wording import Wording, accepted, wording
from ui.service import Service

MOST_FILES = 50
LOG = logging.getLogger("paperchat.papers")


def build(service: Service) -> None:
    """Lays out the tab; everything else happens between the page's script and these functions."""
    collection = Collection(service)

    def called(name: str, do: Callable[[Asked, Wording], Told]) -> Callable[..., Told]:
        def function(asked: Any, request: gr.Request) -> Told:
            say = _wording(asked, request)
            try:
                return do(asked if isinstance(asked, dict) else {}, say)
            except PaperchatError as error:
                return {"error": str(error)}
            except Exception:
                LOG.exception("papers %s", name)
                return {"error": say("papers.said.failed")}

        function.__name__ = name
        return function

    names = ("start", "browse", "paper", "remove", "undo", "export", "add_text", "progress", "atlas", "members")
    functions = [called(name, getattr(collection, name)) for name in names]
    functions.append(called("add_files", lambda asked, say: collection.add_files(_uploaded(asked))))
    gr.HTML(
        "", elem_id="pp-root", html_template="<div id='pp-frame' class='pp'></div>", apply_default_css=False,
        js_on_load=html.SCRIPT, server_functions=functions,
    )  # fmt: skip


def _uploaded(asked: Asked) -> list[tuple[str, Path]]:
    """The files that the page has uploaded: never a path that lies anywhere else, whatever the page says."""
    folder = Path(get_upload_folder()).resolve()
    given = [each for each in asked.get("files") or () if isinstance(each, dict)][:MOST_FILES]
    paths = [(str(each.get("name") or "file"), Path(str(each.get("path") or ""))) for each in given]
    return [(name, path) for name, path in paths if path.resolve().is_relative_to(folder) and path.is_file()]


def _wording(asked: Any, request: gr.Request) -> Wording:
    chosen = asked.get("language") if isinstance(asked, dict) else None
    return wording(chosen if isinstance(chosen, str) and chosen else accepted(request.headers.get("accept-language", "")))
