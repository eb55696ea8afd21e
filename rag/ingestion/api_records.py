"""Turns a JSON record of OpenAlex, Crossref, CSL, Semantic Scholar, OpenReview, arXiv's dump, *paperlists*, Hugging Face or Zotero into ours.

Each shape is known by fields that no other has; a record of no such shape is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rag.ingestion.fields import UnusableError, foreign_paper_of, paper_of
from rag.ingestion.outcomes import LONGEST_ABSTRACT
from rag.types import Paper

Values = Mapping[str, Any]
Taken = tuple[dict[str, str], Sequence[str] | str, Sequence[str]]
"""Fields as `foreign_paper_of` takes them, authors, citation keys."""

_ENTRY_FIELD = re.compile(r"\b(year|booktitle|doi)\s*=\s*[{\"]([^{}\"]{1,300})[}\"]")
LISTS = ("items", "results", "notes", "data", "papers", "works", "records", "documents", "docs", "entries", "hits")
"""Under which name an answer of a web service holds its records."""


def paper_from(record: Values, source: str) -> Paper:
    """The paper of a record in any known shape; raises UnusableError."""
    for fits, take in _SHAPES:
        if fits(record):
            fields, authors, keys = take(record)
            return foreign_paper_of(fields, authors, source, keys)
    return paper_of(record, source)


def _text(value: object) -> str:
    """The first text in it: many services write lists of one, or `{"value": …}`."""
    if isinstance(value, Mapping):
        return _text(value.get("value", value.get("name", value.get("display_name"))))
    if isinstance(value, list):
        return next((text for one in value if (text := _text(one))), "")
    return "" if value is None or isinstance(value, bool) else str(value)


def _of(record: object, *path: str) -> Any:
    for name in path:
        record = record.get(name) if isinstance(record, Mapping) else None
    return record


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _fields(**known: object) -> dict[str, str]:
    return {name: text for name, value in known.items() if (text := _text(value))}


def _names(people: object, *parts: str) -> list[str]:
    """Names out of a list of people: their parts joined, or one name as it is."""
    found = []
    for one in _list(people):
        joined = " ".join(part for name in parts if (part := _text(_of(one, name))))
        literal = next((text for name in ("literal", "name", "lastName") if (text := _text(_of(one, name)))), "")
        found.append(joined or literal or (one if isinstance(one, str) else ""))
    return [name for name in found if name]


def _openalex(record: Values) -> Taken:
    place = _of(record, "primary_location", "source", "display_name") or _of(record, "host_venue", "display_name")
    fields = _fields(
        title=record.get("title") or record.get("display_name"), doi=record.get("doi"), year=record.get("publication_year"),
        venue=place, url=_of(record, "primary_location", "landing_page_url") or record.get("id"),
        abstract=record.get("abstract") or _inverted(record.get("abstract_inverted_index")),
    )  # fmt: skip
    people = [
        _text(_of(one, "author", "display_name")) or _text(_of(one, "raw_author_name"))
        for one in _list(record.get("authorships"))
    ]
    return fields, [name for name in people if name], ()


def _inverted(index: object) -> str:
    """The text of an inverted index: each word with the places where it stands."""
    if not isinstance(index, Mapping):
        return ""
    places: dict[int, str] = {}
    for word, at in index.items():
        for place in _list(at):
            if isinstance(place, int):
                places[place] = str(word)
        if len(places) > LONGEST_ABSTRACT:
            raise UnusableError(f"Title and abstract are longer than {LONGEST_ABSTRACT:,} characters: no paper's are.")
    return " ".join(places[place] for place in sorted(places))


def _crossref(record: Values) -> Taken:
    """Crossref's works and CSL-JSON, which have the same names; titles and places are lists in the one, texts in the other."""
    issued = next(
        (
            date
            for name in ("issued", "published-print", "published-online", "published", "created")
            if (date := record.get(name))
        ),
        None,
    )
    parts = _of(issued, "date-parts")
    year = parts[0][0] if _list(parts) and _list(parts[0]) else _of(issued, "raw") or _of(issued, "literal") or issued
    title, subtitle = _text(record.get("title")), _text(record.get("subtitle"))
    fields = _fields(
        title=f"{title}: {subtitle}" if subtitle and isinstance(record.get("title"), list) and ":" not in title else title,
        abstract=record.get("abstract"), doi=record.get("DOI"), year=year, venue=record.get("container-title") or record.get("event-title"),
        url=record.get("URL"), note=record.get("note"), arxiv_id=record.get("number") if "arxiv" in _text(record.get("publisher")).lower() else None,
    )  # fmt: skip
    key = _text(record.get("citation-key")) or _text(record.get("citation-label")) or _text(record.get("id"))
    return fields, _names(record.get("author"), "given", "non-dropping-particle", "family"), (key,) if _is_key(key) else ()


def _semantic_scholar(record: Values) -> Taken:
    ids = {str(name).casefold(): value for name, value in (record.get("externalIds") or record.get("externalids") or {}).items()}
    fields = _fields(
        title=record.get("title"), abstract=record.get("abstract"), year=record.get("year") or record.get("publicationDate"),
        venue=record.get("venue") or _of(record, "journal", "name") or _of(record, "publicationVenue", "name"),
        url=record.get("url"), doi=ids.get("doi") or record.get("doi"), arxiv_id=ids.get("arxiv") or record.get("arxivId"),
    )  # fmt: skip
    return fields, _names(record.get("authors"), "name"), ()


def _openreview(record: Values) -> Taken:
    content = record["content"]
    when = next(
        (date for name in ("pdate", "odate", "cdate", "tcdate") if isinstance(date := record.get(name), int | float)), None
    )
    year = datetime.fromtimestamp(when / 1000, UTC).year if when and 0 < when < 4e12 else None
    authors = _of(content, "authors", "value") if isinstance(content.get("authors"), Mapping) else content.get("authors")
    forum = _text(record.get("forum")) or _text(record.get("id"))
    fields = _fields(
        title=content.get("title"), abstract=content.get("abstract"), year=content.get("year") or year, venue=content.get("venue"),
        url=f"https://openreview.net/forum?id={forum}" if forum else None, doi=content.get("doi"),
    )  # fmt: skip
    fields["venue"] = fields.get("venue", "").removeprefix("Submitted to ")
    return fields, [name for name in _list(authors) if isinstance(name, str)], ()


def _arxiv_dump(record: Values) -> Taken:
    """arXiv's metadata as its dump and its harvesting service have them; the year is that of the first version."""
    first = _text(_of((_list(record.get("versions")) or [None])[0], "created")) or _text(record.get("update_date"))
    id = _text(record.get("id"))
    new_style = id[:4].isdigit() and id[4:5] == "."
    parsed = [
        " ".join(str(part) for part in (one[1], one[0], *one[2:3]) if part)
        for one in _list(record.get("authors_parsed"))
        if len(_list(one)) > 1
    ]
    fields = _fields(
        title=record.get("title"), abstract=record.get("abstract"), arxiv_id=id, doi=record.get("doi"), venue=record.get("journal-ref"),
        year=f"20{id[:2]}" if new_style else first,
    )  # fmt: skip
    return fields, parsed or _text(record.get("authors")), ()


def _daily_paper(record: Values) -> Taken:
    paper = record.get("paper")
    inner: Values = paper if isinstance(paper, Mapping) else record
    fields = _fields(
        title=inner.get("title") or record.get("title"), abstract=inner.get("summary") or record.get("summary"),
        arxiv_id=inner.get("id"), year=inner.get("publishedAt") or record.get("publishedAt"),
    )  # fmt: skip
    return fields, _names(inner.get("authors"), "name"), ()


def _zotero(record: Values) -> Taken:
    data = record.get("data")
    item: Values = data if isinstance(data, Mapping) else record
    if _text(item.get("itemType")) in ("attachment", "note", "annotation"):
        raise UnusableError("This is an attachment or a note of Zotero, not a paper.", "not_a_paper")
    fields = _fields(
        title=item.get("title"), abstract=item.get("abstractNote"), doi=item.get("DOI"), year=item.get("date"), url=item.get("url"),
        venue=item.get("publicationTitle") or item.get("proceedingsTitle") or item.get("conferenceName") or item.get("bookTitle"),
        note=item.get("extra"), arxiv_id=item.get("archiveID"),
    )  # fmt: skip
    people = [one for one in _list(item.get("creators")) if _of(one, "creatorType") in ("author", None)]
    key = _text(item.get("citationKey")) or _text(item.get("citekey"))
    return fields, _names(people, "firstName", "lastName"), (key,) if key else ()


def _paper_list(record: Values) -> Taken:
    """Lists of conferences' papers: authors in one text, addresses under the name of where they lead, and an entry of BibTeX."""
    entry = dict(_ENTRY_FIELD.findall(_text(record.get("bibtex"))[:5000]))
    authors = record.get("author") or record.get("authors")
    fields = _fields(
        title=record.get("title"), abstract=record.get("abstract") or record.get("summary"), year=record.get("year") or entry.get("year"), doi=record.get("doi") or entry.get("doi"),
        venue=record.get("venue") or record.get("journal") or record.get("booktitle") or record.get("conference") or entry.get("booktitle"),
        url=next((url for name in ("site", "openreview", "oa", "url", "pdf") if _text(url := record.get(name)).startswith("http")), None),
        arxiv_id=record.get("arxiv") or record.get("arxiv_id"),
    )  # fmt: skip
    return fields, authors if isinstance(authors, str) else [name for name in _list(authors) if isinstance(name, str)], ()


def _is_key(text: str) -> bool:
    return bool(text) and "/" not in text and " " not in text and not text.isdigit()


def _has(*names: str) -> Callable[[Values], bool]:
    return lambda record: any(name in record for name in names)


_SHAPES: tuple[tuple[Callable[[Values], bool], Callable[[Values], Taken]], ...] = (
    (lambda record: isinstance(record.get("paper"), Mapping) or ("summary" in record and "upvotes" in record), _daily_paper),
    (lambda record: isinstance(record.get("content"), Mapping) and "title" in record["content"], _openreview),
    (_has("abstract_inverted_index", "authorships"), _openalex),
    (lambda record: _has("externalIds", "externalids")(record) and "title" in record, _semantic_scholar),
    (lambda record: _has("paperId", "corpusid", "corpusId")(record) and "title" in record, _semantic_scholar),
    (_has("authors_parsed", "journal-ref", "submitter"), _arxiv_dump),
    (
        lambda record: "abstractNote" in record or isinstance(_of(record, "data", "itemType"), str) or "creators" in record,
        _zotero,
    ),
    (
        lambda record: "title" in record and _has("DOI", "container-title", "issued", "date-parts", "citation-key")(record),
        _crossref,
    ),
    (
        lambda record: "title" in record and _has("author", "site", "openreview", "pdf")(record) and "authors" not in record,
        _paper_list,
    ),
    (lambda record: "title" in record and "abstract" not in record and "summary" in record, _paper_list),
)
