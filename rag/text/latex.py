"""LaTeX in titles and abstracts: where formulas stand, what the commands around them draw, and how both read as plain text.

What a command draws is looked up in pylatexenc. Its parser never gets a whole text, because it drops or raises on what abstracts are
full of: unbalanced braces, macros of the authors' own, backslashes that are no LaTeX. It gets one short command or formula at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

_DOLLARS = r"(?<!\\)\$(?!\s)(?:[^$\n]|\n(?!\n)){0,1000}?(?<![\s$\\])\$(?!\d)"
FORMULA = re.compile(
    r"\$\$(?P<a>[^$]+)\$\$|(?<!\\)\$(?P<b>(?!\s)(?:[^$\n]|\n(?!\n))*[^\s$\\])\$(?!\d)"
    r"|(?<!\\)\$(?P<sign>\\[A-Za-z]{1,24}[^$\n]{0,40})(?<!\\)\$(?=\d)"
    r"|\\\((?P<c>(?:[^\\]|\\(?![()]))+)\\\)|\\\[(?P<d>(?:[^\\]|\\(?![\[\]]))+)\\\]"
)
"""A dollar opens a formula only before a character and closes one only after a character and before no digit: `$5 and $10` is money,
though `$\\sim$10` is about ten."""
LONGEST_FORMULA = 1_000
"""Characters. A longer formula stays as it is written; chosen above the longest that 100,000 arXiv abstracts hold."""
_DEEPEST = 20
"""Braces inside braces up to which a formula is parsed; the parser recurses. Chosen: no formula of an abstract nests half as deep."""
DRESS = re.compile(r"\\(?:emph|textit|textbf|texttt|textsc|mathrm|mathbf|text|url)\b|[\\${}~]")
"""What two texts may differ in and still be the same words."""
OPENING = r"\\(?:em|emph|textbf|textit|textsc|texttt|bf|it|noindent|item|par)\b"
"""A pattern for the commands that stand before the first word of a sentence."""

CITATION = r"\\cite\w*+\{[^{}]*+\}"
"""A pattern for a citation command."""
FORMULA_IN_SENTENCE = re.compile(r"(?<!\\)\$(?:(?!\.\s+[A-Z][a-z])[^$]){1,200}(?<!\\)\$")
"""A formula within which no sentence ends: at most 200 characters, and nothing in them looks like the end of a sentence."""

_STYLES = (
    "emph|textbf|textit|textrm|textsc|texttt|textsf|textsl|textup|textmd|textnormal|textsuperscript|textsubscript|text|mbox|"
    "underline|uline|url|mathrm|mathit|mathsf|mathtt|operatorname|ensuremath"
)
_SWITCHES = (
    "bf|it|em|sc|tt|rm|sl|sf|bfseries|itshape|scshape|ttfamily|noindent|centering|item|par|newline|small|footnotesize|large"
)
_INSIDE = rf"(?:[^{{}}$]++|{_DOLLARS}|\$)*+"
_STYLED = re.compile(
    rf"{_DOLLARS}|\\(?:{_STYLES})(?![A-Za-z])[ \n]{{0,4}}+\{{({_INSIDE})\}}|\{{\\(?:{_SWITCHES})(?![A-Za-z])[ \n]{{0,4}}+({_INSIDE})\}}"
)
_UNCLOSED = re.compile(rf"{_DOLLARS}|\\(?:{_STYLES})(?![A-Za-z])[ \n]{{0,4}}+\{{?|\\(?:{_SWITCHES})(?![A-Za-z]) ?")
_NESTED = 4
"""Styles inside styles that are taken off. Chosen: abstracts have two at most."""
_LINK = re.compile(r"\\href[ \n]{0,4}+\{([^{}]*+)\}[ \n]{0,4}+\{([^{}]*+)\}")
_CITED = re.compile(r"[ ~]?\\(?:cite[a-zA-Z]{0,8}+\*?|label)(?:\[[^\[\]{}]{0,80}\]){0,2}\{[^{}]{0,400}\}")
_FOOTNOTE = re.compile(r"[ ~]?\\footnote(?:text)?\{([^{}]*+)\}")

_ACCENT = re.compile(
    r"\\(?:[`'^~=.\"]|[uvHrdckb](?:[ ]{1,4}+|(?=\{)))(?:\{ ?(?:\\[ij]|[A-Za-z]) ?\}|\\[ij](?![A-Za-z])|[A-Za-z])"
)
_BRACED_ACCENT = re.compile(r"\{(\\[`'^~=.\"](?:\{\\?[A-Za-z]\}|\\?[A-Za-z])|\\[uvHrdckb](?:\{\\?[A-Za-z]\}| [A-Za-z]))\}")
_STACKED = re.compile(r"\{(\\[`'^~.\"](?:\{[À-ɏḀ-ỹ]\}|[À-ɏḀ-ỹ]))\}|\\[`'^~.\"](?:\{[À-ɏḀ-ỹ]\}|[À-ɏḀ-ỹ])")
"""A second accent, as in Vietnamese names."""
_ALPHABET = re.compile(r"\\math(?:cal|bb|frak|scr|bf)\{[A-Za-z]{1,20}\}")
_SYMBOL = re.compile(r"\\([A-Za-z]{1,24})(?![A-Za-z])(?:\{\}|([ \n]{1,4}+)(?=[^\W\d_])|)")
_ESCAPED = re.compile(r"\\([&%$#_ {}])")
_THOUSANDS = re.compile(r"(?<=\d)\\,(?=\d{3}(?!\d))")
_SPACE = re.compile(r"\\[,;:](?=\\?%)|\\!|(?P<wide>\\[,;:]|\\\\)")
_TIE = re.compile(r"(?<=[\w.,)])~(?=[\w\\(])")
_OWN = {
    "copyright": "©", "textcopyright": "©", "S": "§", "textless": "<", "textgreater": ">", "textbar": "|", "textunderscore": "_",
    "textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^", "neg": "¬", "land": "∧", "lor": "∨",
    "degree": "°", "deg": "°", "mid": "|", "eg": "e.g.", "ie": "i.e.", "etal": "et al.", "wrt": "w.r.t.", "left": "", "right": "",
}  # fmt: skip
"""Symbols that pylatexenc lacks or draws otherwise, and abbreviations that authors define for themselves."""
_NARROW = {"\\widetilde": "\\tilde", "\\widehat": "\\hat", "\\overline": "\\bar"}
_WIDE = re.compile(r"\\(?:widetilde|widehat|overline)(?![A-Za-z])")
_RAISED = str.maketrans("0123456789+-−=()ni∘", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ°")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SCRIPT = re.compile(r"([\^_])(?:\{([^{}]{1,40})\}|([0-9A-Za-z*∘]))")
_COMMAND = re.compile(r"\\([A-Za-z]+)")

_OPEN, _CLOSE, _BACKSLASH = "\ue000", "\ue001", "\ue002"
"""Stand for characters that are meant to be seen, until the braces and commands around them are gone."""
_HIDDEN = str.maketrans({"{": _OPEN, "}": _CLOSE, "\\": _BACKSLASH})
_SEEN = str.maketrans({_OPEN: "{", _CLOSE: "}", _BACKSLASH: "\\"})


def plain(text: str) -> str:
    """A field of a bibliography, which is LaTeX throughout, as a reader sees it: braces, ties and quotation marks are LaTeX's too.

    Formulas stay as they are written, and so does a command that is not known.
    """
    return _outside_formulas(_unstyled(text), _plain).translate(_SEEN)


def without_commands(text: str) -> str:
    """A text that is LaTeX only here and there, as a reader sees it: braces and quotation marks that stand by themselves are kept.

    Formulas stay as they are written, and so does a command that is not known.
    """
    return _outside_formulas(_unstyled(text), _drawn).translate(_SEEN) if "\\" in text else text


def rendered(text: str, words: Callable[[str], str], formula: Callable[[re.Match[str]], str]) -> str:
    """The text for people: what stands between the formulas without commands and as `words` renders it, each formula as `formula` does."""
    if "\\" not in text and "$" not in text:
        return words(text)
    return _outside_formulas(_unstyled(text), lambda part: words(_drawn(part).translate(_SEEN)), formula)


def readable(text: str) -> str:
    """The text for where no formula can be drawn, such as a terminal: `$\\mathcal{O}(n^2)$` reads `𝒪(n²)`. For showing only.

    A formula with a command that is not known, and one that is too long, stays as it is written.
    """
    return rendered(text, str, lambda found: formula_text(inside(found)) or found[0])


def inside(formula: re.Match[str]) -> str:
    """What stands between the signs that open and close a match of `FORMULA`."""
    return next(group for group in formula.groups() if group is not None).strip()


@lru_cache(maxsize=4096)
def formula_text(formula: str) -> str | None:
    """The inside of a formula in Unicode; None if it is too long, not well formed, or has a command that nobody knows."""
    if len(formula) > LONGEST_FORMULA or not _is_shallow(formula):
        return None
    text = _WIDE.sub(lambda found: _NARROW[found[0]], formula)
    text = _SYMBOL.sub(_symbol_in_formula, _SPACE.sub(lambda found: " " if found["wide"] else "", text))
    if any(_replacement(name) is None and not _is_known(name) for name in _COMMAND.findall(text)):
        return None
    text = re.sub(r"(?<!\\)%", r"\\%", _SCRIPT.sub(_script, text))
    try:
        return " ".join(str(_converter().latex_to_text(text)).split()) or None
    except Exception:  # noqa: BLE001 (the parser raises of all kinds on what it cannot read; the formula is then shown as written)
        return None


def plain_figures(text: str) -> str:
    """The text with LaTeX taken off its figures: `90\\%`, `$5\\times$`, `10{,}000`."""
    for written, meant in (("\\%", "%"), ("\\times", "×"), ("\\sim", "~"), ("{,}", ","), ("\\,", "")):
        text = text.replace(written, meant)
    return re.sub(r"[${}\\]", "", text)


def _outside_formulas(
    text: str, change: Callable[[str], str], draw: Callable[[re.Match[str]], str] = lambda found: found[0]
) -> str:
    parts, at = [], 0
    for found in FORMULA.finditer(text):
        parts += [change(text[at : found.start()]), draw(found)]
        at = found.end()
    return "".join([*parts, change(text[at:])])


def _unstyled(text: str) -> str:
    """The text without what only sets type, links or cites; formulas are left alone."""
    if "\\" not in text:
        return text
    for _ in range(_NESTED):
        bare = _STYLED.sub(lambda found: found[0] if found[0][0] == "$" else found[1] or found[2] or "", text)
        if bare == text:
            break
        text = bare
    text = _CITED.sub("", _LINK.sub(_linked, _FOOTNOTE.sub(r" (\1)", text)))
    return _UNCLOSED.sub(lambda found: found[0] if found[0][0] == "$" else "", text)


def _linked(found: re.Match[str]) -> str:
    address, shown = found[1].strip(), found[2].strip()
    return shown if not address or address == shown else f"{shown} ({address})" if shown else address


def _drawn(text: str) -> str:
    text = _THOUSANDS.sub("", _BRACED_ACCENT.sub(lambda found: _ACCENT.sub(_converted, found[1]), text))
    text = _SPACE.sub(lambda found: " " if found["wide"] else "", text)
    text = _ALPHABET.sub(_converted, _STACKED.sub(_converted, _ACCENT.sub(_converted, text)))
    return _ESCAPED.sub(lambda found: found[1].translate(_HIDDEN), _SYMBOL.sub(_symbol, text))


def _plain(text: str) -> str:
    text = _TIE.sub(" ", text.replace("``", "“").replace("''", "”"))
    return _drawn(text).replace("{", "").replace("}", "")


def _symbol(found: re.Match[str]) -> str:
    """The character; behind a letter such as `\\ss` LaTeX drops the space, and authors count on it."""
    drawn = _replacement(found[1])
    if drawn is None:
        return found[0]
    space = found[2] or ""
    if found[1].startswith("text"):  # `\textless p\textgreater` is what exports write for `<p>`
        space = ""
    return drawn.translate(_HIDDEN) + ("" if drawn.isalpha() and drawn < "\u0250" and len(drawn) < 3 else space)


def _symbol_in_formula(found: re.Match[str]) -> str:
    drawn = _replacement(found[1])
    return found[0] if drawn is None or drawn in "\\{}" else drawn + (found[2] or "")


@cache
def _replacement(name: str) -> str | None:
    """The sign, or the upright name of a function, that a command without arguments draws."""
    if name in _OWN:
        return _OWN[name]
    drawn = getattr(_commands().get_macro_spec(name), "simplify_repl", None)
    if not isinstance(drawn, str) or "%" in drawn:
        return None
    return drawn if len(drawn) < 3 or drawn.replace(" ", "") == name else None


@cache
def _is_known(name: str) -> bool:
    return _commands().get_macro_spec(name) is not None


def _converted(found: re.Match[str]) -> str:
    return str(_converter().latex_to_text(found[0])) or found[0]


def _script(found: re.Match[str]) -> str:
    """Raised and lowered figures as such, longer scripts in brackets."""
    sign, text = found[1], found[2] or found[3]
    table = _RAISED if sign == "^" else _LOWERED
    moved = text.translate(table)
    if all(ord(char) in table for char in text):
        return moved
    return f"{sign}{text}" if text.isalnum() or "\\" in text else f"{sign}({text.strip()})"


def _is_shallow(formula: str) -> bool:
    depth = deepest = 0
    for char in formula:
        depth += (char == "{") - (char == "}")
        deepest = max(deepest, depth)
        if depth < 0:
            return False
    return depth == 0 and deepest <= _DEEPEST


@cache
def _commands() -> Any:
    from pylatexenc.latex2text import get_default_latex_context_db

    return get_default_latex_context_db()


@cache
def _converter() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="text")
