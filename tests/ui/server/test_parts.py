"""The page's style sheet and scripts as files, and the page itself: what comes, how much of it, and what is only loaded later."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.html import parts
from ui.html.shell import HEAD
from ui.server.parts import Document, part

PAGE = "<!doctype html><html><head><title>x</title></head><body></head></body></html>"


async def page(request: Any) -> HTMLResponse:
    return HTMLResponse(PAGE)


async def other(request: Any) -> PlainTextResponse:
    return PlainTextResponse("as it is </head>")


@pytest.fixture
def client() -> TestClient:
    inside = Starlette(routes=[Route("/", page), Route("/other", other), Route(f"{parts.PATH}{{name}}", part)])
    return TestClient(Document(inside, "<link>"))


@pytest.mark.parametrize("name", parts.NAMES)
@pytest.mark.parametrize("accepted", ["gzip, br", "identity", "gzip;q=0, *"])
def test_a_part_comes_as_it_is_and_may_be_kept_for_good(client: TestClient, name: str, accepted: str) -> None:
    got = client.get(f"{parts.PATH}{name}", headers={"accept-encoding": accepted})
    assert got.text == parts.text(name)
    assert got.headers.get("content-encoding", "") == ("gzip" if accepted == "gzip, br" else "")
    assert got.headers["content-type"] == parts.TYPES[name.rpartition(".")[2]]
    assert "immutable" in got.headers["cache-control"]


@pytest.mark.parametrize("name", ["en.json", "tokens.css", "..%2Fparts.py", "page", "page.js.map"])
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"{parts.PATH}{name}").status_code == 404


def test_another_text_has_another_address(monkeypatch: pytest.MonkeyPatch) -> None:
    before = parts.address("page.js")
    parts.address.cache_clear()
    monkeypatch.setattr(parts, "text", lambda name: "changed")
    assert parts.address("page.js") != before
    parts.address.cache_clear()


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_the_page_has_its_head_once_and_comes_compressed(client: TestClient, accepted: str) -> None:
    got = client.get("/", headers={"accept-encoding": accepted})
    assert got.text == PAGE.replace("</head>", "<link></head>", 1)
    assert got.headers.get("content-encoding", "") == ("gzip" if accepted == "gzip" else "")
    assert client.get("/other").text == "as it is </head>"
    assert client.post("/").status_code == 405


def test_a_page_that_comes_in_pieces_is_put_together() -> None:
    async def pieces(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        for piece in (b"<head></he", b"ad>", b"<body>"):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    sent: list[Any] = []

    async def run() -> None:
        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/below/", "root_path": "/below", "headers": [(b"accept-encoding", b"gzip")]}  # fmt: skip
        await Document(pieces, "<link>")(scope, None, send)  # type: ignore[arg-type]

    asyncio.run(run())
    assert gzip.decompress(sent[1]["body"]) == b"<head><link></head><body>"
    assert dict(sent[0]["headers"])[b"content-length"] == str(len(sent[1]["body"])).encode()


def test_the_head_names_what_the_first_look_needs_and_no_more() -> None:
    assert parts.address("page.css") in HEAD
    assert parts.address("page.js") in HEAD
    for later in ("papers.js", "workspace.js", "evaluation.js"):
        assert later not in HEAD
