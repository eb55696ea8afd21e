"""The table of what each part brings: scores come apart into what they were made of, and the table finds its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.bench import ablation
from eval.bench.ablation import ADDED, PLACE, Row, _ranked, _weighed, main, table
from eval.cases.reading import bundled_cases
from eval.stats.bootstrap import Interval
from rag.build import open_library
from rag.query.question import understand
from rag.retrieval.sentence_ranker import SentenceRanker

ROW = Row("search", "words", "gold papers", Interval(0.5, 0.25, 0.75, 8))


def test_with_every_part_added_the_ranking_is_the_products_own(bundled_home: Path) -> None:
    cases = [case for case in bundled_cases("dev") if case.kind == "fact"][:5]
    with open_library(bundled_home, readonly=True) as chat:
        search, ranker = chat.assistant.search, SentenceRanker(chat.word_encoder)
        differ = 0
        for case in cases:
            own = _weighed(case, search, ranker)
            asked = understand(search.corrected(case.question))
            theirs = [match.evidence.span for match in ranker.matches(asked, search.search(asked.text, 5))]
            assert [citation.span for citation in _ranked(own, len(ADDED) - 1)] == theirs
            differ += [citation.span for citation in _ranked(own, 0)] != theirs
        assert differ


def test_each_row_names_the_command_that_makes_it() -> None:
    assert "| 0.500 (0.250–0.750) | 8 | `python -m eval.bench.ablation --only search` |" in table([ROW])


def test_a_file_without_the_marks_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ablation, "PARTS", {"search": lambda cases: iter([ROW])})
    page = tmp_path / "page.md"
    page.write_text("nothing here")
    assert main(["--write", str(page)]) == 1
    assert page.read_text() == "nothing here"
    assert "no place for the table" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--only", "weather"])
    assert "is not a list of parts" in capsys.readouterr().err


def test_the_readme_has_the_place_and_a_table() -> None:
    readme = (Path(ablation.__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    inside = readme.split(PLACE.begin)[1].split(PLACE.end)[0]
    assert all(name in inside for name in ADDED)
