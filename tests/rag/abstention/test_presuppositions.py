"""Questions that take for granted what the paper denies, over a made-up abstract; and questions that must not be refused."""

from __future__ import annotations

import pytest

from rag.abstention.presuppositions import contradiction, premise, premise_fault, supposed

ABSTRACT = (
    "PaleScan reads faded maps without a lamp.",
    "It does not require large cameras.",
    "PaleScan is less sensitive to dust than scanning by hand.",
    "Readings are five times faster and outperform those of experts.",
)


def near(*places: int) -> list[str]:
    return [ABSTRACT[place] for place in places]


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("Why does PaleScan require large cameras?", (1,)),
        ("Why is PaleScan more sensitive to dust?", (2,)),
    ],
)
def test_a_premise_that_the_paper_denies_is_told(question: str, places: tuple[int, ...]) -> None:
    found = premise_fault(question, ABSTRACT, near(*places))
    assert found is not None
    assert found.code == "opposite_premise"


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("Why does PaleScan outperform experts?", (3, 0)),
        ("Why is PaleScan less sensitive to dust?", (2,)),
        ("Why does PaleScan read faded maps?", (0,)),
        ("How much faster is PaleScan?", (3,)),
        ("Which cameras does PaleScan require?", (1,)),
        ("Why?", (0,)),
        ("", ()),
    ],
)
def test_other_questions_are_let_through(question: str, places: tuple[int, ...]) -> None:
    assert premise_fault(question, ABSTRACT, near(*places)) is None


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ("Night light reduces the number of moths.", True),
        ("Night light is said to reduce the number of moths.", False),
        ("It is often assumed that night light reduces the number of moths.", False),
    ],
)
def test_what_is_only_held_denies_no_premise(told: str, refused: bool) -> None:
    abstract = (told, "We counted moths for two years.")
    found = premise_fault("Why does night light increase the number of moths?", abstract, [told])
    assert (found is not None) == refused


@pytest.mark.parametrize(
    ("question", "supposes"),
    [("Which cameras is it built from?", ("cameras",)), ("What lamps does it use?", ("lamps",)), ("Which light is saved?", None)],
)
def test_what_a_paper_does_without_cannot_be_told_more_of(question: str, supposes: tuple[str, ...] | None) -> None:
    abstract = ["PaleScan reads maps without infrared lamps.", "It obviates the need for large cameras and thus saves light."]
    found = supposed(question, abstract, {"palescan"})
    assert (found and found.names) == supposes


@pytest.mark.parametrize(
    "question",
    [
        "Does it use cameras?",
        "Why are no cameras needed?",
        "What replaces the cameras?",
        "I wonder whether cameras are used.",
        "Who is PaleScan?",
        "How does it end up avoiding cameras?",
        "How does it get around cameras?",
        "How many maps were read, and were cameras used?",
    ],
)
def test_whoever_asks_whether_supposes_nothing(question: str) -> None:
    assert supposed(question, ["It works without cameras."], {"palescan"}) is None


def test_what_is_also_affirmed_is_not_done_without() -> None:
    assert supposed("Which cameras are used?", ["It works without large cameras.", "Small cameras do."], ()) is None


@pytest.mark.parametrize("kept", ["hurting cameras", "any loss of cameras", "significantly affecting cameras"])
def test_what_is_left_unharmed_is_not_done_without(kept: str) -> None:
    assert supposed("How are cameras harmed?", [f"It reads maps without {kept}."], ()) is None


def test_the_premise_is_what_stands_behind_the_asking_words() -> None:
    assert premise("So why does PaleScan hum?") == "PaleScan hum"
    assert premise("How much slower is PaleScan than experts on wet maps?") == "PaleScan is slower than experts"
    assert premise("What is PaleScan?") == ""
    assert premise("Why doesn't PaleScan hum?") == ""


@pytest.mark.parametrize(
    ("question", "denying"),
    [
        ("Why does PaleScan require large cameras?", 1),
        ("Why is PaleScan more sensitive to dust?", 2),
    ],
)
def test_the_sentence_that_clearly_denies_a_premise_is_known(question: str, denying: int | None) -> None:
    spoken = near(1, 2, 3)
    fault = premise_fault(question, ABSTRACT, spoken)
    assert fault is not None
    assert contradiction(question, ABSTRACT, spoken, fault) == denying


@pytest.mark.parametrize(("question", "denying"), [("What lamps does it use?", 0), ("Which camera size is used?", None)])
def test_what_is_done_without_is_denied_by_the_sentence_that_says_so(question: str, denying: int | None) -> None:
    abstract = ["PaleScan reads maps without infrared lamps.", "It obviates the need for a large camera."]
    fault = supposed(question, abstract, {"palescan"})
    assert fault is not None
    assert contradiction(question, abstract, abstract, fault) == denying


def test_a_failure_that_the_paper_admits_is_not_the_opposite() -> None:
    abstract = [
        "However, PaleScan does not see the whole sheet and therefore cannot read large maps.",
        "Its readings are successful.",
    ]
    assert premise_fault("Why does PaleScan fail on large maps?", abstract, abstract) is None
