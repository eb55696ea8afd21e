"""The same few papers written in every format that is read, record by record, so that a test knows where each record ends."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

PLACES = ("Ålesund", "Brest", "Cádiz", "Delft", "Évora", "Föhr", "Gdańsk", "Hel")


@dataclass(frozen=True)
class Written:
    """How a format writes papers: what stands before them, each one, what stands between and after them.

    `marked` is whether a record says where it ends, so that one that breaks off can be told from a short one.
    """

    suffix: str
    record: Callable[[int], str]
    before: str = ""
    between: str = ""
    after: str = ""
    marked: bool = True

    def ends(self, count: int) -> list[int]:
        """Bytes of the file up to the end of each record."""
        text, found = self.before, []
        for number in range(count):
            text += self.record(number)
            found.append(len(text.encode()))
            text += self.between
        return found

    def whole(self, count: int) -> bytes:
        return (self.before + self.between.join(self.record(number) for number in range(count)) + self.after).encode()


def title(number: int) -> str:
    return f"Watched gulls of {PLACES[number % len(PLACES)]} steal less in year {1990 + number}"


def abstract(number: int) -> str:
    place = PLACES[number % len(PLACES)]
    return (
        f"Coastal gulls steal food from visitors in {place}. We filmed {214 + number} thefts with Müller’s method at β = 0.{number + 1} over two summers. "
        "Gulls attacked people who looked away 3.2 times as often. Our results show that watching the birds is the cheapest protection."
    )


def doi(number: int) -> str:
    return f"10.5555/gulls.{number}"


def arxiv(number: int) -> str:
    return f"2101.{4321 + number:05}"


def _json(record: Callable[[int], object], before: str = "[", after: str = "]", between: str = ", ", suffix: str = ".json", indent: int | None = None) -> Written:  # fmt: skip
    return Written(suffix, lambda n: json.dumps(record(n), ensure_ascii=False, indent=indent), before, between, after)


def _own(n: int) -> dict[str, object]:
    return {"title": title(n), "abstract": abstract(n), "doi": doi(n), "authors": ["Eva Muster"], "year": 2021}


def _openalex(n: int) -> dict[str, object]:
    words: dict[str, list[int]] = {}
    for place, word in enumerate(abstract(n).split()):
        words.setdefault(word, []).append(place)
    names = [{"author": {"display_name": "Eva Muster"}}]
    return {"id": f"https://openalex.org/W{n}", "doi": f"https://doi.org/{doi(n)}", "title": title(n), "publication_year": 2021, "authorships": names, "abstract_inverted_index": words}  # fmt: skip


def _crossref(n: int) -> dict[str, object]:
    return {"DOI": doi(n), "title": [title(n)], "abstract": f"<jats:p>{abstract(n)}</jats:p>", "author": [{"given": "Eva", "family": "Muster"}], "issued": {"date-parts": [[2021]]}}  # fmt: skip


def _csl(n: int) -> dict[str, object]:
    return {"id": f"muster{n}", "type": "article-journal", "title": title(n), "abstract": abstract(n), "DOI": doi(n), "author": [{"family": "Muster", "given": "Eva"}], "issued": {"date-parts": [[2021, 5]]}}  # fmt: skip


def _scholar(n: int) -> dict[str, object]:
    return {"paperId": f"{n:040}", "externalIds": {"DOI": doi(n)}, "title": title(n), "abstract": abstract(n), "year": 2021, "authors": [{"name": "Eva Muster"}]}  # fmt: skip


def _daily(n: int) -> dict[str, object]:
    inner = {
        "id": arxiv(n),
        "title": title(n),
        "summary": abstract(n),
        "authors": [{"name": "Eva Muster"}],
        "publishedAt": "2021-01-02T00:00:00.000Z",
    }
    return {"paper": inner, "title": title(n), "numComments": 2}


def _openreview(n: int) -> dict[str, object]:
    content = {"title": {"value": title(n)}, "abstract": {"value": abstract(n)}, "authors": {"value": ["Eva Muster"]}}
    return {"id": f"a{n}", "forum": f"a{n}", "cdate": 1617000000000, "content": content}


def _dump(n: int) -> dict[str, object]:
    return {"id": arxiv(n), "submitter": "E. Muster", "authors": "E. Muster", "title": title(n), "abstract": f"  {abstract(n)}\n", "authors_parsed": [["Muster", "Eva", ""]]}  # fmt: skip


def _zotero(n: int) -> dict[str, object]:
    return {"key": f"K{n}", "data": {"itemType": "journalArticle", "title": title(n), "abstractNote": abstract(n), "DOI": doi(n), "date": "2021", "creators": [{"creatorType": "author", "firstName": "Eva", "lastName": "Muster"}]}}  # fmt: skip


def _row(cells: list[str], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="").writerow(cells)
    return text.getvalue()


def _wrapped(text: str, indent: str, width: int = 60) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return f"\n{indent}".join(lines)


def _pubmed(n: int) -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{n + 1}</PMID><Article><Journal><Title>Bird J</Title><JournalIssue><PubDate><Year>2021</Year></PubDate></JournalIssue></Journal>"
        f"<ArticleTitle>{escape(title(n))}</ArticleTitle><Abstract><AbstractText>{escape(abstract(n))}</AbstractText></Abstract>"
        "<AuthorList><Author><LastName>Muster</LastName><ForeName>Eva</ForeName></Author></AuthorList></Article></MedlineCitation>\n</PubmedArticle>\n"
    )


def _endnote(n: int) -> str:
    return (
        f'<record><ref-type name="Journal Article">17</ref-type><contributors><authors><author><style face="normal">Muster, Eva</style></author></authors></contributors>'
        f"<titles><title><style>{title(n)}</style></title></titles><dates><year>2021</year></dates><electronic-resource-num>{doi(n)}</electronic-resource-num>"
        f"<abstract><style>{abstract(n)}</style></abstract></record>"
    )


def _atom(n: int) -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{arxiv(n)}v1</id><title>{title(n)}</title><published>2021-01-11T00:00:00Z</published>"
        f"<summary>{abstract(n)}</summary><author><name>Eva Muster</name></author></entry>\n"
    )


def _mods(n: int) -> str:
    return f'<mods ID="m{n}"><titleInfo><title>{title(n)}</title></titleInfo><abstract>{abstract(n)}</abstract><identifier type="doi">{doi(n)}</identifier></mods>\n'


def _rdf(n: int) -> str:
    return f'<bib:Article rdf:about="#item_{n}"><z:itemType>journalArticle</z:itemType><dc:title>{title(n)}</dc:title><dcterms:abstract>{abstract(n)}</dcterms:abstract><dc:date>2021</dc:date></bib:Article>\n'


def _dblp(n: int) -> str:
    return f'<article key="journals/gulls/Muster{n}"><author>Eva Muster</author>\n<title>{title(n)}.</title><year>2021</year><ee>https://doi.org/{doi(n)}</ee></article>\n'


def _crossref_xml(n: int) -> str:
    return (
        f"<doi_record><crossref><journal><journal_metadata><full_title>Gulls</full_title></journal_metadata><journal_article><titles><title>{title(n)}</title></titles>"
        f"<jats:abstract><jats:p>{abstract(n)}</jats:p></jats:abstract><doi_data><doi>{doi(n)}</doi></doi_data></journal_article></journal></crossref></doi_record>\n"
    )


def _mail(n: int) -> str:
    return (
        f"\\\\\narXiv:{arxiv(n)}\nDate: Thu, 26 Jan 2021 10:00:00 GMT   (400kb)\n\nTitle: {title(n)}\nAuthors: Eva Muster\nCategories: q-bio.PE\n\\\\\n"
        f"  {_wrapped(abstract(n), '')}\n\\\\ ( https://arxiv.org/abs/{arxiv(n)} ,  400kb)\n"
    )


_RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:bib="http://purl.org/net/biblio#"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">\n'
)

FORMATS: dict[str, Written] = {
    "json-lines": _json(_own, "", "\n", "\n", ".jsonl"),
    "json": _json(_own),
    "json-indented": _json(_own, "[\n", "\n]\n", ",\n", indent=2),
    "arxiv-dump": _json(_dump, "", "\n", "\n"),
    "openalex": _json(_openalex, '{"meta": {"count": 6}, "results": [', "]}", ","),
    "crossref": _json(_crossref, '{"status": "ok", "message": {"total-results": 6, "items": [', "]}}", ","),
    "csl": _json(_csl, "[\n", "\n]\n", ",\n", indent=1),
    "semantic-scholar": _json(_scholar, '{"total": 6, "data": [', "]}"),
    "daily-json": _json(_daily, between=","),
    "openreview": _json(_openreview, '{"notes": [', '], "count": 6}'),
    "zotero-json": _json(_zotero, "[\n", "\n]\n", ",\n", indent=4),
    "bibtex": Written(".bib", lambda n: f"@article{{muster{n},\n  title = {{{title(n)}}},\n  author = {{Muster, Eva}},\n  year = 2021,\n  doi = {{{doi(n)}}},\n  abstract = {{{abstract(n)}}}\n}}\n", between="\n"),
    "ris": Written(".ris", lambda n: f"TY  - JOUR\nTI  - {title(n)}\nAU  - Muster, Eva\nPY  - 2021\nAB  - {abstract(n)}\nDO  - {doi(n)}\nER  - \n", between="\n"),
    "nbib": Written(".nbib", lambda n: f"PMID- {n + 1}\nTI  - {_wrapped(title(n), '      ')}\nAB  - {_wrapped(abstract(n), '      ')}\nFAU - Muster, Eva\nDP  - 2021 May\nSO  - Bird J. 2021.\n", between="\n", marked=False),
    "web-of-science": Written(".ciw", lambda n: f"PT J\nAU Muster, E\nAF Muster, Eva\nTI {title(n)}\nSO BIRD JOURNAL\nAB {_wrapped(abstract(n), '   ')}\nPY 2021\nDI {doi(n)}\nER\n", "\ufeffFN Clarivate Analytics Web of Science\nVR 1.0\n", "\n", "\nEF\n"),
    "web-of-science-tab": Written(".txt", lambda n: "\t".join(["J", "Muster, E", "Muster, Eva", title(n), "BIRDS", abstract(n), "2021", doi(n)]) + "\n", "\ufeffPT\tAU\tAF\tTI\tSO\tAB\tPY\tDI\n", marked=False),
    "endnote-xml": Written(".xml", _endnote, '<?xml version="1.0" encoding="UTF-8"?><xml><records>', "", "</records></xml>"),
    "enw": Written(".enw", lambda n: f"%0 Journal Article\n%A Muster, Eva\n%T {title(n)}\n%D 2021\n%R {doi(n)}\n%X {abstract(n)}\n", between="\n", marked=False),
    "refworks": Written(".txt", lambda n: f"RT Journal Article\nSR Electronic(1)\nID {n}\nA1 Muster,Eva\nT1 {title(n)}\nYR 2021\nAB {abstract(n)}\nDO {doi(n)}\n", between="\n", marked=False),
    "ovid": Written(".txt", lambda n: f"<{n + 1}>\nUI  - {n}\nTI  - {title(n)}.\nAU  - Muster, Eva\nAB  - {_wrapped(abstract(n), '      ')}\nDO  - {doi(n)}\n", between="\n", marked=False),
    "pubmed-xml": Written(".xml", _pubmed, '<?xml version="1.0"?>\n<PubmedArticleSet>\n', "", "</PubmedArticleSet>\n"),
    "atom": Written(".atom", _atom, '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>arXiv Query</title>\n', "", "</feed>\n"),
    "mods": Written(".xml", _mods, '<?xml version="1.0"?>\n<modsCollection xmlns="http://www.loc.gov/mods/v3">\n', "", "</modsCollection>\n"),
    "zotero-rdf": Written(".rdf", _rdf, _RDF, "", "</rdf:RDF>\n"),
    "dblp": Written(".xml", _dblp, '<?xml version="1.0"?>\n<dblp>\n', "", "</dblp>\n"),
    "crossref-xml": Written(".xml", _crossref_xml, '<?xml version="1.0"?>\n<doi_records xmlns:jats="http://www.ncbi.nlm.nih.gov/JATS1">\n', "", "</doi_records>\n"),
    "arxiv-mail": Written(".txt", _mail, " received from  Wed 25 Jan 21\n" + "-" * 60 + "\n", "-" * 60 + "\n", marked=False),
    "csv": Written(".csv", lambda n: _row([title(n), abstract(n), "Muster, Eva", "2021", doi(n)]) + "\n", "Title,Abstract,Authors,Year,DOI\n", marked=False),
    "csv-quoted": Written(".csv", lambda n: f'"{title(n)}","{abstract(n).replace(". ", f".{chr(10)}", 1)}","Muster, Eva","2021","{doi(n)}"\n', '"Title","Abstract","Authors","Year","DOI"\n', marked=False),
    "daily-markdown": Written(".md", lambda n: f"### [{title(n)}](https://huggingface.co/papers/{arxiv(n)})\n\n{abstract(n)}\n\n[Upvote\n\n110](https://huggingface.co/login)\n", "# Daily Papers\n\n", "\n", marked=False),
    "page": Written(".txt", lambda n: f"{title(n)}\n{abstract(n)}\n", "Daily Papers\n\n", "\n", marked=False),
    "arxiv-html": Written(".html", lambda n: f"<li><p>[{n + 1}] arXiv:{arxiv(n)}</p>\n<p>Title: {title(n)}</p><p>Authors: Eva Muster</p>\n<p>Abstract: {abstract(n)}</p></li>\n", "<!DOCTYPE html><html><body><ol>\n", "", "</ol></body></html>\n", marked=False),
}  # fmt: skip
