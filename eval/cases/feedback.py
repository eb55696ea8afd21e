"""Makes cases of what people said of answers: a thumb up gives a case with its citations as gold, a thumb down a draft without gold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.cases.reading import Case, CaseError, GoldSentence, Kind
from rag.query.catalogue import PaperList
from rag.query.metadata_questions import understand_catalogue
from rag.query.question import understand
from rag.types import Paper

UP, DOWN = "up", "down"
NO_GOLD = "no gold yet: set the kind, and give papers, sentences and answer"


def from_feedback(path: Path, papers: Sequence[Paper]) -> tuple[list[Case], list[str]]:
    """The cases, each question once by its last rating, and a notice for each citation that no longer stands in the papers.

    Raises CaseError if the file cannot be read or a line is no feedback; it names the line.
    """
    by_id = {paper.id: paper for paper in papers}
    cases: dict[str, Case] = {}
    notices: list[str] = []
    for number, record in _records(path):
        gold, lost = _gold(record, by_id)
        notices += [f"{path}:{number}: {reason}" for reason in lost]
        up = record["rating"] == UP and (bool(gold) or not lost)
        case = _liked(record, gold, papers) if up else _disliked(record)
        cases.pop(case.id, None)
        cases[case.id] = case
    return list(cases.values()), notices


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path} cannot be read ({error}): give the file of feedback, JSON Lines in UTF-8.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, _record(line, f"{path}:{number}")


def _record(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CaseError(f"{where} is not JSON ({error}): remove or correct the line.") from None
    if not isinstance(record, dict) or not isinstance(record.get("question"), str) or not record["question"].strip():
        raise CaseError(f"{where} has no `question`: it is no line of feedback.")
    if record.get("rating") not in (UP, DOWN):
        raise CaseError(f"{where} has the rating {record.get('rating')!r}: it must be `up` or `down`.")
    if not isinstance(record.get("citations", []), list) or not isinstance(record.get("comment") or "", str):
        raise CaseError(f"{where}: `citations` must be a list, and `comment` a text.")
    return record


def _gold(record: Mapping[str, Any], papers: Mapping[str, Paper]) -> tuple[list[GoldSentence], list[str]]:
    gold, lost = [], []
    for citation in record.get("citations", []):
        paper, quote = (citation.get("paper"), citation.get("quote")) if isinstance(citation, dict) else (None, None)
        if not isinstance(paper, str) or not isinstance(quote, str) or not quote.strip():
            lost.append("a citation lacks `paper` or `quote`, so it was left out")
        elif paper not in papers:
            lost.append(f"the paper {paper} is not in the collection, so its citation was left out")
        elif quote not in papers[paper].abstract:
            lost.append(f"“{quote[:60]}” does not stand in the abstract of {paper}, so it was left out")
        else:
            gold.append(GoldSentence(paper, quote))
    return list(dict.fromkeys(gold)), lost


def _liked(record: Mapping[str, Any], gold: Sequence[GoldSentence], papers: Sequence[Paper]) -> Case:
    ids = tuple(dict.fromkeys(sentence.paper for sentence in gold))
    return _case(record, _kind(record["question"], ids, papers), ids, tuple(gold), "from feedback (thumb up): check and edit")


def _kind(question: str, ids: Sequence[str], papers: Sequence[Paper]) -> Kind:
    """As the product reads the question; an answer without a citation was a refusal or came from the metadata."""
    if not ids:
        return "collection" if understand_catalogue(question, PaperList(papers)) is not None else "unanswerable"
    kind: Kind = understand(question).kind
    return "fact" if kind == "compare" and len(ids) < 2 else kind


def _disliked(record: Mapping[str, Any]) -> Case:
    """Of the kind that asks nothing of an answer: what would have been right is for a person to say."""
    return _case(record, "collection", (), (), f"from feedback (thumb down); {NO_GOLD}")


def _case(record: Mapping[str, Any], kind: Kind, papers: tuple[str, ...], gold: tuple[GoldSentence, ...], notes: str) -> Case:
    comment = " ".join((record.get("comment") or "").split())
    name = hashlib.sha256(record["question"].encode("utf-8", "surrogatepass")).hexdigest()[:10]
    notes = f"{notes}. Comment: {comment}" if comment else notes
    return Case(f"feedback-{name}", kind, "dev", record["question"], papers=papers, sentences=gold, notes=notes)
