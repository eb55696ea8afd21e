"""What the sentence ranker reads of a paper, made when the paper is added: each sentence's words as the encoder sees them, in a few bytes a word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Protocol

from rag.library.chunking import SentenceWindows, context, passages
from rag.library.product_quantizer import ProductQuantizer
from rag.library.vectors import packed, unpacked
from rag.text.sentences import sentences
from rag.text.words import FUNCTION_WORDS, WORD, fold
from rag.types import PackedWords, Paper, Passage, SentenceVectors, Span, WordVectors

if TYPE_CHECKING:
    from rag.library.product_quantizer import Codes
    from rag.library.records import Records
    from rag.protocols import Chunker, Encoder, Vectors, WordEncoder

VERSION = 1
"""Changes with what is stored: states of another version are made anew."""


class Codec(Protocol):
    """Keeps word vectors in few bytes."""

    @property
    def name(self) -> str: ...

    @property
    def width(self) -> int:
        """Bytes a vector."""
        ...

    def pack(self, vectors: Vectors) -> Codes: ...

    def unpack(self, codes: Codes) -> Vectors: ...


class WordStates:
    """Reads papers passage by passage, just as they are encoded for search, and keeps the words of each sentence.

    A sentence is read in its passage, under the paper's title. Function words and signs are left out where the sentence has other words.
    Without a codec, nothing can be stored.
    """

    def __init__(self, encoder: WordEncoder, codec: Codec | None = None) -> None:
        self.encoder = encoder
        self.chunker = SentenceWindows()
        self.codec: Codec | None = codec or (ProductQuantizer() if encoder.name == ProductQuantizer.encoder else None)

    @property
    def name(self) -> str:
        """States under one name are alike."""
        codec = self.codec.name if self.codec else "none"
        return f"{self.encoder.name} {self.chunker.name} {codec} {VERSION}"

    def reads(self, encoder: Encoder, chunker: Chunker) -> bool:
        """Whether passages that are cut and encoded by these are read here in the same way, so that once is enough."""
        reader: object = self.encoder
        return reader is encoder and chunker.name == self.chunker.name

    def read(self, paper: Paper) -> SentenceVectors:
        """Encodes the paper; what comes out is what would come of storing it."""
        import numpy as np

        parts = passages(paper, self.chunker)
        read = self.encoder.encode_words([context(part) for part in parts])
        found = self.unpacked(paper, self.packed(paper, parts, read, wholes=True))
        if found is not None:
            return found
        spans, rows = sentences(paper.abstract), _rows(paper, parts, read)
        words = np.concatenate(rows) if rows else np.empty((0, 0), np.float32)
        wholes = np.stack([one.sentence for one in read])
        return _vectors(spans, words, list(map(len, rows)), [part.span.end for part in parts], wholes)

    def of(self, papers: Sequence[Paper], wholes: bool) -> list[PackedWords | None]:
        """Encodes papers, all in one call of the encoder, to be stored; with the vectors of the passages, if wanted."""
        parts = [passages(paper, self.chunker) for paper in papers]
        read = iter(self.encoder.encode_words([context(part) for own in parts for part in own]))
        return [self.packed(paper, own, list(islice(read, len(own))), wholes) for paper, own in zip(papers, parts, strict=True)]

    def packed(
        self, paper: Paper, parts: Sequence[Passage], read: Sequence[WordVectors], wholes: bool = False
    ) -> PackedWords | None:
        """What to store of a paper whose passages are read: the number of words of each sentence (two bytes each), the words' codes, and the vectors of the
        passages where the records do not have them."""
        import numpy as np

        if self.codec is None:
            return None
        rows = _rows(paper, parts, read)
        counts = np.array([len(own) for own in rows], "<u2").tobytes()
        codes = self.codec.pack(np.concatenate(rows)).tobytes() if rows else b""
        behind = b"".join(packed(np.stack([one.sentence for one in read]))) if wholes else b""
        return PackedWords(self.name, counts + codes + behind)

    def unpacked(self, paper: Paper, stored: PackedWords | None, vectors: Vectors | None = None) -> SentenceVectors | None:
        """None where the states are not of this abstract, or were made by something else. `vectors`: those of the passages, where the records have them."""
        import numpy as np

        if stored is None or stored.made_by != self.name or self.codec is None:
            return None
        spans = sentences(paper.abstract)
        head = 2 * len(spans)
        counts = [int.from_bytes(stored.states[at : at + 2], "little") for at in range(0, head, 2)]
        behind = stored.states[head + sum(counts) * self.codec.width :]
        ends = [span.end for span in self.chunker.spans(paper.abstract)] or [0]
        size = self.encoder.dimensions
        if behind and len(behind) == len(ends) * size:
            vectors = unpacked([behind[at : at + size] for at in range(0, len(behind), size)])
        whole = len(stored.states) == head + sum(counts) * self.codec.width + len(behind)
        if not whole or not all(counts) or vectors is None or vectors.shape != (len(ends), size):
            return None
        codes = np.frombuffer(stored.states, np.uint8, sum(counts) * self.codec.width, head) if spans else None
        words = np.empty((0, 0), np.float32) if codes is None else self.codec.unpack(codes.reshape(-1, self.codec.width))
        return _vectors(spans, words, counts, ends, vectors)


class StoredStates:
    """A SentenceReader that looks papers up in the records and encodes only those whose states are not there.

    `shared`: the records' own vectors of the passages are those of the encoder that reads words.
    """

    def __init__(self, states: WordStates, records: Records, shared: bool) -> None:
        self._states = states
        self._records = records
        self._shared = shared

    @property
    def encoder(self) -> WordEncoder:
        return self._states.encoder

    def read(self, paper: Paper) -> SentenceVectors:
        vectors = self._records.vectors_of(paper.id) if self._shared else None
        return self._states.unpacked(paper, self._records.word_states(paper.id), vectors) or self._states.read(paper)


def _vectors(
    spans: Sequence[Span], words: Vectors, counts: Sequence[int], ends: Sequence[int], passages: Vectors
) -> SentenceVectors:
    starts = tuple(accumulate(counts[:-1], initial=0)) if counts else ()
    return SentenceVectors(tuple(spans), words, starts, passages[[_place(span, ends) for span in spans]])


def _place(sentence: Span, ends: Sequence[int]) -> int:
    """Of the passages, which end there, the first that has the sentence to its end."""
    return min(bisect_left(ends, sentence.end), len(ends) - 1)


def _rows(paper: Paper, parts: Sequence[Passage], read: Sequence[WordVectors]) -> list[Vectors]:
    """By sentence the vectors of its words."""
    ends = [part.span.end for part in parts]
    places = [(span, _place(span, ends)) for span in sentences(paper.abstract)]
    return [_of_sentence(span, parts[place], read[place]) for span, place in places]


def _of_sentence(sentence: Span, part: Passage, words: WordVectors) -> Vectors:
    ahead = len(context(part)) - len(part.text) - part.span.start
    places = {row: Span(span.start - ahead, span.end - ahead) for row, span in enumerate(words.spans)}
    own = [row for row, place in places.items() if sentence.start <= place.start and place.end <= sentence.end]
    telling = _letters_of_telling_words(sentence, part.paper.abstract)
    kept = [row for row in own if places[row].start in telling]
    return words.tokens[kept or own] if own else words.sentence[None, :]


def _letters_of_telling_words(sentence: Span, abstract: str) -> set[int]:
    """The places of all letters of words that are no function words."""
    found: set[int] = set()
    for word in WORD.finditer(abstract, sentence.start, sentence.end):
        if fold(word.group()) not in FUNCTION_WORDS:
            found.update(range(*word.span()))
    return found
