"""A note as it is kept: what was said, sentence by sentence, with the quotes that it rests on; papers whole, so that it stays what it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.types import Answer, Citation, Paper, Span
from ui.conversations.tables import paper_fields, paper_of

LONGEST_NOTE = 5_000
MOST_TAGS, LONGEST_TAG = 12, 40


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and what it cites. Where it is a quote itself, its text is the first citation's."""

    text: str
    cites: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """`heading` is the question or the column that it answers; `note` and `tags` are the person's own."""

    heading: str
    said: tuple[Said, ...]
    quoted: bool = True
    note: str = ""
    tags: tuple[str, ...] = ()

    @property
    def papers(self) -> list[Paper]:
        return list({each.paper.id: each.paper for said in self.said for each in said.cites}.values())


def of_quote(paper: Paper, span: Span, heading: str = "") -> Note:
    return Note(heading, (Said(span.of(paper.abstract), (Citation(1, paper, span),)),))


def of_answer(answer: Answer) -> Note:
    """The answer's sentences with what they cite."""
    cited = {each.number: each for each in answer.citations}
    said = tuple(
        Said(claim.text, tuple(cited[number] for number in claim.citations if number in cited)) for claim in answer.claims
    )
    return Note(answer.standalone_question or answer.question, said or (Said(answer.text),), answer.writer == "quotes")


def packed(note: Note) -> dict[str, Any]:
    """JSON values."""
    papers = note.papers
    places = {paper.id: place for place, paper in enumerate(papers)}
    return {
        "heading": note.heading,
        "quoted": note.quoted,
        "note": note.note,
        "tags": list(note.tags),
        "papers": [paper_fields(paper) for paper in papers],
        "said": [
            [said.text, [[places[each.paper.id], each.span.start, each.span.end] for each in said.cites]] for said in note.said
        ],
    }


def unpacked(kept: Mapping[str, Any]) -> Note:
    """The note that `packed` made the values of."""
    papers = [paper_of(fields) for fields in kept["papers"]]
    said = tuple(
        Said(
            text, tuple(Citation(number, papers[place], Span(start, end)) for number, (place, start, end) in enumerate(cites, 1))
        )
        for text, cites in kept["said"]
    )
    return Note(kept["heading"], said, kept["quoted"], kept["note"], tuple(kept["tags"]))


def tags_of(text: str) -> tuple[str, ...]:
    """Tags as a person types them, with commas between them."""
    tags = (" ".join(tag.split())[:LONGEST_TAG] for tag in text.replace("#", "").split(","))
    return tuple(dict.fromkeys(tag for tag in tags if tag))[:MOST_TAGS]


def with_own(note: Note, own: str, tags: Sequence[str]) -> Note:
    return Note(note.heading, note.said, note.quoted, own[:LONGEST_NOTE], tuple(tags))
