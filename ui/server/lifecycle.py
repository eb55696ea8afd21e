"""Serves the page: which addresses are safe, the server's life from start to a clean end, and the browser that is opened for it."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from rag.errors import PaperchatError
from ui.server.hosts import LOOPBACK, Hosts, host_name, is_loopback

if TYPE_CHECKING:
    from rag.paperchat import Paperchat
    from ui.server.middleware import Access

FIRST_PORT = 7860
PORTS = 20
LAST_ANSWERS = 5.0
"""Seconds that answers get to be finished when the server is to end; what still runs then is stopped, and its page says so."""


class CannotServe(PaperchatError):
    """The page cannot be served at this address, or not safely."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the page is served. `port` None takes the first free one from 7860 on, 0 any free one.

    `allowed_hosts` are further names of this server, `allowed_origins` sites whose pages may use its functions, `trusted_proxies`
    addresses whose forwarding headers are believed. `workers` processes answer the questions, if there are any.
    """

    host: str = "127.0.0.1"
    port: int | None = None
    root_path: str = ""
    auth_file: Path | None = None
    open_to_all: bool = False
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    workers: int = 0

    @property
    def hosts(self) -> Hosts:
        """Behind a root path there is a proxy; without another word it is on this machine."""
        proxies = self.trusted_proxies or (LOOPBACK[1:] if self.root_path else ())
        return Hosts(self.host, self.allowed_hosts, self.allowed_origins, proxies)


def check(address: Address) -> str | None:
    """A warning to print, if there is one to give. Raises CannotServe if others would reach a page without signing in by oversight."""
    _check_names(address)
    if is_loopback(address.host) or address.auth_file is not None:
        return None
    if not address.open_to_all:
        raise CannotServe(
            f"{address.host} can be reached by other machines, and nobody would have to sign in. Give --auth-file FILE, "
            "or --open-to-all if everybody who reaches it may read and ask."
        )
    return f"Everybody who reaches {address.host} can read and ask without signing in, and nothing is encrypted."


def _check_names(address: Address) -> None:
    if address.root_path and (not address.root_path.startswith("/") or address.root_path.endswith("/")):
        raise CannotServe(f"--root-path {address.root_path} must begin with / and not end with it, as in /papers.")
    for name in address.allowed_hosts:
        if host_name(name) is None:
            raise CannotServe(f"--allowed-host {name} is no name of a server. Give one such as papers.example.org.")
    for origin in address.allowed_origins:
        scheme, found, rest = origin.partition("://")
        if not found or scheme not in ("http", "https") or host_name(rest) is None or origin != origin.lower():
            raise CannotServe(f"--allow-origin {origin} is no site. Give one such as https://example.org.")


def listening(address: Address) -> socket.socket:
    """A socket that listens. Raises CannotServe if the port is taken or the address is not this machine's."""
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
    """Serves until a signal ends it; then answers are finished or stopped, and conversations and the library closed in order.

    The library is closed by whoever opened it, after this returns.
    """
    from ui.server.service import Service

    access = _access(address)
    with listening(address) as bound:
        service = Service.over(paperchat, address.workers)
        try:
            os.environ.setdefault("GRADIO_TEMP_DIR", str(service.folder / "uploads"))  # read when Gradio is imported
            from ui.gradio.app import application
            from ui.server.asgi_server import AsgiServer

            server = AsgiServer(application(service, access), lambda: service.finish(LAST_ANSWERS))
            where = url_of(bound, address)
            tell(where)
            if browse:
                threading.Thread(target=_open_browser, args=(where,), daemon=True).start()
            server.run(sockets=[bound])
        finally:
            service.close()


def _access(address: Address) -> Access:
    from ui.server.middleware import Access
    from ui.server.passwords import read_passwords
    from ui.server.sign_in import SignIn

    sign_in = SignIn(read_passwords(address.auth_file)) if address.auth_file else None
    return Access(address.hosts, sign_in, address.root_path)


class Ended(SystemExit):
    """A signal ended the process: it shuts down in order, with exit code 0."""


@contextmanager
def ending() -> Iterator[None]:
    """Within it Ctrl-C and SIGTERM end the block as if it were done; both are passed over while it is being left."""

    def end(number: int, frame: FrameType | None) -> NoReturn:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        raise Ended(0)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _open_browser(where: str) -> None:
    import webbrowser

    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    webbrowser.open(where)
