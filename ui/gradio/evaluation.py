"""The Evaluation tab in Gradio: one element that draws itself, and the functions on the server that it calls."""

from __future__ import annotations

import gradio as gr

from ui.gradio.calls import server_function
from ui.html import parts
from ui.server.service import Service
from ui.tabs.evaluation import EvaluationTab

READING = ("start", "show", "cases", "compare", "progress")
CHANGING = ("begin",)
"""For editors only."""


def build(service: Service) -> None:
    """Lays out the tab; everything else happens between the page's script and these functions."""
    measuring = EvaluationTab(service)
    functions = [server_function(name, getattr(measuring, name)) for name in READING]
    functions += [server_function(name, getattr(measuring, name), changes=True) for name in CHANGING]
    gr.HTML(
        "", elem_id="pe-root", html_template="<div id='pe-frame' class='pe'></div>", apply_default_css=False,
        js_on_load=parts.loader("evaluation"), server_functions=functions,
    )  # fmt: skip
