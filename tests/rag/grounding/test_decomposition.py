"""What of an answer is a claim, and where a long sentence is cut into clauses."""

from __future__ import annotations

import pytest

from rag.grounding.citation_markers import Source
from rag.grounding.clauses import clauses
from rag.grounding.decomposition import decompose

SOURCES = [Source("Bees dance."), Source("Ants walk."), Source("Wasps sing.")]


def claims(answer: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.text, one.numbers) for one in decompose(answer, SOURCES)]


@pytest.mark.parametrize(
    "text",
    [
        "I hope this helps!",
        "Hope that helps. Let me know if you have any questions!",
        "Sure, here is a summary of the passages:",
        "Unable to answer based on given passages.",
        "The provided passages do not contain any information about the price of the licence.",
        "None of the passages mentions the depth of the river.",
        "Passage 2 doesn't mention the dose.",
        "There is no information on this in the context.",
        "Therefore, it is not possible to determine the exact price.",
        "Is there anything else you would like to know?",
        "# Main findings",
        "**Ingredients**",
        "Enjoy your meal!",
        "Sources: passage 1, passage 3.",
        "These are the main points given in the passages.",
        "I'm sorry, but I cannot answer this.",
        "1.",
        "Yes.",
        "In short: no.",
        "```python\nfor bee in hive:\n    bee.dance()  # no rest [1]\n```",
        "~~~\nx = 1 + 2 + 3\n",
        "$$E = m c^2 + 17$$",
        "\\[ a + b = 3 \\]",
        "* * *",
        "<hr><h2>What bees do all day</h2>",
        "<table><tr><th>Who</th><th>What they do</th></tr></table>",
        "Try:<pre class='x'><code>bees.dance(3)</code></pre>",
    ],
)
def test_what_speaks_to_the_reader_or_about_the_sources_is_no_claim(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Based on the provided passages, tea grows in China.", ()),
        ("According to passage 2, tea grows in China.", (2,)),
        ("Passage 3 also states that tea grows in China.", (3,)),
        ("Passages 1 and 3 both say that tea grows in China.", (1, 3)),
        ("The second source suggests that tea grows in China.", (2,)),
        ("From the passages given, it is clear that tea grows in China.", ()),
        ("However, the context does say that tea grows in China.", ()),
        ("Tea grows in China, as mentioned in passage 2.", (2,)),
        ("Tea grows in China (Passage 1).", (1,)),
        ("Tea grows in China, according to the first passage.", (1,)),
        ("Passage 2: Tea grows in China.", (2,)),
        ("2) **Tea** grows in China [3].", (3,)),
        ("Step 2: Tea grows in China.", ()),
        ("(b) Tea grows in China.", ()),
        ("Yes, tea grows in China.", ()),
        ("In summary, the answer is that tea grows in China.", ()),
        ("It is worth noting that tea grows in China.", ()),
        ("Please note that tea grows in China.", ()),
        ("It's worth noting that tea grows in China.", ()),
        ("> Tea grows in China. [2]", (2,)),
        ("Tea grows *in China* [2]. 🍵", (2,)),
        ("<p>Tea grows in <b>China</b><sup>[2]</sup>.</p>", (2,)),
        ("Tea grows in China~\\cite{2}.", (2,)),
        ("Tea grows in China (siehe Quelle 2).", (2,)),
        ("Tea grows in China [Quelle 2].", (2,)),
        ("Tea grows in China (Source: 2).", (2,)),
        ("Tea grows in China (vgl. [2], S. 4).", (2,)),
        ("Tea grows in China (see [2], pp. 3-4).", (2,)),
        ("Tea grows in China (cf. Fig. 7 in [2]).", (2,)),
        ("Tea grows in China, cf. [1][2].", (1, 2)),
    ],
)
def test_only_what_is_said_of_the_matter_is_the_claim(text: str, numbers: tuple[int, ...]) -> None:
    assert claims(text) == [("Tea grows in China.", numbers)]


@pytest.mark.parametrize(
    "text",
    [
        "The first method needs no labels.",
        "The results differ between men and women.",
        "This paper mill closed in 1980.",
        "No bee sleeps at night.",
        "It is not a mammal.",
        "In 2020 the price rose by 5 %.",
        "The text encoder has 12 layers.",
    ],
)
def test_a_claim_that_only_looks_like_it_stays(text: str) -> None:
    assert [told for told, _ in claims(text)] == [text]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Bees dance [1].\n\nReferences\n1. Ek. Bees. 2020.\n2. Lind. Ants. 2021.", [("Bees dance.", (1,))]),
        ("Bees dance [1].\n\n**Sources:**\n- a page\n- a book", [("Bees dance.", (1,))]),
        ("1. **Bees**\n   - they dance [1]\n2. Ants\n\n   * they walk [2]", [("They dance", (1,)), ("They walk", (2,))]),
        ("<ul><li>Bees dance [1]</li><li>Ants walk [2]</li></ul>", [("Bees dance", (1,)), ("Ants walk", (2,))]),
        ("<table><tr><td>bees</td><td>dance [1]</td></tr></table>", [("Bees, dance", (1,))]),
        ('Bees dance <a href="#s">[1]</a>.', [("Bees dance.", (1,))]),
        ("Bees fly 3 km² and 10³ m [1].", [("Bees fly 3 km² and 10³ m.", (1,))]),
        ("Bees make $x^2 < 5$ kg of $\\alpha$ wax [1].", [("Bees make x² < 5 kg of α wax.", (1,))]),
        ("The rate is low if a <b and c> d [1].", [("The rate is low if a <b and c> d.", (1,))]),
        ("| who | does | where |\n|---|---|---|\n| bees | dance | [1] |", [("Bees, dance", (1,))]),
        ("| who | does |\n|---|:---|\n| bees | dance [1] |\n| ants | walk [2] |", [("Bees, dance", (1,)), ("Ants, walk", (2,))]),
    ],
)
def test_reference_lists_and_heads_of_tables_are_no_claims(answer: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert claims(answer) == expected


def test_an_author_who_says_so_is_a_citation() -> None:
    sources = [Source("Bees dance.", "Dancing bees Ada Ek 2020")]
    for answer in (
        "Ek (2020) says that bees dance.",
        "According to Ek (2020), bees dance.",
        "Ek et al. (2020) also report that bees dance.",
    ):
        assert [(one.text, one.numbers) for one in decompose(answer, sources)] == [("Bees dance.", (1,))]


def test_an_author_may_stand_in_the_opening_of_a_source_without_a_title() -> None:
    sources = [Source("Ek and Lind 2020. Bees dance."), Source("Wu 2021. Ants walk.")]
    found = decompose("Ants walk (Wu, 2021). Bees dance (Ek & Lind, 2020).", sources)
    assert [(one.text, one.numbers) for one in found] == [("Ants walk.", (2,)), ("Bees dance.", (1,))]


def test_raised_words_cite_and_powers_do_not() -> None:
    assert claims("The hive is small¹. Its area is 2 m²; R² is 0.9³.") == [
        ("The hive is small.", (1,)),
        ("Its area is 2 m²; R² is 0.9³.", ()),
    ]


def test_a_label_stays_and_its_talk_about_the_passages_goes() -> None:
    assert claims("1. **Dig a trench**: According to passage 1, it must be 18 inches deep.") == [
        ("Dig a trench: it must be 18 inches deep.", (1,))
    ]


def test_a_long_sentence_is_cut_where_each_clause_stands_alone() -> None:
    answer = "The encoder reads each sentence of the text once [1]; the decoder writes one token at a time and keeps a cache of keys [2]."
    assert claims(answer) == [
        ("The encoder reads each sentence of the text once.", (1,)),
        ("The decoder writes one token at a time and keeps a cache of keys.", (2,)),
    ]


def test_clauses_share_the_markers_behind_them() -> None:
    answer = "NoProp reaches 99.5 % accuracy on MNIST, and it was developed by a small team at Oxford in 2021 [2][3]."
    assert claims(answer) == [
        ("NoProp reaches 99.5 % accuracy on MNIST.", (2, 3)),
        ("[NoProp] was developed by a small team at Oxford in 2021.", (2, 3)),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Bees dance, and ants walk.",
        "The model was trained on images, text and speech, and then on a small set of labels that people had written.",
        "While the first method needs labels for each of the classes, the second one learns from text alone.",
        "The drug lowers blood pressure, which was measured twice a day by nurses who had been trained for it.",
        "We measure the loss on ten held-out sets, and this shows that the method works better than all others did.",
        "The network, trained on ImageNet with a large batch, and tuned on CIFAR with a small one, is fast.",
    ],
)
def test_a_sentence_whose_parts_do_not_stand_alone_stays_whole(sentence: str) -> None:
    assert clauses(sentence) == [sentence]


def test_endless_answers_are_cut_in_time() -> None:
    assert decompose("Tea is old, and it is good; " * 5_000, SOURCES)
    assert decompose("according to the passages the passages 1, 2, " * 3_000, SOURCES)
