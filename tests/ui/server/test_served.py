"""The page's whole application behind its guard, as other sites, viewers and programs with odd requests meet it."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bcrypt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from rag.build import open_library
from rag.paperchat import Paperchat
from ui.gradio.app import application
from ui.html.shell import HEAD
from ui.server.fonts import NAMES, PATH
from ui.server.limits import MOST_QUESTIONS
from ui.server.middleware import Access
from ui.server.passwords import Account, Passwords
from ui.server.service import Service
from ui.server.sign_in import SignIn

HERE = "http://localhost:7860"
RIGHT = bcrypt.hashpw(b"right", bcrypt.gensalt(4))
CALL = "/gradio_api/component_server"
EVIL = {"Origin": "http://evil.example", "Content-Type": "text/plain"}
CHANGING = ("remove", "undo", "add_text", "add_files", "begin")
READING = ("browse", "paper", "export", "progress", "atlas", "members", "show", "cases", "compare")


@pytest.fixture(scope="module")
def paperchat(bundled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paperchat]:
    home = shutil.copytree(bundled_home, tmp_path_factory.mktemp("served") / "library")
    with open_library(Path(home)) as opened:
        yield opened


@pytest.fixture(scope="module")
def service(paperchat: Paperchat) -> Iterator[Service]:
    made = Service.over(paperchat)
    yield made
    made.close()


@pytest.fixture(scope="module")
def page(service: Service) -> Iterator[TestClient]:
    """Whoever sits at the machine: an editor."""
    with TestClient(application(service), HERE, raise_server_exceptions=False, client=("127.0.0.1", 5000)) as client:
        yield client


@pytest.fixture(scope="module")
def shared(service: Service) -> Iterator[TestClient]:
    """A server with a sign-in; nobody is signed in."""
    sign_in = SignIn(Passwords({"ada": Account(RIGHT, "editor"), "bo": Account(RIGHT)}))
    app = application(service, Access(sign_in=sign_in))
    with TestClient(app, HERE, raise_server_exceptions=False, client=("127.0.0.1", 5000), follow_redirects=False) as client:
        yield client


def component(client: TestClient, name: str, auth: tuple[str, str] | None = None) -> int:
    config = client.get("/config", auth=auth).json()
    return int(next(each["id"] for each in config["components"] if each["props"].get("elem_id") == name))


def call(client: TestClient, name: str, data: Any = None, auth: tuple[str, str] | None = None, **headers: str) -> Any:
    tab = "pe-root" if name in ("begin", "show", "cases", "compare") else "pp-root"
    body = {"session_hash": "x", "component_id": component(client, tab, auth), "fn_name": name, "data": data or {}}
    return client.post(CALL, content=json.dumps(body), headers=headers, auth=auth)


def finished(client: TestClient, told: dict[str, Any]) -> dict[str, Any]:
    for thread in threading.enumerate():
        if thread.name == "paperchat-add":
            thread.join(60)
    return dict(call(client, "progress", told).json())


@pytest.mark.parametrize("name", CHANGING)
def test_a_page_of_another_site_changes_nothing(page: TestClient, service: Service, name: str) -> None:
    before = service.paper_count
    got = call(page, name, {"ids": ["arxiv:2309.11028"], "text": "title,abstract\nA,It walks.\n"}, **EVIL)
    assert got.status_code == 403
    assert service.paper_count == before


@pytest.mark.parametrize(
    "path", ["/", "/config", "/gradio_api/info", "/gradio_api/openapi.json", "/healthz", "/mcp", "/theme.css"]
)
def test_a_foreign_name_reads_nothing(page: TestClient, path: str) -> None:
    got = page.get(path, headers={"Host": "evil.example:7860", "Origin": "http://evil.example:7860"})
    assert got.status_code == 421
    assert "access-control-allow-origin" not in got.headers
    if path != "/mcp":  # a stream without an end
        assert "access-control-allow-origin" not in page.get(path, headers={"Origin": "http://localhost:3000"}).headers


@pytest.mark.parametrize("path", ["/gradio_api/vibe-code", "/gradio_api/vibe-edit", "/gradio_api/process_recording", "/gradio_api/proxy=http://x/", "/gradio_api/file=/etc/passwd", "/gradio_api/token", "/monitoring", "/gradio_api/runs", "/gradio_api/run/ask", "/gradio_api/api/ask"])  # fmt: skip
def test_what_gradio_has_besides_is_not_served(page: TestClient, path: str) -> None:
    assert page.get(path).status_code == 404
    assert page.post(path, json={"data": ["x"]}).status_code == 404


@pytest.mark.parametrize("path", ["/config", "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/user", "/gradio_api/app_id", "/gradio_api/queue/status", "/theme.css", "/gradio_api/heartbeat/x", "/gradio_api/startup-events", "/mcp", "/manifest.json", "/assets/index.js", "/api/ask", "/api/openapi.json"])  # fmt: skip
def test_who_is_not_signed_in_learns_nothing_of_the_page(shared: TestClient, path: str) -> None:
    assert shared.get(path).status_code == 401
    assert shared.get("/", headers={"Accept": "text/html"}).headers["location"] == "/login?next=%2F"


@pytest.mark.parametrize("name", CHANGING)
def test_a_viewer_changes_nothing(shared: TestClient, service: Service, name: str) -> None:
    before = service.paper_count
    got = call(
        shared, name, {"ids": ["arxiv:2309.11028"], "text": "title,abstract\nA,It walks.\n", "may_change": True}, ("bo", "right")
    )
    assert got.json() == {"error": "Only editors can do that; you are a viewer here."}
    assert service.paper_count == before


def test_a_viewer_is_shown_no_button_that_changes_something_and_an_editor_is(shared: TestClient) -> None:
    for auth, shown in ((("bo", "right"), False), (("ada", "right"), True)):
        assert ("pp-add" in call(shared, "start", {"may_change": True}, auth).json()["frame"]) is shown
        assert (
            "pp-remove" in call(shared, "paper", {"id": "arxiv:2309.11028", "may_change": True}, auth).json()["html"]
        ) is shown


def test_a_viewer_reads(shared: TestClient) -> None:
    assert "arxiv:2309.11028" in call(shared, "browse", {"text": "tRSA"}, ("bo", "right")).json()["rows"]
    assert shared.post("/gradio_api/upload", files={"files": ("a.txt", b"x")}, auth=("bo", "right")).status_code == 403


def test_a_viewer_asks_over_plain_http(shared: TestClient) -> None:
    asked = {"question": "Which method does tRSA extend?"}
    assert shared.post("/api/ask", json=asked).status_code == 401
    answer = shared.post("/api/ask", json=asked, auth=("bo", "right")).json()
    assert (answer["status"], answer["citations"][0]["paper"]["id"]) == ("answered", "arxiv:2309.11028")
    stream = shared.post("/api/ask", json=asked, auth=("bo", "right"), headers={"Accept": "text/event-stream"}).text
    assert json.loads(stream.strip().split("\n\n")[-1].partition("data: ")[2])["text"] == answer["text"]


def test_an_upload_is_added_and_gone_afterwards(page: TestClient, service: Service) -> None:
    sent = page.post("/gradio_api/upload", files={"files": ("mine.csv", b"title,abstract\nA walk,It walks.\n")})
    path = Path(sent.json()[0])
    assert path.is_relative_to(service.folder / "uploads")
    told = call(
        page, "add_files", {"files": [{"name": "mine.csv", "path": str(path)}, {"name": "x", "path": "/etc/passwd"}]}
    ).json()
    assert finished(page, told)["finished"]
    assert "walks" in call(page, "browse", {"text": "It walks"}).json()["rows"]
    assert not path.exists()


# --- requests that make no sense

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["arxiv:2309.11028", "bibtex", "\ud800", "en", "relevance"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
FIELDS = ("language", "text", "order", "first_year", "last_year", "author", "venue", "offset", "id", "ids", "how", "undo", "job", "group",
          "files", "run", "kind", "before", "after", "writer")  # fmt: skip
ASKED = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5) | JSON
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("name", [*READING, "remove", "undo", "add_files"])
@given(asked=ASKED)
@FEW
def test_any_json_gets_an_answer_or_a_sentence_from_the_functions_of_the_page(
    page: TestClient, caplog: pytest.LogCaptureFixture, name: str, asked: Any
) -> None:
    caplog.clear()
    got = call(page, name, asked)
    assert got.status_code in (200, 400, 422), got.text
    assert "failed" not in caplog.text  # what nobody foresaw is logged as that


def test_a_language_of_a_wrong_type_is_no_language(page: TestClient) -> None:
    got = call(page, "browse", {"language": ["x"]})
    assert (got.status_code, "rows" in got.json()) == (200, True)


@given(body=st.dictionaries(st.sampled_from(["session_hash", "component_id", "fn_name", "data"]), JSON) | JSON)
@FEW
def test_any_json_as_a_call_of_a_component_is_refused_clearly(page: TestClient, body: Any) -> None:
    got = page.post(CALL, content=json.dumps(body))
    assert 400 <= got.status_code < 500
    assert got.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/gradio_api/queue/join", "/gradio_api/call/ask", "/gradio_api/call/v2/ask", "/gradio_api/cancel", "/login"]
)
@given(
    body=st.dictionaries(
        st.sampled_from(["data", "fn_index", "session_hash", "event_data", "question", "trigger_id", "event_id"]), JSON
    )
    | JSON
)
@FEW
def test_any_json_to_the_queue_is_taken_or_refused_clearly(page: TestClient, path: str, body: Any) -> None:
    assert page.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"}).status_code < 500


@pytest.mark.parametrize(
    "arguments",
    [[["x"], None, None], [5, None, None], [None, None, None], ["q", "history", None], ["q", [1], None], ["q", None, {"a": 1}]],
)
def test_a_tool_says_which_argument_is_of_a_wrong_type(page: TestClient, arguments: list[Any]) -> None:
    sent = page.post("/gradio_api/call/ask", json={"data": arguments})
    with page.stream("GET", f"/gradio_api/call/ask/{sent.json()['event_id']}") as reply:
        said = "".join(reply.iter_text())
    assert "event: error" in said
    assert any(f'"error": "`{name}' in said for name in ("question", "history", "papers"))


def test_values_that_are_left_out_at_the_end_have_their_defaults_and_others_are_named(page: TestClient) -> None:
    sent = page.post("/gradio_api/call/ask", json={"data": ["Which method does tRSA extend?"]})
    with page.stream("GET", f"/gradio_api/call/ask/{sent.json()['event_id']}") as reply:
        assert "event: complete" in "".join(reply.iter_text())
    for data in ([], {}, "q", None, 5):
        lacking = page.post("/gradio_api/call/ask", json={"data": data})
        assert lacking.status_code == 422
        assert "question" in lacking.text or "list" in lacking.text


def test_a_visitor_with_a_share_of_questions_waiting_is_refused_one_more_and_another_is_not(
    shared: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, answer = threading.Event(), service.answer

    def waits(question: str, history: Any, options: Any) -> Any:
        go.wait(60)
        return answer(question, history, options)

    monkeypatch.setattr(service, "answer", waits)
    bo, ada = ("bo", "right"), ("ada", "right")

    def join(who: tuple[str, str]) -> Any:
        return shared.post("/gradio_api/call/ask", json={"data": ["Which method does tRSA extend?"]}, auth=who)

    try:
        taken = [join(bo) for _ in range(MOST_QUESTIONS)]
        assert {each.status_code for each in taken} == {200}
        more = join(bo)
        assert (more.status_code, more.json()["detail"]) == (
            429,
            "You have 20 questions waiting. Wait until one is answered, then ask again.",
        )
        other = join(ada)
        assert other.status_code == 200
    finally:
        go.set()
    with shared.stream("GET", f"/gradio_api/call/ask/{other.json()['event_id']}", auth=ada) as reply:
        assert "event: complete" in "".join(reply.iter_text())
    assert join(bo).status_code == 200


def test_the_typefaces_come_from_the_page_itself_also_before_signing_in(page: TestClient, shared: TestClient) -> None:
    for client in (page, shared):
        for name in NAMES:
            got = client.get(f"{PATH}{name}")
            assert (got.status_code, got.headers["content-type"]) == (200, "font/woff2")
            assert got.content.startswith(b"wOF2")
    assert page.get(f"{PATH}OFL.txt").status_code == 404
    assert page.get(f"{PATH}..%2Fpage.css").status_code == 404
    used = set(re.findall(r"fonts/([\w-]+\.woff2)", HEAD))
    assert used == set(NAMES)


def test_the_page_holds_its_head_and_none_of_its_scripts(page: TestClient) -> None:
    got = page.get("/")
    assert got.headers["content-encoding"] == "gzip"
    assert HEAD in got.text
    for name in ("page", "papers", "workspace", "evaluation"):
        script = page.get(f"/parts/{name}.js").text
        assert script.startswith("export function run")
        assert max(script.splitlines(), key=len) not in got.text
