"""An answer as Markdown with its references, to be pasted: text that no reader takes for markup, and one list of what it cites. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.types import Answer
from ui.conversations.types import Conversation, Turn
from ui.export import references
from ui.export.plain import sources
from ui.export.references import plain_in_markdown


def answer_markdown(turn: Turn) -> str:
    """The question, the answer with its markers, then `## References` with the quotes below each paper."""
    answer = turn.answer
    if answer is None:
        return f"## {plain_in_markdown(turn.question)}\n\n{_text(turn.partial)}\n"
    parts = [f"## {plain_in_markdown(turn.question)}", _text(answer.text)]
    if listed := list(_references(answer)):
        parts += ["### References", "\n".join(listed)]
    return "\n\n".join(parts) + "\n"


def conversation_markdown(conversation: Conversation) -> str:
    return f"# {plain_in_markdown(conversation.title)}\n\n" + "\n".join(answer_markdown(turn) for turn in conversation.turns)


def _text(text: str) -> str:
    """Paragraphs and list items stay, markers `[n]` too; all else is text."""
    lines = []
    for line in text.split("\n"):
        item = line.startswith("- ")
        escaped = plain_in_markdown(line[2:] if item else line)
        lines.append(("- " if item else "") + _markers_back(escaped))
    return "\n".join(lines)


def _markers_back(line: str) -> str:
    return re.sub(r"\\\[(\d+)\\\]", r"[\1]", line)


def _references(answer: Answer) -> Iterable[str]:
    for paper, citations in sources(answer):
        numbers = " ".join(f"[{each.number}]" for each in citations)
        yield f"- {numbers} {references.markdown(paper)}"
        for each in citations:
            yield f"  > {plain_in_markdown(each.quote)}"
