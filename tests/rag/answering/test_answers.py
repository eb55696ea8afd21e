"""Answers by quoting as people meet them: what comes first, what is refused and why; and that every quote is exact whatever a paper holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import WordHashEncoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples.small_library import BEES, MAPS, RIVERS, assistant

from rag import prompts
from rag.answering.assistant import NAMED_SHARE, LibraryAssistant
from rag.answering.gist import gist
from rag.explore.suggestions import suggestions
from rag.library.encoder import OnnxEncoder
from rag.library.library import Library
from rag.protocols import ClaimReader
from rag.query.catalogue import PaperList
from rag.query.plan import QueryPlan
from rag.query.question import understand
from rag.reader.cross_encoder import CrossEncoder
from rag.retrieval.reranker import Reranker
from rag.retrieval.sentence_ranker import Match
from rag.types import Answer, AskOptions, Paper, PastTurn, Refusal


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibraryAssistant]:
    library, ready = assistant(tmp_path_factory.mktemp("answers") / "library", [MAPS, BEES, RIVERS], OnnxEncoder())
    yield ready
    library.close()


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibraryAssistant]:
    """The same with the learned reader."""
    folder = tmp_path_factory.mktemp("read") / "library"
    library, ready = assistant(folder, [MAPS, BEES, RIVERS], OnnxEncoder(), Reranker(CrossEncoder()))
    yield ready
    library.close()


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("What is PaleScan?", "We introduce PaleScan"),
        ("What does BeeGram mean?", "We propose BeeGram"),
        ("How much faster is PaleScan than Marching Ants?", "On two collections of sea charts"),
        ("Why are bees hard to weigh?", "Bees are hard to weigh because"),
        ("Where is the code of BeeGram?", "Code is available at"),
        ("On which data was PaleScan evaluated?", "On two collections"),
        ("How does the scanner read faded maps?", "We introduce PaleScan"),
        ("What is the main idea behind PaleScan?", "We introduce PaleScan"),
        ("In a nutshell, what is the trick of reading faded maps?", "We introduce PaleScan"),
        ("What problem does PaleScan solve?", "cameras fail"),
        ("What does the paper on sand sensors propose?", "This paper presents a sensor"),
        ("What is the key contribution of the paper on weighing bees?", "We propose BeeGram"),
    ],
)
def test_the_sentence_that_answers_comes_first(asked: LibraryAssistant, question: str, start: str) -> None:
    answer = asked.ask(question)
    assert answer.status == "answered"
    assert answer.citations[0].quote.startswith(start)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("What is the capital of France?", "covers this subject"),
        ("Is the code of PaleScan available?", "no code and no link"),
        ("Which GPU was PaleScan run on?", "mentions “GPU”"),
        ("What is the most cited paper?", "how often papers are cited"),
        ("Which learning rate was BeeGram trained with?", "learning rate"),
        ("How does ZetaFold weigh bees?", "ZetaFold"),
        ("How do Moreau-Castellan scales weigh bees?", "Moreau-Castellan"),
        ("On which robot does PaleScan ride?", "“robot”"),
        ("How well does BeeGram do on MNIST?", "MNIST"),
        ("How much faster is BeeGram than Marching Ants?", "do not mention “Marching Ants”"),
        ("Who paid for the river sensor?", "do not answer it"),
    ],
)
def test_what_the_papers_do_not_say_is_refused_with_the_reason(read: LibraryAssistant, question: str, reason: str) -> None:
    answer = read.ask(question)
    assert answer.status == "not_found"
    assert reason in answer.text
    assert (answer.claims, answer.citations) == ((), ())


@pytest.mark.parametrize(
    ("question", "code", "names"),
    [
        ("???", "no_question", ()),
        ("What is the most cited paper?", "not_recorded", ()),
        ("How does ZetaFold weigh bees?", "unknown_name", ("ZetaFold",)),
        ("Which papers were published in 1907?", "unknown_years", ()),
        ("Who wrote Hamlet?", "no_such_paper", ()),
    ],
)
def test_a_refusal_has_a_code_and_what_it_is_about(
    asked: LibraryAssistant, question: str, code: str, names: tuple[str, ...]
) -> None:
    refusal = asked.ask(question).refusal
    assert refusal is not None
    assert (refusal.code, refusal.names) == (code, names)


def test_a_question_with_a_coined_name_is_read_in_the_papers_that_have_it(asked: LibraryAssistant) -> None:
    hits = asked.search.search("Is the code of BeeGram available?", 5)
    plan = understand("Is the code of BeeGram available?").naming([hit.paper for hit in hits])
    assert len(hits) > 1
    assert {hit.paper.id for hit in asked.writer._nearest(plan, hits)} == {BEES.id}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibraryAssistant]:
    library, ready = assistant(tmp_path_factory.mktemp("empty") / "library", [], OnnxEncoder())
    yield ready
    library.close()


@pytest.mark.parametrize(
    "question",
    [
        "How does PaleScan work?",
        "newest papers",
        "What is in here?",
        "Compare BeeGram with PaleScan",
        "Wie funktioniert BeeGram?",
        "蜜蜂有多重",
    ],
)
def test_an_empty_library_is_a_refusal_of_its_own_that_says_what_to_do(empty: LibraryAssistant, question: str) -> None:
    answer = empty.ask(question)
    assert (answer.status, answer.refusal and answer.refusal.code) == ("not_found", "empty_library")
    assert "paperchat add" in answer.text


def test_an_empty_library_says_how_many_papers_it_holds_and_finds_no_question_in_none(empty: LibraryAssistant) -> None:
    assert empty.ask("How many papers are there?").text == "The collection holds 0 papers."
    refusal = empty.ask("???").refusal
    assert refusal is not None
    assert refusal.code == "no_question"


def test_limits_that_leave_no_paper_are_no_empty_library(asked: LibraryAssistant) -> None:
    refusal = asked.ask("How does PaleScan work?", options=AskOptions(scope=frozenset())).refusal
    assert refusal is not None
    assert refusal.code == "empty_scope"
    assert "no papers yet" not in asked.ask("hello", options=AskOptions(scope=frozenset())).text


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Why does PaleScan require large cameras?", "It does not require large cameras."),
        ("Which large cameras is PaleScan built from?", "It does not require large cameras."),
    ],
)
def test_a_premise_that_a_paper_denies_is_answered_with_the_sentence(read: LibraryAssistant, question: str, quote: str) -> None:
    _corrected(read.ask(question), quote)


def test_what_denies_a_premise_is_looked_for_once(read: LibraryAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []

    def denying(question: QueryPlan, matches: Sequence[Match], claims: ClaimReader) -> Match:
        looked.append(question.text)
        return matches[0]

    monkeypatch.setattr("rag.answering.quotes.denying", denying)
    monkeypatch.setattr("rag.answering.quotes.why_unanswered", lambda *_: Refusal("opposite_premise"))
    writer = replace(read.writer, claims=CrossEncoder())
    draft = writer.write(understand("Why do bees sing?"), read.search.search("bees sing", 3))
    assert draft.blocks[0].label == "The papers say otherwise"
    assert looked == ["Why do bees sing?"]


def _corrected(answer: Answer, quote: str) -> None:
    assert answer.status == "corrected"
    assert answer.text.startswith("The papers say otherwise: ")
    assert [citation.quote.startswith(quote) for citation in answer.citations] == [True]
    assert [claim.citations for claim in answer.claims] == [(1,)]
    assert answer.refusal is None


def test_a_refusal_has_the_nearest_papers_and_an_answer_has_none(asked: LibraryAssistant) -> None:
    refused = asked.ask("How does ZetaFold weigh bees?")
    assert refused.refusal is not None
    near = [hit for hit in refused.hits[:3] if hit.score >= NAMED_SHARE * refused.hits[0].score]
    assert refused.refusal.nearest == tuple(hit.paper for hit in near)
    assert len(near) < len(refused.hits[:3])  # what is far behind the first is not named
    assert asked.ask("How are bees weighed?").refusal is None


def test_a_question_with_typing_errors_is_answered_like_the_one_that_was_meant(asked: LibraryAssistant) -> None:
    meant = asked.ask("How does the scanner read faded maps?")
    typed = asked.ask("How deos the scaner read fadde maps?")
    assert typed.corrected == typed.standalone_question == "How does the scanner read faded maps?"
    assert typed.citations == meant.citations
    assert meant.corrected == ""


def test_the_words_can_be_kept_as_typed(asked: LibraryAssistant) -> None:
    kept = asked.ask("How deos the scaner read fadde maps?", options=AskOptions(correct=False))
    assert (kept.corrected, kept.standalone_question) == ("", "How deos the scaner read fadde maps?")


def test_an_author_s_name_is_no_typing_error(asked: LibraryAssistant) -> None:
    assert asked.ask("papers by lind").corrected == ""


def test_a_german_question_is_refused_in_german(asked: LibraryAssistant) -> None:
    answer = asked.ask("Welche Farbe hat der Mond?")
    assert answer.text.startswith("Dazu sagen die Arbeiten nichts: ")
    follow_up = asked.ask("Und wie viele Menschen wohnen in dieser Stadt?", ["Was ist die Hauptstadt von Frankreich?"])
    assert follow_up.text.startswith("Dazu sagen die Arbeiten nichts: ")


@pytest.mark.parametrize(
    "question",
    [
        "Does PaleScan require large cameras?",
        "Why does PaleScan not need large cameras?",
        "Over how many winters did the sensor listen?",
        "How many hives was BeeGram tried on?",
        "What reads faded maps, PaleScann or a lamp?",
        "Is BeeGram trained with back-propagation?",
        "How many papers deal with faded maps?",
        "number of papers on rivers",
    ],
)
def test_what_they_do_say_is_answered(asked: LibraryAssistant, question: str) -> None:
    assert asked.ask(question).status == "answered"


def test_options_in_a_question_about_one_paper_are_no_sides(asked: LibraryAssistant) -> None:
    answer = asked.ask("Does PaleScan read by lamp light or by infrared light?")
    assert {citation.paper.id for citation in answer.citations} == {"title:maps"}


def test_a_rival_that_a_paper_names_is_no_second_paper(asked: LibraryAssistant) -> None:
    answer = asked.ask("How does PaleScan differ from Marching Ants?")
    assert {citation.paper.id for citation in answer.citations} == {"title:maps"}


@pytest.mark.parametrize(
    "question",
    [
        "How does reading faded maps with infrared light differ from what came before?",
        "Do young and old cameras read the pale ink of faded maps the same way?",
        "How do wires of a humming scale fare against their rivals in weighing bees?",
    ],
)
def test_a_comparison_within_one_paper_is_no_comparison_of_papers(asked: LibraryAssistant, question: str) -> None:
    answer = asked.ask(question)
    assert len({citation.paper.id for citation in answer.citations}) == 1


def test_a_list_that_turns_out_to_be_of_one_paper_is_answered_on_the_point(asked: LibraryAssistant) -> None:
    answer = asked.ask("Which systems read faded maps with infrared light?")
    assert [citation.quote.startswith("We introduce PaleScan") for citation in answer.citations][:1] == [True]
    assert not answer.text.startswith("-")
    listed = asked.ask("Which papers read faded maps with infrared light?")
    assert listed.text.startswith("- ")


def test_a_list_says_how_many_papers_it_found_where_that_is_asked(asked: LibraryAssistant) -> None:
    assert asked.ask("How many papers deal with faded maps?").text.startswith("1 paper found:\n")
    assert [prompts.counted(count, "de") for count in (1, 2)] == ["1 Arbeit gefunden:", "2 Arbeiten gefunden:"]
    assert "found:" not in asked.ask("Which papers deal with faded maps?").text


def test_other_papers_leave_out_the_one_that_is_named(asked: LibraryAssistant) -> None:
    assert "title:maps" in {one.paper.id for one in asked.ask("Which papers read faded maps with infrared light?").citations}
    others = asked.ask("Which other papers read faded maps like PaleScan?")
    assert "title:maps" not in {one.paper.id for one in others.citations}


def test_who_made_something_is_answered_with_the_paper_and_its_authors(asked: LibraryAssistant) -> None:
    text = asked.ask("Who introduced a reader of faded maps with infrared light?").text
    assert text.startswith("PaleScan")
    assert "We introduce PaleScan" in text


def test_what_a_thing_is_stands_where_it_is_proposed(tmp_path: Path) -> None:
    kit = Paper(
        "title:kit", "TideKit: Measuring Tides", "Tides are slow. To measure whatever TideKit hears, TideKit has three tiers of buoys, "
        "hears the tide at dusk, and TideKit sleeps at noon. We propose TideKit, a kit of microphones for tides. TideKit finds 9 tides.",
    )  # fmt: skip
    library, asked = assistant(tmp_path / "library", [kit, MAPS], OnnxEncoder())
    hits = asked.search.search("What is TideKit?", 5)
    told = gist(understand("What is TideKit?").naming([kit]), hits, asked.writer.ranker)
    library.close()
    assert [match.text.startswith("We propose TideKit") for match in told][:1] == [True]


def test_only_papers_that_have_a_name_like_no_other_are_read_for_a_question_with_it(tmp_path: Path) -> None:
    rival = Paper(
        "title:tides",
        "Hearing Tides",
        "We hear tides under ice. ClamRadar, a buoy, hears the tides less well than our microphone.",
    )
    near = Paper(
        "title:buoys", "Buoys That Hear Tides", "Buoys hear tides. Our buoy hears tides better than any other buoy under ice."
    )
    library, asked = assistant(tmp_path / "library", [rival, near, MAPS], OnnxEncoder())
    answer = asked.ask("How well does the ClamRadar buoy hear tides?")
    library.close()
    assert {citation.paper.id for citation in answer.citations} == {"title:tides"}


def test_two_papers_are_compared_side_by_side(asked: LibraryAssistant) -> None:
    answer = asked.ask("Compare PaleScan with BeeGram")
    assert {citation.paper.id for citation in answer.citations} == {"title:maps", "title:bees"}


def test_a_paper_described_by_a_word_of_its_title_is_a_side_however_far_it_is(asked: LibraryAssistant) -> None:
    answer = asked.ask("Compare PaleScan reading faded maps under infrared light with the sand paper")
    assert {citation.paper.id for citation in answer.citations} == {"title:maps", "title:rivers"}


def test_a_word_is_found_with_and_without_its_hyphen(asked: LibraryAssistant) -> None:
    for question in ("Which papers train without backpropagation?", "Which papers train without back-propagation?"):
        assert [citation.paper.id for citation in asked.ask(question).citations] == ["title:bees"]


def test_a_paper_may_be_called_by_its_first_author(asked: LibraryAssistant) -> None:
    answer = asked.ask("What do Lind et al. (2023) propose?")
    assert answer.standalone_question == "What do “Weighing Bees in Flight” propose?"
    assert {citation.paper.id for citation in answer.citations} == {"title:bees"}
    assert asked.ask("What do Nobody et al. propose?").standalone_question == "What do Nobody et al. propose?"


def test_a_paper_may_be_called_by_its_authors_surname(asked: LibraryAssistant) -> None:
    answer = asked.ask("how does Lind weigh bees, and how large is the error of his scale?")
    assert {citation.paper.id for citation in answer.citations} == {"title:bees"}
    assert "Lind" not in answer.standalone_question
    for question in ("papers by Lind", "Is Lind an author here?", "Who is Lind?"):
        assert asked.ask(question).standalone_question == question


def test_a_summary_has_parts_and_no_sentence_twice(asked: LibraryAssistant) -> None:
    answer = asked.ask("Summarize PaleScan")
    assert [part.split(":")[0] for part in answer.text.split("\n\n")] == ["Problem", "Approach", "Result"]
    quotes = [citation.quote for citation in answer.citations]
    assert len(set(quotes)) == len(quotes)


QUESTIONS = st.sampled_from(
    ["What is {}?", "Which papers deal with {}?", "Summarize {}", "Compare {} with bees", "Why {}?", "{}"]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), TEXTS, QUESTIONS)
def test_every_quote_is_exact_whatever_papers_and_questions_hold(
    tmp_path_factory: pytest.TempPathFactory, abstracts: list[str], subject: str, form: str
) -> None:
    papers = [Paper(f"title:{at}", f"Bees {at}", text) for at, text in enumerate(abstracts)]
    library, ready = assistant(tmp_path_factory.mktemp("hostile") / "library", papers, WordHashEncoder(64))
    with library:
        check(ready.ask(form.format(subject)), library)


def check(answer: Answer, library: Library) -> None:
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        abstract = library.paper(citation.paper.id).abstract
        assert abstract[citation.span.start : citation.span.end] == citation.quote
        assert f"{citation.quote} [{citation.number}]" in answer.text
    numbers = {citation.number for citation in answer.citations}
    assert all(set(claim.citations) <= numbers for claim in answer.claims)


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("hello", "Hello!"),
        ("thanks", "You are welcome."),
        ("what can I ask?", "Ask in"),
        ("Was kann ich fragen?", "Fragen Sie"),
    ],
)
def test_small_talk_gets_two_lines_with_questions_that_can_be_asked(asked: LibraryAssistant, said: str, first: str) -> None:
    answer = asked.ask(said)
    one, two = answer.text.split("\n")
    assert (answer.status, answer.writer, answer.claims, answer.hits) == ("answered", "help", (), ())
    assert one.startswith(first)
    for suggested in suggestions([MAPS, BEES, RIVERS], "de" if first == "Fragen Sie" else "en")[:3]:
        assert suggested.question in two
        assert asked.ask(suggested.question).status == "answered"


def test_small_talk_asks_no_model(asked: LibraryAssistant) -> None:
    def model(_: object) -> None:
        raise AssertionError("a model was asked for")

    assert replace(asked, model_writer=model).ask("hello").writer == "help"


def test_small_talk_over_no_paper_says_how_to_add_some(asked: LibraryAssistant) -> None:
    assert "paperchat add" in replace(asked, catalogue=lambda _: PaperList(())).ask("hello").text


@pytest.mark.parametrize("question", ["那第二种方法呢?", "Какие карты читает сканер?", "มันทำงานอย่างไร", "地図は?"])
def test_a_script_that_nothing_here_reads_is_told_and_not_guessed_at(asked: LibraryAssistant, question: str) -> None:
    answer = asked.ask(question, ["How are bees weighed?"])
    assert answer.refusal is not None
    assert (answer.refusal.code, answer.citations, answer.hits) == ("unreadable_script", (), ())


def test_a_follow_up_is_asked_of_the_paper_that_the_last_answer_cited(asked: LibraryAssistant) -> None:
    answer = asked.ask("what is the error?", [PastTurn("Does anything hum?", ("title:bees",))])
    assert "Weighing Bees in Flight" in answer.standalone_question
    assert {citation.paper.id for citation in answer.citations} == {"title:bees"}
    gone = asked.ask("How fast is it?", [PastTurn("How does PaleScan read maps?", ("title:gone",))])
    assert "PaleScan" in gone.standalone_question


def test_a_word_that_stays_in_its_language_is_named(asked: LibraryAssistant) -> None:
    answer = asked.ask("¿Cómo se cocina el arroz?")
    assert answer.refusal is not None
    assert (answer.refusal.code, answer.refusal.names) == ("unread_words", ("cocina", "arroz"))
    assert "“arroz”" in answer.text


def test_a_word_that_stays_in_its_language_is_named_where_a_paper_is_asked_for_too(asked: LibraryAssistant) -> None:
    answer = asked.ask("¿Quién escribió el artículo sobre el arroz?")
    assert answer.refusal is not None
    assert (answer.refusal.code, answer.refusal.names) == ("unread_words", ("arroz",))


def test_a_word_that_resembles_one_of_the_collection_is_read_as_that(asked: LibraryAssistant) -> None:
    english, spanish = asked.ask("What do hypernetworks predict?"), asked.ask("¿Qué predicen las hypernetworkes?")
    assert spanish.status == english.status
    assert spanish.refusal is None or spanish.refusal.code != "unread_words"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who wrote BeeGram?", "“Weighing Bees in Flight” is by Bo Lind"),
        ("Who wrote the paper on weighing bees?", "“Weighing Bees in Flight” is by Bo Lind"),
        (
            "Who are the authors of Humming Wires?",
            "No paper is called that; the closest one, “Weighing Bees in Flight”, is by Bo Lind",
        ),
    ],
)
def test_a_paper_that_is_only_the_closest_is_not_passed_off_as_the_one_meant(
    asked: LibraryAssistant, question: str, told: str
) -> None:
    assert asked.ask(question).text.startswith(told)


def test_no_authors_are_told_for_a_coined_name_that_the_closest_paper_lacks(asked: LibraryAssistant) -> None:
    assert asked.ask("Who wrote the ZetaFold-4 report on weighing bees?").status == "not_found"


def test_which_paper_it_is_is_said_before_the_sentence(read: LibraryAssistant) -> None:
    assert read.ask("Which paper is about weighing in flight?").text.startswith("Weighing Bees in Flight (Lind, 2023): ")
    assert read.ask("Which paper is about weighing in caves?").status == "not_found"


def test_which_paper_is_about_what_only_its_title_says_is_found(tmp_path: Path) -> None:
    trials = Paper(
        "title:trials",
        "Fair Trials over Video Links",
        "They should remain the exception. Defendants spoke less, missed more and seldom consulted anybody.",
    )
    library, ready = assistant(tmp_path / "library", [MAPS, BEES, trials], OnnxEncoder(), Reranker(CrossEncoder()))
    assert ready.ask("Which paper is about video links?").text.startswith("- Fair Trials over Video Links: ")
    library.close()
