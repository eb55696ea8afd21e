"""Lists are measured over papers that people graded; what only touches a question counts as neither right nor wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from eval.bench import lists
from eval.bench.lists import Asked, Outcome, compared, figures, half, main, read

PAPERS = [
    {"id": "bees", "title": "Weighing bees", "abstract": "We propose a scale that weighs bees in flight."},
    {"id": "maps", "title": "Old maps", "sentences": ["We restore old maps.", "They show rivers."]},
    {"id": "rivers", "title": "River flow", "abstract": "We measure the flow of rivers."},
]
QUESTIONS = [
    {
        "question": "Which papers are about bees?",
        "form": "topic",
        "papers": ["bees", "rivers", "maps"],
        "grades": {"bees": 2, "maps": 1},
    },
    {"question": "Which papers are about glaciers?", "form": "topic", "papers": ["rivers", "maps"], "grades": {}},
]


def written(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def given(tmp_path: Path) -> tuple[Path, Path]:
    return written(tmp_path / "questions.jsonl", QUESTIONS), written(tmp_path / "papers.jsonl", PAPERS)


def test_papers_and_grades_are_read(given: tuple[Path, Path]) -> None:
    papers, asked = read(*given)
    assert papers[1].abstract == "We restore old maps. They show rivers."
    assert asked[0] == Asked(
        QUESTIONS[0]["question"], "topic", ("bees", "rivers", "maps"), frozenset({"bees"}), frozenset({"maps"})
    )  # type: ignore[arg-type]
    assert [one.question for which in (0, 1) for one in half(asked, which)] == [one["question"] for one in QUESTIONS]


def test_f1_counts_what_was_listed_and_what_was_wanted() -> None:
    assert Outcome("", "", "", right=1, listed=3, wanted=1).f1 == 0.5
    assert Outcome("", "", "", right=0, listed=0, wanted=0).f1 == 1.0


def test_questions_that_no_paper_answers_are_told_apart() -> None:
    rows = list(figures([Outcome("a", "topic", "1", 1, 1, 1), Outcome("b", "topic", "2", 0, 0, 0)]))
    assert rows[0].split() == ["F1", "1.000", "(1.000–1.000),", "n", "=", "1"]
    assert rows[3].split()[:5] == ["nothing", "listed", "of", "nothing", "1.000"]


def test_runs_are_compared_by_question() -> None:
    before, after = Outcome("a", "topic", "1", 0, 1, 1), Outcome("a", "topic", "1", 1, 1, 1)
    assert compared([after], [before]).startswith("F1 0.000 → 1.000: +1.000")
    assert compared([after], []) == "no question in common"


@pytest.mark.parametrize("apart", [[], ["--apart"]])
def test_questions_are_asked_of_the_product(
    given: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], apart: list[str]
) -> None:
    out = tmp_path / "out.jsonl"
    assert main([*map(str, given), "--out", str(out), *apart]) == 0
    first, *_ = [Outcome(**json.loads(line)) for line in out.read_text(encoding="utf-8").splitlines()]
    assert asdict(first) == asdict(Outcome(QUESTIONS[0]["question"], "topic", "bees", 1, 1, 1))  # type: ignore[arg-type]
    assert lists.main([*map(str, given), "--half", "0", "--before", str(out)]) == 0
    assert "F1 1.000 → 1.000" in capsys.readouterr().out
