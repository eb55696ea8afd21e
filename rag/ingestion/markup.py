"""Takes markup out of titles and abstracts: HTML, JATS and MathML tags, entities, LaTeX of text. Marks the labels of an abstract's parts."""

from __future__ import annotations

import html
import re

from rag.text.latex import without_commands

LABEL_OPENS, LABEL_ENDS = "\ue010", "\ue011"
"""Stand around the label of a part of an abstract until `abstracts` has taken it out."""

_ATTRIBUTES = r"(?:\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*+\s*/?"
_TITLE = re.compile(rf"<(jats:title|title|h[1-6])(?:{_ATTRIBUTES})>([^<>]{{0,120}})</\1\s*>", re.IGNORECASE)
_ALTERNATIVES = re.compile(
    r"<(?:jats:)?alternatives>(?:[^<]|<(?!/?(?:jats:)?alternatives>)){0,5000}+</(?:jats:)?alternatives>", re.IGNORECASE
)
_TEX = re.compile(r"<(?:jats:)?tex-math[^<>]{0,100}>([^<]{0,3000}+)</", re.IGNORECASE)
_DOCUMENT_BEGINS, _DOCUMENT_ENDS = re.compile(r"\\begin\s?\{document\}"), re.compile(r"\\end\s?\{document\}")
_BLOCK = re.compile(
    rf"</?(?:jats:(?:p|sec|list|list-item|title|abstract|break|disp-formula)|p|sec|br|div|ul|ol|li|h[1-6]|title|abstract|abstracttext|copyrightinformation|break|list|list-item|section|blockquote)(?:{_ATTRIBUTES})>",
    re.IGNORECASE,
)
_INLINE = re.compile(
    rf"</?(?:jats:[\w-]+|mml:[\w-]+|m:[\w-]+|i|b|em|strong|sub|sup|italic|bold|span|u|inf|sc|small|tt|a|font|inline-formula|tex-math|math|"
    rf"m(?:row|i|n|o|s|sub|sup|subsup|text|frac|sqrt|root|style|space|over|under|underover|table|tr|td|padded|phantom|fenced|multiscripts|prescripts)|annotation|semantics|xref|underline|cite|emph|scp|roman|style|code|img|q|mark|ext-link|uri|fixed-case)(?:{_ATTRIBUTES})>",
    re.IGNORECASE,
)
_MOST_ESCAPES = 4
"""Rounds of unescaping: some exports escape twice or three times."""
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def without_markup(text: str) -> str:
    """The text as a reader sees it; titles of parts stand between marks. Formulas in `$…$` stay as they are."""
    if "<" in text:
        text = _untagged(text)
    if "&" in text:
        unescaped = _unescaped(text)
        text = _untagged(unescaped) if "<" in unescaped else unescaped
    return without_commands(text) if "\\" in text else text


def _unescaped(text: str) -> str:
    """With its entities resolved; what passed through several programs was escaped by each of them."""
    for _ in range(_MOST_ESCAPES):
        before, text = text, _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        if text == before:
            break
    return text


def labelled(name: str, text: str) -> str:
    """A part of an abstract with its label, as `abstracts.cleaned` understands it."""
    return f"{LABEL_OPENS}{name}{LABEL_ENDS} {text}" if name else text


def _formula(found: re.Match[str]) -> str:
    """Of a formula that is written in several ways its LaTeX, without the document around it; else all as it is."""
    tex = _TEX.search(found[0])
    if tex is None:
        return found[0]
    return _of_document(tex[1]).strip()


def _of_document(tex: str) -> str:
    """What stands inside a whole LaTeX document, if it is one."""
    begin = _DOCUMENT_BEGINS.search(tex)
    end = begin and _DOCUMENT_ENDS.search(tex, begin.end())
    return tex[begin.end() : end.start()] if begin and end else tex


def _untagged(text: str) -> str:
    text = _ALTERNATIVES.sub(_formula, text) if "lternatives>" in text else text
    text = _TITLE.sub(lambda found: f" {LABEL_OPENS}{found[2]}{LABEL_ENDS} ", text)
    return _INLINE.sub("", _BLOCK.sub(" ", text))
