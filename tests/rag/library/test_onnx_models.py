"""The models' files are read once in a process, however many libraries are opened."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from rag.library.encoder import MODEL_FOLDER, OnnxEncoder
from rag.library.onnx_models import load_session, load_tokenizer
from rag.reader.cross_encoder import MODEL, CrossEncoder


def test_encoders_share_what_they_read() -> None:
    assert OnnxEncoder()._session is OnnxEncoder()._session
    assert OnnxEncoder()._tokenizer is OnnxEncoder()._tokenizer


def test_readers_share_what_they_read_but_cut_elsewhere_than_the_encoder() -> None:
    assert CrossEncoder()._session is CrossEncoder()._session
    assert CrossEncoder()._tokenizer is not OnnxEncoder()._tokenizer
    assert CrossEncoder()._tokenizer.truncation["max_length"] == 128
    assert OnnxEncoder()._tokenizer.truncation["max_length"] == 256


def test_a_file_that_was_replaced_is_read_again(tmp_path: Path) -> None:
    model, tokenizer = tmp_path / "model.onnx", tmp_path / "tokenizer.json"
    shutil.copy(MODEL, model)
    shutil.copy(MODEL_FOLDER / "tokenizer.json", tokenizer)
    session, cut = load_session(model), load_tokenizer(tokenizer, 64)
    assert (load_session(model), load_tokenizer(tokenizer, 64)) == (session, cut)
    for path in (model, tokenizer):
        os.utime(path, ns=(1, 1))
    assert load_session(model) is not session
    assert load_tokenizer(tokenizer, 64) is not cut
