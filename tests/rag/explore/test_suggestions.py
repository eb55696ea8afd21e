"""Questions to begin with are made from the collection and can be answered by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.build import open_library
from rag.explore.fitting import fits
from rag.explore.suggestions import MOST, about, is_plural, next_to, suggestions, telling_name
from rag.types import Paper


def asked(papers: list[Paper], language: str = "en") -> list[str]:
    return [each.question for each in suggestions(papers, language)]


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_bundled_papers_give_questions_of_different_kinds_that_are_answered(bundled_home: Path, language: str) -> None:
    with open_library(bundled_home, readonly=True) as paperchat:
        found = suggestions(paperchat.papers(), language)
        assert len({each.kind for each in found}) == len(found)
        answered = [each for each in found if fits(each, paperchat.ask(each.question))]
        assert len(answered) >= MOST


def test_a_collection_without_names_is_asked_for_its_newest_and_none_for_nothing() -> None:
    assert asked([Paper("a", "on the weighing of bees", "Bees weigh little.")]) == ["Which are the newest papers?"]
    assert suggestions([]) == []


@pytest.mark.parametrize(
    ("name", "abstract", "many"),
    [
        ("PHNNs", "We study PHNNs for bees.", True),
        ("Hive Operators", "We propose Hive Operators.", True),
        ("HiveNet", "We propose HiveNet.", False),
        ("BeeS", "We propose BeeS.", False),
        ("Hive Analysis", "We propose Hive Analysis.", False),
        ("Twin Hives", "We propose Twin Hives. Twin Hives is a method. Twin Hives has no equal.", False),
        ("HiveData", "We introduce HiveData. HiveData are collected at night.", True),
    ],
)
def test_a_question_about_a_paper_is_in_the_number_of_its_name(name: str, abstract: str, many: bool) -> None:
    paper = Paper("a", f"{name}: On the weighing of bees", abstract)
    assert is_plural(name, paper) == many
    assert about("how", paper).question == f"How {'do' if many else 'does'} {name} work?"
    assert about("how", paper, "de").question == f"Wie {'funktionieren' if many else 'funktioniert'} {name}?"


@pytest.mark.parametrize("kind", ["fact", "how", "data", "result", "problem", "summary"])
@pytest.mark.parametrize("name", ["HiveNet", "PHNNs"])
def test_every_question_has_both_languages_and_an_unknown_one_is_english(kind: str, name: str) -> None:
    paper = Paper("a", f"{name}: On the weighing of bees", f"Bees weigh little. We propose {name}.")
    assert len({about(kind, paper, language).question for language in ("en", "de", "fr")}) == 2
    assert about(kind, paper, "fr") == about(kind, paper)


def test_of_several_papers_with_one_name_only_the_first_is_asked_about() -> None:
    papers = [
        Paper("a", "HiveNet: On the weighing of bees", "We propose HiveNet."),
        Paper("b", "HiveNet: On the weighing of more bees", "We propose HiveNet."),
        Paper("c", "WaspScan: On the weighing of wasps", "We propose WaspScan."),
    ]
    assert not any(question.count("HiveNet") > 1 for question in asked(papers))
    after = [each.question for each in next_to(papers[:2], "How are bees weighed?")]
    assert len(set(after)) == len(after)
    assert not any(question.startswith("Compare") for question in after)


def test_a_list_is_asked_for_by_a_phrase_of_several_titles_rather_than_by_a_word_of_every_field() -> None:
    titles = (
        "Large hive models that hum",
        "Why large hive models?",
        "A test of large hive models",
        "Models of rain",
        "Two models",
    )
    found = asked([Paper(title, title, "") for title in titles])
    assert "Which papers deal with large hive models?" in found


def test_what_stands_before_another_word_each_time_is_asked_for_by_itself() -> None:
    titles = ("Quokka latent", "Quokka zoning", "A field of quokkas")
    assert "Which papers deal with quokkas?" in asked([Paper(title, title, "") for title in titles])


@pytest.mark.parametrize(
    "title", ["When to Trust the HiveNet: A Study", "Towards HiveNets: A Survey", "What HiveNet Knows: Probes"]
)
def test_half_a_sentence_is_no_name(title: str) -> None:
    assert telling_name(Paper("a", title, "Bees weigh little.")) == ""


@pytest.mark.parametrize(
    ("title", "abstract", "name"),
    [
        ("Hive Nets: Bees on a graph", "Bees are many. We propose Hive Nets, a model of bees.", "Hive Nets"),
        ("HiveNet: Bees on a graph", "Bees are many. We propose a model of bees.", "HiveNet"),
        (
            "Hive Twins: Bees by two",
            "Bees are many. We learn from pairs. The method is called Hive Twins, after its hives.",
            "Hive Twins",
        ),
        ("MicroRNAs: A safeguard?", "MicroRNAs are short. We review what they do.", ""),
        ("Digital Bee Keepers: The role of models", "We study how models keep bees.", ""),
        ("Honey Levels: Measurement and use", "Little is known of honey. Honey Levels are hard to measure. We review them.", ""),
    ],
)
def test_a_name_is_what_the_abstract_presents_and_no_subject_or_phrase(title: str, abstract: str, name: str) -> None:
    assert telling_name(Paper("a", title, abstract)) == name


def test_papers_without_names_are_asked_for_by_their_subject_and_the_collection_by_its_themes() -> None:
    titles = ("Stem cells of the quokka", "What stem cells do", "On stem cells")
    found = asked([Paper(title, title, "Cells divide.") for title in titles])
    assert found == [
        "Which papers deal with stem cells?",
        "What do the papers say about stem cells?",
        "What are the main themes?",
    ]


def test_after_an_answer_from_one_paper_without_a_name_it_is_asked_for_as_this_paper() -> None:
    paper = Paper("a", "Bees hum at night", "We show that bees hum at night.")
    assert [each.question for each in next_to([paper], "Do bees hum?")] == [
        "What are the results of this paper?",
        "Summarize this paper",
    ]


def test_after_a_list_a_narrower_subject_of_its_papers_is_asked_for() -> None:
    papers = [
        Paper(title, title, "Cells divide.") for title in ("The young stem cells", "Young stem cells: a test", "Stem cells")
    ]
    found = [each.question for each in next_to(papers, "Which papers deal with stem cells?")]
    assert found == ["What do the papers say about young stem cells?"]
