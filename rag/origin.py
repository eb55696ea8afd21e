"""What a library was made with: remembers encoder and chunker in its records and says when others come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import LibraryMismatch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.protocols import Chunker, Encoder
    from rag.records import Records


def remember(records: Records, encoder: Encoder, chunker: Chunker) -> None:
    """Writes down the parts that are used from now on."""
    now = _parts(encoder, chunker)
    if _remembered(records) != now:
        with records.change():
            for key, value in now.items():
                records.set_meta(key, value)


def mismatch(records: Records, encoder: Encoder, chunker: Chunker) -> LibraryMismatch | None:
    """What to tell when the library was made with other parts; None where they agree or it is empty."""
    then, now = _remembered(records), _parts(encoder, chunker)
    if then == now or not records.paper_count():
        return None
    return LibraryMismatch(
        f"The library {records.path.parent} was made with {_described(then)}, and is now opened with {_described(now)}: "
        "run `paperchat reindex` to encode it anew, or go back to the former settings."
    )


def _parts(encoder: Encoder, chunker: Chunker) -> dict[str, str]:
    return {"encoder": encoder.name, "dimensions": str(encoder.dimensions), "chunker": chunker.name}


def _remembered(records: Records) -> dict[str, str | None]:
    return {key: records.meta(key) for key in ("encoder", "dimensions", "chunker")}


def _described(parts: Mapping[str, str | None]) -> str:
    return f"encoder {parts['encoder']} ({parts['dimensions']} dimensions) and chunker {parts['chunker']}"
