"""Questions to begin with are made from the collection and can be answered by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.build import open_library
from rag.explore.suggestions import MOST, about, is_plural, suggestions, telling_name
from rag.types import Paper


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_bundled_papers_give_questions_of_different_kinds_that_are_answered(bundled_home: Path, language: str) -> None:
    with open_library(bundled_home, readonly=True) as paperchat:
        found = suggestions(paperchat.papers(), language)
        assert len(found) == len({question.split()[0] for question in found}) == MOST
        assert [paperchat.ask(question).status for question in found] == ["answered"] * MOST


def test_a_collection_without_names_is_asked_for_its_newest_and_none_for_nothing() -> None:
    assert suggestions([Paper("a", "on the weighing of bees", "Bees weigh little.")]) == ["Which are the newest papers?"]
    assert suggestions([]) == []


@pytest.mark.parametrize(
    ("name", "abstract", "many"),
    [
        ("PHNNs", "We study PHNNs for bees.", True),
        ("Hive Operators", "We propose Hive Operators.", True),
        ("HiveNet", "We propose HiveNet.", False),
        ("BeeS", "We propose BeeS.", False),
        ("Hive Analysis", "We propose Hive Analysis.", False),
        ("Twin Hives", "Twin Hives is a method. Twin Hives has no equal.", False),
        ("HiveData", "HiveData are collected at night.", True),
    ],
)
def test_a_question_about_a_paper_is_in_the_number_of_its_name(name: str, abstract: str, many: bool) -> None:
    paper = Paper("a", f"{name}: On the weighing of bees", abstract)
    assert is_plural(name, paper) == many
    assert about("how", paper) == f"How {'do' if many else 'does'} {name} work?"
    assert about("how", paper, "de") == f"Wie {'funktionieren' if many else 'funktioniert'} {name}?"


@pytest.mark.parametrize("kind", ["fact", "how", "data", "result", "limits", "summary"])
@pytest.mark.parametrize("name", ["HiveNet", "PHNNs"])
def test_every_question_has_both_languages_and_an_unknown_one_is_english(kind: str, name: str) -> None:
    paper = Paper("a", f"{name}: On the weighing of bees", "Bees weigh little.")
    assert len({about(kind, paper, language) for language in ("en", "de", "fr")}) == 2
    assert about(kind, paper, "fr") == about(kind, paper)


def test_a_list_is_asked_for_by_a_phrase_of_several_titles_rather_than_by_a_word_of_every_field() -> None:
    titles = (
        "Large hive models that hum",
        "Why large hive models?",
        "A test of large hive models",
        "Models of rain",
        "Two models",
    )
    found = suggestions([Paper(title, title, "") for title in titles])
    assert "Which papers deal with large hive models?" in found


def test_what_stands_before_another_word_each_time_is_asked_for_by_itself() -> None:
    titles = ("Quokka latent", "Quokka zoning", "A field of quokkas")
    assert "Which papers deal with quokkas?" in suggestions([Paper(title, title, "") for title in titles])


@pytest.mark.parametrize(
    "title", ["When to Trust the HiveNet: A Study", "Towards HiveNets: A Survey", "What HiveNet Knows: Probes"]
)
def test_half_a_sentence_is_no_name(title: str) -> None:
    assert telling_name(Paper("a", title, "Bees weigh little.")) == ""
