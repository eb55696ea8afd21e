"""The nouns of the core: what flows from a page of papers to a cited answer. Values only: nothing here reads, writes or decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, Self

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Verdict = Literal["supported", "partly", "unsupported", "not_checkable"]
Status = Literal["answered", "corrected", "not_found"]
"""`corrected`: the question supposes what a paper denies, and the answer says “No” and quotes the sentence."""
FoundBy = Literal["words", "meaning", "both"]
RefusalCode = Literal[
    "empty_library", "empty_scope", "no_question", "no_papers", "no_such_paper", "nothing_found", "other_subject", "not_recorded", "no_code", "unknown_words",
    "unknown_name", "name_not_mentioned", "term_not_mentioned", "no_figure", "opposite_premise", "premise_done_without", "silent", "unreadable_script",
    "unread_language", "encoder_failed",
]  # fmt: skip
"""Why a question is refused; `prompts/refusals_*.toml` words each code."""
Progress = Callable[[int, int, str], None]
"""Is told how many of how many (0: not known) are done, and what is being done."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: characters `start` (included) to `end` (excluded)."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an abstract under a label of its own, such as `Results`."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `id` is `arxiv:…`, `doi:…` or, where neither is known, `title:` and a hash of the normalised title.

    `abstract` may be empty: such a paper is found and listed but never quoted. `keys` are its citation keys, `parts` the labelled
    parts of its abstract, `links` the ids of other records of the same paper (its preprint, its journal version).
    """

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    url: str | None = None
    source: str = ""
    keys: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def title_only(self) -> bool:
        return not self.abstract.strip()

    @property
    def byline(self) -> str:
        """Authors and year for people: `Lin & Kriegeskorte, 2023`, `Yariv et al., 2021`; empty if nothing is known."""
        names = [name.split()[-1] for name in self.authors if name.split()]
        who = " & ".join(names) if len(names) <= 2 else f"{names[0]} et al."
        return ", ".join(part for part in (who, str(self.year) if self.year else "") if part)


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of one paper's abstract: the unit that is indexed. `id` is the same in every run while title and text stay."""

    id: str
    paper: Paper
    span: Span

    @property
    def text(self) -> str:
        return self.span.of(self.paper.abstract)


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
class PastTurn:
    """An earlier question of a conversation, and the ids of the papers that its answer cited, in the order of their numbers."""

    question: str
    cited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer: the code, the words of the question that it is about, and the nearest papers, best first."""

    code: RefusalCode
    names: tuple[str, ...] = ()
    nearest: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class AskOptions:
    """What a person may choose for one question; None leaves it to the settings.

    `scope` holds the ids of the papers that may be searched (None: all). `writer` is `quotes`, or `model` for the configured language
    model, or a model's name. `strict` removes sentences that stay unsupported. Without `correct`, typing errors in the question stay.
    """

    scope: frozenset[str] | None = None
    writer: str | None = None
    temperature: float | None = None
    sources: int | None = None
    strict: bool | None = None
    correct: bool = True


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


History = Sequence[str | PastTurn]
"""The conversation before a question, oldest first. Where only the questions are known, what they were about is searched for."""


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


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat with a language model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What a reply cost, in tokens; `estimated` where the server did not say and the numbers are our own count."""

    prompt_tokens: int
    completion_tokens: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Searched:
    """Event: the question as it was understood, and what search found for it."""

    standalone_question: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Wrote:
    """Event: a further piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Event: the verdict on the claim at this place (from 0), once its sentence is complete."""

    place: int
    claim: Claim


@dataclass(frozen=True, slots=True)
class Noticed:
    """Event: something a person should know while waiting: a retry, another writer stepping in."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Event: the whole answer; always the last one. Its text is what counts: a repair may have changed what was streamed."""

    answer: Answer


Event = Searched | Wrote | Checked | Noticed | Finished


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that could not be taken: where (file and line, or place in the list), why, as a sentence, and of which kind that is."""

    where: str
    reason: str
    kind: str = field(default="other", compare=False)


@dataclass(frozen=True, slots=True)
class Added:
    """What adding papers did (or would do): ids of papers by outcome, one a record, and each record that was refused.

    `merged` names the paper that a record became a further version of. `notes` tells what was kept apart. `batch` is what undoes it
    all, None if nothing changed. `placed` holds, for each record that was not refused, in order, the paper that it went into.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    merged: tuple[str, ...] = ()
    title_only: tuple[str, ...] = ()
    notes: tuple[Refused, ...] = ()
    batch: int | None = field(default=None, compare=False)
    placed: tuple[str, ...] = field(default=(), compare=False)

    @property
    def changed(self) -> bool:
        return bool(self.added or self.updated or self.merged)

    def __add__(self, other: Added) -> Added:
        """Both together: what adding one file after another did."""
        return Added(
            self.added + other.added,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.refused + other.refused,
            self.merged + other.merged,
            self.title_only + other.title_only,
            self.notes + other.notes,
            other.batch if self.batch is None else self.batch,
            self.placed + other.placed,
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """One import that can be undone: its number, what it was called, when (ISO 8601, UTC), and how many papers it changed."""

    id: int
    name: str
    at: str
    papers: int
    undone: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class WordVectors:
    """A text as an encoder reads it: the span and unit vector of each token (tokens × dimensions), and the vector of the whole."""

    spans: tuple[Span, ...]
    tokens: NDArray[np.float32]
    sentence: NDArray[np.float32]


Role = Literal["background", "problem", "approach", "result", "code"]
"""What a sentence does in its abstract."""


@dataclass(frozen=True, slots=True)
class SentenceRole:
    """A sentence's role, and how strongly its wording shows it (about 0…4)."""

    role: Role
    strength: float


@dataclass(frozen=True, slots=True)
class Outline:
    """The sentences of an abstract: `spans` has every one, `kept` the places among them of those that are evidence, `parts` what each of those does."""

    spans: tuple[Span, ...]
    kept: tuple[int, ...]
    parts: tuple[SentenceRole, ...]


class WordRows(Protocol):
    """The vectors of words, in whatever form they are kept."""

    def vectors(self) -> NDArray[np.float32]:
        """Words × dimensions."""
        ...

    def dot(self, asked: NDArray[np.float32]) -> NDArray[np.float32]:
        """The products with each row of `asked`: words × rows."""
        ...

    def take(self, rows: Sequence[int]) -> WordRows:
        """Some of them."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class SentenceVectors:
    """The sentences of an abstract and the vectors of their words, one sentence below the other; `starts`: each one's first row.

    `wholes` are the vectors of the passages that they were read in, a row a sentence.
    """

    outline: Outline
    words: WordRows
    starts: tuple[int, ...]
    wholes: NDArray[np.float32]
    count: int
    """How many words there are."""


@dataclass(frozen=True, slots=True)
class PackedWords:
    """What a library keeps of one paper's sentences, packed: what they are and their words; and the name of what made it."""

    made_by: str
    states: bytes
