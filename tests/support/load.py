"""Asks a server as many users at once, beside an empty Gradio app that only echoes: `python tests/support/load.py [--workers 0,1,2]`.

Processor time of a server and all its workers per answer, and how long an answer takes, by number of users. The questions are those of the dev
set about single papers, over the bundled papers, each asked once and then once more by somebody else. Users share the machine with the servers.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from socket import create_server

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from eval.cases.reading import bundled_cases  # noqa: E402
from eval.stats.bootstrap import median, quantile  # noqa: E402

USERS = (1, 5, 20)
EACH = 4
"""Questions a user asks, one after the other."""
STARTS_WITHIN = 300.0
ECHO = (
    "import fastapi, gradio, uvicorn; "
    "app = gradio.mount_gradio_app(fastapi.FastAPI(), gradio.Interface(lambda text: text, 'text', 'text', api_name='echo'), path='/'); "
    "uvicorn.run(app, port={port}, log_level='warning')"
)
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def running(command: Sequence[str], port: int, path: str) -> Iterator[int]:
    """A server's process id, from when it answers; it is ended afterwards."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + STARTS_WITHIN
        while not _answers(port, path):
            if time.monotonic() > until or process.poll() is not None:
                raise SystemExit("the server did not start")
            time.sleep(0.2)
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


def _answers(port: int, path: str) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False


def processor_seconds(pid: int) -> float:
    """Of a process and its children."""
    lists = [place.read_text(encoding="utf-8").split() for place in Path(f"/proc/{pid}/task").glob("*/children")]
    children = [child for each in lists for child in each]
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS + sum(processor_seconds(int(child)) for child in children)


def ask(port: int, question: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("POST", "/api/ask", json.dumps({"question": question}), {"Content-Type": "application/json"})
    reply = connection.getresponse()
    body = reply.read()
    if reply.status != 200:
        raise SystemExit(f"{reply.status}: {body.decode()}")


def echo(port: int, question: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    sent = json.dumps({"data": [question]})
    connection.request("POST", "/gradio_api/call/echo", sent, {"Content-Type": "application/json"})
    event = json.loads(connection.getresponse().read())["event_id"]
    connection.request("GET", f"/gradio_api/call/echo/{event}")
    if b"event: complete" not in connection.getresponse().read():
        raise SystemExit("the echo app did not answer")


def measured(pid: int, one: Callable[[str], None], users: int, asked: Sequence[str]) -> str:
    """A cell: milliseconds of the processor an answer, and of the clock, the median and the 95th percentile."""
    before = processor_seconds(pid)

    def user(place: int) -> list[float]:
        return [_seconds(one, question) for question in asked[place::users]]

    with ThreadPoolExecutor(users) as pool:
        times = [seconds for each in pool.map(user, range(users)) for seconds in each]
    spent = (processor_seconds(pid) - before) / len(asked)
    return f"{1000 * spent:.0f} ({1000 * median(times):.0f}, {1000 * quantile(times, 0.95):.0f})"


def _seconds(one: Callable[[str], None], question: str) -> float:
    started = time.perf_counter()
    one(question)
    return time.perf_counter() - started


def free_port() -> int:
    with create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


def row(name: str, command: Callable[[int], Sequence[str]], path: str, one: Callable[[int, str], None], warm: int) -> None:
    texts = [case.question for case in bundled_cases("dev") if case.kind in ("fact", "method")]
    port, questions = free_port(), iter(texts)
    with running(command(port), port, path) as pid:
        for question in islice(questions, warm):
            one(port, question)
        asked = [list(islice(questions, users * EACH)) for users in USERS]
        for when in ("", ", asked again"):
            cells = [measured(pid, lambda question: one(port, question), *each) for each in zip(USERS, asked, strict=True)]
            sys.stdout.write(f"| {name}{when} | {' | '.join(cells)} |\n")
            sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", default="0,1,2")
    wanted = parser.parse_args()
    python = sys.executable
    heads = [f"{users} user{'s' * (users > 1)}" for users in USERS]
    sys.stdout.write(f"| server | {' | '.join(heads)} |\n|{'---|' * (len(heads) + 1)}\n")
    row("echo", lambda port: [python, "-c", ECHO.format(port=port)], "/", echo, 3)
    with tempfile.TemporaryDirectory() as home:
        for workers in wanted.workers.split(","):
            given = ["--home", home, "serve", "--workers", workers, "--port"]
            row(f"{workers} workers", lambda port, given=given: [python, "-m", "ui.cli", *given, str(port)], "/healthz", ask, 8)  # type: ignore[misc]


if __name__ == "__main__":
    main()
