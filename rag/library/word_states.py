"""What the sentence ranker reads of a paper, made when the paper is added: each sentence's words as the encoder sees them, in a few bytes a word."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Protocol

from rag.library.chunking import SentenceWindows, context, passages
from rag.library.product_quantizer import ProductQuantizer
from rag.library.vectors import packed, unpacked
from rag.text.outline import outline, rules
from rag.text.outline import packed as packed_outline
from rag.text.outline import unpacked as unpacked_outline
from rag.text.words import FUNCTION_WORDS, WORD, fold
from rag.types import Outline, PackedWords, Paper, Passage, SentenceVectors, Span, WordRows, WordVectors

if TYPE_CHECKING:
    from rag.library.product_quantizer import Codes
    from rag.library.records import Records
    from rag.protocols import Chunker, Encoder, Vectors, WordEncoder

VERSION = 2
"""Changes with how states are stored: of other versions, the last one alone is read, and had no outline before them."""


class Codec(Protocol):
    """Keeps word vectors in few bytes."""

    @property
    def name(self) -> str: ...

    @property
    def width(self) -> int:
        """Bytes a vector."""
        ...

    def pack(self, vectors: Vectors) -> Codes: ...

    def rows(self, codes: Codes) -> WordRows:
        """The words that the codes stand for."""
        ...


@dataclass(frozen=True, eq=False)
class PlainRows:
    """Word vectors as they are."""

    rows: Vectors

    def vectors(self) -> Vectors:
        return self.rows

    def dot(self, asked: Vectors) -> Vectors:
        return self.rows @ asked.T

    def take(self, rows: Sequence[int]) -> PlainRows:
        return PlainRows(self.rows[rows])


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
        """What is stored under one name is alike: states, and before them the outline by the rules that the last word names."""
        return f"{self._made(VERSION)} {rules()}"

    def _made(self, version: int) -> str:
        codec = self.codec.name if self.codec else "none"
        return f"{self.encoder.name} {self.chunker.name} {codec} {version}"

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
        outlined = outline(paper)
        rows = _rows(paper, outlined.spans, parts, read)
        words = PlainRows(np.concatenate(rows) if rows else np.empty((0, 0), np.float32))
        wholes = np.stack([one.sentence for one in read])
        return _vectors(outlined, words, list(map(len, rows)), [part.span.end for part in parts], wholes)

    def of(self, papers: Sequence[Paper], wholes: bool) -> list[PackedWords | None]:
        """Encodes papers, all in one call of the encoder, to be stored; with the vectors of the passages, if wanted."""
        parts = [passages(paper, self.chunker) for paper in papers]
        read = iter(self.encoder.encode_words([context(part) for own in parts for part in own]))
        return [self.packed(paper, own, list(islice(read, len(own))), wholes) for paper, own in zip(papers, parts, strict=True)]

    def packed(
        self, paper: Paper, parts: Sequence[Passage], read: Sequence[WordVectors], wholes: bool = False
    ) -> PackedWords | None:
        """What to store of a paper whose passages are read: its outline, the number of words of each sentence (two bytes each), the words' codes, and the
        vectors of the passages where the records do not have them."""
        import numpy as np

        if self.codec is None:
            return None
        outlined = outline(paper)
        rows = _rows(paper, outlined.spans, parts, read)
        counts = np.array([len(own) for own in rows], "<u2").tobytes()
        codes = self.codec.pack(np.concatenate(rows)).tobytes() if rows else b""
        behind = b"".join(packed(np.stack([one.sentence for one in read]))) if wholes else b""
        return self._joined(outlined, counts + codes + behind)

    def _joined(self, outlined: Outline, states: bytes) -> PackedWords:
        before = packed_outline(outlined)
        return PackedWords(self.name, len(before).to_bytes(4, "little") + before + states)

    def _parted(self, paper: Paper, stored: PackedWords) -> tuple[Outline, bytes] | None:
        """The outline, rebuilt where it is by other rules, and the states; None for those of another maker."""
        if stored.made_by == self._made(VERSION - 1):
            return outline(paper), stored.states
        if not stored.made_by.startswith(f"{self._made(VERSION)} "):
            return None
        end = 4 + int.from_bytes(stored.states[:4], "little")
        outlined = unpacked_outline(stored.states[4:end]) if stored.made_by == self.name else None
        return outlined or outline(paper), stored.states[end:]

    def renewed(self, paper: Paper, stored: PackedWords | None) -> PackedWords | None:
        """The same states with an outline by the present rules, for which nothing is encoded; None if there are no such states."""
        parted = None if stored is None else self._parted(paper, stored)
        return None if parted is None else self._joined(*parted)

    def unpacked(self, paper: Paper, stored: PackedWords | None, vectors: Vectors | None = None) -> SentenceVectors | None:
        """None if the states are not of this abstract, or were made by something else. `vectors`: those of the passages, where the records have them."""
        import numpy as np

        parted = None if stored is None or self.codec is None else self._parted(paper, stored)
        if parted is None or self.codec is None:
            return None
        outlined, states = parted
        head = 2 * len(outlined.spans)
        counts = np.frombuffer(states, "<u2", len(outlined.spans)).tolist() if len(states) >= head else [0]
        size = sum(counts) * self.codec.width
        behind = states[head + size :]
        ends = [span.end for span in self.chunker.windows(outlined.spans)] or [0]
        width = self.encoder.dimensions
        if behind and len(behind) == len(ends) * width:
            vectors = unpacked([behind[at : at + width] for at in range(0, len(behind), width)])
        whole = len(states) == head + size + len(behind)
        if not whole or not all(counts) or vectors is None or vectors.shape != (len(ends), width):
            return None
        codes = np.frombuffer(states, np.uint8, size, head).reshape(-1, self.codec.width)
        return _vectors(outlined, self.codec.rows(codes), counts, ends, vectors)


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
    outlined: Outline, words: WordRows, counts: Sequence[int], ends: Sequence[int], passages: Vectors
) -> SentenceVectors:
    starts = tuple(accumulate(counts[:-1], initial=0)) if counts else ()
    return SentenceVectors(outlined, words, starts, passages[[_place(span, ends) for span in outlined.spans]], sum(counts))


def _place(sentence: Span, ends: Sequence[int]) -> int:
    """Of the passages, which end there, the first that has the sentence to its end."""
    return min(bisect_left(ends, sentence.end), len(ends) - 1)


def _rows(paper: Paper, spans: Sequence[Span], parts: Sequence[Passage], read: Sequence[WordVectors]) -> list[Vectors]:
    """By sentence the vectors of its words."""
    ends = [part.span.end for part in parts]
    placed = [_in_abstract(part, words) for part, words in zip(parts, read, strict=True)]
    return [_of_sentence(span, paper.abstract, placed[place], read[place]) for span in spans for place in (_place(span, ends),)]


def _in_abstract(part: Passage, words: WordVectors) -> list[tuple[int, int]]:
    """Where each word begins and ends in the abstract; those of the title before it are below its beginning."""
    ahead = len(context(part)) - len(part.text) - part.span.start
    return [(span.start - ahead, span.end - ahead) for span in words.spans]


def _of_sentence(sentence: Span, abstract: str, places: Sequence[tuple[int, int]], words: WordVectors) -> Vectors:
    own = [row for row, (start, end) in enumerate(places) if sentence.start <= start and end <= sentence.end]
    starts, ends = _telling_words(sentence, abstract)
    kept = [row for row in own if (at := bisect_right(starts, places[row][0])) and places[row][0] < ends[at - 1]]
    return words.tokens[kept or own] if own else words.sentence[None, :]


def _telling_words(sentence: Span, abstract: str) -> tuple[list[int], list[int]]:
    """Where the words of a sentence that are no function words begin and end."""
    found = [
        word.span() for word in WORD.finditer(abstract, sentence.start, sentence.end) if fold(word.group()) not in FUNCTION_WORDS
    ]
    return [start for start, _ in found], [end for _, end in found]
