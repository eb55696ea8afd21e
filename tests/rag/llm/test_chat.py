"""A language model over the wire: what it passes on, what each fault becomes, and that stopping ends the request."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from llama_index.core.instrumentation import get_dispatcher
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from openai_server import Fails, OpenAIServer, Raw, Reply, Says, Silent, says
from pydantic import SecretStr

from rag.errors import ModelFailed, PromptTooLong
from rag.llm.chat import ChatModel
from rag.llm.endpoint import Endpoint
from rag.llm.faults import quoted
from rag.llm.retry import Retry
from rag.types import Message, Usage

KEY = "sk-of-the-tests-1234567890"
MESSAGES = [Message("system", "Answer briefly."), Message("user", "What do bees do?")]
AT_ONCE = Retry(base=0.0)
LIMIT = 20.0


def model(server: OpenAIServer, key: str | None = KEY, timeout: float = LIMIT, retry: Retry = AT_ONCE) -> ChatModel:
    return ChatModel(Endpoint("small", server.url, SecretStr(key) if key else None, timeout), retry=retry)


def pieces(stream: Iterator[str | Usage]) -> list[str | Usage]:
    return [piece for piece in stream if piece != ""]


@pytest.fixture
def told() -> list[str]:
    return []


def test_pieces_come_in_order_and_then_the_servers_own_count() -> None:
    with OpenAIServer(says("Bees ", "dance", ".")) as server:
        assert pieces(model(server).stream(MESSAGES)) == ["Bees ", "dance", ".", Usage(6, 3)]
    asked = server.asked[0]
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.body["messages"] == [
        {"role": "system", "content": "Answer briefly."},
        {"role": "user", "content": "What do bees do?"},
    ]
    assert (asked.body["model"], asked.body["stream"], asked.body["temperature"]) == ("small", True, 0.0)
    assert "max_tokens" not in asked.body


def test_a_piece_is_passed_on_before_the_next_is_sent() -> None:
    with OpenAIServer(says("Bees ", "dance.", hang_after=1)) as server:
        stream = model(server).stream(MESSAGES)
        assert next(piece for piece in stream if piece) == "Bees "
        stream.close()  # type: ignore[attr-defined]


def test_a_chosen_temperature_goes_before_the_settings() -> None:
    with OpenAIServer() as server:
        pieces(model(server).stream(MESSAGES, temperature=0.7))
        assert server.asked[0].body["temperature"] == 0.7


def test_without_a_key_none_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-program")
    with OpenAIServer() as server:
        assert pieces(model(server, key=None).stream(MESSAGES))[:2] == ["Hello", "."]
        assert "Authorization" not in server.asked[0].headers


def test_where_the_server_does_not_count_the_usage_is_estimated() -> None:
    with OpenAIServer(says("Bees ", "dance.", usage=False)) as server:
        *_, usage = model(server).stream(MESSAGES)
    assert isinstance(usage, Usage)
    assert usage.estimated
    assert usage.prompt_tokens >= 8
    assert usage.completion_tokens >= 3


def test_thoughts_are_not_part_of_the_reply() -> None:
    with OpenAIServer(says("Yes.", reasoning=["Let me ", "think."])) as server:
        assert pieces(model(server).stream(MESSAGES))[0] == "Yes."


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fails(401, f"Incorrect API key provided: {KEY}"), "does not accept the key .* Check OPENAI_API_KEY"),
        (Fails(403, "Country not supported"), "refuses the request .403: Country not supported.*key may use small"),
        (Fails(404, "The model does not exist"), "has no model small.*`paperchat models`.*PAPERCHAT_MODEL"),
        (Fails(429, "slow down", headers={"Retry-After": "3600"}), "asks for a pause of 3600 s.*Wait"),
        (Fails(429, "You exceeded your quota", "insufficient_quota"), "no credit left"),
        (Fails(400, "I do not like it"), "does not accept the request .400: I do not like it"),
        (Fails(301), "has moved .301.*OPENAI_BASE_URL"),
        (says("Bees ", "dan", "ce", cut_after=2), "broke off"),
        (says("Bees ", "dan", finish=None), "broke off in the middle of the reply"),
        (says("Bees ", "dan", finish=None, done=False), "broke off in the middle of the reply"),
        (says("Bees ", "dan", finish="length"), "token limit in the middle"),
        (says("Bees ", finish="content_filter"), "refuses to answer .a filter"),
        (says("Bees ", finish="error"), "broke off"),
        (says("Bees ", events=["{not json"]), "cannot be read .JSONDecodeError.*OPENAI_BASE_URL"),
        (says("Bees ", events=['{"error": {"message": "out of memory"}}']), "broke off its reply with an error .out of memory"),
        (says(refusal="I cannot help with bees."), "refuses to answer .I cannot help with bees.*another model"),
        (says("Bees. ", *["They dance and dance in the hive. "] * 300), "kept repeating itself"),
        (Raw(b"<html>It works!</html>"), "answered with text/html.*ends in /v1"),
        (Raw(b'{"error": "Unexpected endpoint"}', "application/json"), "answered with application/json"),
    ],
)
def test_what_cannot_be_mended_is_said_once_and_asked_once(fault: Reply, said: str, told: list[str]) -> None:
    with OpenAIServer(fault) as server, pytest.raises(ModelFailed, match=said) as error:
        list(model(server).stream(MESSAGES, tell=told.append))
    assert (len(server.asked), told) == (1, [])
    assert KEY not in str(error.value)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fails(429, "slow down", headers={"Retry-After": "0"}), "too many requests"),
        (Fails(500, "out of memory"), "failed .500: out of memory"),
        (Fails(503, "<html>busy</html>"), "failed .503: a page"),
        (Fails(408), "failed .408"),
        (Silent(drop=True), "broke off"),
        (says("dance", cut_after=0), "broke off"),
        (says(), "empty reply"),
        (says("  ", "\n"), "empty reply"),
        (says(reasoning=["Hm."]), "empty reply"),
        (says(finish=None), "broke off"),
        (says(events=["[1]"]), "cannot be read"),
        (says(events=['{"choices": [{"delta": 7}]}']), "cannot be read"),
    ],
)
def test_what_may_pass_is_asked_again_and_told(fault: Reply, said: str, told: list[str]) -> None:
    with OpenAIServer(fault, says("Yes.")) as server:
        assert pieces(model(server).stream(MESSAGES, tell=told.append))[-2:] == ["Yes.", Usage(6, 1)]
        assert len(server.asked) == 2
    assert len(told) == 1
    assert told[0].endswith("Asking again (attempt 2 of 3).")
    with OpenAIServer(fault) as server, pytest.raises(ModelFailed, match=said):
        list(model(server).stream(MESSAGES))
    assert len(server.asked) == 3


def test_a_refusal_in_the_first_and_only_event_is_seen() -> None:
    event = '{"choices": [{"index": 0, "delta": {"refusal": "Not that."}, "finish_reason": "stop"}]}'
    with OpenAIServer(Says((), finish=None, events=[event])) as server, pytest.raises(ModelFailed, match="Not that"):
        list(model(server).stream(MESSAGES))


def test_a_connection_that_breaks_after_the_last_word_loses_nothing() -> None:
    end = '{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}'
    with OpenAIServer(Says(("Yes.",), finish=None, events=[end, "{broken"])) as server:
        assert pieces(model(server).stream(MESSAGES))[0] == "Yes."


@pytest.mark.parametrize(
    "fault",
    [
        Fails(400, "This model's maximum context length is 4096 tokens.", "context_length_exceeded"),
        Fails(400, "the request exceeds the available context size, try increasing it"),
        Fails(413),
    ],
)
def test_a_prompt_that_is_too_long_is_an_error_of_its_own(fault: Reply) -> None:
    with OpenAIServer(fault) as server, pytest.raises(PromptTooLong, match="PAPERCHAT_CONTEXT"):
        list(model(server).stream(MESSAGES))


@pytest.mark.parametrize(
    ("fault", "option"),
    [
        (Fails(400, "Unsupported value: 'temperature' does not support 0", param="temperature"), "temperature"),
        (Fails(400, "Unrecognized request argument supplied: stream_options"), "stream_options"),
    ],
)
def test_what_a_server_does_not_take_is_left_out_from_then_on(fault: Reply, option: str, told: list[str]) -> None:
    with OpenAIServer(fault, says("Yes.")) as server:
        one = model(server)
        for _ in range(2):
            assert pieces(one.stream(MESSAGES, tell=told.append))[0] == "Yes."
        assert [option in asked.body for asked in server.asked] == [True, False, False]
    assert told == []


@pytest.mark.parametrize(
    ("fault", "how"),
    [
        (Silent(), "did not begin to answer and was silent for 0.3 s"),
        (says("Bees ", "dance", hang_after=1), "stopped in the middle"),
        (says("Bees ", "dance", hang_after=1, comments_while_hanging=True), "stopped in the middle"),
    ],
)
def test_a_silent_server_is_given_up(fault: Reply, how: str) -> None:
    with OpenAIServer(fault) as server:
        with pytest.raises(ModelFailed, match=f"{how}.*PAPERCHAT_TIMEOUT"):
            list(model(server, timeout=0.3).stream(MESSAGES))
        assert server.client_went()


@pytest.mark.parametrize("fault", [Silent(), says("Bees ", "dance", hang_after=1)])
def test_closing_ends_the_request_on_the_wire(fault: Reply) -> None:
    with OpenAIServer(fault) as server:
        stream = model(server).stream(MESSAGES)
        while not server.asked:
            next(stream)
        stream.close()  # type: ignore[attr-defined]
        assert server.client_went()


def test_an_interrupt_ends_the_request_on_the_wire() -> None:
    with OpenAIServer(says("Bees ", "dance", hang_after=1)) as server:
        stream = model(server).stream(MESSAGES)
        assert next(piece for piece in stream if piece) == "Bees "
        with pytest.raises(KeyboardInterrupt):
            stream.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
        assert server.client_went()


def test_a_pause_before_asking_again_can_be_stopped() -> None:
    with OpenAIServer(Fails(429, headers={"Retry-After": "25"})) as server:
        told: list[str] = []
        stream = model(server).stream(MESSAGES, tell=told.append)
        while not told:
            assert next(stream) == ""
        started = time.monotonic()
        stream.close()  # type: ignore[attr-defined]
        assert time.monotonic() - started < 20
        assert len(server.asked) == 1


def test_nothing_listens_there(told: list[str]) -> None:
    with OpenAIServer() as server:
        gone = server.url
    with pytest.raises(ModelFailed, match=r"Nothing answers at http://127.0.0.1.*Start the server"):
        list(ChatModel(Endpoint("small", gone)).stream(MESSAGES, tell=told.append))
    assert told == []


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(ModelFailed, match=r"models\.example/v1 cannot be found .DNS"):
        list(ChatModel(Endpoint("small", "https://models.example/v1", SecretStr(KEY))).stream(MESSAGES))


def test_a_server_that_does_not_speak_tls() -> None:
    with OpenAIServer() as server, pytest.raises(ModelFailed, match=r"TLS.*http:// instead of https://"):
        list(ChatModel(Endpoint("small", server.url.replace("http:", "https:"))).stream(MESSAGES))


def test_a_key_is_nowhere_to_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with OpenAIServer(Fails(403, f"The key {KEY} and sk-an-other-key-12345 may not"), says("Yes.")) as server:
        one = model(server)
        with pytest.raises(ModelFailed) as error:
            list(one.stream(MESSAGES))
        list(one.stream(MESSAGES))
    shown = " ".join([str(error.value), repr(error.value), repr(one), repr(one.endpoint), str(one.__dict__), caplog.text])
    assert KEY not in shown
    assert "sk-an-other-key-12345" not in shown
    assert error.value.__suppress_context__


def test_a_password_in_the_address_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), OpenAIServer(says("Yes.")) as server:
        address = server.url.replace("http://", "http://ada:s3cret@")
        assert "Yes." in list(ChatModel(Endpoint("small", address, SecretStr(KEY))).stream(MESSAGES))
    assert "s3cret" not in caplog.text


def test_llamaindex_sees_the_call_and_not_the_key() -> None:
    seen: list[str] = []

    class Handler(BaseEventHandler):
        def handle(self, event: object, **_: object) -> None:
            seen.append(f"{type(event).__name__} {event!r}")

    root = get_dispatcher()
    handler = Handler()
    root.add_event_handler(handler)
    try:
        with OpenAIServer() as server:
            list(model(server).stream(MESSAGES))
    finally:
        root.event_handlers.remove(handler)
    names = [text.split()[0] for text in seen]
    assert {"LLMChatStartEvent", "LLMChatInProgressEvent", "LLMChatEndEvent"} <= set(names)
    assert KEY not in " ".join(seen)


def test_many_replies_at_once_do_not_mix() -> None:
    with OpenAIServer() as server:
        one = model(server)
        found: list[list[str | Usage]] = []
        threads = [threading.Thread(target=lambda: found.append(pieces(one.stream(MESSAGES)))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [["Hello", ".", Usage(6, 2)]] * 8


def test_a_model_that_only_the_responses_interface_has_is_refused_with_a_sentence() -> None:
    with pytest.raises(ModelFailed, match=r"gpt-5\.2-pro cannot be used for chats"):
        list(ChatModel(Endpoint("gpt-5.2-pro", "http://127.0.0.1:9/v1")).stream(MESSAGES))


def test_openai_itself_without_a_key_is_never_contacted() -> None:
    with pytest.raises(ModelFailed, match=r"set OPENAI_API_KEY .* or OPENAI_BASE_URL"):
        next(ChatModel(Endpoint("gpt-4o-mini")).stream(MESSAGES))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Incorrect API key provided: sk-ab***********yz12.", "Incorrect API key provided: ***"),
        ("Sent Authorization: Bearer abc", "Sent Authorization: ***"),
        ("The API key provided is too short", "The API key provided is too short"),
        (f"a{KEY}b", "a***b"),
        ("two\nlines\x1b[31m \u202eand more", "two lines [31m and more"),
        ("", "no reason given"),
        ("x" * 999, "x" * 200),
    ],
)
def test_a_servers_words_are_shown_without_keys_and_tricks(said: str, shown: str) -> None:
    assert quoted(said, Endpoint("small", key=SecretStr(KEY))) == shown
