"""Counts, file by file, which records come out right in every field, held against a second reading by other code.

Of our own small files always; of other people's exports where `PAPER_EXPORTS` names folders of them (with `:` between): then the table
in docs/importing.md must say the same, and `-s` prints the rows for it.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from second_reading import Reading, letters, second_reading, wrong_fields

from rag.errors import ImportFailed
from rag.ingestion import read_papers
from rag.types import Paper, Refused

OWN = sorted((Path(__file__).parents[2] / "data" / "exports").iterdir())
DOCS = Path(__file__).parents[3] / "docs" / "importing.md"
FOLDERS = [Path(folder) for folder in os.environ.get("PAPER_EXPORTS", "").split(":") if folder]


@dataclass(frozen=True)
class Row:
    """What a file came to. `records` is None where there is no second reading."""

    name: str
    records: int | None
    right: int
    title_only: int
    refused: Counter[str]
    wrong: Counter[str]
    seconds: float = 0.0

    def __str__(self) -> str:
        reasons = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in sorted(self.refused.items())) or "0"
        fields = ", ".join(f"{count} {name}" for name, count in sorted(self.wrong.items())) or "0"
        return f"| {self.name} | {'–' if self.records is None else self.records} | {self.right} | {self.title_only} | {reasons} | {fields} | {self.seconds:.2f} |"


def measured(path: Path, name: str = "") -> Row:
    started = time.perf_counter()
    found: Sequence[Paper | Refused]
    try:
        found = list(read_papers(path))
    except ImportFailed:
        found = []
    seconds = time.perf_counter() - started
    papers = [one for one in found if isinstance(one, Paper)]
    refused = Counter(one.kind for one in found if isinstance(one, Refused))
    title_only = sum(paper.title_only for paper in papers)
    try:
        records = second_reading(path)
    except LookupError:
        return Row(name or path.name, None, len(papers), title_only, refused, Counter(), seconds)
    wrong = [["record"] if paper is None else wrong_fields(paper, record) for record, paper in matched(papers, records)]
    right = sum(not fields for fields in wrong)
    return Row(
        name or path.name,
        len(records),
        right,
        title_only,
        refused,
        Counter(field for fields in wrong for field in fields),
        seconds,
    )


def matched(papers: Sequence[Paper], records: Sequence[Reading]) -> Iterator[tuple[Reading, Paper | None]]:
    """Each record with the paper of its title that agrees best; None where there is none."""
    titled: dict[str, list[Paper]] = {}
    for paper in papers:
        titled.setdefault(letters(paper.title), []).append(paper)
    for record in records:
        same = titled.get(letters(record.title), [])
        yield record, min(same, key=lambda paper: len(wrong_fields(paper, record)), default=None)


def exports() -> Iterator[tuple[str, Path]]:
    """Each file of the folders, named as the table names it."""
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("README"):
                yield path.relative_to(folder).as_posix(), path


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_each_record_of_our_own_files_is_right_in_every_field(path: Path) -> None:
    row = measured(path)
    assert not row.wrong
    assert row.records is None or row.right == row.records


def test_most_of_our_own_files_have_a_second_reading() -> None:
    assert sum(measured(path).records is not None for path in OWN) >= 24


def test_the_second_reading_notices_what_is_wrong(tmp_path: Path) -> None:
    record = Reading(
        "Moss on slate", ("Muster, Eva", "Ek, Bo"), "2021", "10.5555/a", "J Moss", "We measured 61 roofs. They lost heat."
    )
    right = Paper(
        "doi:10.5555/a", "Moss on Slate", "We measured 61 roofs. They lost heat.", ("Eva Muster", "Bo Ek"), 2021, "J Moss"
    )
    assert wrong_fields(right, record) == []
    other = Paper("doi:10.5555/b", "Moss", "We sold 61 roofs to strangers.", ("Eva Muster",), 2020, "K Moss")
    assert wrong_fields(other, record) == ["title", "authors", "year", "doi", "venue", "abstract"]


@pytest.mark.skipif(not FOLDERS, reason="PAPER_EXPORTS names no folder of exports")
def test_the_table_of_other_exports_is_as_documented() -> None:
    rows = [measured(path, name) for name, path in exports()]
    print("", *rows, sep="\n")  # noqa: T201
    written = dict(re.findall(r"^\| ([^|\s]+) (\|.*)\| [0-9.]+ \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE))
    unlike = [
        str(row)
        for row in rows
        if row.name in written and written[row.name] != str(row).removeprefix(f"| {row.name} ").rsplit("| ", 1)[0]
    ]
    assert not unlike
    assert all(row.right or not row.records for row in rows)
    assert sum(row.wrong.total() for row in rows) <= sum(row.records or 0 for row in rows) // 100
