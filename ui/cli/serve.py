"""The commands that serve: the page for people, tools for programs."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli import output
from ui.cli.session import opened, tell_notices
from ui.cli.termination import interruptible_input

if TYPE_CHECKING:
    from ui.server.lifecycle import Address
    from ui.server.service import Service

LAST_WRITES = 1.0
"""Seconds that a finished answer gets to be written before the tools' input ends."""


def serve(
    context: typer.Context,
    host: Annotated[
        str, typer.Option(help="Address to listen on; one that other machines reach needs --auth-file or --open-to-all.")
    ] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="Port; without one, the first free from 7860 on.", min=0, max=65535)] = None,
    auth_file: Annotated[
        Path | None,
        typer.Option(
            help="Who may sign in: `name:hash` or `name:hash:role` lines, hashes as `htpasswd -B` writes them; the role is viewer or editor.",
            metavar="FILE",
        ),
    ] = None,
    root_path: Annotated[str, typer.Option(help="Path under which a proxy serves the page.", metavar="PATH")] = "",
    open_to_all: Annotated[
        bool, typer.Option("--open-to-all", help="Let everybody who reaches the address read and ask, without signing in.")
    ] = False,
    allowed_host: Annotated[
        list[str] | None, typer.Option(help="A further name of this server; may be repeated.", metavar="NAME")
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(help="A site whose pages may use the functions for programs; may be repeated.", metavar="URL"),
    ] = None,
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option(
            help="Address of a proxy whose X-Forwarded headers count; with --root-path this machine's.", metavar="ADDRESS"
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Processes that answer questions beside the page's own, one a core at most.", min=0, max=64)
    ] = 0,
    browse: Annotated[bool, typer.Option("--browse", help="Open it in a browser, where there is one.")] = False,
) -> None:
    """Serve the chat page."""
    from ui.server.lifecycle import Address

    hosts, origins, proxies = (tuple(each or ()) for each in (allowed_host, allow_origin, trusted_proxy))
    _run(context, Address(host, port, root_path, auth_file, open_to_all, hosts, origins, proxies, workers), browse)


def page(context: typer.Context) -> None:
    """The page for the person at this machine, opened in a browser where there is one."""
    from ui.server.lifecycle import Address

    _run(context, Address(), browse=True)


def _run(context: typer.Context, address: Address, browse: bool) -> None:
    from ui.server import lifecycle as serving

    warning = serving.check(address)
    if warning:
        output.warn(warning)
    with serving.ending(), opened(context) as paperchat:
        tell_notices(paperchat)

        def tell(where: str) -> None:
            tell_notices(paperchat)
            output.say(f"Paperchat is at {where} (Ctrl-C ends it).")

        serving.serve(paperchat, address, tell, browse)


def _finish(service: Service) -> None:
    """Lets the answers under way be finished or stopped, and written."""
    from ui.server.lifecycle import LAST_ANSWERS

    service.finish(LAST_ANSWERS)
    time.sleep(LAST_WRITES)


def mcp(context: typer.Context) -> None:
    """Serve tools for language models over standard input and output (Model Context Protocol)."""
    from ui.server.service import Service
    from ui.server.tools import tool_server

    with opened(context) as paperchat:
        tell_notices(paperchat)
        service = Service.over(paperchat)
        tell_notices(paperchat)
        try:
            with interruptible_input(partial(_finish, service)):
                tool_server(service, local=True).run("stdio")
        finally:
            service.close()
