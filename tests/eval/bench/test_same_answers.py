"""Papers that are kept or reached in another way are answered from in the same words; what differs is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from eval.bench import same_answers
from eval.bench.kept import Ask, Kept, Told
from eval.bench.same_answers import WAYS, Way, compare, main, measured, table
from eval.cases.reading import bundled_cases, sampled_cases
from rag.ingestion.bundled import bundled_papers

EXACT = [name for name, way in WAYS.items() if way.exact and name != "on_servers"]
CASES = sampled_cases()[::4]


@pytest.fixture(scope="module")
def kept() -> Kept:
    return Kept(bundled_papers())


def test_every_way_that_gives_up_nothing_answers_in_the_same_words(kept: Kept) -> None:
    found = list(measured(CASES, EXACT, kept))
    assert [one.way for one in found] == [WAYS[name] for name in EXACT]
    assert {one.way.what: [case.id for case in one.differing] for one in found} == {WAYS[name].what: [] for name in EXACT}


def test_answers_that_differ_are_counted_with_how_many_were_right(kept: Kept) -> None:
    papers = {paper.id: paper for paper in kept.papers}
    case = next(case for case in bundled_cases("dev") if case.kind == "fact")
    start = papers[case.sentences[0].paper].abstract.index(case.sentences[0].text)
    right = Told("answered", "This.", ((case.sentences[0].paper, start, start + len(case.sentences[0].text)),))
    told = iter([right, Told("not_found", "", ())])
    found = compare(Way("otherwise"), [case, case], [right, right], lambda case: next(told), papers)
    assert found.differing == (case,)
    assert table([found]).splitlines()[-1] == "| otherwise | 2 | 1 | 1, 0 |"


def test_a_way_that_must_not_differ_and_does_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    @contextmanager
    def nothing(self: Kept) -> Iterator[Ask]:
        yield lambda case: Told("not_found", case.id, ())

    @contextmanager
    def something(self: Kept) -> Iterator[Ask]:
        yield lambda case: Told("not_found", "", ())

    monkeypatch.setattr(Kept, "shipped", nothing)
    monkeypatch.setattr(Kept, "grown", something)
    monkeypatch.setattr(Kept, "in_floats", something)
    assert main(["--every", "500", "--only", "grown"]) == 1
    assert f"{WAYS['grown'].what} | 3 | 3 |" in capsys.readouterr().out
    assert main(["--every", "500", "--only", "in_floats"]) == 0


def test_an_unknown_way_is_named() -> None:
    with pytest.raises(SystemExit):
        same_answers.main(["--only", "sideways"])
