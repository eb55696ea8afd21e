"""The language of errors and notices in the terminal: PAPERCHAT_LANGUAGE, or that of the locale."""

from __future__ import annotations

import os

from rag.errors import SettingsError
from rag.prompts import LANGUAGES

LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is set decides, as for other programs."""


def language() -> str:
    """`en` or `de`. Settings that cannot be used do not matter here: their error has to be shown as well."""
    from rag.settings import load_settings

    try:
        chosen = load_settings().language
    except SettingsError:
        chosen = None
    return chosen or locale_language()


def locale_language() -> str:
    """The language of the locale if it is one of ours, else English."""
    name = next((value for variable in LOCALE if (value := os.environ.get(variable))), "")
    code = name[:2].lower()
    return code if code in LANGUAGES and not name[2:3].isalpha() else LANGUAGES[0]
