"""Questions and papers in languages that the built-in readers do not read, answered by the vectors of a server: from the question to the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from many_languages import ANSWERABLE, CHINESE, ENGLISH, GERMAN, UNANSWERABLE, ConceptEncoder, papers
from openai_server import Fails, OpenAIServer, says

from rag import prompts
from rag.build import open_library
from rag.paperchat import Paperchat
from rag.settings import Settings
from rag.types import Answer, AskOptions

GOLD = "The deformation of the brain is followed by a graph of landmarks."
NOTICE = "This was compared by the vectors of vectors, because the built-in reader does not read the language of the question."

OVER_ENGLISH = AskOptions(scope=frozenset(paper.id for paper in papers()))
"""Without the Chinese paper on bread and the German one on the brain."""
WITHOUT_ENGLISH = AskOptions(scope=frozenset(paper.id for paper in (*papers(), GERMAN, CHINESE) if paper != ENGLISH))
"""Without the English paper on the brain."""


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        server.encoder = ConceptEncoder()
        yield server


@pytest.fixture(scope="module")
def home(server: OpenAIServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("languages") / "library"
    with open_library(folder, settings=settings(server, folder)) as paperchat:
        paperchat.add([*papers(), CHINESE, GERMAN])
    return folder


@pytest.fixture
def paperchat(server: OpenAIServer, home: Path) -> Iterator[Paperchat]:
    with open_library(home, settings=settings(server, home)) as opened:
        yield opened


def settings(server: OpenAIServer, home: Path, model: str | None = None) -> Settings:
    return Settings(home=home, bundled=False, embedding="openai:vectors", OPENAI_BASE_URL=server.url, model=model, timeout=120.0)


def first(answer: Answer) -> str:
    return answer.citations[0].quote if answer.citations else answer.text


@pytest.mark.parametrize("code", ANSWERABLE)
def test_a_question_in_each_language_over_english_papers(paperchat: Paperchat, code: str) -> None:
    answer = paperchat.ask(ANSWERABLE[code], options=OVER_ENGLISH)
    assert (answer.status, first(answer)) == ("answered", GOLD)
    assert answer.notices == (NOTICE,)
    assert answer.hits[0].paper == ENGLISH


@pytest.mark.parametrize("code", UNANSWERABLE)
def test_what_the_papers_do_not_say_is_not_answered_in_any_language(paperchat: Paperchat, code: str) -> None:
    answer = paperchat.ask(UNANSWERABLE[code], options=OVER_ENGLISH)
    assert answer.status == "not_found"
    assert answer.refusal is not None
    assert answer.refusal.code == "nothing_found"
    assert len(answer.refusal.nearest) == 3


def test_papers_in_other_languages_answer_each_other_and_english(paperchat: Paperchat) -> None:
    assert first(paperchat.ask(UNANSWERABLE["es"])) == "本文提出一种测量面包温度的方法！"
    english = paperchat.ask("How is deformation in the brain measured?", options=WITHOUT_ENGLISH)
    assert first(english) == "Wir verfolgen die Verformung im Hirn mit einem Netz aus Marken."
    assert english.notices == (NOTICE.replace("the question", "the papers found"),)
    assert paperchat.ask("How deep is the ocean?", options=WITHOUT_ENGLISH).status == "not_found"


def test_an_english_question_over_english_papers_is_read_as_ever(paperchat: Paperchat) -> None:
    answer = paperchat.ask("How is the deformation of the brain followed?")
    assert first(answer) == GOLD
    assert answer.notices == ()


def test_a_follow_up_is_held_behind_the_question_before_it(paperchat: Paperchat) -> None:
    assert paperchat.ask("这是怎么测试的？").status == "not_found"
    assert first(paperchat.ask("这是怎么测试的？", history=[ANSWERABLE["zh"]])) == GOLD


def test_a_model_writes_from_the_nearest_sentences_and_what_cannot_be_checked_is_said(server: OpenAIServer, home: Path) -> None:
    server.replies[:] = [says("用地标图来跟踪大脑的变形。", " [1]")]
    before = len(server.asked)
    with open_library(home, settings=settings(server, home, "writer")) as paperchat:
        answer = paperchat.ask(ANSWERABLE["zh"])
    prompt = next(asked.prompt for asked in server.asked[before:] if asked.path.endswith("completions"))
    assert GOLD in prompt
    assert ANSWERABLE["zh"] in prompt
    assert (answer.writer, answer.status) == ("writer", "answered")
    assert [claim.verdict for claim in answer.claims] == ["not_checkable"]
    assert "another language" in answer.claims[0].reason
    assert answer.citations


def test_a_server_that_fails_is_said_and_the_question_can_be_asked_again(server: OpenAIServer, home: Path) -> None:
    with open_library(home, settings=settings(server, home)) as paperchat:
        server.embedding_replies = [Fails(404, "no such model")]
        answer = paperchat.ask("脑的变形是怎样被跟踪的呢？")
        assert answer.refusal is not None
        assert answer.refusal.code == "encoder_failed"
        assert "PAPERCHAT_EMBEDDING" in answer.notices[0]
        assert first(paperchat.ask("脑的变形是怎样被跟踪的呢？")) != ""
        server.embedding_replies = [Fails(404, "no such model")]
        assert first(paperchat.ask("How is the deformation of a brain followed?")) == GOLD  # by words alone
        assert any(notice.startswith("Searched by words alone") for notice in paperchat.library.notices)


def test_a_language_that_the_encoder_does_not_read_is_refused_and_glossaries_go_on(tmp_path: Path) -> None:
    with OpenAIServer() as server:
        server.encoder = ConceptEncoder(read=("en", "zh"))
        with open_library(tmp_path, settings=settings(server, tmp_path)) as paperchat:
            paperchat.add(papers())
            assert first(paperchat.ask(ANSWERABLE["zh"])) == GOLD
            refused = paperchat.ask(ANSWERABLE["hi"])
            german = paperchat.ask(ANSWERABLE["de"])
    assert refused.refusal is not None
    assert (refused.refusal.code, refused.refusal.names) == ("unread_language", ("vectors",))
    assert german.refusal is not None
    assert german.refusal.code != "unread_language"


def test_without_an_encoder_a_language_that_nothing_reads_is_named_as_the_reason(tmp_path: Path) -> None:
    with open_library(tmp_path, settings=Settings(home=tmp_path, bundled=False)) as paperchat:
        paperchat.add(papers())
        answer = paperchat.ask(ANSWERABLE["id"])
    assert answer.refusal is not None
    assert answer.refusal.code == "unread_language"
    assert "PAPERCHAT_EMBEDDING" in answer.text


def test_the_notices_are_worded_in_german_too() -> None:
    for notice in (NOTICE, NOTICE.replace("the question", "the papers found")):
        assert prompts.error_text(notice, "de").startswith("Dies wurde mit den Vektoren von vectors verglichen")


def test_questions_cost_few_requests_and_few_sentences(server: OpenAIServer, paperchat: Paperchat) -> None:
    paperchat.ask(ANSWERABLE["zh"])
    before = len(server.asked)
    paperchat.ask("大脑会变形吗？")
    assert [len(asked.body["input"]) for asked in server.asked[before:]] == [1]
