"""Text that is not trusted, as HTML: every character escaped, formulas as MathML, and nothing else ever becomes markup."""

from __future__ import annotations

import re
from html import escape

from rag.text.latex import formula_text, inside, rendered
from ui.export.plain import visible
from ui.html.formula import mathml


def text_html(text: str) -> str:
    """The text escaped, with its formulas and symbols drawn."""
    return rendered(text, plain, _formula_html)


def _formula_html(found: re.Match[str]) -> str:
    formula = inside(found)
    return mathml(formula) or plain(formula_text(formula) or found[0])


def plain(text: str) -> str:
    """The text escaped, for the inside of an element and of an attribute."""
    return escape(visible(text), quote=True)


def attributes(**values: object) -> str:
    """` name="value"` for each that is not None or False; `_` stands for `-` and a last `_` is dropped."""
    given = (
        (name.rstrip("_").replace("_", "-"), value) for name, value in values.items() if value is not None and value is not False
    )
    return "".join(f" {name}" if value is True else f' {name}="{plain(str(value))}"' for name, value in given)


def button(label: str, do: str, **more: object) -> str:
    """A button that the page's script hears: `do` is what it does, the rest are attributes."""
    return f"<button{attributes(type='button', data_do=do, **more)}>{label}</button>"
