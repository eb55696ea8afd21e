"""What the Evaluation tab asks and does: runs in the data folder, their figures, the cases that fail, comparisons, a new run. Knows no Gradio."""

from __future__ import annotations

import logging
import os
import re
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from importlib import resources
from pathlib import Path

from eval.compare.two_runs import compare, read_scored
from eval.report.summary import Row, summarise
from eval.runs.run_file import RunError, RunReader
from eval.types import Result
from rag.errors import PaperchatError
from ui.html import evaluation as html
from ui.html.wording import Wording
from ui.server.service import Service
from ui.tabs.requests import Request, Response

FOLDER = "runs"
LOG = logging.getLogger("paperchat.page")
SHIPPED = Path(str(resources.files("eval") / "data" / "runs"))
"""A finished run that comes with the product, shown until there is one of one's own, and to compare with."""
PAGE = 20
"""Failing cases at once."""
CASES = "dev"
"""What the button runs: the cases that the product was tuned on; the held-out ones are for reports only."""
MUST_NOT_BE_0 = ("gold_sentence@3", "key_anywhere", "refusal", "right_paper", "quote_verbatim")
MUST_NOT_BE_1 = ("false_refusal",)

_NAME = re.compile(r"^[\w.-]+\.jsonl")


@dataclass
class Running:
    """The run that is being made, if any, and how the last one ended."""

    on: bool = False
    done: int = 0
    total: int = 0
    what: str = ""
    error: str = ""
    made: str = ""


class EvaluationTab:
    """The runs of one library's folder. Each method takes what the page sent and returns what it shows, as JSON values."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._running = Running()
        self._lock = threading.Lock()
        self._read: dict[tuple[str, float], tuple[tuple[Row, ...], list[Result], tuple[str, ...]]] = {}

    @property
    def folder(self) -> Path:
        return self._service.folder / FOLDER

    def start(self, asked: Request, say: Wording) -> Response:
        """The frame of the tab, with the runs there are, the latest first."""
        names = self._names()
        writers = ["quotes", *(["model"] if self._service.model_name else [])]
        runs = [(name, self._label(name, say)) for name in names]
        return {
            "frame": html.frame_html(
                say, runs, len(self._own()), writers, str(self.folder), asked.get("may_change") is not False
            ),
            "runs": names,
            "running": self._running.on,
        }

    def show(self, asked: Request, say: Wording) -> Response:
        """One run: figures, charts, what it depended on, and the first failing cases."""
        path = self._path(asked.get("run"), say)
        rows, results, notices = self._of(path)
        failing = [(result, why) for result in results if (why := failures(result))]
        header = RunReader(path).header
        return {
            "html": html.run_html(header, rows, notices, len(results), len(failing), say),
            "cases": html.cases_html(failing[:PAGE], 0, len(failing), say),
        }

    def cases(self, asked: Request, say: Wording) -> Response:
        """Further failing cases, from `offset` on; of one kind where `kind` is given."""
        _, results, _ = self._of(self._path(asked.get("run"), say))
        kind = str(asked.get("kind") or "")
        failing = [(result, why) for result in results if kind in ("", result.case.kind) and (why := failures(result))]
        offset = max(0, asked["offset"]) if isinstance(asked.get("offset"), int) else 0
        return {"html": html.cases_html(failing[offset : offset + PAGE], offset, len(failing), say)}

    def compare(self, asked: Request, say: Wording) -> Response:
        """Two runs side by side."""
        before, after = (self._path(asked.get(name), say) for name in ("before", "after"))
        found = compare(read_scored(before), read_scored(after))
        notices = tuple(notice.replace(f"{self.folder}{os.sep}", "") for notice in found.notices)
        return {"html": html.comparison_html(replace(found, notices=notices), say)}

    def begin(self, asked: Request, say: Wording) -> Response:
        """Starts a run in the background, unless one is under way."""
        writer = "model" if asked.get("writer") == "model" and self._service.model_name else "quotes"
        with self._lock:
            if self._running.on:
                return {"error": say("evaluation.busy")}
            self._running = Running(on=True)
        self._service.in_background(partial(self._run, self._running, writer), "paperchat-run")
        return {"said": say("evaluation.begun")}

    def progress(self, asked: Request, say: Wording) -> Response:
        now = self._running
        response: Response = {"on": now.on, "done": now.done, "total": now.total, "made": now.made}
        if now.on:
            response["said"] = (
                say("evaluation.progress", done=now.done, total=now.total) if now.total else say("evaluation.begun")
            )
        elif now.error:
            response["error"] = say.error(now.error)
        return response

    def _run(self, running: Running, writer: str) -> None:
        """In a thread of its own; a run that was interrupted is finished, one that depended on something else gets a name of its own."""
        from eval.runs import runner as run

        def tell(done: int, total: int, what: str) -> None:
            running.done, running.total, running.what = done, total, what
            self._service.go_on()

        try:
            name = self._unfinished(writer) or _new_name(writer)
            try:
                run.run(run.Options(cases=CASES, out=self.folder / name, writer=writer), tell)
            except RunError:  # the one that was interrupted depended on something else
                name = _new_name(writer)
                run.run(run.Options(cases=CASES, out=self.folder / name, writer=writer), tell)
            running.made = name
        except PaperchatError as error:
            running.error = str(error)
        except OSError as error:
            running.error = f"The run could not be written: {error.strerror or error}. Check the disk and the permissions."
        except Exception:  # the last place that can report it
            LOG.exception("a run failed")
            running.error = "Something went wrong inside Paperchat. Start the run again: it goes on with the cases that are left."
        finally:
            running.on = False

    def _unfinished(self, writer: str) -> str | None:
        """The latest run of this writer, if it was interrupted."""
        names = [name for name in self._own() if name.startswith(f"{CASES}-{writer}-")]
        for name in names[:1]:
            _, results, _ = self._of(self.folder / name)
            if len(results) < RunReader(self.folder / name).header.cases.count:
                return name
        return None

    def _names(self) -> list[str]:
        """The run files, the latest first, then those that come with the product."""
        own = self._own()
        return own + [path.name for path in sorted(SHIPPED.glob("*.jsonl")) if path.name not in own]

    def _own(self) -> list[str]:
        found = [path for path in self.folder.glob("*.jsonl") if not path.name.endswith(".timings.jsonl")]
        return [path.name for path in sorted(found, key=lambda path: (-path.stat().st_mtime, path.name))]

    def _label(self, name: str, say: Wording) -> str:
        if not (self.folder / name).is_file():
            return say("evaluation.shipped")
        when = datetime.fromtimestamp((self.folder / name).stat().st_mtime)
        return f"{name.removesuffix('.jsonl')} · {when:%Y-%m-%d %H:%M}"

    def _path(self, name: object, say: Wording) -> Path:
        """The run of this name; never a file that lies anywhere else."""
        if isinstance(name, str) and _NAME.fullmatch(name):
            for folder in (self.folder, SHIPPED):
                if (folder / name).is_file():
                    return folder / name
        raise RunError(say("evaluation.gone"))

    def _of(self, path: Path) -> tuple[tuple[Row, ...], list[Result], tuple[str, ...]]:
        """Rows, results and notices of a run; read once, until the file changes."""
        key = (path.name, path.stat().st_mtime)
        if key not in self._read:
            reader = RunReader(path)
            results = list(reader.results())
            self._read = {
                key: (summarise(results), results, tuple(notice.replace(str(path), path.name) for notice in reader.notices))
            }
        return self._read[key]


def _new_name(writer: str) -> str:
    return f"{CASES}-{writer}-{datetime.now():%Y%m%d-%H%M%S}.jsonl"


def failures(result: Result) -> list[str]:
    """Why a person should look at this case, as sentences; nothing if it went well."""
    if result.answer is None:
        return [result.error or "Asking failed."]
    doubts = [judgement.reason for judgement in result.judgements if judgement.verdict in ("partly", "unsupported")]
    missed = [
        score.why
        for name, bad in (*((name, 0.0) for name in MUST_NOT_BE_0), *((name, 1.0) for name in MUST_NOT_BE_1))
        if (score := result.score(name)) is not None and score.value == bad
    ]
    return list(dict.fromkeys(why for why in (*missed, *doubts) if why))
