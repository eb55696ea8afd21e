"""Cuts a file into lines, of which none is held that is too long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

from rag.ingestion.outcomes import Unreadable

LONGEST_LINE = 8 * 1024 * 1024
"""Characters. A longer line is refused and passed over without being held, unless it is JSON that can be cut between records."""
_NOT_TEXT = re.compile("[\udc80-\udcff]")  # how `surrogateescape` marks each byte that is none
_HALF_LETTER = re.compile("[\udc80-\udcff]{1,3}\\Z")
_BETWEEN_RECORDS = re.compile(r"\},[ \t]*(?=\{\s*\")")


def lines_of(file: TextIO) -> Iterator[str]:
    """The lines of a text; one that is too long or holds bytes that are no text is `Unreadable`."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            _pass_over_rest(file)
            yield Unreadable(f"This line is longer than {LONGEST_LINE:,} characters. Write one paper a line.")
        else:
            yield _readable(line)


def json_lines(file: TextIO) -> Iterator[str]:
    """The same, but a long line of many records is cut between them, so that a whole list on one line is never held."""
    held, skipping = "", False
    while line := file.readline(LONGEST_LINE // 8):
        ended = line.endswith("\n")
        if not skipping:
            held += line
        if ended:
            if not skipping:
                yield _readable(held)
            held, skipping = "", False
        elif not skipping and (cuts := [found.end() for found in _BETWEEN_RECORDS.finditer(held)]):
            yield _readable(held[: cuts[-1]])
            held = held[cuts[-1] :]
        if len(held) > LONGEST_LINE:
            held, skipping = "", True
            yield Unreadable(f"This line is longer than {LONGEST_LINE:,} characters. Write one paper a line.")
    if held:
        yield _readable(held)


def _readable(line: str) -> str:
    line = _uncut(line)
    if _NOT_TEXT.search(line):
        return Unreadable("This line is not UTF-8 text. Save the file as UTF-8 and add it again.")
    return line


def _pass_over_rest(file: TextIO) -> None:
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
        pass


def _uncut(line: str) -> str:
    """A file's last line without the letter that the file breaks off in."""
    return line if line.endswith("\n") else _HALF_LETTER.sub("", line)
