"""Stands before every route of the page's application: who may come in, what they may do, and how much of it. Plain ASGI."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ui.server import fonts
from ui.server.asgi import App, Message, Receive, Reply, Scope, Send, refusal
from ui.server.headers import with_policy
from ui.server.hosts import Hosts, shown, shown_origin
from ui.server.limits import LARGEST_BODY, LARGEST_UPLOAD, MOST_OPEN, MOST_QUESTIONS, Body, Shares, declared_too_large, too_many
from ui.server.passwords import Paused
from ui.server.request import Asked, understood
from ui.server.sign_in import SESSION, SignIn, TooManySignIns
from ui.server.sign_in_page import SignInPage, to_sign_in, unknown, wait
from ui.server.uploads import FULL, Uploads
from ui.server.visitors import COOKIE, KEY, Visitor, is_secret

TOOLS = ("/mcp", "/api/ask")
"""Where programs ask: each request counts as a question."""
UPLOAD = "/gradio_api/upload"
LARGE = (UPLOAD, "/gradio_api/component_server", "/api/collection")
"""What may bring papers: larger requests than others."""
OPEN = ("/healthz", "/robots.txt", "/favicon.ico", *(f"{fonts.PATH}{name}" for name in fonts.NAMES))
"""What those who are not signed in may have besides the sign-in page."""


@dataclass(frozen=True)
class Access:
    """Who may come in, and where the page is.

    Without a `sign_in` nobody signs in: who sits at this machine is an editor, everybody else a viewer. `routes` are the paths that are
    served, those that end in `/` or `=` with all below them; without any all are.
    """

    hosts: Hosts = field(default_factory=Hosts)
    sign_in: SignIn | None = None
    root_path: str = ""
    routes: tuple[str, ...] = ()
    uploads: Uploads | None = None


class Guard:
    """Wraps an application. People sign in on a page of its own, programs by HTTP Basic or with the cookie of that page."""

    def __init__(self, app: App, access: Access | None = None) -> None:
        self.app, self.access = app, access or Access()
        self._open, self._questions = Shares(MOST_OPEN), Shares(MOST_QUESTIONS)
        sign_in = self.access.sign_in
        self._sign_in = SignInPage(sign_in, self.access.root_path) if sign_in else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing here uses one, and browsers let every page open one
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope, asked = understood(scope, self.access.hosts, self.access.root_path)

        async def answered(message: Message) -> None:
            started = message["type"] == "http.response.start"
            await send(with_policy(message, asked, self.access.hosts, self.access.root_path) if started else message)

        found = _foreign(asked, self.access.hosts) or await self._visitor(asked)
        if isinstance(found, Reply):
            await found.send(answered)
            return
        with self._open.taken(found.share) as room:
            refused = self._closed(asked, found) if room else refusal(429, "Too many requests at once. Try again in a moment.")
            if refused is not None:
                await refused.send(answered)
            else:
                await self._let_in(asked, found, {**scope, KEY: found}, receive, answered)

    async def _visitor(self, asked: Asked) -> Visitor | Reply:
        """Who asks; nobody in particular where they are not signed in. A wrong password gets its reply at once."""
        secret, sign_in = asked.cookie(COOKIE), self.access.sign_in
        somebody = Visitor(address=asked.address, secret=secret if is_secret(secret) else None)
        if sign_in is None:
            return replace(somebody, role="editor") if asked.is_from_here else somebody
        name, given = sign_in.sessions.name(asked.cookie(SESSION)), asked.basic()
        if name is None and given is not None:
            try:
                right = await sign_in.agree(*given, asked.address)
            except (Paused, TooManySignIns) as error:
                return wait(error)
            if not right:
                return unknown(asked)
            name = given[0]
        return somebody if name is None else replace(somebody, name=name, role=sign_in.passwords.role(name))

    def _closed(self, asked: Asked, visitor: Visitor) -> Reply | None:
        """The reply to what this visitor may not have."""
        access = self.access
        if self._sign_in and self._sign_in.takes(asked):
            return None
        if access.routes and not any(_fits(asked.path, route) for route in access.routes):
            return refusal(404, "There is nothing here.")
        if self._sign_in and visitor.name is None and asked.path not in OPEN:
            return to_sign_in(asked, access.root_path) if asked.reads and asked.wants_page else unknown(asked)
        if asked.is_below(UPLOAD):
            return _no_upload(visitor, access.uploads)
        return None

    async def _let_in(self, asked: Asked, visitor: Visitor, scope: Scope, receive: Receive, send: Send) -> None:
        most = LARGEST_UPLOAD if asked.is_below(*LARGE) else LARGEST_BODY
        early = declared_too_large(asked.headers.get("content-length"), most)
        if early is not None:
            await early.send(send)
            return
        body = Body(receive, send, most)
        if self._sign_in and self._sign_in.takes(asked):
            await body.run(self._sign_in.answering(asked, visitor), scope)
        elif asked.reads:
            await self.app(scope, receive, send)
        elif asked.is_below(*TOOLS):
            with self._questions.taken(visitor.share) as room:
                await (body.run(self.app, scope) if room else refusal(429, too_many(MOST_QUESTIONS)).send(send))
        else:
            await body.run(self.app, scope)


def _foreign(asked: Asked, hosts: Hosts) -> Reply | None:
    """The reply to a name that is not this server's, and to a page of another site that wants to act here."""
    host = asked.headers.get("host", "")
    for name in (host, asked.headers.get("x-forwarded-host", host).split(",")[0].strip()):
        if not hosts.answers_to(name):
            return refusal(
                421, f"This server is not called “{shown(name)}”. If that is one of its names, start it with --allowed-host."
            )
    origin = asked.headers.get("origin", "")
    if asked.method == "OPTIONS":
        return Reply(204) if origin in hosts.origins else refusal(403, "Pages of other sites may not use this server.")
    if asked.reads or hosts.may_act(asked.headers):
        return None
    return refusal(
        403,
        f"A page of {shown_origin(origin)} may not act here. If that is this server, start it with --allowed-host and its name.",
    )


def _no_upload(visitor: Visitor, uploads: Uploads | None) -> Reply | None:
    if not visitor.may_change:
        return refusal(403, "Only editors may add papers; you are a viewer here.")
    if uploads is not None and uploads.full():
        return refusal(507, FULL)
    return None


def _fits(path: str, route: str) -> bool:
    return path.startswith(route) if route[-1] in "/=" and len(route) > 1 else path in (route, route.rstrip("/") + "/")
