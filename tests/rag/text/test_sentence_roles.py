"""What sentences do in an abstract, over small abstracts made up for this."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.sentence_roles import Role, parts, role_of

ABSTRACTS: list[list[tuple[str, Role]]] = [
    [
        ("Paper maps are the oldest record of a coast.", "background"),
        ("However, their ink fades, and existing scanners fail on pale lines.", "problem"),
        ("We propose PaleScan, which reads a line from the pressure of the pen.", "approach"),
        ("Experiments on 40 atlases show that it outperforms three scanners.", "result"),
        ("Code is available at https://example.org/palescan.", "code"),
    ],
    [
        ("Rivers move sand.", "background"),
        ("Measuring how much is difficult and expensive.", "problem"),
        ("In this work, we present a sensor of two strings.", "approach"),
        ("The sensor hangs from a bridge and hums when sand passes.", "approach"),
        ("It achieves an error of 3%.", "result"),
        ("The findings hold for gravel.", "result"),
    ],
    [
        ("We introduce a game in which two robots trade bricks.", "approach"),
        ("Our method reduces the number of dropped bricks by half, as experiments demonstrate.", "result"),
    ],
    [
        ("Beekeepers weigh hives by hand, which remains a costly chore.", "problem"),
        ("This paper describes a scale that a bee can carry.", "approach"),
        ("We find that bees weigh less in the evening, and validate this on six hives.", "result"),
    ],
    [
        ("Owls are said to shun lit farms, but counts are rare.", "problem"),
        ("We counted owls on 60 farms for three winters.", "approach"),
        ("Farms with lamps had 41% fewer owls, but only in the first winter.", "result"),
        ("Mice did not differ in number between farms.", "result"),
        ("Nests were not searched, so that breeding may have changed.", "result"),
    ],
    [
        ("Ferry tolls are usually seen as a tax on pilgrims.", "background"),
        ("This essay follows the tolls of one river through the ledgers of an abbey.", "approach"),
        ("It shows that millers paid most of them.", "result"),
    ],
    [
        ("Clocks in cold rooms run slow.", "background"),
        ("But nobody knows by how much, a problem for long experiments.", "problem"),
        ("To address this, a theory of stiff oil is proposed.", "approach"),
        ("The predicted delay agrees with benchmarks within 2 percent and improves on the old formula.", "result"),
        ("Our implementation is publicly available.", "code"),
    ],
]


def roles(sentences: list[str]) -> list[Role]:
    return [part.role for part in parts(sentences)]


@pytest.mark.parametrize("abstract", ABSTRACTS, ids=[abstract[0][0][:20] for abstract in ABSTRACTS])
def test_roles_of_made_up_abstracts(abstract: list[tuple[str, Role]]) -> None:
    assert roles([sentence for sentence, _ in abstract]) == [role for _, role in abstract]


@pytest.mark.parametrize("verb", ["built", "curated", "constructed", "created", "collected", "compiled", "extended", "adapted"])
def test_what_the_authors_made_shows_the_approach_more_than_what_merely_stands_there(verb: str) -> None:
    fact, made, _ = parts(["Weirs are steep.", f"We {verb} EelBank, a record of weirs.", "It improves on sonar."])
    assert made.role == "approach"
    assert made.strength > max(1.0, fact.strength)


def test_a_share_in_percent_shows_a_result_wherever_it_stands() -> None:
    bare, share = (parts(["We built a weir.", f"Eels {told} in the pool."])[1] for told in ("rest", "rest 40% of the time"))
    assert share.role == "result"
    assert share.strength > bare.strength


def test_what_was_left_open_shows_the_result_less_than_what_was_found() -> None:
    found = parts(
        [
            "We weighed 90 hives on two islands.",
            "Hives near the shore lost twice as much wax as the others.",
            "Wind was the best predictor of the loss.",
            "Whether bees drank sea water was not examined.",
            "A single autumn cannot represent the climate.",
            "Swarms may behave differently.",
        ]
    )
    assert {part.role for part in found[1:]} == {"result"}
    assert min(part.strength for part in found[1:3]) > max(part.strength for part in found[3:])


def test_a_link_makes_code_only_of_a_short_sentence() -> None:
    long = "We propose a reader of maps " + "that works by night and by day " * 4 + "as told at https://example.org."
    assert roles(["Maps fade.", long])[1] == "approach"


def test_a_difficulty_named_after_the_approach_is_no_problem_any_more() -> None:
    before, after = "However, ink fades.", "We propose a reader of ink."
    assert roles([before, after])[0] == "problem"
    assert roles([after, "Results show that it works.", before])[2] != "problem"


def test_the_same_sentence_gets_the_same_role_in_the_same_place() -> None:
    sentences = [sentence for sentence, _ in ABSTRACTS[0]]
    assert parts(sentences) == parts(list(sentences))
    assert parts([]) == []


def test_more_cue_words_make_a_part_stronger() -> None:
    weak, strong = (
        parts(["We propose a scale.", sentence])[1]
        for sentence in ("Experiments were made.", "Experiments demonstrate that it outperforms two benchmarks.")
    )
    assert weak.role == strong.role == "result"
    assert weak.strength < strong.strength


@given(st.lists(st.text(), max_size=8))
def test_any_text_gets_one_role_a_sentence(sentences: list[str]) -> None:
    found = parts(sentences)
    assert len(found) == len(sentences)
    assert {part.role for part in found} <= {"background", "problem", "approach", "result", "code"}


def test_labels_of_the_abstract_itself_decide_the_role() -> None:
    sentences = [
        "Sleep was scored by two raters.",
        "Forty adults took part.",
        "Raters agreed on most nights.",
        "Code is available.",
    ]
    labels = ["Objective", "Participants", "Results and conclusions", "Results"]
    assert [part.role for part in parts(sentences, labels)] == ["problem", "approach", "result", "code"]
    assert [part.role for part in parts(sentences, ["", "Keywords"])] == [part.role for part in parts(sentences)]


@pytest.mark.parametrize(
    ("label", "role"), [("Main outcome measures", "result"), ("Study design", "approach"), ("Aims", "problem"), ("Background", "background"), ("Funding", None)]
)  # fmt: skip
def test_what_a_label_tells(label: str, role: str | None) -> None:
    assert role_of(label) == role
