"""Turns a JSON record of a web service or a program into the named fields of a paper: the one place that knows their shapes.

Each shape is known by fields that no other has. A record of none of them whose fields are not ours is read by what its fields are called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rag.identity import as_doi
from rag.ingestion.fields import YEAR_IN, UnusableError, foreign_paper_of, paper_of
from rag.ingestion.non_papers import reads_as_abstracts
from rag.ingestion.outcomes import LONGEST_ABSTRACT
from rag.ingestion.values import inside, listed, people, text_of, texts
from rag.ingestion.zotero_items import NO_PAPERS, citation_key, item_fields
from rag.types import Paper, Refused

Values = Mapping[str, Any]
Taken = tuple[dict[str, str], Sequence[str] | str, Sequence[str]]
"""Fields as `foreign_paper_of` takes them, authors, citation keys."""

LISTS = (
    "items", "results", "notes", "data", "papers", "works", "records", "documents", "docs", "entries", "hits", "hit", "result", "collection",
    "publications", "articles", "entry", "references", "recommendedPapers",
)  # fmt: skip
"""Under which name an answer of a web service holds its records."""
_ENTRY_FIELD = re.compile(r"\b(year|booktitle|doi)\s*=\s*[{\"]([^{}\"]{1,300})[}\"]")
_OURS = frozenset("id title abstract authors year venue url doi arxiv_id keys source parts links".split())
_CALLED: Mapping[str, Sequence[str]] = {
    "title": ("title", "titles", "titledisplay", "articletitle", "documenttitle", "papertitle", "displayname", "primarytitle"),
    "abstract": ("abstract", "abstracttext", "abstracts", "abstractnote", "summary", "descriptions", "description", "paperabstract"),
    "year": ("year", "pubyear", "publicationyear", "yearpublished", "published", "publicationdate", "datepublished", "date", "coverdate", "earliestdate", "pubdate", "produceddateyi", "issued"),
    "venue": ("venue", "journal", "journaltitle", "journalname", "sourcetitle", "publicationname", "publicationtitle", "containertitle", "journaltitles", "booktitle", "conference", "pub", "publication", "source"),
    "doi": ("doi", "dois", "doiids"), "arxiv_id": ("arxivid", "arxiv", "eprint", "arxiveprints"), "url": ("url", "link", "articleurl", "landingpageurl", "links", "urls"),
    "id": ("id",), "note": ("note", "notes", "extra"),
}  # fmt: skip
_AUTHORS = ("authors", "authorlist", "author", "authordisplay", "creators", "creator", "authorfullnames", "authfullnames", "authornames", "authorstring", "zauthors", "contributors")  # fmt: skip
_SCHOLARLY = ("abstract", "journal", "conference", "booktitle", "containertitle", "publicationname", "sourcetitle", "pmid", "issn", "citation", "arxiv", "eprint")  # fmt: skip
"""How names begin of fields that only records of papers have."""
_WRITERS = frozenset(
    "authors authorlist authordisplay authorfullnames authfullnames authornames authorstring contributors".split()
)
_GOODS = frozenset(
    "price sku asin currency rating genre genres director cast runtime duration artist artists album salary".split()
)
_UNSTOPPED = re.compile(r"(?<![.\s])\.\s*\Z")
_PREFIX = re.compile(r"\A(?:dc|dcterms|prism|bibo|schema):|[_\s-]")


def paper_from(record: Values, source: str) -> Paper:
    """The paper of a record in any known shape; raises UnusableError."""
    for fits, take in _SHAPES:
        if fits(record):
            fields, authors, keys = take(record)
            return foreign_paper_of(fields, authors, source, keys)
    return paper_of(record, source)


def papers_from(records: Iterable[Taken], source: str) -> Iterator[Paper | Refused]:
    """A paper for each record, or why there is none."""
    for fields, authors, keys in records:
        try:
            yield foreign_paper_of(fields, authors, source, keys)
        except UnusableError as reason:
            title = fields.get("title", "").strip()[:80]
            yield Refused(f"{source}, “{title}”" if title else source, str(reason))


def openalex_work(record: Values) -> Taken:
    """A work of OpenAlex, whose abstract is an index from words to places."""
    places = [place for place in (record.get("primary_location"), *listed(record.get("locations"))) if isinstance(place, Mapping)]
    pages = [text_of(place.get("landing_page_url")) for place in places]
    venues = [*(inside(place, "source", "display_name") for place in places), inside(record, "host_venue", "display_name")]
    fields = texts(
        title=record.get("title") or record.get("display_name"), doi=record.get("doi"), year=record.get("publication_year"),
        venue=venues, url=[*pages, record.get("id")], arxiv_id=next((page for page in pages if "arxiv.org/" in page), None),
        abstract=record.get("abstract") or _inverted(record.get("abstract_inverted_index")),
    )  # fmt: skip
    return fields, people(record.get("authorships") or []), ()


def _inverted(index: object) -> str:
    """The text of an inverted index: each word with the places where it stands."""
    if not isinstance(index, Mapping):
        return ""
    places: dict[int, str] = {}
    for word, at in index.items():
        for place in listed(at):
            if isinstance(place, int):
                places[place] = str(word)
        if len(places) > LONGEST_ABSTRACT:
            raise UnusableError(f"Title and abstract are longer than {LONGEST_ABSTRACT:,} characters: no paper's are.")
    return " ".join(places[place] for place in sorted(places))


def crossref_work(record: Values) -> Taken:
    """Crossref's works and CSL-JSON, which have the same names; titles and places are lists in the one, texts in the other."""
    dates = ("published", "issued", "published-print", "published-online", "created")
    title, subtitle = text_of(record.get("title")), text_of(record.get("subtitle"))
    fields = texts(
        title=f"{title}: {subtitle}" if subtitle and isinstance(record.get("title"), list) and ":" not in title else title,
        abstract=record.get("abstract"), doi=record.get("DOI"), year=next((year for name in dates if (year := _year_in(record.get(name)))), ""),
        venue=record.get("container-title") or record.get("event-title") or inside(record, "event", "name"), url=record.get("URL"), note=record.get("note"),
        arxiv_id=record.get("number") if "arxiv" in text_of(record.get("publisher")).lower() else None,
    )  # fmt: skip
    key = text_of(record.get("citation-key")) or text_of(record.get("citation-label")) or text_of(record.get("id"))
    return fields, people(record.get("author") or record.get("editor") or []), (key,) if _is_key(key) else ()


def _year_in(date: object) -> str:
    parts = inside(date, "date-parts")
    if listed(parts) and listed(parts[0]):
        return text_of(parts[0][0])
    return text_of(inside(date, "raw")) or text_of(inside(date, "literal")) or text_of(date)


def _semantic_scholar(record: Values) -> Taken:
    ids = {str(name).casefold(): value for name, value in (record.get("externalIds") or record.get("externalids") or {}).items()}
    fields = texts(
        title=record.get("title"), abstract=record.get("abstract") or record.get("paperAbstract"), year=record.get("year") or record.get("publicationDate"),
        venue=record.get("venue") or inside(record, "journal", "name") or inside(record, "publicationVenue", "name"),
        url=record.get("url"), doi=ids.get("doi") or record.get("doi"), arxiv_id=ids.get("arxiv") or record.get("arxivId"),
    )  # fmt: skip
    return fields, people(record.get("authors") or []), ()


def _openreview(record: Values) -> Taken:
    content = record["content"]
    if record.get("replyto") and not content.get("abstract"):
        raise UnusableError("This is a review or a comment of OpenReview, not a paper.", "not_a_paper")
    dates = (record.get(name) for name in ("pdate", "odate", "cdate", "tcdate"))
    when = next((date for date in dates if isinstance(date, int | float) and not isinstance(date, bool)), None)
    year = datetime.fromtimestamp(when / 1000, UTC).year if when and 0 < when < 4e12 else None
    authors = inside(content, "authors", "value") if isinstance(content.get("authors"), Mapping) else content.get("authors")
    forum = text_of(record.get("forum")) or text_of(record.get("id"))
    fields = texts(
        title=content.get("title"), abstract=content.get("abstract"), year=content.get("year") or year, venue=content.get("venue"),
        url=f"https://openreview.net/forum?id={forum}" if forum else None, doi=content.get("doi"),
    )  # fmt: skip
    fields["venue"] = fields.get("venue", "").removeprefix("Submitted to ")
    return fields, people(authors or []), ()


def _arxiv_dump(record: Values) -> Taken:
    """arXiv's metadata as its dump and its harvesting service have them; the year is that of the first version."""
    first = text_of(inside((listed(record.get("versions")) or [None])[0], "created")) or text_of(record.get("update_date"))
    id = text_of(record.get("id"))
    new_style = id[:4].isdigit() and id[4:5] == "."
    parsed = [
        " ".join(str(part) for part in (one[1], one[0], *one[2:3]) if part)
        for one in listed(record.get("authors_parsed"))
        if len(listed(one)) > 1
    ]
    fields = texts(
        title=record.get("title"), abstract=record.get("abstract"), arxiv_id=id, doi=record.get("doi"), venue=record.get("journal-ref"),
        year=f"20{id[:2]}" if new_style else first,
    )  # fmt: skip
    return fields, parsed or text_of(record.get("authors")), ()


def daily_paper(record: Values) -> Taken:
    """An entry of Hugging Face's Daily Papers; its id is arXiv's."""
    paper = record.get("paper")
    inner: Values = paper if isinstance(paper, Mapping) else record
    fields = texts(
        title=inner.get("title") or record.get("title"), abstract=inner.get("summary") or record.get("summary"),
        arxiv_id=inner.get("id"), year=inner.get("publishedAt") or record.get("publishedAt"),
    )  # fmt: skip
    return fields, people(inner.get("authors") or []), ()


def _zotero(record: Values) -> Taken:
    data = record.get("data")
    item: Values = data if isinstance(data, Mapping) else record
    if text_of(item.get("itemType")) in NO_PAPERS:
        raise UnusableError("This is an attachment or a note of Zotero, not a paper.", "not_a_paper")
    fields, authors = item_fields(item)
    key = citation_key(item) or text_of(item.get("citekey"))
    return fields, authors, (key,) if key else ()


def _paper_list(record: Values) -> Taken:
    """Lists of conferences' papers: authors in one text, addresses under the name of where they lead, and an entry of BibTeX."""
    entry = dict(_ENTRY_FIELD.findall(text_of(record.get("bibtex"))[:5000]))
    fields = texts(
        title=record.get("title"), abstract=record.get("abstract") or record.get("summary"), year=record.get("year") or entry.get("year"), doi=record.get("doi") or entry.get("doi"),
        venue=record.get("venue") or record.get("journal") or record.get("booktitle") or record.get("conference") or entry.get("booktitle"),
        url=next((url for name in ("site", "openreview", "oa", "url", "pdf") if text_of(url := record.get(name)).startswith("http")), None),
        arxiv_id=record.get("arxiv") or record.get("arxiv_id"),
    )  # fmt: skip
    return fields, people(record.get("author") or record.get("authors") or []), ()


def _by_names(record: Values) -> Taken:
    """A record of a service that is not known: its fields are taken by what they are called (`dc:title`, `author_display`, `pubYear`)."""
    outer = record.get("attributes") or record.get("metadata") or record.get("info") or record.get("fields")
    known = {
        _PREFIX.sub("", str(name)).casefold(): value
        for name, value in {**record, **(outer if isinstance(outer, Mapping) else {})}.items()
    }
    if not any(known.get(one) for one in _CALLED["title"]):
        raise UnusableError("`title` is missing: a paper needs a title.", "no_title")
    fields = {
        name: text
        for name, called in _CALLED.items()
        if (
            text := next(
                (text for one in called if (text := _described(known.get(one))) and (name != "year" or _is_dated(text))), ""
            )
        )
    }
    others = {text_of(inside(one, "type")): one for one in listed(known.get("externalids"))}
    fields = {
        **texts(doi=others.get("doi"), arxiv_id=others.get("arxiv")),
        **fields,
        "title": _UNSTOPPED.sub("", fields.get("title", "")),
    }
    authors = next((found for name in _AUTHORS if known.get(name) and (found := people(known[name]))), [])
    if not _names_a_paper(fields, known):
        raise UnusableError(
            "This record does not look like one of a paper: it needs a title and a DOI, a journal, an abstract, or authors and a year.",
            "not_a_paper",
        )
    return fields, authors, ()


def _europe_pmc(record: Values) -> Taken:
    """Europe PMC's `source` is the code of a database, not a place of publication."""
    journal = (
        record.get("journalTitle")
        or inside(record, "journalInfo", "journal", "title")
        or inside(record, "bookOrReportDetails", "publisher")
    )
    return _by_names({**record, "journalTitle": journal, "source": None})


def _names_a_paper(fields: Mapping[str, str], known: Values) -> bool:
    """Whether its fields are those of a paper: films, goods, news and reports of errors have titles, descriptions and dates, too."""
    if fields.get("doi") or fields.get("arxiv_id") or any(name.startswith(_SCHOLARLY) and value for name, value in known.items()):
        return True
    if fields.get("abstract") and reads_as_abstracts([fields["abstract"]]):
        return True
    written = bool(_WRITERS & set(known)) or ("pub" in known and bool(known.get("author")))
    return written and "year" in fields and not _GOODS & set(known)


def _is_dated(text: str) -> bool:
    """Whether a year may stand in it: bioRxiv has `published`, too, and there the DOI of the journal's version or `NA`."""
    return bool(YEAR_IN.search(text)) and as_doi(text) is None


def _described(value: object) -> str:
    """Its first text; of a list of descriptions, as DataCite has one, the first that is there."""
    if isinstance(value, list) and value and isinstance(value[0], Mapping) and "description" in value[0]:
        return text_of([inside(one, "description") for one in value])
    if isinstance(value, Mapping) and "date-parts" in value:
        return _year_in(value)
    return text_of(value)


def _is_key(text: str) -> bool:
    return bool(text) and "/" not in text and " " not in text and not text.isdigit()


def _has(*names: str) -> Callable[[Values], bool]:
    return lambda record: any(name in record for name in names)


def _is_foreign(record: Values) -> bool:
    """Whether it has fields that are not ours."""
    return bool(record) and not _OURS.issuperset(record)


_SHAPES: tuple[tuple[Callable[[Values], bool], Callable[[Values], Taken]], ...] = (
    (lambda record: isinstance(record.get("paper"), Mapping) or ("summary" in record and "upvotes" in record), daily_paper),
    (lambda record: isinstance(record.get("content"), Mapping) and "title" in record["content"], _openreview),
    (_has("abstract_inverted_index", "authorships"), openalex_work),
    (lambda record: _has("externalIds", "externalids")(record) and "title" in record, _semantic_scholar),
    (lambda record: _has("paperId", "corpusid", "corpusId")(record) and "title" in record, _semantic_scholar),
    (_has("authors_parsed", "journal-ref", "submitter"), _arxiv_dump),
    (
        lambda record: _has("abstractNote", "itemType")(record) or isinstance(inside(record, "data", "itemType"), str),
        _zotero,
    ),
    (
        lambda record: "title" in record and _has("DOI", "container-title", "issued", "date-parts", "citation-key")(record),
        crossref_work,
    ),
    (
        lambda record: "title" in record and _has("site", "openreview", "pdf", "bibtex")(record) and "authors" not in record,
        _paper_list,
    ),
    (lambda record: "authorString" in record and "source" in record, _europe_pmc),
    (_is_foreign, _by_names),
)
