"""What the sentences of an abstract are: which of them report something, and what each does there. Made once a paper, and kept in few bytes."""

from __future__ import annotations

import re
import struct
import zlib
from functools import cache
from pathlib import Path
from typing import get_args

from rag.text.instructions import reporting
from rag.text.sentence_roles import parts
from rag.text.sentences import sentences
from rag.types import Outline, Paper, Role, SentenceRole, Span

ROLES: tuple[Role, ...] = get_args(Role)
_COUNT = struct.Struct("<H")
_SENTENCE = struct.Struct("<HHBd")
"""Start, end, the number of the role (`_SILENT`: no evidence) and the strength."""
_SILENT = 255
"""Stands for a sentence that is no evidence."""
_LONGEST = 65_535
"""Characters of an abstract whose places two bytes can tell: the outline of a longer one is not kept."""


def outline(paper: Paper) -> Outline:
    """Reads the abstract by the rules of `instructions` and `sentence_roles`."""
    spans = tuple(sentences(paper.abstract))
    evidence = set(reporting(paper.abstract))
    kept = tuple(place for place, span in enumerate(spans) if span in evidence)
    bare = [without_comment_sign(spans[place], paper.abstract) for place in kept]
    outlined = parts([span.of(paper.abstract) for span in bare], [_label(span, paper) for span in bare])
    return Outline(spans, kept, tuple(outlined))


def packed(outlined: Outline) -> bytes:
    """The outline in 13 bytes a sentence; empty for one that is not kept."""
    if len(outlined.spans) > _LONGEST or (outlined.spans and outlined.spans[-1].end > _LONGEST):
        return b""
    parts_of = dict(zip(outlined.kept, outlined.parts, strict=True))
    rows = [_COUNT.pack(len(outlined.spans))]
    for place, span in enumerate(outlined.spans):
        part = parts_of.get(place)
        role, strength = (ROLES.index(part.role), part.strength) if part else (_SILENT, 0.0)
        rows.append(_SENTENCE.pack(span.start, span.end, role, strength))
    return b"".join(rows)


def unpacked(stored: bytes) -> Outline | None:
    """What `packed` was given; None if these bytes are no outline."""
    try:
        (count,) = _COUNT.unpack_from(stored)
        if len(stored) != _COUNT.size + count * _SENTENCE.size:
            return None
        rows = list(_SENTENCE.iter_unpack(stored[_COUNT.size :]))
        spans = tuple(Span(start, end) for start, end, _, _ in rows)
        kept = tuple(place for place, row in enumerate(rows) if row[2] != _SILENT)
        return Outline(spans, kept, tuple(SentenceRole(ROLES[rows[place][2]], rows[place][3]) for place in kept))
    except (struct.error, IndexError):
        return None


@cache
def rules() -> str:
    """Names the rules by a checksum of their text, so that an outline made by others is never taken for one of these."""
    own = sorted(Path(__file__).parent.glob("*.py")) + sorted((Path(__file__).parents[1] / "data").glob("*.txt"))
    return f"{zlib.crc32(b''.join(file.read_bytes() for file in own)):08x}"


_COMMENT_SIGN = re.compile(r"%\s*")


def without_comment_sign(span: Span, abstract: str) -> Span:
    """A sentence behind LaTeX's comment sign begins after it."""
    sign = _COMMENT_SIGN.match(abstract, span.start, span.end)
    return Span(sign.end(), span.end) if sign is not None and sign.end() < span.end else span


def _label(span: Span, paper: Paper) -> str:
    """The name of the abstract's own part that a sentence begins in; empty if there is none."""
    return next((part.name for part in paper.parts if part.span.start <= span.start < part.span.end), "")
