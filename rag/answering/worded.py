"""Lists of the papers that have a word: `Which papers mention Finland?` is decided by their words alone."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.listing import apart
from rag.citations import Block, heading
from rag.query.metadata_answers import telling_sentence
from rag.text.instructions import reporting
from rag.text.words import content_words, words
from rag.types import Evidence, Hit, Paper


def worded(things: Sequence[str], either: bool, hits: Sequence[Hit]) -> list[Block]:
    """Those of the hits' papers that have all the things, or any of them, word for word or in another inflection; each with a sentence that has one."""
    asked = [content_words(thing) or words(thing) for thing in things]
    needed = any if either else all
    return [_item(hit.paper, asked) for hit in hits if needed(not apart(one, hit.paper) for one in asked)]


def _item(paper: Paper, asked: Sequence[Sequence[str]]) -> Block:
    """The sentence that has most of what is asked; the most telling one where only the title has it."""
    spans = reporting(paper.abstract)
    told = [sum(not apart(one, Paper(paper.id, "", span.of(paper.abstract))) for one in asked) for span in spans]
    most = max(told, default=0)
    sentence = Evidence(paper, spans[told.index(most)]) if most else telling_sentence(paper)
    return Block((sentence,), heading(paper), item=True) if sentence else Block(plain=heading(paper), item=True)
