"""Where a model is reached: server, key and name, with what is wrong with them said before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model at a server that speaks OpenAI's protocol.

    `timeout` is how many seconds it may stay silent; `setting` is where the model's name comes from.
    """

    model: str
    base_url: str = OPENAI
    key: SecretStr | None = None
    timeout: float = 60.0
    setting: str = "PAPERCHAT_MODEL"

    @property
    def secret(self) -> str:
        return self.key.get_secret_value().strip() if self.key is not None else ""

    @property
    def shown(self) -> str:
        """The address as it may be shown: without a name, password or query, which may hold a key."""
        try:
            parts = urlsplit(self.base_url)
            host = parts.netloc.rpartition("@")[2]
        except ValueError:
            return "the given address"
        return urlunsplit((parts.scheme, host, parts.path, "", "")).rstrip("/")

    @property
    def is_openai(self) -> bool:
        return self.shown == OPENAI

    def problem(self) -> str | None:
        """Why it cannot be used, and what to do; None if it may be tried."""
        if not self.secret and self.is_openai:
            return (
                f"The model {self.model} needs a server: set OPENAI_API_KEY to use it at OpenAI, "
                "or OPENAI_BASE_URL for a server of your own, such as http://localhost:11434/v1."
            )
        if not (self.secret.isascii() and self.secret.isprintable()) or " " in self.secret:
            return "OPENAI_API_KEY holds characters that no key has: copy the key anew, without spaces or quotes around it."
        return _address_problem(self)


def _address_problem(endpoint: Endpoint) -> str | None:
    try:
        parts = urlsplit(endpoint.base_url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if usable and endpoint.base_url.isprintable() and " " not in endpoint.base_url:
        return None
    return f"OPENAI_BASE_URL is {endpoint.shown or 'empty'}, which is no address: give one such as http://localhost:11434/v1."
