"""RAGTruth (Niu et al., ACL 2024): answers of language models with the words that people marked as made up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.checker.converters.fields import mapping, text
from eval.checker.labelled import Labelled, file_bytes, records
from rag.errors import ImportFailed
from rag.grounding.decomposition import claim_in
from rag.text.sentences import sentences

_PASSAGE = re.compile(r"(?:^|\n\n)passage \d+:")


def read(path: Path) -> Iterator[Labelled]:
    """A claim for each sentence of each answer of good quality that claims something: supported where no marked words lie in it.

    Words that are true but not in the source (`implicit_true`) do not count as made up. The part is the task, and of it the split: QA,
    QA/test, Summary, Data2txt.
    """
    beside = path.parent / "source_info.jsonl"
    sources = {
        text(record, "source_id", f"{beside}:{number}"): (
            str(record.get("task_type") or ""),
            _evidence(record.get("source_info"), f"{beside}:{number}"),
        )
        for number, record in records(beside, file_bytes(beside))
    }
    for number, record in records(path, file_bytes(path)):
        where = f"{path}:{number}"
        source = text(record, "source_id", where)
        if source not in sources:
            raise ImportFailed(f"{where} speaks of source {source}, which {beside} does not have.")
        if record.get("quality", "good") == "good":
            yield from _claims(record, *sources[source], where)


def _claims(record: dict[str, Any], task: str, evidence: tuple[str, ...], where: str) -> Iterator[Labelled]:
    answer = text(record, "response", where)
    part = "/".join(one for one in ("ragtruth", task, str(record.get("split") or "")) if one)
    marked = [_span(one, where) for one in record.get("labels") or () if not mapping(one, where).get("implicit_true")]
    for sentence in sentences(answer):
        kinds = [kind for start, end, kind in marked if start < sentence.end and end > sentence.start]
        stripped = claim_in(sentence.of(answer))
        if stripped or kinds:
            claim = stripped or sentence.of(answer).strip()
            yield Labelled(claim, evidence, not kinds, kinds[0] if kinds else "supported", part)


def _span(one: dict[str, Any], where: str) -> tuple[int, int, str]:
    start, end = one.get("start"), one.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        raise ImportFailed(f"{where} marks words without start and end.")
    return start, end, text(one, "label_type", where)


def _evidence(source: object, where: str) -> tuple[str, ...]:
    """The text of a summary's source, the passages of a question, or the fields of a record as JSON."""
    if isinstance(source, str):
        return (source,)
    fields = mapping(source, where)
    if isinstance(fields.get("passages"), str):
        return tuple(part.strip() for part in _PASSAGE.split(fields["passages"]) if part.strip())
    return tuple(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())
