"""Who asks: a name after signing in, else a secret that only this browser has; and what they may do."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["viewer", "editor"]
ROLES: tuple[str, ...] = get_args(Role)
COOKIE = "paperchat_browser"
KEPT_SECONDS = 400 * 24 * 3600
"""The longest that browsers keep a cookie."""
KEY = "paperchat.visitor"
"""Where the application finds the visitor in a request's scope."""
_SECRET = re.compile(r"[\w-]{43}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the page or a program: `viewer` asks and reads, `editor` also changes papers and starts evaluations."""

    role: Role = "viewer"
    name: str | None = None
    address: str = ""
    secret: str | None = None

    @property
    def may_change(self) -> bool:
        return self.role == "editor"

    @property
    def owner(self) -> str | None:
        """Whose conversations these are."""
        return owner(self.name, self.secret)

    @property
    def share(self) -> str:
        """Who has one share of the server together: a name, or an address, as a browser can make as many secrets as it likes."""
        return f"user:{self.name}" if self.name else f"address:{self.address}"


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def is_secret(text: str | None) -> bool:
    return text is not None and _SECRET.fullmatch(text) is not None


def owner(username: str | None, secret: str | None) -> str | None:
    """Whose conversations these are, as they are stored: never the secret itself. None if there is neither name nor secret."""
    if username:
        return f"user:{username}"
    return f"browser:{hashlib.sha256(secret.encode()).hexdigest()}" if secret is not None and is_secret(secret) else None
