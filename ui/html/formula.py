"""LaTeX formulas as MathML, which browsers draw themselves: no script and no font is needed. What a formula holds is never trusted."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from xml.etree import ElementTree

from rag.text.latex import LONGEST_FORMULA

_SPACE = "{http://www.w3.org/1998/Math/MathML}"
_ELEMENTS = frozenset(
    "math mrow mi mn mo ms mtext mspace msup msub msubsup mfrac msqrt mroot munder mover munderover mtable mtr mtd mstyle mpadded mphantom menclose mmultiscripts mprescripts none".split()
)
_ATTRIBUTES = frozenset(
    "display mathvariant stretchy fence separator accent accentunder linethickness columnalign rowspacing lspace rspace width movablelimits".split()
)
_SPACE_BETWEEN = '<mspace width="0.167em"></mspace>'
_VALUE = re.compile(r"[\w .%-]*")


@lru_cache(maxsize=2048)
def mathml(formula: str) -> str | None:
    """The formula as MathML with known elements and harmless attributes only; None if it cannot be read as one."""
    if not 0 < len(formula) <= LONGEST_FORMULA:
        return None
    from latex2mathml.converter import convert

    try:
        return _rebuilt(ElementTree.fromstring(convert(formula)))
    except Exception:  # noqa: BLE001 (it raises of all kinds on what it cannot read; the formula is then shown as it was written)
        return None


def _rebuilt(element: ElementTree.Element) -> str:
    name = _name(element)
    if name not in _ELEMENTS:
        raise ValueError(f"<{name}> has no place in a formula")
    kept = "".join(f' {key}="{value}"' for key, value in element.attrib.items() if key in _ATTRIBUTES and _VALUE.fullmatch(value))
    children = list(element)
    inside = escape(element.text or "")
    for place, child in enumerate(children):
        inside += _SPACE_BETWEEN if name == "mrow" and place and _needs_space(children[place - 1], child) else ""
        inside += _rebuilt(child) + escape(child.tail or "")
    return f"<{name}{kept}>{inside}</{name}>"


def _needs_space(one: ElementTree.Element, other: ElementTree.Element) -> bool:
    """Whether two neighbours would run into each other, as in `n log n`: one is the name of a function, and neither a sign."""
    base_one, base_other = _base(one), _base(other)
    return (_is_function(base_one) or _is_function(base_other)) and "mo" not in (_name(base_one), _name(base_other))


def _base(element: ElementTree.Element) -> ElementTree.Element:
    """What an index or an exponent is set to."""
    return element[0] if _name(element) in ("msub", "msup", "msubsup") and len(element) else element


def _is_function(element: ElementTree.Element) -> bool:
    return _name(element) == "mi" and len(element.text or "") > 1 and (element.text or "").isascii()


def _name(element: ElementTree.Element) -> str:
    return element.tag.removeprefix(_SPACE)
