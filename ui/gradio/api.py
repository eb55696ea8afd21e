"""The page's functions for programs: Gradio's API and, by the same names, tools on the page's MCP server."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import gradio as gr
from gradio.events import api as endpoint

from rag.errors import PaperchatError
from ui.server.service import Service
from ui.server.tools import tools


def build(service: Service) -> None:
    """Each tool becomes an endpoint of its name."""
    for tool in tools(service):
        endpoint(_explained(tool), api_name=tool.__name__, concurrency_limit=4, concurrency_id="api")


def _explained(tool: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(tool)
    def explained(*given: Any, **named: Any) -> Any:
        try:
            return tool(*given, **named)
        except PaperchatError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return explained
