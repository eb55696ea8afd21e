"""Drafts held against the papers: what supports, what contradicts, what nobody says; and which sentences claim anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import open_library
from rag.errors import WrongDraft
from rag.paperchat import Paperchat
from rag.review.draft import (
    LONGEST,
    MOST_SENTENCES,
    DraftSentence,
    Finding,
    _outcome,
    claimed,
    is_claim,
    opposed,
    plain,
    shared,
    told_in_order,
)
from rag.review.markup import prose
from rag.settings import Settings
from rag.types import Evidence, Paper, Span

BEES = Paper(
    "title:bees",
    "Weighing Bees in Flight",
    "Bees are hard to weigh because they move. We propose BeeGram, a scale made of humming wires. It is trained without back-propagation. "
    "Experiments on three hives show an error of 4 mg.",
    ("Bo Lind",),
    2023,
)
MAPS = Paper(
    "title:maps",
    "PaleScan: Reading Faded Maps with Infrared Light",
    "Old maps fade, and reading them by hand is slow. We introduce PaleScan, a scanner that reads faded maps with infrared light. "
    "PaleScan does not require large cameras. On two collections of sea charts, PaleScan reads 93 % of the names.",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paperchat]:
    home = tmp_path_factory.mktemp("draft") / "library"
    with open_library(home, settings=Settings(home=home, bundled=False)) as opened:
        opened.add([BEES, MAPS])
        yield opened


def checked(library: Paperchat, draft: str, scope: frozenset[str] | None = None) -> list[DraftSentence]:
    return list(library.cite(draft, scope))


def test_a_paraphrase_gets_the_sentence_that_says_so(library: Paperchat) -> None:
    (found,) = checked(library, "PaleScan reads faded maps by means of infrared light.")
    assert found.outcome == "supported"
    assert found.findings[0].evidence.paper == MAPS
    assert "infrared light" in found.findings[0].evidence.text
    assert found.findings[0].evidence.span.of(MAPS.abstract) == found.findings[0].evidence.text


def test_the_opposite_is_contradicted_with_the_reason(library: Paperchat) -> None:
    (found,) = checked(library, "PaleScan requires large cameras.")
    assert found.outcome == "contradicted"
    assert found.findings[0].stance == "contradicts"
    assert "require" in found.findings[0].reason


def test_what_nobody_says_gets_nothing(library: Paperchat) -> None:
    for said in ("Glaciers in the Alps lose a metre of ice each year.", "Hummingbirds remember which flowers they have emptied."):
        (found,) = checked(library, said)
        assert (found.outcome, found.findings) == ("nothing", ())


def test_each_sentence_stands_where_it_was_in_the_draft(library: Paperchat) -> None:
    draft = "# Related work\n\nWhich scale weighs a bee? BeeGram is a scale made of humming wires \\cite{lind2023}. See Figure 3 for the hives of this experiment."
    found = checked(library, draft)
    assert [one.span.of(draft) for one in found] == [one.text for one in found]
    assert [one.outcome for one in found if "BeeGram" in one.text] == ["supported"]
    assert [one.outcome for one in found if "BeeGram" not in one.text] == ["not_checked"] * (len(found) - 1)


LATEX = r"""\documentclass[11pt]{article}
\usepackage{amsmath}
\begin{document}
\section{Related work}
% nobody should see this
BeeGram is a \emph{scale} made of humming wires~\cite{lind2023}. % nor this
\begin{equation}
E = mc^2
\end{equation}
\begin{itemize}
\item Glaciers lose a metre of ice each year.
\item[--] Hummingbirds remember which flowers they have emptied.
\end{itemize}
\begin{table}\begin{tabular}{ll} bees & many \\ \end{tabular}\end{table}
\begin{figure}\includegraphics[width=3cm]{a.png}\caption{A map of rivers is drawn by hand.}\label{fig:a}\end{figure}
\end{document}
Nothing behind it counts.
"""


def test_a_doubtful_contradiction_does_not_outweigh_support() -> None:
    evidence = Evidence(BEES, Span(0, 42))
    support, doubt, sure = (
        Finding(evidence, "supports", 0.6, True, ""),
        Finding(evidence, "contradicts", 0.7, True, ""),
        Finding(evidence, "contradicts", 0.9, False, ""),
    )
    assert [_outcome(found) for found in ([], [support], [support, doubt], [doubt], [support, sure])] == [
        "nothing", "supported", "supported", "contradicted", "contradicted",
    ]  # fmt: skip


@pytest.mark.parametrize("said", ["Bees are hard to weigh because they move.", "PaleScan reads 93 % of the names"])
def test_what_stands_in_an_abstract_word_for_word_is_not_doubtful(library: Paperchat, said: str) -> None:
    (found,) = checked(library, said)
    assert (found.outcome, found.findings[0].doubtful, found.findings[0].sure) == ("supported", False, 1.0)


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("BeeGram is a scale made of wires.", True),
        ("A scale made of wires is BeeGram.", False),
        ("Wires made of a humming scale.", False),
        ("BeeGram is a heavy scale.", False),
    ],
)
def test_a_claim_is_told_where_its_words_stand_in_its_order(claim: str, told: bool) -> None:
    assert told_in_order(claim, "We propose BeeGram, a scale made of humming wires.") == told


def test_of_latex_only_the_prose_is_checked_and_stands_where_it_was(library: Paperchat) -> None:
    found = checked(library, LATEX)
    assert [one.span.of(LATEX) for one in found] == [one.text for one in found]
    begun = ("BeeGram is a", "Glaciers lose", "Hummingbirds remember", "A map of rivers")
    assert len(found) == len(begun)
    for one, first in zip(found, begun, strict=True):
        assert one.text.startswith(first)
        assert not {"equation", "documentclass", "tabular", "nobody"} & set(one.text.replace("{", " ").replace("}", " ").split())
    assert found[0].outcome == "supported"


@pytest.mark.parametrize(
    "draft", ["", " \n\n", "\\documentclass{article}\n\\begin{document}\n\\end{document}", "% a comment\n\\section{Method}"]
)
def test_a_draft_without_prose_is_refused(library: Paperchat, draft: str) -> None:
    with pytest.raises(WrongDraft, match="There is no text to check"):
        library.cite(draft)


@pytest.mark.parametrize(
    "text", ["Ein Preis von 5 % ist hoch.", "We gain 5 % of bees. 20% more hum.", "A \\emph{bee} hums at 5\\,\\% of the rate."]
)
def test_what_is_no_latex_document_keeps_its_signs(text: str) -> None:
    assert prose(text) == text


@pytest.mark.parametrize(
    "said",
    [
        "Bienen sind schwer zu wiegen, weil sie sich bewegen.",
        "蜜蜂很难称重。",
        "Les abeilles sont difficiles à peser car elles bougent.",
    ],
)
def test_a_sentence_that_is_not_english_is_said_to_be_not_checked(library: Paperchat, said: str) -> None:
    (found,) = checked(library, said)
    assert (found.outcome, found.why) == ("not_checked", "language")


def test_only_papers_in_scope_are_named(library: Paperchat) -> None:
    (found,) = checked(library, "PaleScan reads faded maps by means of infrared light.", frozenset({BEES.id}))
    assert found.outcome == "nothing"


@pytest.mark.parametrize(
    ("written", "claim"),
    [
        ("Bees move \\citep[see][p. 3]{lind2023, ek2021}.", "Bees move."),
        ("Bees move [12, 14–16].", "Bees move."),
        ("Bees move [@lind2023; @ek2021].", "Bees move."),
        ("Bees move (Lind et al., 2023; Ek, 2021).", "Bees move."),
        ("- **Bees** move.", "Bees move."),
        ("Bees \\emph{always} move~\\cite{a}.", "Bees always move."),
        ("Bees move (in 2023 alone).", "Bees move (in 2023 alone)."),
    ],
)
def test_citations_and_commands_are_no_part_of_a_claim(written: str, claim: str) -> None:
    assert plain(written) == claim


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("Bees carry pollen between flowers.", True),
        ("Related work", False),
        ("Do bees carry pollen between flowers?", False),
        ("In this section we describe how bees carry pollen.", False),
        ("We thank the reviewers for their helpful comments.", False),
        ("Table 3 shows how much pollen bees carry.", False),
    ],
)
def test_a_sentence_about_the_text_itself_claims_nothing(sentence: str, claims: bool) -> None:
    assert is_claim(sentence) is claims


def test_a_rule_tells_what_speaks_against_a_claim() -> None:
    assert "require" in opposed("PaleScan requires cameras.", "PaleScan does not require cameras.")
    assert "20" in opposed("It takes 50 % of the data.", "It takes 20% of the data.") or opposed(
        "It outperforms BERT.", "BERT outperforms it."
    )
    assert opposed("PaleScan reads maps.", "PaleScan reads faded maps with light.") == ""
    assert shared("PaleScan reads maps", "Reading maps by PaleScan") == 1.0
    assert shared("", "text") == 0.0


@pytest.mark.parametrize(
    ("draft", "said"), [("", "no text"), (" \n ...", "no text"), ("Bees move. " * (MOST_SENTENCES + 1), "in parts"), ("x" * (LONGEST + 1), "in parts")]
)  # fmt: skip
def test_what_cannot_be_checked_is_refused_with_what_to_do(library: Paperchat, draft: str, said: str) -> None:
    with pytest.raises(WrongDraft, match=said):
        claimed(draft)
    with pytest.raises(WrongDraft, match=said):
        library.cite(draft)
