"""Every reader of a format, and which one a file is read by."""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import ImportFailed
from rag.ingestion.acl_xml import ACL_XML
from rag.ingestion.arxiv_text import ArxivTextImporter
from rag.ingestion.arxiv_xml import ARXIV_XML, HARVESTED_XML, RSS
from rag.ingestion.bibtex import BibtexImporter
from rag.ingestion.citation_file import CitationFileImporter
from rag.ingestion.crossref_xml import CROSSREF_XML
from rag.ingestion.csv_table import CsvImporter
from rag.ingestion.daily_papers import DailyPapersImporter
from rag.ingestion.dblp_xml import DBLP_XML
from rag.ingestion.endnote_tags import ENDNOTE_TAGS
from rag.ingestion.endnote_xml import ENDNOTE_XML
from rag.ingestion.jats import JATS
from rag.ingestion.jsonl import JsonLinesImporter
from rag.ingestion.marc_xml import MARC_XML
from rag.ingestion.medline import ERIC, MEDLINE
from rag.ingestion.mods import MODS
from rag.ingestion.non_papers import kind_of_non_paper
from rag.ingestion.ovid import OVID
from rag.ingestion.page import PageImporter
from rag.ingestion.pubmed_xml import PUBMED_XML
from rag.ingestion.refworks import REFWORKS
from rag.ingestion.ris import RIS
from rag.ingestion.tei import TEI
from rag.ingestion.web_of_science import WEB_OF_SCIENCE
from rag.ingestion.web_page import WebPageImporter
from rag.ingestion.zotero_rdf import ZOTERO_RDF
from rag.protocols import Importer

JSON = JsonLinesImporter()
CSV = CsvImporter()
BIBTEX = BibtexImporter()
WEB_PAGE = WebPageImporter()
PAGE = PageImporter()
IMPORTERS: Sequence[Importer] = (
    JSON, BIBTEX, RIS, MEDLINE, ERIC, WEB_OF_SCIENCE, REFWORKS, ENDNOTE_TAGS, OVID, WEB_PAGE, PUBMED_XML, CROSSREF_XML, MODS, JATS, TEI,
    MARC_XML, ACL_XML, DBLP_XML, ZOTERO_RDF, HARVESTED_XML, ENDNOTE_XML, ARXIV_XML, RSS, CSV, CitationFileImporter(), DailyPapersImporter(), ArxivTextImporter(), PAGE,
)  # fmt: skip
"""Every reader, the pickiest first: any text with a title and an abstract looks like a page."""

_BY_SUFFIX: dict[str, Importer] = {
    ".jsonl": JSON, ".ndjson": JSON, ".json": JSON, ".txt": PAGE, ".text": PAGE, ".md": PAGE, ".csv": CSV, ".tsv": CSV, ".bib": BIBTEX,
    ".bibtex": BIBTEX, ".ris": RIS,
}  # fmt: skip
SUFFIXES = frozenset(
    [
        *_BY_SUFFIX,
        *".nbib .enw .ciw .isi .xml .rdf .mods .medline .tab .biblatex .atom .rss .html .htm .xlsx .xlsm .ods .gz .zip .zst .bz2 .xz .ovid .eml .cff .marcxml .mrc".split(),
    ]
)
"""What is read out of a folder or an archive; other files there are passed over."""
FORMATS = (
    "Supported formats: pages of titles and abstracts saved as text, Markdown or HTML; JSON and JSON Lines (also from OpenAlex, Crossref, Semantic Scholar, "
    "OpenReview, arXiv, Zotero); CSV, Excel and OpenDocument tables; BibTeX, RIS, PubMed, Web of Science, EndNote, RefWorks, Ovid, Zotero RDF, MODS, MARCXML, DBLP, JATS, TEI, Atom and CITATION.cff. Files may be compressed."
)


def importer_for(head: str, suffix: str, called: str) -> Importer:
    """The reader of a file that begins with `head`: by what it holds; where no reader recognises that, by what its name says. Raises ImportFailed."""
    recognised = recognising(head)
    named = _BY_SUFFIX.get(suffix)
    chosen = recognised or named
    if chosen is None:
        if what := kind_of_non_paper(head):
            raise ImportFailed(f"The format of {called} is not recognised: it looks like {what}. {FORMATS}")
        raise ImportFailed(f"The format of {called} is not recognised. {FORMATS}")
    check_page(chosen, head, called)
    return chosen


def check_page(importer: Importer, head: str, called: str) -> None:
    """Raises ImportFailed for a text that is no page of papers: the reader of pages would find titles in anything."""
    if importer is PAGE and (what := kind_of_non_paper(head)):
        raise ImportFailed(f"{called} looks like {what}, not like papers. {FORMATS}")


def recognising(head: str) -> Importer | None:
    """The first reader whose format this looks like."""
    return next((importer for importer in IMPORTERS if importer.recognises(head)), None)
