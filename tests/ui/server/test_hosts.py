"""By which names the server may be called, and from which pages it may be acted on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.server.hosts import Hosts, host_name, shown

HERE = "localhost:7860"


@pytest.mark.parametrize(
    "authority", ["localhost", "localhost:7860", "LOCALHOST:7860", "127.0.0.1:7860", "127.8.0.1", "[::1]:7860", "[::1]"]
)
def test_a_server_answers_to_the_names_of_its_machine(authority: str) -> None:
    assert Hosts().answers_to(authority)


@pytest.mark.parametrize(
    "authority",
    ["", "evil.example", "evil.example:7860", "localhost.evil.example", "evil.example@localhost", "localhost:x", "localhost/x", "192.168.1.5",
     "127.0.0.1.evil.example", "[::1", "localhost:7860:7860", "localhost:99999", "localhost evil", "0.0.0.0", "local\u212aost"],
)  # fmt: skip
def test_a_server_on_loopback_answers_to_no_other_name(authority: str) -> None:
    assert not Hosts().answers_to(authority)


def test_further_names_are_those_that_were_given() -> None:
    hosts = Hosts("papers.local", ("Papers.example.org", "other.example:8443"))
    for name in ("papers.local:7860", "papers.example.org", "papers.example.org:1", "other.example:8443"):
        assert hosts.answers_to(name)
    assert not hosts.answers_to("other.example:1")
    assert not hosts.answers_to("192.168.1.5")


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_server_on_all_addresses_answers_to_numbers_which_nobody_can_point_elsewhere(host: str) -> None:
    assert Hosts(host).answers_to("192.168.1.5:7860")
    assert Hosts(host).answers_to("[fe80::1]:7860")
    assert not Hosts(host).answers_to("evil.example:7860")


@pytest.mark.parametrize(
    "headers",
    [
        {"host": HERE},
        {"host": HERE, "origin": "http://localhost:7860", "sec-fetch-site": "same-origin"},
        {"host": "papers.example.org", "origin": "https://papers.example.org"},
        {"host": HERE, "origin": "https://papers.example.org", "x-forwarded-host": "papers.example.org"},
        {"host": HERE, "sec-fetch-site": "none"},
    ],
)
def test_the_page_itself_and_programs_may_act(headers: dict[str, str]) -> None:
    assert Hosts().may_act(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": HERE, "origin": "http://evil.example"},
        {"host": HERE, "origin": "http://evil.example:7860"},
        {"host": HERE, "origin": "http://localhost:3000"},
        {"host": HERE, "origin": "http://127.0.0.1:7860"},
        {"host": HERE, "origin": "null"},
        {"host": HERE, "origin": ""},
        {"host": HERE, "origin": "file://localhost:7860"},
        {"host": HERE, "origin": "http://localhost:7860", "sec-fetch-site": "cross-site"},
        {"host": HERE, "origin": "http://localhost:7860", "sec-fetch-site": "same-site"},
        {"host": HERE, "sec-fetch-site": "cross-site"},
    ],
)
def test_no_page_of_another_site_may_act(headers: dict[str, str]) -> None:
    assert not Hosts().may_act(headers)


def test_pages_of_further_names_and_of_sites_that_were_named_may_act() -> None:
    hosts = Hosts(allowed=("papers.example.org",), origins=("https://friend.example",))
    assert hosts.may_act({"host": HERE, "origin": "https://papers.example.org", "sec-fetch-site": "same-origin"})
    assert hosts.may_act({"host": HERE, "origin": "https://friend.example", "sec-fetch-site": "cross-site"})
    assert not hosts.may_act({"host": HERE, "origin": "http://friend.example"})
    assert not hosts.may_act({"host": HERE, "origin": "https://friend.example.evil.example"})


@given(st.text(max_size=300))
def test_any_text_is_a_name_or_none_and_is_safe_to_show(text: str) -> None:
    assert host_name(text) is None or host_name(text).isascii()  # type: ignore[union-attr]
    assert not set(shown(text)) & set("<>\"'&\r\n ")
    assert not Hosts().answers_to(text) or host_name(text) is not None
