"""What can go wrong between us and a model's server, each as a sentence that says what to do, and whether asking again may help."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rag.errors import ModelFailed, PromptTooLong
from rag.llm.retry import retry_after

if TYPE_CHECKING:
    import openai

    from rag.llm.endpoint import Endpoint

LONGEST_QUOTE = 200
"""Characters of a server's own message that are shown. Chosen."""
MALFORMED = (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError)
"""What the libraries raise over a reply that is not of the protocol's form."""

_TOO_LONG = re.compile(
    r"context[ _](length|window|size)|maximum context|context_length_exceeded|prompt is too long|too many tokens", re.I
)
_OPTIONS = ("temperature", "stream_options")
"""What a request can do without, where a server does not take it."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_KEY_LIKE = re.compile(r"\b(?:sk|pk|rk|gsk|hf)[-_][\w*.…-]{8,}|\bBearer\s+\S+")


_LOG = "Ask again later. If the problem persists, look at the server's log."
_ADDRESS = "Check OPENAI_BASE_URL (it usually ends in /v1) and that the server speaks OpenAI's protocol."
_TLS = (
    "Check the address: a local server usually needs http:// instead of https://, and one with its own certificate "
    "needs SSL_CERT_FILE to point to it."
)


class Fault(Exception):
    """Why a request failed and what to do, as sentences; whether to ask again, and how long the server wants to rest before.

    `option` is what the server does not take of the request, and the request could do without.
    """

    def __init__(self, what: str, do: str, again: bool = False, rest: float | None = None, option: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.again = again
        self.rest = rest
        self.option = option
        self._do = do

    def failure(self) -> ModelFailed:
        return ModelFailed(f"{self.what} {self._do}")


class TooLong(Fault):
    """The prompt does not fit into the model's context."""

    def failure(self) -> ModelFailed:
        return PromptTooLong(f"{self.what} {self._do}")


class WrongContent(Exception):
    """The reply is of a kind that was not asked for."""


def explained(error: Exception, endpoint: Endpoint) -> Fault:
    """The message that a user sees for an exception of the openai package or below it. No key is ever in it."""
    import openai

    where = endpoint.shown
    if isinstance(error, Fault):
        return error
    wrong = next((cause for cause in _causes(error) if isinstance(cause, WrongContent)), None)
    if wrong is not None:
        return Fault(f"{where} answered with {quoted(str(wrong), endpoint)} instead of a model's reply.", _ADDRESS)
    if isinstance(error, openai.APIStatusError):
        return _status(error, endpoint)
    if isinstance(error, openai.APIConnectionError):
        return _connection(error, endpoint)
    if isinstance(error, openai.APIError):
        return Fault(f"{where} broke off its reply with an error ({quoted(error.message, endpoint)}).", _LOG, again=True)
    if isinstance(error, MALFORMED):
        return Fault(f"{where} sent a reply that cannot be read ({type(error).__name__}).", _ADDRESS, again=True)
    return _connection(error, endpoint)


def quoted(said: str, endpoint: Endpoint) -> str:
    """A server's words as they may be shown: one line, not long, with no key and nothing that is not seen."""
    text = without_key(said, endpoint)
    text = _KEY_LIKE.sub("***", " ".join(_UNSEEN.sub(" ", text).split()))
    return text[:LONGEST_QUOTE].rstrip(".") or "no reason given"


def without_key(said: str, endpoint: Endpoint) -> str:
    """A server's words, in which it may repeat the key that it was sent."""
    return said.replace(endpoint.secret, "***") if endpoint.secret else said


def _status(error: openai.APIStatusError, endpoint: Endpoint) -> Fault:
    status, where, model = error.status_code, endpoint.shown, endpoint.model
    said = quoted(_words_of(error), endpoint)
    rest = retry_after(error.response.headers)
    if status == 401 and not endpoint.secret:
        return Fault(f"{where} requires a key (401).", "Set OPENAI_API_KEY.")
    if status == 401:
        return Fault(f"{where} does not accept the key (401).", "Check OPENAI_API_KEY; it must be one of this server's.")
    if status == 403:
        return Fault(f"{where} refuses the request (403: {said}).", f"Check that your key may use {model or 'this server'}.")
    if status == 404:
        do = f"`paperchat models` lists what it has: set {endpoint.setting} to one of them, or correct OPENAI_BASE_URL."
        return Fault(f"{where} has no model {model}, or is not the right address (404: {said}).", do)
    if status == 429:
        return _too_often(error, endpoint, said, rest)
    if status in (400, 413, 422):
        return _refused(error, endpoint, said)
    if 300 <= status < 400:
        return Fault(f"{where} has moved ({status}), and redirects are not followed.", "Set OPENAI_BASE_URL to its new address.")
    again = status in (408, 409, 425) or status >= 500
    return Fault(f"{where} failed ({status}: {said}).", _LOG, again, rest)


def _too_often(error: openai.APIStatusError, endpoint: Endpoint, said: str, rest: float | None) -> Fault:
    where = endpoint.shown
    if error.code == "insufficient_quota" or "quota" in said:
        return Fault(f"The account at {where} has no credit left (429: {said}).", "See its billing page, or use another key.")
    wish = f" and asks for a pause of {rest:.0f} s" if rest else ""
    return Fault(
        f"{where} has received too many requests{wish} (429: {said}).", "Wait a while, or use another model.", True, rest
    )


def _refused(error: openai.APIStatusError, endpoint: Endpoint, said: str) -> Fault:
    if error.status_code == 413 or _TOO_LONG.search(f"{error.code} {said}"):
        do = "Set PAPERCHAT_CONTEXT to the model's context size in tokens, choose fewer papers, or start a new conversation."
        return TooLong(f"The request does not fit into the context of {endpoint.model} ({said}).", do)
    option = next((name for name in _OPTIONS if name in f"{error.param} {said}"), None)
    do = f"Check that {endpoint.setting} names the right kind of model; `paperchat models` lists what the server has."
    return Fault(f"{endpoint.shown} does not accept the request ({error.status_code}: {said}).", do, option=option)


def _words_of(error: openai.APIStatusError) -> str:
    body: Any = error.body
    for key in ("error", "message", "detail"):
        if isinstance(body, dict) and body.get(key):
            body = body[key]
    text = body if isinstance(body, str) else ""
    return "a page, not a message" if text.lstrip().startswith("<") else text


def _connection(error: Exception, endpoint: Endpoint) -> Fault:
    where = endpoint.shown
    causes = list(_causes(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Fault(f"The server of {where} cannot be found (DNS).", "Check OPENAI_BASE_URL and your network.")
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        why = getattr(tls, "verify_message", "") or tls.reason or "failed"
        return Fault(f"No secure connection to {where} could be made (TLS: {why}).", _TLS)
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return Fault(f"Nothing answers at {where} (connection refused).", "Start the server, or correct OPENAI_BASE_URL.")
    if any("Timeout" in type(cause).__name__ for cause in causes):
        return Fault(f"No connection to {where} could be made in time.", "Check OPENAI_BASE_URL and your network.", again=True)
    return Fault(f"The connection to {where} broke off.", "Ask again; is the server still running?", again=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, and all that led to it."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or any(one is each for each in found):
            continue
        found.append(one)
        yield one
        waiting.extend((one.__cause__, one.__context__, *getattr(one, "exceptions", ())))
