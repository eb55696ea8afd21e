"""What the page says, in the languages that it speaks: one JSON file a language, all with the same names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

from rag.prompts import error_text

LANGUAGES = {"en": "English", "de": "Deutsch"}
DEFAULT = "en"


@dataclass(frozen=True)
class Wording:
    """The page's words in one language."""

    language: str
    texts: dict[str, str]

    def __call__(self, name: str, **values: object) -> str:
        """The text of this name, with `{value}` filled in. `count=1` takes the form for one, where there is one."""
        key = f"{name}.one" if values.get("count") == 1 and f"{name}.one" in self.texts else name
        return self.texts[key].format(**values)

    def error(self, message: object) -> str:
        """An error or a notice in this language, as far as its sentences are known."""
        return error_text(str(message), self.language)


@cache
def wording(language: str) -> Wording:
    """The words of a language; English where the page does not speak it."""
    known = language if language in LANGUAGES else DEFAULT
    text = (files("ui.html") / f"{known}.json").read_text(encoding="utf-8")
    return Wording(known, cast("dict[str, str]", json.loads(text)))


def accepted(header: str) -> str:
    """The first language of an Accept-Language header that the page speaks."""
    wanted = (part.split(";")[0].strip()[:2].lower() for part in header.split(","))
    return next((language for language in wanted if language in LANGUAGES), DEFAULT)
