"""Serves the page: which addresses are safe, the server's life from start to a clean end, and the browser that is opened for it."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import PaperchatError

if TYPE_CHECKING:
    from rag.build import Paperchat

FIRST_PORT = 7860
PORTS = 20


class CannotServe(PaperchatError):
    """The page cannot be served at this address, or not safely."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the page is served. `port` None takes the first free one from 7860 on, 0 any free one."""

    host: str = "127.0.0.1"
    port: int | None = None
    root_path: str = ""
    auth_file: Path | None = None
    open_to_all: bool = False


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check(address: Address) -> str | None:
    """A warning to print, if there is one to give. Raises CannotServe where others would reach a page without signing in by oversight."""
    if address.root_path and (not address.root_path.startswith("/") or address.root_path.endswith("/")):
        raise CannotServe(f"--root-path {address.root_path} must begin with / and not end with it, as in /papers.")
    if is_loopback(address.host) or address.auth_file is not None:
        return None
    if not address.open_to_all:
        raise CannotServe(
            f"{address.host} can be reached by other machines, and nobody would have to sign in. Give --auth-file FILE, "
            "or --open-to-all if everybody who reaches it may read, ask and change the papers."
        )
    return (
        f"Everybody who reaches {address.host} can read, ask and change the papers without signing in, and nothing is encrypted."
    )


def listening(address: Address) -> socket.socket:
    """A socket that listens. Raises CannotServe where the port is taken or the address is not this machine's."""
    ports = range(FIRST_PORT, FIRST_PORT + PORTS) if address.port is None else (address.port,)
    last: OSError | None = None
    for port in ports:
        bound = socket.socket(socket.AF_INET6 if ":" in address.host else socket.AF_INET)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((address.host, port))
            bound.listen(128)  # who comes before the server is up waits instead of being refused
            return bound
        except OSError as error:
            bound.close()
            last = error
    reason = (last.strerror or str(last)) if last else "no port"
    raise CannotServe(f"{address.host}:{ports[0]} cannot be listened on ({reason}). Choose another --port or --host.")


def url_of(bound: socket.socket, address: Address) -> str:
    host, port = bound.getsockname()[:2]
    shown = "localhost" if is_loopback(host) else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}{address.root_path}/"


def serve(paperchat: Paperchat, address: Address, tell: Callable[[str], None], browse: bool = False) -> None:
    """Serves until it is interrupted; then questions are stopped, and conversations and the library are closed in order.

    The library is closed by whoever opened it, after this returns.
    """
    from ui.server.passwords import read_passwords
    from ui.server.service import Service

    passwords = read_passwords(address.auth_file) if address.auth_file else None
    with listening(address) as bound:
        service = Service.over(paperchat)
        try:
            import uvicorn

            from ui.gradio.app import Served, application

            app = application(service, Served(address.host, passwords, address.root_path))
            config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=3, server_header=False)
            where = url_of(bound, address)
            tell(where)
            if browse:
                threading.Thread(target=_open_browser, args=(where,), daemon=True).start()
            uvicorn.Server(config).run(sockets=[bound])
        finally:
            service.close()


def _open_browser(where: str) -> None:
    import webbrowser

    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    webbrowser.open(where)
