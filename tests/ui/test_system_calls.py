"""Nothing leaves the machine and nothing is written elsewhere: the whole command line watched at the level of system calls."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import syscalls
from base_install import PAPERCHAT, python_path

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "Which method does tRSA extend?"
PAPER = {"title": "Quokkas hop", "abstract": "Quokkas hop by marsupial resonance. Every hop costs nine joules.", "year": 2024}


@dataclass(frozen=True)
class Box:
    """Folders of a person who has nothing yet but a library."""

    folder: Path
    library: Path

    @property
    def here(self) -> Path:
        return self.folder / "here"

    @property
    def home(self) -> Path:
        return self.folder / "person"

    @property
    def temporary(self) -> Path:
        return self.folder / "temporary"

    @property
    def log(self) -> Path:
        return self.folder / "calls.log"

    @property
    def environment(self) -> dict[str, str]:
        """Without any of the variables that switch reports off: that is for the program to do."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        own = {"HOME": str(self.home), "TMPDIR": str(self.temporary), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": python_path()}
        return kept | own

    def command(self, *arguments: str) -> list[str]:
        paperchat = [sys.executable, "-c", PAPERCHAT, "--home", str(self.library), *arguments]
        return syscalls.watched(paperchat, self.log)

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            self.command(*arguments), cwd=self.here, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def check(self, *declared: Path) -> None:
        """Nothing left the machine, and nothing was written but in the library's folder, a temporary one and the `declared` ones."""
        seen = syscalls.traffic(self.log, self.here)
        assert seen.calls > 100
        assert seen.leaving == ()
        assert seen.outside(self.library, self.temporary, *declared) == []
        rest = [path for path in self.home.rglob("*") if path.is_file()]
        assert [path for path in rest if not any(path.is_relative_to(folder) for folder in declared)] == []


@pytest.fixture
def box(home: Path, tmp_path: Path) -> Box:
    if reason := syscalls.missing():
        pytest.skip(reason)
    made = Box(tmp_path, home)
    for folder in (made.here, made.home, made.temporary):
        folder.mkdir()
    return made


def test_a_question_and_a_file_of_papers(box: Box) -> None:
    assert "2309.11028" in box.run("ask", "--json", QUESTION)
    box.check()
    file = box.here / "own.jsonl"
    file.write_text(json.dumps(PAPER), encoding="utf-8")
    box.run("add", str(file))
    box.check()


def test_the_first_start_of_a_new_library(box: Box) -> None:
    new = Box(box.folder, box.folder / "new")
    assert "58" in new.run("info")
    new.check()


def test_an_evaluation(box: Box) -> None:
    cases = (ROOT / "eval" / "cases" / "dev.jsonl").read_text(encoding="utf-8").splitlines()[:3]
    file = box.here / "cases.jsonl"
    file.write_text("\n".join(cases), encoding="utf-8")
    box.run("eval", "run", "--cases", str(file), "--out", "run.jsonl")
    box.check(box.here, box.home / ".cache" / "paperchat")


def test_tools_over_standard_input_and_output(box: Box) -> None:
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    async def use() -> str:
        first, *rest = box.command("mcp")
        server = StdioServerParameters(command=first, args=rest, cwd=str(box.here), env=box.environment)
        async with stdio_client(server) as (reads, writes), ClientSession(reads, writes) as session:
            await session.initialize()
            return str(await session.call_tool("ask", {"question": QUESTION}))

    assert "2309.11028" in asyncio.run(use())
    box.check()


@contextmanager
def served(box: Box) -> Iterator[str]:
    """The page until the block ends, interrupted as by Ctrl-C: strace passes no signal on, so its child gets it."""
    command = box.command("serve", "--port", "0")
    with subprocess.Popen(command, cwd=box.here, env=box.environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            told = process.stdout.readline()
            found = re.search(r"http://localhost:\d+/", told)
            assert found is not None, told
            yield found[0]
        finally:
            os.kill(int(box.log.read_text(encoding="utf-8").split(maxsplit=1)[0]), signal.SIGINT)
            process.wait(60)


def test_a_question_through_the_page(box: Box) -> None:
    from gradio_client import Client

    with served(box) as url:
        answer = Client(url, verbose=False, analytics_enabled=False).predict(question=QUESTION, api_name="/ask")
        assert answer["status"] == "answered"
    box.check()


@pytest.mark.parametrize(
    ("line", "leaving"),
    [
        ('7 connect(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16) = 0', True),
        ('7 connect(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0', True),
        ('7 sendto(3, "x", 1, 0, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28 <unfinished ...>', True),
        ('7 sendmsg(3, {msg_name={sa_family=AF_INET, sin_port=htons(123), sin_addr=inet_addr("192.0.2.9")}, msg_namelen=16}, 0) = 1', True),
        ('7 bind(3, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}, 16) = 0', False),
        ('7 connect(3, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0', False),
        ('7 connect(3, {sa_family=AF_INET, sin_port=htons(7860), sin_addr=inet_addr("127.0.0.1")}, 16) = 0', False),
        ('7 connect(3, {sa_family=AF_UNIX, sun_path="/run/nscd/socket"}, 110) = -1 ENOENT', False),
        ("7 sendto(3, [{nlmsg_len=20}], 20, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 20", False),
    ],
)  # fmt: skip
def test_an_address_elsewhere_is_told_from_one_here(line: str, leaving: bool, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(f"{line}\n7 +++ exited with 0 +++\n", encoding="utf-8")
    seen = syscalls.traffic(log, Path("/here"))
    assert (seen.calls, bool(seen.leaving)) == (1, leaving)


def test_what_is_written_is_told_from_what_is_read(tmp_path: Path) -> None:
    log = tmp_path / "log"
    calls = [
        'openat(AT_FDCWD</here>, "read", O_RDONLY|O_CLOEXEC) = 3',
        'openat(AT_FDCWD</here>, "made/../new", O_RDWR|O_CREAT, 0644) = 3',
        'openat(7</there>, "kept", O_WRONLY|O_CLOEXEC) = 3',
        'mkdir("/a/folder", 0777) = 0',
        'mkdir("plain", 0777) = 0',
        'renameat2(AT_FDCWD</here>, "old", AT_FDCWD</here>, "/else/named", 0) = 0',
        'openat(AT_FDCWD</here>, "/dev/null", O_RDWR) = 3',
    ]
    log.write_text("".join(f"7 {call}\n" for call in calls), encoding="utf-8")
    assert [str(path) for path in syscalls.traffic(log, Path("/here")).outside()] == [
        "/a/folder",
        "/else/named",
        "/here/new",
        "/here/plain",
        "/there/kept",
    ]
    assert [str(path) for path in syscalls.traffic(log, Path("/here")).outside(Path("/there"), Path("/a"))] == [
        "/else/named",
        "/here/new",
        "/here/plain",
    ]


def test_reports_of_use_are_switched_off_before_anything_is_imported() -> None:
    code = "import os, rag; print([os.environ[name] for name in ('ORT_DISABLE_TELEMETRY', 'ANONYMIZED_TELEMETRY')], 'HF_HUB_OFFLINE' in os.environ)"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "ORT_DISABLE_TELEMETRY": "0"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "['1', 'False'] False\n"
