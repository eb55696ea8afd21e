"""Places in a Markdown file that a command writes a table to, between two comments that name it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eval.cases.reading import CaseError


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a table: its name, and the command that makes it."""

    name: str
    command: str

    @property
    def begin(self) -> str:
        return f"<!-- {self.name}: made by {self.command} -->"

    @property
    def end(self) -> str:
        return f"<!-- end of {self.name} -->"


def replaced(text: str, made: str, place: Place) -> str:
    """The text with the table in its place. Raises CaseError if there is none."""
    before, begin, rest = text.partition(place.begin)
    _, end, after = rest.partition(place.end)
    if not begin or not end:
        raise CaseError(f"The file has no place for the table: it must hold the lines “{place.begin}” and “{place.end}”.")
    return f"{before}{place.begin}\n\n{made}\n\n{place.end}{after}"


def write_table(path: Path, made: str, place: Place) -> None:
    """Puts the table in its place of the file. Raises CaseError if there is none, or the file cannot be read or written."""
    try:
        path.write_text(replaced(path.read_text(encoding="utf-8"), made, place), encoding="utf-8")
    except OSError as error:
        raise CaseError(f"{path} cannot be read or written ({error.strerror or error}): give another file.") from error
