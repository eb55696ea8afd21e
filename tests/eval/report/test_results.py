"""The READMEs' tables of results: their rows, and their places in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases.reading import Case, CaseError, Kind
from eval.report import results as module
from eval.report.marks import Place, replaced
from eval.report.results import AIMED, MEASURES, RESULTS, main, measures, results
from eval.report.summary import summarise
from eval.scores.measures import DIRECTIONS
from eval.types import Result, Score

ROOT = Path(module.__file__).parents[2]
PLACE = Place("weather", "python -m weather --write FILE")


def result(id: str, kind: Kind, *scores: Score) -> Result:
    return Result(Case(id, kind, "test", "Why?", papers=("bees",)), {}, scores=scores)


ROWS = summarise(
    [
        result("a", "fact", Score("gold_sentence@1", 1.0, ""), Score("supported", 1.0, "", 3)),
        result("b", "fact", Score("gold_sentence@1", 0.0, ""), Score("supported", None, "refused")),
        result("c", "list", Score("list_f1", None, "nothing listed"), Score("papers.both.ndcg@10", 0.5, "")),
    ]
)


def test_what_is_aimed_at_stands_by_kind_with_its_aim() -> None:
    rows = results(ROWS).splitlines()
    assert "| fact | first sentence cited is gold | 50.0 % (50.0–50.0), n = 2 | ≥ 65 % |" in rows
    assert "| all | sentences that the checker calls supported | 100.0 % (100.0–100.0), n = 3, 1 unscored | ≥ 99 % |" in rows
    assert "| list | F1 of the papers listed | –, n = 0, 1 unscored |  |" in rows
    assert len(rows) == 2 + 3


def test_every_measure_is_listed_once_over_all_cases() -> None:
    rows = measures(ROWS).splitlines()
    assert rows[2:] == [
        "| `supported` | 100.0 % (100.0–100.0) | 3 | 1 |",
        "| `gold_sentence@1` | 50.0 % (50.0–50.0) | 2 |  |",
        "| `list_f1` | – | 0 | 1 |",
        "| `papers.both.ndcg@10` | 0.500 (0.500–0.500) | 1 |  |",
    ]


def test_the_measures_aimed_at_are_there() -> None:
    assert {measure for _, measure, _, _ in AIMED} <= DIRECTIONS.keys()


def test_the_table_takes_the_place_of_the_old_one_and_touches_nothing_else() -> None:
    text = f"before\n{PLACE.begin}\nold\n{PLACE.end}\nafter"
    once = replaced(text, "new", PLACE)
    assert "old" not in once
    assert once.startswith("before\n")
    assert once.endswith("\nafter")
    assert replaced(once, "new", PLACE) == once
    with pytest.raises(CaseError, match="no place for the table"):
        replaced("nothing here", "new", PLACE)


@pytest.mark.parametrize(("readme", "place"), [("README.md", RESULTS), ("eval/README.md", MEASURES)])
def test_the_readmes_have_the_places(readme: str, place: Place) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert replaced(text, "new", place) != text


def test_a_run_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl" in capsys.readouterr().err


def test_both_tables_are_written(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"{RESULTS.begin}\n{RESULTS.end}\n{MEASURES.begin}\n{MEASURES.end}\n", encoding="utf-8")
    run = ROOT / "eval" / "data" / "runs" / "sample.jsonl"
    assert main([str(run), "--write", str(readme), "--write-all", str(readme)]) == 0
    text = readme.read_text(encoding="utf-8")
    assert "| fact | first sentence cited is gold |" in text.split(RESULTS.end)[0]
    assert "| `supported` |" in text.split(RESULTS.end)[1]
