"""An answer, what it cites, why there is none, and what is said of each sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

from rag.types.papers import Paper, Passage, Span

FoundBy = Literal["words", "meaning", "both"]
Verdict = Literal["supported", "partly", "unsupported", "not_checkable"]
Status = Literal["answered", "corrected", "not_found"]
"""`corrected`: the question supposes what a paper denies, and the answer says that the papers say otherwise and quotes the sentence."""
RefusalCode = Literal[
    "empty_library", "empty_scope", "no_question", "no_papers", "no_such_paper", "unknown_years", "nothing_found", "other_subject", "not_recorded", "no_code", "unknown_words",
    "unknown_name", "name_not_mentioned", "term_not_mentioned", "no_figure", "opposite_premise", "premise_done_without", "silent", "unreadable_script",
    "unread_language", "unread_words", "not_spelled_out", "encoder_failed", "too_few_cited", "none_of_cited", "list_ended",
]  # fmt: skip
"""Why a question is refused; `prompts/refusals_*.toml` words each code."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper that search found: by its best passage, with a score in 0…1 (1 is best for this question) and how it was found."""

    passage: Passage
    score: float
    found_by: FoundBy

    @classmethod
    def of(cls, paper: Paper) -> Self:
        """The paper as found by its name: its whole abstract, with the best score."""
        return cls(Passage(f"{paper.id}#abstract", paper, Span(0, len(paper.abstract))), 1.0, "words")

    @property
    def paper(self) -> Paper:
        return self.passage.paper


@dataclass(frozen=True, slots=True)
class Evidence:
    """One exact sentence of one abstract, with how well it answers (higher is better) and how surely (0…1).

    `shown` is the sentence as an answer shows it where that differs: capitalised behind a dropped connective, its subject named in brackets.
    """

    paper: Paper
    span: Span
    score: float = 0.0
    shown: str = ""

    @property
    def text(self) -> str:
        return self.span.of(self.paper.abstract)


@dataclass(frozen=True, slots=True)
class Citation:
    """A number in an answer, the paper it stands for and the exact quote (`paper.abstract[start:end]`)."""

    number: int
    paper: Paper
    span: Span

    @property
    def quote(self) -> str:
        return self.span.of(self.paper.abstract)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, the numbers it cites, and the verdict on it (`score` in 0…1, `reason` in words)."""

    text: str
    citations: tuple[int, ...] = ()
    verdict: Verdict = "not_checkable"
    score: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A checker's word on a claim: the verdict, how surely it is supported (0…1), and why.

    `spans` are the stretches of the claim that no source bears out, in order; empty if it is supported or could not be checked.
    `contradicted` tells where a source says otherwise; what is unsupported without it is not stated.
    """

    verdict: Verdict
    score: float
    reason: str
    spans: tuple[Span, ...] = ()
    contradicted: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer: the code, the words of the question that it is about, and the nearest papers, best first."""

    code: RefusalCode
    names: tuple[str, ...] = ()
    nearest: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got: text with `[n]` markers, its claims, what they cite, and all that search found.

    `writer` is `quotes`, the model's name, or `help` where somebody only greeted, thanked or asked what to ask; `usage` counts a model's tokens (`prompt_tokens`, `completion_tokens`, `requests`) and is
    empty if no model was asked. `refusal` says why there is no answer, exactly where `status` is `not_found`; `text` words it.
    `corrected` is the question with typing errors corrected, empty if there were none.
    `suggestions` are questions to go on with, which `text` quotes.
    """

    question: str
    standalone_question: str
    status: Status
    text: str
    writer: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    notices: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    usage: Mapping[str, int] = field(default_factory=dict)
    refusal: Refusal | None = None
    corrected: str = ""
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What one paper says of one aspect; without claims it is not stated."""

    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparisonTable:
    """Papers side by side: `rows` holds for each paper a cell for each aspect; every number in it is one of `citations`."""

    papers: tuple[Paper, ...]
    aspects: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    citations: tuple[Citation, ...] = ()
    writer: str = "quotes"
    notices: tuple[str, ...] = ()
    usage: Mapping[str, int] = field(default_factory=dict)
