"""The guard before every route: foreign names and pages, sign-in, roles, cookies, and how much one visitor may take."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import bcrypt
import pytest

from ui.server import limits, middleware
from ui.server import sign_in as sign_in_module
from ui.server.asgi import Message, Receive, Scope, Send
from ui.server.headers import POLICY
from ui.server.hosts import Hosts
from ui.server.middleware import Access, Guard
from ui.server.passwords import MOST_FAILURES, Account, Passwords
from ui.server.sign_in import SESSION, SignIn
from ui.server.visitors import COOKIE, KEY, Visitor

RIGHT = bcrypt.hashpw(b"right", bcrypt.gensalt(4))
HERE = {"host": "localhost:7860"}
PAGE = {**HERE, "accept": "text/html,*/*"}


@dataclass
class Got:
    status: int
    headers: list[tuple[str, str]]
    body: str

    def __getitem__(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def cookie(self, name: str) -> str:
        return next((value for key, value in self.headers if key == "set-cookie" and value.startswith(f"{name}=")), "")


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that gives away as much as Gradio's does, and says who it takes the visitor for."""
    while scope["method"] == "POST" and (message := await receive())["type"] == "http.request" and message.get("more_body"):
        pass
    headers = [(b"content-type", b"text/html"), (b"access-control-allow-origin", b"http://evil.example"),
               (b"access-control-allow-credentials", b"true"), (b"set-cookie", b"access-token=1; SameSite=none")]  # fmt: skip
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": f"{scope[KEY].name} {scope[KEY].role} {scope['path']}".encode()})


def asked(
    guard: Guard, path: str = "/", method: str = "GET", headers: dict[str, str] | None = None, body: Iterable[bytes] = (b"",),
    client: str = "127.0.0.1",
) -> Got:  # fmt: skip
    return asyncio.run(ask(guard, path, method, headers, body, client))


async def ask(
    guard: Guard, path: str = "/", method: str = "GET", headers: dict[str, str] | None = None, body: Iterable[bytes] = (b"",),
    client: str = "127.0.0.1",
) -> Got:  # fmt: skip
    sent: list[Message] = []
    pieces = list(body)

    async def receive() -> Message:
        if not pieces:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: Message) -> None:
        sent.append(message)

    where, _, query = path.partition("?")
    given = [(name.encode(), value.encode("latin-1")) for name, value in (HERE if headers is None else headers).items()]
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": where,
        "query_string": query.encode(),
        "headers": given,
        "scheme": "http",
        "client": (client, 1),
    }
    await guard(scope, receive, send)
    start, *rest = sent
    decoded = [(name.decode(), value.decode("latin-1")) for name, value in start["headers"]]
    return Got(start["status"], decoded, b"".join(each.get("body", b"") for each in rest).decode())


def basic(name: str, password: str) -> dict[str, str]:
    return {**HERE, "authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_module, "PAUSE", 0.0)


@pytest.fixture
def sign_in() -> SignIn:
    return SignIn(Passwords({"ada": Account(RIGHT, "editor"), "bo": Account(RIGHT)}))


@pytest.fixture
def guarded(sign_in: SignIn) -> Guard:
    return Guard(page, Access(sign_in=sign_in))


# --- foreign names and pages

ROUTES = [
    "/",
    "/gradio_api/component_server",
    "/gradio_api/queue/join",
    "/gradio_api/call/ask",
    "/gradio_api/upload",
    "/mcp",
    "/config",
    "/healthz",
]


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_a_foreign_name_gets_nothing_on_any_route(path: str, method: str) -> None:
    got = asked(Guard(page), path, method, {"host": "evil.example:7860", "origin": "http://evil.example:7860"})
    assert (got.status, got["access-control-allow-origin"]) == (421, "")
    assert "--allowed-host" in got.body
    assert got["content-security-policy"] == POLICY
    assert asked(Guard(page), path, method, {}).status == 421


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_page_of_another_site_acts_on_no_route(path: str, method: str) -> None:
    for foreign in ({"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        got = asked(Guard(page), path, method, {**HERE, **foreign, "access-control-request-method": "POST"})
        assert (got.status, got["access-control-allow-origin"]) == (403, "")


@pytest.mark.parametrize("path", ROUTES)
def test_programs_and_the_page_itself_act(path: str) -> None:
    for own in ({}, {"origin": "http://localhost:7860", "sec-fetch-site": "same-origin"}):
        assert asked(Guard(page), path, "POST", {**HERE, **own}).status == 200


def test_a_web_socket_is_refused() -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Guard(page)({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert [each["type"] for each in sent] == ["websocket.close"]


def test_permissions_for_other_sites_and_cookies_are_only_those_that_are_given_here() -> None:
    got = asked(Guard(page), headers={**HERE, "origin": "http://evil.example"})
    assert not [name for name, _ in got.headers if name.startswith("access-control")]
    assert got.cookie("access-token") == ""
    friendly = Guard(page, Access(Hosts(origins=("https://friend.example",))))
    friend = {**HERE, "origin": "https://friend.example", "sec-fetch-site": "cross-site"}
    assert asked(friendly, "/gradio_api/call/ask", "POST", friend)["access-control-allow-origin"] == "https://friend.example"
    preflight = asked(friendly, "/mcp", "OPTIONS", {**friend, "access-control-request-method": "POST"})
    assert (preflight.status, preflight["access-control-allow-origin"]) == (204, "https://friend.example")
    assert preflight["access-control-allow-credentials"] == ""
    assert asked(friendly, "/mcp", "POST", {**HERE, "origin": "https://other.example"}).status == 403


def test_every_answer_has_the_policy_and_a_new_browser_gets_its_secret() -> None:
    got = asked(Guard(page))
    assert got["content-security-policy"] == POLICY
    assert "default-src 'self'" in POLICY
    assert "http" not in POLICY.replace("http-equiv", "")
    secret = got.cookie(COOKIE)
    assert "; HttpOnly;" in secret
    assert "; SameSite=Lax" in secret
    assert "Secure" not in secret
    assert asked(Guard(page), headers={**HERE, "cookie": secret.split(";")[0]}).cookie(COOKIE) == ""
    assert asked(Guard(page), headers={**HERE, "cookie": f"{COOKIE}=guess"}).cookie(COOKIE) != ""


def test_only_the_routes_that_are_needed_are_served() -> None:
    guard = Guard(page, Access(routes=("/", "/assets/", "/gradio_api/call/", "/gradio_api/info")))
    for path in ("/", "/assets/a/b.js", "/gradio_api/call/ask", "/gradio_api/info", "/gradio_api/info/"):
        assert asked(guard, path).status == 200
    for path in (
        "/gradio_api/vibe-code",
        "/gradio_api/proxy=http://x",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/information",
        "//",
        "/monitoring",
    ):
        assert asked(guard, path).status == 404


# --- behind a proxy


def test_the_word_of_a_proxy_counts_only_where_it_is_trusted() -> None:
    said = {"host": "papers.example.org", "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}
    hosts = Hosts(allowed=("papers.example.org",), proxies=("127.0.0.1",))
    got = asked(Guard(page, Access(hosts, root_path="/papers")), "/papers/", headers=said)
    assert "; Secure" in got.cookie(COOKIE)
    assert "; Path=/papers;" in got.cookie(COOKIE)
    assert got.body == "None viewer /"
    untrusted = asked(Guard(page, Access(Hosts(allowed=("papers.example.org",)))), headers=said)
    assert "Secure" not in untrusted.cookie(COOKIE)
    foreign = {**HERE, "x-forwarded-host": "evil.example"}
    assert asked(Guard(page, Access(hosts)), headers=foreign).status == 421
    assert asked(Guard(page), headers=foreign).status == 200  # not believed, and not passed on


# --- who may do what


def test_without_a_sign_in_whoever_sits_here_is_an_editor_and_everybody_else_a_viewer() -> None:
    guard = Guard(page, Access(Hosts("0.0.0.0", ("papers.local",))))
    assert asked(guard).body == "None editor /"
    for headers, client in (
        ({"host": "192.168.1.5:7860"}, "192.168.1.7"),
        (HERE, "192.168.1.7"),
        ({"host": "papers.local"}, "127.0.0.1"),
        ({**HERE, "x-forwarded-for": "127.0.0.1"}, "127.0.0.1"),
    ):
        assert asked(guard, headers=headers, client=client).body == "None viewer /"
        assert asked(guard, "/gradio_api/upload", "POST", headers, client=client).status == 403
    assert asked(guard, "/gradio_api/upload", "POST").status == 200


@pytest.mark.parametrize("path", [path for path in ROUTES if path != "/healthz"])
def test_who_is_not_signed_in_gets_nothing_but_the_sign_in_page(guarded: Guard, path: str) -> None:
    assert asked(guarded, path).status == 401
    assert asked(guarded, path, "POST").status == 401
    sent_on = asked(guarded, f"{path}?share=x", headers=PAGE)
    assert (sent_on.status, sent_on["location"]) == (303, f"/login?next={quote(f'{path}?share=x', safe='')}")
    assert asked(guarded, "/healthz").status == 200


def test_programs_sign_in_with_each_request(guarded: Guard) -> None:
    assert asked(guarded, "/mcp", "POST", basic("ada", "right")).body == "ada editor /mcp"
    assert asked(guarded, "/mcp", "POST", basic("bo", "right")).body == "bo viewer /mcp"
    assert asked(guarded, "/gradio_api/upload", "POST", basic("bo", "right")).status == 403
    for wrong in (
        basic("ada", "wrong"),
        basic("eve", "right"),
        {**HERE, "authorization": "Basic \xff"},
        {**HERE, "authorization": "Bearer x"},
    ):
        got = asked(guarded, "/mcp", "POST", wrong)
        assert (got.status, got["www-authenticate"][:5]) == (401, "Basic")
    script = {**HERE, "sec-fetch-mode": "cors", "sec-fetch-site": "same-origin"}
    assert asked(guarded, "/gradio_api/queue/join", "POST", script)["www-authenticate"] == ""


def form(**fields: str) -> list[bytes]:
    return ["&".join(f"{name}={quote(value)}" for name, value in fields.items()).encode()]


def test_people_sign_in_on_the_page_and_out_again(guarded: Guard) -> None:
    shown = asked(guarded, "/login?next=%2F%3Fshare%3Dx", headers={**PAGE, "accept-language": "de"})
    assert (shown.status, shown["cache-control"]) == (200, "no-store")
    assert 'value="/?share=x"' in shown.body
    assert "Anmelden" in shown.body
    inside = asked(guarded, "/login", "POST", PAGE, form(username="ada", password="right", next="/?share=x"))
    assert (inside.status, inside["location"]) == (303, "/?share=x")
    session = inside.cookie(SESSION)
    assert "; HttpOnly; " in session
    assert session.endswith("; Path=/; SameSite=Lax")
    mine = {**PAGE, "cookie": session.split(";")[0]}
    assert asked(guarded, headers=mine).body == "ada editor /"
    assert asked(guarded, "/login", headers=mine)["location"] == "/"
    assert asked(guarded, "/logout", headers=mine).status == 405
    assert asked(guarded, "/logout", "POST", {**mine, "origin": "http://evil.example"}).status == 403
    out = asked(guarded, "/logout", "POST", mine)
    assert (out.status, out["location"]) == (303, "/login")
    assert "Max-Age=0" in out.cookie(SESSION)
    assert asked(guarded, headers=mine).status == 303


def test_a_program_that_posts_the_form_gets_a_session(guarded: Guard) -> None:
    got = asked(guarded, "/login", "POST", HERE, form(username="bo", password="right"))
    assert (got.status, got.body) == (200, '{"success": true}')
    assert asked(guarded, headers={**HERE, "cookie": got.cookie(SESSION).split(";")[0]}).body == "bo viewer /"
    assert asked(guarded, headers={**HERE, "cookie": f"{SESSION}=guess"}).status == 401


@pytest.mark.parametrize(
    "goes_to",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\r\nset-cookie: x=1",
        "/logout",
        "/" + "x" * 5000,
        "",
    ],
)
def test_after_signing_in_nobody_is_sent_elsewhere(guarded: Guard, goes_to: str) -> None:
    assert asked(guarded, "/login", "POST", PAGE, form(username="ada", password="right", next=goes_to))["location"] == "/"


def test_what_is_typed_comes_back_as_text(guarded: Guard) -> None:
    got = asked(guarded, "/login", "POST", PAGE, form(username="<b>\"'&", password="x", next='"><script>'))
    assert got.status == 401
    assert "&lt;b&gt;&quot;" in got.body
    assert "<script>" not in got.body


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"username", b"&" * 100_000, b"username=ada&username=bo", b"%", b"username=%ED%A0%80&password=%00"]
)
def test_a_form_that_is_none_signs_nobody_in(guarded: Guard, body: bytes) -> None:
    assert asked(guarded, "/login", "POST", HERE, [body]).status == 401


def test_guesses_shut_out_the_one_who_guesses_and_say_for_how_long(guarded: Guard) -> None:
    for _ in range(MOST_FAILURES):
        assert asked(guarded, "/login", "POST", PAGE, form(username="ada", password="no"), client="203.0.113.9").status == 401
    told = asked(guarded, "/login", "POST", PAGE, form(username="ada", password="right"), client="203.0.113.9")
    assert told.status == 429
    assert "Try again in 5 minutes" in told.body
    program = asked(guarded, "/mcp", "POST", basic("ada", "right"), client="203.0.113.9")
    assert (program.status, program["retry-after"]) == (429, "300")
    assert asked(guarded, "/login", "POST", PAGE, form(username="ada", password="right"), client="203.0.113.10").status == 303
    assert asked(guarded, "/login", "POST", PAGE, form(username="bo", password="right"), client="203.0.113.9").status == 303


# --- how much


def test_a_request_that_is_too_large_is_refused_by_its_length_and_by_what_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Guard(page)
    small, large = limits.LARGEST_BODY, limits.LARGEST_UPLOAD
    for path, most in (
        ("/gradio_api/queue/join", small),
        ("/mcp", small),
        ("/gradio_api/upload", large),
        ("/gradio_api/component_server", large),
    ):
        assert asked(guard, path, "POST", {**HERE, "content-length": str(most + 1)}).status == 413
        assert asked(guard, path, "POST", HERE, [b"x" * (most // 2)] * 3).status == 413
        assert asked(guard, path, "POST", HERE, [b"x" * (most // 2)] * 2).status == 200
    for length in ("x", "-1", "1e9", "9" * 30, ""):
        assert asked(guard, "/mcp", "POST", {**HERE, "content-length": length}).status == 400


def test_a_request_that_comes_too_slowly_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SILENCE", 0.05)

    async def never() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    async def slow() -> list[Message]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/mcp",
            "headers": [(b"host", b"localhost")],
            "client": ("127.0.0.1", 1),
        }
        await asyncio.wait_for(Guard(page)(scope, never, send), 30)
        return sent

    assert asyncio.run(slow())[0]["status"] == 408


def test_one_visitor_has_a_share_and_leaves_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "MOST_OPEN", 3)
    monkeypatch.setattr(middleware, "MOST_QUESTIONS", 2)

    async def use() -> None:
        go = asyncio.Event()

        async def waits(scope: Scope, receive: Receive, send: Send) -> None:
            await go.wait()
            await page({**scope, KEY: Visitor()}, receive, send)

        guard = Guard(waits, Access(Hosts("0.0.0.0")))
        number = {"host": "192.0.2.1"}
        first = [asyncio.create_task(ask(guard, "/mcp", "POST", number, client="192.0.2.7")) for _ in range(2)]
        await asyncio.sleep(0)
        third = await ask(guard, "/mcp", "POST", number, client="192.0.2.7")
        assert (third.status, "You have 2 questions waiting." in third.body) == (429, True)
        reading = asyncio.create_task(ask(guard, "/", "GET", number, client="192.0.2.7"))
        await asyncio.sleep(0)
        assert (await ask(guard, "/", "GET", number, client="192.0.2.7")).status == 429
        other = asyncio.create_task(ask(guard, "/mcp", "POST", number, client="192.0.2.8"))
        await asyncio.sleep(0)
        go.set()
        assert [(await each).status for each in [*first, reading, other]] == [200] * 4
        assert (await ask(guard, "/mcp", "POST", number, client="192.0.2.7")).status == 200

    asyncio.run(use())
