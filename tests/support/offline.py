"""Refuses every connection that would leave this machine, in this process; `hard` ends the process, so that nobody can swallow it."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

LOCAL = ("localhost", "127.0.0.1", "::1", "")
EXIT_CODE = 97

attempts: list[str] = []
"""What was tried so far."""


class LeftTheMachine(AssertionError):
    """Something tried to connect to another machine."""


def refuse_connections(hard: bool = False) -> None:
    real = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex")}
    look_up = socket.getaddrinfo

    def checked(name: str) -> Any:
        def connect(self: socket.socket, address: Any) -> Any:
            # Anything but a pair stands for a socket file.
            if isinstance(address, tuple):
                _check(address[0], hard)
            return real[name](self, address)

        return connect

    def getaddrinfo(host: Any, *rest: Any, **options: Any) -> Any:
        _check(host, hard)
        return look_up(host, *rest, **options)

    for name in real:
        setattr(socket.socket, name, checked(name))
    socket.getaddrinfo = getaddrinfo


def _check(host: Any, hard: bool) -> None:
    name = host.decode() if isinstance(host, bytes) else host or ""
    if name in LOCAL or name.startswith("127."):
        return
    attempts.append(name)
    if hard:
        sys.stderr.write(f"a connection to {name} was tried\n")
        sys.stderr.flush()
        os._exit(EXIT_CODE)
    raise LeftTheMachine(f"a connection to {name} was tried")
