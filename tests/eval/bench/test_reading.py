"""Questions over abstracts that nobody tuned on: which are asked over which papers, and what counts as gold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from eval.bench.reading import main, read, read_over

BEES = {
    "id": "bees",
    "title": "How bees find food",
    "sentences": ["Bees dance on the comb.", "The dance tells the way to food."],
    "answerable": [{"question": "What does the dance of bees tell?", "kind": "point", "sentences": [1], "also": []}],
    "unanswerable": [{"question": "Who filmed the bees?", "kind": "silent"}],
    "pairs": [{"answerable": "Do bees dance?", "sentences": [0], "unanswerable": "Do bees sing?", "kind": "silent"}],
}
MESHES = {"id": "meshes", "title": "Cutting meshes", "sentences": ["We cut triangles out of meshes."]}


def written(path: Path, *records: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_gold_is_where_the_named_sentences_stand(tmp_path: Path) -> None:
    papers, asked = read(written(tmp_path / "bees.jsonl", BEES))
    assert {one.question: [span.of(papers[0].abstract) for span in one.gold] for one in asked} == {
        "What does the dance of bees tell?": ["The dance tells the way to food."],
        "Who filmed the bees?": [],
        "Do bees dance?": ["Bees dance on the comb."],
        "Do bees sing?": [],
    }


def test_over_other_papers_answerable_questions_have_no_answer(tmp_path: Path) -> None:
    papers, asked = read_over(written(tmp_path / "bees.jsonl", BEES), written(tmp_path / "meshes.jsonl", MESHES))
    assert [paper.id for paper in papers] == ["meshes"]
    assert {one.question: one.gold for one in asked} == {"What does the dance of bees tell?": (), "Do bees dance?": ()}


def test_what_is_refused_over_other_papers_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bees, meshes = written(tmp_path / "bees.jsonl", BEES), written(tmp_path / "meshes.jsonl", MESHES)
    assert main([str(bees), "--over", str(meshes)]) == 0
    told = capsys.readouterr().out
    assert "items: unanswerable refused" in told
    assert "100.0 %" in told
    assert "gold sentence first" not in told
