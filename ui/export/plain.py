"""Shows an answer and papers as plain text and as JSON values. Pure; what comes from papers is never trusted."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from rag.text.instructions import left_out
from rag.text.latex import readable
from rag.types import Added, Answer, Citation, Claim, Hit, Paper, PastTurn, Refusal, Refused

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
"""What steers a terminal or turns the writing direction, and halves of characters. Tab and line feed are let through."""
_LINK = re.compile(r"https?://[\x21-\x7e]+")


def visible(text: str) -> str:
    """The text with every character that could steer a terminal replaced by `�`."""
    return _UNSEEN.sub("\ufffd", text)


def in_line(text: str) -> str:
    """The same, on one line."""
    return " ".join(visible(text).split())


def not_computed(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "'")) else cell


def for_people(text: str) -> str:
    """Text of a paper on one line, its LaTeX as Unicode: for a terminal, a file or a label, where no formula can be drawn."""
    return in_line(readable(text))


def link(paper: Paper) -> str | None:
    """The paper's address where it is a plain web address, else nothing: it goes into a terminal's control sequence."""
    return paper.url if paper.url and _LINK.fullmatch(paper.url) else None


def sources(answer: Answer) -> list[tuple[Paper, list[Citation]]]:
    """The papers that the answer cites, in order of their first number, each with its citations."""
    found: dict[str, tuple[Paper, list[Citation]]] = {}
    for citation in sorted(answer.citations, key=lambda citation: citation.number):
        found.setdefault(citation.paper.id, (citation.paper, []))[1].append(citation)
    return list(found.values())


def markers(citations: Sequence[Citation]) -> str:
    return " ".join(f"[{citation.number}]" for citation in citations)


def plain_answer(answer: Answer) -> str:
    """Text for a pipe or a file: the answer, then `Sources:` with one paper a line."""
    text = visible(readable(answer.text))
    listed = [f"{markers(citations)} {paper_line(paper)}" for paper, citations in sources(answer)]
    return "\n".join([text, "", "Sources:", *listed]) if listed else text


def paper_line(paper: Paper) -> str:
    """Title, byline and address, on one line."""
    parts = (paper.title, paper.byline, link(paper) or "")
    return " · ".join(for_people(part).rstrip(" .") for part in parts if part)


def plain_papers(papers: Sequence[Paper]) -> str:
    """One paper a line: id, year, title and authors, with tabs between them."""
    rows = ((paper.id, str(paper.year or ""), paper.title, ", ".join(paper.authors)) for paper in papers)
    return "\n".join("\t".join(for_people(cell) for cell in row) for row in rows)


def plain_paper(paper: Paper) -> str:
    """Everything about one paper, the abstract last."""
    facts = (
        paper.title,
        ", ".join(paper.authors),
        ", ".join(filter(None, (paper.venue, str(paper.year or "")))),
        paper.url or "",
    )
    return "\n".join(
        [
            *(for_people(fact) for fact in facts if fact),
            in_line(paper.id),
            "",
            visible(readable(paper.abstract)),
            *left_out_lines(paper),
        ]
    )


def left_out_lines(paper: Paper) -> list[str]:
    """Each sentence of the abstract that is no evidence, because it gives orders or is in another language than the rest."""
    why = {"language": "it is in another language than the rest"}
    return [
        f"Not used as evidence, as {why.get(reason, 'it gives orders to a reader or a language model')}: {in_line(span.of(paper.abstract))}"
        for span, reason in left_out(paper.abstract).items()
    ]


REFUSALS = {
    "no_title": "no title",
    "no_text": "a title or a text, but not both",
    "not_json": "no JSON of a paper",
    "too_long": "more text than a paper",
    "broken_off": "no end",
    "unreadable": "characters that are not text",
    "repeat": "a paper that came before",
    "not_a_paper": "no paper, but an attachment or a note",
}
SHOWN_WHOLE = 5
"""So many refusals are shown one by one; more are counted."""


def plain_added(added: Added, verbose: bool = False, preview: bool = False) -> str:
    """What adding did or would do: the counts, what was kept apart, and what was refused: counted by reason, or each with its place."""
    names = ["added", "updated", "unchanged", *(["merged"] if added.merged else []), "refused"]
    counts = ", ".join(
        f"{len(getattr(added, name)):,} {'would be ' if preview and name == 'added' else ''}{name}" for name in names
    )
    bare = (
        [f"{_counted(len(added.title_only), 'has', 'have')} a title only: found and listed, never quoted."]
        if added.title_only
        else []
    )
    notes = [f"Note: {in_line(each.where)}: {in_line(each.reason)}" for each in added.notes]
    shown = [f"Refused: {in_line(each.where)}: {in_line(each.reason)}" for each in added.refused]
    if len(shown) > SHOWN_WHOLE and not verbose:
        shown = [*grouped(added.refused), "`--verbose` shows each."]
    undo = [f"`paperchat undo {added.batch}` takes this back."] if added.batch is not None and not preview else []
    return "\n".join([f"{counts}.", *bare, *notes, *shown, *undo])


def grouped(refused: Sequence[Refused]) -> list[str]:
    """One line a reason, the most frequent first, with the place of the first: `2,392 entries have no title (first: a.bib, line 3).`"""
    groups: dict[str, list[Refused]] = {}
    for each in refused:
        groups.setdefault(each.kind if each.kind in REFUSALS else each.reason, []).append(each)
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    return [
        f"{len(each):,} {'entry has' if len(each) == 1 else 'entries have'} {REFUSALS[kind]} (first: {in_line(each[0].where)})."
        if kind in REFUSALS
        else f"{len(each):,} refused (first: {in_line(each[0].where)}): {in_line(kind)}"
        for kind, each in ordered
    ]


def _counted(count: int, one: str, many: str) -> str:
    return f"1 paper {one}" if count == 1 else f"{count:,} papers {many}"


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer as JSON values. `start` and `end` count characters (code points) of the abstract as `papers show --json` gives it."""
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "status": answer.status,
        "text": answer.text,
        "writer": answer.writer,
        "claims": [claim_json(claim) for claim in answer.claims],
        "citations": [citation_json(citation) for citation in answer.citations],
        "hits": [_hit(hit) for hit in answer.hits],
        "notices": list(answer.notices),
        "seconds": dict(answer.seconds),
        "usage": dict(answer.usage),
        "refusal": refusal_json(answer.refusal) if answer.refusal else None,
        "corrected": answer.corrected,
        "suggestions": list(answer.suggestions),
    }


def refusal_json(refusal: Refusal) -> dict[str, Any]:
    return {
        "code": refusal.code,
        "names": list(refusal.names),
        "nearest": [paper_json(paper) for paper in refusal.nearest],
    }


def past_turns(history: object) -> tuple[PastTurn, ...] | None:
    """Earlier turns given as JSON: questions, or objects with `question` and `cited` (ids of papers); None if it is anything else."""
    if history is None:
        return ()
    turns = [_past_turn(each) for each in history] if isinstance(history, list) else [None]
    return None if None in turns else tuple(turn for turn in turns if turn is not None)


def _past_turn(given: object) -> PastTurn | None:
    if isinstance(given, str):
        return PastTurn(given)
    if not isinstance(given, dict):
        return None
    question, cited = given.get("question"), given.get("cited", [])
    fits = isinstance(question, str) and isinstance(cited, list) and all(isinstance(one, str) for one in cited)
    return PastTurn(str(question), tuple(cited)) if fits else None


def paper_json(paper: Paper) -> dict[str, Any]:
    return {"id": paper.id, "title": paper.title, "authors": list(paper.authors), "year": paper.year, "url": paper.url}


def whole_paper_json(paper: Paper) -> dict[str, Any]:
    return {**paper_json(paper), "venue": paper.venue, "source": paper.source, "abstract": paper.abstract, **_more(paper)}


def _more(paper: Paper) -> dict[str, Any]:
    """What few papers have; nothing if there is none of it."""
    parts = [{"name": part.name, "start": part.span.start, "end": part.span.end} for part in paper.parts]
    known = {"keys": list(paper.keys), "links": list(paper.links), "parts": parts}
    return {name: value for name, value in known.items() if value}


def added_json(added: Added) -> dict[str, Any]:
    return {
        "added": list(added.added),
        "updated": list(added.updated),
        "unchanged": list(added.unchanged),
        "merged": list(added.merged),
        "title_only": list(added.title_only),
        "refused": [{"where": each.where, "reason": each.reason, "kind": each.kind} for each in added.refused],
        "notes": [{"where": each.where, "reason": each.reason} for each in added.notes],
        "batch": added.batch,
    }


def json_text(value: object) -> str:
    """One line of ASCII: no character reaches a terminal as it is, and a stream of any encoding can hold it."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False).replace("\x7f", "\\u007f")


def claim_json(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "citations": list(claim.citations),
        "verdict": claim.verdict,
        "score": claim.score,
        "reason": claim.reason,
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "paper": paper_json(citation.paper),
        "quote": citation.quote,
        "start": citation.span.start,
        "end": citation.span.end,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {"paper": paper_json(hit.paper), "score": hit.score, "found_by": hit.found_by}
