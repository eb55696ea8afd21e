"""Papers that are asked for by a word they have, and not by what they deal with: `which papers mention Finland?`"""

from __future__ import annotations

import re

from rag.text.words import content_words, words

MOST_WORDED = 3
"""Content words of a thing that papers mention at most; more describe what they deal with. Chosen."""
_HAS_WORD = re.compile(
    r"(?i)\b(?:(?:(?:mention|contain|includ|us|hav|nam)(?:e|es|s|ing)?|has|with|in which|where|say|says) (?:(?:the|this|a) )?(?:exact )?(?:words?|terms?|phrases?|names?|expressions?)"
    r"|mention(?:s|ing)?|contain(?:s|ing)?|(?:that|which) names?) (?!that |how |why |whether |what |which |any|it\b|this\b|them\b)(?P<said>[^?!;]{1,100})"
)
_WHERE_WORDED = re.compile(
    r"(?i) (?:in|within|anywhere in) (?:the|their|its|any) (?:abstracts?|titles?|texts?|summary|summaries)\b.*"
)
_AND_OR = re.compile(r"(?i),? (?:and|or) |, ")


def words_asked(text: str) -> tuple[str, ...]:
    """The words that papers asked for are to have, if they are asked for by words; several where `and` or `or` parts them."""
    found = _HAS_WORD.search(text)
    if found is None:
        return ()
    said = _WHERE_WORDED.sub("", found["said"]).strip(" ?.!:,;'\"“”‘’")
    things = tuple(part.strip("'\"“”‘’ ") for part in _AND_OR.split(said) if words(part))
    return things if all(len(content_words(thing)) <= MOST_WORDED for thing in things) else ()
