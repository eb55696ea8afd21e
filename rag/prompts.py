"""Reads the texts in `prompts/`: wording with `$names`, kept out of the code; a missing or unknown name is an error.

A text for a language model has a line `---` in it: above it stand the rules, below it what this one request is about. Refusals and help
have a file a language, `refusals_en.toml`, `help_en.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from rag.errors import PromptError
from rag.types import Message, Refusal

FOLDER = Path(__file__).parent.parent / "prompts"
DIVIDER = "\n---\n"
LANGUAGES = ("en", "de")
"""Languages that refusals, help and errors are worded in; the first stands for all others."""
LONGEST_ERROR = 2_000
"""Characters; chosen above the longest message, and a bound for what a file's name may bring."""


def render(name: str, **values: object) -> str:
    """The text `prompts/<name>.md` with every `$name` filled in. Raises PromptError if text and values do not agree."""
    return _filled(_agreed(name, values), values)


def messages(name: str, **values: object) -> list[Message]:
    """The same as messages for a language model: the rules, then the request. A value cannot move the border between them."""
    rules, divider, request = _agreed(name, values).template.partition(DIVIDER)
    if not divider:
        raise PromptError(f"prompts/{name}.md has no line `---` between the rules and the request. Correct the text.")
    return [
        Message("system", _filled(Template(rules.strip()), values)),
        Message("user", _filled(Template(request.strip()), values)),
    ]


def refusal_reason(refusal: Refusal, language: str = "en") -> str:
    """Why there is no answer, as a clause, or as a whole sentence where `is_sentence`. Another language than `LANGUAGES` is English."""
    wording = _refusals(language if language in LANGUAGES else LANGUAGES[0])
    quoted = ", ".join(Template(wording["quoted"]).substitute(name=name) for name in refusal.names)
    text: str = {**wording["reasons"], **wording["sentences"]}[refusal.code]
    return Template(text).substitute(names=quoted)


def is_sentence(refusal: Refusal) -> bool:
    """Whether its reason stands alone, and does not say what the papers do not say."""
    return refusal.code in _refusals(LANGUAGES[0])["sentences"]


def refusal_text(refusal: Refusal, nearest: Sequence[str] = (), language: str = "en") -> str:
    """The whole refusal in words; `nearest` are headings of the papers nearest to the question."""
    wording = _refusals(language if language in LANGUAGES else LANGUAGES[0])
    reason = refusal_reason(refusal, language)
    if is_sentence(refusal):
        return reason
    text = Template(wording["not_found"]).substitute(reason=reason)
    return f"{text} {Template(wording['nearest']).substitute(papers='; '.join(nearest))}" if nearest else text


def whether(says: str, language: str = "en") -> str:
    """What an answer begins with: the word for `yes` or `no`, or that the papers say `otherwise` than the question supposes."""
    word: str = _refusals(language if language in LANGUAGES else LANGUAGES[0])[says]
    return word


def side_silent(point: str, language: str = "en") -> str:
    """That a paper of a comparison says nothing of the point that is asked."""
    return Template(_refusals(language if language in LANGUAGES else LANGUAGES[0])["side_silent"]).substitute(point=point)


def counted(count: int, language: str = "en") -> str:
    """The line before a list of so many papers, where it is asked how many there are."""
    wording = _refusals(language if language in LANGUAGES else LANGUAGES[0])["counted"]
    return Template(wording["one" if count == 1 else "many"]).substitute(count=count)


def rest(count: int, everything: int, topic: str, whole: bool, language: str = "en") -> str:
    """The line before the papers that do not deal with a topic: how many they are of all, or at most where not the `whole` was looked at."""
    wording = _refusals(language if language in LANGUAGES else LANGUAGES[0])["rest"]
    kind = ("sole" if everything == 1 else "none") if count == 0 else "most" if not whole else "one" if count == 1 else "many"
    return Template(wording[kind]).substitute(count=count, all=everything, topic=topic)


def more(count: int, language: str = "en") -> str:
    """The line behind a list of which so many papers are left out."""
    wording = _refusals(language if language in LANGUAGES else LANGUAGES[0])["more"]
    return Template(wording["one" if count == 1 else "many"]).substitute(count=count)


def error_text(message: str, language: str) -> str:
    """The sentences of an error or a notice in another language; those that `errors_<language>.toml` lacks stay in English."""
    if language == LANGUAGES[0] or language not in LANGUAGES or len(message) > LONGEST_ERROR:
        return message
    texts: list[str] = []
    rest = message.strip()
    while rest:
        matches = ((pattern.match(rest), worded) for pattern, worded in _sentences(language))
        found, worded = next(((match, worded) for match, worded in matches if match), (None, ""))
        if found is None:
            sentence, stop, rest = rest.partition(". ")
            texts.append(sentence + stop.strip())
        else:
            texts.append(worded.format(*found.groups()))
            rest = rest[found.end() :].lstrip()
    return " ".join(texts)


def error_label(kind: str, language: str) -> str:
    """What stands before a message: `kind` is `error`, `warning` or `note`."""
    known = language in LANGUAGES[1:]
    label: str = _worded("errors", language)["labels"][kind] if known else kind.capitalize()
    return label


def help_text(kind: str, questions: Sequence[str], language: str = "en") -> str:
    """Two lines for somebody who greets, thanks or asks what to ask: what Paperchat does, and some questions to try."""
    wording = _worded("help", language if language in LANGUAGES else LANGUAGES[0])
    second = wording["second"]
    quoted = ", ".join(Template(second["quoted"]).substitute(question=question) for question in questions)
    text = Template(second["try"]).substitute(questions=quoted) if questions else second["empty"]
    return f"{wording['first'][kind]}\n{text}"


def suggestion(kind: str, language: str = "en", many: bool = False, **names: str) -> str:
    """A question to try. With `many` what it asks about is named in the plural (`PHNNs`). Another language than `LANGUAGES` is English."""
    wording = _worded("help", language if language in LANGUAGES else LANGUAGES[0])
    kinds = {**wording["suggestions"], **(wording["suggestions_of_many"] if many else {})}
    return Template(kinds[kind]).substitute(names)


@cache
def _sentences(language: str) -> Sequence[tuple[re.Pattern[str], str]]:
    """English sentences as patterns, the longest first, each with its wording in the language."""
    pairs = sorted(_worded("errors", language)["sentences"], key=lambda pair: -len(pair[0].replace("{}", "")))
    holes = r"((?:(?!\. ).){0,300}?)"
    return [(re.compile(f"^{holes.join(map(re.escape, english.split('{}')))}(?= |$)"), worded) for english, worded in pairs]


def _refusals(language: str) -> Mapping[str, Any]:
    return _worded("refusals", language)


@cache
def _worded(name: str, language: str) -> Mapping[str, Any]:
    import tomllib

    try:
        return tomllib.loads((FOLDER / f"{name}_{language}.toml").read_text(encoding="utf-8"))
    except OSError as error:
        raise _unreadable(f"{name}_{language}.toml", error) from None


def _agreed(name: str, values: dict[str, object]) -> Template:
    template = _template(name)
    wanted = set(template.get_identifiers())
    if wanted != set(values):
        unknown, missing = sorted(set(values) - wanted), sorted(wanted - set(values))
        raise PromptError(
            f"prompts/{name}.md and its values do not agree: missing {missing}, unknown {unknown}. Correct the text or the call."
        )
    return template


def _filled(template: Template, values: dict[str, object]) -> str:
    return template.substitute({key: str(value) for key, value in values.items()})


@cache
def _template(name: str) -> Template:
    try:
        return Template((FOLDER / f"{name}.md").read_text(encoding="utf-8").strip())
    except OSError as error:
        raise _unreadable(f"{name}.md", error) from None


def _unreadable(file: str, error: OSError) -> PromptError:
    return PromptError(f"The text prompts/{file} cannot be read ({error.strerror}). Install Paperchat anew: `make install`.")
