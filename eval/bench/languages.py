"""Questions in other languages over the bundled papers, by an encoder's vectors alone: `python -m eval.bench.languages`.

Needs the extra `multilingual`. Of each language that the encoder reads: how often the nearest sentence is the right one, how often its paper,
and how many questions are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eval.console import tell
from rag.ingestion.bundled import bundled_papers
from rag.library.chunking import SentenceWindows, context, passages
from rag.library.multilingual import MultilingualEncoder
from rag.retrieval.vector_reader import Ranked, VectorReader
from rag.types import Hit

QUESTIONS = Path(__file__).parents[1] / "cases" / "languages.tsv"
PAPERS = 10
"""Papers found for a question, as the assistant finds them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what stands in the sentence that answers it (empty if none does), and what the vectors made of it."""

    language: str
    question: str
    gold: str
    ranked: Ranked

    @property
    def is_first(self) -> bool:
        return self.gold in self.ranked.sentences[0].text

    @property
    def is_paper(self) -> bool:
        return self.gold in self.ranked.sentences[0].paper.abstract


def questions() -> list[tuple[str, str, str]]:
    lines = [line for line in QUESTIONS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(fields[0], fields[1], fields[2]) for fields in (line.split("\t") for line in lines)]


def asked() -> list[Asked]:
    """The questions in languages that the encoder reads, answered."""
    encoder, papers = MultilingualEncoder(), bundled_papers()
    reader = VectorReader(encoder, lambda: papers)
    cut = [passage for paper in papers for passage in passages(paper, SentenceWindows())]
    vectors = encoder.encode([context(passage) for passage in cut])
    found = []
    for language, question, gold in questions():
        if reader.reads(language):
            near = (vectors @ encoder.encode([question])[0]).argsort()[::-1]
            best = {cut[place].paper.id: Hit(cut[place], 1.0, "meaning") for place in reversed(near)}
            hits = list(dict.fromkeys(cut[place].paper.id for place in near))[:PAPERS]
            found.append(Asked(language, question, gold, reader.rank(question, language, [best[id] for id in hits])))
    return found


def main() -> None:
    found = asked()
    answerable, others = [one for one in found if one.gold], [one for one in found if not one.gold]
    tell(f"{len({one.language for one in found})} languages read: {', '.join(sorted({one.language for one in found}))}")
    tell(f"nearest sentence is the right one: {sum(one.is_first for one in answerable)} of {len(answerable)}")
    tell(f"nearest sentence is of the right paper: {sum(one.is_paper for one in answerable)} of {len(answerable)}")
    tell(f"answerable, but refused: {sum(not one.ranked.answers for one in answerable)} of {len(answerable)}")
    tell(f"unanswerable, and refused: {sum(not one.ranked.answers for one in others)} of {len(others)}")


if __name__ == "__main__":
    main()
