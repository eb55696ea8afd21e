"""Times the page beside an empty Gradio ChatInterface on the same machine: `python tests/browser/measure.py`; `make bench` calls it.

Start to usable page, weight, time to interactive, question to first visible sentence, 20 people at once, memory after many questions.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1] / "support")]

from gradio_client import Client  # noqa: E402

from eval.cases.reading import bundled_cases  # noqa: E402
from tests.browser.conftest import ARGUMENTS  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
EMPTY = "import gradio as gr; gr.ChatInterface(lambda message, history: message).launch(server_port={port}, quiet=True)"
PEOPLE = 20


@contextmanager
def started(command: list[str], port: int) -> Iterator[tuple[float, float, int]]:
    """Seconds until the address answers, those of processor time, and the process."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60):
                    break
            except OSError:
                time.sleep(0.05)
        yield time.perf_counter() - begun, processor_seconds(process.pid), process.pid
    finally:
        process.terminate()
        process.wait(60)


def processor_seconds(pid: int) -> float:
    """What the process has spent; other work on the machine does not count into it."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def opened(browser: Browser, port: int, usable: str) -> tuple[float, float, float]:
    """Seconds until something can be typed, in a browser that has seen nothing yet, those of the page's own thread, and the kilobytes that came."""
    context = browser.new_context()
    page = context.new_page()
    sizes: list[int] = []
    tools = context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    begun = time.perf_counter()
    page.goto(f"http://127.0.0.1:{port}/")
    page.wait_for_selector(usable)
    taken = time.perf_counter() - begun
    spent = next(each["value"] for each in tools.send("Performance.getMetrics")["metrics"] if each["name"] == "TaskDuration")
    page.wait_for_timeout(3000)  # what comes late counts as well
    context.close()
    return taken, spent, sum(sizes) / 1000


def first_sentence(browser: Browser, port: int, questions: list[str]) -> float:
    """Median milliseconds from Enter to the first sentence on the screen."""
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{port}/")
    page.wait_for_selector("body[data-paperchat=ready]")
    taken = []
    for question in questions:
        page.fill("#pc-input", question)
        taken.append(page.evaluate(MEASURE))
        page.wait_for_selector("#pc-send:visible")
    page.close()
    return statistics.median(taken)


MEASURE = """() => new Promise((done) => {
  const begun = performance.now(), before = document.querySelectorAll("#pc-chat-scroll .pc-answer").length;
  const look = () => document.querySelectorAll("#pc-chat-scroll .pc-answer :is(.pc-claim, h4)").length && document.querySelectorAll("#pc-chat-scroll .pc-answer").length > before &&
    [...document.querySelectorAll("#pc-chat-scroll .pc-answer")].pop().querySelector(".pc-claim, h4") ? done(performance.now() - begun) : requestAnimationFrame(look);
  document.getElementById("pc-form").requestSubmit();
  look();
})"""


def asked_by(people: int, port: int, questions: list[str]) -> list[float]:
    """Seconds a question while so many people ask at once, one question each."""
    clients = [Client(f"http://127.0.0.1:{port}/", verbose=False) for _ in range(people)]

    def one(place: int) -> float:
        begun = time.perf_counter()
        clients[place].predict(question=questions[place % len(questions)], api_name="/ask")
        return time.perf_counter() - begun

    with ThreadPoolExecutor(people) as pool:
        return sorted(pool.map(one, range(people)))


def resident(pid: int) -> float:
    """Megabytes of memory that the process holds."""
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1000


def page_figures(browser: Browser, serve: list[str], ours: int, theirs: int, rounds: int) -> None:
    """Start, weight and time to interactive beside the empty page, in turns, so that other work on the machine meets both; medians."""
    taken: dict[str, list[tuple[float, ...]]] = {"ours": [], "theirs": []}
    for _ in range(rounds):
        with started([sys.executable, "-c", EMPTY.format(port=theirs)], theirs) as (start, spent, _):
            taken["theirs"].append((start, spent, *opened(browser, theirs, "textarea")))
        with started(serve, ours) as (start, spent, _):
            taken["ours"].append((start, spent, *opened(browser, ours, "body[data-paperchat=ready] #pc-input")))
    own, empty = ([statistics.median(column) for column in zip(*taken[whose], strict=True)] for whose in ("ours", "theirs"))
    names = ("start to a page that answers, s", "the same, s of processor time", "time to interactive, s", "the same, s of the page's thread", "page weight, kB")  # fmt: skip
    for name, one, other in zip(names, own, empty, strict=True):
        told(f"{name}: {one:.2f}, an empty ChatInterface {other:.2f}: {one / other:.2f} ×", "≤ 1.3 ×")


def question_figures(browser: Browser, port: int, pid: int, wanted: int) -> None:
    """Question to the first sentence, many people at once, memory after many questions."""
    questions = [case.question for case in bundled_cases("dev") if not case.history]
    asked_by(1, port, questions)
    first = first_sentence(browser, port, questions[:25])
    told(f"question to first visible sentence: median {first:.0f} ms over 25", "≤ 300 ms")
    single = statistics.median(asked_by(1, port, questions[place:])[0] for place in range(10))
    many = asked_by(PEOPLE, port, questions)
    told(f"{PEOPLE} people at once: p95 {many[-2]:.2f} s, one alone {single:.2f} s: {many[-2] / single:.1f} ×", "≤ 5 ×")
    before = resident(pid)
    client = Client(f"http://127.0.0.1:{port}/", verbose=False)
    for place in range(wanted):
        client.predict(question=questions[place % len(questions)], api_name="/ask")
    told(f"memory after {wanted} questions: {resident(pid) - before:+.0f} MB", "≤ 100 MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=1000, help="questions for the memory; 0: only the page's own figures")
    parser.add_argument("--rounds", type=int, default=3, help="starts of each page")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        ours, theirs = free_port(), free_port()
        serve = [sys.executable, "-m", "ui.cli", "--home", f"{home}/library", "serve", "--port", str(ours)]
        with started(serve, ours):
            pass  # the library is made
        page_figures(browser, serve, ours, theirs, given.rounds)
        if given.questions:
            with started(serve, ours) as (_, _, pid):
                question_figures(browser, ours, pid, given.questions)
        browser.close()


def told(figure: str, target: str) -> None:
    sys.stdout.write(f"{figure}  ({target})\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
