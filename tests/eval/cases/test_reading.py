from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eval.cases.reading import SPLITS, Case, CaseError, GoldSentence, bundled_cases, load_cases
from rag.errors import PaperchatError
from rag.ingestion.bundled import bundled_papers
from rag.types import Paper

PAPERS = [
    Paper("arxiv:2401.00001", "On bees", "Bees dance. They do so in the dark."),
    Paper("arxiv:2401.00002", "On ants", "Ants walk in lines."),
]
BEES, ANTS = (paper.id for paper in PAPERS)


def record(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": "one",
        "kind": "fact",
        "split": "dev",
        "hard": False,
        "question": "What do bees do?",
        "history": [],
        "papers": [BEES],
        "acceptable": [],
        "sentences": [{"paper": BEES, "text": "Bees dance."}],
        "answer": [["dance", "dancing"]],
        "notes": "",
    }
    return fields | changes


def written(folder: Path, *records: object) -> Path:
    path = folder / "cases.jsonl"
    lines = [each if isinstance(each, str) else json.dumps(each) for each in records]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def complaint(folder: Path, *records: object) -> str:
    with pytest.raises(CaseError) as caught:
        load_cases(written(folder, *records), PAPERS)
    return str(caught.value)


def test_a_case_is_read_field_by_field(tmp_path: Path) -> None:
    assert load_cases(written(tmp_path, record(hard=True, notes="n")), PAPERS) == [
        Case(
            id="one",
            kind="fact",
            split="dev",
            question="What do bees do?",
            hard=True,
            papers=(BEES,),
            sentences=(GoldSentence(BEES, "Bees dance."),),
            answer=(("dance", "dancing"),),
            notes="n",
        )
    ]


def test_four_fields_are_enough_where_nothing_is_gold(tmp_path: Path) -> None:
    short = {"id": "one", "kind": "unanswerable", "split": "test", "question": "What do wasps do?"}
    assert load_cases(written(tmp_path, short), PAPERS) == [Case("one", "unanswerable", "test", "What do wasps do?")]


def test_blank_lines_a_byte_order_mark_and_windows_line_ends_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf" + json.dumps(record()).encode() + b"\r\n\r\n" + json.dumps(record(id="two")).encode() + b"\r\n"
    )
    assert [case.id for case in load_cases(path, PAPERS)] == ["one", "two"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colour": "red"}, "the field `colour` is unknown"),
        ({"kind": "riddle"}, "`kind` must be one of fact, method"),
        ({"kind": ["fact"]}, "`kind` must be one of fact, method"),
        ({"split": "train"}, "`split` must be dev or test"),
        ({"question": "  "}, "`question` must be a text that is not blank"),
        ({"id": 7}, "`id` must be a text"),
        ({"hard": 1}, "`hard` must be true or false"),
        ({"history": "earlier"}, "`history` must be a list"),
        ({"papers": [BEES, ""]}, "`papers` must be a list of paper ids"),
        ({"sentences": [{"paper": BEES}]}, "`sentences` must be a list of"),
        ({"sentences": ["Bees dance."]}, "`sentences` must be a list of"),
        ({"answer": ["dance"]}, "`answer` must be a list of keys"),
        ({"answer": [[]]}, "`answer` must be a list of keys"),
        ({"notes": None}, "`notes` must be a text"),
        ({"papers": [BEES, "arxiv:9999.00001"]}, "no paper has the id arxiv:9999.00001"),
        ({"papers": [BEES, BEES]}, "`papers` names a paper twice"),
        ({"sentences": [{"paper": BEES, "text": "bees dance."}]}, "does not stand word for word"),
        ({"sentences": [{"paper": ANTS, "text": "Ants walk in lines."}]}, "which is not among `papers`"),
        ({"history": ["What are bees?"]}, "only a follow_up has a `history`"),
        ({"kind": "follow_up"}, "a follow_up needs the earlier questions"),
        ({"kind": "method", "papers": [], "sentences": []}, "needs the papers of a right answer"),
        ({"kind": "compare"}, "a compare needs two papers"),
        ({"kind": "unanswerable"}, "an unanswerable case has no `papers`"),
        ({"acceptable": [ANTS]}, "only a list has `acceptable` papers"),
        ({"kind": "list", "acceptable": [BEES]}, "both in `papers` and in `acceptable`"),
        ({"kind": "list", "acceptable": ["arxiv:9999.00001"]}, "no paper has the id arxiv:9999.00001"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_id(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    told = complaint(tmp_path, record(id="right"), record(**changes))
    assert said in told
    assert f"cases.jsonl:2, {'no id' if 'id' in changes else 'one'}: " in told
    assert told.startswith(f"{tmp_path / 'cases.jsonl'} has 1 problem;")


@pytest.mark.parametrize("field", ["id", "kind", "split", "question"])
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    fields = record()
    del fields[field]
    assert f"the field `{field}` is missing" in complaint(tmp_path, fields)


@pytest.mark.parametrize(
    ("line", "said"), [("{", "it is not JSON"), ("[]", "it is not a JSON object"), ("[" * 100_000, "it is not JSON")]
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    assert f"cases.jsonl:1, no id: {said}" in complaint(tmp_path, line, record())


def test_the_second_of_two_equal_ids_is_named_with_the_first_ones_line(tmp_path: Path) -> None:
    assert "cases.jsonl:3, one: the id is that of line 1 as well" in complaint(tmp_path, record(), record(id="two"), record())


def test_an_id_that_a_broken_case_has_is_taken_all_the_same(tmp_path: Path) -> None:
    assert "cases.jsonl:2, one: the id is that of line 1" in complaint(tmp_path, record(kind="riddle"), record())


def test_all_problems_are_told_at_once_up_to_twenty(tmp_path: Path) -> None:
    told = complaint(tmp_path, *(record(id=f"case-{number}", kind="riddle") for number in range(25)))
    assert "has 25 problems" in told
    assert told.count("riddle") == 0
    assert told.count("`kind` must be") == 20
    assert told.endswith("and 5 more")


def test_a_file_without_a_case_a_missing_one_and_one_that_is_no_text_are_errors(tmp_path: Path) -> None:
    assert "holds no case" in complaint(tmp_path, "", "")
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    for name, said in (("nowhere.jsonl", "cannot be read"), ("binary.jsonl", "is not UTF-8 text"), (".", "cannot be read")):
        with pytest.raises(PaperchatError, match=said):
            load_cases(tmp_path / name, PAPERS)


BUNDLED = bundled_cases()
ABSTRACTS = {paper.id: paper for paper in bundled_papers()}
NAME_WORDS = {"the", "spin", "glass", "phase"}
"""Small words that belong to a name, and technical terms without capitals that have no other name, as in “the spin glass phase”."""


def test_each_bundled_split_loads_and_holds_its_own_cases() -> None:
    assert [{case.split for case in bundled_cases(split)} for split in SPLITS] == [{"dev"}, {"test"}]


def test_there_are_enough_bundled_cases_of_every_kind_in_both_splits() -> None:
    counts = Counter((case.kind, case.split) for case in BUNDLED)
    assert len(BUNDLED) >= 250
    assert len(counts) == 18
    assert min(counts.values()) >= 4


def test_no_id_stands_in_both_splits() -> None:
    assert [id for id, count in Counter(case.id for case in BUNDLED).items() if count > 1] == []


def test_no_question_stands_twice() -> None:
    asked = Counter((case.question.casefold(), case.history) for case in BUNDLED)
    assert [question for question, count in asked.items() if count > 1] == []


def test_every_bundled_paper_is_gold_at_least_twice() -> None:
    counts = Counter(paper for case in BUNDLED for paper in case.papers)
    assert [paper for paper in ABSTRACTS if counts[paper] < 2] == []


def test_a_third_of_the_bundled_cases_is_hard() -> None:
    assert sum(case.hard for case in BUNDLED) / len(BUNDLED) >= 1 / 3


def test_each_answer_key_of_a_point_stands_in_its_gold_sentences() -> None:
    lacking = []
    for case in BUNDLED:
        if case.kind in ("fact", "method"):
            gold = " ".join(sentence.text for sentence in case.sentences).casefold()
            lacking += [case.id for key in case.answer if not any(form.casefold() in gold for form in key)]
    assert lacking == []


def test_no_question_shares_four_words_in_a_row_with_its_gold_abstracts_outside_names() -> None:
    assert [
        (case.id, run) for case in BUNDLED for paper in case.papers for run in shared_runs(case.question, ABSTRACTS[paper])
    ] == []


def test_a_shared_run_is_found_and_a_name_is_none() -> None:
    paper = Paper(
        "arxiv:2401.00003",
        "Swarms of bees",
        "We watch bees that dance in the dark. Deep Bee Net v2 does too. Swarms of bees of bees.",
    )
    assert shared_runs("Why do bees THAT dance in the hive?", paper) == ["bees that dance in", "that dance in the"]
    assert shared_runs("What is Deep Bee Net v2 about?", paper) == []
    assert shared_runs("Are swarms of bees of interest?", paper) == []


def shared_runs(question: str, paper: Paper) -> list[str]:
    """Runs of four words of the abstract that stand in the question as well and are not a name through and through."""
    asked, told = all_words(question), re.findall(r"[^\W_]+", paper.abstract)
    in_question = {tuple(asked[at : at + 4]) for at in range(len(asked) - 3)}
    title = set(all_words(paper.title)) | NAME_WORDS
    runs = [told[at : at + 4] for at in range(len(told) - 3)]
    shared = [run for run in runs if tuple(word.casefold() for word in run) in in_question]
    return [
        " ".join(run)
        for run in shared
        if not all(word.casefold() in title or word != word.lower() or not word.isalpha() for word in run)
    ]


def all_words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"[^\W_]+", text)]
