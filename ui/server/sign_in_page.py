"""The page on which people sign in, and the way out: `/login` and `/logout`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import ceil
from urllib.parse import parse_qs, quote

from rag.errors import PaperchatError
from ui.html.sign_in import sign_in_html
from ui.html.wording import Wording, accepted, wording
from ui.server.asgi import App, Receive, Reply, Scope, Send, refusal
from ui.server.headers import set_cookie
from ui.server.passwords import Paused
from ui.server.request import Asked
from ui.server.sign_in import SESSION, SIGNED_IN_SECONDS, SignIn, TooManySignIns
from ui.server.visitors import Visitor

IN, OUT = "/login", "/logout"
LARGEST_FORM = 20_000


@dataclass(frozen=True)
class SignInPage:
    """People get a page and are sent on; programs that post the same form get JSON and the same cookie."""

    sign_in: SignIn
    root_path: str

    def takes(self, asked: Asked) -> bool:
        return asked.path.rstrip("/") in (IN, OUT)

    def answering(self, asked: Asked, visitor: Visitor) -> App:
        async def app(_: Scope, receive: Receive, send: Send) -> None:
            await (await self._reply(asked, visitor, receive)).send(send)

        return app

    async def _reply(self, asked: Asked, visitor: Visitor, receive: Receive) -> Reply:
        if asked.path.rstrip("/") == OUT:
            return self._sign_out(asked) if asked.method == "POST" else refusal(405, "Sign out on the page.", ("allow", "POST"))
        if asked.method == "POST":
            return await self._sign_in(asked, await _form(receive))
        goes_to = parse_qs(asked.query).get("next", [""])[0]
        return self._on(goes_to) if visitor.name else self._page(asked, 200, goes_to)

    async def _sign_in(self, asked: Asked, form: dict[str, str]) -> Reply:
        name, goes_to = form.get("username", "").strip(), form.get("next", "")
        try:
            right = await self.sign_in.agree(name, form.get("password", ""), asked.address)
        except (Paused, TooManySignIns) as error:
            return self._page(asked, wait(error).status, goes_to, name, error) if asked.wants_page else wait(error)
        if not right:
            return self._page(asked, 401, goes_to, name, WrongPassword()) if asked.wants_page else unknown(asked)
        token = self.sign_in.sessions.begin(name)
        cookie = ("set-cookie", set_cookie(SESSION, token, SIGNED_IN_SECONDS, self.root_path, asked.secure))
        if asked.wants_page:
            return self._on(goes_to, cookie)
        return Reply(200, json.dumps({"success": True}).encode(), "application/json", (cookie,))

    def _sign_out(self, asked: Asked) -> Reply:
        self.sign_in.sessions.end(asked.cookie(SESSION))
        return Reply(
            303,
            headers=(
                ("location", f"{self.root_path}{IN}"),
                ("set-cookie", set_cookie(SESSION, "", 0, self.root_path, asked.secure)),
            ),
        )

    def _on(self, goes_to: str, *headers: tuple[str, str]) -> Reply:
        return Reply(303, headers=(("location", self.root_path + _own(goes_to)), *headers))

    def _page(self, asked: Asked, status: int, goes_to: str, name: str = "", error: PaperchatError | None = None) -> Reply:
        say = wording(accepted(asked.headers.get("accept-language", "")))
        said = _said(error, say) if error else ""
        html = sign_in_html(say, f"{self.root_path}{IN}", _own(goes_to), name, said)
        return Reply(status, html.encode(), "text/html; charset=utf-8", (("cache-control", "no-store"),))


class WrongPassword(PaperchatError):
    """Name and password do not go together."""


def to_sign_in(asked: Asked, root_path: str) -> Reply:
    """Sends a person to the page, and afterwards back to where they wanted to go."""
    goes_to = asked.path + (f"?{asked.query}" if asked.query else "")
    return Reply(303, headers=(("location", f"{root_path}{IN}?next={quote(goes_to, safe='')}"),))


def unknown(asked: Asked) -> Reply:
    """For a program that is not signed in. A page's own script gets no `WWW-Authenticate`: its browser would ask for a password itself."""
    script = "sec-fetch-mode" in asked.headers
    basic = () if script else (("www-authenticate", 'Basic realm="paperchat", charset="UTF-8"'),)
    return refusal(401, "Sign in with your name and password.", *basic)


def wait(error: Paused | TooManySignIns) -> Reply:
    """For a program that must come again later."""
    seconds = error.seconds if isinstance(error, Paused) else 2.0
    return refusal(429 if isinstance(error, Paused) else 503, str(error), ("retry-after", f"{seconds:.0f}"))


def _said(error: PaperchatError, say: Wording) -> str:
    if isinstance(error, Paused):
        return say("signin.paused", count=max(1, ceil(error.seconds / 60)))
    return say("signin.busy" if isinstance(error, TooManySignIns) else "signin.wrong")


def _own(goes_to: str) -> str:
    """A path of this server; never one that leads elsewhere."""
    safe = goes_to.startswith("/") and not goes_to.startswith(("//", "/\\")) and goes_to.isascii() and goes_to.isprintable()
    return goes_to if safe and len(goes_to) < 2000 and not goes_to.startswith((IN, OUT)) else "/"


async def _form(receive: Receive) -> dict[str, str]:
    """The fields of a form; of one name the first."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body", False) or len(body) > LARGEST_FORM:
            break
    try:
        fields = parse_qs(body[:LARGEST_FORM].decode("ascii", "replace"), max_num_fields=20, errors="replace")
    except ValueError:  # more fields than any form has
        return {}
    return {name: values[0] for name, values in fields.items()}
