"""The page's functions for programs: Gradio's API and, by the same names, tools on the page's MCP server."""

from __future__ import annotations

from functools import partial

import gradio as gr
from gradio.events import api as endpoint

from ui.server.service import Service
from ui.server.tools import explained, tools


def build(service: Service) -> None:
    """Each tool becomes an endpoint of its name."""
    error_of = partial(gr.Error, print_exception=False)
    for tool in tools(service):
        endpoint(explained(tool, error_of), api_name=tool.__name__, concurrency_limit=4, concurrency_id="api")
