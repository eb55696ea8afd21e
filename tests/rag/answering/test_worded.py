"""Lists that words decide: papers that mention something, or whose title carries it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.build import open_library
from rag.paperchat import Paperchat
from rag.query.question import understand
from rag.settings import own_library
from rag.types import Paper

PAPERS = [
    Paper("renal", "Renal outcomes of combination therapies", "A trial was undertaken in five countries (Sweden, Norway, Finland). Kidneys were spared."),
    Paper("register", "Suicides in Finland", "We link registers of deaths and births. Suicide was rare."),
    Paper("bees", "Weighing hives", "We propose BeeGram, a scale that weighs bees in flight. Mites make bees lighter."),
    Paper("rivers", "River flow", "We measure the flow of rivers with floating sensors. Salmon swim past them."),
    Paper("mites", "Mites in spring", "We count mites on leaves. The mites come out in spring."),
    Paper("beemites", "Mites on honey bees", "We count mites on bees. Many bees carry mites."),
]  # fmt: skip


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paperchat]:
    home = tmp_path_factory.mktemp("worded")
    with open_library(home, settings=own_library(home, bundled=False)) as chat:
        chat.add(PAPERS)
        yield chat


def cited(chat: Paperchat, question: str) -> set[str]:
    return {one.paper.id for one in chat.ask(question).citations}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Which papers mention Finland?", ("Finland",)),
        ("papers containing the word “salmon” in the abstract", ("salmon",)),
        ("Which papers mention Norway and Finland?", ("Norway", "Finland")),
        ("articles with the term folic acid", ("folic acid",)),
        ("Which papers do not mention Finland?", ()),
        ("Does the paper mention side effects?", ()),
        ("Which papers mention that bees are lighter?", ()),
        ("Which papers are about Finland?", ()),
    ],
)
def test_the_words_that_papers_are_to_have(question: str, words: tuple[str, ...]) -> None:
    assert understand(question).worded == words


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("Which papers mention Finland?", {"renal", "register"}),
        ("Which papers mention salmon or mites?", {"rivers", "bees", "mites", "beemites"}),
        ("Which papers mention bees and mites?", {"bees", "beemites"}),
        ("papers with the word flow", {"rivers"}),
    ],
)
def test_papers_that_mention_something_are_those_that_have_the_word(chat: Paperchat, question: str, papers: set[str]) -> None:
    assert cited(chat, question) == papers


def test_each_is_shown_by_a_sentence_that_has_the_word(chat: Paperchat) -> None:
    quotes = {one.paper.id: one.quote for one in chat.ask("Which papers mention Norway?").citations}
    assert quotes == {"renal": "A trial was undertaken in five countries (Sweden, Norway, Finland)."}


def test_what_no_paper_mentions_is_said(chat: Paperchat) -> None:
    refusal = chat.ask("Which papers mention unicorns?").refusal
    assert refusal is not None
    assert (refusal.code, refusal.names) == ("unknown_words", ("unicorns",))


def test_a_title_that_has_the_topic_is_listed_whatever_the_abstract_says(chat: Paperchat) -> None:
    assert "register" in cited(chat, "Which papers are about Finland?")
