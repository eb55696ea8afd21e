"""uvicorn as it is run here: limits on what comes in, and answers that are finished before it ends."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable

import uvicorn

from ui.server.asgi import App
from ui.server.slow_clients import TimeoutProtocol

MOST_CONNECTIONS = 1000
BACKLOG = 128
CLOSING_SECONDS = 2


class AsgiServer(uvicorn.Server):
    """Serves an application. `finish` is called, outside the event loop, when the server is to end and before any connection is closed."""

    def __init__(self, app: App, finish: Callable[[], None]) -> None:
        # Open pages keep their streams, and somebody may be signing in: that these are cut at the end is no error to print.
        logging.getLogger("uvicorn.error").addFilter(_is_no_cut_stream)
        super().__init__(
            uvicorn.Config(
                app,
                http=TimeoutProtocol,
                ws="none",
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                limit_concurrency=MOST_CONNECTIONS,
                backlog=BACKLOG,
                timeout_graceful_shutdown=CLOSING_SECONDS,
            )
        )
        self._finish = finish

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.to_thread(self._finish)
        await super().shutdown(sockets)


def _is_no_cut_stream(record: logging.LogRecord) -> bool:
    cut = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not cut and "timeout graceful shutdown exceeded" not in record.getMessage()
