"""An open library together with the assistant over it: what `open_library` gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rag.answering.assistant import LibraryAssistant
from rag.answering.limits import check_question
from rag.answering.model_writers import ModelWriters
from rag.errors import PaperNotFound
from rag.explore.listing import Filter, Order, browse
from rag.explore.map import PaperMap, paper_map
from rag.explore.themes import Theme
from rag.library.library import Library
from rag.library.undo import Removed
from rag.protocols import WordEncoder
from rag.query.paper_names import named_in
from rag.reader.cross_encoder import CrossEncoder
from rag.retrieval.similar import similar
from rag.settings import Settings
from rag.text.surrogates import without_surrogates
from rag.types import Added, Answer, AskOptions, ComparisonTable, Event, History, Hit, Paper, Progress, Refused

if TYPE_CHECKING:
    from rag.answering.multi_paper import Digest
    from rag.library.archive import Head
    from rag.library.collections import Collections
    from rag.review.draft import DraftChecker, DraftSentence
    from rag.review.evidence_table import EvidenceRow, TableFiller
    from rag.sources.client import Client
    from rag.sources.services import Services


class Paperchat:
    """Asks, summarises, compares, adds and lists. A context manager."""

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
            read = pool.submit(self.word_encoder.encode_words, [without_surrogates(question)])
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
