"""No text keeps the product busy without end: the work of each pattern, and of adding and asking, grows as the text does.

Work is CPU time, held for one length against four times that length; what takes hardly any time at all is not compared.
"""

from __future__ import annotations

import io
import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count, groupby
from math import inf
from pathlib import Path
from types import FrameType
from typing import Any

import endless
import numpy as np
import pytest
from fakes import WordHashEncoder
from numpy.typing import NDArray

from rag import open_library
from rag.grounding.checker import GroundingChecker
from rag.ingestion.importers import IMPORTERS
from rag.llm.sanitize import harmless
from rag.protocols import Importer
from rag.query.catalogue import PaperList
from rag.query.followups import standalone
from rag.query.metadata_questions import understand_catalogue
from rag.query.paper_names import names
from rag.query.question import understand
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.settings import Settings
from rag.text.instructions import left_out
from rag.text.polarity import polar_words
from rag.text.quantities import quantities
from rag.text.relations import relations
from rag.text.sentence_roles import parts
from rag.text.sentences import sentences
from rag.types import Hit, Paper, WordVectors
from ui.export.plain import visible
from ui.html.text import text_html

MOST = 6.0
"""How often four times the text may take the time of the text."""
SHORT, LONG = 2_500, 10_000
FIRST_LOOK = 10_000
AT_ONCE = 4e-7
"""Seconds a character that every linear pattern keeps to: a quadratic one takes at least 0.1 ns for each pair of characters."""
LIMIT = 5.0
"""Seconds of CPU time after which a text hangs."""

PATTERNS = endless.patterns()
MODULES = {
    module: [(where, PATTERNS[where]) for where in places]
    for module, places in groupby(PATTERNS, key=lambda where: re.split(r"[:.](?=[^.]*$)", where)[0])
}


NUMBERS = count(1)


class Hangs(Exception):
    pass


@contextmanager
def limited(seconds: float = LIMIT) -> Iterator[None]:
    """Ends what takes more CPU time than this; the engine of patterns looks for signals while it matches."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Hangs(f"more than {seconds} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def work(done: Callable[[], Any]) -> float:
    started = time.thread_time()
    with limited():
        done()
    return time.thread_time() - started


def search(pattern: re.Pattern[str], text: str) -> float:
    return work(lambda: sum(1 for _ in pattern.finditer(text)))


def grows_too_fast(of_length: Callable[[int], float], short: int = SHORT, long: int = LONG, times: int = 8) -> str:
    """In words, where four times the length takes more than `MOST` times the work at the best of all tries; else empty.

    The two lengths take turns, so that a busy machine slows both, and a suspicion is held again at twice the lengths:
    what grows too fast does so there as well.
    """
    told = ""
    for scale in (1, 2):
        one = four = inf
        try:
            for _ in range(times):
                one, four = min(one, of_length(scale * short)), min(four, of_length(scale * long))
                if four <= MOST * one:
                    return ""
        except Hangs as error:
            return str(error)
        told = f"{one:.4f} s for {scale * short} characters, {four:.4f} s for {scale * long}"
    return told


def fault(pattern: re.Pattern[str], before: str, unit: str, times: int = 8) -> str:
    try:
        if search(pattern, endless.repeated(unit, FIRST_LOOK, before)) < AT_ONCE * FIRST_LOOK:
            return ""
    except Hangs as error:
        return str(error)
    return grows_too_fast(lambda length: search(pattern, endless.repeated(unit, length, before)), times=times)


@pytest.mark.parametrize("module", MODULES)
def test_patterns_are_linear(module: str) -> None:
    slow = [
        (where, before, unit, told)
        for where, pattern in MODULES[module]
        for before, unit in endless.pumped(pattern)
        if (told := fault(pattern, before, unit))
    ]
    assert slow == []


def test_all_patterns_are_found() -> None:
    assert {"rag.text.sentences._CANDIDATE", "ui.html.answer._MARKER", "eval.drafting.wording._EDGE"} <= PATTERNS.keys()
    assert any(where.startswith("rag.query.question._COMPARE#") for where in PATTERNS), "those in tuples too"
    assert len(PATTERNS) > 300


@pytest.mark.parametrize("pattern", [r"\s*\[", r"(?:a+)+b", r"(\w+ )*x", r"\w+@", r"\b(\w|-)+ et al", r"how .*papers"])
def test_a_pattern_that_is_not_linear_is_seen(pattern: str) -> None:
    found = re.compile(pattern)
    assert any(fault(found, before, unit, times=2) for before, unit in endless.pumped(found))


class BoundedEncoder(WordHashEncoder):
    """Reads as much of a text as the real encoder does, more or less."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return super().encode([text[:1_000] for text in texts])

    def encode_words(self, texts: Sequence[str]) -> list[WordVectors]:
        return super().encode_words([text[:1_000] for text in texts])


def steps(encoder: WordHashEncoder) -> dict[str, Callable[[str], Any]]:
    """What reads text on the way from a paper to an answer, each part by itself, so that a slow one is named."""
    ranker, checker = SentenceRanker(encoder), GroundingChecker(encoder)
    asked = understand("How does ZebraNet train its stripes?")
    return {
        "sentences": sentences,
        "roles": lambda text: parts([text]),
        "orders": left_out,
        "numbers": quantities,
        "relations": relations,
        "denials": polar_words,
        "names": lambda text: names(Paper("title:endless", text, text)),
        "question": understand,
        "catalogue": lambda text: understand_catalogue(text, PaperList(())),
        "follow-up": lambda text: standalone(text, [text], lambda _: None),
        "evidence": lambda text: ranker.matches(asked, [Hit.of(Paper("title:endless", text, text))]),
        "claim": lambda text: checker.check(text, [text]),
        "other claim": lambda text: checker.check(f"ZebraNet trains 40 zebras, {text}", [f"ZebraNet trains 30 zebras. {text}"]),
        "prompt": harmless,
        "page": text_html,
        "plain": visible,
    }


UNENDED = [
    (unit, "")
    for unit in ("<!--", "<!--a>\n", "<a\n", "<a b='>\n", "<![\n", "<![a>", "</a\n", "<record>\n", "@article{a,\n", '{"title": "')
]
"""What begins over and over and never ends."""
STEPS = tuple(steps(BoundedEncoder(8)))


@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_linear(step: str) -> None:
    done = steps(BoundedEncoder(8))[step]
    slow = [(shape, told) for shape in endless.SHAPES if (told := slow_step(done, shape))]
    assert slow == []


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda importer: importer.name)
def test_each_importer_is_linear(importer: Importer) -> None:
    def done(text: str) -> None:
        importer.recognises(text)
        list(importer.read(io.StringIO(text), "endless"))

    slow = [(shape, told) for shape in (*endless.SHAPES, *UNENDED) if (told := slow_step(done, shape))]
    assert slow == []


def slow_step(done: Callable[[str], Any], shape: tuple[str, str]) -> str:
    def of_length(length: int) -> float:
        text = f"{endless.made(shape, length)} {next(NUMBERS)}"  # never twice the same, which would be remembered
        return work(lambda: done(text))

    try:
        if of_length(3_000) < 3_000 * 20e-6:
            return ""
    except Hangs as error:
        return str(error)
    return grows_too_fast(of_length, 3_000, 12_000)


@pytest.mark.parametrize("shape", [("?", ""), (".", ""), ("A ", ""), ("0,", ""), ("how many ", ""), ("\\", ""), ("(", ")")])
def test_adding_and_asking_are_linear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: tuple[str, str]) -> None:
    """The whole way, with the library on disk; its fixed costs are in both lengths, so that only the growth is held."""
    monkeypatch.setattr("rag.build.OnnxEncoder", lambda **_: BoundedEncoder(8))
    with open_library(tmp_path / "library", settings=Settings(home=tmp_path / "library", bundled=False)) as paperchat:

        def of_length(length: int) -> float:
            text = f"{endless.made(shape, length)} {next(NUMBERS)}"
            return work(
                lambda: (paperchat.add([Paper(f"title:{next(NUMBERS)}", text, f"{text} It ends.")]), paperchat.ask(text[:4_000]))
            )

        of_length(100)
        assert grows_too_fast(of_length, 25_000, 100_000, 2) == ""
