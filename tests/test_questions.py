from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from test_metrics import ANTS, BEES, BY_ID, DANCE, FASTER, answer, case, whole

from eval import questions
from eval.cases import CaseError, GoldSentence
from eval.questions import Asked, Row, failing, main, shown, summarise, table

GOLD = (GoldSentence("bees", "Bees dance."),)
ASKED = [
    Asked(replace(case(sentences=GOLD), id="right"), answer((BEES, DANCE), hits=(BEES,)), 0.01, True),
    Asked(replace(case(sentences=GOLD), id="late"), answer((BEES, FASTER), (BEES, DANCE), hits=(BEES,)), 0.02, True),
    Asked(replace(case(sentences=GOLD, papers=("bees",)), id="refused"), answer(text="No."), 0.03, False),
    Asked(replace(case("unanswerable", ()), id="silent"), answer(text="No."), 0.04, True),
    Asked(replace(case("list", ("ants", "bees")), id="listed"), answer(*whole(ANTS), hits=(ANTS, BEES)), 0.05, True),
]


def row(kind: str, measure: str) -> Row:
    (found,) = [row for row in summarise(ASKED, BY_ID.values()).rows if (row.kind, row.measure) == (kind, measure)]
    return found


@pytest.mark.parametrize(
    ("kind", "measure", "share", "n", "unscored"),
    [
        ("fact", "a gold paper among the first five hits", 2 / 3, 3, 0),
        ("fact", "first sentence cited is gold", 1 / 3, 3, 0),
        ("fact", "gold among first three sentences", 2 / 3, 3, 0),
        ("fact", "refused, though answerable", 1 / 3, 3, 0),
        ("unanswerable", "refused, as is right", 1.0, 1, 0),
        ("list", "list precision", 1.0, 1, 0),
        ("list", "list recall", 0.5, 1, 0),
        ("list", "list F1", 2 / 3, 1, 0),
        ("all", "refused, though answerable", 1 / 4, 4, 1),
        ("all", "a gold paper among the first five hits", 3 / 4, 4, 1),
    ],
)
def test_each_share_is_over_what_can_be_scored(kind: str, measure: str, share: float, n: int, unscored: int) -> None:
    found = row(kind, measure)
    assert found.interval.value == pytest.approx(share)
    assert (found.interval.n, found.unscored) == (n, unscored)


def test_what_no_case_of_a_kind_has_is_not_in_the_table() -> None:
    pairs = {(row.kind, row.measure) for row in summarise(ASKED, BY_ID.values()).rows}
    assert ("fact", "list F1") not in pairs
    assert ("unanswerable", "a gold paper among the first five hits") not in pairs
    assert not any(kind == "summary" for kind, _ in pairs)


def test_times_differences_and_faults_are_told() -> None:
    summary = summarise(ASKED, [ANTS])
    assert (summary.median_seconds, summary.p95_seconds) == (pytest.approx(0.03), pytest.approx(0.048))
    assert summary.differing == ("refused",)
    assert summary.citations == 4
    assert summary.faults[0] == "right: [1] cites bees, which is not in the library"
    assert "citations: 4; with quote, offsets, number or marker wrong: 3" in table(summary)


def test_nothing_asked_is_an_error() -> None:
    with pytest.raises(CaseError, match="No case was asked"):
        summarise([], [])


def test_failing_cases_are_those_that_fall_short_and_say_where() -> None:
    assert [(one.case.id, missed) for one, missed in failing(ASKED, "fact")] == [
        ("late", ["first sentence cited is gold"]),
        ("refused", ["first sentence cited is gold", "refused, though answerable"]),
    ]
    assert [one.case.id for one, _ in failing(ASKED, "list")] == ["listed"]
    assert failing(ASKED, "unanswerable") == []


def test_a_failing_case_is_shown_with_what_was_wanted_and_what_came() -> None:
    text = shown(ASKED[1], ["first sentence cited is gold"])
    assert text.startswith("late: first sentence cited is gold\n")
    assert "gold:     Bees dance.  [bees]" in text
    assert "answered: 18x faster than flies. [1] Bees dance. [2]" in text


def test_the_test_split_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    for split in ("test", "both"):
        with pytest.raises(SystemExit) as ended:
            main(["--split", split, "--show", "fact"])
        assert ended.value.code == 2
        assert "the test split is looked at only for a report" in capsys.readouterr().err


def test_the_product_is_asked_and_the_result_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = [one for one in questions.bundled_cases("dev") if one.kind in ("collection", "hostile")][-4:]
    monkeypatch.setattr(questions, "bundled_cases", lambda split: few)
    assert main(["--json", "--home", str(tmp_path / "library")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["cases"], told["faults"], told["differing"]) == (4, [], [])
    assert {row["kind"] for row in told["rows"]} == {one.kind for one in few} | {"all"}


def test_a_library_without_the_gold_papers_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PAPERCHAT_BUNDLED", "false")
    assert main(["--home", str(tmp_path / "empty")]) == 1
    assert "of the papers asked about" in capsys.readouterr().err
