"""Three invented papers, and an assistant over a library of them."""

from __future__ import annotations

from pathlib import Path

from fakes import WordHashEncoder

from rag.answering.assistant import LibraryAssistant
from rag.answering.quotes import QuoteWriter
from rag.library.chunking import SentenceWindows
from rag.library.encoder import OnnxEncoder
from rag.library.library import Library
from rag.retrieval.hybrid import HybridSearch
from rag.retrieval.reranker import Reranker
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.types import Paper

MAPS = Paper(
    id="title:maps",
    title="PaleScan: Reading Faded Maps with Infrared Light",
    abstract=(
        "Old maps fade, and reading them by hand is slow. However, cameras fail to see pale ink on yellow paper. "
        "We introduce PaleScan, a scanner that reads faded maps with infrared light. It does not require large cameras. "
        "On two collections of sea charts, PaleScan reads 93 % of the names, five times faster than Marching Ants."
    ),
    authors=("Ada Ek",),
    year=2021,
)


BEES = Paper(
    id="title:bees",
    title="Weighing Bees in Flight",
    abstract=(
        "Bees are hard to weigh because they move. We propose BeeGram, a scale made of humming wires. "
        "It is trained without back-propagation. Experiments on three hives show an error of 4 mg. "
        "Code is available at https://example.org/beegram."
    ),
    authors=("Bo Lind",),
    year=2023,
)


RIVERS = Paper(
    id="title:rivers",
    title="Sand Sensors for Rivers",
    abstract=(
        "Rivers carry sand, which fills harbours. This paper presents a sensor that hears sand on the river bed. "
        "In a field study over two winters the sensor found the sand banks that divers had mapped."
    ),
)


def assistant(
    folder: Path, papers: list[Paper], encoder: OnnxEncoder | WordHashEncoder, reranker: Reranker | None = None
) -> tuple[Library, LibraryAssistant]:
    library = Library.open(folder, encoder, SentenceWindows())
    library.add(papers)
    search = HybridSearch(library)
    return library, LibraryAssistant(
        search, QuoteWriter(SentenceRanker(encoder), search.search, search.holds, reranker), library.catalogue
    )
