"""Words that stand for numbers: the one list from which everything else reads them."""

from __future__ import annotations

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()

SPELLED = {word: float(value) for value, word in enumerate(_ONES)} | {word: 20.0 + 10 * at for at, word in enumerate(_TENS)}
"""Each word by itself; `twenty-one` is the sum of two."""
_FIRST = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split()
ORDINALS = {word: at for at, word in enumerate(_FIRST, 1)} | {"twentieth": 20, "thirtieth": 30}
SCALE_WORDS = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
MULTIPLES = {"twice": 2.0, "thrice": 3.0} | {
    form: value
    for stem_, value in (("doubl", 2.0), ("tripl", 3.0), ("quadrupl", 4.0), ("quintupl", 5.0))
    for form in (f"{stem_}e", f"{stem_}ed", f"{stem_}es", f"{stem_}ing")
}
FRACTIONS = {"half": 0.5, "halve": 0.5, "halves": 0.5, "halved": 0.5, "halving": 0.5}
DENOMINATORS = {
    word: float(number) for word, number in ORDINALS.items() if 2 < number <= 20 and number not in (11, 13, 14, 17, 18, 19)
} | {
    "quarter": 4.0,
    "hundredth": 100.0,
    "thousandth": 1000.0,
}
"""What `two thirds` or `a tenth` divides by."""

CARDINAL = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES[1:10])}))?|{'|'.join(sorted(_ONES[1:], key=len, reverse=True))})"
"""A pattern for `one` to `ninety-nine`, in lower case."""
LARGE = rf"(?:dozens?|(?:{'|'.join(SCALE_WORDS)})s?)"
"""A pattern for `dozen`, `hundreds`, `million` and the like."""
