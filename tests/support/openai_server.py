"""A server on this machine that speaks OpenAI's protocol (chat, streams, embeddings, models) and answers, or fails, as it is told.

`with OpenAIServer(Says("Yes."), Fails(500)) as server:` gives the first request the first reply, the second the second, and
all further ones the last. `server.url` is its base URL; `server.asked` holds the requests; `server.gone` counts clients that hung up
before their reply was complete.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fakes import WordHashEncoder
from local_server import Handler, LocalServer

PATIENCE = 30
"""Seconds after which a reply that waits for its client gives up, so that no test hangs."""


@dataclass(frozen=True)
class Says:
    """A reply in pieces. `cut_after` pieces the connection breaks; `hang_after` pieces it stays open and silent until the client goes.

    `done` is whether `[DONE]` ends the stream; `events` are sent as they are, after the pieces, as the data of an event each.
    `pause` is how many seconds it takes before each piece.
    """

    pieces: Sequence[str]
    finish: str | None = "stop"
    usage: bool = True
    reasoning: Sequence[str] = ()
    refusal: str = ""
    events: Sequence[str] = ()
    done: bool = True
    cut_after: int | None = None
    hang_after: int | None = None
    comments_while_hanging: bool = False
    pause: float = 0.0

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def says(*pieces: str, **how: Any) -> Says:
    return Says(pieces, **how)


@dataclass(frozen=True)
class Calls:
    """A reply that calls a tool; for agents, which do not stream it."""

    tool: str
    arguments: Mapping[str, object]


@dataclass(frozen=True)
class Fails:
    """An error as OpenAI's API gives it."""

    status: int
    message: str = "something went wrong"
    code: str | None = None
    param: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """Any body at all."""

    body: bytes
    content_type: str = "text/html"
    status: int = 200


@dataclass(frozen=True)
class Silent:
    """Takes the request and sends nothing, not even a head, until the client goes; or drops the connection at once."""

    drop: bool = False


Reply = Says | Calls | Fails | Raw | Silent


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        """What stood in the messages, one below the other."""
        return "\n".join(str(message["content"]) for message in self.body["messages"])


class OpenAIServer(LocalServer):
    """A context manager. With a `key`, other keys get 401; with `models`, other models get 404."""

    def __init__(
        self, *replies: Reply, key: str | None = None, models: Sequence[str] | None = None, dimensions: int = 64, port: int = 0
    ) -> None:
        self.replies = list(replies) or [says("Hello", ".")]
        self.key = key
        self.models = models
        self.listing: Reply | None = None
        """What /models answers instead of the list."""
        self.embedding_replies: list[Reply] = []
        """Faults for the next requests of embeddings."""
        self.encoder = WordHashEncoder(dimensions)
        self.asked: list[Asked] = []
        self.gone = threading.Semaphore(0)
        self._lock = threading.Lock()
        super().__init__(_Handler, port)

    @property
    def url(self) -> str:
        return f"{super().url}/v1"

    def client_went(self) -> bool:
        """Waits until a client has hung up on a reply that was not complete."""
        return self.gone.acquire(timeout=PATIENCE)

    def next_reply(self, of: list[Reply]) -> Reply:
        with self._lock:
            return of.pop(0) if len(of) > 1 else of[0]

    def next_embedding_fault(self) -> Reply | None:
        with self._lock:
            return self.embedding_replies.pop(0) if self.embedding_replies else None


class _Handler(Handler):
    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}"))

    def _answer(self, body: dict[str, Any]) -> None:
        state = self.server.state
        state.asked.append(Asked(self.path, dict(self.headers), body))
        try:
            refused = self._refused(body)
            if refused is not None:
                self._give(refused, body)
            elif self.path.endswith("/models"):
                self._models()
            elif self.path.endswith("/embeddings"):
                self._embeddings(body)
            elif self.path.endswith("/chat/completions"):
                self._give(state.next_reply(state.replies), body)
            else:
                self._give(Fails(404, f"Invalid URL (POST {self.path})"), body)
        except (BrokenPipeError, ConnectionResetError):
            state.gone.release()
            self.close_connection = True

    def _refused(self, body: dict[str, Any]) -> Fails | None:
        state, sent = self.server.state, self.headers.get("authorization", "")
        if state.key is not None and sent != f"Bearer {state.key}":
            given = sent.removeprefix("Bearer ")
            return Fails(401, f"Incorrect API key provided: {given}. You can find your API key at …", "invalid_api_key")
        if state.models is not None and body.get("model", state.models[0]) not in state.models:
            return Fails(404, f"The model `{body['model']}` does not exist or you do not have access to it.", "model_not_found")
        return None

    def _models(self) -> None:
        state = self.server.state
        if state.listing is not None:
            self._give(state.listing, {})
        else:
            listed = [
                {"id": name, "object": "model", "created": 1, "owned_by": "tests"} for name in state.models or ("small", "large")
            ]
            self._json({"object": "list", "data": listed})

    def _embeddings(self, body: dict[str, Any]) -> None:
        fault = self.server.state.next_embedding_fault()
        if fault is not None:
            return self._give(fault, body)
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        vectors = self.server.state.encoder.encode(texts)
        data = [{"object": "embedding", "index": at, "embedding": [float(x) for x in row]} for at, row in enumerate(vectors)]
        tokens = sum(len(text) // 4 + 1 for text in texts)
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return self._json({"object": "list", "data": data, "model": body["model"], "usage": usage})

    def _give(self, reply: Reply, body: dict[str, Any]) -> None:
        if isinstance(reply, Fails):
            error = {"message": reply.message, "type": "error", "param": reply.param, "code": reply.code}
            self._json({"error": error}, reply.status, reply.headers)
        elif isinstance(reply, Raw):
            self._send(reply.body, reply.content_type, reply.status, {})
        elif isinstance(reply, Silent):
            self._keep_silent(reply)
        elif isinstance(reply, Calls):
            self._json(_called(reply, body))
        elif body.get("stream"):
            self._stream(reply, body)
        else:
            self._json(_whole(reply, body))

    def _stream(self, reply: Says, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at, piece in enumerate((*reply.reasoning, *reply.pieces)):
            if at == reply.cut_after:
                return self._drop()
            if at == reply.hang_after:
                return self._wait_for_the_client_to_go(reply.comments_while_hanging)
            time.sleep(reply.pause)
            name = "reasoning_content" if at < len(reply.reasoning) else "content"
            self._event(json.dumps(_chunk(body, {name: piece})))
        if len(reply.pieces) == reply.cut_after:
            return self._drop()
        if len(reply.pieces) == reply.hang_after:
            return self._wait_for_the_client_to_go(reply.comments_while_hanging)
        for event in (*reply.events, *_ending(reply, body)):
            self._event(event)
        return self._chunk(b"")

    def _event(self, data: str) -> None:
        self._chunk(b"data: " + data.encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        if self._client_is_gone():
            raise BrokenPipeError
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _keep_silent(self, reply: Silent) -> None:
        if reply.drop:
            self._drop()
        else:
            self._wait_for_the_client_to_go(False)

    def _wait_for_the_client_to_go(self, comments: bool) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self._client_is_gone(0.02):
                raise BrokenPipeError
            if comments:
                self._chunk(b": still here\n\n")
        self.close_connection = True

    def _client_is_gone(self, within: float = 0) -> bool:
        readable, _, _ = select.select([self.connection], [], [], within)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)

    def _drop(self) -> None:
        """Resets the connection, as a server that dies does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
        self.wfile = self.rfile = _Nothing()  # type: ignore[assignment]

    def _json(self, value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        self._send(json.dumps(value).encode(), "application/json", status, headers or {})

    def _send(self, body: bytes, content_type: str, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class _Nothing:
    """In place of the files of a connection that was reset."""

    closed = False

    def flush(self) -> None: ...

    def close(self) -> None: ...


def _chunk(body: dict[str, Any], delta: Mapping[str, object], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": body.get("model"), "choices": [choice]}


def _ending(reply: Says, body: dict[str, Any]) -> Iterable[str]:
    if reply.refusal:
        yield json.dumps(_chunk(body, {"content": None, "refusal": reply.refusal}))
    if reply.finish:
        yield json.dumps(_chunk(body, {}, reply.finish))
    if reply.usage and (body.get("stream_options") or {}).get("include_usage"):
        yield json.dumps({**_chunk(body, {}), "choices": [], "usage": _usage(reply, body)})
    if reply.done:
        yield "[DONE]"


def _usage(reply: Says, body: dict[str, Any]) -> dict[str, int]:
    prompt = sum(len(str(message["content"]).split()) for message in body["messages"])
    return {"prompt_tokens": prompt, "completion_tokens": len(reply.pieces), "total_tokens": prompt + len(reply.pieces)}


def _whole(reply: Says, body: dict[str, Any]) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.text, "refusal": reply.refusal or None}
    return _completion(body, message, reply.finish, _usage(reply, body))


def _called(reply: Calls, body: dict[str, Any]) -> dict[str, Any]:
    call = {"id": "call1", "type": "function", "function": {"name": reply.tool, "arguments": json.dumps(dict(reply.arguments))}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    return _completion(body, message, "tool_calls", {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2})


def _completion(body: dict[str, Any], message: dict[str, Any], finish: str | None, usage: dict[str, int]) -> dict[str, Any]:
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": body.get("model"),
        "choices": [choice],
        "usage": usage,
    }
