"""From a file to papers, one module a format: a record that cannot be taken is named, the rest goes in."""

from rag.ingestion.importers import IMPORTERS
from rag.ingestion.reading import read_papers, read_text

__all__ = ["IMPORTERS", "read_papers", "read_text"]
