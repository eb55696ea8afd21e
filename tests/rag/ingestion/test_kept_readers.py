"""Our readers of BibTeX and RIS against kept libraries: on every file they must give at least as many records right in every field."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import kept_readers
import pytest
from second_reading import letters, second_reading, wrong_fields

from rag.ingestion import read_papers
from rag.types import Paper
from tests.rag.ingestion.test_export_table import FOLDERS, OWN, exports, matched

LIBRARIES: dict[str, tuple[kept_readers.Read, ...]] = {
    ".bib": (kept_readers.bibtexparser, kept_readers.pybtex), ".ris": (kept_readers.rispy,),
}  # fmt: skip
DAMAGED = {
    "brace-missing.bib": (3, "@misc{a, title={Moss}, abstract={It grows.}\n@misc{b, title={Slate}, abstract={It lies.}}\n@misc{c, title={Lichen}, abstract={It waits.}}\n"),
    "cut.bib": (2, "@misc{a, title={Moss}, abstract={It grows.}}\n@misc{b, title={Slate}, abstract={It lies.}}\n@misc{c, title={Lichen}, abstr"),
    "same-key.bib": (2, "@misc{a, title={Moss}, abstract={It grows.}}\n@misc{a, title={Slate}, abstract={It lies.}}\n"),
    "at-sign.bib": (2, "@misc{a, title={Moss}, abstract={It grows in\n@harbour walls.}}\n@misc{b, title={Slate}, abstract={It lies.}}\n"),
    "cut.ris": (2, "TY  - JOUR\nTI  - Moss\nER  - \nTY  - JOUR\nTI  - Slate\nER  - \nTY  - JOUR\nTI  - Lich"),
    "end-missing.ris": (2, "TY  - JOUR\nTI  - Moss\nTY  - JOUR\nTI  - Slate\nER  - \n"),
    "type-late.ris": (2, "TI  - Moss\nTY  - JOUR\nER  - \nTI  - Slate\nTY  - JOUR\nER  - \n"),
}  # fmt: skip
"""How many whole records are in each."""


def right(papers: list[Paper], path: Path) -> int:
    return sum(paper is not None and not wrong_fields(paper, record) for record, paper in matched(papers, second_reading(path)))


def ours(path: Path) -> list[Paper]:
    return [one for one in read_papers(path) if isinstance(one, Paper)]


def theirs(read: kept_readers.Read, path: Path) -> list[Paper]:
    """What a library gives; nothing where it stops."""
    pytest.importorskip(read.__name__)
    try:
        return read(kept_readers.text_of(path))
    except Exception:  # noqa: BLE001 - each library has errors of its own
        return []


def timed(read: Callable[[], list[Paper]]) -> tuple[list[Paper], float]:
    started = time.perf_counter()
    found = read()
    return found, time.perf_counter() - started


def files() -> Iterator[tuple[str, Path]]:
    yield from ((path.name, path) for path in OWN)
    yield from exports()


@pytest.mark.parametrize(("name", "path"), [one for one in files() if one[1].suffix in LIBRARIES], ids=lambda one: str(one))
def test_ours_give_as_many_records_right(name: str, path: Path) -> None:
    """With `PAPER_EXPORTS` and `-s`, the rows of the table in docs/importing.md."""
    found, seconds = timed(lambda: ours(path))
    count = right(found, path)
    cells = [f"{count} in {seconds:.2f} s"]
    for read in LIBRARIES[path.suffix]:
        other, seconds = timed(lambda read=read: theirs(read, path))  # type: ignore[misc]
        cells.append(f"{read.__name__} {right(other, path)} in {seconds:.2f} s")
        assert count >= right(other, path)
    if FOLDERS:
        print(f"\n| {name} | {len(second_reading(path))} | {' | '.join([cells[0], ', '.join(cells[1:])])} |")  # noqa: T201


@pytest.mark.parametrize("name", DAMAGED)
def test_ours_keep_the_whole_records_of_a_damaged_file(name: str, tmp_path: Path) -> None:
    whole, text = DAMAGED[name]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    kept = [{letters(paper.title) for paper in theirs(read, path)} for read in LIBRARIES[path.suffix]]
    titles = [paper.title for paper in ours(path)]
    assert titles == ["Moss", "Slate", "Lichen"][:whole]
    if FOLDERS:
        told = ", ".join(f"{read.__name__} {len(found)}" for read, found in zip(LIBRARIES[path.suffix], kept, strict=True))
        print(f"\n| {name} | {whole} | {len(titles)} | {told} |")  # noqa: T201
