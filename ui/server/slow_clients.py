"""Closes connections whose request never comes: uvicorn waits for the head of a request without end."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = 15.0
"""From the connection, or from the first byte of a further request, to the end of the request's head."""
LARGEST_HEAD = 65_536
"""Bytes of it."""

_Base: Any = AutoHTTPProtocol


class TimeoutProtocol(_Base):  # type: ignore[misc]
    """uvicorn's protocol with limits of time and size for the head of each request."""

    seconds = HEAD_SECONDS
    _timer: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        if self._timer is None and self._idle():
            self._wait()
        super().data_received(data)
        if not self._idle():
            self._stop()
            return
        self._head += len(data)
        if self._head > LARGEST_HEAD:
            self._give_up()

    def connection_lost(self, error: Exception | None) -> None:
        self._stop()
        super().connection_lost(error)

    def _idle(self) -> bool:
        """Whether no request is under way."""
        return self.cycle is None or cast(bool, self.cycle.response_complete)

    def _wait(self) -> None:
        self._head = 0
        self._timer = self.loop.call_later(self.seconds, self._give_up)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self._idle() and not self.transport.is_closing():
            self.transport.close()
