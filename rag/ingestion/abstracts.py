"""Makes of an abstract as exports hold it the text that is stored and quoted: without heading, copyright line, placeholder or labels."""

from __future__ import annotations

import re

from rag.ingestion.cleaning import clean
from rag.ingestion.markup import LABEL_ENDS, LABEL_OPENS, without_markup
from rag.ingestion.part_labels import MARKED, in_parts
from rag.types import Part

_HEADING = re.compile(
    r"(?:abstract|summary|zusammenfassung|résumé|resumen)(?:\s*[:.—–-]+\s*|\s+(?=(?:[A-Z][a-z]+: )|(?:The|We|In|This|A|An|Our|Here|To|It|"
    r"As|For|Although|While|Despite|Recent|Many|Most|There|These|On|With)\b)|(?=[A-Z][a-z]))",
    re.IGNORECASE,
)
_CAPITAL_HEADING = re.compile(r"(?:ABSTRACT|SUMMARY)\s+(?=[A-Z])")
_RIGHTS = re.compile(
    r"(?:\(?(?:Psyc(?:INFO|Info|ARTICLES)\b[^©]{0,60})?(?:©|\(c\)(?= ?\d{4})|copyright(?:\s*(?:©|\(c\)))?(?=[\s:,]*\d{4}|\s+of\b|\s*©)))"
    r"|(?:Published by (?:Elsevier|Oxford|Wiley|Springer|John Wiley|BMJ|Cambridge|Sage|SAGE|Lippincott|Wolters|Taylor|S\. Karger)\b)"
    r"|(?:All rights reserved\b)|(?:This is an open[- ]access article\b)|(?:For permissions?, please e-?mail)",
    re.IGNORECASE,
)
_LEADING_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright ©?)\s*(?:19|20)\d\d\b.{0,240}?\.(?:\s*all rights reserved\.)?(?:\s*published by .{0,60}?\.)?\s*(?=[A-Z][a-z]+|[A-Z] [a-z])",
    re.IGNORECASE,
)
_DATABASE_RIGHTS = re.compile(r"\s?\(Psyc(?:INFO|Info|ARTICLES|Articles) Database Record \(c\)[^()]{0,80}\)\.?")
"""APA writes it between an abstract and its translation."""
_LONGEST_TAIL = 420
"""Characters at the end of an abstract in which a notice of rights is looked for. Chosen."""
_LONGESTMARKED_TAIL = 1000
"""With a © before it, the licence may be longer."""
_PLACEHOLDER = re.compile(
    r"^\W*+(?:publisher: )?(?:no abstract(?: is| was)?(?: available| provided| found| supplied| present)?|(?:the )?abstract (?:is )?(?:not available|unavailable|"
    r"not found|not provided|missing)|not available|no summary available|abstract|n/?a|none|null|nil|nan|tba|tbd|to be announced|"
    r"abstract available (?:from|at|on|in) .{0,80})\W*",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    r"^\W*+(?:this|the) (?:paper|article|submission|manuscript|preprint|work|document)(?: \S+){0,4}? (?:has been|was|is|have been) "
    r"(?:temporarily )?(?:withdrawn|retracted|removed)\b",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 400
"""Characters of a text that may be nothing but a notice of withdrawal. Chosen."""


def cleaned_title(raw: str) -> str:
    """A title on one line, without markup."""
    text = clean(without_markup(raw))
    return text.replace(LABEL_OPENS, "").replace(LABEL_ENDS, "")


def cleaned(raw: str) -> tuple[str, tuple[Part, ...]]:
    """The abstract as it is stored and quoted, and its labelled parts; empty if what stands there is no abstract."""
    text = _without_heading(clean(without_markup(raw)))
    text = _without_rights(_DATABASE_RIGHTS.sub("", text))
    if _PLACEHOLDER.fullmatch(text) or (len(text) <= _LONGEST_NOTICE and _WITHDRAWN.match(text)):
        return "", ()
    return in_parts(text)


def _without_heading(text: str) -> str:
    marked = MARKED.match(text)
    if marked and re.fullmatch(r"abstract|summary|\W*", marked[1].strip(), re.IGNORECASE):
        text = text[marked.end() :]
    found = _CAPITAL_HEADING.match(text) or _HEADING.match(text)
    return text[found.end() :].lstrip() if found else text


def _without_rights(text: str) -> str:
    """Without who owns it: a statement that begins within the last few hundred characters, or one that stands first."""
    leading = _LEADING_RIGHTS.match(text)
    if leading:
        text = text[leading.end() :]
    start = max(len(text) - _LONGEST_TAIL, 0)
    marked = text.rfind("©", max(len(text) - _LONGESTMARKED_TAIL, len(text) // 2))
    for found in _RIGHTS.finditer(text, start if marked < 0 else max(min(start, marked - 20), 0)):
        before = text[: found.start()].rstrip(" (,;")
        if not before or before[-1] in ".!?)]”\"'’:" or found[0].startswith(("©", "(c)", "(C)", "Copyright", "(Psyc", "Psyc")):
            return before
    return text
