"""Answers as other systems write them: each claim comes once, with the sources that it cites, and nothing else is a claim."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.grounding.answer_sentences import answer_sentences
from rag.grounding.citation_markers import Source
from rag.grounding.decomposition import decompose

ANSWERS = [
    json.loads(line)
    for line in Path("tests/data/checker/answers_of_other_systems.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("record", ANSWERS, ids=[str(record["style"]) for record in ANSWERS])
def test_an_answer_in_this_style_is_cut_into_its_claims(record: dict[str, object]) -> None:
    given = record["sources"]
    assert isinstance(given, list)
    sources = [Source("A text.", one["title"], one["key"]) for one in given]
    assert [[claim.text, list(claim.numbers)] for claim in decompose(str(record["answer"]), sources)] == record["claims"]


@pytest.mark.parametrize(
    "text",
    [
        "Thanks to batching, training is fast.",
        "It is unclear whether ants sleep.",
        "It is impossible to separate the two liquids by heat.",
        "There is not enough evidence that bees sleep.",
        "M. luteus grows on agar.",
        "Cheers is a model that reads images.",
        "This paper mill closed in 1980.",
        "The documentary covers the years of war.",
        "No other ant walks as fast.",
        "This is not an advice column.",
        "Let A be the set of ants.",
        "Los documentos prueban que las abejas bailan.",
        "Les passages ne sont pas larges.",
        "Ecco is a game about a dolphin.",
        "文档很长。",
    ],
)
def test_a_claim_that_only_looks_like_talk_stays(text: str) -> None:
    assert [claim.text for claim in decompose(text, [])] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "The documents only discuss the older model.",
        "The sources conflict on whether unused data rolls over.",
        "No other changes are mentioned in the documents.",
        "That said, the passages do not break this down by city.",
        "For more information, see the website.",
        "Ob er gilt, geht aus den Dokumenten nicht hervor.",
        "In den vorliegenden Texten finden sich keine Angaben zum Preis.",
        "Confidence: high",
        "I couldn't find the number of ants in the sources.",
        "*Generated from 2 documents.*",
        "Weitere Details finden Sie in den AGB.",
        "<think>Passage 1 says that bees dance. I should cite it.",
        "Let's look at the passages one by one.",
        "Thought: I need to check passage 1.",
        "This is not medical advice.",
        "Disclaimer: It does not constitute legal advice.",
        "Note: the answer above is based solely on the provided context.",
        "Les documents fournis ne mentionnent pas le prix.",
        "Los documentos no contienen información sobre el precio.",
        "I documenti forniti non menzionano il prezzo.",
        "Os documentos não mencionam o preço.",
        "Espero que esto te ayude.",
        "¡Claro!",
        "抱歉，文档中没有提到价格。",
        "文書には価格の記載がありません。",
    ],
)
def test_talk_about_the_sources_is_no_claim(text: str) -> None:
    assert decompose(text, [Source("Bees dance.")]) == []


@pytest.mark.parametrize(
    ("answer", "numbers"),
    [
        ("Bees dance [doc2].", (2,)),
        ("Bees dance [Doc1][Doc3].", (1, 3)),
        ("Bees dance [cite: 1, 3].", (1, 3)),
        ("[cite_start]Bees dance. [cite: 2]", (2,)),
        ("<co: 0,2>Bees</co: 0,2> dance.", (1, 3)),
        ("Bees dance.[[1]][[3]]", (1, 3)),
        ("Bees dance.¹⁻³", (1, 2, 3)),
        ("Bees dance.¹,³", (1, 3)),
        ("Bees dance 【7:1†hive.pdf】.", (2,)),
        ("Bees dance [Document 1, p. 4; Document 3, p. 1].", (1, 3)),
        ("Bees dance [2, Table 4].", (2,)),
        ("Bees dance (Sources 1 and 3).", (1, 3)),
        ("Bees dance (siehe Quellen 1 und 2).", (1, 2)),
        ("Bees dance [1], [2].", (1, 2)),
        ("Bees dance <ref>3</ref>.", (3,)),
        ("Bees dance (see [2] for details).", (2,)),
        ("**Bees dance.** [2]", (2,)),
        ("As explained in [2], bees dance.", (2,)),
        ("[2] argues that bees dance.", (2,)),
        ("Bees dance [2: p. 4].", (2,)),
        ("Bees dance ([1], [3]).", (1, 3)),
        ("It only mentions that bees dance (source 2).", (2,)),
        ("From what I gathered, bees dance [1].", (1,)),
        ("To summarise the two documents: bees dance [1][2].", (1, 2)),
    ],
)
def test_further_ways_of_citing_are_read(answer: str, numbers: tuple[int, ...]) -> None:
    sources = [Source("One."), Source("Two."), Source("Three.")]
    assert [(claim.text, claim.numbers) for claim in decompose(answer, sources)] == [("Bees dance.", numbers)]


def test_a_file_that_a_source_is_called_by_is_cited_by_its_name() -> None:
    sources = [Source("Bees dance.", key="hive.pdf"), Source("Ants walk.", key="hill.pdf")]
    found = decompose("Ants walk【4:0†hill.pdf】. Bees dance [hive.pdf]. Both are insects [hive.pdf, hill.pdf].", sources)
    assert [claim.numbers for claim in found] == [(2,), (1,), (1, 2)]


def test_brackets_of_code_stay() -> None:
    (claim,) = decompose("Call `run()` once ([1]).", [Source("One.")])
    assert (claim.text, claim.numbers) == ("Call run() once.", (1,))


def test_powers_and_units_cite_nothing() -> None:
    (claim,) = decompose("It flows at 3 m s⁻¹ over 12 m², or 10³ kg/m³.", [Source("One."), Source("Two."), Source("Three.")])
    assert (claim.text, claim.numbers) == ("It flows at 3 m s⁻¹ over 12 m², or 10³ kg/m³.", ())


def test_a_link_that_is_no_source_is_read_as_its_text() -> None:
    (claim,) = decompose("Bees [dance](https://example.org/x) here ![bee](https://example.org/b.png).", [Source("Bees dance.")])
    assert claim.text == "Bees dance here."


@pytest.mark.parametrize(
    "line",
    [
        "Er verfällt am 31. März des Jahres.",
        "Das gilt z. B. für Wärme.",
        "Sie speist ca. 9 GWh ein, d. h. viel.",
        'The rule says: "Do not run. Walk."',
        "Er sagte: „Nicht rennen. Gehen.“",
    ],
)
def test_a_sentence_is_not_cut_within_a_date_an_abbreviation_or_a_quotation(line: str) -> None:
    assert answer_sentences(line) == [line]


def test_a_quotation_that_never_closes_holds_nothing_together() -> None:
    assert answer_sentences('He said "run. They ran. They stopped.') == ['He said "run.', "They ran.", "They stopped."]


def test_clauses_that_cite_each_for_itself_are_told_apart_however_short() -> None:
    sources = [Source("One."), Source("Two.")]
    found = decompose("NoProp needs no labels [1], and it is cheap [2].", sources)
    assert [(claim.text, claim.numbers) for claim in found] == [("NoProp needs no labels.", (1,)), ("[NoProp] is cheap.", (2,))]
    (whole,) = decompose("NoProp needs no labels, and it is cheap [2].", sources)
    assert whole.numbers == (2,)
