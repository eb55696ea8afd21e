"""Greetings, thanks and questions about Paperchat itself are told from questions to the papers."""

from __future__ import annotations

import pytest

from eval.cases.reading import bundled_cases
from rag.query.small_talk import SmallTalk, small_talk


@pytest.mark.parametrize(
    ("said", "kind", "language"),
    [
        ("hello", "greeting", "en"),
        ("Hi there!", "greeting", "en"),
        ("HEY 👋", "greeting", "en"),
        ("Good morning, Paperchat.", "greeting", "en"),
        ("thanks!!", "thanks", "en"),
        ("Great, thank you very much :)", "thanks", "en"),
        ("Thank you, that was useful.", "thanks", "en"),
        ("Thanks for your help, that's all", "thanks", "en"),
        ("what can I ask?", "help", "en"),
        ("Hello, what can I ask you?", "help", "en"),
        ("who are you", "help", "en"),
        ("What’s your name?", "help", "en"),
        ("help", "help", "en"),
        ("Hallo!", "greeting", "de"),
        ("Bonjour !", "greeting", "en"),
        ("¡Hola!", "greeting", "en"),
        ("Grazie mille", "thanks", "en"),
        ("O que posso perguntar?", "help", "en"),
        ("Guten Tag, wer bist du?", "help", "de"),
        ("Vielen Dank", "thanks", "de"),
        ("Was kann ich fragen?", "help", "de"),
        ("Grüß Gott", "greeting", "de"),
        ("Hi, was kann ich hier fragen?", "help", "de"),
        ("What is in here?", "overview", "en"),
        ("Hello! What’s in here?", "overview", "en"),
        ("Main themes?", "overview", "en"),
        ("summarise", "overview", "en"),
        ("Worum geht es hier?", "overview", "de"),
    ],
)
def test_what_asks_nothing_of_the_papers(said: str, kind: str, language: str) -> None:
    found = small_talk(said)
    assert found is not None
    assert (found.kind, found.language) == (kind, language)


@pytest.mark.parametrize(
    "question",
    ["", "???", "😀", "hello world models", "Thanks, what does MgNO do?", "help me understand MgNO", "What is this paper about?", "Which papers help?",
     "who are you citing", "test set size", "hello " * 100_000],
)  # fmt: skip
def test_what_is_for_the_papers(question: str) -> None:
    assert small_talk(question) is None


def test_no_bundled_question_is_small_talk() -> None:
    assert [case.question for case in bundled_cases("dev") if small_talk(case.question) and case.papers] == []


def test_the_kind_of_help_counts_before_that_of_a_greeting() -> None:
    assert small_talk("what can you do? thanks, bye") == SmallTalk("help", "en")
