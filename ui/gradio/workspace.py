"""The Workspace tab in Gradio: one element that draws itself, and the functions on the server that it calls."""

from __future__ import annotations

import gradio as gr

from ui.gradio.calls import server_function
from ui.html import parts
from ui.server.service import Service
from ui.tabs.drafts import Drafts
from ui.tabs.notebook import Notebook
from ui.tabs.projects import Projects
from ui.tabs.tables import Tables
from ui.tabs.workspace import Workspace

WORKSPACE = ("workspace", "delete_document", "share_document")
TABLES = (
    "tables",
    "themes",
    "table",
    "shared_table",
    "new_table",
    "add_rows",
    "add_column",
    "filling",
    "stop_filling",
    "arrange",
    "rename_table",
    "export_table",
    "cell",
)
DRAFTS = ("draft_form", "check_draft", "checking", "export_draft")
NOTEBOOK = (
    "notes",
    "keep_quote",
    "keep_cell",
    "keep_answer",
    "change_note",
    "order_notes",
    "export_notes",
    "similar_to",
    "others_say",
)
PROJECTS = ("projects", "new_project", "rename_project", "project_collections", "file_conversation", "file_table")
"""For viewers too: what is kept is their own."""


def build() -> None:
    """The place of the tab, into which the script puts its frame."""
    gr.HTML("", elem_id="pw-root", html_template="<div id='pw-home'></div>", apply_default_css=False, js_on_load=None)


def script(service: Service) -> None:
    """The tab's script and the functions on the server that it calls; outside of the tabs, as the whole page needs it."""
    workspace, tables, drafts = Workspace(service), Tables(service), Drafts(service)
    notebook, projects = Notebook(service), Projects(service)
    functions = [server_function(name, getattr(workspace, name)) for name in WORKSPACE]
    functions += [server_function(name, getattr(tables, name)) for name in TABLES]
    functions += [server_function(name, getattr(drafts, name)) for name in DRAFTS]
    functions += [server_function(name, getattr(notebook, name)) for name in NOTEBOOK]
    functions += [server_function(name, getattr(projects, name)) for name in PROJECTS]
    gr.HTML(
        "",
        elem_id="pw-bridge",
        html_template="",
        apply_default_css=False,
        js_on_load=parts.loader("workspace", idle=True),
        server_functions=functions,
    )
