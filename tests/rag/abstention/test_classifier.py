"""Signs that papers are silent, each by itself, and what they come to together."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from samples.small_library import BEES, MAPS, RIVERS, assistant

from rag.abstention.classifier import DENIED_FROM, MAY_ANSWER, SILENT, model, probability, signs, weighed, why_unanswered
from rag.abstention.rules import Findings, another_subject, unmet_phrase
from rag.abstention.unknown_names import lacking_names
from rag.answering.assistant import LibraryAssistant
from rag.build import open_library
from rag.library.encoder import OnnxEncoder
from rag.query.paper_names import named
from rag.query.plan import QueryPlan
from rag.query.question import understand
from rag.retrieval.reranker import Ranked
from rag.retrieval.sentence_ranker import Match
from rag.types import Paper, Refusal

Held = tuple[QueryPlan, list[Match], Callable[[str], bool]]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibraryAssistant]:
    library, made = assistant(tmp_path_factory.mktemp("silence"), [MAPS, BEES, RIVERS], OnnxEncoder())
    yield made
    library.close()


@pytest.fixture(scope="module")
def held(asked: LibraryAssistant) -> Callable[[str], Held]:
    """A question against the sentences of the papers that it calls, or of the nearest."""

    def read(text: str) -> Held:
        question = understand(text)
        hits = asked.search.search(question.text, 3)
        called = named(question.text, [hit.paper for hit in hits])
        read = [hit for hit in hits if hit.paper in called] or hits
        return question, asked.writer.ranker.matches(question, read), asked.search.holds

    return read


@pytest.mark.parametrize(
    ("sign", "there", "not_there"),
    [
        ("stranger", "How does ZetaFold weigh bees?", "How does BeeGram weigh bees?"),
        ("no figure", "How much electricity does the river sensor draw?", "How many hives was BeeGram tried on?"),
    ],
)  # fmt: skip
def test_each_sign_shows_where_it_should(held: Callable[[str], Held], sign: str, there: str, not_there: str) -> None:
    assert signs(Findings(*held(there)))[sign] > signs(Findings(*held(not_there)))[sign]


@pytest.mark.parametrize(
    ("sign", "there", "not_there"),
    [
        ("name lacking", "How does BeeGram compare with Mellifera?", "How does BeeGram weigh bees?"),
    ],
)  # fmt: skip
def test_each_sign_beside_the_reader_shows_where_it_should(
    held: Callable[[str], Held], sign: str, there: str, not_there: str
) -> None:
    read = Ranked((), 1.0).signs
    assert signs(Findings(*held(there)), read)[sign] > signs(Findings(*held(not_there)), read)[sign]


def test_a_denial_answers_what_is_asked_and_not_what_is_supposed(held: Callable[[str], Held]) -> None:
    read = {"answered": 1.0, "first answers": 1.0, "affirmed": -2.0, "denied": 3.0}
    supposed, asked = (
        signs(Findings(*held(text)), read)
        for text in ("Why does PaleScan require large cameras?", "Does PaleScan require large cameras?")
    )
    assert supposed["affirmed"] == -2.0
    assert asked["affirmed"] == 3.0


@pytest.mark.parametrize("question", ["Why does PaleScan require large cameras?", "Which back-propagation trains BeeGram?"])
def test_a_premise_that_is_denied_is_refused_unless_an_answer_is_sure(
    held: Callable[[str], Held], monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    for chance, refused in ((DENIED_FROM, True), (DENIED_FROM - 0.01, False)):
        monkeypatch.setattr("rag.abstention.classifier.probability", lambda found, weighing, chance=chance: chance)
        found = why_unanswered(*held(question))
        assert (found is not None and found.code.startswith(("opposite_premise", "premise_done"))) == refused


@pytest.mark.parametrize("question", ["Does Bee-Gram weigh bees?", "Does BeeGrams weigh bees?", "Does BeeGrem weigh bees?"])
def test_a_name_that_is_written_otherwise_is_not_lacking(held: Callable[[str], Held], question: str) -> None:
    paper = Findings(*held("How does BeeGram weigh bees?")).nearest[0].evidence.paper
    assert lacking_names(question, paper) == []
    assert lacking_names("Does WaspScan-7 weigh bees?", paper) == ["WaspScan-7"]


def test_a_greek_letter_in_a_name_may_be_written_as_its_name_or_its_first_letter() -> None:
    paper = Paper("1", "NF-κB in bees", "NF-κB and TNF-alpha rise in old bees.")
    assert lacking_names("Why do NF-kB, NF-kappaB, TNF-α and TNFa rise?", paper) == []
    assert lacking_names("Why does IL-1β rise?", paper) == ["IL-1β"]


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("What does BeeGram reach with Llama-3?", ["Llama-3"]),
        ("What does BeeGram reach with Llama-2?", []),
        ("Are LLMs compared with BeeGram?", []),
        ("Are ResNets compared with BeeGram?", []),
        ("Does BeeGram beat BERT?", ["BERT"]),
    ],
)
def test_a_version_of_a_name_must_be_there_itself_and_long_forms_count(question: str, lacking: list[str]) -> None:
    paper = Paper("1", "BeeGram", "BeeGram is compared with Llama 2 and other large language models, and with residual networks.")
    assert lacking_names(question, paper) == lacking


@pytest.mark.parametrize(
    ("question", "by_signs"),
    [
        ("How are bees weighed?", True),
        ("Is the code of PaleScan available?", False),
        ("What is the most cited paper?", False),
        ("What is the capital of France?", False),
        ("Welche Karten liest der Scanner?", False),
    ],
)
def test_where_rules_are_sure_no_signs_are_weighed(held: Callable[[str], Held], question: str, by_signs: bool) -> None:
    assert weighed(Findings(*held(question))) == by_signs


def test_another_subject_is_left_to_signs_where_the_learned_reader_may_find_an_answer(held: Callable[[str], Held]) -> None:
    off, short = (
        Findings(*held(text)) for text in ("What is the population of the capital of France?", "What is the capital of France?")
    )
    assert not weighed(off, {"answered": MAY_ANSWER - 0.1, "first answers": -2.0})
    assert weighed(off, {"answered": MAY_ANSWER, "first answers": -2.0})
    assert not weighed(short, {"answered": 1.5, "first answers": 1.5})


@pytest.mark.parametrize(
    ("question", "asked_for"),
    [
        ("Is the code of PaleScan available?", True),
        ("Is there code for PaleScan?", True),
        ("Where can I find the code of PaleScan?", True),
        ("Does PaleScan release its source code?", True),
        ("Any GitHub link for PaleScan?", True),
        ("Can I get the PaleScan code?", True),
        ("Where can I find maps and code for PaleScan?", True),
        ("Where is the implementation of PaleScan?", True),
        ("Is PaleScan open source?", True),
        ("Gibt es Code zu PaleScan?", True),
        ("Ist der Quellcode von PaleScan verfügbar?", True),
        ("Wie wird Code von PaleScan gelesen?", False),
        ("Is PaleScan trained on open source maps?", False),
        ("Where is building code compliance of maps published by PaleScan?", False),
        ("How is each place on a map linked to code in PaleScan?", False),
        ("Is the two-stage source code of PaleScan lossless?", False),
        ("Are code-switched labels read by PaleScan?", False),
    ],
)
def test_code_is_lacking_only_where_it_is_asked_for(held: Callable[[str], Held], question: str, asked_for: bool) -> None:
    found = Findings(*held(question))
    assert found.no_code == asked_for
    assert weighed(found, {"answered": 1.0, "first answers": 0.5}) != (asked_for or found.question.foreign)


def test_code_of_another_paper_is_not_that_of_the_one_asked_about(held: Callable[[str], Held]) -> None:
    question, matches, holds = held("Is the code of bees and maps available?")
    asked = {name: understand(f"Is the code of {name} available?") for name in ("BeeGram", "PaleScan", "WaspScan-7")}
    found = {name: Findings(plan, matches, holds).no_code for name, plan in asked.items()}
    assert found == {"BeeGram": False, "PaleScan": True, "WaspScan-7": True}
    assert not Findings(question, matches, holds).no_code


def test_a_paper_that_is_called_by_name_is_no_other_subject(held: Callable[[str], Held]) -> None:
    far = "xylophone quasar pancake voltage?"
    assert another_subject(*held(far))
    assert not another_subject(*held(f"PaleScan {far}"))
    assert not another_subject(*held(f"PaleScans {far}"))
    assert another_subject(*held(f"WaspScan {far}"))


def test_another_subject_is_no_reason_where_the_nearest_paper_is_on_it(
    held: Callable[[str], Held], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.abstention.rules.another_subject", lambda *_: True)
    codes = [refusal.code if (refusal := why_unanswered(*held(text))) else "" for text in (
        "Why do the old maps fade?", "Who painted the Mona Lisa?",
    )]  # fmt: skip
    assert codes == ["silent", "other_subject"]


def test_a_paper_whose_title_has_all_that_is_asked_is_no_other_subject(held: Callable[[str], Held]) -> None:
    assert not another_subject(*held("Which paper is about sensors for rivers?"))
    assert not another_subject(*held("Which paper is about reading with light?"))


def test_words_that_the_paper_lacks_are_weighed_by_what_they_meet(held: Callable[[str], Held]) -> None:
    none, near, far = (signs(Findings(*held(f"How does BeeGram weigh {word}?"))) for word in ("bees", "insects", "quasars"))
    assert none["lacking met"] > near["lacking met"] > far["lacking met"]


def test_a_word_that_papers_mostly_lack_where_they_answer_is_not_weighed(held: Callable[[str], Held]) -> None:
    plain, wordy = (
        signs(Findings(*held(question))) for question in ("How does BeeGram weigh bees?", "How is BeeGram able to weigh bees?")
    )
    assert wordy["lacking met"] == plain["lacking met"]


def test_the_weights_are_those_of_the_signs_and_lean_as_they_should(held: Callable[[str], Held]) -> None:
    found = signs(Findings(*held("How are bees weighed?")))
    assert model().weights.keys() == found.keys()
    for sign in ("stranger", "no figure"):
        assert probability({**found, sign: 1.0}) > probability({**found, sign: 0.0})
    assert 0 < probability(found) < model().threshold < 1


def test_the_reader_s_weights_are_those_of_its_signs(held: Callable[[str], Held]) -> None:
    read = Ranked((), 1.0).signs
    assert model("silence_read").weights.keys() == signs(Findings(*held("How are bees weighed?")), read).keys()


def test_what_is_answered_has_no_reason_and_no_sentences_have_one(held: Callable[[str], Held]) -> None:
    assert why_unanswered(*held("How are bees weighed?")) is None
    question, _, holds = held("bees")
    assert why_unanswered(question, [], holds) == Refusal("nothing_found")


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("Which learning rate was BeeGram trained with?", "learning rate"),
        ("Is there a licence for BeeGram?", "licence"),
        ("Which genetic bees does BeeGram use?", "genetic bees"),
    ],
)
def test_the_words_that_no_paper_in_view_has_are_a_reason(
    held: Callable[[str], Held], monkeypatch: pytest.MonkeyPatch, question: str, phrase: str
) -> None:
    monkeypatch.setattr("rag.abstention.classifier.probability", lambda found, weighing: 1.0)
    assert why_unanswered(*held(question)) == Refusal("term_not_mentioned", (phrase,))


def test_a_word_that_asks_for_a_figure_is_not_named_as_missing(held: Callable[[str], Held]) -> None:
    question, matches, _ = held("What share of orchards has BeeGram?")
    assert unmet_phrase(question, matches, {"share": 0.1, "orchards": 0.2}) == Refusal("term_not_mentioned", ("orchards",))
    assert unmet_phrase(question, matches, {"share": 0.1}) is None


def test_an_adjective_at_the_end_is_named_without_the_noun_that_it_is_said_of(held: Callable[[str], Held]) -> None:
    question, matches, _ = held("What makes the bees controversial?")
    assert unmet_phrase(question, matches, {"bees": 0.9, "controversial": 0.2}) == Refusal(
        "term_not_mentioned", ("controversial",)
    )


def test_an_abbreviation_s_plural_is_not_missing_where_the_singular_stands(held: Callable[[str], Held]) -> None:
    question, matches, _ = held("How many GPUs and TPUs does BeeGram need?")
    paper = replace(matches[0].evidence.paper, abstract="BeeGram runs on one GPU.")
    match = replace(matches[0], evidence=replace(matches[0].evidence, paper=paper))
    assert unmet_phrase(question, [match], {"gpus": 0.1, "tpus": 0.2}) == Refusal("term_not_mentioned", ("TPUs",))


def test_where_no_rule_gives_a_reason_it_says_so_plainly(held: Callable[[str], Held], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.abstention.classifier.probability", lambda found, weighing: 1.0)
    assert why_unanswered(*held("Which maps does the scanner read?")) == SILENT


def test_a_name_that_another_paper_in_view_has_is_no_reason(held: Callable[[str], Held], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.abstention.classifier.probability", lambda found, weighing: 1.0)
    _, matches, holds = held("Which river sensor hears sand in the winters?")
    assert {match.evidence.paper.id for match in matches} >= {BEES.id, RIVERS.id}
    matches.sort(key=lambda match: match.evidence.paper.id != RIVERS.id)
    read = Ranked((), 1.0).signs
    asked = [understand(f"Which river sensor hears sand like {name} in the winters?") for name in ("BeeGram", "ZetaFold")]
    assert [why_unanswered(question, matches, holds, read) for question in asked] == [
        SILENT,
        Refusal("name_not_mentioned", ("ZetaFold",)),
    ]


def test_a_capital_behind_a_dash_is_no_reason(held: Callable[[str], Held], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.abstention.classifier.probability", lambda found, weighing: 1.0)
    assert why_unanswered(*held("And the scanner — What reads maps?")) == SILENT


def test_of_a_question_in_another_language_the_rules_alone_decide(
    held: Callable[[str], Held], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.abstention.classifier.probability", lambda found, weighing: 1.0)
    question, matches, holds = held("Welche Karten liest der Scanner?")
    assert question.foreign
    assert why_unanswered(question, matches, holds) is None


EVERYDAY = """
Why does my back hurt?
How do I cook rice?
What is the tallest building in the world?
When did the second world war end?
What is photosynthesis?
How do I tie a tie?
Who won the world cup in 2018?
How long should I boil an egg?
What is the distance from the earth to the moon?
How can I learn to play the guitar?
What is the weather like tomorrow?
Which car should I buy?
What causes inflation?
Who painted the Mona Lisa?
How do I remove a wine stain from a shirt?
What is the meaning of life?
Can dogs eat chocolate?
How many calories are in an apple?
"""


@pytest.mark.parametrize("question", EVERYDAY.strip().split("\n"))
def test_everyday_questions_are_another_subject(bundled: LibraryAssistant, question: str) -> None:
    answer = bundled.ask(question)
    assert answer.status == "not_found"
    assert answer.refusal is not None
    assert answer.refusal.code == "other_subject"


@pytest.fixture(scope="module")
def bundled(bundled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibraryAssistant]:
    home = shutil.copytree(bundled_home, tmp_path_factory.mktemp("everyday") / "library")
    with open_library(home) as chat:
        yield chat.assistant


@pytest.mark.parametrize(("chance", "denied", "refused"), [(0.6, True, True), (0.6, False, False), (0.4, True, False)])
def test_a_premise_that_the_reader_finds_denied_is_refused_sooner(
    held: Callable[[str], Held], monkeypatch: pytest.MonkeyPatch, chance: float, denied: bool, refused: bool
) -> None:
    monkeypatch.setattr("rag.abstention.classifier.probability", lambda found, weighing: chance)
    found = why_unanswered(*held("How does BeeGram weigh bees?"), Ranked((), 1.0).signs, denied)
    assert found == (Refusal("opposite_premise") if refused else None)
