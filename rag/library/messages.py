"""Messages between a process that owns a library and those that ask it for changes: a JSON object a line."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from io import BufferedReader
from typing import Any

SOCKET = "socket"
"""Under this name the owner's note says where it listens."""
LONGEST_LINE = 4 * 1024 * 1024
"""Bytes of a line that the owner reads."""


def send(connection: socket.socket, message: Mapping[str, object]) -> None:
    """Raises ConnectionError if nobody listens."""
    connection.sendall(json.dumps(message).encode() + b"\n")


def receive(file: BufferedReader) -> dict[str, Any]:
    """Raises ConnectionError where it was cut off or is too long, ValueError or TypeError for what is no object."""
    line = file.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise ConnectionError
    found = json.loads(line)
    if not isinstance(found, dict):
        raise TypeError
    return found
