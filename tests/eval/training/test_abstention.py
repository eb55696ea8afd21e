"""Learning the weights: which questions teach, that nothing is judged by a fit that saw it, and what a wrong file of abstracts says."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.cases import other_pages
from eval.cases.other_pages import Page
from eval.cases.reading import Case, CaseError, GoldSentence
from eval.training.abstention import OWN, Example, Fit, examples, left_out, table
from rag.abstention.classifier import model
from rag.ingestion.bundled import bundled_papers


def example(page: str, kin: str, silent: bool, value: float) -> Example:
    return Example({"sign": value, "noise": 0.5}, silent, page, kin)


def test_a_sign_of_silence_gets_weight_and_noise_none() -> None:
    fit = Fit.of([example("a", str(place), place % 2 == 0, place % 2 == 0) for place in range(40)])
    assert fit.weights["sign"] > 0.5
    assert abs(fit.weights["noise"]) < 0.01
    low, high = fit.probabilities([example("a", "x", False, 0.0), example("a", "y", True, 1.0)])
    assert 0 < low < 0.5 < high < 1


@pytest.mark.parametrize("page", ["a", OWN])
def test_nothing_is_judged_by_a_fit_that_saw_its_page_or_its_paper(page: str) -> None:
    """What stands the other way round on one page, or for one paper, is judged as all the others say."""
    usual = [example("b", str(place), place % 2 == 0, place % 2 == 0) for place in range(40)]
    odd = [example(page, "odd", place % 2 == 1, place % 2 == 0) for place in range(200)]
    found = left_out([*usual, *odd])[40:]
    assert all((chance > 0.5) == (each.found["sign"] > 0.5) for chance, each in zip(found, odd, strict=True))


def test_the_table_counts_both_errors_by_page() -> None:
    rows = list(
        table([example(OWN, "1", True, 1), example(OWN, "2", False, 0), example("b", "3", False, 0)], [0.9, 0.2, 0.7], 0.6)
    )  # type: ignore[arg-type]
    assert rows[2:] == [
        "| bundled | 100.0 % of 1 | 0.0 % of 1 |",
        "| b | 0.0 % of 0 | 100.0 % of 1 |",
        "| elsewhere | 0.0 % of 0 | 100.0 % of 1 |",
        "| all | 100.0 % of 1 | 50.0 % of 2 |",
    ]


def test_questions_that_are_decided_by_signs_become_examples() -> None:
    papers = tuple(bundled_papers()[:3])
    gold = (GoldSentence(papers[0].id, "x"),)
    cases = (
        Case("1", "fact", "dev", f"What does {papers[0].title} show?", papers=(papers[0].id,), sentences=gold),
        Case("2", "unanswerable", "dev", "Which learning rate was used?"),
        Case("3", "collection", "dev", "How many papers are there?"),
    )
    found = list(examples(Page("p", papers, cases)))
    assert [(each.silent, each.kin) for each in found][-1] == (True, "2")
    assert len(found) <= 2
    assert all(each.found.keys() == model().weights.keys() for each in found)


def abstracts(path: Path, missing: str = "", cut: int = 5000) -> Path:
    lines = [json.loads(line) for line in (Path(other_pages.__file__).parent / "elsewhere.jsonl").read_text().splitlines()]
    ids = [id for line in lines if "papers" in line for id in line["papers"] if id != missing]
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps({"id": id, "title": id, "abstract": "x" * cut}) + "\n" for id in ids)
    return path


def test_the_pages_elsewhere_have_fifty_papers_each_and_gold_that_stands_in_them(tmp_path: Path) -> None:
    found = other_pages.pages(abstracts(tmp_path / "all.jsonl.gz"))
    assert [(len(page.papers), len(page.cases)) for page in found] == [(50, 140)] * 6
    ids = {case.id for page in found for case in page.cases}
    assert len(ids) == 840
    for page in found:
        own = {paper.id for paper in page.papers}
        assert all(set(case.papers) <= own and bool(case.papers) == (case.kind != "unanswerable") for case in page.cases)


def test_other_abstracts_than_were_asked_about_are_told(tmp_path: Path) -> None:
    first = json.loads((Path(other_pages.__file__).parent / "elsewhere.jsonl").read_text().splitlines()[0])["papers"][0]
    with pytest.raises(CaseError, match="lacks 1 of the papers"):
        other_pages.pages(abstracts(tmp_path / "lacking.jsonl.gz", missing=first))
    with pytest.raises(CaseError, match="another one"):
        other_pages.pages(abstracts(tmp_path / "short.jsonl.gz", cut=10))
