"""What a library was made with: remembers encoder and chunker in its records and says when others come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import LibraryMismatch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.library.records import Records
    from rag.protocols import Chunker, Encoder, Vectors


def remember(records: Records, encoder: Encoder, chunker: Chunker) -> None:
    """Writes down the parts that are used from now on. Raises LibraryMismatch if the papers that are there were made with others."""
    now = _parts(encoder, chunker)
    if not encoder.dimensions:
        return  # not before the first text was encoded
    if _remembered(records) != now:
        if (found := mismatch(records, encoder, chunker)) is not None:
            raise found
        with records.change():
            for key, value in now.items():
                records.set_meta(key, str(value))


class Fitted:
    """An encoder of a server, where the model may be changed at any time: vectors of another length than the library's are refused."""

    def __init__(self, encoder: Encoder, records: Records) -> None:
        self._encoder = encoder
        self._records = records

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dimensions(self) -> int:
        return self._encoder.dimensions or int(self._records.meta("dimensions") or 0)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the encoder does. Raises LibraryMismatch if the length of its vectors has changed."""
        vectors = self._encoder.encode(texts)
        then, size = _remembered(self._records), str(vectors.shape[1])
        if size != then["dimensions"] and self._records.paper_count():
            raise _mismatch(self._records, {**then, "dimensions": size})
        return vectors


def fitted(encoder: Encoder, records: Records) -> Encoder:
    """The encoder, watched where the length of its vectors is not known beforehand."""
    return encoder if encoder.dimensions else Fitted(encoder, records)


def mismatch(records: Records, encoder: Encoder, chunker: Chunker) -> LibraryMismatch | None:
    """What to tell when the library was made with other parts; None if they agree or it is empty."""
    then, now = _remembered(records), _parts(encoder, chunker)
    if not encoder.dimensions:
        now["dimensions"] = then["dimensions"]
    return None if then == now or not records.paper_count() else _mismatch(records, now)


def _mismatch(records: Records, now: Mapping[str, str | None]) -> LibraryMismatch:
    return LibraryMismatch(
        f"The library {records.path.parent} was made with {_described(_remembered(records))}, and is now opened with {_described(now)}: "
        "run `paperchat reindex` to encode it anew, or go back to the former settings."
    )


def _parts(encoder: Encoder, chunker: Chunker) -> dict[str, str | None]:
    return {"encoder": encoder.name, "dimensions": str(encoder.dimensions), "chunker": chunker.name}


def _remembered(records: Records) -> dict[str, str | None]:
    return {key: records.meta(key) for key in ("encoder", "dimensions", "chunker")}


def _described(parts: Mapping[str, str | None]) -> str:
    size = f" ({parts['dimensions']} dimensions)" if parts["dimensions"] not in (None, "0") else ""
    return f"encoder {parts['encoder']}{size} and chunker {parts['chunker']}"
