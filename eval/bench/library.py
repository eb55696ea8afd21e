"""What a question costs as a library grows: `python -m eval.bench.library --data FILE [--sizes 58,1000,10000] [--keep FOLDER] [--svg FILE] [--alone]`.

Papers come from JSON Lines (plain or .gz) of titles and abstracts. Passages get vectors of hashed words, as encoding them would
take hours and no figure here depends on what a vector means, though what is found does; questions go through the encoder that comes along.
Beside it stands LlamaIndex's hybrid search over the same passages and vectors, where it is installed (`eval.bench.llamaindex`).
Times are of the processor, so that other work on the machine counts less; that of encoding is taken off.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from eval.bench import llamaindex
from eval.bench.curve import svg
from eval.console import tell
from eval.stats.bootstrap import median, quantile
from rag.answering.assistant import LibraryAssistant
from rag.answering.quotes import QuoteWriter
from rag.ingestion import read_papers
from rag.library.chunking import SentenceWindows
from rag.library.encoder import OnnxEncoder
from rag.library.files import bytes_in
from rag.library.library import Library
from rag.library.product_quantizer import ProductQuantizer
from rag.library.word_states import WordStates
from rag.query.paper_names import short_name
from rag.retrieval.hybrid import HybridSearch
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.text.words import WORD
from rag.types import Paper, Refused, Span, WordVectors

if TYPE_CHECKING:
    from rag.protocols import Vectors

SIZES = (58, 1000, 10_000)
EACH = 20
"""Questions of one kind."""
KINDS: dict[str, tuple[Callable[[Paper], str], Callable[[Paper], str]]] = {
    "fact": (lambda paper: f"What does {short_name(paper)} report?", lambda paper: f"What does {short_name(paper)} show?"),
    "who proposed": (lambda paper: f"Who proposed {short_name(paper)}?", lambda paper: f"Who introduced {short_name(paper)}?"),
    "list": (
        lambda paper: f"Which papers deal with {' '.join(paper.title.split()[-2:])}?",
        lambda paper: f"Which papers are about {' '.join(paper.title.split()[-2:])}?",
    ),
    "records": (
        lambda paper: f"How many papers are there from {paper.year or 2020}?",
        lambda paper: f"How many papers appeared in {paper.year or 2020}?",
    ),
}
"""The first question about a paper, and a later one in other words: of the same question, the encoder would remember the vector."""
DIRECTIONS = 16_384
"""Of words whose vectors stand in for an encoder's."""
MORE = 100
"""Papers that are added to a library that is there, and removed again."""


class HashedWords:
    """An Encoder whose vectors are sums of pseudo-random directions, one a word."""

    name = "hashed-words-384"
    dimensions = 384
    spent = 0.0
    """Seconds of the processor that encoding has taken so far."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length a text."""
        started = time.process_time()
        try:
            return self._encoded(texts)
        finally:
            self.spent += time.process_time() - started

    def encode_words(self, texts: Sequence[str]) -> list[WordVectors]:
        """The direction of each word."""
        started = time.process_time()
        found = []
        for text, whole in zip(texts, self._encoded(texts), strict=True):
            words = list(WORD.finditer(text))
            places = [_direction(word.group().lower()) for word in words]
            found.append(WordVectors(tuple(Span(*word.span()) for word in words), self.directions[places], whole))
        self.spent += time.process_time() - started
        return found

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        rows = np.empty((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            places = [_direction(word) for word in text.lower().split()] or [0]
            rows[row] = self.directions[places].sum(axis=0)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows

    @cached_property
    def directions(self) -> Vectors:
        """All that a word may have, of unit length."""
        import numpy as np

        rows = np.random.default_rng(0).standard_normal((DIRECTIONS, self.dimensions)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows


@lru_cache(200_000)
def _direction(word: str) -> int:
    return zlib.crc32(word.encode()) % DIRECTIONS


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one size: seconds to add all, to open and to add `MORE` papers, bytes a paper, milliseconds of the first question of a process and, by kind, of
    first and of later askings, those of searching alone, thousands of steps of SQLite by kind, and megabytes of memory after the questions.

    `other` are seconds to index and milliseconds to search of LlamaIndex; None if it is not installed.
    """

    papers: int
    add: float
    open: float
    more: float
    bytes_per_paper: float
    cold: float
    first: dict[str, list[float]]
    later: dict[str, list[float]]
    search: list[float]
    steps: dict[str, list[float]]
    memory: float
    other: tuple[float, list[float]] | None


def measure(papers: Sequence[Paper], more: Sequence[Paper], folder: Path, beside: bool) -> Measured:
    encoder, chunker = HashedWords(), SentenceWindows()
    states = WordStates(encoder, ProductQuantizer())
    add = 0.0
    if not (folder / "records.db").exists():
        with Library.open(folder, encoder, chunker, states=states) as library:
            add = _milliseconds(lambda: library.add(papers)) / 1000 - encoder.spent
    with Library.open(folder, encoder, chunker, states=states) as library:
        _ = library.words, library.meaning  # opening is measured without what is imported for it
    started = (
        time.thread_time()
    )  # Chroma may be loaded in another thread, which the first question waits for: that is part of `cold`
    with Library.open(folder, encoder, chunker, states=states) as library:
        _ = library.words, library.meaning
        opened = time.thread_time() - started
        search = HybridSearch(library)
        ranker = SentenceRanker(OnnxEncoder(), states=library.sentences())
        assistant = LibraryAssistant(search, QuoteWriter(ranker, search.search, search.holds), library.catalogue)
        cold = _milliseconds(lambda: assistant.ask("What loads the encoder and the vectors?"))
        for make, _ in KINDS.values():
            assistant.ask(make(papers[0]))  # patterns are compiled when they are first tried
        asked = papers[1 :: max(1, len(papers) // EACH)][:EACH]
        first, later = ({kind: _asked(assistant, map(ways[time], asked)) for kind, ways in KINDS.items()} for time in range(2))
        questions = [KINDS["fact"][0](paper) for paper in asked]
        steps = {kind: [_steps(library, assistant, ways[1](paper)) for paper in asked] for kind, ways in KINDS.items()}
        memory, size = _resident(), bytes_in(folder) / len(papers)
        encoded = encoder.spent
        added = _milliseconds(lambda: library.add(more)) / 1000 - (encoder.spent - encoded)
        library.remove([paper.id for paper in more])
        search.search("a question that reads what has changed")
        if beside and llamaindex.available():
            searched, other = _llamaindex(papers, questions, search.search, encoder, chunker)
        else:
            searched, other = [_milliseconds(partial(search.search, question)) for question in questions], None
    return Measured(len(papers), add, opened, added, size, cold, first, later, searched, steps, memory, other)


def _llamaindex(
    papers: Sequence[Paper],
    questions: Sequence[str],
    ours: Callable[[str], object],
    encoder: HashedWords,
    chunker: SentenceWindows,
) -> tuple[list[float], tuple[float, list[float]]]:
    """Milliseconds of `ours`, and what `Measured.other` holds; both are asked in turn, so that other work on the machine slows both."""
    parts, vectors = llamaindex.passages_encoded(papers, encoder, chunker)
    with tempfile.TemporaryDirectory() as folder:
        started = time.process_time()
        theirs = llamaindex.indexed(parts, vectors, encoder, Path(folder))
        seconds = time.process_time() - started
        theirs("a question that loads what is loaded late")
        both = [(_milliseconds(partial(ours, one)), _milliseconds(partial(theirs, one))) for one in questions]
        return [ms for ms, _ in both], (seconds, [ms for _, ms in both])


def _asked(assistant: LibraryAssistant, questions: Iterable[str]) -> list[float]:
    return [_milliseconds(partial(assistant.ask, question)) for question in questions]


def _steps(library: Library, assistant: LibraryAssistant, question: str) -> float:
    """Thousands of instructions of SQLite's virtual machine for one question: what grows where rows are gone through."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    connection = library.records._connection
    connection.set_progress_handler(step, 100)
    try:
        assistant.ask(question)
    finally:
        connection.set_progress_handler(None, 0)
    return count / 10


def _resident() -> float:
    """Megabytes of this process in memory; 0 where the system does not tell."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if told.exists() else 0.0


def _milliseconds(step: Callable[[], object]) -> float:
    started = time.process_time()
    step()
    return 1000 * (time.process_time() - started)


def table(found: Sequence[Measured]) -> str:
    """Markdown: a line a size, and another table of what stands beside LlamaIndex."""
    heads = [
        "papers",
        "add, s",
        "open, s",
        f"add {MORE}, s",
        "kB a paper",
        "cold, ms",
        *(f"{kind}: first, later, ms" for kind in KINDS),
        *(f"{kind}: thousand steps" for kind in KINDS),
        "memory, MB",
    ]
    lines = [heads, ["---"] * len(heads)]
    for one in found:
        figures = [f"{one.papers:,}", f"{one.add:.1f}" if one.add else "", f"{one.open:.2f}", f"{one.more:.2f}"]
        figures += [f"{one.bytes_per_paper / 1000:.1f}", f"{one.cold:.0f}"]
        figures += [f"{_times(one.first[kind])}, {_times(one.later[kind])}" for kind in KINDS]
        lines.append([*figures, *(_times(one.steps[kind]) for kind in KINDS), f"{one.memory:.0f}"])
    beside = [["papers", "add, s", "LlamaIndex", "search, ms", "LlamaIndex"], ["---"] * 5]
    for one in found:
        if one.other is not None:
            times = (f"{median(ms):.1f} ({quantile(ms, 0.95):.1f})" for ms in (one.search, one.other[1]))
            beside.append([f"{one.papers:,}", f"{one.add:.1f}", f"{one.other[0]:.1f}", *times])
    return "\n".join(f"| {' | '.join(line)} |" for line in [*lines, *beside])


def curves(found: Sequence[Measured]) -> str:
    """The 95th percentiles by size: later askings of each kind, and first ones about a fact."""
    lines = {kind: [(one.papers, quantile(one.later[kind], 0.95)) for one in found] for kind in KINDS}
    first = [(one.papers, quantile(one.first["fact"], 0.95)) for one in found]
    return svg({"fact, first asking": first, **lines}, "Processor time of a question, 95th percentile", "ms")


def _times(milliseconds: Sequence[float]) -> str:
    """The median, and the 95th percentile in brackets."""
    return f"{median(milliseconds):.0f} ({quantile(milliseconds, 0.95):.0f})"


def papers_in(path: Path, most: int) -> list[Paper]:
    """The first papers of a file of JSON Lines, packed or not."""
    if path.suffix != ".gz":
        return list(islice(_only_papers(path), most))
    with tempfile.NamedTemporaryFile("wt", suffix=".jsonl", encoding="utf-8") as plain:
        with gzip.open(path, "rt", encoding="utf-8") as packed:
            plain.writelines(islice(packed, most + most // 10))
        plain.flush()
        return list(islice(_only_papers(Path(plain.name)), most))


def _only_papers(path: Path) -> Iterator[Paper]:
    return (one for one in read_papers(path) if not isinstance(one, Refused))


def main(arguments: Sequence[str] | None = None) -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `paperchat` does
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--keep", type=Path, help="where libraries are kept, so that the next run need not make them")
    parser.add_argument("--svg", type=Path, help="where the curves are drawn")
    parser.add_argument("--alone", action="store_true", help="without LlamaIndex")
    wanted = parser.parse_args(arguments)
    found = []
    with tempfile.TemporaryDirectory() as temporary:
        for size in map(int, wanted.sizes.split(",")):
            tell(f"{size:,} papers …")
            papers = papers_in(wanted.data, size + MORE)
            folder = (wanted.keep or Path(temporary)) / str(size)
            found.append(measure(papers[:size], papers[size:], folder, not wanted.alone))
    sys.stdout.write(table(found) + "\n")
    if wanted.svg is not None:
        wanted.svg.write_text(curves(found), encoding="utf-8")


if __name__ == "__main__":
    main()
