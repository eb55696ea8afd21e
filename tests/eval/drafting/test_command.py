"""Drafts of cases: by rule over papers, and from what people said of answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes import some_papers

from eval.cases.feedback import NO_GOLD, from_feedback
from eval.cases.papers import collection
from eval.cases.reading import CaseError, load_cases
from eval.drafting.command import checked, main, text_of
from eval.drafting.explanation_rules import METHOD_RULES
from eval.drafting.fact_rules import FACT_RULES
from eval.drafting.field_terms import field_terms_in, stands_in
from eval.drafting.rule_types import Sentence
from eval.drafting.rules import KINDS, NOTES, draft
from eval.drafting.subjects import Subject, subject
from eval.drafting.wording import do, plural, shared_run
from rag.ingestion.bundled import bundled_papers
from rag.text.words import stem, words
from rag.types import Paper

PAPERS = bundled_papers()
NAMED = Subject("FlowNet", "FlowNet")


def asked(text: str, called: Subject = NAMED) -> dict[str, tuple[str, object]]:
    sentence = Sentence(text, "result", called)
    made = {rule.__name__: rule(sentence) for rule in (*FACT_RULES, *METHOD_RULES)}
    return {name: question for name, question in made.items() if question is not None}


@pytest.mark.parametrize(
    ("sentence", "rule", "question", "answer"),
    [
        ("FlowNet outperforms strong baselines by 3.2%.", "by_how_much", "By how much does FlowNet outperform strong baselines?", "3.2%"),
        ("We reduce memory use by a factor of 4x on average.", "by_how_much", "By how much does FlowNet reduce memory use?", "4x"),
        ("Our method improves recall from 41% to 57% in all.", "how_far", "From what to what value does FlowNet improve recall?", "41%"),
        ("It achieves an accuracy of 91.5% on ImageNet.", "which_score", "What accuracy does FlowNet reach on ImageNet?", "91.5%"),
        ("FlowNet achieves an F1 score of 0.624 (recall: 0.887).", "which_score", "What F1 score does FlowNet reach?", "0.624"),
        ("FlowNet is 12 times faster than ResNet.", "how_much_more", "How much faster is FlowNet than ResNet?", "12 times"),
        ("The dataset contains 5,200 images of birds.", "how_many_inside", "How many images does FlowNet contain?", "5,200"),
        ("Experiments on three public benchmarks confirm it.", "how_many_tested", "On how many benchmarks is FlowNet tested?", "three"),
    ],
)  # fmt: skip
def test_a_sentence_with_a_figure_is_asked_for_it(sentence: str, rule: str, question: str, answer: str) -> None:
    made, keys = asked(sentence)[rule]
    assert made == question
    assert isinstance(keys, tuple)
    assert answer in keys[0]


@pytest.mark.parametrize(
    ("sentence", "rule", "question"),
    [
        ("To train graphs that exceed memory, we sample offline.", "how_to", None),
        (
            "To train large graphs on one machine, we sample offline.",
            "how_to",
            "How does FlowNet train large graphs on one machine?",
        ),
        ("FlowNet improves coverage by sampling twice.", "how_by", "How does FlowNet improve coverage?"),
        ("Inverse rendering is ill-posed because light is unknown.", "why", "Why is inverse rendering ill-posed?"),
        ("However, existing DL compilers rely on tracing.", "what_fails", "What do existing DL compilers rely on?"),
        ("The key idea of the method is to sample offline.", "which_idea", "What is the key idea behind FlowNet?"),
        ("We present FlowNet, a network for optical flow.", "what_is", "What is FlowNet?"),
    ],
)
def test_a_sentence_that_explains_is_asked_how_why_or_what(sentence: str, rule: str, question: str | None) -> None:
    made = asked(sentence).get(rule)
    assert (made and made[0]) == question


def test_a_change_between_two_figures_has_both_as_keys() -> None:
    _, keys = asked("FlowNet improves the speedup from 1.4x to 2.1x.")["how_far"]
    assert [key[0] for key in keys] == ["1.4x", "2.1x"]


def test_what_others_reach_is_not_asked_of_this_paper() -> None:
    assert "by_how_much" not in asked("They are slow, and this outperforms them by 3%.")
    assert "which_score" not in asked("Existing methods, which achieve an accuracy of 50%, are slow.")


def test_a_formula_is_never_put_into_a_question() -> None:
    assert not any("$" in question for question, _ in asked("FlowNet reduces $\\ell_2$ error by 12%.").values())


def test_a_paper_is_called_by_its_own_name_and_by_nobody_elses() -> None:
    own = Paper("a", "Fast flows", "We propose FlowNet, a network. FlowNet is fast.")
    other = Paper("b", "Fast flows", "For example, Luo et al. (2024) recently proposed the Gaunt product (GTP). We study it.")
    assert subject(own).name == "FlowNet"
    assert subject(other) == Subject("", "the work on fast flows")


def test_a_title_that_is_a_sentence_is_quoted() -> None:
    assert subject(Paper("a", "Attention is all you need", "We study.")).actor == "the paper “Attention is all you need”"


def test_a_list_asks_for_a_noun() -> None:
    texts = ("Equivariant nets are equivariant.", "We study equivariant maps, equivariant layers.")
    papers = [Paper(str(at), f"Paper {at}", text) for at, text in enumerate(texts)]
    assert field_terms_in(texts[0])
    assert draft(papers, 5, ("list",)) == []


def test_one_thing_with_a_plural_looking_name_stays_one_thing() -> None:
    assert [do(name) for name in ("AgroTools", "Mag1c-SAS", "LLMs", "neural networks")] == ["does", "does", "do", "do"]


def test_plurals_only_where_one_can_count() -> None:
    assert [plural(noun) for noun in ("neural network", "segmentation", "GNNs", "symmetry")] == [
        "neural networks",
        "segmentation",
        "GNNs",
        "symmetries",
    ]


@pytest.fixture(scope="module")
def drafts() -> list:
    return draft(PAPERS, 60)


def test_drafts_are_of_every_kind_and_pass_the_check(drafts: list) -> None:
    assert len(drafts) == 60
    assert {case.kind for case in drafts} == set(KINDS)
    assert checked(text_of(drafts), PAPERS)
    assert len({case.id for case in drafts}) == len({case.question for case in drafts}) == 60


def test_the_same_seed_gives_the_same_drafts_whatever_the_order_of_the_papers(drafts: list) -> None:
    assert draft(PAPERS[::-1], 60) == drafts
    assert draft(PAPERS, 60, seed=1) != drafts


def test_drafts_say_what_they_are_and_do_not_copy_their_sentence(drafts: list) -> None:
    for case in drafts:
        assert case.notes.startswith(NOTES)
        assert case.question.endswith("?")
        assert case.question[0].isupper()
        called = [subject(paper).actor for paper in PAPERS if paper.id in case.papers]
        for sentence in case.sentences if len(called) == 1 else ():
            assert shared_run(case.question.replace(called[0], "·"), sentence.text) < 6


def test_keys_stand_in_the_gold_sentence(drafts: list) -> None:
    for case in drafts:
        if case.kind == "fact":
            assert all(any(form in case.sentences[0].text for form in key) for key in case.answer), case


def test_what_is_unanswerable_stands_nowhere_in_the_abstract(drafts: list) -> None:
    by_id = {paper.id: paper for paper in PAPERS}
    silent = [case for case in drafts if case.kind == "unanswerable"]
    assert silent
    for case in silent:
        paper = by_id[case.notes.split("abstract of ")[1].split(" is silent")[0]]
        point = case.notes.split("“")[1].split("”")[0]
        term = next(term for term in field_terms_in(point) if term.name == point)
        assert not stands_in(term, [stem(word) for word in words(f"{paper.title} {paper.abstract}")])


def test_fewer_where_the_papers_give_no_more(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    source = tmp_path / "few.jsonl"
    records = [{"title": paper.title, "abstract": paper.abstract} for paper in PAPERS[:2]]
    source.write_text("\n".join(map(json.dumps, records)))
    assert main([str(source), "--count", "500", "--kinds", "fact,method"]) == 0
    said = capsys.readouterr()
    assert "of 500 cases could be drafted from 2 papers" in said.err
    (tmp_path / "made.jsonl").write_text(said.out)
    assert load_cases(tmp_path / "made.jsonl", collection(source))


def test_nothing_to_draft_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    source = tmp_path / "dull.jsonl"
    source.write_text("\n".join(json.dumps({"title": paper.title, "abstract": paper.abstract}) for paper in some_papers(2)))
    assert main([str(source), "--kinds", "fact"]) == 1
    assert "No case could be drafted" in capsys.readouterr().err


def test_a_file_that_a_person_edited_is_not_overwritten(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "cases.jsonl"
    assert main(["--count", "5", "--out", str(out)]) == 0
    before = out.read_text()
    assert main(["--count", "6", "--out", str(out)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert out.read_text() == before


def test_a_library_is_a_collection(bundled_home: Path) -> None:
    assert {paper.id for paper in collection(bundled_home)} == {paper.id for paper in PAPERS}


def test_a_folder_that_is_no_library_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Error: ")
    assert "is no library" in said


def feedback(tmp_path: Path, *records: object) -> Path:
    path = tmp_path / "feedback.jsonl"
    path.write_text("\n".join(record if isinstance(record, str) else json.dumps(record) for record in records))
    return path


def rated(rating: str, **fields: object) -> dict[str, object]:
    quote = PAPERS[0].abstract.split(". ")[0] + "."
    told = {"question": "How are brains compared?", "answer": "…", "rating": rating, "comment": ""}
    return told | {"citations": [{"paper": PAPERS[0].id, "quote": quote}], "time": "2026-01-01T00:00:00"} | fields


def test_a_thumb_up_keeps_its_citations_as_gold(tmp_path: Path) -> None:
    cases, notices = from_feedback(feedback(tmp_path, rated("up")), PAPERS)
    assert not notices
    assert cases[0].papers == (PAPERS[0].id,)
    assert cases[0].sentences[0].text in PAPERS[0].abstract
    assert checked(text_of(cases), PAPERS)


def test_a_thumb_down_has_no_gold_and_the_comment_in_its_notes(tmp_path: Path) -> None:
    cases, _ = from_feedback(feedback(tmp_path, rated("down", comment="wrong\npaper")), PAPERS)
    assert cases[0].papers == cases[0].sentences == cases[0].answer == ()
    assert NO_GOLD in cases[0].notes
    assert cases[0].notes.endswith("Comment: wrong paper")
    assert checked(text_of(cases), PAPERS)


def test_a_praised_refusal_is_unanswerable_and_a_praised_count_is_about_the_collection(tmp_path: Path) -> None:
    path = feedback(
        tmp_path, rated("up", question="Who won the cup?", citations=[]), rated("up", question="How many papers are there?", citations=[])
    )  # fmt: skip
    assert [case.kind for case in from_feedback(path, PAPERS)[0]] == ["unanswerable", "collection"]


def test_the_last_rating_of_a_question_counts(tmp_path: Path) -> None:
    cases, _ = from_feedback(feedback(tmp_path, rated("down"), rated("up")), PAPERS)
    assert len(cases) == 1
    assert cases[0].sentences


def test_a_citation_that_no_longer_stands_is_left_out_and_told(tmp_path: Path) -> None:
    gone = {"paper": PAPERS[0].id, "quote": "never written"}
    strange = {"paper": "arxiv:0000.00000", "quote": "x"}
    cases, notices = from_feedback(feedback(tmp_path, rated("up", citations=[gone, strange, "x"])), PAPERS)
    assert len(notices) == 3
    assert NO_GOLD in cases[0].notes


@pytest.mark.parametrize("line", ["{", "[]", '{"question": " "}', '{"question": "a", "rating": "meh"}', '{"question": "a", "rating": "up", "citations": 3}'])  # fmt: skip
def test_a_broken_line_of_feedback_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(CaseError, match=r"feedback\.jsonl:2"):
        from_feedback(feedback(tmp_path, rated("up"), line), PAPERS)
