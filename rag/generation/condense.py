"""A follow-up question made to stand alone by a language model; what it must not do, and when its word does not count."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from rag import prompts
from rag.llm.budget import Meter
from rag.llm.parsing.parser import Reply, Sentence
from rag.llm.sanitize import harmless
from rag.query.question import clean
from rag.text.words import content_words, stem, stems
from rag.types import Event, Message

HISTORY_TOKENS = 800
"""What the earlier questions may take of the prompt; the oldest are left out first."""
LONGEST = 400
"""Characters of a question that stands alone."""
OWN_SHARE = 0.5
"""Share of the follow-up's content words that must come back, so that it is still the same question."""
NEW_SHARE = 0.34
"""Share of the result's content words that may come from neither the conversation nor its subject."""


def rewritten(meter: Meter, question: str, history: Sequence[str], subject: str, by_rule: str) -> Generator[Event, None, str]:
    """The question as the model makes it stand alone; `by_rule` where its reply cannot be that. Raises ModelFailed."""
    reply = yield from meter.text_with_notices(_request(meter, question, history, subject), 4 * LONGEST)
    found = _one_line(reply)
    return found if found and is_same(found, question, [*history, subject, by_rule]) else by_rule


def is_same(found: str, question: str, conversation: Sequence[str]) -> bool:
    """Whether `found` may be the question made to stand alone: not too long, its words kept, and nothing brought in."""
    new = [stem(word) for word in content_words(found)]
    own = [stem(word) for word in content_words(question)]
    if len(found) > LONGEST or not new:
        return False
    known = stems(" ".join([question, *conversation]))
    kept = sum(word in new for word in own)
    foreign = sum(word not in known for word in new)
    return kept >= OWN_SHARE * len(own) and foreign <= NEW_SHARE * len(new)


def _request(meter: Meter, question: str, history: Sequence[str], subject: str) -> list[Message]:
    """The prompt with as many of the latest questions as its budget and the model's context take."""
    kept: list[str] = []
    for earlier in reversed(history):
        longer = [harmless(earlier), *kept]
        if meter.model.count_tokens("\n".join(longer)) > HISTORY_TOKENS or not meter.fits(_rendered(question, longer, subject)):
            break
        kept = longer
    return _rendered(question, kept, subject)


def _rendered(question: str, history: Sequence[str], subject: str) -> list[Message]:
    lines = "\n".join(f"- {earlier}" for earlier in history) or "(none)"
    return prompts.messages("rewrite", history=lines, subject=harmless(subject) or "(unknown)", question=harmless(question))


def _one_line(reply: str) -> str:
    """The reply's only paragraph as a question; nothing if it says more than that."""
    reader = Reply()
    sentences = [part for part in (*reader.feed(reply), *reader.end()) if isinstance(part, Sentence)]
    if any("\n" in sentence.gap for sentence in sentences):
        return ""
    return clean(" ".join(sentence.text for sentence in sentences)).strip("\"“”'")
