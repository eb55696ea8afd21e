"""Which questions teach refusals, with which signs, and that collecting goes on where it was left."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from eval.training import silence_examples
from eval.training.silence_examples import Example, Question, collect, collections, examples, held_out, main, read_examples
from rag.abstention.classifier import model
from rag.ingestion.bundled import bundled_papers
from rag.types import Paper

BEES, ANTS = Paper("bees", "Bees", "Bees dance."), Paper("ants", "Ants", "Ants walk.")
PARTS = [
    ((BEES,), [("Who dances?", (), False, "bees"), ("Who sings?", (), True, "bees")]),
    ((ANTS,), [("Who walks?", (), False, "ants")]),
]


def test_questions_become_examples_with_the_signs_that_are_shipped() -> None:
    paper = bundled_papers()[0]
    found = list(examples([paper], [(f"What does {paper.title} show?", (), False, paper.id)], "bundled"))
    assert [one.found and one.found.keys() for one in found] == [model("silence_read").weights.keys()]


def test_only_abstracts_with_pairs_are_held_out(tmp_path: Path) -> None:
    pair = {"answerable": "Who dances?", "sentences": [0], "unanswerable": "Who sings?", "kind": "silent"}
    records = [
        {"id": "bees", "title": "Bees", "sentences": ["Bees dance."], "pairs": [pair]},
        {"id": "ants", "title": "Ants", "sentences": ["Ants walk."]},
    ]
    path = tmp_path / "reading.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    papers, questions = held_out(path)
    assert [paper.id for paper in papers] == ["bees"]
    assert [(text, silent) for text, _, silent, _ in questions] == [("Who dances?", False), ("Who sings?", True)]
    assert list(collections("held-out", path)) == [(papers, questions)]


def test_far_from_their_papers_all_questions_are_unanswerable(tmp_path: Path) -> None:
    pair = {"answerable": "Who dances?", "sentences": [0], "unanswerable": "Who sings?", "kind": "silent"}
    path = tmp_path / "reading.jsonl"
    path.write_text(json.dumps({"id": "bees", "title": "Bees", "sentences": ["Bees dance."], "pairs": [pair]}), encoding="utf-8")
    parts = list(collections("far", path))
    asked = [question for _, questions in parts for question in questions]
    assert {silent for _, _, silent, _ in asked} == {True}
    assert "Who dances?" in [text for text, *_ in asked]
    assert "Who sings?" not in [text for text, *_ in asked]
    assert all(paper not in {one.id for one in papers} for papers, questions in parts for _, _, _, paper in questions)


def test_a_source_without_its_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["elsewhere", "--out", str(tmp_path / "out.jsonl")]) == 1
    assert "elsewhere needs --abstracts FILE." in capsys.readouterr().err


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked while collecting; no library is opened."""
    texts: list[str] = []

    def fake(papers: Sequence[Paper], questions: Sequence[Question], source: str) -> Iterator[Example]:
        for text, _, silent, paper in questions:
            texts.append(text)
            yield Example(None, silent, paper, source, text)

    monkeypatch.setattr(silence_examples, "examples", fake)
    return texts


@pytest.mark.parametrize("kept", [0, 1, 2, 3])
def test_collecting_goes_on_where_it_was_left(kept: int, tmp_path: Path, asked: list[str]) -> None:
    out = tmp_path / "out.jsonl"
    collect("a", iter(PARTS), out)
    lines = out.read_text(encoding="utf-8").splitlines(keepends=True)
    asked.clear()
    out.write_text("".join(lines[:kept]) + (lines[kept][:9] if kept < len(lines) else ""), encoding="utf-8")
    collect("a", iter(PARTS), out)
    assert asked == ["Who dances?", "Who sings?", "Who walks?"][kept:]
    assert out.read_text(encoding="utf-8").splitlines(keepends=True) == lines


def test_two_sources_share_a_file_and_a_limit_counts_each(tmp_path: Path, asked: list[str]) -> None:
    out = tmp_path / "out.jsonl"
    collect("a", iter(PARTS), out, limit=1)
    collect("b", iter(PARTS), out)
    collect("a", iter(PARTS), out, limit=2)
    assert asked == ["Who dances?", "Who dances?", "Who sings?", "Who walks?", "Who sings?"]
    assert [(one.source, one.question) for one in read_examples([out])][-1] == ("a", "Who sings?")
