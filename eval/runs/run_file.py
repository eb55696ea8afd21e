"""Writes and reads run files: JSON Lines, a header, then a line a case in the order of the cases. `eval/README.md` tells the format.

The same input gives the same bytes; times, which never are the same twice, go to a second file beside it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Self

from eval.cases.reading import KINDS, case_of
from eval.types import Hashed, Header, Result, Run, Score, Timing
from rag.errors import PaperchatError
from rag.types import Judgement, Span

FORMAT = "paperchat-run"
VERSION = 1
HASHED = ("cases", "papers", "encoder", "prompts")


class RunError(PaperchatError):
    """A run file cannot be used; names the file, the line, and what to do."""


class RunWriter:
    """A run file that grows by one result at a time; each is on disk when `add` returns, so that an interrupted run can go on."""

    def __init__(self, path: Path, header: Header, results: int = 0) -> None:
        """Writes the header, or goes on after the first `results` that a file with this very header holds already."""
        self._path, self._count = path, results
        self._results = _opened(path, results + 1 if results else 0)
        self._times = _opened(timings_path(path), results)
        if not results:
            _put(self._results, _header_record(header))

    def add(self, result: Result, timing: Timing) -> None:
        _put(self._times, {"id": timing.id, "seconds": dict(timing.seconds), "cached": timing.cached})
        _put(self._results, result_record(result))
        self._count += 1

    def close(self) -> None:
        self._results.close()
        self._times.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """A run that ended before its first result leaves no file behind."""
        self.close()
        if not self._count:
            self._path.unlink(missing_ok=True)
            timings_path(self._path).unlink(missing_ok=True)


class RunReader:
    """Reads a run file line by line: the header at once, the results as they are asked for, however many there are."""

    def __init__(self, path: Path) -> None:
        """Raises RunError if the file cannot be read, is empty, is no run, or is one of another version."""
        self.path = path
        self.notices: list[str] = []
        with _lines_of(path) as file:
            self.header = _header(path, file.readline())

    def results(self) -> Iterator[Result]:
        """Every result, in order; at the end, `notices` say whether the run was interrupted. Raises RunError at a broken line."""
        self.notices.clear()
        read = 0
        with _lines_of(self.path) as file:
            file.readline()
            for number, line in enumerate(file, 2):
                if line.endswith(b"\n"):
                    yield _result(self.path, number, line)
                    read += 1
        missing = self.header.cases.count - read
        if missing < 0:
            raise RunError(f"{self.path} holds {-missing} cases more than its header says: make the run anew.")
        if missing:
            self.notices.append(
                f"{self.path} was interrupted: {read} of {self.header.cases.count} cases are in it. What follows is about those; "
                "run it again with the same options to finish it."
            )


def read_run(path: Path) -> Run:
    """The whole run. Raises RunError, which names the line that is wrong; an interrupted run is whole but for a notice."""
    reader = RunReader(path)
    results = tuple(reader.results())
    return Run(reader.header, results, tuple(reader.notices))


def read_timings(path: Path) -> list[Timing]:
    """The times that belong to the run file at `path`; none if there is no such file."""
    beside = timings_path(path)
    if not beside.exists():
        return []
    with _lines_of(beside) as file:
        return [_timing(beside, number, line) for number, line in enumerate(file, 1) if line.endswith(b"\n")]


def timings_path(path: Path) -> Path:
    """`dev.jsonl` has its times in `dev.timings.jsonl`."""
    return path.with_name(f"{path.stem}.timings.jsonl")


def result_record(result: Result) -> dict[str, Any]:
    return {
        "case": asdict(result.case),
        "answer": result.answer,
        "judgements": [asdict(judgement) for judgement in result.judgements],
        "found": {stage: list(papers) for stage, papers in result.found.items()},
        "scores": [asdict(score) for score in result.scores],
        "error": result.error,
    }


def _header_record(header: Header) -> dict[str, Any]:
    return {"format": FORMAT, "version": VERSION, **asdict(header)}


def _opened(path: Path, lines: int) -> IO[bytes]:
    """The file, opened for writing after its first lines; what stands behind them, such as half a line, is cut off."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("r+b" if lines and path.exists() else "w+b")
    except OSError as error:
        raise RunError(f"{path} cannot be written ({error.strerror or error}). Give another file with --out.") from None
    for _ in range(lines):
        file.readline()
    file.truncate()
    return file


def _put(file: IO[bytes], record: Mapping[str, Any]) -> None:
    # ASCII, as texts of papers may hold what is not UTF-8.
    file.write(json.dumps(record, allow_nan=False).encode("ascii") + b"\n")
    file.flush()


def _lines_of(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise RunError(
            f"{path} cannot be read ({error.strerror or error}). Give a file that `paperchat eval run` or `paperchat eval answers` wrote."
        ) from None


def _header(path: Path, line: bytes) -> Header:
    if not line.strip():
        raise RunError(f"{path} is empty: it is no run. Make one with `paperchat eval run --out {path}`.")
    try:
        record = _object(line)
        if record.get("format") != FORMAT:
            raise ValueError(f"it does not say `{FORMAT}`")
    except (ValueError, RecursionError, TypeError) as error:
        raise _no_run(path, error) from None
    if record.get("version") != VERSION:
        raise RunError(
            f"{path} is a run of format {record.get('version')}, and this Paperchat reads format {VERSION}. "
            "Make the run anew, or read it with the version that made it."
        )
    fields = {name: value for name, value in record.items() if name not in ("format", "version")}
    try:
        header = Header(**fields | {name: Hashed(**fields[name]) for name in HASHED})
    except (KeyError, TypeError) as error:
        raise _no_run(path, error) from None
    if not isinstance(header.cases.count, int) or not isinstance(header.settings, dict) or not isinstance(header.versions, dict):
        raise _no_run(path, TypeError("its counts, settings or versions are of another form"))
    return header


def _result(path: Path, number: int, line: bytes) -> Result:
    record = _record(path, number, line)
    try:
        if wrong := _wrong(record):
            raise TypeError(wrong)
        return Result(
            case_of(record["case"]),
            record["answer"],
            tuple(_judgement(judgement) for judgement in record["judgements"]),
            {stage: tuple(papers) for stage, papers in record["found"].items()},
            tuple(Score(**score) for score in record["scores"]),
            record["error"],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise _broken(path, number, error) from None


def _judgement(record: Mapping[str, Any]) -> Judgement:
    spans = tuple(Span(**span) for span in record.get("spans", ()))
    return Judgement(**{**record, "spans": spans})


def _wrong(record: Mapping[str, Any]) -> str:
    """What a report or a mean would fail on; the rest of the line is only shown."""
    kind, answer = record["case"]["kind"], record["answer"]
    if kind not in KINDS:
        return f"there is no kind of case {kind!r}"
    if answer is not None and not isinstance(answer, dict):
        return "its answer is no JSON object"
    if not all(isinstance((answer or {}).get(name, []), list) for name in ("claims", "citations", "hits", "notices")):
        return "a part of its answer is no list"
    values = [score["value"] for score in record["scores"]]
    if not all(value is None or (isinstance(value, int | float) and math.isfinite(value)) for value in values):
        return "a score is no number"
    return ""


def _timing(path: Path, number: int, line: bytes) -> Timing:
    try:
        return Timing(**_record(path, number, line))
    except TypeError as error:
        raise _broken(path, number, error) from None


def _record(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        return _object(line)
    except (ValueError, RecursionError, TypeError) as error:
        raise _broken(path, number, error) from None


def _object(line: bytes) -> dict[str, Any]:
    record = json.loads(line)
    if not isinstance(record, dict):
        raise TypeError("it is not a JSON object")
    return record


def _broken(path: Path, number: int, error: Exception) -> RunError:
    return RunError(
        f"{path}:{number} is not a line of a run ({_said(error)}). Remove that line and all after it, then run the same command to finish."
    )


def _no_run(path: Path, error: Exception) -> RunError:
    return RunError(
        f"{path} is not a run file: its first line is no header ({_said(error)}). "
        "Give a file that `paperchat eval run` or `paperchat eval answers` wrote."
    )


def _said(error: Exception) -> str:
    return f"the field {error} is missing" if isinstance(error, KeyError) else str(error)
