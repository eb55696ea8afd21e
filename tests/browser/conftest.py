"""The page in a real browser: one server for most tests, with a scripted model; every page is watched for errors and for requests elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from base_install import hidden_from_paperchat
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from rag.build import open_library
from rag.errors import ModelFailed
from rag.types import Message, Paper, Usage
from ui.server.lifecycle import Address, listening
from ui.server.middleware import Access
from ui.server.service import Service

PATIENCE = 60_000
"""Milliseconds; a loaded machine is slow, and a test that passes never waits so long."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
HOSTILE = (
    "<img src=http://evil.example/a.png onerror=window.hacked=1><script>window.hacked=1</script> {{constructor.constructor('window.hacked=1')()}} "
    "${window.hacked=1} ![x](http://evil.example/b.png) [link](javascript:window.hacked=1) <style>*{display:none}</style> "
    '<form action=http://evil.example><button>Send</button></form> <a href="javascript:window.hacked=1" onclick="window.hacked=1">x</a>'
)
PAPERS = [
    Paper("arxiv:2401.00001", f"Quokkas and marsupial hops {HOSTILE}", f"Quokkas hop by marsupial resonance. {HOSTILE} Every quokka hop costs $\\text{{<img src=x onerror=window.hacked=1>}}$ joules.", ("<b>Eve</b>",), 2024, "<i>Venue</i>", "javascript:window.hacked=1"),
    Paper("arxiv:2401.00002", "Complexity $\\mathcal{O}(n^2)$ of wombat tunnels: " + "a very long title that goes on and on " * 5, "Wombat tunnels need $x_i^2 + \\frac{1}{2}$ metres of digging. Wombats dig at night.", ("Ada Lovelace",), 2023),
    Paper("arxiv:2401.00003", "مرحبا بالعالم: دراسة", "تدرس هذه الورقة الشبكات العصبية العربية. النتائج جيدة جدا.", ("سلمى حسن",), 2022),
]  # fmt: skip


class PageModel:
    """A LanguageModel that does what the question's words tell; `gate` holds back the rest of a slow answer."""

    name = "scripted-model"
    context_window = 8192

    def __init__(self) -> None:
        self.gate = threading.Event()

    def count_tokens(self, text: str) -> int:
        return -(-len(text) // 4)

    def stream(
        self, messages: list[Message], *, temperature: float | None = None, tell: Callable[[str], None] | None = None
    ) -> Iterator[str | Usage]:
        said = messages[-1].text
        question = said.rpartition("Question:")[2]
        first = re.search(r"^\s*\[1\] *(.+)$", said, re.MULTILINE)
        quote = first[1].strip() if first else "Nothing."
        if "failing" in question:
            raise ModelFailed("The server of the model is gone.")
        yield f"{quote} [1]"
        if "slow" in question and first:  # an answer, and not how a follow-up is to be understood
            self.gate.wait(60)
            yield " The end came late [1]."
        if "invent" in question:
            yield " It improves accuracy by 99.7 % on Mars [1]."
        if "hostile" in question:
            yield f" {HOSTILE} [1]"
        yield Usage(100, 20)


@pytest.fixture(scope="package", autouse=True)
def base() -> Iterator[None]:
    """The page has what `make chat` installs, and nothing that only tests need."""
    with hidden_from_paperchat():
        yield


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, for the tests of this folder only: its event loop would be in the way of others. CI=true makes a missing one a failure."""
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("There is no Chromium: install the package `chromium`.")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield opened
        opened.close()


class Server:
    """The page over a library of its own, served from a thread of this process."""

    def __init__(self, home: Path, model: PageModel, access: Access | None = None) -> None:
        import uvicorn

        from ui.gradio.app import application

        self.model = model
        self.paperchat = open_library(home, model=model)
        self.paperchat.add(PAPERS)
        self.service = Service.over(self.paperchat)
        self._socket = listening(Address(port=0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._server = uvicorn.Server(
            uvicorn.Config(application(self.service, access), log_level="error", timeout_graceful_shutdown=1)
        )
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})
        self._thread.start()
        self.service.ready()

    def close(self) -> None:
        self.model.gate.set()
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
        self.service.close()
        self.paperchat.close()


@pytest.fixture(scope="package")
def server(bundled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = shutil.copytree(bundled_home, tmp_path_factory.mktemp("page") / "library")
    served = Server(Path(home), PageModel())
    yield served
    served.close()


LEAVING = ("AbortError: signal is aborted", "Unexpected error Connection errored out")
"""What Gradio itself says when a page is left while its stream is open."""


def _counts(message: ConsoleMessage) -> bool:
    return message.type == "error" and not message.text.startswith(LEAVING)


class Visitor:
    """One person's browser with the page open. What a test does with it must cause no error and no request elsewhere."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.context = context
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", lambda message: self.errors.append(message.text) if _counts(message) else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        host = urlsplit(url).netloc
        self.page.on(
            "request", lambda asked: None if urlsplit(asked.url).netloc in (host, "") else self.elsewhere.append(asked.url)
        )
        self.go(url)

    def go(self, url: str) -> None:
        self.page.goto(url)
        self.ready()

    def ready(self) -> None:
        self.page.wait_for_selector("body[data-paperchat=ready]")
        self.page.wait_for_function("document.querySelector('.pc-scope-text') !== null")

    def ask(self, question: str) -> None:
        """Asks and waits until the answer is whole."""
        turns = self.turns()
        self.page.fill("#pc-input", question)
        self.page.keyboard.press("Enter")
        self.page.wait_for_function(f"document.querySelectorAll('#pc-thread .pc-turn').length > {turns}")
        self.settled()

    def settled(self) -> None:
        self.page.wait_for_selector("#pc-send:visible")

    def turns(self) -> int:
        return self.page.locator("#pc-thread .pc-turn").count()

    def choose(self, name: str, value: str) -> None:
        if not self.page.locator("#pc-settings[open]").count():
            self.page.click("#pc-settings > summary")
        with self.page.expect_response(lambda response: "queue/join" in response.url):
            self.page.select_option(f"#pc-settings [name={name}]", value)


@pytest.fixture
def visitors(browser: Browser, server: Server) -> Iterator[Callable[..., Visitor]]:
    made: list[Visitor] = []

    def visit(url: str = "", context: BrowserContext | None = None, **how: object) -> Visitor:
        settings = {"viewport": {"width": 1360, "height": 850}, "locale": "en-US", "reduced_motion": "reduce", **how}
        chosen = context or browser.new_context(**settings)  # type: ignore[arg-type]
        made.append(Visitor(chosen, url or server.url))
        return made[-1]

    yield visit
    for one in made:
        one.context.close()
    assert [each for one in made for each in one.elsewhere] == []
    assert [each for one in made for each in one.errors] == []


@pytest.fixture
def visitor(visitors: Callable[..., Visitor]) -> Visitor:
    """Somebody who wants quotes, as the page gives without a model."""
    one = visitors()
    one.choose("writer", "quotes")
    return one
