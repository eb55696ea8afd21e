"""An answer to be shown."""

from __future__ import annotations

from rag.types import Answer, Citation, Claim, Hit, Paper, Passage, Span

ABSTRACT = "Spoons hold soup. Forks do not hold it. Knives cut $x^2$ bread."


PAPER = Paper("arxiv:1", "On <b>spoons</b>", ABSTRACT, ("Ada Byron",), 2024, url="https://example.org/1")


QUOTES = (Citation(1, PAPER, Span(0, 17)), Citation(2, PAPER, Span(18, 39)))


HIT = Hit(Passage("p", PAPER, Span(0, 17)), 0.9, "both")


ANSWER = Answer(
    "What holds soup?", "What holds soup?", "answered", "Spoons hold soup. [1] Forks hold it. [2]\n\n- Knives rule [9]", "a-model",
    (Claim("Spoons hold soup.", (1,), "supported"), Claim("Forks hold it.", (2,), "unsupported", 0.1, "the source denies it")),
    QUOTES, (HIT,), seconds={"total": 0.31}, usage={"prompt_tokens": 3, "completion_tokens": 4},
)  # fmt: skip
