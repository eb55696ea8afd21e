"""How long the page's server takes to say that it is well while eight clients guess passwords, against when nobody does.

`python -m eval.bench.sign_in [--seconds N] [--rounds N] [--clients N]`. Quiet and loud stretches take turns, so that other work on the
machine meets both; the server, the clients and who asks `/healthz` are processes of their own.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from eval.console import tell
from eval.stats.bootstrap import median, quantile

EVERY = 0.05
"""Seconds between two questions to `/healthz`."""
MOST_RATIO = 3.0
SERVER = "from ui.cli.main import main; main()"
GUESSING = "from eval.bench.sign_in import guess; import sys; guess(int(sys.argv[1]), int(sys.argv[2]))"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures; 1 where the ratio of the medians is above the target."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.sign_in", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each stretch")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--clients", type=int, default=8)
    given = parser.parse_args(arguments)
    quiet: list[float] = []
    loud: list[float] = []
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (port, server):
        asked(port, 1.0)
        busy = [0.0, 0.0]
        for _ in range(given.rounds):
            before = processor_seconds(server)
            quiet += asked(port, given.seconds)
            between = processor_seconds(server)
            with guessing(port, given.clients):
                time.sleep(1.0)
                loud += asked(port, given.seconds)
            busy[0] += between - before
            busy[1] += processor_seconds(server) - between
    ratio = median(loud) / median(quiet)
    for name, times, spent in (("nobody guesses", quiet, busy[0]), (f"{given.clients} clients guess", loud, busy[1])):
        tell(f"{name}: median {_ms(median(times))}, p95 {_ms(quantile(times, 0.95))}, n = {len(times)}; server {spent:.1f} s of processor")  # fmt: skip
    tell(f"ratio of the medians {ratio:.2f} (at most {MOST_RATIO:g}), load of the machine {os.getloadavg()[0]:.1f}")
    return int(ratio > MOST_RATIO)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


@contextmanager
def serving(folder: Path) -> Iterator[tuple[int, int]]:
    """The port and the process of a server at which one person may sign in."""
    people = folder / "people"
    people.write_text("ada:$2b$12$C6UzMDM.H6dfI/f/IKcEeO7ZTSsJqVvqQ1wYyN4nQW5vJZ8zq7m4K\n", encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        SERVER,
        "--home",
        str(folder / "library"),
        "serve",
        "--port",
        "0",
        "--auth-file",
        str(people),
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert server.stdout is not None
        found = re.search(r":(\d+)/", server.stdout.readline())
        assert found is not None
        yield int(found[1]), server.pid
    finally:
        server.terminate()
        server.wait()


@contextmanager
def guessing(port: int, clients: int) -> Iterator[None]:
    """Clients that keep their connection and try one password after the other, until the block ends."""
    process = subprocess.Popen([sys.executable, "-c", GUESSING, str(port), str(clients)], start_new_session=True)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def guess(port: int, clients: int) -> None:
    """What the process of the clients runs, forever."""

    def one(number: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port)
        for attempt in range(10**9):
            secret = base64.b64encode(f"nobody{number}-{attempt}:x".encode()).decode()
            line.request("GET", "/mcp", headers={"Authorization": f"Basic {secret}"})
            line.getresponse().read()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def asked(port: int, seconds: float) -> list[float]:
    """How many seconds each answer of `/healthz` took, over one connection that is kept."""
    line = http.client.HTTPConnection("127.0.0.1", port)
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        line.request("GET", "/healthz")
        line.getresponse().read()
        times.append(time.perf_counter() - began)
        time.sleep(EVERY)
    line.close()
    return times


def processor_seconds(process: int) -> float:
    """What a process has used so far; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
