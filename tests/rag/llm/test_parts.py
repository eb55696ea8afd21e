"""The pure parts under the models: addresses and keys, pauses, repetition, and the estimate of tokens."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.utils import get_tokenizer
from pydantic import SecretStr

from rag.ingestion.bundled import bundled_papers
from rag.llm.endpoint import OPENAI, Endpoint
from rag.llm.repetition import SHORTEST, WINDOW, repeats
from rag.llm.retry import Retry, retry_after, waiting
from rag.llm.tokens import estimate
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("base_url", "key", "usable"),
    [
        (OPENAI, "sk-1", True),
        (OPENAI, None, False),
        (OPENAI + "/", "", False),
        ("http://localhost:11434/v1", None, True),
        ("http://[::1]:8000/v1", None, True),
        ("localhost:11434/v1", None, False),
        ("ftp://localhost/v1", None, False),
        ("http://localhost:port/v1", None, False),
        ("http://[::1/v1", None, False),
        ("http://local host/v1", None, False),
        ("http://localhost/v1", "sk-\n1", False),
        ("http://localhost/v1", "sk-ü", False),
        ("http://localhost/v1", "sk- 1", False),
    ],
)
def test_what_can_be_used_as_a_server(base_url: str, key: str | None, usable: bool) -> None:
    problem = Endpoint("small", base_url, SecretStr(key) if key is not None else None).problem()
    assert (problem is None) == usable
    assert key is None or len(key) < 2 or key not in str(problem)


def test_an_address_is_shown_without_what_may_be_secret() -> None:
    endpoint = Endpoint("small", "https://me:hidden@models.example:8443/v1/?key=hidden", SecretStr("sk-hidden"))
    assert endpoint.shown == "https://models.example:8443/v1"
    assert "hidden" not in repr(endpoint.key)


def test_pauses_double_up_to_a_limit_and_end() -> None:
    retry = Retry(attempts=4, base=1.0, longest=3.0, chance=lambda: 1.0)
    assert [retry.pause(attempt, None) for attempt in (1, 2, 3, 4)] == [1.0, 2.0, 3.0, None]


@given(st.integers(1, 2), st.floats(0, 30), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_never_shorter_than_the_server_wishes_nor_longer_than_the_limit(
    attempt: int, wish: float, chance: float
) -> None:
    pause = Retry(chance=lambda: chance).pause(attempt, wish)
    assert pause is not None
    assert wish <= pause <= 30


def test_a_wish_beyond_the_limit_ends_it() -> None:
    assert Retry(longest=30).pause(1, 30.1) is None


NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "-7"}, 0.0),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after-ms": "x", "retry-after": "1"}, 1.0),
        ({"retry-after": "Thu, 01 Jan 2026 12:00:09 GMT"}, 9.0),
        ({"retry-after": "Thu, 01 Jan 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "Thu, 01 Jan 2026 12:00:09 -0000"}, None),
        ({"retry-after": "soon"}, None),
    ],
)
def test_what_a_server_wishes(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


def test_no_pause_is_no_wait() -> None:
    assert list(waiting(0)) == []


@given(st.text("ab cd", min_size=1, max_size=60), st.integers(4, 200), st.text(max_size=50))
def test_a_stretch_again_and_again_is_seen(stretch: str, times: int, before: str) -> None:
    text = before + stretch * times
    assert repeats(text) or len(stretch) * times < SHORTEST


def test_no_abstract_repeats_itself_nor_does_a_table() -> None:
    for paper in bundled_papers():
        assert not repeats(paper.abstract)
    assert not repeats("\n".join(paper.abstract for paper in bundled_papers()))
    assert not repeats("| paper | problem | result |\n" + "|---|---|---|\n" + "| [1] | not stated | not stated |\n" * 6)


def test_three_times_is_not_yet_endless() -> None:
    stretch = next(paper.abstract for paper in bundled_papers())
    assert not repeats(stretch * 3)
    assert repeats(stretch * 4) == (4 * len(stretch) <= WINDOW)


def test_the_estimate_is_on_the_safe_side_and_not_far_off() -> None:
    tokenizer = get_tokenizer()  # cl100k, the one encoding that LlamaIndex brings along
    for paper in bundled_papers():
        counted = len(tokenizer(paper.abstract))
        assert counted <= estimate(paper.abstract) <= 2 * counted


@given(st.text(), st.text())
def test_estimates_of_parts_bear_the_whole(first: str, second: str) -> None:
    assert estimate(first + second) <= estimate(first) + estimate(second) + 1
    assert (estimate(first) == 0) <= (not first.strip(" "))


def test_the_thread_of_the_requests_ends_before_the_process() -> None:
    """One that still read a reply in native code then would abort the process, and its exit code with it."""
    script = (
        "import asyncio, atexit, threading\n"
        "atexit.register(lambda: print([each.name for each in threading.enumerate()]))\n"  # the first one in is the last one run
        "from rag.llm.background import arriving\n"
        "async def source():\n"
        "    yield 1\n"
        "    await asyncio.sleep(1000)\n"
        "print(next(arriving(source)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.splitlines() == ["1", "['MainThread']"]
