"""Puts the parts together: the only place that chooses, and the only one that reads the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rag.answering.assistant import LibraryAssistant
from rag.answering.limits import check_question
from rag.answering.quotes import QuoteWriter
from rag.errors import ModelFailed, PaperNotFound, SettingsError
from rag.explore.listing import Filter, Order, browse
from rag.explore.map import PaperMap, paper_map
from rag.explore.themes import Theme, themes
from rag.library.chunking import SentenceWindows
from rag.library.encoder import OnnxEncoder
from rag.library.indexes.stores import EMBEDDED, Stores
from rag.library.library import RECORDS, Library
from rag.library.onnx_models import missing
from rag.library.records import Database
from rag.library.undo import Removed
from rag.library.word_states import WordStates
from rag.llm.endpoint import OPENAI, Endpoint
from rag.protocols import WordEncoder
from rag.query.kinds import KindModel
from rag.query.paper_names import named_in
from rag.reader.cross_encoder import CrossEncoder
from rag.retrieval.hybrid import HybridSearch
from rag.retrieval.reranker import Reranker
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.retrieval.similar import similar
from rag.settings import Settings, load_settings
from rag.types import Added, Answer, AskOptions, ComparisonTable, Event, History, Hit, Paper, Refused

if TYPE_CHECKING:
    from rag.answering.by_vectors import VectorWriter
    from rag.answering.multi_paper import Digest
    from rag.generation.writer import ModelWriter
    from rag.library.archive import Head
    from rag.library.collections import Collections
    from rag.library.multilingual import MultilingualEncoder
    from rag.library.repair import Repaired
    from rag.llm.chat import ChatModel
    from rag.llm.embedding import OpenAIEncoder
    from rag.protocols import Checker, LanguageModel
    from rag.review.draft import DraftChecker, DraftSentence
    from rag.review.evidence_table import EvidenceRow, TableFiller
    from rag.sources.client import Client
    from rag.sources.services import Services

QUOTES = QuoteWriter.name
MULTILINGUAL = "multilingual"
"""The value of PAPERCHAT_EMBEDDING for the encoder of many languages that runs here."""
Progress = Callable[[int, int, str], None]


class Paperchat:
    """A library and the assistant over it: what `open_library` gives. A context manager."""

    def __init__(self, library: Library, assistant: LibraryAssistant, word_encoder: WordEncoder, settings: Settings) -> None:
        self.library = library
        self.assistant = assistant
        self.embedding_price = settings.embedding_price
        self.word_encoder = word_encoder
        self._settings = settings

    def load(self, question: str) -> None:
        """Loads, side by side, what the first question needs and a cold process would load one after the other. Contacts nobody."""
        from concurrent.futures import ThreadPoolExecutor

        import numpy.typing  # noqa: F401  (two threads that both come to import it first may see half of it)

        with ThreadPoolExecutor(1) as pool:
            read = pool.submit(self.word_encoder.encode_words, [question.encode("utf-8", "replace").decode()])
            _ = self.library.meaning
            read.result()

    def read_ahead(self, most: int, stopped: Callable[[], bool]) -> None:
        """Before anybody asks, until `stopped`: makes the word states that are missing, and reads the papers of a library of at most so many."""
        self.library.fill_states(stopped)
        for paper in self.papers() if self.library.records.paper_count() <= most else ():
            if stopped():
                return
            self.assistant.writer.ranker.read(paper)

    def ask(self, question: str, history: History = (), options: AskOptions | None = None) -> Answer:
        """The whole answer; `history` holds the conversation's earlier questions, oldest first, with the papers cited where they are known."""
        return self.assistant.ask(question, history, options)

    def stream(self, question: str, history: History = (), options: AskOptions | None = None) -> Iterator[Event]:
        """The answer as events, the last of which is `Finished`; closing the iterator ends the work."""
        return self.assistant.stream(question, history, options)

    def summarize(self, text: str = "", papers: Sequence[str] = (), options: AskOptions | None = None) -> Answer:
        """A cited summary: of a paper or a topic (`text`), of some papers (ids or titles), or, with neither, of the whole collection."""
        check_question(text)
        if text.strip():
            scope = frozenset(self.library.paper(name).id for name in papers) or None
            chosen = replace(options or AskOptions(), scope=scope) if scope else options
            return self.ask(f"Summarize {text.strip()}", options=chosen)
        if not papers:
            return self.assistant.overview("Summarize the collection", (options or AskOptions()).scope)
        chosen_papers = self._called(papers)
        return self._digest.summary(chosen_papers, f"these {len(chosen_papers)} papers", options or AskOptions())

    def compare(self, papers: Sequence[str], aspects: Sequence[str] = (), options: AskOptions | None = None) -> ComparisonTable:
        """Papers (ids or titles) side by side; without `aspects`: problem, approach, data, result. Raises PaperNotFound."""
        return self._digest.comparison(self._called(papers), aspects, options or AskOptions())

    def table(self, papers: Sequence[Paper], aspects: Sequence[str] = ()) -> Iterator[EvidenceRow]:
        """An evidence table row by row: for each aspect (a few words or a question; without any: problem, approach, data, result, limits) a quote or nothing.

        Quotes only, whatever model is configured. Raises WrongTable.
        """
        from rag.review.aspects import columns
        from rag.review.evidence_table import checked

        return self._tables.rows(checked(papers), columns(aspects))

    def rows_for(
        self, names: Sequence[str] = (), question: str = "", scope: frozenset[str] | None = None, limit: int = 20
    ) -> list[Paper]:
        """Papers for a table: those called by id or title, then those that a question finds, best first; with neither, all in scope."""
        check_question(question)
        named = [paper for paper in self._called(names) if scope is None or paper.id in scope]
        if question.strip():
            hits = replace(self.assistant.search, scope=scope).search(question, limit)
            found = sorted(
                (hit.paper for hit in hits), key=lambda paper: not paper.abstract.strip()
            )  # a mere title has nothing to say
            return list({paper.id: paper for paper in (*named, *found)}.values())
        return named if names else [paper for paper in self.papers() if scope is None or paper.id in scope]

    def cite(self, draft: str, scope: frozenset[str] | None = None) -> Iterator[DraftSentence]:
        """A draft compared with the papers, sentence by sentence, each as soon as it is checked. Raises WrongDraft."""
        from rag.review.draft import claimed

        claimed(draft)
        return replace(self._drafts, search=replace(self.assistant.search, scope=scope).search).check(draft)

    @cached_property
    def _drafts(self) -> DraftChecker:
        from rag.grounding.checker import GroundingChecker
        from rag.review.draft import DraftChecker

        return DraftChecker(
            self.assistant.search.search,
            self.assistant.writer.ranker,
            CrossEncoder(device=self._settings.device),
            GroundingChecker(self.word_encoder),
        )

    @cached_property
    def _tables(self) -> TableFiller:
        from rag.review.evidence_table import TableFiller

        writer = self.assistant.writer
        return TableFiller(writer.ranker, writer.reranker.reader if writer.reranker is not None else None)

    def _called(self, names: Sequence[str]) -> list[Paper]:
        return list({paper.id: paper for paper in map(self._one_called, names)}.values())

    def _one_called(self, name: str) -> Paper:
        """By id or title, or by the short name that is one paper's alone, such as `MgNO`."""
        try:
            return self.library.paper(name)
        except PaperNotFound:
            called = named_in(name, self.library.catalogue())
            if len(called) != 1:
                raise
            return called[0]

    @cached_property
    def _digest(self) -> Digest:
        from rag.answering.multi_paper import Digest

        asked = self.assistant
        return Digest(asked.writer.ranker, asked.writer.holds, asked.model_writer)

    def add(
        self, papers: Iterable[Paper | Refused], progress: Progress | None = None, name: str = "", batch: int | None = None
    ) -> Added:
        """What happened to each record; `batch` of it undoes the whole (`library.undo_import`), or is given to go on with it."""
        return self.library.add(papers, progress, name=name, batch=batch)

    @property
    def collections(self) -> Collections:
        """Papers under names; `library.writable_collections` gives the same to be changed."""
        return self.library.collections

    def export_collections(self, path: Path | str, names: Sequence[str] = (), *, overwrite: bool = False) -> Head:
        """Writes collections, together, to one file with their vectors; without names the whole library. What the file says of itself.

        Raises CollectionError for a name that is not there, StorageFailed where the file exists or cannot be written.
        """
        return self.library.export(Path(path), names, overwrite)

    def import_collection(
        self, path: Path | str, name: str = "", progress: Progress | None = None, batch: int | None = None
    ) -> tuple[str, Added]:
        """The collection's name here and what became of its papers; with the same encoder none is encoded again.

        Raises ImportFailed for a file that is no exported collection, LibraryBusy where another process owns the library.
        """
        return self.library.take_in(Path(path), name, progress, batch)

    def within(self, names: Sequence[str]) -> frozenset[str] | None:
        """The ids of the papers in these collections, for `AskOptions.scope`; None, which is all, where no name is given."""
        return self.library.collections.ids(names) if names else None

    def online(self, tell: Callable[[str], None] = lambda _: None, address: str = "") -> tuple[Client, Services]:
        """What fetches papers, and the services that it asks; nothing is contacted yet. `address` stands for all of them, as a mirror."""
        from rag.sources.client import Client
        from rag.sources.services import Services

        services = Services()
        if self._settings.openalex_key is not None:
            key = {"api_key": self._settings.openalex_key.get_secret_value()}
            services = replace(services, openalex=replace(services.openalex, secret=key))
        return Client(tell, self._settings.mailto), services.at(address) if address else services

    @property
    def model_name(self) -> str | None:
        """The language model that can write answers; None if there is none."""
        return self.assistant.model_writer.name if isinstance(self.assistant.model_writer, ModelWriters) else None

    def papers(self) -> Sequence[Paper]:
        return self.library.papers()

    def browse(self, wanted: Filter | None = None, order: Order = "relevance") -> list[Paper]:
        """The papers that fit, found by words in title, authors and abstract as one types (the last may be cut), in an order."""
        return browse(self.library.papers(), self.library.words.matching, wanted or Filter(), order)

    def similar(self, paper_id: str, limit: int = 5) -> list[Hit]:
        """Other papers of the library near this one, nearest first; none of an unknown id."""
        return similar(self.library, paper_id, limit)

    def paper_map(self, progress: Progress | None = None) -> PaperMap:
        """The collection as a map; drawing it takes seconds the first time, and again after a change of the papers."""
        return paper_map(self.library.records, self.library.folder, self.library.papers(), progress)

    def themes(self) -> Sequence[Theme]:
        """The themes of the collection, the largest first; the first time, and after a change of the papers, this draws the map."""
        return self.assistant.themes()

    def remove(self, ids: Sequence[str]) -> Removed:
        """What was removed, to be given to `put_back`. Raises PaperNotFound before anything is removed."""
        return self.library.take_out(ids)

    def put_back(self, removed: Removed) -> tuple[Paper, ...]:
        """The papers that are in the library again, without being encoded again."""
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
    """The library in `folder` (default: the one of the settings), made and filled with the bundled papers the first time.

    A language `model` given here writes the answers instead of the one that is configured.

    Raises SettingsError, LibraryMismatch, LibraryDamaged or StorageFailed; a library that another process owns is opened for reading,
    which `library.notices` tells.
    """
    settings = settings or load_settings()
    home = Path(folder) if folder is not None else settings.home
    database = _database(settings)
    first_time = not (home / RECORDS).exists()
    words = OnnxEncoder(device=settings.device)
    library = Library.open(
        home,
        _encoder(settings) or words,
        SentenceWindows(),
        readonly=readonly,
        progress=progress,
        allow_mismatch=allow_mismatch,
        stores=_stores(settings),
        states=WordStates(words),
        database=database,
    )
    try:
        first_time = first_time if database is None else library.records.meta("encoder") is None
        if first_time and settings.bundled and not library.readonly:
            from rag.ingestion.bundled import bundled_papers  # the importers, which no later start needs

            library.add(bundled_papers(), progress)
        library.notices += filter(None, [missing(settings.device)])
    except BaseException:
        library.close()
        raise
    return Paperchat(library, assistant_over(library, words, settings, model), words, settings)


def repair_library(
    folder: str | Path | None = None, *, progress: Progress | None = None, settings: Settings | None = None
) -> Repaired:
    """Makes a new library of the papers that can still be read in a damaged one. Raises LibraryDamaged if there are none."""
    from rag.library.repair import repair

    settings = settings or load_settings()
    if settings.database is not None:
        raise SettingsError("Only a library in a file can be repaired. Restore a backup of the PostgreSQL database.")
    home = Path(folder) if folder is not None else settings.home
    words = OnnxEncoder(device=settings.device)
    encoder, states = _encoder(settings) or words, WordStates(words)
    return repair(
        home / RECORDS, lambda: Library.open(home, encoder, SentenceWindows(), progress=progress, states=states), progress
    )


def language_model(settings: Settings) -> ChatModel | None:
    """The configured model, not yet contacted; None if none is named: a key alone, which other programs may need, asks for nothing."""
    if settings.model is None:
        return None
    from rag.llm.chat import ChatModel  # what nobody has configured is not imported either

    return ChatModel(model_endpoint(settings), settings.context, settings.temperature)


def model_endpoint(settings: Settings) -> Endpoint:
    """Where the language model is; its name is empty if none is chosen."""
    return Endpoint(settings.model or "", settings.openai_base_url or OPENAI, settings.openai_api_key, settings.timeout)


def embedding_endpoint(settings: Settings) -> Endpoint | None:
    """The server that encodes passages; None if that is done here."""
    if settings.embedding is None or settings.embedding == MULTILINGUAL:
        return None
    return replace(model_endpoint(settings), model=settings.embedding.partition(":")[2], setting="PAPERCHAT_EMBEDDING")


def _database(settings: Settings) -> Database | None:
    """Where the records are, if not in a file. Raises SettingsError."""
    if settings.database is None:
        return None
    from rag.library.postgres import PostgresDatabase

    return PostgresDatabase.at(settings.database.get_secret_value())


def _stores(settings: Settings) -> Stores:
    if settings.chroma is None:
        return EMBEDDED
    from rag.library.indexes.chroma_server import ChromaServer, ServerVectors

    server = ChromaServer(settings.chroma.rstrip("/"), settings.chroma_token, settings.chroma_tenant, settings.chroma_database)
    owner, reader = ServerVectors.opener(server, writes=True), ServerVectors.opener(server, writes=False)
    return replace(EMBEDDED, vectors=owner, reader_vectors=reader, names=("tantivy",))


def _encoder(settings: Settings) -> OpenAIEncoder | MultilingualEncoder | None:
    """What is configured instead of the encoder that comes along. Raises SettingsError."""
    if settings.embedding == MULTILINGUAL:
        from rag.library.multilingual import MultilingualEncoder

        return MultilingualEncoder()
    endpoint = embedding_endpoint(settings)
    if endpoint is None:
        return None
    from rag.llm.embedding import OpenAIEncoder

    return OpenAIEncoder(endpoint)


def assistant_over(
    library: Library, words: WordEncoder, settings: Settings, model: LanguageModel | None = None
) -> LibraryAssistant:
    """What answers from a library that is open; `words` is the encoder that reads single words."""
    search = HybridSearch(library)
    ranker = SentenceRanker(words, states=library.sentences())
    writer = QuoteWriter(
        ranker, search.search, search.holds, Reranker(CrossEncoder(device=settings.device)) if settings.reader else None
    )
    writers = ModelWriters(ranker, words, settings, model)
    return LibraryAssistant(
        search,
        writer,
        library.catalogue,
        settings.sources,
        writers,
        KindModel(words),
        Themes(library),
        _vectors(library, settings),
    )


def _vectors(library: Library, settings: Settings) -> VectorWriter | None:
    """What answers in other languages; None without an encoder that may read them."""
    if settings.embedding is None:
        return None
    from rag.answering.by_vectors import VectorWriter
    from rag.retrieval.vector_reader import VectorReader

    return VectorWriter(VectorReader(library.encoder, library.papers), settings.embedding.removeprefix("openai:"))


class Themes:
    """The themes of a library in its present state; they are made when they are first asked for and kept until the papers change."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._kept: tuple[str, Sequence[Theme]] = ("", ())

    def __call__(self) -> Sequence[Theme]:
        state = self._library.records.state
        if self._kept[0] != state:
            self._kept = (state, themes(paper_map(self._library.records, self._library.folder, self._library.papers())))
        return self._kept[1]


class ModelWriters:
    """The language model's writer for each question; what it needs is imported when the first one is asked for."""

    def __init__(self, ranker: SentenceRanker, words: WordEncoder, settings: Settings, model: LanguageModel | None) -> None:
        self._ranker, self._words, self._settings, self._given = ranker, words, settings, model

    def __call__(self, options: AskOptions) -> ModelWriter | None:
        """None if the answer is to be quoted. Raises ModelFailed if a model is wanted that is not configured."""
        if options.writer == QUOTES or (self._model is None and options.writer is None):
            return None
        if self._model is None or options.writer not in (None, "model", self._model.name):
            there = f"the one configured is {self._model.name}" if self._model else "none is configured"
            raise ModelFailed(f"The language model “{options.writer}” cannot be used: {there}.")
        from rag.generation.writer import ModelWriter
        from rag.llm.budget import Meter

        strict = self._settings.strict if options.strict is None else options.strict
        return ModelWriter(Meter(self._model, options.temperature), self._checker, self._ranker, self._settings.repair, strict)

    @property
    def name(self) -> str | None:
        return self._model.name if self._model else None

    @cached_property
    def _model(self) -> LanguageModel | None:
        return self._given or language_model(self._settings)

    @cached_property
    def _checker(self) -> Checker:
        from rag.grounding.checker import GroundingChecker

        return GroundingChecker(self._words, CrossEncoder(device=self._settings.device) if self._settings.reader else None)
