"""The Papers tab in Gradio: one element that draws itself, and the functions on the server that it calls."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from ui.gradio.calls import server_function
from ui.html import parts
from ui.html.wording import Wording
from ui.server.service import Service
from ui.server.uploads import Uploads
from ui.tabs.collections import NamedCollections
from ui.tabs.imports import Imports
from ui.tabs.papers import Papers
from ui.tabs.requests import Request, Response

MOST_FILES = 50
READING = ("start", "browse", "paper", "export", "atlas", "members")
CHANGING = ("remove", "undo")
IMPORTING = ("undo_import", "add_text", "fetch_text", "add_looked", "drop_looked")
COLLECTIONS = ("collect", "uncollect", "rename_collection", "remove_collection")
"""All but the first are for editors only; whatever is new belongs to one of these."""


def build(service: Service, uploads: Uploads) -> None:
    """Lays out the tab; everything else happens between the page's script and these functions."""
    papers, imports, named = Papers(service), Imports(service), NamedCollections(service)

    def add_files(asked: Request, say: Wording) -> Response:
        files = _uploaded(asked, uploads)
        preview = asked.get("preview") is True
        return imports.add_files(files, lambda: uploads.remove(path for _, path in files), preview)

    functions = [server_function(name, getattr(papers, name)) for name in READING]
    functions.append(server_function("progress", imports.progress))
    for part, names in ((papers, CHANGING), (imports, IMPORTING), (named, COLLECTIONS)):
        functions += [server_function(name, getattr(part, name), changes=True) for name in names]
    functions.append(server_function("add_files", add_files, changes=True))
    gr.HTML(
        "", elem_id="pp-root", html_template="<div id='pp-frame' class='pp'></div>", apply_default_css=False,
        js_on_load=parts.loader("papers"), server_functions=functions,
    )  # fmt: skip


def _uploaded(asked: Request, uploads: Uploads) -> list[tuple[str, Path]]:
    """The files that the page has uploaded: never a path that lies anywhere else, whatever the page says."""
    files = asked.get("files")
    given = [each for each in files if isinstance(each, dict)][:MOST_FILES] if isinstance(files, list) else []
    paths = [(str(each.get("name") or "file"), Path(str(each.get("path") or ""))) for each in given]
    return [(name, path) for name, path in paths if uploads.holds(path)]
