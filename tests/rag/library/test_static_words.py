"""Word vectors out of context: near by meaning, the same wherever a word stands, and there for any text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.errors import LibraryError
from rag.library.static_words import StaticWords, static_words


def near(one: str, other: str) -> float:
    first, second = (static_words().encode_words([word])[0].tokens[0] for word in (one, other))
    return float(first @ second)


@pytest.mark.parametrize(
    ("word", "near_by", "far"),
    [("car", "vehicle", "banana"), ("faster", "quicker", "yellow"), ("doctor", "physician", "gravel")],
)
def test_words_of_like_meaning_are_near(word: str, near_by: str, far: str) -> None:
    assert near(word, near_by) > near(word, far)


def test_a_word_is_the_same_in_any_text_and_stands_where_it_stands() -> None:
    alone, inside = static_words().encode_words(["Graphs", "We cut graphs."])
    assert np.array_equal(alone.tokens[0], inside.tokens[2])
    assert [span.of("We cut graphs.") for span in inside.spans] == ["We", "cut", "graphs"]
    assert np.allclose(np.linalg.norm(inside.tokens, axis=1), 1.0)


@pytest.mark.parametrize(
    "text", ["", "…", "\U0001f41d", "北京", "x" * 100_000, "a\u0301 \ud800".encode("utf-8", "replace").decode()]
)
def test_any_text_can_be_read(text: str) -> None:
    (read,) = static_words().encode_words([text])
    assert read.tokens.shape == (len(read.spans), static_words().dimensions)
    assert np.isfinite(read.tokens).all()
    assert read.sentence.shape == (static_words().dimensions,)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="Reinstall"):
        StaticWords(tmp_path / "none.npz").encode_words(["bees"])
