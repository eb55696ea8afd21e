"""Same paper, same id; changed paper, changed hash."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.identity import content_hash, link_of, normalised_title, paper_id
from rag.types import Paper

PAPER = Paper("title:0", "A Title", "An abstract.", ("Ann Bee",), 2021, "ICML", "https://example.org/a", "one.txt")


@pytest.mark.parametrize(
    "given_id",
    ["2309.11028", "2309.11028v3", " arXiv:2309.11028 ", "ARXIV: 2309.11028v1", "https://arxiv.org/abs/2309.11028v2"],
)
def test_arxiv_id_in_any_writing_is_one_id(given_id: str) -> None:
    assert paper_id("A Title", arxiv_id=given_id) == "arxiv:2309.11028"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://arxiv.org/abs/2309.11028", "arxiv:2309.11028"),
        ("http://www.arxiv.org/pdf/2309.11028v2.pdf", "arxiv:2309.11028"),
        ("https://export.arxiv.org/abs/2309.11028?context=cs#top", "arxiv:2309.11028"),
        ("https://arxiv.org/abs/cs/0112017v1", "arxiv:cs/0112017"),
        ("https://doi.org/10.1000/ABC.12", "doi:10.1000/abc.12"),
        ("https://dx.doi.org/10.1002/(sici)1097%3A3", "doi:10.1002/(sici)1097:3"),
        ("https://doi.org/10.48550/arXiv.2309.11028", "arxiv:2309.11028"),
    ],
)
def test_id_is_found_in_the_url(url: str, expected: str) -> None:
    assert paper_id("A Title", url=url) == expected


@pytest.mark.parametrize(
    ("old", "expected"),
    [("cs/0112017", "cs/0112017"), ("math.GT/0309136v2", "math/0309136"), ("hep-th/9901001", "hep-th/9901001")],
)
def test_old_arxiv_ids(old: str, expected: str) -> None:
    assert paper_id("A Title", arxiv_id=old) == f"arxiv:{expected}"


@pytest.mark.parametrize(
    "doi", ["10.1000/ABC", "doi:10.1000/abc", "DOI: 10.1000/abc", "https://doi.org/10.1000/abc", "10.1000/abc."]
)
def test_doi_in_any_writing_is_one_id(doi: str) -> None:
    assert paper_id("A Title", doi=doi) == "doi:10.1000/abc"


def test_arxiv_comes_before_doi_and_doi_before_title() -> None:
    assert paper_id("T", arxiv_id="2309.11028", doi="10.1000/1") == "arxiv:2309.11028"
    assert paper_id("T", doi="10.1000/1", url="https://arxiv.org/abs/2309.11028") == "arxiv:2309.11028"
    assert paper_id("T", doi="10.1000/1", url="https://example.org") == "doi:10.1000/1"


@pytest.mark.parametrize(
    "kwargs",
    [
        {"arxiv_id": "2313.11028"},  # there is no 13th month
        {"arxiv_id": "4983"},
        {"doi": "11.1000/1"},
        {"url": "https://notarxiv.org/abs/2309.11028"},
        {"url": "https://arxiv.org.example.com/abs/2309.11028"},
        {"url": "https://example.org/?u=https://arxiv.org/abs/2309.11028"},
        {},
    ],
)
def test_what_is_no_known_id_leaves_the_title(kwargs: dict[str, str]) -> None:
    identifier = paper_id("A Title", **kwargs)
    assert identifier == paper_id("A Title")
    assert identifier == "title:aa4e9c1087d9d929"


@pytest.mark.parametrize("same", ["a  title", "A TITLE", "A-Title.", "\uff21 Title", "“A Title”", "A\u00a0Title", "A: Title?"])
def test_titles_that_people_would_call_one_have_one_id(same: str) -> None:
    assert paper_id(same) == paper_id("A Title")


@pytest.mark.parametrize("other", ["A Titles", "Title A", "A Title 2", "A Title+", "AT itle"])
def test_other_titles_have_other_ids(other: str) -> None:
    assert paper_id(other) != paper_id("A Title")


def test_titles_of_punctuation_alone_stay_apart() -> None:
    assert paper_id("???") != paper_id("!!!")


@given(st.text(), st.text(), st.text(), st.text())
def test_any_strings_give_an_id(title: str, arxiv_id: str, doi: str, url: str) -> None:
    assert paper_id(title, arxiv_id, doi, url).partition(":")[0] in {"arxiv", "doi", "title"}


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_lone_surrogates_are_no_obstacle(title: str) -> None:
    assert len(paper_id(title)) == len("title:") + 16
    assert paper_id("\ud800") != paper_id("\ud801")


@given(st.text())
def test_normalised_title_has_single_spaces(title: str) -> None:
    normalised = normalised_title(title)
    assert normalised == " ".join(normalised.split())


@pytest.mark.parametrize(
    ("identifier", "link"),
    [
        ("arxiv:cs/0112017", "https://arxiv.org/abs/cs/0112017"),
        ("doi:10.1000/1", "https://doi.org/10.1000/1"),
        ("title:0123456789abcdef", None),
    ],
)
def test_link_of(identifier: str, link: str | None) -> None:
    assert link_of(identifier) == link


@pytest.mark.parametrize(
    "changed",
    [
        replace(PAPER, title="A title"),
        replace(PAPER, abstract="An abstract"),
        replace(PAPER, authors=("Ann", "Bee")),
        replace(PAPER, year=None),
        replace(PAPER, venue=None),
        replace(PAPER, url=None),
    ],
)
def test_hash_changes_with_all_that_is_seen(changed: Paper) -> None:
    assert content_hash(changed) != content_hash(PAPER)


def test_hash_stays_with_source_and_id() -> None:
    assert content_hash(replace(PAPER, source="two.txt", id="title:1")) == content_hash(PAPER)
    assert len(content_hash(PAPER)) == 64


def test_hash_does_not_run_fields_together() -> None:
    one, two = replace(PAPER, title="AB", abstract="C"), replace(PAPER, title="A", abstract="BC")
    assert content_hash(one) != content_hash(two)
