"""Reads PubMed's XML: articles and book chapters, with the labelled parts of their abstracts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.ingestion.fields import foreign_paper_of
from rag.ingestion.markup import labelled
from rag.ingestion.medline import is_no_title
from rag.ingestion.xml_records import Element, XmlImporter, first_of, marked_up, text_of
from rag.types import Paper


def _article(record: Element, source: str) -> Paper:
    inner = first_of([record.find(".//Article"), record.find(".//BookDocument")])
    article = record if inner is None else inner
    paths = ("ArticleTitle", "VernacularTitle", "Book/BookTitle", ".//ArticleTitle", ".//BookTitle")
    title = first_of(found for path in paths if (found := article.find(path)) is not None and not is_no_title(text_of(found)))
    number = text_of(record.find(".//PMID")).strip()
    doi = _doi(record, article)
    fields = {
        "title": re.sub(r"(?<!\.)\.\s*$", "", marked_up(title).strip()).strip("[]"),
        "abstract": " ".join(_abstract(article) or _abstract(record)),
        "year": _year(article),
        "venue": text_of(
            first_of([article.find("Journal/Title"), article.find("Journal/ISOAbbreviation"), article.find("Book/BookTitle")])
        ),
        "doi": doi,
        "url": "" if doi or not number else f"https://pubmed.ncbi.nlm.nih.gov/{number}/",
    }
    return foreign_paper_of(fields, list(_authors(article)), source)


def _abstract(article: Element) -> list[str]:
    found = article.find("Abstract")
    texts = found.findall("AbstractText") if found is not None else []
    return [labelled(text.get("Label", ""), marked_up(text)) for text in texts]


def _authors(article: Element) -> Iterator[str]:
    lists = article.findall("AuthorList") + article.findall("Book/AuthorList")
    people = next((one for one in lists if one.get("Type", "authors") == "authors"), lists[0] if lists else None)
    for author in people.findall("Author") if people is not None else ():
        given = text_of(first_of([author.find("ForeName"), author.find("FirstName"), author.find("Initials")])).strip()
        family = text_of(author.find("LastName")).strip()
        name = f"{given} {family}".strip() or text_of(author.find("CollectiveName")).strip()
        if name:
            yield name


def _doi(record: Element, article: Element) -> str:
    places = [one for one in article.findall("ELocationID") if one.get("EIdType") == "doi"]
    lists = [
        one
        for name in ("PubmedData", "PubmedBookData")
        for part in record.findall(name)
        for one in part.findall("ArticleIdList/ArticleId")
    ]
    return text_of(first_of([*places, *(one for one in lists if one.get("IdType") == "doi")])).strip()


def _year(article: Element) -> str:
    paths = ("Journal/JournalIssue/PubDate", "ArticleDate", "Book/PubDate", "ContributionDate")
    return next((text for path in paths if (text := " ".join(text_of(article.find(path)).split()))), "")


PUBMED_XML = XmlImporter(
    "pubmed-xml",
    {"PubmedArticle": _article, "PubmedBookArticle": _article, "MedlineCitation": _article},
    re.compile(
        r"<(?:PubmedArticle|PubmedArticleSet|PubmedBookArticle|PubmedBookArticleSet|MedlineCitation|MedlineCitationSet)[\s>]"
    ),
)
