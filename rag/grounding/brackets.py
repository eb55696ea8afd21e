"""Numbers in square brackets that cite nothing: an index (`array[0]`, `x[1]`), an interval (`in [0, 1]`), a list (`the list [1, 2, 3]`)."""

from __future__ import annotations

import re

_BEFORE = 60
"""Characters before a bracket that tell what it is. Chosen."""
_INDEXES = re.compile(r"(?:\[[^\[\]\n]{1,20}\]){1,4}$")
_BASE = re.compile(r"(?:(?P<article>\b[Aa]n? )|(?P<of>\b[a-z]{2,20} ))?(?P<base>[\w.]{1,40})$")
_VARIABLE = re.compile(
    r"(?:[a-z]|[a-z]\w{0,20}_\w{1,20}|(?:self|df|np|this)\.\w{1,20}|arr|xs|ys|nums|argv|args|lst|vec|ptr|buf|idx|dict|tmp|foo|bar)\Z"
)
"""What can only be the name of a variable; `GloVe[1]` and `vitamin C[1]` cite."""
_OF_NUMBERS = frozenset("matrix vector tensor array list element entry row column item tuple sequence".split())
_COLLECTION = re.compile(r"(?:array|list|items?|tuple|matrix|vector|tensor|string|values?|data|nodes?|elements?|stack|queue)\Z")
_GOES_ON = re.compile(r" (?:is|=|==|holds|contains|stores|equals|returns|and|or|to|with|has)\b|\s?[=+*/<>-]|\[")
_KEY = re.compile(r"\[(?:'[^'\]\n]{1,30}'|\"[^\"\]\n]{1,30}\"|:?-?\d{0,4}:?-?\d{0,4}|[a-z])\]$")
_INTERVAL = re.compile(
    r"(?i)(?:\b(?:interval|range(?: of)?|between|within|CI|(?:lies?|lying|rang(?:es?|ing)|is|are|[a-z]) (?:in|from)|(?:scaled|rescaled|clipped|mapped|normali[sz]ed) (?:in|to))|∈) ?$"
)
_PERHAPS = re.compile(r"(?i)\b(?:values?|numbers?|integers?|scores?|drawn|sampled|uniformly) (?:in|from|over) ?$")
"""What may as well lead to sources: `scores from [1, 2]`; not where the sentence goes on to cite."""
_CITES_LATER = re.compile(r"[^.\n]{0,60}?\[\d")
_LIST = re.compile(r"(?i)(?:\b(?:list|array|vector|tuple|sequence|permutation|shape) |[=(,] ?|\b\w{1,30}\()$")
_SEVERAL = re.compile(r"\s?[,;–-]\s?")


def cites_nothing(text: str, start: int, end: int) -> bool:
    """Whether the numbers in the square brackets at this place are no citation."""
    before, inside, after = text[max(0, start - _BEFORE) : start], text[start + 1 : end - 1], text[end : end + _BEFORE]
    numbers = _SEVERAL.split(inside)
    if not all(number.isdigit() for number in numbers):
        return False
    if len(numbers) == 1:
        return before.endswith(("= ", "=")) or _is_index(text, before, after, numbers[0])
    first, last = int(numbers[0]), int(numbers[-1])
    if len(numbers) == 2 and first < last:
        perhaps = _PERHAPS.search(before) and _CITES_LATER.match(after)
        if first == 0 or after[:1] == "^" or perhaps or _INTERVAL.search(before):
            return True
    return "," in inside and bool(_LIST.search(before)) and not before.endswith(" (")


def _is_index(text: str, before: str, after: str, number: str) -> bool:
    if _KEY.search(before):
        return _is_index(text, _INDEXES.sub("", before), after, "0")
    found = _BASE.search(before)
    base = found["base"] if found else ""
    if found is None or base.endswith("."):
        return False
    if number == "0" or _VARIABLE.match(base) or re.search(rf"\b{re.escape(base)}\[0\]", text):
        return True
    if len(base) == 1 and base.isupper():
        return (found["of"] or "").strip() in _OF_NUMBERS
    return not found["article"] and bool(_COLLECTION.match(base)) and bool(_GOES_ON.match(after))
