"""The embedded encoder itself: shapes, order, repetition, and words in context."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import remembered
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import LibraryError
from rag.library.encoder import MAX_TOKENS, OnnxEncoder, batches

TEXTS = ["Maps fade.", "", "A humming sensor weighs sand in rivers.", "🐝", "Maps fade.", "地图", "x " * 40]


@pytest.fixture(autouse=True)
def _run_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OnnxEncoder, "_run", remembered.REAL)


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder()


def test_a_row_of_unit_length_for_every_text(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)


def test_rows_are_in_the_order_of_the_texts(encoder: OnnxEncoder) -> None:
    together, alone = encoder.encode(TEXTS), np.concatenate([encoder.encode([text]) for text in TEXTS])
    similar = together @ alone.T
    assert np.diag(similar).min() > 0.9
    assert [float(similar[row].max()) for row in range(len(TEXTS))] == pytest.approx(np.diag(similar), abs=1e-6)


def test_the_same_batch_gives_the_same_vectors_bit_for_bit(encoder: OnnxEncoder) -> None:
    assert np.array_equal(encoder.encode(TEXTS), encoder.encode(TEXTS))
    assert np.array_equal(encoder.encode(TEXTS), OnnxEncoder().encode(TEXTS))


def test_a_text_by_itself_always_gives_the_same_vector(encoder: OnnxEncoder) -> None:
    first = encoder.encode(["Maps fade."])
    encoder.encode(TEXTS)
    assert np.array_equal(first, encoder.encode(["Maps fade."]))


def test_no_texts_give_no_rows(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)
    assert encoder.encode_words([]) == []


def test_meaning_is_near_meaning(encoder: OnnxEncoder) -> None:
    query, near, far = encoder.encode(
        ["How do cars pollute the air?", "Exhaust of vehicles dirties cities.", "Cats sleep on sofas."]
    )
    assert query @ near > query @ far + 0.2


def test_what_is_too_long_is_cut(encoder: OnnxEncoder) -> None:
    long = "sand " * 5000
    (vector,) = encoder.encode([long])
    assert vector @ encoder.encode([long + "bees and clocks and maps"])[0] == pytest.approx(1, abs=1e-5)
    (read,) = encoder.encode_words([long])
    assert len(read.spans) == MAX_TOKENS - 2
    assert read.spans[-1].end < len(long)


def test_progress_tells_how_many_are_done(encoder: OnnxEncoder) -> None:
    told: list[int] = []
    encoder.encode(["sand " * 200] * 20, told.append)
    assert told == sorted(set(told))
    assert told[-1] == 20
    assert len(told) > 1


def test_words_lie_in_their_text_in_order_with_unit_vectors(encoder: OnnxEncoder) -> None:
    texts = ["Humming sensors weigh sand.", "Poincaré, 1904: “naïve” maps!"]
    for text, read in zip(texts, encoder.encode_words(texts), strict=True):
        assert read.tokens.shape == (len(read.spans), encoder.dimensions)
        assert np.linalg.norm(read.tokens, axis=1) == pytest.approx(1, abs=1e-4)
        assert np.linalg.norm(read.sentence) == pytest.approx(1, abs=1e-4)
        starts = [span.start for span in read.spans]
        assert starts == sorted(starts)
        assert "".join(span.of(text) for span in read.spans) == "".join(text.split())


def test_the_vector_of_the_whole_is_the_one_that_encode_gives(encoder: OnnxEncoder) -> None:
    (read,) = encoder.encode_words(["Humming sensors weigh sand."])
    assert np.allclose(read.sentence, encoder.encode(["Humming sensors weigh sand."])[0], atol=1e-5)


def test_a_word_differs_by_its_context(encoder: OnnxEncoder) -> None:
    river, money = encoder.encode_words(["The bank of the river is sandy.", "The bank lends money to firms."])
    assert river.spans[1].of("The bank of the river is sandy.") == "bank"
    assert river.tokens[1] @ money.tokens[1] < 0.95


def test_a_text_without_words_has_none(encoder: OnnxEncoder) -> None:
    (read,) = encoder.encode_words([""])
    assert read.spans == ()
    assert read.tokens.shape == (0, encoder.dimensions)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"tokenizer\.json"):
        OnnxEncoder(tmp_path).encode(["maps"])


@given(st.lists(st.integers(1, 300), max_size=60), st.integers(1, 600))
def test_batches_hold_every_index_once_within_the_budget(lengths: list[int], budget: int) -> None:
    made = list(batches(lengths, budget))
    assert sorted(index for batch in made for index in batch) == list(range(len(lengths)))
    flat = [lengths[index] for batch in made for index in batch]
    assert flat == sorted(flat)
    assert all(len(batch) == 1 or len(batch) * max(lengths[index] for index in batch) <= budget for batch in made)
