"""Words that only questions have: which are counted, and that the shipped file is read as it is written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.training import question_words
from eval.training.question_words import LEAST, lacked, main
from eval.training.reader.reading_set import read_papers
from rag.text.frequency import tells_nothing_by_lacking


def _row(place: int) -> dict[str, Any]:
    return {
        "id": f"p{place}",
        "title": "Bees",
        "sentences": ["We weigh bees at dusk."],
        "answerable": [{"question": "How are people able to weigh bees?"}],
        "unanswerable": [{"question": "Which hornets were weighed?"}],
    }


def test_what_answered_questions_have_and_their_papers_lack_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "reading.jsonl"
    path.write_text("".join(json.dumps(_row(place)) + "\n" for place in range(LEAST)), encoding="utf-8")
    assert lacked(read_papers(path)) == {"peopl", "abl"}
    assert lacked(read_papers(path)[1:]) == set()
    silent = [replace(paper, unanswerable=[{"question": "Are hornets able to fly?"}] * 2) for paper in read_papers(path)]
    assert lacked(silent) == {"peopl"}


def test_what_single_papers_are_asked_for_again_and_again_is_what_they_are_about(tmp_path: Path) -> None:
    path = tmp_path / "reading.jsonl"
    row = _row(0) | {"answerable": [{"question": f"Which sugar do bees like, {place}?"} for place in range(6)]}
    path.write_text("".join(json.dumps(row | {"id": f"p{place}"}) + "\n" for place in range(LEAST)), encoding="utf-8")
    others = [replace(paper, id=f"q{place}", answerable=[]) for place, paper in enumerate(read_papers(path) * 20)]
    assert "sugar" not in lacked([*read_papers(path), *others])


def test_the_file_is_read_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_words, "OUT", tmp_path / "words.txt")
    path = tmp_path / "reading.jsonl"
    path.write_text("".join(json.dumps(_row(place)) + "\n" for place in range(LEAST)), encoding="utf-8")
    assert main([str(path)]) == 0
    assert (tmp_path / "words.txt").read_text(encoding="utf-8").splitlines()[-1] == "abl peopl"


@pytest.mark.parametrize(
    ("word", "nothing"),
    [
        ("able", True),
        ("happens", True),
        ("people", True),
        ("telescope", False),
        ("laser", False),
        ("sugar", False),
        ("womb", False),
        ("zinc", False),
        ("noprop", False),
    ],
)
def test_the_shipped_words_are_those_of_asking(word: str, nothing: bool) -> None:
    assert tells_nothing_by_lacking(word) is nothing
