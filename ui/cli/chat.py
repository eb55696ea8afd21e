"""The chat in a terminal: a loop of questions, each understood from the earlier ones. From a pipe it answers each line."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from rag.answering.limits import MOST_HISTORY
from rag.errors import PaperchatError
from rag.paperchat import Paperchat
from rag.query.asked_of import as_understood
from rag.types import AskOptions, PastTurn
from ui.cli.output import fail, notice, say, show_answer, show_papers
from ui.cli.termination import Terminated
from ui.conversations.types import cited
from ui.export.plain import in_line

PROMPT = "> "
HELP = """Ask about the papers; a question may build on the earlier ones.
/papers [words]  the papers of the library, or those with these words
/new             forget the earlier questions
/help            this
/quit            leave (or Ctrl-D)"""


@dataclass
class Chat:
    """One conversation over an open library."""

    paperchat: Paperchat
    tell_notices: Callable[[], None]
    history: list[PastTurn] = field(default_factory=list)
    options: AskOptions | None = None
    _interrupted: bool = False
    _warm: Future[None] | None = None

    def run(self) -> None:
        """Until /quit or the end of the input; a second Ctrl-C in a row raises KeyboardInterrupt."""
        self._welcome()
        pool = ThreadPoolExecutor(1)
        try:
            self._warm = pool.submit(self._load)
            while (line := self._next()) is not None:
                if line and not self._take(line):
                    break
        finally:
            with _uninterrupted():
                pool.shutdown()

    def _next(self) -> str | None:
        try:
            line = _read()
        except EOFError:
            if sys.stdin.isatty():
                sys.stderr.write("\n")
            return None
        except Terminated:
            raise
        except KeyboardInterrupt:
            self._stopped("Ctrl-D or /quit leaves.")
            return ""
        return line.strip()

    def _take(self, line: str) -> bool:
        """Whether the conversation goes on."""
        try:
            going_on = self._command(line) if line.startswith("/") else self._ask(line)
        except Terminated:
            raise
        except KeyboardInterrupt:
            self._stopped("Stopped. Ctrl-D or /quit leaves.")
            return True
        except PaperchatError as error:
            fail(str(error))
            return True
        self._interrupted = False
        return going_on

    def _stopped(self, hint: str) -> None:
        if self._interrupted or not sys.stdin.isatty():
            raise KeyboardInterrupt
        self._interrupted = True
        sys.stderr.write(f"\n{hint}\n")

    def _command(self, line: str) -> bool:
        name, _, rest = line.partition(" ")
        if name in ("/quit", "/exit", "/q"):
            return False
        if name == "/new":
            self.history.clear()
            say("A new conversation.")
        elif name == "/papers":
            self._papers(rest.strip())
        elif name == "/help":
            say(HELP)
        else:
            notice(f"There is no command {name}. /help lists them.")
        return True

    def _papers(self, text: str) -> None:
        papers = self.paperchat.library.papers()
        if text:
            places = {paper.id: paper for paper in papers}
            found = self.paperchat.library.words.matching(text, len(papers))
            papers = [places[paper_id] for paper_id, _ in found if paper_id in places]
        show_papers(papers)

    def _ask(self, question: str) -> bool:
        if self._warm is not None:
            wait([self._warm])
        answer = self.paperchat.ask(question, self.history, self.options)
        self.tell_notices()
        if (self.history or answer.corrected) and _differs(answer.standalone_question, question):
            notice(f"understood as{_meant(answer.standalone_question, question)}")
        show_answer(answer)
        say("")
        self.history = [*self.history, PastTurn(answer.standalone_question, cited(answer))][-MOST_HISTORY:]
        return True

    def _welcome(self) -> None:
        if not sys.stdin.isatty():
            return
        with suppress(ImportError):
            import readline  # noqa: F401  (importing it gives the prompt line editing)
        count = self.paperchat.library.records.paper_count()
        sys.stderr.write(f"Paperchat: {count} papers. Ask away; /help lists the commands.\n")

    def _load(self) -> None:
        """Loads what the first question needs while a person is typing it. An error here is raised again, and reported, when a question is asked."""
        self.paperchat.load("warm")


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Further Ctrl-C are passed over: an index must not be closed under the thread that is opening it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _meant(understood: str, question: str) -> str:
    asked, title = as_understood(question, understood)
    of_paper = f"asked of: {title}"
    return f" {of_paper}" if title and not asked else f": {asked} ({of_paper})" if title else f": {understood}"


def _differs(understood: str, question: str) -> bool:
    return in_line(understood).casefold() != in_line(question).casefold()


def _read() -> str:
    """The next line; a prompt only where a person types."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        return input(PROMPT)
    if sys.stdin.isatty():
        sys.stderr.write(PROMPT)
        sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line
