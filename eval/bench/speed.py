"""Measures speed side by side: what is compared runs in turn, one right after the other, and medians are set against each other.

So whatever else the machine is doing slows both alike.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from eval.cases.reading import Case
from eval.stats.bootstrap import median, quantile
from rag.library.chunking import SentenceWindows, context, passages
from rag.library.encoder import OnnxEncoder
from rag.paperchat import Paperchat
from rag.types import Paper

CHROMA_FILES = ("config.json", "model.onnx", "special_tokens_map.json", "tokenizer_config.json", "tokenizer.json", "vocab.txt")
LIBRARIES = "import chromadb, tantivy, onnxruntime, tokenizers"
ANSWERED = (0, 3)
"""Exit codes of `paperchat ask` that mean that it worked: answered, and not found."""


def passage_texts(papers: Sequence[Paper]) -> list[str]:
    """What the encoder is given for these papers when they are added."""
    chunker = SentenceWindows()
    return [context(passage) for paper in papers for passage in passages(paper, chunker)]


def in_turn(tasks: Sequence[Callable[[], object]], repetitions: int) -> list[list[float]]:
    """Seconds of each task in each repetition; every repetition runs the tasks one after the other, after one round to warm up."""
    for task in tasks:
        task()
    rounds = [[_seconds(task) for task in tasks] for _ in range(repetitions)]
    return [list(taken) for taken in zip(*rounds, strict=True)]


def _seconds(task: Callable[[], object]) -> float:
    started = time.perf_counter()
    task()
    return time.perf_counter() - started


def chroma_folder() -> Path:
    """Where Chroma's default embedding function looks for its model."""
    return Path.home() / ".cache" / "chroma" / "onnx_models" / "all-MiniLM-L6-v2" / "onnx"


def chroma_missing() -> str:
    """Why Chroma's default embedding function cannot be measured; empty if it can. It would download its model, which is never done here."""
    missing = [name for name in CHROMA_FILES if not (chroma_folder() / name).is_file()]
    if not missing:
        return ""
    return (
        f"{', '.join(missing)} missing in {chroma_folder()}: put the files of Chroma's onnx.tar.gz (all-MiniLM-L6-v2, float) there; "
        "nothing is downloaded here"
    )


def encoding(texts: Sequence[str], queries: Sequence[str], repetitions: int) -> dict[str, float]:
    """Texts a second in bulk and milliseconds a single query, ours and Chroma's default function's, and how many times faster ours is."""
    ours, theirs = OnnxEncoder(), _chroma_function()
    bulk = [median(taken) for taken in in_turn([lambda: ours.encode(texts), lambda: theirs(list(texts))], repetitions)]
    pairs = [(_seconds(partial(ours.encode, [query])), _seconds(partial(theirs, [query]))) for query in queries]
    each = [median(taken) for taken in zip(*pairs, strict=True)]
    return {
        "ours_per_second": len(texts) / bulk[0],
        "chroma_per_second": len(texts) / bulk[1],
        "times_faster": bulk[1] / bulk[0],
        "ours_query_ms": 1000 * each[0],
        "chroma_query_ms": 1000 * each[1],
        "query_times_faster": each[1] / each[0],
    }


def _chroma_function() -> Callable[[list[str]], Any]:
    from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2

    function: Callable[[list[str]], Any] = ONNXMiniLM_L6_V2()
    return function


def answers(chat: Paperchat, cases: Sequence[Case]) -> tuple[float, float]:
    """Median and 95th percentile of the seconds of a warm answer: every question is asked twice, and the second time counts."""
    asks = [partial(chat.ask, case.question, case.history) for case in cases]
    for ask in asks:
        ask()
    seconds = [_seconds(ask) for ask in asks]
    return median(seconds), quantile(seconds, 0.95)


def command() -> Path:
    """The `paperchat` of this environment."""
    return Path(sys.executable).with_name("paperchat")


def cold(home: Path, question: str, repetitions: int) -> tuple[float, float] | str:
    """Median seconds of `paperchat ask` in a new process, and of one that only imports the libraries; or why there is no figure."""
    ask = [str(command()), "ask", question]
    imports = [sys.executable, "-c", LIBRARIES]
    environment = {**os.environ, "PAPERCHAT_HOME": str(home)}
    if not command().is_file():
        return f"there is no {command()}: install the project"
    tried = subprocess.run(ask, env=environment, capture_output=True, text=True, check=False)
    if tried.returncode not in ANSWERED:
        last = (tried.stderr.strip() or "no message").splitlines()[-1]
        return f"`paperchat ask` ended with exit code {tried.returncode}: {last}"
    tasks = [partial(subprocess.run, line, env=environment, capture_output=True, check=False) for line in (ask, imports)]
    first, second = (median(taken) for taken in in_turn(tasks, repetitions))
    return first, second


def import_seconds(repetitions: int) -> float:
    """Median seconds of `import rag` inside a new process, the interpreter's own start left out."""
    code = "import time; started = time.perf_counter(); import rag; print(time.perf_counter() - started)"
    taken = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(repetitions)
    ]
    return median(taken)
