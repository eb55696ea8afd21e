"""Several papers at once: their summary, and their comparison in a table; by a language model where there is one, else by quoting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag import prompts
from rag.answering.aspects import ASPECTS, of_role, sentences_on
from rag.answering.quoting import as_quoted, quoted
from rag.answering.turn import Turn
from rag.citations import Block, Composer, compose, heading
from rag.errors import ModelFailed
from rag.generation.evidence_prompt import safe
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.types import Answer, AskOptions, Cell, ComparisonTable, Evidence, Hit, Judgement, Paper, Refusal

if TYPE_CHECKING:
    from rag.generation.gate import CheckedSentence
    from rag.generation.writer import ModelWriter

MOST_QUOTED = 40
"""Papers that a summary by quoting lists."""
WORD_FOR_WORD = Judgement("supported", 1.0, "word for word in the paper")


@dataclass(frozen=True)
class Digest:
    """`holds`: whether the collection has a word; `model_writer` as the assistant has it."""

    ranker: SentenceRanker
    holds: Callable[[str], bool]
    model_writer: Callable[[AskOptions], ModelWriter | None]

    def summary(self, papers: Sequence[Paper], subject: str, options: AskOptions) -> Answer:
        """What the papers do and find; `not_found` if there are none."""
        turn = self._turn(subject, options)
        evidence = safe(one for paper in papers for one in self._telling(paper))
        if turn.writer is not None and evidence:
            try:
                composer = _composed(self._summarised(turn.writer, evidence, subject))
            except ModelFailed as error:
                _ = list(turn.without_model(error))
            else:
                return self._answer(turn, composer, papers, turn.writer.name)
        if len(papers) > MOST_QUOTED:
            turn.notices.append(f"Only the first {MOST_QUOTED} of {len(papers)} papers are shown.")
        return self._answer(turn, self._quoted(papers[:MOST_QUOTED]), papers, "quotes")

    def comparison(self, papers: Sequence[Paper], aspects: Sequence[str], options: AskOptions) -> ComparisonTable:
        """A row a paper, a column an aspect (without any: problem, approach, data, result)."""
        wanted = tuple(dict.fromkeys(aspect.strip() for aspect in aspects if aspect.strip())) or ASPECTS
        turn, composer = self._turn("", options), Composer()
        rows = tuple(self._row(turn, composer, paper, wanted) for paper in papers)
        writer = turn.writer.name if turn.writer is not None else "quotes"
        return ComparisonTable(tuple(papers), wanted, rows, tuple(composer.citations), writer, tuple(turn.notices), turn.usage)

    def _turn(self, subject: str, options: AskOptions) -> Turn:
        turn = Turn(subject, subject)
        try:
            turn.writer = self.model_writer(options)
        except ModelFailed as error:
            _ = list(turn.without_model(error))
        return turn

    def _telling(self, paper: Paper) -> list[Evidence]:
        """A paper's strongest sentences on what was done and found; where none shows it, its first sentence."""
        found = [*of_role("approach", paper, self.ranker), *of_role("result", paper, self.ranker)]
        spans = self.ranker.read(paper).spans
        return found or [Evidence(paper, span) for span in spans[:1]]

    def _summarised(self, writer: ModelWriter, evidence: Sequence[Evidence], subject: str) -> list[CheckedSentence]:
        from rag.generation.summary import summarised

        return summarised(writer.meter, writer.checker, evidence, subject)

    def _quoted(self, papers: Sequence[Paper]) -> Composer:
        by_paper = ((paper, tuple(self._telling(paper))) for paper in papers)
        return compose(
            as_quoted(Block(evidence, heading(paper), item=len(papers) > 1)) for paper, evidence in by_paper if evidence
        )

    def _answer(self, turn: Turn, composer: Composer, papers: Sequence[Paper], writer: str) -> Answer:
        turn.clock.lap("write")
        refusal = None if composer.claims else Refusal("no_papers")
        text = composer.text if refusal is None else prompts.refusal_text(refusal)
        return Answer(
            turn.question, turn.alone, "answered" if refusal is None else "not_found", text, writer, tuple(composer.claims),
            tuple(composer.citations), tuple(Hit.of(paper) for paper in papers), tuple(turn.notices), turn.clock.total(), turn.usage,
            refusal,
        )  # fmt: skip

    def _row(self, turn: Turn, composer: Composer, paper: Paper, aspects: Sequence[str]) -> tuple[Cell, ...]:
        written = self._written(turn, paper, aspects)
        return tuple(self._cell(composer, paper, aspect, written.get(aspect)) for aspect in aspects)

    def _written(self, turn: Turn, paper: Paper, aspects: Sequence[str]) -> dict[str, list[CheckedSentence]]:
        """What the model wrote of each aspect; once it has failed it is not asked again."""
        evidence = safe(Evidence(paper, span) for span in self.ranker.read(paper).spans)
        if turn.writer is None or not evidence:
            return {}
        from rag.generation.table_row import row

        try:
            return row(turn.writer.meter, turn.writer.checker, evidence, aspects)
        except ModelFailed as error:
            _ = list(turn.without_model(error))
            return {}

    def _cell(self, composer: Composer, paper: Paper, aspect: str, written: Sequence[CheckedSentence] | None) -> Cell:
        first = len(composer.claims)
        if written is None:
            for one in sentences_on(aspect, paper, self.ranker, self.holds):
                shown = quoted(one)
                composer.add_claim(shown.shown or shown.text, " ", [shown], WORD_FOR_WORD)
        for each in written or ():
            composer.add_claim(each.text, " ", each.evidence, each.judgement)
        return Cell(tuple(composer.claims[first:]))


def _composed(held: Sequence[CheckedSentence]) -> Composer:
    composer = Composer()
    for one in held:
        composer.add_claim(one.text, " ", one.evidence, one.judgement)
    return composer
