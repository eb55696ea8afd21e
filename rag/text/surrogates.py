"""Halves of surrogate pairs, which JSON may have in a text and no file, server or encoder takes."""

from __future__ import annotations


def without_surrogates(text: str) -> str:
    """The text with `?` for each half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode()
