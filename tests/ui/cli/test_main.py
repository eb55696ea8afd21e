"""The command line: what it prints where, and its exit codes. One file beside this one has what goes wrong."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rag import __version__
from tests.conftest import ROOT, Command
from ui.cli import output
from ui.cli.main import is_fed

QUESTION = "Which method does tRSA extend?"
FOREIGN = "What is the best recipe for sourdough bread?"
Child = Callable[..., "subprocess.CompletedProcess[str]"]

# --- asking


def test_an_answer_in_json_and_its_offsets(command: Command) -> None:
    done = command("ask", "--json", QUESTION)
    assert (done.code, done.err) == (0, "")
    answer = json.loads(done.out)
    assert list(answer) == [
        "question",
        "standalone_question",
        "status",
        "text",
        "writer",
        "claims",
        "citations",
        "hits",
        "notices",
        "seconds",
        "usage",
        "refusal",
        "corrected",
        "suggestions",
    ]
    assert (answer["question"], answer["status"], answer["writer"]) == (QUESTION, "answered", "quotes")
    assert [each["number"] for each in answer["citations"]] == list(range(1, len(answer["citations"]) + 1))
    assert len(answer["citations"]) >= 1
    for cited in answer["citations"]:
        shown = json.loads(command("papers", "show", cited["paper"]["id"], "--json").out)
        assert shown["abstract"][cited["start"] : cited["end"]] == cited["quote"]
        assert cited["quote"] in answer["text"]
        assert cited["paper"] == {key: shown[key] for key in ("id", "title", "authors", "year", "url")}
    scores = [hit["score"] for hit in answer["hits"]]
    assert scores == sorted(scores, reverse=True)
    assert len({hit["paper"]["id"] for hit in answer["hits"]}) == len(scores) >= 5
    assert {hit["found_by"] for hit in answer["hits"]} <= {"words", "meaning", "both"}


def test_an_answer_for_a_pipe(command: Command) -> None:
    done = command("ask", *QUESTION.split())
    assert (done.code, done.err) == (0, "")
    assert "\x1b" not in done.out
    text, _, listed = done.out.partition("\nSources:\n")
    assert "representational similarity analysis" in text
    assert "[1]" in text
    assert re.search(
        r"^\[1\].* The Topology and Geometry of Neural Representations · Lin & Kriegeskorte, 2023 · https://arxiv.org/abs/2309.11028$",
        listed,
        re.M,
    )


def test_no_answer_is_exit_code_3(command: Command) -> None:
    done = command("ask", FOREIGN)
    assert done.code == 3
    assert done.out.startswith("The papers do not say")
    assert "Sources:" not in done.out


@pytest.mark.parametrize(
    "question", ["😀", "\x1b[2J\x00", "?" * 50, "\ud83d best sourdough bread recipe?", "word " * 700 + FOREIGN]
)
def test_strange_questions_get_an_answer_of_some_kind(command: Command, question: str) -> None:
    done = command("ask", "--json", "--", question)
    assert (done.code, done.err) == (3, "")
    assert json.loads(done.out)["status"] == "not_found"
    assert command("ask", "--", question).out.strip().isprintable()


def test_a_question_of_hundreds_of_words_is_answered(command: Command) -> None:
    story = "I was reading the other day about many things and could not stop. " * 55
    done = command("ask", "--json", f"{story} {QUESTION}")
    assert done.code == 0
    assert json.loads(done.out)["citations"][0]["paper"]["id"] == "arxiv:2309.11028"


def test_history_makes_a_question_stand_alone(command: Command) -> None:
    done = command("ask", "--json", "Which data is it evaluated on?", "--history", "hello", "--history", "What does AnatCL do?")
    answer = json.loads(done.out)
    assert "Anat" in answer["standalone_question"]
    assert "Anat" not in answer["question"]


def test_summarize_asks_for_a_summary(command: Command) -> None:
    done = command("summarize", "the AnatCL paper", "--json")
    answer = json.loads(done.out)
    assert (done.code, answer["question"]) == (0, "Summarize the AnatCL paper")
    assert {cited["paper"]["title"] for cited in answer["citations"]} == {"Anatomical Foundation Models for Brain MRIs"}


@pytest.mark.parametrize(
    "arguments",
    [["ask"], ["ask", ""], ["ask", " ", "\n"], ["papers", "search", " "], ["eval", "claim", " ", "--source", "f"], ["ask", "x", "--questions", "f"], ["ask", "--questions", "f", "--history", "x"], ["frobnicate"], ["ask", "x", "--frob"],
     ["add"], ["remove"], ["remove", "2309.11028"], ["remove", "2309.11028", "--json"], ["papers", "show"], ["papers", "search"], ["compare"]],
)  # fmt: skip
def test_wrong_use_is_exit_code_2(command: Command, arguments: list[str]) -> None:
    done = command(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "Usage: paperchat" in done.err


# --- many questions


def test_many_questions_in_one_process(command: Command, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "a", "question": QUESTION}).encode(),
        b"",
        b"{not json",
        b"[1, 2]",
        json.dumps({"id": 5, "questions": "typo"}).encode(),
        json.dumps({"id": {"n": 6}, "question": 7}).encode(),
        json.dumps({"id": "h", "question": "x", "history": "no list"}).encode(),
        json.dumps({"id": "i", "question": "x", "history": [1]}).encode(),
        b'{"question": "\xff"}',
        b'{"id": NaN, "question": "x"}',
        b"[" * 200_000,
        b'{"id": "long", "question": "' + b"x" * 5_000_000 + b'"}',
        json.dumps({"question": "Which data is it evaluated on?", "history": ["What does AnatCL do?"]}).encode(),
        json.dumps({"id": None, "question": "\ud83d best sourdough bread recipe?"}).encode(),
        json.dumps({"id": "z", "question": FOREIGN}).encode(),
    ]
    (tmp_path / "questions.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines))
    done = command("ask", "--json", "--questions", "questions.jsonl")
    assert (done.code, done.err) == (0, "")
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [(each["id"], each["status"]) for each in answers] == [
        ("a", "answered"), (None, "error"), (None, "error"), (5, "error"), ({"n": 6}, "error"), ("h", "error"), ("i", "error"), (None, "error"),
        (None, "error"), (None, "error"), (None, "error"), (None, "answered"), (None, "not_found"), ("z", "not_found"),
    ]  # fmt: skip
    errors = [each["error"] for each in answers if each["status"] == "error"]
    assert [re.sub(r"\D*(\d+).*", r"\1", error) for error in errors] == ["3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
    assert all(set(each) == {"id", "status", "error"} for each in answers if each["status"] == "error")
    assert "UTF-8" in errors[6]
    assert "longer" in errors[9]
    assert "Anat" in answers[11]["standalone_question"]
    assert answers[0]["citations"]


def test_a_file_without_a_usable_question_is_an_error(command: Command, tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("What is a transformer?\n")
    done = command("ask", "--questions", "plain.txt")
    assert done.code == 1
    assert done.err == "Error: No line of plain.txt could be answered; the output says why for each.\n"
    assert json.loads(done.out)["error"] == 'Line 1 is not JSON. Write each question as {"question": "…"}, one a line.'
    (tmp_path / "empty.jsonl").write_text("\n")
    done = command("ask", "--questions", "empty.jsonl")
    assert (done.code, done.out) == (1, "")
    assert done.err == 'Error: empty.jsonl holds no question. Write each as {"question": "…"}, one a line.\n'


def test_questions_from_standard_input_are_answered_as_they_come(home: Path) -> None:
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "ask", "--json", "--questions", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        impatience = threading.Timer(60, process.kill)
        impatience.start()
        for name in ("one", "two"):
            process.stdin.write(json.dumps({"id": name, "question": FOREIGN}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == name
        process.stdin.close()
        assert process.wait() == 0
        impatience.cancel()


# --- the library


PAGE = "Daily papers\n\nA Study of Spoons\nSpoons are studied here in depth. They hold soup well.\n\nForks and Knives\nForks are set against knives. Knives win.\n"
RECORDS = [
    {"title": "A Study of Spoons", "abstract": "Spoons are studied here. They hold soup."},
    {"title": "No abstract"},
    {"abstract": "No title."},
]


def written(path: Path, records: list[dict[str, str]]) -> str:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path.name


def test_adding_says_what_became_of_each_record(command: Command, tmp_path: Path) -> None:
    name = written(tmp_path / "spoons.jsonl", RECORDS)
    done = command("add", name)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("2 added, 0 updated, 0 unchanged, 1 refused.\n1 paper has a title only")
    assert "\nRefused: spoons.jsonl, line 3: " in done.out
    assert command("add", name).out.startswith("0 added, 0 updated, 2 unchanged, 1 refused.")
    written(tmp_path / "spoons.jsonl", [{**RECORDS[0], "abstract": "Spoons are round."}])
    done = command("add", name, "--json")
    told = json.loads(done.out)
    assert (done.code, len(told["updated"]), told["added"], told["refused"], told["failed"]) == (0, 1, [], [], [])
    assert json.loads(command("papers", "show", told["updated"][0], "--json").out)["abstract"] == "Spoons are round."
    assert "Spoons are round." in command("ask", "What shape are spoons?").out


def test_a_page_of_papers_is_added(command: Command, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    done = command("add", "page.txt")
    assert (done.code, done.out) == (0, "2 added, 0 updated, 0 unchanged, 0 refused.\n`paperchat undo 2` takes this back.\n")
    assert command("papers").out.count("\n") == 60


def test_a_library_that_begins_with_ones_own_papers_has_no_others(command: Command, tmp_path: Path) -> None:
    own = ("--home", str(tmp_path / "own"))
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    assert command(*own, "add", "page.txt").out.endswith("`paperchat undo 1` takes this back.\n")
    assert command(*own, "papers").out.count("\n") == 2
    assert command(*own, "undo", "1").code == 0
    assert command(*own, "papers").out.count("\n") == 0


def test_a_library_that_nothing_was_put_into_begins_with_the_bundled_papers(command: Command, tmp_path: Path) -> None:
    other = ("--home", str(tmp_path / "other"))
    assert command(*other, "add", "missing.bib").code == 1
    assert command(*other, "papers").out.count("\n") == 58


def test_listing_searching_and_showing(command: Command) -> None:
    listed = command("papers")
    assert (listed.code, listed.err, listed.out) == (0, "", command("papers", "list").out)
    lines = listed.out.splitlines()
    assert len(lines) == 58
    assert (
        lines[0]
        == "arxiv:2309.11028\t2023\tThe Topology and Geometry of Neural Representations\tBaihan Lin, Nikolaus Kriegeskorte"
    )
    whole = json.loads(command("papers", "--json").out)
    assert [paper["id"] for paper in whole] == [line.split("\t")[0] for line in lines]
    assert whole == json.loads(command("papers", "list", "--json").out)
    found = command("papers", "search", "anatomical", "foundation")
    assert (found.code, found.out.split("\t")[2]) == (0, "Anatomical Foundation Models for Brain MRIs")
    nothing = command("papers", "search", "sourdough", "--json")
    assert (nothing.code, nothing.out) == (3, "[]\n")
    shown = command("papers", "show", "2309.11028")
    assert shown.out.startswith("The Topology and Geometry of Neural Representations\nBaihan Lin, Nikolaus Kriegeskorte\n")
    assert "A central question for neuroscience" in shown.out


def test_removing(command: Command) -> None:
    done = command("remove", "2309.11028", "Anatomical Foundation Models for Brain MRIs", "--yes", "--json")
    assert (done.code, [paper["id"] for paper in json.loads(done.out)["removed"]]) == (
        0,
        ["arxiv:2309.11028", "arxiv:2408.07079"],
    )
    assert command("papers").out.count("\n") == 56
    assert command("ask", QUESTION, "--json").out.count("2309.11028") == 0


def test_info(command: Command, home: Path) -> None:
    done = command("info", "--json")
    facts = json.loads(done.out)
    assert (done.code, facts["folder"], facts["papers"]) == (0, str(home), 58)
    assert facts["versions"]["paperchat"] == __version__
    assert "papers: 58\n" in command("info").out


def test_the_version(command: Command) -> None:
    assert command("--version").out == f"paperchat {__version__}\n"


# --- the chat


def test_a_chat_from_a_pipe_answers_each_line(command: Command) -> None:
    lines = f"What does AnatCL do?\n\n/nonsense\nWhich data is it evaluated on?\n/papers anatcl\n/new\n{FOREIGN}\n/new\n"
    lines += "Which data is it evaluated on?\n/quit\nnever asked\n"
    done = command(stdin=lines.encode() + b"\xff")
    assert done.code == 0
    assert "\x1b" not in done.out
    assert done.out.split("A new conversation.")[0].count("Sources:") == 2
    assert done.out.count("A new conversation.") == 2
    assert "\narxiv:2408.07079\t2024\tAnatomical Foundation Models for Brain MRIs\t" in done.out
    assert "\nA new conversation.\nThe papers do not say" in done.out
    notices = done.err.splitlines()
    assert notices[0] == "Note: There is no command /nonsense. /help lists them."
    assert re.fullmatch("Note: understood as: .*(AnatCL|Anatomical Foundation Models).*", notices[1])
    assert len(notices) == 2  # the same question in a new conversation is taken as it stands


def test_only_a_pipe_or_a_file_brings_questions_by_itself(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    (tmp_path / "questions.txt").write_text(QUESTION, encoding="utf-8")
    with os.fdopen(reading) as pipe, os.fdopen(writing, "w"), (tmp_path / "questions.txt").open() as file:
        assert is_fed(pipe)
        assert is_fed(file)
    with Path(os.devnull).open() as nothing:
        assert not is_fed(nothing)
    assert not is_fed(None)


def test_a_chat_on_a_terminal(home: Path) -> None:
    with Terminal("--home", str(home), "chat") as terminal:
        terminal.waits_for("Paperchat: 58 papers.")
        terminal.waits_for("> ")
        terminal.types(f"{QUESTION}\n")
        shown = terminal.waits_for("Neural Representations\x1b]8;;\x1b\\")
        assert "\x1b[1;36m[1]\x1b[0m" in shown
        assert "\x1b]8;" in shown
        terminal.waits_for("> ")
        terminal.types("\x03")
        terminal.waits_for("Ctrl-D or /quit leaves.")
        terminal.types("/help\n")
        terminal.waits_for("forget the earlier questions")
        assert terminal.left_by("\x04") == 0


def test_two_interrupts_leave_the_chat(home: Path) -> None:
    with Terminal("--home", str(home), "chat") as terminal:
        terminal.waits_for("> ")
        terminal.types("\x03")
        terminal.waits_for("leaves.")
        assert terminal.left_by("\x03") == 130


class Terminal:
    """`paperchat` as a person at a terminal sees it."""

    def __init__(self, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200", "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", *arguments], stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True,
            preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(slave)
        self._seen = ""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    def types(self, keys: str) -> None:
        time.sleep(0.5)  # Python misses an interrupt that comes between writing the prompt and waiting for keys
        os.write(self._master, keys.encode())

    def left_by(self, key: str, seconds: float = 60) -> int:
        """The exit code. A key may get lost before the program waits for keys; a person presses it again."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, f"{key!r} does not end it: {self._seen!r}"
            self.types(key)
        return self.process.returncode

    def waits_for(self, text: str, seconds: float = 60) -> str:
        """What came up to and with `text`."""
        end = time.monotonic() + seconds
        while text not in self._seen:
            assert time.monotonic() < end, f"{text!r} did not come: {self._seen!r}"
            if select.select([self._master], [], [], 0.2)[0]:
                self._seen += os.read(self._master, 65536).decode(errors="replace")
        shown, _, self._seen = self._seen.partition(text)
        return shown + text


# --- streams


def test_a_reader_that_leaves_early_is_told_nothing(home: Path) -> None:
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "papers", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_output_to_a_full_disk_is_an_error_in_words(child: Child) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        done = child("papers", stdout=full, stderr=subprocess.PIPE, capture_output=False)
    assert done.returncode == 1
    assert re.fullmatch(r"Error: reading or writing failed: No space left on device\. Check the disk.*\n", done.stderr)


def test_an_interrupt_is_exit_code_130(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("rag.answering.assistant.LibraryAssistant.ask", interrupted)
    done = command("ask", QUESTION)
    assert (done.code, done.out) == (130, "")
    assert "Traceback" not in done.err


def test_a_mistake_of_our_own_is_told_in_a_sentence(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oh dear")

    monkeypatch.setattr("rag.answering.assistant.LibraryAssistant.ask", broken)
    done = command("ask", "--json", QUESTION)
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert "ZeroDivisionError: oh dear" in done.err
    assert "Traceback" not in done.err
    assert "Traceback" in command("--debug", "ask", QUESTION).err


def test_progress_is_a_bar_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with output.Bars() as bars:
        bars(1, 2, "counting sheep")
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with output.Bars() as bars:
        bars(1, 2, "counting sheep")
        bars(0, 0, "[red]counting[/red] goats")
    said = capsys.readouterr()
    assert said.out == ""
    assert "counting sheep" in said.err
    assert "1 of 2" in said.err
    assert "[red]counting[/red] goats" in said.err


def test_the_first_run_works_without_any_connection(child: Child, tmp_path: Path) -> None:
    done = child("ask", "--json", QUESTION, home=tmp_path / "fresh")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["citations"][0]["paper"]["id"] == "arxiv:2309.11028"
    assert child("papers", home=tmp_path / "fresh").stdout.count("\n") == 58
    shutil.rmtree(tmp_path / "fresh")


@pytest.mark.parametrize(("given", "used"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_one_thread_multiplies_matrices_unless_more_are_asked_for(given: dict[str, str], used: str) -> None:
    command = "import os\nfrom ui.cli.main import main\ntry:\n    main(['--help'])\nfinally:\n    print(os.environ['OPENBLAS_NUM_THREADS'])"
    own = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", command], env={**own, **given}, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == used
