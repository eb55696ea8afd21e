"""Follow-ups made to stand alone: a conversation about one made-up paper, PaleScan, and questions that must be left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.query.cited_papers import not_cited
from rag.query.followups import REMEMBERED_QUESTIONS, standalone
from rag.text.words import words
from rag.types import Paper

ASKED = "How does PaleScan read faded maps?"
SUBJECTS = {"palescan": "PaleScan", "beegram": "BeeGram", "bees": "BeeGram"}


def subject_of(question: str) -> str | None:
    return next((SUBJECTS[word] for word in words(question) if word in SUBJECTS), None)


def nearest_always(question: str) -> str | None:
    """As a library answers that always finds something near."""
    return subject_of(question) or "A Stray Paper"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("and not about images?", "Which papers deal with maps, and not about images?"),
        ("but not images", "Which papers deal with maps, but not images"),
        ("except those on images", "Which papers deal with maps, except those on images"),
    ],
)
def test_what_only_leaves_out_goes_on_with_the_list(question: str, expected: str) -> None:
    assert standalone(question, ["Which papers deal with maps?"], nearest_always) == expected
    assert standalone(question, [ASKED], nearest_always) != expected


@pytest.mark.parametrize("subject", [subject_of, nearest_always])
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        # pronouns
        ("Does it work at night?", "Does PaleScan work at night?"),
        ("Who wrote it?", "Who wrote PaleScan?"),
        ("Does that help?", "Does PaleScan help?"),
        ("How is this different from scanning by hand?", "How is PaleScan different from scanning by hand?"),
        ("How fast is it, and does it need light?", "How fast is PaleScan, and does it need light?"),
        ("And how fast is it?", "And how fast is PaleScan?"),
        # nouns that point
        ("How much better is this method?", "How much better is PaleScan?"),
        ("What data does the paper use?", "What data does PaleScan use?"),
        ("When was that published?", "When was PaleScan published?"),
        ("Is this available?", "Is PaleScan available?"),
        ("In which year was that paper published?", "In which year was PaleScan published?"),
        ("Who are the authors?", "Who are the authors of PaleScan?"),
        # possessives
        ("What are its limits?", "What are PaleScan's limits?"),
        ("Is its code available?", "Is PaleScan's code available?"),
        ("Who are their authors?", "Who are PaleScan's authors?"),
        # what is left out
        ("Why?", f"Why — {ASKED}"),
        ("How so?", f"Why — {ASKED}"),
        ("And at night?", "How does PaleScan read faded maps at night?"),
        ("What about ink?", f"What about ink — {ASKED}"),
        ("and the code?", f"and the code — {ASKED}"),
        ("Limitations?", f"Limitations — {ASKED}"),
        ("Are there any drawbacks?", f"Are there any drawbacks — {ASKED}"),
        ("On which data sets?", "On which data sets?"),
        ("On wet paper?", "How does PaleScan read faded maps on wet paper?"),
        ("Without light?", "How does PaleScan read faded maps without light?"),
        ("Tell me more", f"Tell me more — {ASKED}"),
        # another paper, told by a description
        ("How about the bridge one?", "How does the bridge paper read faded maps?"),
        ("And the sand sensor paper?", "How does the sand sensor paper read faded maps?"),
        ("And how long does drying take in the honey study?", "And how long does drying take in the honey study?"),
        ("And the two wings in the bee one?", "And the two wings in the bee paper?"),
        ("And on the other map, the faded one?", "How does PaleScan read faded maps on the other map, the faded one?"),
        ("Compare it with the bridge paper", "Compare PaleScan with the bridge paper"),
        ("When did it appear, and the bridge one?", "When did it appear, and the bridge paper?"),
        # some of those spoken of
        ("Which of those work at night?", f"Which papers work at night: {ASKED}"),
        # others
        ("Who else?", f"Who else: {ASKED}"),
        ("Which others deal with that?", f"Which others deal with that: {ASKED}"),
        ("And which other papers read maps?", f"And which other papers read maps: {ASKED}"),
        ("Any others?", f"Any others: {ASKED}"),
    ],
)
def test_follow_ups_stand_alone(question: str, expected: str, subject) -> None:  # type: ignore[no-untyped-def]
    assert standalone(question, [ASKED], subject) == expected


@pytest.mark.parametrize("subject", [subject_of, nearest_always])
@pytest.mark.parametrize(
    "question",
    [
        # they name their own subject
        "How does BeeGram weigh a bee in flight?",
        "Which papers weigh bees in the evening?",
        "What is the paper about sand sensors about?",
        "Summarise the work on humming bridges",
        "What is topology?",
        "How heavy is a bee?",
        # the pronoun is bound in its own question
        "How do bees fly at night without losing their way?",
        "How does a humming sensor weigh sand before it is dry?",
        "What is the main idea of PaleScan and why does it work?",
        "Is PaleScan better than its rivals?",
        "Which bridges hum loudest at dusk in heavy storms over their rivers?",
        # `it` that stands for nothing
        "Is it possible to weigh a bee in flight?",
        "It's unclear to me how bees weigh honey: how do bees weigh honey?",
        "Why do bridges hum when it rains?",
        # about the collection
        "How many papers are there?",
        "List all papers",
        "What is the newest paper?",
        "Which papers are from 2021?",
        "Papers by Ek",
        "What is in the collection?",
        "And which papers deal with sand?",
        "And how many papers are from 2020?",
        # nothing is asked
        "",
        "?",
        "🐝",
        "thanks",
    ],
)
def test_what_stands_alone_is_unchanged(question: str, subject) -> None:  # type: ignore[no-untyped-def]
    assert standalone(question, [ASKED], subject) == question


@pytest.mark.parametrize("question", ["Does it work at night?", "Why?", "And which others?", "its code", ""])
def test_without_a_conversation_nothing_changes(question: str) -> None:
    assert standalone(question, [], subject_of) == question
    assert standalone(f"  {question}\n", [], subject_of) == question


def test_the_subject_goes_from_follow_up_to_follow_up() -> None:
    assert standalone("And its error?", [ASKED, "And how fast is it?"], subject_of) == "And PaleScan's error?"
    assert standalone("Does it hum?", [ASKED, "Why?", "Really?"], subject_of) == "Does PaleScan hum?"


def test_the_last_subject_counts() -> None:
    assert standalone("Does it fly?", [ASKED, "How does BeeGram weigh bees?"], subject_of) == "Does BeeGram fly?"


def test_a_greeting_is_no_subject() -> None:
    assert standalone("Does it work?", [ASKED, "🙂"], subject_of) == "Does PaleScan work?"


def test_where_no_subject_is_known_the_earlier_question_goes_with_it() -> None:
    weather = "What is known about weather?"
    assert standalone("Does it change?", [weather], subject_of) == f"Does it change — {weather}"
    assert standalone("And in winter?", [weather], subject_of) == "What is known about weather in winter?"


def test_questions_long_ago_are_forgotten() -> None:
    long_ago = [ASKED, *["Does the sea sing?"] * REMEMBERED_QUESTIONS]
    assert "PaleScan" not in standalone("Why?", long_ago, subject_of)
    assert "PaleScan" in standalone("Why?", long_ago[:1], subject_of)


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_text_may_be_asked_after_any_other(question: str, history: list[str]) -> None:
    made = standalone(question, history, subject_of)
    assert standalone(question, [], subject_of) == question.strip()
    assert made == question.strip() or history


MAPS = Paper(
    "title:maps", "PaleScan: Reading Faded Maps", "PaleScan reads faded maps with infrared light. Its lens is made of glass."
)
BEES = Paper("title:bees", "BeeGram: Weighing Bees", "BeeGram weighs bees in flight on humming wires.")


def nothing(question: str) -> str | None:
    return None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("training cost?", "training cost (PaleScan)?"),
        ("link?", "the link of PaleScan?"),
        ("What year?", "the publication year of PaleScan?"),
        ("And the DOI?", "the link of PaleScan?"),
        ("is the code public?", "is the code public (PaleScan)?"),
        ("F1?", "F1 (PaleScan)?"),
        ("what's the infrared light for", "what's the infrared light for (PaleScan)?"),
        ("how is the lens made?", "how is the lens made (PaleScan)?"),
        ("What does the thesis conclude?", "What does PaleScan conclude?"),
        ("Is that better than by hand?", "Is PaleScan better than by hand?"),
    ],
)
def test_a_short_question_is_asked_of_the_paper_that_was_cited(question: str, expected: str) -> None:
    assert standalone(question, ["Who reads old charts?"], nothing, [[MAPS]]) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How are bees weighed?", "How are bees weighed?"),
        ("How many papers are there?", "How many papers are there?"),
        ("ok, and do swarms of wild insects find their way home at night?", "do swarms of wild insects find their way home at night?"),
        ("different thing: how heavy is a bee?", "how heavy is a bee?"),
        ("New topic. What does it weigh on a scale?", "What does it weigh on a scale?"),
        ("And ZetaFold, does it fold its wings?", "ZetaFold, does it fold its wings?"),
        ("ok thanks. How does ZetaFold fold wings?", "How does ZetaFold fold wings?"),
    ],
)  # fmt: skip
def test_a_turn_to_another_subject_is_left_alone(question: str, expected: str) -> None:
    assert standalone(question, ["Who reads old charts?"], nothing, [[MAPS]]) == expected


def test_a_whole_title_stands_in_quotation_marks() -> None:
    long = Paper("long", "Bees weigh more at dusk than at dawn and are lost in the rain", "We weigh bees.")
    history = ["How much do bees weigh?"]
    assert standalone("When was that published?", history, nothing, [[long]]) == f"When was “{long.title}” published?"
    assert standalone("What did it reverse?", history, nothing, [[long]]) == f"What did it reverse (“{long.title}”)?"
    assert standalone(f"Does it hold for “{long.title}”?", history, nothing, [[long]]) == f"Does it hold for “{long.title}”?"


@pytest.mark.parametrize("quotes", ["", "“”"])
def test_another_paper_takes_the_place_of_a_whole_title(quotes: str) -> None:
    long = Paper("long", "Bees weigh more at dusk than at dawn and are lost in the rain", "We weigh bees.")
    history = [f"How fast is it in {quotes[:1]}{long.title}{quotes[1:]}?"]
    assert standalone("And the bridge one?", history, nothing, [[long]]) == "How fast is it in the bridge paper?"


def test_the_last_cited_paper_counts_and_where_none_was_what_the_question_was_about() -> None:
    history = ["Who reads old charts?", "What weighs insects?"]
    assert standalone("how fast is it?", history, nothing, [[MAPS], [BEES]]) == "how fast is BeeGram?"
    assert standalone("how fast is it?", [ASKED], subject_of, [[]]) == "how fast is PaleScan?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("who wrote the first one?", "who wrote PaleScan?"),
        ("Who wrote the second?", "Who wrote BeeGram?"),
        ("What is the second one about?", "What is BeeGram about?"),
        ("the first one in more detail", "PaleScan in more detail"),
        ("And the last paper's code?", "And BeeGram's code?"),
        ("does the latter fly?", "does BeeGram fly?"),
        ("the third one?", "the third one?"),
        ("Who was the first one to fly?", "Who was the first one to fly?"),
        ("which of them use glass?", "which papers use glass?"),
        ("which of those gives a figure?", "which paper gives a figure?"),
        ("which of those papers discuss glass?", "which papers discuss glass?"),
        ("and which of these hum?", "and which papers hum?"),
        ("how many of those are from 2024?", "how many of these papers are from 2024?"),
        ("how many is that?", "How many of these papers are there?"),
        ("show me only those from ICML", "show me only papers from ICML"),
        ("which one is a survey?", "which paper is a survey?"),
        ("Who wrote them?", "Who wrote these papers?"),
        ("What do they say about ink?", "What do these papers say about ink?"),
        ("What do the papers say about ink?", "What do the papers say about ink?"),
    ],
)
def test_papers_that_were_listed_are_meant_by_their_place(question: str, expected: str) -> None:
    assert standalone(question, ["Which papers read or weigh?"], nothing, [[MAPS, BEES]]) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("and the second one?", "and BeeGram?"),
        ("which of those hum?", "which papers hum?"),
        ("is it fast?", "is PaleScan fast?"),
    ],
)
def test_a_list_is_meant_after_a_question_about_one_of_its_papers(question: str, expected: str) -> None:
    history = ["Which papers read or weigh?", "Tell me about the first one"]
    assert standalone(question, history, nothing, [[MAPS, BEES], [MAPS]]) == expected


@pytest.mark.parametrize("question", ["which one is better?", "which of the two is better?"])
def test_two_papers_are_still_meant_after_a_question_that_cites_none(question: str) -> None:
    history = ["Compare PaleScan and BeeGram", "Who wrote them?"]
    assert standalone(question, history, nothing, [[MAPS, BEES], []]) == f"{question[:-1]}, PaleScan or BeeGram?"


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("Who wrote PaleScan?", "And when?", "the publication year of PaleScan?"),
        ("Who wrote PaleScan?", "where?", "the venue of PaleScan?"),
        ("When was PaleScan published?", "and by whom?", "the authors of PaleScan?"),
        ("PaleScan authors", "and the year?", "the publication year of PaleScan?"),
        ("Who wrote PaleScan?", "and the authors of BeeGram?", "the authors of BeeGram?"),
        (ASKED, "And when?", f"And when — {ASKED}"),
    ],
)
def test_another_field_of_the_same_record(before: str, question: str, expected: str) -> None:
    assert standalone(question, [before], subject_of, [[]]) == expected


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("the third one", 2),
        ("Who wrote the tenth paper?", 9),
        ("and the last one?", None),
        ("the second one's code?", None),
        ("what did the third study find?", None),
        ("and the latter?", None),
    ],
)
def test_a_place_that_was_not_cited(question: str, place: int | None) -> None:
    third = Paper("title:three", "Three Trials", "The third study found nothing.")
    refusal = not_cited(question, [[MAPS, third], [BEES], []])
    assert (refusal is None) == (place is None)
    assert refusal is None or refusal.names == ("PaleScan", "Three Trials")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("BeeGram", "BeeGram"),
        ("the year of BeeGram", "the year of BeeGram"),
        ("What is apoptosis?", "What is apoptosis?"),
        ("What is the dose?", "What is the dose (PaleScan)?"),
        ("by how much?", "by how much (PaleScan) — Who reads old charts?"),
    ],
)
def test_what_names_another_paper_or_thing_is_not_asked_of_the_paper_cited(question: str, expected: str) -> None:
    assert standalone(question, ["Who reads old charts?"], subject_of, [[MAPS]]) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("which one is better?", "which one is better, PaleScan or BeeGram?"),
        ("What data do they use?", "What data do PaleScan and BeeGram use?"),
        ("and their limits?", "and PaleScan and BeeGram’s limits?"),
        ("are both fast?", "are PaleScan and BeeGram fast?"),
    ],
)
def test_two_papers_that_were_compared_are_both_meant(question: str, expected: str) -> None:
    assert standalone(question, ["Compare PaleScan and BeeGram"], nothing, [[MAPS, BEES]]) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("compared to BeeGram?", "Compare PaleScan with BeeGram"),
        ("and how is it compared with reading by hand?", "Compare PaleScan with reading by hand"),
        ("vs. BeeGram", "Compare PaleScan with BeeGram"),
        ("what about bridges?", "what about bridges — Who reads old charts?"),
        ("What about the lens?", "What about the lens (PaleScan)?"),
        ("anything similar?", "Which other papers are about the same as “PaleScan: Reading Faded Maps”?"),
        ("is there something similar in the collection?", "Which other papers are about the same as “PaleScan: Reading Faded Maps”?"),
        ("give me the link", "give me the link of PaleScan?"),
        ("and the authors?", "the authors of PaleScan?"),
    ],
)  # fmt: skip
def test_a_paper_that_was_cited_is_set_beside_another(question: str, expected: str) -> None:
    assert standalone(question, ["Who reads old charts?"], nothing, [[MAPS]]) == expected


CITED = [
    Paper("a", "PaleScan: Reading Maps", "Maps fade.", ("Ada Ek", "Bo Lind")),
    Paper("b", "Weighing Bees", "Bees move.", ("Cy Young-Holt",)),
]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("And the one by Lind?", "And PaleScan?"),
        ("What does the study by Young-Holt measure?", "What does Weighing Bees measure?"),
        ("And the one by Nobody?", "And the one by Nobody?"),
    ],
)
def test_the_one_by_an_author_is_one_of_the_papers_cited(question: str, expected: str) -> None:
    history = ["Which papers are about light?", "How do maps fade?"]
    assert standalone(question, history, subject_of, [CITED, CITED[:1]]) == expected


def test_a_place_points_behind_a_refusal_to_what_was_cited_before_it() -> None:
    history = ["Which papers are about light?", "tell me more about the second one"]
    assert standalone("and the first?", history, nearest_always, [CITED[1:], ()]) == "and Weighing Bees?"


@pytest.mark.parametrize("question", ["How many adults took part?", "How large was the sample?", "How many women were there?"])
def test_how_many_took_part_is_asked_of_the_paper_spoken_of(question: str) -> None:
    paper = Paper("c", "Weighing Bees", "Two hundred keepers weighed bees.")
    asked = standalone(question, ["Where was the trial of scales done?"], nearest_always, [[paper]])
    assert asked == f"{question.rstrip('?')} (Weighing Bees)?"


def test_how_many_took_part_in_something_else_stands_alone() -> None:
    paper = Paper("c", "Weighing Bees", "Two hundred keepers weighed bees.")
    question = "How many patients with asthma and gout were enrolled in winter?"
    assert standalone(question, ["Where was the trial of scales done?"], nearest_always, [[paper]]) == question


WIDE = Paper(
    "wide",
    "Strong lamps and the risk of tired eyes in those who read maps at night",
    "Eyes tired in women, and in men not, as after rest.",
)


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("Do lamps tire the eyes in the head in women?", "And in men?", "Do lamps tire the eyes in the head in men"),
        ("Do lamps help children with tired eyes?", "And in adults?", "Do lamps help adults with tired eyes"),
        ("Was it safe in older people?", "What about children?", "Was it safe in children"),
        ("Do lamps tire the eyes?", "In women too?", "Do lamps tire the eyes in women"),
        ("How long do rats sleep?", "And for mice?", "How long do mice sleep"),
        ("How long do rats sleep?", "And mice?", "How long do mice sleep"),
        ("How many women tired?", "And men?", "How many men tired"),
        ("How tired were eyes after six months?", "And after a year?", "How tired were eyes after a year"),
        ("How tired were eyes?", "And compared with rest?", "Compared with rest — How tired were eyes"),
        ("Do lamps tire the eyes?", "Why?", "Why do lamps tire the eyes"),
        ("How many women tired?", "How so?", "Why — How many women tired"),
    ],
)
def test_what_a_question_leaves_out_is_said_by_the_one_before(before: str, question: str, expected: str) -> None:
    assert standalone(question, [before], nothing, [[WIDE]]) == f"{expected} (“{WIDE.title}”)?"


def test_a_question_after_an_elliptic_one_is_asked_of_the_same_predicate() -> None:
    history = ["Do lamps tire the eyes in women?", "And in men?"]
    assert standalone("And in rats?", history, nothing, [[WIDE], [WIDE]]) == f"Do lamps tire the eyes in rats (“{WIDE.title}”)?"


@pytest.mark.parametrize(
    "question", ["How long were they treated?", "And their eyes?", "Was it safe in older people?", "And how many slept on it?"]
)
def test_a_whole_title_takes_the_place_of_no_pronoun(question: str) -> None:
    asked = standalone(question, ["Do lamps tire the eyes?"], nothing, [[WIDE]])
    assert asked == f"{question.rstrip('?')} (“{WIDE.title}”)?"


@pytest.mark.parametrize(
    "question",
    ["How large was the effect?", "How strong is the effect?", "Was the difference significant?", "What was the outcome?"],
)
def test_the_size_of_an_effect_is_asked_of_the_paper_spoken_of(question: str) -> None:
    asked = standalone(question, ["Why do lamps tire the eyes?"], nothing, [[WIDE]])
    assert asked == f"{question.rstrip('?')} (“{WIDE.title}”)?"


@pytest.mark.parametrize("question", ["How large is Jupiter?", "How strong is spider silk?"])
def test_the_size_of_another_thing_stands_alone(question: str) -> None:
    assert standalone(question, ["Why do lamps tire the eyes?"], nothing, [[WIDE]]) == question


NAPS = Paper("naps", "Short rests after night work: effects on nurses", "Nurses rested after night work for 20 minutes.")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("And after day work?", "How long were the rests after day work (Short rests after night work)?"),
        ("And after bicycle races?", "How long were the rests after bicycle races?"),
    ],
)
def test_what_takes_the_place_of_another_thing_changes_no_name(question: str, expected: str) -> None:
    history = ["Do short rests help nurses?", "How long were the rests?"]
    assert standalone(question, history, nothing, [[NAPS], [NAPS]]) == expected
