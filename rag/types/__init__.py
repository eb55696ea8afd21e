"""The nouns of the core: what flows from a page of papers to a cited answer. Values only: nothing here reads, writes or decides."""

from rag.types.answers import (
    Answer,
    Cell,
    Citation,
    Claim,
    ComparisonTable,
    Evidence,
    FoundBy,
    Hit,
    Judgement,
    Refusal,
    RefusalCode,
    Status,
    Verdict,
)
from rag.types.events import Checked, Event, Finished, Noticed, Searched, Wrote
from rag.types.imports import Added, Batch, Progress, Refused
from rag.types.messages import Message, Usage
from rag.types.papers import Paper, Part, Passage, Span
from rag.types.questions import AskOptions, History, PastTurn
from rag.types.sentences import Outline, PackedWords, Role, SentenceRole, SentenceVectors, WordRows, WordVectors

__all__ = [
    "Added",
    "Answer",
    "AskOptions",
    "Batch",
    "Cell",
    "Checked",
    "Citation",
    "Claim",
    "ComparisonTable",
    "Event",
    "Evidence",
    "Finished",
    "FoundBy",
    "History",
    "Hit",
    "Judgement",
    "Message",
    "Noticed",
    "Outline",
    "PackedWords",
    "Paper",
    "Part",
    "Passage",
    "PastTurn",
    "Progress",
    "Refusal",
    "RefusalCode",
    "Refused",
    "Role",
    "Searched",
    "SentenceRole",
    "SentenceVectors",
    "Span",
    "Status",
    "Usage",
    "Verdict",
    "WordRows",
    "WordVectors",
    "Wrote",
]
