"""British and American spelling: `randomised` and `randomized` are one word to whoever compares or searches."""

from __future__ import annotations

import re
from functools import lru_cache

_VERB = "e|ed|er|ers|es|ing|able|ation|ations"
_ENDED: tuple[tuple[str, str, str, str], ...] = (
    (r"(?!prom|compr|prem|adv|exp)[a-z]{2,20}(?:[lntdgkhzs]|[aeiou][rm]|ic)", "is", "iz", _VERB),
    (r"[a-z]{1,20}al", "ys", "yz", "e|ed|er|ers|ing"),
    (r"[a-z]{3,20}", "our", "or", "|s|ed|ing|al|ally|ist|ists|able|ably|hood|hoods|ful"),
    (r"[a-z]{2,20}[bt]", "re", "er", "|s"),
    (r"[a-z]{2,20}", "ogue", "og", "|s"),
    (r"def|off|lic", "ence", "ense", "|s"),
)
"""What stands before, the British letters, the American ones, and what follows: `organ`, but neither `prec` (precision) nor `superv` (supervision)."""
_INSIDE: tuple[tuple[str, str], ...] = (
    ("haem", "hem"), ("aemi", "emi"), ("anaes", "anes"), ("paed", "ped"), ("oedem", "edem"), ("oestr", "estr"), ("oesoph", "esoph"), ("foet", "fet"),
    ("gynaec", "gynec"), ("rrhoea", "rrhea"), ("aetio", "etio"), ("faec", "fec"), ("palaeo", "paleo"), ("archaeo", "archeo"), ("sulph", "sulf"),
    ("manoeuv", "maneuv"),
)  # fmt: skip
_BRITISH = [(re.compile(f"({before}){british}({after})"), american) for before, british, american, after in _ENDED]
_AMERICAN = [(re.compile(f"({before}){american}({after})"), british) for before, british, american, after in _ENDED]


@lru_cache(maxsize=65536)
def american(word: str) -> str:
    """A folded word as Americans spell it; some that nobody spells so are changed too, alike in all their forms."""
    for british, own in _INSIDE:
        word = word.replace(british, own)
    return _ended(word, _BRITISH)


def spellings(word: str) -> list[str]:
    """The folded word, and what it may be in the other spelling; words that nobody writes are among them."""
    other = word
    for british, own in _INSIDE:
        other = other.replace(own, british)
    return list(dict.fromkeys((word, american(word), _ended(other, _AMERICAN))))


def _ended(word: str, endings: list[tuple[re.Pattern[str], str]]) -> str:
    """The word with the first of the endings that it has in the other spelling."""
    for pattern, letters in endings:
        if found := pattern.fullmatch(word):
            return f"{found[1]}{letters}{found[2]}"
    return word
