"""`paperchat models`: what is configured, whether it answers, what it lists, and a hint for each problem; never the key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openai_server import Fails, OpenAIServer, Raw

from tests.conftest import Command

KEY = "sk-of-the-tests-1234567890"


@pytest.fixture
def set_up(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    return monkeypatch


def told(command: Command, *arguments: str) -> tuple[int, str]:
    ran = command("models", *arguments)
    assert KEY not in ran.out + ran.err
    return ran.code, ran.out


def test_with_nothing_set_nothing_is_contacted_and_the_way_is_told(command: Command) -> None:
    code, out = told(command)
    assert code == 0
    assert "none: answers are quoted sentences" in out
    assert "not contacted; key not set" in out
    assert "Set PAPERCHAT_MODEL" in out


def test_an_encoder_that_runs_here_is_named_and_contacts_nobody(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERCHAT_EMBEDDING", "multilingual")
    code, out = told(command)
    assert code == 0
    assert "embedding: multilingual" in out
    assert "not contacted" in out


def test_a_key_alone_contacts_nobody(command: Command, set_up: pytest.MonkeyPatch) -> None:
    code, out = told(command)
    assert code == 0
    assert "https://api.openai.com/v1 (not contacted; key set)" in out
    assert "no model is chosen, so nothing was contacted" in out


def test_a_model_that_is_there(command: Command, set_up: pytest.MonkeyPatch) -> None:
    with OpenAIServer(key=KEY, models=["small", "large"]) as server:
        set_up.setenv("OPENAI_BASE_URL", server.url)
        set_up.setenv("PAPERCHAT_MODEL", "small")
        code, out = told(command)
    assert code == 0
    assert out.splitlines() == [
        "language model: small",
        "embedding: the encoder that comes along",
        f"server: {server.url} (answers; key set)",
        "  large",
        "  small",
    ]


def test_as_json(command: Command, set_up: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as server:
        set_up.setenv("OPENAI_BASE_URL", server.url.replace("http://", "http://me:hidden@"))
        set_up.setenv("PAPERCHAT_MODEL", "small")
        set_up.setenv("PAPERCHAT_EMBEDDING", "openai:large")
        code, out = told(command, "--json")
    report = json.loads(out)
    assert code == 0
    assert (report["model"], report["embedding"], report["base_url"]) == ("small", "large", server.url)
    assert (report["key_set"], report["reachable"], report["problems"]) == (True, True, [])
    assert report["listed"] == [{"name": "large", "context": None}, {"name": "small", "context": None}]


def test_a_server_without_a_chosen_model_is_asked_what_it_has(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        code, out = told(command)
        assert "Authorization" not in server.asked[0].headers
    assert code == 0
    assert "  small" in out
    assert "No language model is chosen" in out


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Fails(401), "does not accept the key (401). Check OPENAI_API_KEY"),
        (Fails(404), "does not list its models (404). Check that OPENAI_BASE_URL"),
        (Fails(500, f"broken {KEY}"), "failed (500: broken ***)"),
        (Raw(b"<html>"), "answered with text/html"),
        (Raw(b"[" * 100_000, "application/json"), "sent a reply that cannot be read"),
        (Raw(b'{"data": []}', "application/json"), "lists no models at all"),
        (Raw(b'{"data": [{"id": "large"}]}', "application/json"), "does not list it: set PAPERCHAT_MODEL"),
    ],
)
def test_each_problem_has_a_hint(command: Command, set_up: pytest.MonkeyPatch, reply: Fails | Raw, said: str) -> None:
    with OpenAIServer() as server:
        server.listing = reply
        set_up.setenv("OPENAI_BASE_URL", server.url)
        set_up.setenv("PAPERCHAT_MODEL", "small")
        code, out = told(command)
    assert code == 1
    (problem,) = [line for line in out.splitlines() if line.startswith("Problem: ")]
    assert said in problem


def test_a_model_of_ollama_is_known_by_its_short_name(command: Command, set_up: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as server:
        server.listing = Raw(b'{"data": [{"id": "small:latest"}]}', "application/json")
        set_up.setenv("OPENAI_BASE_URL", server.url)
        set_up.setenv("PAPERCHAT_MODEL", "small")
        assert told(command)[0] == 0


def test_a_context_that_the_server_tells_is_compared(command: Command, set_up: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as server:
        server.listing = Raw(b'{"data": [{"id": "small", "max_model_len": 4096}]}', "application/json")
        set_up.setenv("OPENAI_BASE_URL", server.url)
        set_up.setenv("PAPERCHAT_MODEL", "small")
        code, out = told(command)
    assert code == 0
    assert "small (4096 tokens)" in out
    assert "takes 4096 tokens: PAPERCHAT_CONTEXT is 8192" in out


def test_a_server_that_is_not_there(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    code, out = told(command)
    assert code == 1
    assert "connection refused" in out
    assert "Start the server" in out


def test_a_list_that_holds_the_key_or_what_is_no_name(command: Command, set_up: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as server:
        listed = [{"id": "small"}, {"id": f"echo-{KEY}"}, {"id": None}, {"id": 5}, {}]
        server.listing = Raw(json.dumps({"data": listed}).encode(), "application/json")
        set_up.setenv("OPENAI_BASE_URL", server.url)
        set_up.setenv("PAPERCHAT_MODEL", "small")
        code, out = told(command)
    assert code == 0
    assert out.splitlines()[3:] == ["  echo-***", "  small"]


def test_what_a_server_lists_cannot_steer_the_terminal(command: Command, set_up: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as server:
        server.listing = Raw(b'{"data": [{"id": "a\\u001b[31m\\n\\u202eb"}]}', "application/json")
        set_up.setenv("OPENAI_BASE_URL", server.url)
        out = told(command)[1]
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_without_a_model_nothing_of_it_is_imported(home: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from rag import open_library\n"
        f"with open_library(Path({str(home)!r})) as library: library.ask('What does MgNO use?')\n"
        "print([name for name in ('openai', 'llama_index', 'rag.llm.chat', 'rag.llm.embedding') if name in sys.modules])"
    )
    environment = {**os.environ, "OPENAI_API_KEY": KEY, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
