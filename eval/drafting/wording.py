"""Wording that every rule of drafting needs: what may stand in a question, and how a verb, a noun and a number change on the way there."""

from __future__ import annotations

import re

from rag.text.numerals import SPELLED
from rag.text.words import words

LONGEST_RUN = 6
"""Words in a row that a question may not share with its sentence."""
ANAPHORA = re.compile(
    r"(?i)\b(?:this|these|those|that|such|it|its|they|them|their|he|his|she|her|our|ours|we|us|which|who|whose|here|there|itself|themselves|above|below|former|latter|respectively|"
    r"aforementioned|one another|each other|same|both|other|others|another|i\.e|e\.g|etc|so|do|does|else|instead|not|therefore|thus|hence|however)\b"
)
_MARKUP = re.compile(r"[$\\{}<>|=“”\"]|https?:|\bet al\b|[^\x00-\x7f’–—×µ°é]")
_EDGE = re.compile(
    r"(?i)(?<!\s)(?:\s++(?:\w{3,60}ly|and|or|of|in|on|to|for|with|by|the|a|an|as|at|from|while|when|but|than|using|via|over)){1,20}$"
)
_PLURAL = re.compile(r"(?<![sui])s$")
_NAME = re.compile(r"^[^\sA-Z]*+[A-Z]\S*[a-z]s")
"""A coined name in the plural form, such as `AgroTools`, is still one thing; `LLMs` are many."""
_COUNTABLE = re.compile(
    r"(?i)\b(?:model|network|graph|hypergraph|field|token|function|equation|task|dataset|data set|system|transformer|representation|operator|kernel|agent|robot|image|tensor|embedding|encoder|autoencoder|decoder|"
    r"process|game|market|drug|protein|molecule|gradient|bandit|tree|prior|problem|device|vehicle|mechanism|symmetry|library|example|sample|GAN|GNN|CNN|RNN|LLM|VAE|PDE|ODE|NeRF|GPU)$"
)
_APPROXIMATELY = r"(?:up to|over|more than|at least|at most|about|around|approximately|nearly|almost|an average of|on average|as much as|roughly|only|just|less than|under|a factor of|an average|average|~)"
APPROXIMATELY = rf"(?:(?:{_APPROXIMATELY})\s*+){{0,3}}"
NUMBER = r"(?<![\w.–-])(?<!\d,)(?P<number>\d[\d,]*(?:\.\d+)?(?:[KMBkx×X]\b|×)?)(?!\.?\d)"
UNIT = r"(?P<unit>\s?%|\s?(?:percent|percentage points|points|pp|times|dB|BLEU|ms|seconds|hours|minutes|GB|MB|orders of magnitude)\b|-?fold\b|-times\b)?"
_SPELLED = "|".join(sorted((word for word, value in SPELLED.items() if value > 1), key=len, reverse=True))
COUNT = rf"(?<![\w.–-])(?<!\d,)(?P<number>\d[\d,]*(?:\.\d+)?(?:[KMBk]\b)?(?:\s(?:thousand|million|billion|trillion|hundred))?\+?|{_SPELLED})"
_DIGITS = {word: int(value) for word, value in SPELLED.items() if value > 1}


def is_plain(text: str) -> bool:
    """Whether a text is words alone: no formula, markup, address or reference."""
    return _MARKUP.search(text) is None


def phrase(text: str, longest: int = 9) -> str:
    """A stretch of a sentence that can stand in a question; empty if it is too long, points elsewhere, or is no plain text."""
    tidy = " ".join(text.split()).strip(" ,.;:")
    tidy = _EDGE.sub("", re.sub(r"(?<!\s)\s*+\([^()]*+\)", "", tidy))
    size = len(tidy.split())
    if not 1 <= size <= longest or not is_plain(tidy) or re.search(r"[()\[\],;:]|-$", tidy) or ANAPHORA.search(tidy):
        return ""
    return tidy


def is_plural(noun_phrase: str) -> bool:
    """Whether `are` follows it: by its head, the last word before a preposition."""
    if re.match(r"^(?:the work on |the paper “|(?!existing|leading|competing|remaining|resulting)\w+ing )", noun_phrase):
        return False
    if re.search(r" and ", noun_phrase):
        return True
    if _NAME.fullmatch(noun_phrase) and noun_phrase[1:] != noun_phrase[1:].lower():
        return False
    head = re.split(r"\s(?:of|for|in|on|with|to|from|under|over|between|by|using|via|at)\s", noun_phrase)[0]
    return _PLURAL.search(head) is not None


def do(noun_phrase: str) -> str:
    return "do" if is_plural(noun_phrase) else "does"


def be(noun_phrase: str) -> str:
    return "are" if is_plural(noun_phrase) else "is"


def within(noun_phrase: str) -> str:
    """A phrase from the start of a sentence as it stands inside another: without the capital that only the start gave it."""
    first = noun_phrase.split(" ", 1)[0]
    if first[1:].islower() and re.fullmatch(r"[A-Z][a-z’'-]+|A|An", first) and not first.endswith("ian"):
        return first.lower() + noun_phrase[len(first) :]
    return first.lower() + noun_phrase[len(first) :] if first in ("A", "An", "The") else noun_phrase


def base(verb: str) -> str:
    """The form behind `does`: of a third person (`achieves`), or as it is."""
    if verb == "has":
        return "have"
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    if re.search(r"(?:ss|sh|ch|x|zz|o)es$", verb):
        return verb[:-2]
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb


def plural(noun: str) -> str:
    """The plural of a term whose last word is known to be countable; any other term as it is."""
    if is_plural(noun) or not _COUNTABLE.search(noun):
        return noun
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"


def number_key(number: str, unit: str = "") -> tuple[str, ...]:
    """The ways in which an answer may write a figure, as the sentence has it first."""
    said = f"{number}{unit}".strip()
    forms = [said]
    if unit.strip() in ("%", "percent"):
        forms += [f"{number}%", f"{number} %", f"{number} percent"]
    if found := re.fullmatch(r"^([\d.,]+)[x×X]", said):
        forms += [f"{found[1]}x", f"{found[1]}×", f"{found[1]} times"]
    if number in _DIGITS:
        forms.append(str(_DIGITS[number]))
    return tuple(dict.fromkeys(forms))


def shared_run(question: str, sentence: str) -> int:
    """The longest run of words that both have."""
    asked, said = words(question), words(sentence)
    best = 0
    for i in range(len(asked)):
        for j in range(len(said)):
            size = 0
            while i + size < len(asked) and j + size < len(said) and asked[i + size] == said[j + size]:
                size += 1
            best = max(best, size)
    return best
