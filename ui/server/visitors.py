"""Who asks: a name after signing in, else a secret that only this browser has. Conversations belong to one or the other."""

from __future__ import annotations

import hashlib
import re
import secrets

COOKIE = "paperchat_browser"
KEPT_SECONDS = 400 * 24 * 3600
"""The longest that browsers keep a cookie."""
_SECRET = re.compile(r"[\w-]{43}")


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def is_secret(text: str | None) -> bool:
    return text is not None and _SECRET.fullmatch(text) is not None


def owner(username: str | None, secret: str | None) -> str | None:
    """Whose conversations these are, as they are stored: never the secret itself. None where there is neither name nor secret."""
    if username:
        return f"user:{username}"
    return f"browser:{hashlib.sha256(secret.encode()).hexdigest()}" if secret is not None and is_secret(secret) else None
