"""Answers kept by content: the same question to the same writer, over the same papers, settings and versions, is asked once."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.cases.reading import Case
from eval.types import Header
from rag.errors import StorageFailed
from rag.types import Answer, Citation, Claim, Hit, Paper, Passage, Refusal, Span


class AnswerCache:
    """One file an answer in a folder. A file that cannot be read counts as not there, and the question is asked again."""

    def __init__(self, folder: Path, header: Header, papers: Mapping[str, Paper]) -> None:
        self._folder, self._papers = folder, papers
        settled = asdict(header)
        self._setting = {name: settled[name] for name in ("writer", "papers", "encoder", "prompts", "versions", "settings")}

    def get(self, case: Case) -> Answer | None:
        path = self._path(case)
        try:
            return self._answer(json.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, case: Case, answer: Answer) -> None:
        """Keeps the answer; it is there whole or not at all, whatever happens. Raises StorageFailed if the folder cannot be written."""
        path = self._path(case)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
                file.write(json.dumps(_record(answer)).encode("ascii"))
            Path(file.name).replace(path)
        except OSError as error:
            raise StorageFailed(
                f"{self._folder} cannot be written ({error.strerror or error}). Give another folder with --cache, or --no-cache."
            ) from error

    def _path(self, case: Case) -> Path:
        asked = {"question": case.question, "history": list(case.history), **self._setting}
        key = hashlib.sha256(json.dumps(asked, sort_keys=True).encode("ascii")).hexdigest()
        return self._folder / key[:2] / f"{key}.json"

    def _answer(self, record: Mapping[str, Any]) -> Answer:
        fields = dict(record)
        fields["claims"] = tuple(Claim(**claim | {"citations": tuple(claim["citations"])}) for claim in record["claims"])
        fields["citations"] = tuple(
            Citation(number, self._papers[id], Span(start, end)) for number, id, start, end in record["citations"]
        )
        fields["hits"] = tuple(
            Hit(Passage(passage, self._papers[id], Span(start, end)), score, found_by)
            for passage, id, start, end, score, found_by in record["hits"]
        )
        fields["notices"] = tuple(record["notices"])
        if record["refusal"]:
            code, names, nearest = record["refusal"]
            fields["refusal"] = Refusal(code, tuple(names), tuple(self._papers[id] for id in nearest))
        return Answer(**fields)


def default_folder() -> Path:
    """The platform's cache folder."""
    from platformdirs import user_cache_path

    return user_cache_path("paperchat", appauthor=False) / "evaluation"


def _record(answer: Answer) -> dict[str, Any]:
    """The answer without the papers' texts, which the library has."""
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "status": answer.status,
        "text": answer.text,
        "writer": answer.writer,
        "claims": [asdict(claim) for claim in answer.claims],
        "citations": [[one.number, one.paper.id, one.span.start, one.span.end] for one in answer.citations],
        "hits": [
            [one.passage.id, one.paper.id, one.passage.span.start, one.passage.span.end, one.score, one.found_by]
            for one in answer.hits
        ],
        "notices": list(answer.notices),
        "seconds": dict(answer.seconds),
        "usage": dict(answer.usage),
        "refusal": [answer.refusal.code, answer.refusal.names, [paper.id for paper in answer.refusal.nearest]]
        if answer.refusal
        else None,
        "corrected": answer.corrected,
    }
