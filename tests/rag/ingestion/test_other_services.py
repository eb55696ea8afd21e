"""JSON of services whose shape nobody described: read by what their fields are called; what is no paper is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.errors import ImportFailed
from rag.ingestion import read_papers
from rag.types import Paper, Refused

TEXT = "We measured 61 roofs. Roofs lost heat."
DOI = "10.5555/abc"
SERVICES: dict[str, Any] = {
    "Europe PMC": {"version": "6.9", "request": {"queryString": "x"}, "resultList": {"result": [
        {"id": "1", "doi": DOI, "title": "Moss on slate.", "authorString": "Muster E, Ek B.", "journalTitle": "J Moss", "pubYear": "2021", "abstractText": f"<h4>Background</h4>{TEXT}",
         "authorList": {"author": [{"fullName": "Muster E", "firstName": "Eva", "lastName": "Muster"}, {"fullName": "Ek B", "firstName": "Bo", "lastName": "Ek"}]}}]}},
    "DBLP": {"result": {"query": "x", "hits": {"@total": "1", "hit": [{"@score": "3", "info": {
        "authors": {"author": [{"@pid": "1", "text": "Eva Muster"}, {"@pid": "2", "text": "Bo Ek"}]}, "title": "Moss on slate.", "venue": "J Moss", "year": "2021", "doi": DOI}}]}}},
    "INSPIRE": {"hits": {"hits": [{"id": "1", "metadata": {
        "titles": [{"title": "Moss on slate"}], "abstracts": [{"value": TEXT, "source": "arXiv"}], "authors": [{"full_name": "Muster, Eva"}, {"full_name": "Ek, Bo"}],
        "dois": [{"value": DOI}], "earliest_date": "2021-01-02"}}]}},
    "ADS": {"responseHeader": {}, "response": {"numFound": 1, "docs": [
        {"title": ["Moss on slate"], "author": ["Muster, Eva", "Ek, Bo"], "abstract": TEXT, "pub": "J Moss", "year": "2021", "doi": [DOI]}]}},
    "DataCite": {"data": [{"id": DOI, "attributes": {
        "doi": DOI, "titles": [{"title": "Moss on slate"}], "creators": [{"name": "Muster, Eva", "givenName": "Eva", "familyName": "Muster"}, {"name": "Ek, Bo"}], "publicationYear": 2021,
        "descriptions": [{"description": TEXT, "descriptionType": "Abstract"}]}}]},
    "bioRxiv": {"messages": [{"status": "ok"}], "collection": [{"doi": DOI, "title": "Moss on slate", "authors": "Muster, Eva; Ek, Bo", "date": "2021-01-01", "abstract": TEXT}]},
    "Scopus": {"search-results": {"entry": [
        {"dc:title": "Moss on slate", "author": [{"authname": "Muster E."}, {"authname": "Ek B."}], "prism:publicationName": "J Moss", "prism:coverDate": "2021-01-01", "prism:doi": DOI, "dc:description": TEXT}]}},
    "HAL": {"response": {"numFound": 1, "docs": [
        {"title_s": ["Moss on slate"], "authFullName_s": ["Eva Muster", "Bo Ek"], "abstract_s": [TEXT], "producedDateY_i": 2021, "doiId_s": DOI, "journalTitle_s": "J Moss"}]}},
    "Springer": {"apiMessage": "x", "records": [
        {"title": "Moss on slate", "creators": [{"creator": "Muster, Eva"}, {"creator": "Ek, Bo"}], "publicationName": "J Moss", "doi": DOI, "publicationDate": "2021-01-01", "abstract": {"h1": "Abstract", "p": TEXT}}]},
    "IEEE": {"total_records": 1, "articles": [
        {"doi": DOI, "title": "Moss on slate", "authors": {"authors": [{"full_name": "Eva Muster"}, {"full_name": "Bo Ek"}]}, "publication_title": "J Moss", "publication_year": 2021, "abstract": TEXT}]},
    "Lens": {"total": 1, "data": [{"title": "Moss on slate", "abstract": TEXT, "authors": [{"first_name": "Eva", "last_name": "Muster"}, {"first_name": "Bo", "last_name": "Ek"}], "year_published": 2021,
                                   "source": {"title": "J Moss"}, "external_ids": [{"type": "doi", "value": DOI}]}]},
    "PLOS": {"response": {"docs": [{"id": DOI, "title_display": "Moss on slate", "author_display": ["Eva Muster", "Bo Ek"], "journal": "J Moss", "publication_date": "2021-07-19", "abstract": [f"\n {TEXT}"]}]}},
}  # fmt: skip


def written(folder: Path, value: Any) -> Path:
    path = folder / "answer.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


@pytest.mark.parametrize("service", SERVICES)
def test_an_answer_of_a_service_is_read_by_its_names(service: str, tmp_path: Path) -> None:
    (paper,) = read_papers(written(tmp_path, SERVICES[service]))
    assert isinstance(paper, Paper)
    assert (paper.id, paper.title, paper.year) == (f"doi:{DOI}", "Moss on slate", 2021)
    assert [name.split()[0 if service == "Scopus" else -1] for name in paper.authors] == ["Muster", "Ek"]
    assert service == "DBLP" or paper.abstract == TEXT
    assert paper.venue in ("J Moss", None)


@pytest.mark.parametrize(
    "value",
    [
        {"name": "left-pad", "version": "1.0.0", "description": "String left pad", "license": "MIT"},
        {"version": "https://jsonfeed.org/version/1", "title": "My Blog", "items": [{"id": "1", "title": "Hello", "content_text": "Hello world"}]},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"title": "Park", "description": "Nice"}}]},
        [{"title": "Buy milk", "completed": False, "userId": 1}],
    ],
    ids=["package", "feed", "map", "tasks"],
)  # fmt: skip
def test_other_json_becomes_no_paper(value: Any, tmp_path: Path) -> None:
    try:
        found = list(read_papers(written(tmp_path, value)))
    except ImportFailed:
        found = []
    assert not [one for one in found if isinstance(one, Paper)]


@pytest.mark.parametrize("published", ["NA", "10.5555/j.moss.2023.01"])
def test_the_year_is_taken_from_a_field_that_holds_a_date(published: str, tmp_path: Path) -> None:
    preprint = {
        "doi": DOI,
        "title": "Moss on slate",
        "authors": "Muster, Eva",
        "date": "2021-01-01",
        "abstract": TEXT,
        "published": published,
    }
    (paper,) = read_papers(written(tmp_path, {"messages": [], "collection": [preprint]}))
    assert isinstance(paper, Paper)
    assert paper.year == 2021


@pytest.mark.parametrize(
    "answer",
    [
        {"recommendedPapers": [{"paperId": "1", "title": "Moss on slate", "abstract": TEXT}]},
        {"offset": 0, "data": [{"contexts": [], "citingPaper": {"paperId": "1", "title": "Moss on slate", "abstract": TEXT}}]},
        {
            "offset": 0,
            "data": [{"isInfluential": True, "citedPaper": {"paperId": "1", "title": "Moss on slate", "abstract": TEXT}}],
        },
    ],
)
def test_recommendations_citations_and_references_of_semantic_scholar_are_papers(answer: Any, tmp_path: Path) -> None:
    (paper,) = read_papers(written(tmp_path, answer))
    assert isinstance(paper, Paper)
    assert (paper.title, paper.abstract) == ("Moss on slate", TEXT)


def test_a_review_of_openreview_is_named_and_not_taken(tmp_path: Path) -> None:
    paper = {"id": "a", "content": {"title": {"value": "Moss on slate"}, "abstract": {"value": TEXT}}}
    review = {"id": "b", "forum": "a", "replyto": "a", "content": {"title": "Good", "review": "Fine."}}
    first, second = read_papers(written(tmp_path, {"notes": [paper, review]}))
    assert isinstance(first, Paper)
    assert isinstance(second, Refused)
    assert "review" in second.reason


def test_a_suffix_stays_with_the_name(tmp_path: Path) -> None:
    record = {"title": "Moss on slate", "DOI": DOI, "author": [{"given": "Bo", "family": "Ek", "suffix": "Jr."}]}
    (paper,) = read_papers(written(tmp_path, [record]))
    assert isinstance(paper, Paper)
    assert paper.authors == ("Bo Ek Jr.",)


@pytest.mark.parametrize(
    "place", [{"journalInfo": {"volume": "1", "journal": {"title": "J Moss"}}}, {"bookOrReportDetails": {"publisher": "J Moss"}}]
)
def test_the_venue_in_europe_pmc_is_not_the_code_of_a_database(place: dict[str, Any], tmp_path: Path) -> None:
    record = {
        "id": "1",
        "source": "MED",
        "title": "Moss on slate.",
        "authorString": "Muster E.",
        "pubYear": "2021",
        "abstractText": TEXT,
        **place,
    }
    (paper,) = read_papers(written(tmp_path, {"resultList": {"result": [record]}}))
    assert isinstance(paper, Paper)
    assert (paper.title, paper.venue) == ("Moss on slate", "J Moss")
