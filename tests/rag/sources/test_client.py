"""The client that goes online: its pace, what it does when a server fails, and what it never does."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from web_server import Page, WebServer

from rag.errors import FetchFailed
from rag.sources import client as online
from rag.sources.client import Client, Service, rest_wished


@dataclass
class Time:
    """A clock that only sleeping moves."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def client(time: Time, told: list[str]) -> Iterator[Client]:
    with Client(told.append, "ada@example.org", time.sleep, time.clock) as client:
        yield client


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer({"/a": Page("yes"), "/b": Page(status=304)}) as server:
        yield server


def service(server: WebServer, **how: object) -> Service:
    return Service("The test service", server.url, **how)  # type: ignore[arg-type]


def test_a_request_says_who_asks_and_carries_its_parameters(client: Client, server: WebServer) -> None:
    reply = client.get(service(server), "/a", {"q": "a b&c=ü", "n": 5})
    assert (reply.status, reply.text) == (200, "yes")
    assert server.asked[0].parameters == {"q": "a b&c=ü", "n": "5"}
    assert server.asked[0].headers["user-agent"].startswith("paperchat/")
    assert "mailto:ada@example.org" in server.asked[0].headers["user-agent"]


def test_nothing_new_and_nothing_there_are_replies(client: Client, server: WebServer) -> None:
    assert client.get(service(server), "/b").status == 304
    assert client.get(service(server), "/none").status == 404
    assert len(server.asked) == 2


def test_requests_to_one_service_keep_its_pause(client: Client, server: WebServer, time: Time) -> None:
    slow = service(server, pause=3.0)
    client.get(slow, "/a")
    time.now += 1.0
    client.get(slow, "/a")
    time.now += 5.0
    client.get(slow, "/a")
    assert time.slept == [2.0]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_that_may_pass_is_waited_for_as_long_as_the_server_says(
    client: Client, server: WebServer, time: Time, told: list[str], status: int
) -> None:
    server.faults = [Page("busy", status, {"Retry-After": "7"}), Page("busy", status)]
    assert client.get(service(server), "/a").text == "yes"
    assert time.slept == [7.0, 4.0]
    assert str(status) in told[0]


def test_a_server_that_stays_in_trouble_is_given_up(client: Client, server: WebServer, time: Time) -> None:
    server.pages["/a"] = Page("busy", 503)
    with pytest.raises(FetchFailed, match=r"The test service is in trouble \(status 503\)"):
        client.get(service(server), "/a")
    assert len(server.asked) == online.TRIES
    assert time.slept == [2.0, 4.0, 8.0]


def test_a_long_rest_is_not_slept_but_told(client: Client, server: WebServer, time: Time) -> None:
    server.pages["/a"] = Page("", 429, {"Retry-After": "3600"})
    with pytest.raises(FetchFailed, match="wait 3600 s"):
        client.get(service(server), "/a")
    assert time.slept == []


@pytest.mark.parametrize("status", [400, 401, 403, 410, 418])
def test_a_refusal_is_not_asked_again(client: Client, server: WebServer, status: int) -> None:
    server.pages["/a"] = Page("no", status)
    with pytest.raises(FetchFailed, match=str(status)):
        client.get(service(server), "/a")
    assert len(server.asked) == 1


def test_a_connection_that_breaks_is_made_again(client: Client, server: WebServer) -> None:
    server.faults = [Page("a long reply", cut=3)]
    assert client.get(service(server), "/a").text == "yes"
    assert len(server.asked) == 2


def test_a_service_of_this_machine_that_is_not_there_is_told_at_once(client: Client, time: Time) -> None:
    with WebServer() as gone:
        address = gone.url
    with pytest.raises(FetchFailed, match=r"cannot be reached at http://127\.0\.0\.1:[0-9]+\. Is it running\?"):
        client.get(Service("Zotero", address, local=True), "/a")
    assert time.slept == []


def test_a_reply_without_end_is_cut_off(client: Client, server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(online, "MOST_BYTES", 2**20)
    packed = gzip.compress(b"a" * 2**22)
    assert len(packed) < 2**13
    server.pages["/a"] = Page(packed, headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchFailed, match="more than 1 MB"):
        client.get(service(server), "/a")


@pytest.mark.parametrize("kind", ["br", "zstd", "gzip, gzip"])
def test_packing_that_was_not_asked_for_is_refused(client: Client, server: WebServer, kind: str) -> None:
    server.pages["/a"] = Page(b"abc", headers={"Content-Encoding": kind})
    with pytest.raises(FetchFailed, match="pack"):
        client.get(service(server), "/a")


def test_what_cannot_be_unpacked_is_told(client: Client, server: WebServer) -> None:
    server.pages["/a"] = Page(b"no gzip at all", headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchFailed, match="unpacked"):
        client.get(service(server), "/a")


def test_a_redirect_within_the_host_is_followed_without_the_parameters(client: Client, server: WebServer) -> None:
    server.pages["/old"] = Page(status=301, headers={"Location": "/a"})
    assert client.get(service(server, secret={"api_key": "s3cret"}), "/old", {"q": "x"}).text == "yes"
    assert server.asked[0].parameters == {"q": "x", "api_key": "s3cret"}
    assert server.asked[1].parameters == {}


def test_no_redirect_leads_to_another_host(client: Client, server: WebServer) -> None:
    with WebServer({"/a": Page("stolen")}) as other:
        for target in (
            f"{other.url}/a",
            "http://169.254.169.254/latest",
            "file:///etc/passwd",
            f"//127.0.0.1:{other.port}/a",
            "",
        ):
            server.pages["/old"] = Page(status=302, headers={"Location": target} if target else {})
            with pytest.raises(FetchFailed, match="redirect"):
                client.get(service(server), "/old")
        assert other.asked == []


def test_redirects_in_a_circle_end(client: Client, server: WebServer) -> None:
    server.pages["/old"] = Page(status=302, headers={"Location": "/old"})
    with pytest.raises(FetchFailed, match="keeps redirecting"):
        client.get(service(server), "/old")


def test_where_a_service_may_lead() -> None:
    arxiv = Service("arXiv", "https://export.arxiv.org", hosts=frozenset({"arxiv.org"}))
    assert arxiv.may_lead_to("https://arxiv.org/api/query")
    assert not arxiv.may_lead_to("http://arxiv.org/api/query")
    assert not arxiv.may_lead_to("https://arxiv.org:8443/")
    assert not arxiv.may_lead_to("https://arxiv.org.example.com/")
    assert not arxiv.may_lead_to("https://example.com/")


def test_a_secret_is_in_no_message(client: Client, server: WebServer) -> None:
    server.pages["/a"] = Page("no", 403)
    with pytest.raises(FetchFailed) as error:
        client.get(service(server, secret={"api_key": "s3cret"}), "/a")
    assert "s3cret" not in str(error.value)


def test_a_secret_is_in_no_log(client: Client, server: WebServer, caplog: pytest.LogCaptureFixture) -> None:
    server.pages["/a"] = Page("yes")
    with caplog.at_level(logging.DEBUG):
        assert client.get(service(server, secret={"api_key": "s3cret"}), "/a", {"q": "x"}).text == "yes"
    assert "s3cret" not in caplog.text


def test_rests_in_seconds_and_as_a_date() -> None:
    now = datetime(2025, 8, 20, 10, 0, 0, tzinfo=UTC)
    assert rest_wished({"retry-after": "12"}) == 12.0
    assert rest_wished({"backoff": "5"}) == 5.0
    assert rest_wished({"retry-after": "Wed, 20 Aug 2025 10:01:30 GMT"}, now) == 90.0
    assert rest_wished({"retry-after": "Wed, 20 Aug 2025 09:00:00 GMT"}, now) == 0.0
    assert rest_wished({"retry-after": "soon"}) is None
    assert rest_wished({"retry-after": "9" * 400}) is None
    assert rest_wished({}) is None
