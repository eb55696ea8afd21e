"""Which reader a file gets, and every way in which a file can be unreadable."""

from __future__ import annotations

import json
import os
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importer_samples import (
    HEADER,
    OBJECTS,
    PAIRS,
    TABLE,
    Pair,
    every_importer,
    json_lines,
    page,
    pairs_in,
    papers_in,
    refused_in,
    unhurried,
)

from rag.errors import ImportFailed
from rag.ingestion import lines as lines_module
from rag.ingestion import read_papers, read_text
from rag.protocols import Importer
from rag.types import Paper, Refused


def file_of(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.txt", "a.md", "a", "a.data"])
@every_importer
def test_content_decides_whatever_the_name_says(
    tmp_path: Path, name: str, importer: Importer, written: Callable[[Sequence[Pair]], list[str]]
) -> None:
    found = list(read_papers(file_of(tmp_path, name, "\n".join(written(PAIRS)))))
    assert pairs_in(iter(found)) == PAIRS
    assert papers_in(iter(found))[0].source == name


def test_the_name_decides_where_the_content_does_not(tmp_path: Path) -> None:
    found = list(read_papers(file_of(tmp_path, "a.jsonl", "broken\n" + "\n".join(json_lines(PAIRS)))))
    assert pairs_in(iter(found)) == PAIRS
    assert refused_in(iter(found))[0].where == "a.jsonl, line 1"


@pytest.mark.parametrize("empty", ["", "\n \n", "\ufeff", "\u200b"])
def test_an_empty_file(tmp_path: Path, empty: str) -> None:
    with pytest.raises(ImportFailed, match="is empty"):
        read_papers(file_of(tmp_path, "a.txt", empty))
    with pytest.raises(ImportFailed, match="is empty"):
        read_text(empty)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary file"),
        ("<!DOCTYPE html><html>", "source of a web page"),
    ],
)
def test_a_file_that_is_no_text(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    with pytest.raises(ImportFailed, match=sentence):
        list(read_papers(file_of(tmp_path, "a.txt", content)))


ABSTRACT = "Shore crabs hide under stones. We counted 412 crabs on four beaches. Our results suggest that stones save crabs."


@pytest.mark.parametrize("data", [
    json.dumps([{"id": "c", "type": "article", "title": "Crabs hide from gulls", "abstract": ABSTRACT, "DOI": "10.5555/crab.1"}]),
    f"<feed><entry><id>1</id><title>Crabs hide from gulls</title><summary>{ABSTRACT}</summary><author><name>A. B.</name></author></entry></feed>",
    f'<html><head><meta name="citation_title" content="Crabs hide"><meta name="citation_author" content="A"><meta name="citation_abstract" content="{ABSTRACT}"></head><body>x</body></html>',
])  # fmt: skip
def test_data_below_other_lines_is_not_taken_for_an_abstract(tmp_path: Path, data: str) -> None:
    with pytest.raises(ImportFailed, match="remove these lines"):
        list(read_papers(file_of(tmp_path, "a.txt", f"Made by some tool on Monday morning\n\n{data}")))


@pytest.mark.parametrize("content", [TABLE, "hello\n"])
def test_an_unknown_format(tmp_path: Path, content: str) -> None:
    with pytest.raises(ImportFailed, match=r"format of .* is not recognised"):
        read_papers(file_of(tmp_path, "a.data", content))


def test_a_file_without_papers_says_so_at_the_end(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match=r"No papers were found in a\.json"):
        list(read_papers(file_of(tmp_path, "a.json", "[]")))
    with pytest.raises(ImportFailed, match="No papers were found in pasted text"):
        list(read_text(HEADER))


def test_missing_file_folder_and_odd_paths(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match="There is no file"):
        read_papers(tmp_path / "none.txt")
    with pytest.raises(ImportFailed, match="no file of papers"):
        read_papers(tmp_path)
    with pytest.raises(ImportFailed, match="cannot be read"):
        read_papers(file_of(tmp_path, "a.txt", "A") / "b.txt")
    for odd in ("a" * 5000, "a\0b"):
        with pytest.raises(ImportFailed, match="cannot be read"):
            read_papers(odd)


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ImportFailed, match="not a regular file"):
        read_papers(tmp_path / "pipe")


def test_no_right_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file_of(tmp_path, "a.txt", "A")

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")  # what chmod does to everybody but root, who may run the tests

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(ImportFailed, match="permission denied"):
        read_papers(path)


def test_a_file_that_goes_away_before_it_is_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, "a.txt", "\n".join(page(PAIRS)))
    found = read_papers(path)
    path.unlink()
    with pytest.raises(ImportFailed, match="There is no file"):
        next(found)


def test_a_damaged_line_in_a_file_of_utf8_is_refused_by_number(tmp_path: Path) -> None:
    lines = [json.dumps({"title": f"Café {n}", "abstract": "Text."}, ensure_ascii=False).encode() for n in range(60)]
    lines[30] = lines[30].replace("é".encode(), b"\xe9")
    found = list(read_papers(file_of(tmp_path, "a.jsonl", b"\n".join(lines))))
    assert len(papers_in(iter(found))) == 59
    assert refused_in(iter(found)) == [
        Refused("a.jsonl, line 31", "This line is not UTF-8 text. Save the file as UTF-8 and add it again.")
    ]


@every_importer
def test_an_endless_line_is_refused_and_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, importer: Importer, written: Callable[[Sequence[Pair]], list[str]]
) -> None:
    monkeypatch.setattr(lines_module, "LONGEST_LINE", 100_000)
    before, after = written(PAIRS[:2]), written(PAIRS[2:])
    path = file_of(tmp_path, "a.any", "\n".join([*before, "x" * 30_000_000, "", *after]))
    tracemalloc.start()
    found = list(read_papers(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert pairs_in(iter(found)) == PAIRS
    assert [each.where for each in refused_in(iter(found))] == [f"a.any, line {len(before) + 1}"]
    assert "longer than 100,000 characters" in refused_in(iter(found))[0].reason
    assert peak < 5_000_000


def test_a_line_of_exactly_the_longest_length_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = json_lines(PAIRS)
    monkeypatch.setattr(lines_module, "LONGEST_LINE", max(map(len, lines)) + 1)
    assert pairs_in(read_papers(file_of(tmp_path, "a.jsonl", "\n".join(lines) + "\n"))) == PAIRS


def test_a_line_separator_inside_a_string_ends_no_line(tmp_path: Path) -> None:
    line = '{"title": "A\u2028B\u0085C\x0cD", "abstract": "E"}'.replace("\x0c", "")
    assert pairs_in(read_papers(file_of(tmp_path, "a.jsonl", line))) == [("A B CD", "E")]
    assert pairs_in(read_text(line)) == [("A B CD", "E")]


def sentence_or_records(read: Callable[[], Iterator[Paper | Refused]]) -> str:
    """What a person is told where nothing could be read, else `Records.`; any other error goes through and fails the test."""
    try:
        found = list(read())
    except ImportFailed as sentence:
        return str(sentence)
    return "Records." if found and all(isinstance(each, Paper | Refused) for each in found) else "Nothing at all"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary() | st.text().map(str.encode), suffix=st.sampled_from([".txt", ".jsonl", ".any"]))
def test_any_file_gives_papers_reasons_or_one_sentence(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = file_of(tmp_path, f"a{suffix}", content)
    assert sentence_or_records(lambda: read_papers(path)).endswith(".")


@unhurried
@given(st.text())
def test_any_pasted_text_gives_papers_reasons_or_one_sentence(text: str) -> None:
    assert sentence_or_records(lambda: read_text(text)).startswith(
        ("pasted text is empty", "pasted text looks like", "No papers were found", "Records.")
    )


def test_pasted_text_is_recognised() -> None:
    assert pairs_in(read_text("\n".join(page(PAIRS)))) == PAIRS
    assert pairs_in(read_text(json.dumps(OBJECTS))) == PAIRS
