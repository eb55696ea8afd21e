"""Puts the parts together by the settings: the only place that chooses which ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answering.assistant import LibraryAssistant
from rag.answering.model_writers import ModelWriters
from rag.answering.quotes import QuoteWriter
from rag.errors import SettingsError
from rag.explore.current_themes import CurrentThemes
from rag.library.chunking import SentenceWindows
from rag.library.encoder import OnnxEncoder
from rag.library.indexes.stores import EMBEDDED, Stores
from rag.library.library import RECORDS, Library
from rag.library.onnx_models import missing
from rag.library.records import Database
from rag.library.word_states import WordStates
from rag.llm.endpoint import OPENAI, Endpoint
from rag.paperchat import Paperchat
from rag.protocols import WordEncoder
from rag.query.kinds import KindModel
from rag.reader.cross_encoder import CrossEncoder
from rag.retrieval.hybrid import HybridSearch
from rag.retrieval.reranker import Reranker
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.settings import Settings, load_settings
from rag.types import Progress

if TYPE_CHECKING:
    from rag.answering.by_vectors import VectorWriter
    from rag.library.multilingual import MultilingualEncoder
    from rag.library.repair import Repaired
    from rag.llm.chat import ChatModel
    from rag.llm.embedding import OpenAIEncoder
    from rag.protocols import Checker, LanguageModel

MULTILINGUAL = "multilingual"
"""The value of PAPERCHAT_EMBEDDING for the encoder of many languages that runs here."""


def open_library(
    folder: str | Path | None = None,
    *,
    progress: Progress | None = None,
    readonly: bool = False,
    allow_mismatch: bool = False,
    settings: Settings | None = None,
    model: LanguageModel | None = None,
    bundled: bool = True,
) -> Paperchat:
    """The library in `folder` (default: the one of the settings), made if there is none, and filled with the bundled papers if nothing was ever put
    into it, unless `bundled` or the settings say no.

    A language `model` given here writes the answers instead of the one that is configured.

    Raises SettingsError, LibraryMismatch, LibraryDamaged or StorageFailed; a library that another process owns is opened for reading,
    which `library.notices` tells.
    """
    settings = settings or load_settings()
    home = Path(folder) if folder is not None else settings.home
    database = _database(settings)
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
        if bundled and settings.bundled and not library.readonly and _never_filled(library):
            from rag.ingestion.bundled import bundled_papers  # the importers, which no later start needs

            library.add(bundled_papers(), progress)
        library.notices += filter(None, [missing(settings.device)])
    except BaseException:
        library.close()
        raise
    return Paperchat(library, assistant_over(library, words, settings, model), words, settings)


def _never_filled(library: Library) -> bool:
    return library.records.paper_count() == 0 and not library.records.batches()


def repair_library(
    folder: str | Path | None = None, *, progress: Progress | None = None, settings: Settings | None = None
) -> Repaired:
    """Makes a new library of the papers that can still be read in a damaged one; one that is sound stays. Raises LibraryDamaged if there are none."""
    from rag.library.damage import sound_papers
    from rag.library.repair import Repaired, repair

    settings = settings or load_settings()
    if settings.database is not None:
        raise SettingsError("Only a library in a file can be repaired. Restore a backup of the PostgreSQL database.")
    home = Path(folder) if folder is not None else settings.home
    words = OnnxEncoder(device=settings.device)
    encoder, states = _encoder(settings) or words, WordStates(words)

    def opened(stores: Stores = EMBEDDED) -> Library:
        return Library.open(
            home, encoder, SentenceWindows(), progress=progress, allow_mismatch=True, stores=stores, states=states
        )

    sound = sound_papers(home / RECORDS, lambda: opened(_stores(settings)))
    return repair(home / RECORDS, opened, progress) if sound is None else Repaired(sound, 0, None)


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
    reader = CrossEncoder(device=settings.device) if settings.reader else None
    writer = QuoteWriter(ranker, search.search, search.holds, Reranker(reader) if reader else None, reader, search.worded)
    writers = ModelWriters(
        ranker, lambda: model or language_model(settings), lambda: _checker(words, settings), settings.repair, settings.strict
    )
    return LibraryAssistant(
        search,
        writer,
        library.catalogue,
        settings.sources,
        writers,
        KindModel(words),
        CurrentThemes(library),
        _vectors(library, settings),
    )


def _checker(words: WordEncoder, settings: Settings) -> Checker:
    from rag.grounding.checker import GroundingChecker

    return GroundingChecker(words, CrossEncoder(device=settings.device) if settings.reader else None)


def _vectors(library: Library, settings: Settings) -> VectorWriter | None:
    """What answers in other languages; None without an encoder that may read them."""
    if settings.embedding is None:
        return None
    from rag.answering.by_vectors import VectorWriter
    from rag.retrieval.vector_reader import VectorReader

    return VectorWriter(VectorReader(library.encoder, library.papers), settings.embedding.removeprefix("openai:"))
