"""Text without characters that people cannot see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importer_samples import (
    unhurried,
)

from rag.ingestion.cleaning import clean


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\n b\t\u2028c\u00a0d", "a b c d"),
        ("a\x00b\x1bc\x85d\x9fe", "abc de"),
        ("e\u0301", "\u00e9"),
        ("\ufb01\u00b2 \\tool{x} 100% $a_1$ https://a.b/c?d#e", "\ufb01\u00b2 \\tool{x} 100% $a_1$ https://a.b/c?d#e"),
        ("so\u00adft \u2066bi\u202edi\u2069 ze\u200b\u200c\u200d\u2060\ufeffro", "soft bidi zero"),
    ],
)
def test_cleaning(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@unhurried
@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    clean(text).encode("utf-8")
