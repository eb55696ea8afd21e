"""The Papers tab in Gradio: one element that draws itself, and the functions on the server that it calls."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from gradio.utils import get_upload_folder

from ui.gradio.calls import server_function
from ui.html import papers as html
from ui.html.wording import Wording
from ui.server.service import Service
from ui.tabs.papers import Asked, Collection, Told

MOST_FILES = 50
NAMES = ("start", "browse", "paper", "remove", "undo", "export", "add_text", "progress", "atlas", "members")


def build(service: Service) -> None:
    """Lays out the tab; everything else happens between the page's script and these functions."""
    collection = Collection(service)

    def add_files(asked: Asked, say: Wording) -> Told:
        return collection.add_files(_uploaded(asked))

    functions = [server_function(name, getattr(collection, name)) for name in NAMES]
    gr.HTML(
        "", elem_id="pp-root", html_template="<div id='pp-frame' class='pp'></div>", apply_default_css=False,
        js_on_load=html.SCRIPT, server_functions=[*functions, server_function("add_files", add_files)],
    )  # fmt: skip


def _uploaded(asked: Asked) -> list[tuple[str, Path]]:
    """The files that the page has uploaded: never a path that lies anywhere else, whatever the page says."""
    folder = Path(get_upload_folder()).resolve()
    files = asked.get("files")
    given = [each for each in files if isinstance(each, dict)][:MOST_FILES] if isinstance(files, list) else []
    paths = [(str(each.get("name") or "file"), Path(str(each.get("path") or ""))) for each in given]
    return [(name, path) for name, path in paths if path.resolve().is_relative_to(folder) and path.is_file()]
