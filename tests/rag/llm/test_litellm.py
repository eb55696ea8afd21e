"""Against a server that this project did not write: LiteLLM's proxy with mocked replies, in an environment of its own.

Left out of the usual run, as it installs some 0.7 GB into the cache folder once: `make test-slow`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from platformdirs import user_cache_path
from pydantic import SecretStr

from rag.errors import ModelFailed
from rag.llm.chat import ChatModel
from rag.llm.embedding import OpenAIEncoder
from rag.llm.endpoint import Endpoint
from rag.llm.listing import listed
from rag.llm.retry import Retry
from rag.types import Message, Usage

pytestmark = pytest.mark.slow

LITELLM = "litellm[proxy]==1.106.2"
KEY = "sk-of-the-tests"
STARTS_WITHIN = 240
CONFIGURATION = f"""
model_list:
  - model_name: mocked
    litellm_params: {{model: openai/mocked, api_key: none, mock_response: "Bees dance in the hive. [1]"}}
  - model_name: limited
    litellm_params: {{model: openai/limited, api_key: none, mock_response: "litellm.RateLimitError"}}
  - model_name: vectors
    litellm_params: {{model: openai/vectors, api_key: none, mock_response: [3.0, 4.0]}}
general_settings: {{master_key: {KEY}}}
"""
RUN = "from litellm.proxy.proxy_cli import run_server; run_server()"


@pytest.fixture(scope="module")
def python() -> Path:
    """The interpreter of the environment that has LiteLLM; made at the first time."""
    folder = user_cache_path("paperchat-tests", appauthor=False) / LITELLM.partition("==")[2]
    python = folder / "bin" / "python"
    installed = folder / "installed"
    if installed.exists():
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True, timeout=120)
        subprocess.run([str(python), "-m", "pip", "install", "-q", LITELLM], check=True, capture_output=True, timeout=900)
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"LiteLLM cannot be installed here: {error}")
    installed.touch()
    return python


@pytest.fixture(scope="module")
def url(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("litellm")
    (folder / "config.yaml").write_text(CONFIGURATION)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = ["--config", "config.yaml", "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False"}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([str(python), "-c", RUN, *arguments], cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/health/liveliness", server)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    pytest.fail("LiteLLM's proxy did not start")


def endpoint(url: str, model: str, key: str = KEY) -> Endpoint:
    return Endpoint(model, url, SecretStr(key))


def reply(url: str, model: str, key: str = KEY, told: list[str] | None = None) -> list[str | Usage]:
    chat = ChatModel(endpoint(url, model, key), retry=Retry(base=0.0))
    tell = told.append if told is not None else None
    return [piece for piece in chat.stream([Message("user", "What do bees do?")], tell=tell) if piece != ""]


def test_a_reply_streams_and_is_counted(url: str) -> None:
    *pieces, usage = reply(url, "mocked")
    assert len(pieces) > 1
    assert "".join(str(piece) for piece in pieces) == "Bees dance in the hive. [1]"
    assert isinstance(usage, Usage)
    assert usage.prompt_tokens > 0
    assert not usage.estimated


def test_its_faults_are_sentences(url: str) -> None:
    told: list[str] = []
    with pytest.raises(ModelFailed, match="too many requests"):
        reply(url, "limited", told=told)
    assert len(told) == 2
    with pytest.raises(ModelFailed, match=r"does not accept the request .400.*`paperchat models`"):
        reply(url, "nobody")
    with pytest.raises(ModelFailed, match=r"40[013]") as error:
        reply(url, "mocked", "sk-of-somebody-else")
    assert "sk-of-somebody-else" not in str(error.value)


def test_its_models_are_listed(url: str) -> None:
    assert [one.name for one in listed(endpoint(url, ""))] == ["limited", "mocked", "vectors"]


def test_its_vectors_are_taken(url: str) -> None:
    vectors = OpenAIEncoder(endpoint(url, "vectors")).encode(["Why?"])
    assert [round(float(value), 6) for value in vectors[0]] == [0.6, 0.8]
