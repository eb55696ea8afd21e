"""Scores an answer of any system by the same measures as our own, and writes the same run file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.answers.claims import claims_of, is_refusal, refuses
from eval.answers.types import SystemAnswer
from eval.cases.reading import Case, Kind
from eval.checker.card import card_line, load_card
from eval.runs.fingerprint import versions
from eval.runs.run_file import RunError, RunReader, RunWriter
from eval.scores.claim_verdicts import judge
from eval.scores.outside import outside_scores
from eval.scores.scorer import measured
from eval.types import OF_OTHERS, Hashed, Header, Result, Score, Timing, answer_record
from rag.grounding.citation_markers import Source
from rag.identity import sha256
from rag.protocols import Checker
from rag.types import Answer, Citation, Claim, Paper, Progress, Span

WRITER = "answers"
NOT_OURS = frozenset({"quote_verbatim", "word_for_word", "right_sentence", "from_records"})
"""Measures that only say something of answers that quote."""

OF_MARKERS = frozenset({"citation_recall", "citation_precision", "marker_exists", "uncited"})
"""Measures that say nothing of an answer that cites nothing: it is compared with all its sources."""


def judge_answers(answers: Sequence[SystemAnswer], checker: Checker) -> Iterator[Result]:
    """A result for each answer, in order."""
    for answer in answers:
        yield _result(answer, checker)


def write_run(answers: Sequence[SystemAnswer], name: str, out: Path, checker: Checker, progress: Progress | None = None) -> int:
    """Writes the run file; answers that stand in it already are not judged again. Gives how many were judged now.

    Raises RunError if `out` holds another run.
    """
    head = _header(answers, name, checker)
    kept = _kept(out, head)
    with RunWriter(out, head, kept) as file:
        for place, result in enumerate(judge_answers(answers[kept:], checker), kept + 1):
            file.add(result, Timing(result.case.id, {}))
            if progress is not None:
                progress(place, len(answers), "answers")
    return len(answers) - kept


def _kept(out: Path, head: Header) -> int:
    if not out.exists() or not out.stat().st_size:
        return 0
    reader = RunReader(out)
    if reader.header != head:
        raise RunError(f"{out} holds another run. Give another --out, or --overwrite it.")
    return sum(1 for _ in reader.results())


def _header(answers: Sequence[SystemAnswer], name: str, checker: Checker) -> Header:
    whole = json.dumps([asdict(answer) for answer in answers])
    texts = sorted({source.text for answer in answers for source in answer.sources})
    none = Hashed("none", "")
    return Header(
        WRITER, Hashed(name, sha256(whole), len(answers)), Hashed(OF_OTHERS, sha256("\n".join(texts)), len(texts)), none, none, checker.name,
        card_line(load_card(), checker.name), versions(), {},
    )  # fmt: skip


def _result(answer: SystemAnswer, checker: Checker) -> Result:
    papers = {paper.id: paper for paper in _papers(answer.sources)}
    kind: Kind = "unanswerable" if answer.reference and refuses(answer.reference) else "fact"
    case = Case(answer.id, kind, "dev", answer.question, papers=tuple(f"source {place}" for place in answer.gold))
    judged = judge(case, _as_answer(answer, list(papers.values())), papers, checker)
    marked = any(claim.numbers for claim in claims_of(answer))
    left_out = NOT_OURS if marked else NOT_OURS | OF_MARKERS
    scores = [score for score in measured(judged) if score.name not in left_out]
    record = {**answer_record(judged.answer), "given": _given(answer)}
    return Result(
        case, record, judged.judgements, {}, (Score("errors", 0.0, "it was given"), *scores, *outside_scores(answer, judged, checker))
    )  # fmt: skip


def _given(answer: SystemAnswer) -> dict[str, Any]:
    """What the system said and had, as it was read: a run can be handed on to other tools."""
    sources = [asdict(source) for source in answer.sources]
    return {"answer": answer.answer, "sources": sources, "reference": answer.reference}


def _as_answer(answer: SystemAnswer, papers: Sequence[Paper]) -> Answer:
    claims = claims_of(answer)
    if is_refusal(answer, claims):
        return Answer(answer.question, answer.question, "not_found", answer.answer, WRITER)
    marked = any(claim.numbers for claim in claims)
    own = sorted({number for claim in claims for number in claim.numbers if 1 <= number <= len(papers)})
    cited = own if marked else range(1, len(papers) + 1)  # an answer without markers rests on all its sources
    citations = tuple(Citation(number, papers[number - 1], Span(0, len(papers[number - 1].abstract))) for number in cited)
    said = tuple(Claim(claim.text, claim.numbers if marked else tuple(cited)) for claim in claims)
    text = "\n".join(claim.text + "".join(f" [{number}]" for number in claim.citations) for claim in said)
    return Answer(answer.question, answer.question, "answered", text, WRITER, said, citations)


def _papers(sources: Sequence[Source]) -> list[Paper]:
    return [
        Paper(f"source {number}", source.title or f"source {number}", source.text) for number, source in enumerate(sources, 1)
    ]
