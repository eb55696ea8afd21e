"""Puts the parts together: the only place that chooses, and the only one that reads the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rag.assistant import LibraryAssistant
from rag.atlas import Atlas, atlas
from rag.browse import Filter, Order, browse
from rag.bundled import bundled_papers
from rag.chunk import SentenceWindows
from rag.encoder import OnnxEncoder
from rag.errors import ModelFailed
from rag.evidence import Reader
from rag.library import Library
from rag.models.chat import ChatModel
from rag.models.endpoint import OPENAI, Endpoint
from rag.putback import Removed
from rag.search import HybridSearch
from rag.settings import Settings, load_settings
from rag.similar import similar
from rag.types import Added, Answer, AskOptions, Event, Hit, Paper, Refused
from rag.writers.quotes import QuoteWriter

if TYPE_CHECKING:
    from rag.protocols import Checker, Encoder, LanguageModel
    from rag.writers.model import ModelWriter

QUOTES = QuoteWriter.name
Progress = Callable[[int, int, str], None]


class Paperchat:
    """A library and the assistant over it: what `open_library` gives. A context manager."""

    def __init__(self, library: Library, assistant: LibraryAssistant) -> None:
        self.library = library
        self.assistant = assistant

    def ask(self, question: str, history: Sequence[str] = (), options: AskOptions | None = None) -> Answer:
        """The whole answer; `history` holds the earlier questions of the conversation, oldest first."""
        return self.assistant.ask(question, history, options)

    def stream(self, question: str, history: Sequence[str] = (), options: AskOptions | None = None) -> Iterator[Event]:
        """The answer as events, the last of which is `Finished`; closing the iterator ends the work."""
        return self.assistant.stream(question, history, options)

    def add(self, papers: Iterable[Paper | Refused], progress: Progress | None = None) -> Added:
        return self.library.add(papers, progress)

    def papers(self) -> Sequence[Paper]:
        return self.library.papers()

    def browse(self, wanted: Filter | None = None, order: Order = "relevance") -> list[Paper]:
        """The papers that fit, found by words in title, authors and abstract as one types (the last may be cut), in an order."""
        return browse(self.library.papers(), self.library.words.matching, wanted or Filter(), order)

    def similar(self, paper_id: str, limit: int = 5) -> list[Hit]:
        """Other papers of the library near this one, nearest first; none of an unknown id."""
        return similar(self.library, paper_id, limit)

    def atlas(self, progress: Progress | None = None) -> Atlas:
        """The collection as a map; drawing it takes seconds the first time, and again after a change of the papers."""
        return atlas(self.library.records, self.library.folder, self.library.papers(), progress)

    def remove(self, ids: Sequence[str]) -> Removed:
        """What was removed, to be given to `put_back`. Raises PaperNotFound before anything is removed."""
        return self.library.take_out(ids)

    def put_back(self, removed: Removed) -> tuple[Paper, ...]:
        """The papers that are in the library again, without being encoded anew."""
        return self.library.put_back(removed)

    def close(self) -> None:
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open_library(
    folder: str | Path | None = None,
    *,
    progress: Progress | None = None,
    readonly: bool = False,
    allow_mismatch: bool = False,
    settings: Settings | None = None,
    model: LanguageModel | None = None,
) -> Paperchat:
    """The library in `folder` (default: the one of the settings), made and filled with the bundled papers at the first time.

    A language `model` given here writes the answers instead of the one that is configured.

    Raises SettingsError, LibraryMismatch, LibraryDamaged or StorageFailed; a library that another process owns is opened for reading,
    which `library.notices` tells.
    """
    settings = settings or load_settings()
    home = Path(folder) if folder is not None else settings.home
    first_time = not (home / "records.db").exists()
    library = Library.open(
        home, OnnxEncoder(), SentenceWindows(), readonly=readonly, progress=progress, allow_mismatch=allow_mismatch
    )
    try:
        if first_time and settings.bundled and not library.readonly:
            library.add(bundled_papers(), progress)
    except BaseException:
        library.close()
        raise
    return Paperchat(library, _assistant(library, settings, model))


def language_model(settings: Settings) -> ChatModel | None:
    """The configured model, not yet contacted; None where none is named: a key alone, which other programs may need, asks for nothing."""
    if settings.model is None:
        return None
    endpoint = Endpoint(settings.model, settings.openai_base_url or OPENAI, settings.openai_api_key, settings.timeout)
    return ChatModel(endpoint, settings.context, settings.temperature)


def _assistant(library: Library, settings: Settings, model: LanguageModel | None) -> LibraryAssistant:
    search = HybridSearch(library)
    reader = Reader(library.encoder)
    writer = QuoteWriter(reader, search.search, search.holds)
    return LibraryAssistant(
        search, writer, library.papers, settings.sources, ModelWriters(reader, library.encoder, settings, model)
    )


class ModelWriters:
    """The language model's writer for each question; what it needs is imported when the first one is asked for."""

    def __init__(self, reader: Reader, encoder: Encoder, settings: Settings, model: LanguageModel | None) -> None:
        self._reader, self._encoder, self._settings, self._given = reader, encoder, settings, model

    def __call__(self, options: AskOptions) -> ModelWriter | None:
        """None where the answer is to be quoted. Raises ModelFailed where a model is wanted that is not configured."""
        if options.writer == QUOTES or (self._model is None and options.writer is None):
            return None
        if self._model is None or options.writer not in (None, "model", self._model.name):
            there = f"the one configured is {self._model.name}" if self._model else "none is configured"
            raise ModelFailed(f"The language model “{options.writer}” cannot be used: {there}.")
        from rag.meter import Meter
        from rag.writers.model import ModelWriter

        strict = self._settings.strict if options.strict is None else options.strict
        return ModelWriter(Meter(self._model, options.temperature), self._checker, self._reader, self._settings.repair, strict)

    @cached_property
    def _model(self) -> LanguageModel | None:
        return self._given or language_model(self._settings)

    @cached_property
    def _checker(self) -> Checker:
        from rag.check import GroundingChecker

        return GroundingChecker(self._encoder)
