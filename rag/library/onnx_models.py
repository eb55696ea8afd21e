"""Models in ONNX Runtime and their tokenizers, each read once in a process: a second library costs neither its time nor its memory."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

KEPT = 4
"""Models kept, and tokenizers: two come along, and tests bring their own. Chosen."""


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load_session(path: Path, **config: str) -> Any:
    """An onnxruntime.InferenceSession, which threads may share; `config` are entries of `session.intra_op`."""
    return _session(path, _state(path), usable_cores(), tuple(sorted(config.items())))


def load_tokenizer(path: Path, longest: int) -> Any:
    """A tokenizers.Tokenizer that does not pad and cuts the longer text of a pair first, at `longest` tokens in all."""
    return _tokenizer(path, _state(path), longest)


def _state(path: Path) -> tuple[int, int]:
    """What tells that a file was replaced."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(KEPT)
def _session(path: Path, _: tuple[int, int], threads: int, config: tuple[tuple[str, str], ...]) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    for name, value in config:
        options.add_session_config_entry(f"session.intra_op.{name}", value)
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@lru_cache(KEPT)
def _tokenizer(path: Path, _: tuple[int, int], longest: int) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest, strategy="longest_first")
    return tokenizer
