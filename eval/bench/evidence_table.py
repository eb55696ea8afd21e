"""How long an evidence table takes to fill without a language model: `python -m eval.bench.evidence_table [--papers N]`.

The bundled papers by the five usual columns, the first time that a process fills one. Processor time is told beside the seconds: other work
on the machine makes the seconds more, and a second core fewer.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from eval.console import tell
from rag.build import open_library

PAPERS = 50
MOST_SECONDS = 10.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures; 1 where even the processor time is above the target."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.evidence_table", description=__doc__)
    parser.add_argument("--papers", type=int, default=PAPERS)
    wanted = parser.parse_args(arguments).papers
    with tempfile.TemporaryDirectory() as folder, open_library(Path(folder) / "library") as library:
        papers = library.papers()[:wanted]
        begun, spent = time.perf_counter(), time.process_time()
        rows = list(library.table(papers))
        seconds, processor = time.perf_counter() - begun, time.process_time() - spent
    cells = [cell for row in rows for cell in row.cells]
    quoted = sum(cell.evidence is not None for cell in cells)
    tell(
        f"{len(rows)} papers, {len(cells)} cells, {quoted} with a quote: {seconds:.1f} s, {processor:.1f} s of processor time "
        f"(at most {MOST_SECONDS:g}), load of the machine {os.getloadavg()[0]:.1f}"
    )
    return int(min(seconds, processor) > MOST_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
