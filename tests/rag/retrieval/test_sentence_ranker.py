"""Exact sentences: held word by word against a question, with an encoder of hashed words."""

from __future__ import annotations

from collections import OrderedDict

import pytest
from fakes import WordHashEncoder, some_papers
from hypothesis import example, given
from hypothesis import strategies as st

from rag.library.chunking import SentenceWindows, passages
from rag.query.plan import QueryPlan, Want
from rag.query.question import understand
from rag.retrieval.sentence_ranker import HIT_SHARE, Match, Reading, SentenceRanker, cue, prior
from rag.text.instructions import reporting
from rag.text.sentence_roles import Part, Role
from rag.text.sentences import sentences
from rag.types import Hit, Paper, Passage, Span

BEES = Paper(
    id="title:bees",
    title="Winter Bees",
    abstract="Bees sing at dusk. However, their weight is hard to measure. We propose a scale. Experiments show an error of 3%.",
)
INK = Paper(id="title:ink", title="Wet Ink", abstract="Ink fades. Maps fade as well.")


def hit(paper: Paper, score: float = 0.5) -> Hit:
    whole = [*passages(paper, SentenceWindows(0)), Passage("none", paper, Span(0, 0))]
    return Hit(whole[0], score, "both")


def asked(text: str, *wants: Want) -> QueryPlan:
    return QueryPlan(text, "fact", frozenset(wants))


def matches(text: str, *hits: Hit) -> list[Match]:
    return SentenceRanker(WordHashEncoder(512)).matches(asked(text), hits)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When do bees sing, at dusk?", "Bees sing at dusk."),
        ("hard to measure weight", "However, their weight is hard to measure."),
        ("propose scale", "We propose a scale."),
        ("Do maps fade as well?", "Maps fade as well."),
    ],
)
def test_the_sentence_with_the_questions_words_comes_first(question: str, sentence: str) -> None:
    assert matches(question, hit(BEES), hit(INK))[0].text == sentence


def test_a_paper_that_another_thread_makes_the_ranker_forget_is_read_all_the_same() -> None:
    class Forgotten(OrderedDict[tuple[str, str, str], Reading]):
        """What is remembered is gone as soon as one has looked whether it is there."""

        def __contains__(self, key: object) -> bool:
            there = super().__contains__(key)
            self.clear()
            return there

    ranker = SentenceRanker(WordHashEncoder(512))
    ranker.read(BEES)
    ranker._readings = Forgotten(ranker._readings)
    assert ranker.read(BEES).paper == BEES


def test_every_sentence_of_every_paper_is_a_match_with_exact_offsets() -> None:
    found = matches("bees", hit(BEES), hit(INK))
    assert sorted((match.evidence.paper.id, match.position) for match in found) == [
        ("title:bees", 0),
        ("title:bees", 1),
        ("title:bees", 2),
        ("title:bees", 3),
        ("title:ink", 0),
        ("title:ink", 1),
    ]
    for match in found:
        assert match.evidence.span == sentences(match.evidence.paper.abstract)[match.position]
        assert match.text == match.evidence.span.of(match.evidence.paper.abstract)


def test_best_come_first() -> None:
    scores = [match.score for match in matches("Which bees sing at dusk?", hit(INK), hit(BEES))]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]


def test_each_word_of_the_question_has_its_best_cosine() -> None:
    (best, *_) = matches("bees sing loudly", hit(BEES))
    assert best.words.keys() == {"bees", "sing", "loudly"}
    assert best.words["bees"] == pytest.approx(1, abs=1e-4)
    assert best.words["sing"] == pytest.approx(1, abs=1e-4)
    assert best.words["loudly"] < 0.9


def test_interrogatives_count_only_where_there_is_nothing_else() -> None:
    assert matches("What sings?", hit(BEES))[0].words.keys() == {"sings"}
    assert matches("What?", hit(BEES))[0].words.keys() == {"what"}


def test_words_are_compared_as_folded() -> None:
    assert matches("BÉES", hit(BEES))[0].words.keys() == {"bees"}


def test_the_papers_rank_counts_for_its_sentences() -> None:
    low, high = (matches("bees sing", hit(BEES, score))[0].score for score in (0.0, 1.0))
    assert high - low == pytest.approx(HIT_SHARE, abs=1e-5)


def test_a_title_gives_context_but_is_never_quoted_nor_matched() -> None:
    assert all("Winter" not in match.text for match in matches("winter", hit(BEES)))
    assert max(match.words["winter"] for match in matches("winter", hit(BEES))) < 0.9


def test_title_and_neighbours_matter_to_an_encoder_that_reads_in_context() -> None:
    encoder = Recording()
    SentenceRanker(encoder).read(INK)
    assert encoder.texts == ["Wet Ink. Ink fades. Maps fade as well."]


class Recording(WordHashEncoder):
    """Remembers what words were asked for."""

    def __init__(self) -> None:
        super().__init__(256)
        self.texts: list[str] = []

    def encode_words(self, texts):  # type: ignore[no-untyped-def]
        self.texts += texts
        return super().encode_words(texts)


def test_a_paper_is_read_once_and_the_longest_unread_is_forgotten() -> None:
    encoder = Recording()
    ranker = SentenceRanker(encoder, remembered=2)
    one, two, three = some_papers(3)
    for paper in (one, two, one, three):
        ranker.read(paper)
    read = len(encoder.texts)
    ranker.read(one)
    ranker.read(three)
    assert len(encoder.texts) == read
    ranker.read(two)
    assert len(encoder.texts) > read


def test_a_changed_paper_is_read_anew() -> None:
    ranker = SentenceRanker(Recording())
    changed = Paper(id=INK.id, title=INK.title, abstract="Ink stays.")
    ranker.read(INK)
    assert [match.text for match in ranker.matches(asked("ink"), [hit(changed)])] == ["Ink stays."]


def test_a_paper_without_an_abstract_has_no_evidence() -> None:
    empty = Paper(id="title:void", title="Void", abstract="")
    assert matches("void", hit(empty)) == []
    assert len(matches("bees", hit(empty), hit(BEES))) == 4
    assert matches("bees") == []


def test_a_sentence_of_signs_alone_is_held_against_as_a_whole() -> None:
    signs = Paper(id="title:signs", title="Signs", abstract="!!! ???")
    assert [match.text for match in matches("bees", hit(signs))] == ["!!! ???"]


def test_ties_go_by_paper_and_place() -> None:
    twins = [Paper(id=f"title:{letter}", title="T", abstract="Maps fade. Maps fade.") for letter in "ba"]
    found = matches("zebra", *map(hit, twins))
    same = [match for match in found if match.score == found[0].score]
    assert [(match.evidence.paper.id, match.position) for match in same] == sorted(
        (match.evidence.paper.id, match.position) for match in same
    )


@pytest.mark.parametrize(
    ("want", "sentence", "role", "other"),
    [
        ("number", "It fell by 3%.", "result", "It fell."),
        ("number", "Twelve bees sang.", "background", "Bees sang."),
        ("participants", "We treated bees (n = 42).", "approach", "We treated bees."),
        ("participants", "We saw 42 consecutive adult patients.", "approach", "We saw 42 hives."),
        ("participants", "We saw 42 old patients.", "approach", "In 2015, we gave 5 mg in children."),
        ("reason", "They sing because it is dusk.", "background", "They sing."),
        ("manner", "They sing by rubbing wings.", "background", "They sing."),
        ("evaluation", "Experiments were made.", "background", "Bees sang."),
    ],
)
def test_the_form_of_a_sentence_counts_where_it_is_wanted(want: Want, sentence: str, role: Role, other: str) -> None:
    assert cue(frozenset({want}), sentence, role) > cue(frozenset({want}), other, role)
    assert cue(frozenset(), sentence, role) == cue(frozenset(), other, role)


@pytest.mark.parametrize(
    ("want", "role"),
    [
        ("difficulty", "problem"),
        ("code", "code"),
        ("result", "result"),
        ("evaluation", "result"),
        ("manner", "approach"),
        ("reason", "problem"),
    ],
)
def test_the_part_of_a_sentence_counts_where_it_is_wanted(want: Want, role: Role) -> None:
    assert cue(frozenset({want}), "It sings.", role) > cue(
        frozenset({want}), "It sings.", "result" if want == "reason" else "background"
    )


def test_what_the_title_says_already_counts_less_than_the_point() -> None:
    bees = Paper(
        id="title:bees", title="Singing bees in spring", abstract="Singing bees sing. Honey keeps. Ink fades. Maps fade."
    )
    assert matches("singing bees honey", hit(bees))[0].text == "Honey keeps."


def test_before_anything_is_asked_ends_and_long_sentences_are_worth_less() -> None:
    part = Part("result", 1.0)
    assert prior(part, 1, 4, "It sings.") > prior(part, 0, 4, "It sings.")
    assert prior(part, 2, 4, "It sings.") > prior(part, 1, 4, "It sings.")
    assert prior(part, 4, 6, "It sings.") > prior(part, 5, 6, "It sings.")
    assert prior(part, 1, 4, "It sings.") > prior(part, 1, 4, "It sings, " * 20)


def test_code_that_nobody_asked_for_stays_behind() -> None:
    assert cue(frozenset(), "It sings.", "code") < cue(frozenset(), "It sings.", "background")


@example("", ["<|0|>"], "")
@given(st.text(), st.lists(st.text(), max_size=2), st.text())
def test_any_question_over_any_papers(question: str, abstracts: list[str], title: str) -> None:
    papers = [Paper(id=f"title:{n}", title=title, abstract=abstract) for n, abstract in enumerate(abstracts)]
    found = SentenceRanker(WordHashEncoder(32)).matches(understand(question), [hit(paper) for paper in papers])
    assert len(found) == sum(len(reporting(abstract)) for abstract in abstracts)
    assert found == sorted(found, key=lambda match: (-match.score, match.evidence.paper.id, match.position))
