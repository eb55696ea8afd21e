"""Search by words with Tantivy (BM25, English stems); the only file that knows it. A document is one paper."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import StorageFailed
from rag.library.files import replacing, set_aside
from rag.library.indexes.failures import failures
from rag.library.manifest import ManifestStore
from rag.text.spelling import Vocabulary
from rag.text.words import joined

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.types import Paper, Progress


FOLDER = "tantivy"
LAYOUT = "layout 2"
"""Changes with the fields: an index of another layout is rebuilt."""
HEAP_BYTES = 64_000_000
"""Memory of Tantivy's writer; its minimum is 15 MB."""
REBUILD_BELOW = 5_000
"""Papers: under this, a removal builds the index again, as Tantivy goes on counting removed papers in its word statistics."""
MATCH_WEIGHTS = {"title": 4.0, "authors": 4.0, "words": 1.0}


class TantivyWords:
    """A WordIndex equal to the records at one of their states; `sync` brings it to the present one."""

    def __init__(self, records: Records, folder: Path | None, reader: bool = False) -> None:
        self._records = records
        self._reader = reader
        self._folder = folder / FOLDER if folder else None
        self._manifest_store = ManifestStore(self._folder) if self._folder else None
        self._lock = threading.RLock()
        self._index: Any = None
        self._searcher: Any = None
        self._vocabulary: Vocabulary | None = None
        self.state = ""

    @classmethod
    def open(
        cls, folder: Path, records: Records, notices: list[str] | None = None, progress: Progress | None = None
    ) -> TantivyWords:
        """The index in the library `folder`, equal to the records; rebuilt from them where it cannot be trusted."""
        words = cls(records, folder)
        if words._load():
            words.sync(progress)
            return words
        reason = words._kept_aside()
        words.rebuild(progress)
        if reason and notices is not None:
            notices.append(f"The word index was rebuilt from the records because {reason}.")
        return words

    @classmethod
    def open_readonly(cls, folder: Path, records: Records, progress: Progress | None = None) -> TantivyWords:
        """For a process that does not own the library: the folder's index if it is up to date, else one in memory."""
        words = cls(records, folder, reader=True)
        words.sync(progress)
        return words

    @classmethod
    def in_memory(cls, records: Records, progress: Progress | None = None) -> TantivyWords:
        """An index that writes nothing."""
        words = cls(records, None)
        words.rebuild(progress)
        return words

    # --- searching

    def best(self, words: Sequence[str], limit: int, within: Collection[str] | None = None) -> list[tuple[str, float]]:
        """(paper id, BM25 score), best first; equal ones by id. Any of the words, in any inflection; of the papers `within`, if given."""
        stems = [stem for word in words for stem in _stems(word)]
        if not stems:
            return []
        query = self._any([self._term("text", stem) for stem in stems])
        return self._top(query if within is None else self._all([query, self._one_of(within)]), limit)

    def matching(self, text: str, limit: int) -> list[tuple[str, float]]:
        """(paper id, score) as in a list that is searched while typing: all words, in title, authors or abstract; the last may be cut."""
        words = _folded(text)
        if not words:
            return []
        # After a space the last word is whole.
        cut = len(words) - 1 if text[-1:].isalnum() else len(words)
        return self._top(self._all([self._anywhere(word, prefix=place == cut) for place, word in enumerate(words)]), limit)

    def document_count(self) -> int:
        return int(self._searcher.num_docs)

    def document_frequency(self, word: str) -> int:
        """In how many papers the word stands in title or abstract, in any inflection; of several words, in how many the rarest stands."""
        counts = [int(self._searcher.doc_freq("text", stem)) for stem in _stems(word)]
        return min(counts, default=0)

    def near(self, word: str) -> str | None:
        """The word of the collection nearest in spelling; None if the word itself is there, is short, or nothing is near."""
        folded = _folded(word)
        if len(folded) != 1 or self.document_frequency(word) or self._searcher.doc_freq("words", folded[0]):
            return None
        with self._lock:
            if self._vocabulary is None:
                self._vocabulary = Vocabulary(self._searcher.terms_with_prefix("words", ""))
            return self._vocabulary.near(folded[0])

    def _top(self, query: Any, limit: int) -> list[tuple[str, float]]:
        searcher = self._searcher
        asked = limit + 10
        while limit > 0:
            hits = searcher.search(query, asked, count=False).hits
            # What ties with the last one may have been cut off: ask for more, so that the id decides and not the place in the index.
            if len(hits) < asked or _rounded(hits[-1][0]) < _rounded(hits[limit - 1][0]):
                found = [(str(searcher.doc(address)["id"][0]), _rounded(score)) for score, address in hits]
                return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]
            asked *= 4
        return []

    def _anywhere(self, word: str, prefix: bool) -> Any:
        queries = [self._term("text", stem) for stem in _stems(word)]
        for field, weight in MATCH_WEIGHTS.items():
            queries.append(_boosted(self._term(field, word), weight))
            if prefix:
                queries.append(_boosted(self._prefix(field, word), weight / 2))
        return self._any(queries)

    def _term(self, field: str, term: str) -> Any:
        import tantivy

        return tantivy.Query.term_query(_schema(), field, term, "freq")

    def _prefix(self, field: str, start: str) -> Any:
        import tantivy

        return tantivy.Query.fuzzy_term_query(_schema(), field, start, 0, True, True)

    def _one_of(self, ids: Collection[str]) -> Any:
        """Those papers; adds nothing to the score."""
        import tantivy

        return tantivy.Query.const_score_query(tantivy.Query.term_set_query(_schema(), "id", sorted(ids)), 0.0)

    def _any(self, queries: Sequence[Any]) -> Any:
        import tantivy

        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])

    def _all(self, queries: Sequence[Any]) -> Any:
        import tantivy

        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])

    # --- keeping in step

    def sync(self, progress: Progress | None = None) -> None:
        """Brings the index to the present state of the records: what is new goes in, and after removals it may be rebuilt."""
        with self._lock, failures("words", self._folder):
            state, count = self._records.state, self._records.paper_count()
            if state == self.state or (self._reader and self._load() and self.state == state):
                return
            if self._reader or not (self._follow(count, progress) and self.document_count() == count):
                self.rebuild(progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """A new index from the records in the place of the old one."""
        import tantivy

        with self._lock, failures("words", self._folder):
            state, count = self._records.state, self._records.paper_count()
            if self._folder is None or self._reader:
                index = _prepared(tantivy.Index(_schema()))
                self._write(index, self._records.papers(), (), count, progress)
            else:
                with replacing(self._folder) as new:
                    new.mkdir(parents=True)
                    self._write(_prepared(tantivy.Index(_schema(), path=str(new))), self._records.papers(), (), count, progress)
                index = _prepared(tantivy.Index.open(str(self._folder)))
            self._take(index, state)

    def _follow(self, count: int, progress: Progress | None) -> bool:
        """Puts in and takes out what has changed since; says no where building again is better or the only way."""
        since, state = self._records.generation_of(self.state), self._records.state
        if since is None:
            return False
        changed, gone = self._records.changed_count(since), self._records.removed_since(since)
        if gone or self.document_count() + changed != count:
            if count < REBUILD_BELOW:
                return False
            gone += [paper.id for paper in self._records.changed_since(since)]
        self._write(self._index, self._records.changed_since(since), gone, changed, progress)
        self._take(self._index, state)
        return True

    def close(self) -> None:
        self._index = self._searcher = self._vocabulary = None

    def _load(self) -> bool:
        """Opens the folder if its files are as they were left; says whether it did."""
        import tantivy

        manifest = self._manifest_store.manifest() if self._manifest_store else None
        if manifest is None or manifest.made_by != LAYOUT:
            return False
        try:
            with failures("words", self._folder):
                index = _prepared(tantivy.Index.open(str(self._folder)))
                searcher = index.searcher()
        except StorageFailed:
            return False
        self._index, self._searcher, self.state = index, searcher, manifest.state
        return self.document_count() == manifest.count

    def _kept_aside(self) -> str | None:
        """Why an index that was there cannot be used; what is damaged is renamed. None for none, or one of another layout."""
        if self._folder is None or self._manifest_store is None or not self._manifest_store.known:
            return None
        if not self._folder.exists():
            return "its folder was missing"
        if self._manifest_store.damaged() or not self._folder.is_dir():
            reason = "its files were damaged or changed by another program"
            return f"{reason}; the old files are kept in {set_aside(self._folder)}"
        return None if self._manifest_store.manifest() else "its last change may not have been finished"

    def _write(self, index: Any, papers: Iterable[Paper], gone: Sequence[str], total: int, progress: Progress | None) -> None:
        if self._manifest_store and not self._reader:
            self._manifest_store.mark_open()
        # One thread: the order of documents, and with it the files, is the same in every run.
        writer = index.writer(HEAP_BYTES, 1)
        for paper_id in gone:
            writer.delete_documents_by_term("id", paper_id)
        for done, paper in enumerate(papers, 1):
            writer.add_document(_document(paper))
            if progress is not None and (done % 1000 == 0 or done == total):
                progress(done, total, "indexing words")
        writer.commit()
        writer.wait_merging_threads()

    def _take(self, index: Any, state: str) -> None:
        index.reload()
        self._index, self._searcher, self._vocabulary, self.state = index, index.searcher(), None, state
        if self._manifest_store and not self._reader:
            self._manifest_store.save(state, self.document_count(), LAYOUT)


@cache
def _schema() -> Any:
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    schema.add_text_field("text", tokenizer_name="folded_stems", index_option="freq")
    for field in MATCH_WEIGHTS:
        schema.add_text_field(field, tokenizer_name="folded", index_option="freq")
    return schema.build()


def _prepared(index: Any) -> Any:
    """The index with its tokenizers. It reads its files when it is told to, not whenever another thread sees that they changed."""
    index.config_reader("Manual")
    index.register_tokenizer("folded", _folding())
    index.register_tokenizer("folded_stems", _stemming())
    return index


@cache
def _folding() -> Any:
    return _analyzer().build()


@cache
def _stemming() -> Any:
    import tantivy

    return _analyzer().filter(tantivy.Filter.stemmer("english")).build()


def _folded(text: str) -> list[str]:
    """The words, in lower case and without accents."""
    return list(_folding().analyze(_composed(text)))


def _stems(text: str) -> list[str]:
    return list(_stemming().analyze(_composed(text)))


def _composed(text: str) -> str:
    """With each accent in the same character as its letter: Tantivy ends a word at an accent that stands by itself."""
    return unicodedata.normalize("NFC", text)


def _analyzer() -> Any:
    import tantivy

    simple = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(40))
    return simple.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())


def _document(paper: Paper) -> Any:
    import tantivy

    text = _composed(f"{paper.title} {paper.abstract}")
    both = f"{text} {' '.join(joined(text))}"
    return tantivy.Document(
        id=paper.id, text=both, title=_composed(paper.title), authors=_composed(" ".join(paper.authors)), words=both
    )


def _boosted(query: Any, weight: float) -> Any:
    import tantivy

    return tantivy.Query.boost_query(query, weight)


def _rounded(score: float) -> float:
    # The last bits depend on the order in which Tantivy adds up the words.
    return round(score, 4)
