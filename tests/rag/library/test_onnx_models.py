"""The models' files are read once in a process, however many libraries are opened."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import onnxruntime
import pytest

from rag import prompts
from rag.build import open_library
from rag.library import onnx_models
from rag.library.encoder import MODEL_FOLDER, OnnxEncoder
from rag.library.onnx_models import CPU, CUDA, load_session, load_tokenizer, missing
from rag.reader.cross_encoder import MODEL, CrossEncoder


def test_encoders_share_what_they_read() -> None:
    assert OnnxEncoder()._session is OnnxEncoder()._session
    assert OnnxEncoder()._tokenizer is OnnxEncoder()._tokenizer


def test_readers_share_what_they_read_but_cut_elsewhere_than_the_encoder() -> None:
    assert CrossEncoder()._session is CrossEncoder()._session
    assert CrossEncoder()._tokenizer is not OnnxEncoder()._tokenizer
    assert CrossEncoder()._tokenizer.truncation["max_length"] > OnnxEncoder()._tokenizer.truncation["max_length"]
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


class FakeSession:
    """A session that starts on those of the wanted providers that work."""

    working = (CPU, CUDA)

    def __init__(self, path: str, options: object, providers: Sequence[str]) -> None:
        self.threads = getattr(options, "intra_op_num_threads", 0)
        self.providers = [name for name in providers if name in self.working]

    def get_providers(self) -> list[str]:
        return self.providers


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(onnxruntime, "InferenceSession", FakeSession)
    (tmp_path / "model.onnx").write_bytes(b"a model")
    return tmp_path / "model.onnx"


def with_providers(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: list(names))


def test_a_gpu_is_used_where_it_is_asked_for_and_there(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_providers(monkeypatch, CUDA, CPU)
    assert missing("cuda") is None
    assert load_session(model, "cuda").providers == [CUDA, CPU]
    assert load_session(model).providers == [CPU]


def test_threads_can_be_limited(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_models, "_most_threads", 1_000)
    monkeypatch.setattr(onnx_models, "usable_cores", lambda: 4)
    assert load_session(model).threads == 4
    onnx_models.use_threads(1)
    assert load_session(model).threads == 1


def test_without_a_gpu_the_processor_is_used(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_providers(monkeypatch, "AzureExecutionProvider", CPU)
    assert "pip install onnxruntime-gpu" in str(missing("cuda"))
    assert missing("cpu") is None
    assert load_session(model, "cuda").providers == [CPU]


def test_a_gpu_that_does_not_start_is_told(
    model: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with_providers(monkeypatch, CUDA, CPU)
    monkeypatch.setattr(FakeSession, "working", (CPU,))
    with caplog.at_level(logging.WARNING):
        assert load_session(model, "cuda").providers == [CPU]
    assert "could not start CUDA" in caplog.text


def test_the_setting_reaches_the_models_or_a_notice_says_why_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERCHAT_BUNDLED", "false")
    monkeypatch.setenv("PAPERCHAT_DEVICE", "cuda")
    with_providers(monkeypatch, CPU)
    with open_library(tmp_path / "library") as paperchat:
        [notice] = paperchat.library.notices
        assert "GPU" in notice
        assert prompts.error_text(notice, "de").startswith("PAPERCHAT_DEVICE ist cuda, aber")
        assert paperchat.word_encoder.encode(["Maps fade."]).shape == (1, 384)
    with_providers(monkeypatch, CUDA, CPU)
    monkeypatch.setattr("rag.library.encoder.load_session", lambda path, device, **_: FakeSession(str(path), None, [device]))
    with open_library(tmp_path / "library") as paperchat:
        assert paperchat.library.notices == []
        assert isinstance(paperchat.word_encoder, OnnxEncoder)
        monkeypatch.setattr(FakeSession, "working", ("cuda",))
        assert paperchat.word_encoder._session.providers == ["cuda"]
