"""Languages of questions: told by script, letters and small words; English ones, keywords among them, are never taken for others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from many_languages import ANSWERABLE, UNANSWERABLE

from rag.query.languages import READ, UNKNOWN, is_read, language_asked, languages

CASES = Path(__file__).resolve().parents[3] / "eval" / "cases"


@pytest.mark.parametrize(("code", "question"), [*ANSWERABLE.items(), *UNANSWERABLE.items()])
def test_the_language_of_a_question(code: str, question: str) -> None:
    assert language_asked(question) == code


@pytest.mark.parametrize("code", [code for code in languages() if not languages()[code].words and code != "en"])
def test_everyday_questions_in_other_scripts_are_told(code: str) -> None:
    assert {language_asked(question) for question in languages()[code].questions} == {code}


def test_each_language_has_the_same_questions() -> None:
    assert {len(own.questions) for own in languages().values()} == {8}
    assert len({question for own in languages().values() for question in own.questions}) == 8 * len(languages())


def test_a_script_without_a_language_here_is_unknown_and_not_read() -> None:
    assert language_asked("რა არის ნერვული ქსელი?") == UNKNOWN
    assert not is_read("რა არის ნერვული ქსელი?", UNKNOWN, lambda word: True)


@pytest.mark.parametrize("file", ["dev.jsonl", "test.jsonl"])
def test_english_questions_are_english(file: str) -> None:
    questions = [json.loads(line)["question"] for line in (CASES / file).read_text(encoding="utf-8").splitlines()]
    others = {question for question in questions if language_asked(question) not in READ}
    assert len(others) <= len(questions) / 500, others


@pytest.mark.parametrize(
    "keywords",
    [
        "Uber drivers",
        "dire wolf",
        "de novo mutations",
        "AI swarms, non-AI agents, AI audits",
        "non-rigid shape registration",
        "cytokines, il-17, il-22",
        "monocular gaussian splatting",
        "periapical radiograph contours",
    ],
)
def test_one_word_of_another_language_does_not_make_english_keywords_foreign(keywords: str) -> None:
    assert language_asked(keywords) == "en"


def test_german_is_read_as_far_as_the_glossary_reaches() -> None:
    assert is_read("Welche Arbeiten handeln von Graphen?", "de", lambda word: word == "graphs")
    assert not is_read(ANSWERABLE["de"], "de", lambda word: False)
    assert is_read("Wie hilft die Hirnverformung?", "de", lambda word: word == "Hirnverformung")
    assert not is_read(ANSWERABLE["id"], "id", lambda word: True)
