"""What a question costs where records and vectors are on servers: `python -m eval.bench.servers --data FILE --database URL --chroma URL`.

The same papers and questions as `eval.bench.library`, first in a folder and then on the servers, in one run. Times are of the processor, here
and (`--watch PID`, once a server) of those processes with their children; `--chroma-folder` is where the Chroma server keeps its files.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.bench.library import KINDS, HashedWords, papers_in
from eval.console import tell
from eval.stats.bootstrap import median, quantile
from rag.answering.assistant import LibraryAssistant
from rag.answering.quotes import QuoteWriter
from rag.library.chunking import SentenceWindows
from rag.library.encoder import OnnxEncoder
from rag.library.files import bytes_in
from rag.library.indexes.chroma_server import ChromaServer, ServerVectors
from rag.library.indexes.stores import EMBEDDED, Stores
from rag.library.library import Library
from rag.library.postgres import PostgresDatabase
from rag.library.product_quantizer import ProductQuantizer
from rag.library.records import Database
from rag.library.word_states import WordStates
from rag.retrieval.hybrid import HybridSearch
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.types import Paper

EACH = 20
TABLES = (
    "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) ORDER BY 2 DESC"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of the processor: in this process, and in the servers together."""

    here: float
    there: float


def spent(watched: Sequence[int]) -> Cost:
    """Since they were started, by this process and by the watched ones with their children."""
    tick = os.sysconf("SC_CLK_TCK") / 1000
    ticks = 0
    for place in Path("/proc").glob("[0-9]*/stat") if watched else ():
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(place.parent.name) in watched or int(fields[1]) in watched:
            ticks += int(fields[11]) + int(fields[12])
    return Cost(time.process_time() * 1000, ticks / tick)


def measure(papers: Sequence[Paper], folder: Path, stores: Stores, database: Database | None, watched: Sequence[int]) -> None:
    """Adds the papers, asks each kind of question and says what both cost."""
    encoder, chunker = HashedWords(), SentenceWindows()
    states = WordStates(encoder, ProductQuantizer())
    with Library.open(folder, encoder, chunker, stores=stores, states=states, database=database) as library:
        before = spent(watched)
        library.add(papers)
        after = spent(watched)
        added = after.here - before.here - encoder.spent * 1000
        tell(f"  add: {added / len(papers):.1f} ms a paper here, {(after.there - before.there) / len(papers):.1f} in the servers")
        search = HybridSearch(library)
        ranker = SentenceRanker(OnnxEncoder(), states=library.sentences())
        assistant = LibraryAssistant(search, QuoteWriter(ranker, search.search, search.holds), library.catalogue)
        assistant.ask("a question that loads the encoder and the vectors")
        asked = papers[:: max(1, len(papers) // EACH)][:EACH]
        for place, again in enumerate(("first", "later")):
            for kind, ways in KINDS.items():
                costs = [_asked(assistant, ways[place](paper), watched) for paper in asked]
                there = sum(cost.there for cost in costs) / len(costs)
                here = [cost.here for cost in costs]
                tell(
                    f"  {kind}, {again}: {median(here):.0f} ms (p95 {quantile(here, 0.95):.0f}) here, mean {there:.1f} in the servers"
                )
        if database is not None:
            sizes = library.records.rows(TABLES)
            tell(f"  in PostgreSQL: {sum(size for _, size in sizes) / len(papers) / 1000:.1f} kB a paper")
            tell("    " + ", ".join(f"{name} {size / len(papers):.0f}" for name, size in sizes[:6]) + " bytes")
    tell(f"  in the folder: {bytes_in(folder) / len(papers) / 1000:.1f} kB a paper")


def _asked(assistant: LibraryAssistant, question: str, watched: Sequence[int]) -> Cost:
    before = spent(watched)
    assistant.ask(question)
    after = spent(watched)
    return Cost(after.here - before.here, after.there - before.there)


def main(arguments: Sequence[str] | None = None) -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `paperchat` does
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--papers", type=int, default=1000)
    parser.add_argument("--database", required=True, help="an empty PostgreSQL database")
    parser.add_argument("--chroma", required=True)
    parser.add_argument("--chroma-folder", type=Path)
    parser.add_argument("--watch", type=int, action="append", default=[])
    options = parser.parse_args(arguments)
    papers = papers_in(options.data, options.papers)
    server = ServerVectors.opener(ChromaServer(options.chroma), writes=True)
    with tempfile.TemporaryDirectory() as folder:
        tell(f"{len(papers)} papers, in a folder:")
        measure(papers, Path(folder) / "file", EMBEDDED, None, options.watch)
        tell("on servers:")
        on_servers = replace(EMBEDDED, vectors=server)
        measure(papers, Path(folder) / "servers", on_servers, PostgresDatabase.at(options.database), options.watch)
        if options.chroma_folder is not None:
            tell(f"  on the Chroma server: {bytes_in(options.chroma_folder) / len(papers) / 1000:.1f} kB a paper")


if __name__ == "__main__":
    main()
