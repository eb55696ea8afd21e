"""Runs cases through the product and writes the run file: resumable, cached by content, a failing case costs only itself.

`paperchat eval run` calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from eval.cases.papers import opened
from eval.cases.reading import SAMPLE, SPLITS, Case, CaseError, bundled_cases, load_cases, sampled_cases
from eval.checker.card import card_line, load_card
from eval.runs.answer_cache import AnswerCache, default_folder
from eval.runs.ask import QUOTES, Asked, ask_case, in_order
from eval.runs.fingerprint import header
from eval.runs.run_file import RunError, RunReader, RunWriter
from eval.scores.answer_level import Prices
from eval.scores.scorer import Scorer, failed
from eval.types import Header, Timing
from rag.errors import ModelFailed
from rag.paperchat import Paperchat
from rag.settings import Settings, load_settings
from rag.types import Answer, AskOptions, Paper, Progress


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is made of. `cases` is a file or one of the bundled splits. The library in `home` is asked, or a new one of the papers in `papers`, or of the bundled ones."""

    cases: str = "dev"
    out: Path | None = None
    writer: str = QUOTES
    home: Path | None = None
    papers: Path | None = None
    cache: Path | None = None
    cached: bool = True
    parallel: int = 1
    overwrite: bool = False
    prices: Prices = field(default_factory=Prices)

    @property
    def path(self) -> Path:
        """Where the run is written: `out`, or a name made of cases and writer."""
        name = "".join(sign if sign.isalnum() or sign in "._-" else "-" for sign in f"{Path(self.cases).stem}-{self.writer}")
        return self.out or Path("runs") / f"{name}.jsonl"


@dataclass(frozen=True, slots=True)
class Done:
    """Where the run lies, and how many of its cases were asked now, came from the cache, stood in the file, or failed."""

    path: Path
    cases: int
    asked: int = 0
    cached: int = 0
    kept: int = 0
    failed: int = 0


def run(options: Options, progress: Progress | None = None) -> Done:
    """Runs what is not done yet and writes it. Raises CaseError, ModelFailed, RunError, ImportFailed, SettingsError, or what opening a library may raise."""
    with opened(options.home, options.papers, progress, partial(_check, options)) as (chat, settings):
        cases, name = cases_of(options.cases, chat.papers())
        scorer = Scorer(chat, options.prices, shared=options.parallel == 1)
        head = _head(options, cases, name, chat, settings, scorer.checker.name)
        kept = 0 if options.overwrite else finished(options.path, head, cases)
        ask = _asker(chat, options, head)
        with RunWriter(options.path, head, kept) as file:
            return _run(options, cases, kept, ask, scorer, file, progress)


def _run(
    options: Options,
    cases: Sequence[Case],
    kept: int,
    ask: Callable[[Case], Asked],
    scorer: Scorer,
    file: RunWriter,
    progress: Progress | None,
) -> Done:
    counts = {"asked": 0, "cached": 0, "failed": 0}
    for place, one in enumerate(in_order(ask, cases[kept:], options.parallel), kept + 1):
        counts["failed" if one.answer is None else "cached" if one.cached else "asked"] += 1
        seconds = dict(one.answer.seconds) if one.answer else {}
        result = failed(one.case, one.error) if one.answer is None else scorer.result(one.case, one.answer)
        file.add(result, Timing(one.case.id, seconds, one.cached))
        if progress is not None:
            progress(place, len(cases), "cases")
    return Done(options.path, len(cases), kept=kept, **counts)


def _check(options: Options, papers: Sequence[Paper]) -> None:
    """Raises what would only be found after the papers were indexed: a wrong case (CaseError), a model that there is none of (ModelFailed)."""
    cases_of(options.cases, papers)
    model = load_settings().model
    if options.writer != QUOTES and (model is None or options.writer not in ("model", model)):
        there = f"the one configured is {model}" if model else "none is configured"
        raise ModelFailed(f"--writer {options.writer} cannot be used: {there}. `paperchat models` says what to set.")


def cases_of(source: str, papers: Sequence[Paper]) -> tuple[list[Case], str]:
    """The cases of a bundled split, of the sample, or of a file, and the name of that. Raises CaseError if one is wrong or lacks its paper."""
    if source == SAMPLE:
        cases = sampled_cases()
    elif source in SPLITS:
        cases = bundled_cases(source)
    else:
        return load_cases(Path(source), papers), Path(source).name
    missing = {id for case in cases for id in case.papers} - {paper.id for paper in papers}
    if missing:
        raise CaseError(
            f"The library lacks {len(missing)} of the papers asked about ({min(missing)} first): add the bundled papers to it, "
            "or give cases of its own with --cases."
        )
    return cases, source


def finished(path: Path, head: Header, cases: Sequence[Case]) -> int:
    """How many of the cases stand in the file already; 0 if there is none. Raises RunError if it holds another run."""
    if not path.exists() or not path.stat().st_size:
        return 0
    reader = RunReader(path)
    if reader.header != head:
        raise RunError(f"{path} holds another run ({_difference(reader.header, head)}). Give another --out, or --overwrite it.")
    ids = [result.case.id for result in reader.results()]
    if ids != [case.id for case in cases[: len(ids)]]:
        raise RunError(f"{path} has its cases in another order. Give another --out, or --overwrite it.")
    return len(ids)


def _head(options: Options, cases: Sequence[Case], name: str, chat: Paperchat, settings: Settings, checker: str) -> Header:
    """The header; prices are in it where they are given, as scores depend on them."""
    head = header(
        cases,
        name,
        chat.papers(),
        chat.library.encoder.name,
        _writer(options, settings),
        settings,
        checker,
        card_line(load_card(), checker),
    )
    prices = {"price_in": options.prices.prompt, "price_out": options.prices.completion}
    return replace(head, settings={**head.settings, **{name: price for name, price in prices.items() if price is not None}})


def _difference(old: Header, new: Header) -> str:
    fields = ("writer", "cases", "papers", "encoder", "prompts", "checker", "card", "versions", "settings")
    return "other " + ", ".join(name for name in fields if getattr(old, name) != getattr(new, name))


def _writer(options: Options, settings: Settings) -> str:
    """The writer's name as the header gives it: `model` stands for the configured one."""
    return str(getattr(settings, "model", None) or options.writer) if options.writer == "model" else options.writer


def _asker(chat: Paperchat, options: Options, head: Header) -> Callable[[Case], Asked]:
    cache = (
        AnswerCache(options.cache or default_folder(), head, {paper.id: paper for paper in chat.papers()})
        if options.cached
        else None
    )
    wanted = AskOptions(writer=options.writer)

    def answer(case: Case) -> Answer:
        return chat.ask(case.question, case.history, wanted)

    def ask(case: Case) -> Asked:
        found = cache.get(case) if cache else None
        if found is not None:
            return Asked(case, found, cached=True)
        one = ask_case(case, answer, options.writer)
        if cache and one.answer is not None:
            cache.put(case, one.answer)
        return one

    return ask
