"""Shared by all tests: no connection leaves the machine, no setting comes in from outside, and one indexed library of the bundled papers."""

from __future__ import annotations

import gc
import io
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import offline
import pytest
import remembered
from chroma_server import ChromaProcess, TokenProxy
from postgres_server import PostgresServer, programs

if TYPE_CHECKING:
    from rag.library.postgres import PostgresDatabase

# How long an example takes says something of the machine, not of the code.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

# A job in the background is started with interrupts ignored, and so would be all that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent

offline.refuse_connections()
remembered.remember_encodings()
for _name in [name for name in os.environ if name.upper().startswith(("PAPERCHAT_", "OPENAI_"))]:
    del os.environ[_name]
for _name in ("LC_ALL", "LC_MESSAGES"):
    os.environ.pop(_name, None)
os.environ.update(
    LANG="C.UTF-8", HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_OFFLINE="1", GRADIO_ANALYTICS_ENABLED="False"
)  # the tests’ own client of the page
os.environ.pop("PYTHONUNBUFFERED", None)  # it would hide a line that is not flushed


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test whose code tried to connect fails, even where that code caught the error."""
    before = len(offline.attempts)
    result = yield
    tried = offline.attempts[before:]
    if tried:
        raise offline.LeftTheMachine(f"connections to {', '.join(tried)} were tried")
    return result


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]


@pytest.fixture(scope="session")
def bundled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the bundled papers. For reading only: a test that writes takes `home`."""
    from rag.build import open_library

    home = tmp_path_factory.mktemp("bundled") / "library"
    with open_library(home) as paperchat:
        assert len(paperchat.papers()) == 58
        _ = paperchat.library.words, paperchat.library.meaning
    return home


@pytest.fixture(scope="session")
def chroma_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    """A Chroma server, started for the first test that wants one."""
    with ChromaProcess(tmp_path_factory.mktemp("chroma_server")) as server:
        yield server


@pytest.fixture
def chroma_proxy(chroma_process: ChromaProcess) -> Iterator[TokenProxy]:
    """The proxy before it, which lets nobody through without its token."""
    with TokenProxy(chroma_process.port, "let-me-in-7") as proxy:
        yield proxy


@pytest.fixture(scope="session")
def postgres_process() -> Iterator[PostgresServer]:
    """A PostgreSQL server, started for the first test that wants one."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed: on Debian, `apt-get install postgresql`")
    with PostgresServer(found) as server:
        yield server


@pytest.fixture
def postgres(postgres_process: PostgresServer) -> PostgresDatabase:
    """A schema that no other test has."""
    from rag.library.postgres import PostgresDatabase

    return PostgresDatabase(postgres_process.url(), f"test_{uuid.uuid4().hex[:12]}")


@pytest.fixture
def home(bundled_home: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(bundled_home, tmp_path / "library"))


@pytest.fixture
def command(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `paperchat` in this process over a copy of the bundled library, in the folder `tmp_path`."""
    from ui.cli.main import main

    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with pytest.raises(SystemExit) as end:
            main(["--home", str(home), *arguments])
        gc.unfreeze()
        said = capsys.readouterr()
        return Ran(int(end.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def child(home: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `paperchat` in a process of its own that may not connect to anywhere."""

    def run(*arguments: str, home: Path = home, **options: object) -> subprocess.CompletedProcess[str]:
        prelude = "import offline; offline.refuse_connections(hard=True); from ui.cli.main import main; main()"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests" / "support"), str(ROOT)])}
        settings: dict[str, object] = {"capture_output": True, "text": True, "cwd": tmp_path, "env": environment, "timeout": 300}
        return subprocess.run([sys.executable, "-c", prelude, "--home", str(home), *arguments], **(settings | options))  # type: ignore[call-overload]

    return run
