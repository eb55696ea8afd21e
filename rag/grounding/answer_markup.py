"""An answer's markup as lines of plain text: code, headings, the heads of tables and a list of references go, rows and formulas become text."""

from __future__ import annotations

import html
import re

from rag.text.latex import readable

HEADING = re.compile(r"^\s*(?:#{1,6}\s|(?:\*\*|__)[^*_]{1,80}(?:\*\*|__):?\s*$)")
_REFERENCES = re.compile(
    r"(?i)[#*_ ]{0,8}(?:references|bibliography|works cited|sources|citations|footnotes|quellen|literatur|fußnoten)[*_]{0,3}:?[*_]{0,3}"
)
_ROW = re.compile(r"\A\s*+\|.*\|\s*\Z")
_RULE = re.compile(r"\|?(?:\s?:?-{2,40}:?\s?\|){1,40}(?:\s?:?-{2,40}:?\s?)?")
_FENCE = re.compile(r"\A\s{0,40}(?:```|~~~)")
_QUOTED = re.compile(r"^\s{0,3}(?:>\s?){1,8}")
_LINE = re.compile(r"^\s*(?:[-*_=]\s?){3,200}$")
_STARRED = re.compile(r"(?<![*\w])\*(?=[^\s*])([^*\n]{1,200}?)(?<=[^\s*])\*(?![*\w])")
_PICTURES = re.compile("[\u2600-\u27bf\ufe0f\U0001f300-\U0001faff]+")
_ITEM = re.compile(r"^(?P<indent>\s{0,40})(?:[-*•–]|\d{1,2}[.)])\s+(?P<text>\S.*)$")
MOST_OF_A_TITLE = 8
"""Words that an item which only heads the items below it has at most. Chosen."""
_TITLE = re.compile(r"(?i)<h[1-6]\b[^<>]{0,200}>|<tr\b[^<>]{0,200}>\s{0,8}(?=<th\b)")
_BLOCK = re.compile(r"(?i)</?(?:p|br|div|ul|ol|li|h[1-6]|table|thead|tbody|tr|blockquote|hr)\b[^<>]{0,200}>")
_HTML = re.compile(r"(?i)</[a-z][a-z0-9]{0,10}>|<(?:br|hr|li|p) ?/?>")
"""What text with `<` and `>` as signs does not have."""
_CELL = re.compile(r"(?i)</t[dh]>\s{0,8}(?=<t[dh]\b)")
_ANCHOR = re.compile(r'(?i)<a\b[^<>]{0,200}?href="(?P<to>[^"<>\s]{1,500})"[^<>]{0,200}>(?P<label>[^<>\n]{1,200})</a>')
_INLINE = re.compile(r"(?i)</?(?:b|i|u|em|strong|span|code|mark|small|td|th|a)\b[^<>]{0,500}>")
_PRE = re.compile(r"(?i)<pre\b[^<>]{0,200}>")
_PRE_END = re.compile(r"(?i)</pre>")
_CITE = re.compile(r"[ ~]?\\(?:cite|footnote)[a-z]{0,8}\*?\{(\d{1,3}(?:\s?,\s?\d{1,3}){0,20})\}")
_THOUGHT = re.compile(
    r"(?i)<(?P<tag>think|thinking|thought|reasoning|scratchpad|reflection)>|</(?:think|thinking|thought|reasoning|scratchpad|reflection)>"
)
_WRAPPER = re.compile(r"(?i)</?(?:answer|final_answer|response|output|result)>")
_LETTERED = re.compile(r"^\s{0,8}(?P<letter>[A-J])\.\s+(?=\S)")
_SAID_BY = re.compile(r"^\s{0,8}(?:[—–]|--)\s?(?=\S)")
_BRACKETED = re.compile(r"\[[^\[\]\n]{1,200}\](?:\([^()\s]{1,500}\))?|【[^】\n]{1,80}】")
_DISPLAYED = re.compile(r"^\s*(?:\$\$.*\$\$|\\\[.*\\\])\s*[.,;]?\s*$")


def plain_answer(answer: str) -> str:
    """What an answer says, line by line; citation markers stay as they are."""
    kept: list[str] = []
    lines = _unlettered(_without_code(_without_tags(_without_thoughts(answer)).split("\n")))
    in_table = False
    for at, line in enumerate(lines):
        if _REFERENCES.fullmatch(line[:80].strip()):
            break
        in_table = "|" in line and (in_table or _RULE.fullmatch(line.strip()[:400]) is not None)
        if _RULE.fullmatch(line.strip()[:400]):
            kept = kept[:-1]
        elif kept and kept[-1].strip() and _SAID_BY.match(line):
            kept[-1] += " " + "".join(found[0] for found in _BRACKETED.finditer(line))
        elif not (HEADING.match(line[:200]) or _LINE.match(line[:400]) or _DISPLAYED.match(line[:2_000]) or _heads(lines, at)):
            kept.append(_said(_row(line) if in_table or _ROW.match(line) else line))
    return "\n".join(kept)


def _without_thoughts(answer: str) -> str:
    """Without what a model thought in tags before it answered; a thought that is never closed ends with the answer."""
    kept, start, inside = [], 0, False
    for tag in _THOUGHT.finditer(answer):
        opens = tag["tag"] is not None
        if opens and not inside:
            kept.append(answer[start : tag.start()])
        elif not opens and not inside:
            kept.clear()  # only its end was kept
        inside, start = opens, tag.end()
    return _WRAPPER.sub("\n", "".join(kept) + ("" if inside else answer[start:]))


def _unlettered(lines: list[str]) -> list[str]:
    """Without the capitals that number a list: `A.` and `B.` begin lines; one alone is an initial."""
    letters = {found["letter"] for line in lines if (found := _LETTERED.match(line))}
    return [_LETTERED.sub("", line) for line in lines] if {"A", "B"} <= letters else lines


def _without_tags(answer: str) -> str:
    """Without the tags of HTML, an item or a paragraph to a line; raised markers keep theirs."""
    if not _HTML.search(answer):
        return answer
    text = _TITLE.sub("\n# ", _PRE_END.sub("\n```\n", _PRE.sub("\n```\n", answer)))
    text = _ANCHOR.sub(r"[\g<label>](\g<to>)", text)
    return html.unescape(_INLINE.sub("", _BLOCK.sub("\n", _CELL.sub(", ", text))))


def _without_code(lines: list[str]) -> list[str]:
    """Without fenced blocks; one that is never closed ends with the answer."""
    kept, inside = [], False
    for line in lines:
        if _FENCE.match(line[:80]) and line.count("```") != 2:
            inside = not inside
        elif not inside:
            kept.append(_QUOTED.sub("", line))
    return kept


def _heads(lines: list[str], at: int) -> bool:
    """Whether a line is an item of a few words, without a marker or a full stop, above items that stand further in."""
    own = _ITEM.match(lines[at][:400])
    if own is None or "[" in own["text"] or own["text"].rstrip("*_ ")[-1:] in (".", "!", "?"):
        return False
    below = next((line for line in lines[at + 1 : at + 3] if line.strip()), "")
    inner = _ITEM.match(below[:400])
    deeper = inner is not None and len(inner["indent"]) > len(own["indent"])
    return deeper and len(own["text"].split()) <= MOST_OF_A_TITLE


def _row(line: str) -> str:
    """The cells of a table's row as one line of text."""
    return ", ".join(cell.strip() for cell in line.strip().strip("|").split("|") if cell.strip())


def _said(line: str) -> str:
    text = _STARRED.sub(r"\1", _PICTURES.sub("", line))
    if "\\" in text or "$" in text:
        text = readable(_CITE.sub(r" [\1]", text))
    return text
