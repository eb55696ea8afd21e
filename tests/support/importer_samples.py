"""Papers in several formats, and short ways to read them, for the tests of importers."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import settings

from rag.ingestion.bibtex import BibtexImporter
from rag.ingestion.csv_table import CsvImporter
from rag.ingestion.jsonl import JsonLinesImporter
from rag.ingestion.page import PageImporter
from rag.ingestion.ris import RIS
from rag.protocols import Importer
from rag.types import Paper, Refused

Pair = tuple[str, str]

unhurried = settings(deadline=None)  # the first example pays for imports, and other work may share the machine

PAIRS: list[Pair] = [
    (
        "Tidal Networks for Slow Rivers",
        "Rivers change slowly. We propose a network that follows the tide, and show on three made-up rivers "
        "that it is right by 12% more often.",
    ),
    (
        "Do Moths Learn by Heart?",
        "Moths circle lamps for reasons that are debated. Here we train $10^3$ simulated moths with \\lamp, our open tool "
        "(https://example.org/lamp), and measure what they remember. They remember e.g. the lamp",
    ),
    (
        "On the Remarkable Persistence of Very Long Titles in the Literature: A Longitudinal and Entirely Fictional Study of "
        "Naming Habits, Colons and Other Punctuation Across Nine Decades",
        "Titles grow. This work measures by how much, and finds that colons are to blame; "
        "removing them saves 4.2 words a title on average.",
    ),
    (
        "xLoom: weaving sparse attention",
        "Attention is dense. Looms are not, and so xLoom weaves. It is 3x faster than weaving by hand (Ada et al., 2020), "
        "with no loss of warmth.",
    ),
]


def page(pairs: Sequence[Pair]) -> list[str]:
    return [line for title, abstract in pairs for line in (title, "", abstract, "")]


def json_lines(pairs: Sequence[Pair]) -> list[str]:
    return [json.dumps({"title": title, "abstract": abstract}) for title, abstract in pairs]


def papers_in(found: Iterator[Paper | Refused]) -> list[Paper]:
    return [each for each in found if isinstance(each, Paper)]


def pairs_in(found: Iterator[Paper | Refused]) -> list[Pair]:
    return [(paper.title, paper.abstract) for paper in papers_in(found)]


def refused_in(found: Iterator[Paper | Refused]) -> list[Refused]:
    return [each for each in found if isinstance(each, Refused)]


def read_page(text: str) -> list[Paper | Refused]:
    return list(PageImporter().read(io.StringIO(text, newline=None), "page.txt"))


def read_json(*lines: str) -> list[Paper | Refused]:
    return list(JsonLinesImporter().read(lines, "papers.jsonl"))


def record(**fields: object) -> str:
    return json.dumps({"title": PAIRS[0][0], "abstract": PAIRS[0][1], **fields})


def csv_rows(pairs: Sequence[Pair]) -> list[str]:
    return ["title;abstract", *(f'{title};"{abstract}"' for title, abstract in pairs)]


def bibtex_entries(pairs: Sequence[Pair]) -> list[str]:
    return [f"@misc{{k, title = {{{title}}}, abstract = {{{abstract}}}}}" for title, abstract in pairs]


def ris_records(pairs: Sequence[Pair]) -> list[str]:
    return [line for title, abstract in pairs for line in ("TY  - JOUR", f"TI  - {title}", f"AB  - {abstract}", "ER  - ", "")]


TABLE = "title;year;author\nTidal Networks;2020;Ada Lovelace\n"

Format = tuple[Importer, Callable[[Sequence[Pair]], list[str]]]
FORMATS: list[Format] = [
    (PageImporter(), page),
    (JsonLinesImporter(), json_lines),
    (CsvImporter(), csv_rows),
    (BibtexImporter(), bibtex_entries),
    (RIS, ris_records),
]
every_importer = pytest.mark.parametrize(("importer", "written"), FORMATS, ids=[importer.name for importer, _ in FORMATS])

OBJECTS = [{"title": title, "abstract": abstract} for title, abstract in PAIRS]

HEADER = "\n\n".join(
    [
        "new",
        "Get trending papers in your email inbox!",
        "Subscribe",
        "Daily Papers",
        "byAK and the research community",
        "Aug 20",
        "",
    ]
)
