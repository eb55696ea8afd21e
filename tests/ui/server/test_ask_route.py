"""`POST /api/ask` behind the guard: JSON and event streams, errors in words, a client that leaves, shares of the queue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from rag.errors import CollectionError, ModelFailed
from rag.types import Answer, AskOptions, Checked, Claim, Event, Finished, History, Noticed, PastTurn, Searched, Wrote
from ui.server import ask_route
from ui.server.middleware import Access, Guard
from ui.server.service import CLOSING, Service

HERE = "http://localhost:7860"
ANSWER = Answer("q", "q", "answered", "A. [1]", "quotes", (Claim("A.", (1,), "supported", 0.9, ""),))
WHOLE: list[Event | Exception | None] = [Searched("q", ()), None, Wrote("A. "), Noticed("slow"), Checked(0, ANSWER.claims[0]), Finished(ANSWER)]  # fmt: skip


class FakeService:
    """Gives what it is told, and keeps what it was asked."""

    def __init__(self, *events: Event | Exception | None) -> None:
        self.given, self.asked = events, cast("list[tuple[str, History, AskOptions]]", [])
        self.closed = 0

    def events(self, question: str, history: History, options: AskOptions) -> Iterator[Event | None]:
        self.asked.append((question, history, options))
        try:
            for each in self.given:
                if isinstance(each, Exception):
                    raise each
                yield each
        finally:
            self.closed += 1

    def scope(self, papers: Any, collections: Any) -> frozenset[str] | None:
        if collections:
            raise CollectionError("There is no collection of that name.")
        return frozenset(papers) if papers else None


def client_of(service: FakeService, access: Access | None = None) -> TestClient:
    app = FastAPI(openapi_url=ask_route.OPENAPI)
    ask_route.install(app, cast(Service, service))
    return TestClient(Guard(app, access), HERE, raise_server_exceptions=False, client=("127.0.0.1", 5000))


def test_an_answer_as_json() -> None:
    service = FakeService(*WHOLE)
    body = {"question": "q", "history": ["p", {"question": "o", "cited": ["x"]}], "papers": ["a"], "correct": False}
    reply = client_of(service).post("/api/ask", json=body)
    assert (reply.status_code, reply.json()["text"], reply.json()["status"]) == (200, "A. [1]", "answered")
    (question, history, options), = service.asked  # fmt: skip
    assert (question, [each.question for each in history if isinstance(each, PastTurn)]) == ("q", ["p", "o"])
    assert (options.scope, options.correct) == (frozenset({"a"}), False)


def test_an_answer_as_it_comes() -> None:
    service = FakeService(*WHOLE)
    reply = client_of(service).post("/api/ask", json={"question": "q"}, headers={"Accept": "text/event-stream"})
    assert reply.headers["content-type"].startswith("text/event-stream")
    told = [tuple(line.split(": ", 1)[1] for line in each.split("\n")) for each in reply.text.strip().split("\n\n")]
    assert [name for name, _ in told] == ["searched", "wrote", "noticed", "checked", "finished"]
    assert json.loads(told[-1][1])["text"] == "A. [1]"
    assert json.loads(told[3][1])["claim"]["verdict"] == "supported"
    assert service.closed == 1


@pytest.mark.parametrize(("end", "status", "said"), [
    ((ModelFailed("The model is gone."),), 400, "The model is gone."), ((), 503, CLOSING),
    ((ZeroDivisionError("oh"),), 500, "Something went wrong inside Paperchat. Ask again."),
])  # fmt: skip
def test_what_goes_wrong_is_told_either_way(end: tuple[Exception, ...], status: int, said: str) -> None:
    service = FakeService(Searched("q", ()), *end)
    reply = client_of(service).post("/api/ask", json={"question": "q"})
    assert (reply.status_code, reply.json()) == (status, {"detail": said})
    streamed = client_of(service).post("/api/ask", json={"question": "q"}, headers={"Accept": "text/event-stream"})
    assert streamed.text.strip().split("\n\n")[-1] == f"event: error\ndata: {json.dumps({'detail': said})}"
    assert service.closed == 2


@pytest.mark.parametrize(("body", "status", "said"), [
    ({}, 422, "`question`: Field required."), ({"question": 5}, 422, "`question`: Input should be a valid string."),
    ({"question": "q", "more": 1}, 422, "`more`: Extra inputs are not permitted."), ([], 422, "must be a JSON object"), ("q", 422, "must be a JSON object"),
    ({"question": "x" * 4001}, 400, "4,001 characters"), ({"question": "q", "history": ["q"] * 21}, 422, "`history`"),
    ({"question": "q", "history": [7]}, 422, "`history.0`: Give a text, or an object"),
    ({"question": "q", "history": ["q", {"q": 1}]}, 422, "`history.1`: Give a text, or an object"),
    ({"question": "q", "papers": [7]}, 422, "`papers.0`: Input should be a valid string."),
    ({"question": "q", "history": ["x" * 4001], "collections": ["none"]}, 400, "no collection"),
])  # fmt: skip
def test_a_request_that_makes_no_sense_gets_a_sentence(body: Any, status: int, said: str) -> None:
    service = FakeService(*WHOLE)
    reply = client_of(service).post("/api/ask", json=body)
    assert reply.status_code == status
    assert said in reply.json()["detail"]
    assert "4001" not in reply.text
    assert service.asked == []


def test_halves_of_characters_are_no_error() -> None:
    reply = client_of(FakeService(Finished(Answer("\ud800", "\ud800", "answered", "\ud800", "quotes")))).post(
        "/api/ask", content=b'{"question": "\\ud800"}', headers={"Content-Type": "application/json"}
    )
    assert reply.status_code in (200, 400, 422)


def test_pages_of_other_sites_and_forms_may_not_ask() -> None:
    service = FakeService(*WHOLE)
    client = client_of(service)
    for headers, named in (
        ({"Origin": "http://evil.example"}, "A page of http://evil.example may not"),
        ({"Origin": "null"}, "A page of another site may not"),
        ({"Sec-Fetch-Site": "cross-site"}, "A page of another site may not"),
    ):
        foreign = client.post("/api/ask", json={"question": "q"}, headers=headers)
        assert (foreign.status_code, named in foreign.json()["detail"]) == (403, True), headers
    assert client.post("/api/ask", json={"question": "q"}, headers={"Host": "evil.example"}).status_code == 421
    form = client.post("/api/ask", content=b'{"question": "q"}', headers={"Content-Type": "text/plain"})
    assert (form.status_code, form.json()["detail"]) == (422, ask_route.BODY)
    cut = client.post("/api/ask", content=b'{"question": ', headers={"Content-Type": "application/json"})
    assert (cut.status_code, cut.json()["detail"]) == (422, "The body is not JSON: see character 13.")
    assert service.asked == []


def test_a_visitor_has_a_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.server.middleware.MOST_QUESTIONS", 0)
    reply = client_of(FakeService(*WHOLE)).post("/api/ask", json={"question": "q"})
    assert reply.status_code == 429


def test_the_route_is_described() -> None:
    described = client_of(FakeService()).get(ask_route.OPENAPI).json()
    assert set(described["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]) == {"application/json", "text/event-stream"}
