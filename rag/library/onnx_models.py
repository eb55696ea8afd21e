"""Models in ONNX Runtime and their tokenizers, each read once in a process: a second library costs neither its time nor its memory."""

from __future__ import annotations

import logging
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

Device = Literal["cpu", "cuda"]
CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"
LOG = logging.getLogger(__name__)
KEPT = 4
"""Models kept, and tokenizers: two come along, and tests bring their own. Chosen."""


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def use_threads(most: int) -> None:
    """From now on a model that is loaded runs in so many threads at most, as where several processes share the cores."""
    global _most_threads
    _most_threads = most


_most_threads = 1_000
"""Threads of a model that is loaded, at most: more than any machine has, until a worker sets it."""


def missing(device: Device) -> str | None:
    """What keeps models from running on this device, in a sentence that says what to do; None if nothing does."""
    if device == "cpu" or CUDA in _available():
        return None
    return (
        "PAPERCHAT_DEVICE is cuda, but the installed onnxruntime cannot use a GPU, so the processor is used. "
        "Replace it: `pip uninstall onnxruntime`, then `pip install onnxruntime-gpu`."
    )


def load_session(path: Path, device: Device = "cpu", **config: str) -> Any:
    """An onnxruntime.InferenceSession, which threads may share; `config` are entries of `session.intra_op`. The processor does what the device cannot."""
    wanted = (CUDA, CPU) if device == "cuda" and missing(device) is None else (CPU,)
    return _session(path, _state(path), min(usable_cores(), _most_threads), wanted, tuple(sorted(config.items())))


def _available() -> list[str]:
    import onnxruntime

    return list(onnxruntime.get_available_providers())


def load_tokenizer(path: Path, longest: int) -> Any:
    """A tokenizers.Tokenizer that does not pad and cuts the longer text of a pair first, at `longest` tokens in all."""
    return _tokenizer(path, _state(path), longest)


def _state(path: Path) -> tuple[int, int]:
    """What tells that a file was replaced."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(KEPT)
def _session(
    path: Path, _: tuple[int, int], threads: int, providers: tuple[str, ...], config: tuple[tuple[str, str], ...]
) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    for name, value in config:
        options.add_session_config_entry(f"session.intra_op.{name}", value)
    session = onnxruntime.InferenceSession(str(path), options, providers=list(providers))
    if CUDA in providers and CUDA not in session.get_providers():
        LOG.warning(
            "onnxruntime could not start CUDA for %s, so the processor is used. Check the driver and CUDA's libraries.", path
        )
    return session


@lru_cache(KEPT)
def _tokenizer(path: Path, _: tuple[int, int], longest: int) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest, strategy="longest_first")
    return tokenizer
