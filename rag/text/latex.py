"""Turns the LaTeX of a bibliography into plain text: accents, special characters, braces. Formulas stay as they are written."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307", '"': "\u0308",
    "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı",
    "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^",
    "textbraceleft": "{", "textbraceright": "}", "textquotesingle": "'", "textasciigrave": "`", "textquoteright": "’",
    "textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…", "textless": "<", "textgreater": ">", "textbar": "|",
    "textquotedblleft": "“", "textquotedblright": "”", "textunderscore": "_", "textdollar": "$", "S": "§", "copyright": "©",
}  # fmt: skip
_STYLES = "emph|textbf|textit|textrm|textsc|texttt|textsf|textsl|textnormal|text|mbox|underline"
_MATHS = re.compile(r"(?<!\\)(\$(?:\\.|[^$\\])+\$)", re.DOTALL)
_OPEN, _CLOSE, _BACKSLASH = "\ue000", "\ue001", "\ue002"
"""Stand for characters that are meant to be seen, until the braces and commands around them are gone."""
_KEPT = str.maketrans({_OPEN: "{", _CLOSE: "}", _BACKSLASH: "\\"})

_ACCENT = re.compile(r"\\(?:([`'^~=.\"])\s*|([uvHrdckb])(?:\s+|(?=\{)))(?:\{\s*(\\?[A-Za-z])\s*\}|(\\?[A-Za-z]))")
_BRACED_ACCENT = re.compile(r"\{(\\[`'^~=.\"](?:\{\\?[A-Za-z]\}|\\?[A-Za-z])|\\[uvHrdckb](?:\{\\?[A-Za-z]\}| [A-Za-z]))\}")
_LETTER = re.compile(rf"\\({'|'.join(sorted(_LETTERS, key=len, reverse=True))})(?![A-Za-z])(?:\{{\}}|\s+(?=[^\W\d_])|)")
_STYLE = re.compile(rf"\\(?:{_STYLES})\s*(?=\{{)")
_STYLED = re.compile(rf"\\(?:{_STYLES})\s*\{{([^{{}}]*)\}}")
_ESCAPED = re.compile(r"\\([&%$#_ {}])")
_TIE = re.compile(r"(?<=[\w.,)])~(?=[\w\\(])")


def plain(text: str) -> str:
    """The text as a reader sees it; a command that is not known stays."""
    parts = _MATHS.split(text)
    return "".join(part if place % 2 else _plain(part) for place, part in enumerate(parts)).translate(_KEPT)


def without_commands(text: str) -> str:
    """The same for a text that is LaTeX only here and there: braces and quotation marks that stand by themselves are kept."""
    parts = _MATHS.split(text)
    return "".join(part if place % 2 else _without_commands(part) for place, part in enumerate(parts)).translate(_KEPT)


def _without_commands(text: str) -> str:
    text = _STYLED.sub(r"\1", text)
    text = _BRACED_ACCENT.sub(r"\1", text)
    text = _ACCENT.sub(_accented, text)
    text = _LETTER.sub(lambda found: _kept(_LETTERS[found[1]]), text)
    return _ESCAPED.sub(lambda found: _kept(found[1]), text)


def _plain(text: str) -> str:
    text = text.replace("``", "“").replace("''", "”")
    text = _TIE.sub(" ", text)
    text = _STYLE.sub("", text)
    text = _ACCENT.sub(_accented, text)
    text = _LETTER.sub(lambda found: _kept(_LETTERS[found[1]]), text)
    text = _ESCAPED.sub(lambda found: _kept(found[1]), text)
    return text.replace("{", "").replace("}", "")


def _accented(found: re.Match[str]) -> str:
    """`\\"o`, `\\"{o}` and `\\'{\\i}` as one letter."""
    letter = (found[3] or found[4]).removeprefix("\\")
    return unicodedata.normalize("NFC", letter + _ACCENTS[found[1] or found[2]])


def _kept(char: str) -> str:
    return {"{": _OPEN, "}": _CLOSE, "\\": _BACKSLASH}.get(char, char)
