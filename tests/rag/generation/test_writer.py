"""Answers written by a language model over the bundled papers: what it is asked, what is streamed, what is checked, what is left of a failure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from fakes import ScriptedModel

from rag import open_library
from rag.errors import ModelFailed
from rag.llm.parsing.marked import SENTINEL
from rag.paperchat import Paperchat
from rag.settings import Settings
from rag.types import Answer, AskOptions, Checked, Event, Finished, Message, Noticed, Searched, Wrote

QUESTION = "How does NoProp train a layer?"
DOWN = ModelFailed("The server at localhost cannot be reached. Start it, or check OPENAI_BASE_URL.")


@pytest.fixture(scope="module")
def ask_with(bundled_home: Path) -> Iterator[Callable[..., Paperchat]]:
    """The bundled library with a model of one's choice."""
    opened: list[Paperchat] = []

    def with_model(model: ScriptedModel | None, **settings: bool) -> Paperchat:
        opened.append(open_library(bundled_home, readonly=True, settings=Settings(home=bundled_home, **settings), model=model))  # type: ignore[arg-type]
        return opened[-1]

    yield with_model
    for each in opened:
        each.close()


def evidence(messages: Sequence[Message]) -> dict[int, str]:
    return {int(number): text for number, text in re.findall(r"^\[(\d+)\] (.*)$", messages[-1].text, re.MULTILINE)}


def number_of(messages: Sequence[Message], part: str) -> int:
    return next(number for number, text in evidence(messages).items() if part in text)


def written(events: Sequence[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Wrote))


def faithful(messages: Sequence[Message]) -> str:
    """Quotes two of the sentences offered, with their numbers."""
    told = list(evidence(messages).items())
    return f"{told[0][1]} [{told[0][0]}] {told[1][1].rstrip('.')} [{told[1][0]}]."


def sound(answer: Answer) -> None:
    """What holds for every answer, whoever wrote it."""
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    numbers = {citation.number for citation in answer.citations}
    assert all(set(claim.citations) <= numbers for claim in answer.claims)
    assert {int(number) for number in re.findall(r"\[([1-9]\d{0,2})\]", answer.text)} <= numbers
    for citation in answer.citations:
        assert citation.paper.abstract[citation.span.start : citation.span.end] == citation.quote != ""


def test_an_answer_is_streamed_checked_and_cited(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel(faithful)
    events = list(ask_with(model).stream(QUESTION))
    answer = events[-1].answer  # type: ignore[union-attr]
    assert isinstance(events[0], Searched)
    assert isinstance(events[1], Wrote)
    assert (answer.status, answer.writer) == ("answered", "scripted")
    assert [claim.verdict for claim in answer.claims] == ["supported", "supported"]
    assert [event.claim for event in events if isinstance(event, Checked)] == list(answer.claims)
    assert [event.place for event in events if isinstance(event, Checked)] == [0, 1]
    assert written(events) == answer.text
    assert answer.text.endswith("[2]")
    assert answer.usage == {"prompt_tokens": answer.usage["prompt_tokens"], "completion_tokens": 7, "requests": 1}
    assert answer.usage["prompt_tokens"] > 100
    sound(answer)


def test_the_model_is_offered_numbered_sentences_of_the_papers_found(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel(faithful)
    paperchat = ask_with(model)
    answer = paperchat.ask(QUESTION)
    rules, request = model.asked[0]
    assert (rules.role, request.role) == ("system", "user")
    assert SENTINEL in rules.text
    assert QUESTION not in rules.text
    offered = evidence(model.asked[0])
    assert list(offered) == list(range(1, len(offered) + 1))
    assert 4 <= len(offered) <= 13
    abstracts = " ".join(" ".join(hit.paper.abstract.split()) for hit in answer.hits)
    assert all(text in abstracts for text in offered.values())


def test_without_evidence_the_model_is_not_asked(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel("I know it all.")
    answer = ask_with(model).ask("What is the capital of Mongolia?")
    assert (answer.status, answer.writer, answer.usage) == ("not_found", "quotes", {})
    assert model.asked == []


def test_questions_about_the_records_are_not_the_models(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel("There are 7 papers.")
    assert "58 papers" in ask_with(model).ask("How many papers are there?").text
    assert "58 papers" in ask_with(model).ask("How many papers are there?", ["What is NoProp?"]).text
    assert model.asked == []


def test_the_sentinel_means_that_the_papers_do_not_say(ask_with: Callable[..., Paperchat]) -> None:
    events = list(ask_with(ScriptedModel(SENTINEL)).stream(QUESTION))
    answer = events[-1].answer  # type: ignore[union-attr]
    assert (answer.status, answer.writer, answer.claims, answer.citations) == ("not_found", "scripted", (), ())
    assert "Closest papers: " in answer.text
    assert SENTINEL not in written(events) + answer.text
    assert answer.usage["requests"] == 1


def test_the_sentinel_behind_an_answer_changes_nothing(ask_with: Callable[..., Paperchat]) -> None:
    answer = ask_with(ScriptedModel(lambda messages: f"{faithful(messages)} {SENTINEL}")).ask(QUESTION)
    assert (answer.status, len(answer.claims)) == ("answered", 2)
    assert SENTINEL not in answer.text


@pytest.mark.parametrize(
    "reply",
    [
        DOWN,
        ["NoProp ", "trains ", DOWN],
        ["NoProp trains each block to denoise. [1] It al", DOWN],
        "",
        "   \n",
        "<think>Hm. Well.",
    ],
)
def test_whatever_fails_the_question_is_answered_by_quoting(ask_with: Callable[..., Paperchat], reply: str) -> None:
    model = ScriptedModel(reply)
    quoted = ask_with(None).ask(QUESTION)
    events = list(ask_with(model).stream(QUESTION))
    answer = events[-1].answer  # type: ignore[union-attr]
    assert (answer.status, answer.writer, answer.text, answer.claims) == ("answered", "quotes", quoted.text, quoted.claims)
    assert len(answer.notices) == 1
    assert "quoted" in answer.notices[0]
    assert [event.text for event in events if isinstance(event, Noticed)] == list(answer.notices)
    assert answer.usage["requests"] == 1
    assert written(events).endswith(quoted.text)
    sound(answer)


def test_a_reply_of_which_nothing_stands_is_not_an_answer(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel("The moon is made of green cheese. Cows are purple [3].", "")
    answer = ask_with(model).ask(QUESTION)
    assert answer.writer == "quotes"
    assert "support nothing" in answer.notices[0]


def test_an_unsupported_sentence_is_mended_once(ask_with: Callable[..., Paperchat]) -> None:
    def mend(messages: Sequence[Message]) -> str:
        (number,) = re.findall(r"^(\d+): .*purple", messages[-1].text, re.MULTILINE)
        told = evidence(messages)
        return f"{number}: {told[1]} [1]"

    model = ScriptedModel(lambda messages: f"{faithful(messages)} Cows are purple [1].", mend)
    events = list(ask_with(model).stream(QUESTION))
    answer = events[-1].answer  # type: ignore[union-attr]
    assert [event.claim.verdict for event in events if isinstance(event, Checked)] == ["supported", "supported", "unsupported"]
    assert [claim.verdict for claim in answer.claims] == ["supported"] * 3
    assert "purple" not in answer.text
    assert answer.usage["requests"] == 2
    sound(answer)


def test_what_the_model_drops_is_told(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel(lambda messages: f"Cows are purple [1]. {faithful(messages)}", "1: DROP")
    answer = ask_with(model).ask(QUESTION)
    assert [claim.verdict for claim in answer.claims] == ["supported", "supported"]
    assert not answer.text.startswith(" ")
    assert answer.notices == ("1 sentence that the papers do not support was left out.",)


@pytest.mark.parametrize("reply", ["3: Cows are pink [1].", "nothing", "99: DROP", "1: DROP", DOWN, ""])
def test_what_cannot_be_mended_stays_and_is_marked(ask_with: Callable[..., Paperchat], reply: str) -> None:
    model = ScriptedModel(lambda messages: f"{faithful(messages)} Cows are purple [1].", reply)
    answer = ask_with(model).ask(QUESTION)
    assert [claim.verdict for claim in answer.claims] == ["supported", "supported", "unsupported"]
    assert "purple" in answer.text
    assert answer.writer == "scripted"
    assert bool(answer.notices) == (reply is DOWN)


def test_the_repair_can_be_turned_off(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel(lambda messages: f"{faithful(messages)} Cows are purple [1].")
    answer = ask_with(model, repair=False).ask(QUESTION)
    assert [claim.verdict for claim in answer.claims] == ["supported", "supported", "unsupported"]
    assert len(model.asked) == 1


@pytest.mark.parametrize(("settings", "options"), [({"strict": True}, None), ({}, AskOptions(strict=True))])
def test_strict_removes_what_stays_unsupported_and_says_so(
    ask_with: Callable[..., Paperchat], settings: dict[str, bool], options: AskOptions | None
) -> None:
    model = ScriptedModel(lambda messages: f"{faithful(messages)} Cows are purple [1].")
    events = list(ask_with(model, repair=False, **settings).stream(QUESTION, options=options))
    answer = events[-1].answer  # type: ignore[union-attr]
    assert "purple" not in written(events) + answer.text
    assert written(events) == answer.text
    assert answer.notices == ("Strict: 1 of 3 sentences was removed, because the papers do not support them.",)
    sound(answer)


def test_strict_of_the_settings_can_be_lifted_for_a_question(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel(lambda messages: f"{faithful(messages)} Cows are purple [1].")
    answer = ask_with(model, repair=False, strict=True).ask(QUESTION, options=AskOptions(strict=False))
    assert "purple" in answer.text


def test_a_sentence_without_a_marker_gets_the_evidence_that_says_it(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel(lambda messages: f"{evidence(messages)[2]} Cows are purple.")
    answer = ask_with(model, repair=False).ask(QUESTION)
    found, invented = answer.claims
    assert (found.verdict, found.citations) == ("supported", (1,))
    assert found.text in " ".join(answer.citations[0].quote.split())
    assert (invented.verdict, invented.citations) == ("unsupported", ())
    assert "cites nothing" in invented.reason


def test_numbers_that_were_not_offered_are_no_citations(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel(lambda messages: f"{evidence(messages)[3]} [77][3][0] So [400]. It is [2024].")
    answer = ask_with(model, repair=False).ask(QUESTION)
    assert answer.claims[0].citations == (1,)
    assert "77" not in answer.text
    assert "400" not in answer.text
    sound(answer)


def test_quotes_can_be_chosen_for_a_question(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel(faithful)
    answer = ask_with(model).ask(QUESTION, options=AskOptions(writer="quotes"))
    assert (answer.writer, model.asked, answer.usage) == ("quotes", [], {})


@pytest.mark.parametrize("name", ["model", "scripted"])
def test_the_model_can_be_chosen_by_name(ask_with: Callable[..., Paperchat], name: str) -> None:
    model = ScriptedModel(faithful)
    answer = ask_with(model).ask(QUESTION, options=AskOptions(writer=name, temperature=0.7))
    assert answer.writer == "scripted"
    assert model.temperatures == [0.7]


@pytest.mark.parametrize("model", [None, ScriptedModel("x")])
def test_a_model_that_is_not_there_is_named_and_the_question_answered(
    ask_with: Callable[..., Paperchat], model: ScriptedModel | None
) -> None:
    answer = ask_with(model).ask(QUESTION, options=AskOptions(writer="gpt-9"))
    assert (answer.status, answer.writer) == ("answered", "quotes")
    assert "“gpt-9” cannot be used" in answer.notices[0]


def test_the_prompt_fits_into_a_small_context(ask_with: Callable[..., Paperchat]) -> None:
    for window in (600, 700, 900, 1200):
        model = ScriptedModel(faithful, context_window=window)
        answer = ask_with(model).ask(QUESTION)
        for messages in model.asked:
            assert sum(model.count_tokens(message.text) for message in messages) <= window * 2 / 3
        assert answer.status == "answered"
    assert answer.writer == "scripted"


def test_a_context_that_is_too_small_for_anything_is_told(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel(faithful, context_window=100)
    answer = ask_with(model).ask(QUESTION)
    assert (answer.writer, model.asked) == ("quotes", [])
    assert "100 tokens" in answer.notices[0]


def test_endless_repetition_is_ended(ask_with: Callable[..., Paperchat]) -> None:
    def forever(messages: Sequence[Message]) -> Iterator[str]:
        yield faithful(messages)
        while True:
            yield f" {evidence(messages)[1]} [1]"

    model = ScriptedModel(forever)
    answer = ask_with(model).ask(QUESTION)
    assert len(answer.claims) == 2
    assert model.closed == 1


def test_endless_words_are_ended(ask_with: Callable[..., Paperchat]) -> None:
    def forever(messages: Sequence[Message]) -> Iterator[str]:
        yield faithful(messages)
        while True:
            yield " and so on"

    model = ScriptedModel(forever)
    answer = ask_with(model).ask(QUESTION)
    assert answer.writer == "scripted"
    assert "and so on" not in answer.text
    assert model.closed == 1


def test_closing_the_stream_ends_the_request(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel(faithful)
    events = ask_with(model).stream(QUESTION)
    for event in events:
        if isinstance(event, Wrote):
            break
    assert model.closed == 0
    events.close()  # type: ignore[attr-defined]
    assert model.closed == 1


def test_what_the_model_tells_while_it_works_is_passed_on(ask_with: Callable[..., Paperchat]) -> None:
    model = ScriptedModel(faithful, notices=["The server is busy; asking again in 2 s."])
    events = list(ask_with(model).stream(QUESTION))
    assert Noticed("The server is busy; asking again in 2 s.") in events
    assert isinstance(events[-1], Finished)


def test_text_is_passed_on_with_the_first_piece(ask_with: Callable[..., Paperchat]) -> None:
    heard: list[str] = []

    def slowly(messages: Sequence[Message]) -> Iterator[str]:
        for piece in ("The", " method", " trains", " each", " block"):
            heard.append(piece)
            yield piece

    first = next(event for event in ask_with(ScriptedModel(slowly)).stream(QUESTION) if isinstance(event, Wrote))
    assert (first.text, heard) == ("The", ["The"])


def test_a_retry_is_told_at_once_while_a_follow_up_is_rewritten_and_while_sentences_are_mended(
    ask_with: Callable[..., Paperchat],
) -> None:
    heard: list[str] = []

    def pieces(name: str, text: str) -> Iterator[str]:
        yield ""
        heard.append(name)
        yield text

    model = ScriptedModel(
        lambda messages: pieces("rewritten", "How does NoProp train a layer?"),
        lambda messages: pieces("written", f"{faithful(messages)} Cows are purple [1]."),
        lambda messages: pieces("mended", "3: DROP"),
        notices=["Asking again."],
    )
    before = [
        tuple(heard)
        for event in ask_with(model).stream("How does it train?", ["What is NoProp?"])
        if event == Noticed("Asking again.")
    ]
    assert before == [(), ("rewritten",), ("rewritten", "written")]
