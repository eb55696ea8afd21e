"""Understands what a person wants fetched: arXiv ids, DOIs, OpenAlex ids, days of Daily Papers, addresses of these, and searches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

from rag.errors import FetchFailed
from rag.identity import as_arxiv_id, as_doi
from rag.sources.client import Client
from rag.sources.services import (
    PAGE,
    Fetch,
    Kind,
    Page,
    Services,
    arxiv_papers,
    arxiv_search,
    daily_papers,
    doi_paper,
    openalex_paper,
    openalex_search,
)  # fmt: skip

MOST = 10_000
"""Papers of one search: arXiv asks to narrow what finds more."""
MOST_REFERENCES = 500
"""Papers of one request. Chosen."""
LONGEST = 2000
"""Characters of one reference or search."""
HOW = (
    "Give an arXiv id (2503.24322), a DOI (10.1000/182), an OpenAlex id (W2741809807), the address of one, or `daily` and a date."
)
_OPENALEX = re.compile(r"(?:https?://(?:api\.)?openalex\.org/(?:works/)?)?(w[0-9]{4,12})/?", re.IGNORECASE)
_DAILY = re.compile(r"https?://huggingface\.co/papers(?:/date/|\?date=)([0-9]{4}-[0-9]{2}-[0-9]{2})/?", re.IGNORECASE)
_HF_PAPER = re.compile(
    r"https?://(?:huggingface\.co|hf\.co|alphaxiv\.org|www\.alphaxiv\.org)/(?:papers|abs|overview)/([^/?#]+)/?"
)
_ACL = re.compile(r"https?://(?:www\.)?aclanthology\.org/([A-Za-z0-9.-]+?)(?:\.pdf|\.bib)?/?")
_DOI_IN_PATH = re.compile(r"10\.[0-9]{4,9}/[^?#]+")
_AFTER_DOI = re.compile(
    r"(?:/(?:full|abstract|pdf|epdf|fulltext|meta|html|summary)|\.pdf|v[0-9]+\.full(?:\.pdf)?)+$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reference:
    """One paper, or one day of Daily Papers, by its id."""

    kind: Kind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Search:
    """The first `most` papers that arXiv or OpenAlex finds."""

    kind: Kind
    query: str
    most: int

    def __str__(self) -> str:
        return f"{self.kind} search: {self.query}"


def references(text: str) -> list[Reference]:
    """What is named in a text, divided by spaces, commas or lines, each once. Raises FetchFailed at what is nothing of the kind."""
    words = [word.strip("<>()[]\"'") for word in re.split(r"[\s,;]+", text) if word]
    words = [word for word in words if word and word.casefold() not in ("arxiv:", "doi:", "arxiv", "doi")]
    words = [word for at, word in enumerate(words) if word.casefold().rstrip(":") != "daily" or not _is_day(words, at + 1)]
    found = list(dict.fromkeys(reference(word) for word in words))
    if not found:
        raise FetchFailed(f"Nothing to fetch was named. {HOW}")
    if len(found) > MOST_REFERENCES:
        raise FetchFailed(f"{len(found)} papers are named; at most {MOST_REFERENCES} can be fetched at once.")
    return found


def reference(word: str) -> Reference:
    """One id or address. Raises FetchFailed."""
    found = _reference(word.strip()) if len(word) <= LONGEST else None
    if found is None and word.casefold().partition(":")[0] == "daily":
        raise FetchFailed("Daily Papers need a date, as in `daily 2025-08-20`.")
    if found is None:
        raise FetchFailed(f"“{word[:120]}” cannot be fetched. {HOW}")
    return found


def search(kind: str, query: str, most: int) -> Search:
    """A search at arXiv or OpenAlex. Raises FetchFailed."""
    query = " ".join(query.split())
    if kind not in ("arxiv", "openalex"):
        raise FetchFailed("--query works with `arxiv` and `openalex`: `paperchat fetch arxiv --query …`.")
    if not query or len(query) > LONGEST:
        raise FetchFailed(f"A search has 1 to {LONGEST:,} characters.")
    if not 1 <= most <= MOST:
        raise FetchFailed(f"--max is a number from 1 to {MOST:,}: narrow the search instead.")
    return Search("arxiv" if kind == "arxiv" else "openalex", query, most)


def looks_like_references(text: str) -> bool:
    """Whether a short pasted text names papers to be fetched, rather than being papers."""
    if not text.strip() or len(text) > MOST_REFERENCES * 60:
        return False
    try:
        return bool(references(text))
    except FetchFailed:
        return False


def fetch_of(wanted: Search | Sequence[Reference]) -> Fetch:
    """How the pages of it are fetched."""
    if isinstance(wanted, Search):
        return (arxiv_search if wanted.kind == "arxiv" else openalex_search)(wanted.query)
    if len(wanted) == 1 and wanted[0].kind == "daily":
        return daily_papers(wanted[0].id)
    return _listed(wanted)


def _listed(wanted: Sequence[Reference]) -> Fetch:
    """arXiv's ids many at a time, all others one by one; a place is the number of the next one."""
    arxiv = [one for one in wanted if one.kind == "arxiv"]
    rest = [one for one in wanted if one.kind != "arxiv"]
    steps: list[list[Reference]] = [arxiv[at : at + PAGE] for at in range(0, len(arxiv), PAGE)]
    steps += [[one] for one in rest]

    def fetch(client: Client, services: Services, place: str | None, most: int) -> Page:
        number = int(place or 0)
        page = _one_step(client, services, steps[number])
        return Page(page.papers, str(number + 1) if number + 1 < len(steps) else None, len(wanted))

    return fetch


def _one_step(client: Client, services: Services, step: Sequence[Reference]) -> Page:
    first = step[0]
    if first.kind == "arxiv":
        return arxiv_papers(client, services, [one.id for one in step])
    if first.kind == "daily":
        pages = [daily_papers(first.id)(client, services, None, MOST)]
        while pages[-1].next is not None:
            pages.append(daily_papers(first.id)(client, services, pages[-1].next, MOST))
        return Page(tuple(paper for page in pages for paper in page.papers))
    return (doi_paper if first.kind == "doi" else openalex_paper)(client, services, first.id)


def _reference(word: str) -> Reference | None:
    kind, _, rest = word.partition(":")
    if kind.casefold() in ("arxiv", "doi", "openalex", "daily") and not rest.startswith("//"):
        return _of_kind(kind.casefold(), rest)
    return next((found for each in ("arxiv", "doi", "openalex", "daily") if (found := _of_kind(each, word))), _address(word))


def _of_kind(kind: str, text: str) -> Reference | None:
    if kind == "arxiv":
        found = as_arxiv_id(text)
        return Reference("arxiv", found) if found else None
    if kind == "doi":
        return _by_doi(as_doi(text))
    if kind == "openalex":
        match = _OPENALEX.fullmatch(text)
        return Reference("openalex", match[1].upper()) if match else None
    match = _DAILY.fullmatch(text)
    return _day(match[1] if match else text)


def _by_doi(doi: str | None) -> Reference | None:
    """arXiv's own DOIs are asked of arXiv, which has the abstract."""
    if doi is None:
        return None
    arxiv = as_arxiv_id(doi.removeprefix("10.48550/arxiv.")) if doi.startswith("10.48550/arxiv.") else None
    return Reference("arxiv", arxiv) if arxiv else Reference("doi", doi)


def _is_day(words: Sequence[str], at: int) -> bool:
    return at < len(words) and _day(words[at]) is not None


def _day(text: str) -> Reference | None:
    try:
        return Reference("daily", date.fromisoformat(text).isoformat()) if len(text) == 10 else None
    except ValueError:
        return None


def _address(text: str) -> Reference | None:
    """A web page that names a paper in its address. It is not visited: only the id in it counts."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    if match := _HF_PAPER.fullmatch(text.partition("?")[0]):
        found = as_arxiv_id(match[1])
        return Reference("arxiv", found) if found else None
    if match := _ACL.fullmatch(text.partition("?")[0]):
        return Reference("doi", f"10.18653/v1/{match[1].lower()}")
    inside = _DOI_IN_PATH.search(unquote(parts.path))
    if inside is None:
        return None
    doi = _AFTER_DOI.sub("", inside[0].rstrip("/"))
    return _by_doi(as_doi(re.sub(r"v[0-9]+$", "", doi) if doi.startswith("10.1101/") else doi))
