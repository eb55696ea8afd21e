"""Says when two papers are the same one, and when one has changed: ids, normalised titles, hashes."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from rag.types import Paper

# New style since April 2007 (YYMM.number), old style before (archive, a subject class that arXiv itself ignores, number).
_ARXIV = r"(?P<new>[0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5})|(?P<archive>[a-z]+(?:-[a-z]+)*)(?:\.[a-z]{2})?/(?P<number>[0-9]{7})"
_ARXIV_ID = re.compile(rf"^(?:arxiv:\s*)?(?:{_ARXIV})(?:v[0-9]+)?", re.IGNORECASE)
_ARXIV_URL = re.compile(
    rf"https?://(?:[a-z0-9-]+\.)?arxiv\.org/(?:abs|pdf|html)/(?:{_ARXIV})(?:v[0-9]+)?(?:\.pdf)?/?(?:[?#].*)?", re.IGNORECASE
)
_ARXIV_DOI = re.compile(r"^10\.48550/arxiv\.(.+)", re.IGNORECASE)
_DOI = re.compile(r"^10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
_PREPRINT_DOIS = (
    "10.48550/",
    "10.1101/",
    "10.21203/",
    "10.2139/ssrn",
    "10.31234/",
    "10.26434/",
    "10.36227/",
    "10.20944/",
    "10.31219/",
)
"""Registrants of arXiv, bioRxiv and medRxiv, Research Square, SSRN, PsyArXiv, ChemRxiv, TechRxiv, Preprints.org and OSF."""
_PREPRINT_VENUE = re.compile(r"\b(?:\w{0,20}rxiv|corr|research square|ssrn|preprints?)\b", re.IGNORECASE)
_DOI_URL = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/([^?#]+)", re.IGNORECASE)


def paper_id(title: str, arxiv_id: str | None = None, doi: str | None = None, url: str | None = None) -> str:
    """The paper's id: `arxiv:2309.11028`, else `doi:10.1000/182`, else `title:` and 16 hex digits of the title's hash.

    Both are also found in `url`. What is not an arXiv id or a DOI is passed over. The hash is SHA-256 of the normalised title.
    """
    link = url or ""
    found_doi = as_doi(doi or "") or as_doi(link)
    found_arxiv = as_arxiv_id(arxiv_id or "") or as_arxiv_id(link) or _arxiv_id_in_doi(found_doi)
    if found_arxiv:
        return f"arxiv:{found_arxiv}"
    if found_doi:
        return f"doi:{found_doi}"
    return f"title:{sha256(normalised_title(title) or title)[:16]}"


def as_arxiv_id(text: str) -> str | None:
    """`2309.11028` or `cs/0112017` out of an arXiv id or link, without version and subject class; None for anything else."""
    text = text.strip()
    match = _ARXIV_ID.fullmatch(text) or _ARXIV_URL.fullmatch(text)
    if not match:
        return None
    return match["new"] or f"{match['archive'].lower()}/{match['number']}"


def as_doi(text: str) -> str | None:
    """`10.1000/182`, lower-cased, out of a DOI, `doi:…` or a doi.org link; None for anything else."""
    text = text.strip()
    link = _DOI_URL.fullmatch(text)
    bare = unquote(link[1]) if link else re.sub(r"^doi:\s*", "", text, flags=re.IGNORECASE)
    bare = bare.rstrip(".,;/")
    return bare.lower() if _DOI.fullmatch(bare) else None


def link_of(identifier: str) -> str | None:
    """The address that an id stands for: arXiv's page or doi.org's; None for an id made from a title."""
    kind, _, rest = identifier.partition(":")
    return {"arxiv": f"https://arxiv.org/abs/{rest}", "doi": f"https://doi.org/{rest}"}.get(kind)


def is_preprint(identifier: str, venue: str | None = None) -> bool:
    """Whether an id, or the place where it appeared, is that of a server of preprints."""
    scheme, _, rest = identifier.partition(":")
    if scheme == "arxiv":
        return not venue or bool(_PREPRINT_VENUE.search(venue))
    return (scheme == "doi" and rest.startswith(_PREPRINT_DOIS)) or bool(venue and _PREPRINT_VENUE.search(venue))


@lru_cache(1_000)  # a paper that is added is compared by its title several times
def normalised_title(title: str) -> str:
    """The title as it is compared: NFKC, case folded, each run of punctuation, space and control characters one space."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).casefold())
    return " ".join("".join(" " if _separates(char) else char for char in folded).split())


def content_hash(paper: Paper) -> str:
    """64 hex digits over all that a person sees of the paper (title, abstract, authors, year, venue, url, keys, parts, links)."""
    seen: list[object] = [paper.title, paper.abstract, list(paper.authors), paper.year, paper.venue, paper.url]
    more = [list(paper.keys), [[part.name, part.span.start, part.span.end] for part in paper.parts], list(paper.links)]
    return sha256(json.dumps([*seen, *more] if any(more) else seen))


def _arxiv_id_in_doi(doi: str | None) -> str | None:
    match = _ARXIV_DOI.fullmatch(doi or "")
    return as_arxiv_id(match[1]) if match else None


def _separates(char: str) -> bool:
    return unicodedata.category(char)[0] in "PZC"


def sha256(text: str) -> str:
    """64 hex digits of any text, even one with halves of surrogate pairs."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
