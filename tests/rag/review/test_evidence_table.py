"""Evidence tables: each cell an exact quote or nothing, doubtful ones marked, one row after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fakes import WordHashEncoder, WordPassageReader, some_papers

from rag import open_library
from rag.errors import WrongTable
from rag.paperchat import Paperchat
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.review.aspects import columns
from rag.review.evidence_table import MOST_PAPERS, TOGETHER, EvidenceCell, TableFiller
from rag.settings import Settings
from rag.types import Paper, Part, Span

ZEBRA = Paper(
    "arxiv:2401.00001",
    "ZebraNet: stripes that learn",
    "However, stripes are hard to learn from few pictures. We propose ZebraNet, which learns stripes with a contrastive loss. "
    "We evaluate it on the Savanna-3 dataset. ZebraNet outperforms all baselines by 4 points. "
    "A limitation of our method is that it needs daylight. The code is available at https://example.org/zebra.",
)
SLEEP = Paper(
    "doi:10.1000/sleep",
    "Naps and reaction times in night nurses",
    "Shift work disturbs sleep. We performed a crossover study in 41 nurses who worked nights. "
    "Reaction times fell by 12 % after a nap. Naps of 20 minutes improve alertness in night shifts.",
    parts=(Part("Background", Span(0, 26)), Part("Methods", Span(27, 90)), Part("Results", Span(91, 220))),
)
BARE = Paper("title:bare", "A title without an abstract", "")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paperchat]:
    home = tmp_path_factory.mktemp("table") / "library"
    with open_library(home, settings=Settings(home=home, bundled=False)) as opened:
        opened.add([ZEBRA, SLEEP, BARE])
        yield opened


def shown(cell: EvidenceCell) -> str:
    return cell.evidence.text if cell.evidence is not None else ""


def cells(library: Paperchat, paper: Paper, *aspects: str) -> list[EvidenceCell]:
    (row,) = library.table([paper], aspects)
    return list(row.cells)


def test_the_usual_columns_quote_the_sentence_of_each(library: Paperchat) -> None:
    problem, approach, data, result, limits = cells(library, ZEBRA)
    assert shown(problem) == "However, stripes are hard to learn from few pictures."
    assert shown(approach) == "We propose ZebraNet, which learns stripes with a contrastive loss."
    assert shown(data) == "We evaluate it on the Savanna-3 dataset."
    assert shown(result) == "ZebraNet outperforms all baselines by 4 points."
    assert shown(limits) == "A limitation of our method is that it needs daylight."


def test_aspects_of_ones_own_are_read_or_not_stated(library: Paperchat) -> None:
    code, loss, funding = cells(library, ZEBRA, "code available?", "Which loss does ZebraNet learn with?", "funding agency")
    assert shown(code) == "The code is available at https://example.org/zebra."
    assert "contrastive loss" in shown(loss)
    assert funding == EvidenceCell()


def test_a_sample_size_is_the_sentence_that_counts_who_was_studied(library: Paperchat) -> None:
    assert shown(cells(library, SLEEP, "sample size")[0]) == "We performed a crossover study in 41 nurses who worked nights."
    assert cells(library, ZEBRA, "sample size") == [EvidenceCell()]


def test_labelled_parts_say_what_a_sentence_is(library: Paperchat) -> None:
    stored = library.library.paper(SLEEP.id)
    problem, approach, result = cells(library, stored, "problem", "methods", "result")
    assert (shown(problem), problem.doubtful) == ("Shift work disturbs sleep.", False)
    assert shown(approach).startswith("We performed")
    assert shown(result) in stored.abstract[91:]


def test_a_paper_without_an_abstract_states_nothing(library: Paperchat) -> None:
    assert cells(library, BARE) == [EvidenceCell()] * 5


def test_every_cell_is_a_part_of_the_abstract(library: Paperchat) -> None:
    for row in library.table([ZEBRA, SLEEP], ["problem", "Which loss is used?", "sample size", "limits"]):
        for cell in row.cells:
            assert cell.evidence is None or cell.evidence.span.of(row.paper.abstract) == cell.evidence.text != ""


def test_rows_come_one_after_another_and_only_when_they_are_wanted() -> None:
    pairs = WordPassageReader()
    papers = some_papers(TOGETHER * 3)
    rows = TableFiller(SentenceRanker(WordHashEncoder()), pairs).rows(papers, columns(["tensor memory margin"]))
    assert next(rows).paper == papers[0]
    read = {title for _, sentences in pairs.asked for title, _ in sentences}
    assert read & {paper.title for paper in papers[TOGETHER:]} == set()
    assert [row.paper for row in rows] == papers[1:]


def test_a_wording_that_fits_everything_is_held_against_what_it_gets_of_empty_sentences() -> None:
    class Agreeable:
        name = "agreeable"

        def answers(self, question: str, passages: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]:
            return [[3.0] * len(sentences) for _, sentences in passages]

    filler = TableFiller(SentenceRanker(WordHashEncoder()), Agreeable())
    (row,) = filler.rows([ZEBRA], columns(["What is it like?"]))
    assert row.cells == (EvidenceCell(),)


def test_without_the_reader_what_is_found_is_doubtful() -> None:
    (row,) = TableFiller(SentenceRanker(WordHashEncoder()), None).rows([ZEBRA], columns(["What about daylight?"]))
    assert "daylight" in shown(row.cells[0])
    assert row.cells[0].doubtful


def test_rows_are_chosen_by_name_by_a_question_and_by_scope(library: Paperchat) -> None:
    assert library.rows_for(["ZebraNet"]) == [ZEBRA]
    assert library.rows_for(question="night nurses", limit=1)[0].id == SLEEP.id
    assert [paper.id for paper in library.rows_for(scope=frozenset({SLEEP.id}))] == [SLEEP.id]
    assert [paper.id for paper in library.rows_for(["ZebraNet"], "night nurses", frozenset({SLEEP.id}))] == [SLEEP.id]


def test_too_many_rows_and_none_are_refused_with_what_to_do(library: Paperchat) -> None:
    with pytest.raises(WrongTable, match="Name papers"):
        library.table([])
    with pytest.raises(WrongTable, match="ask a question"):
        library.table([ZEBRA] * (MOST_PAPERS + 1))


def test_text_without_an_end_costs_no_more_than_its_length(tmp_path: Path) -> None:
    hostile = Paper("title:endless", "Endless", "We evaluate 1 1 1 " + "n = 1, " * 3000 + "42 patients.")
    (row,) = TableFiller(SentenceRanker(WordHashEncoder()), WordPassageReader()).rows(
        [hostile], columns(["sample size", "limits"])
    )
    assert len(row.cells) == 2
