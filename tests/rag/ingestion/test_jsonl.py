"""Papers as JSON: fields, ids, authors, bad lines and lists."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importer_samples import (
    OBJECTS,
    PAIRS,
    json_lines,
    pairs_in,
    papers_in,
    read_json,
    record,
    refused_in,
    unhurried,
)

from rag.ingestion.jsonl import JsonLinesImporter
from rag.ingestion.names import author_names
from rag.ingestion.outcomes import Unreadable
from rag.types import Paper, Refused


def test_json_fields() -> None:
    (paper,) = read_json(
        record(
            authors=["Ann Bee"], year=2021, venue="ICML", url="https://example.org/1", doi="10.1000/AB", stars=5, arxiv_id=None
        )
    )
    assert paper == Paper("doi:10.1000/ab", *PAIRS[0], ("Ann Bee",), 2021, "ICML", "https://example.org/1", source="papers.jsonl")


@pytest.mark.parametrize(
    ("fields", "identifier", "url"),
    [
        ({"arxiv_id": "2309.11028v2"}, "arxiv:2309.11028", "https://arxiv.org/abs/2309.11028"),
        ({"id": "arxiv:2309.11028"}, "arxiv:2309.11028", "https://arxiv.org/abs/2309.11028"),
        ({"id": "10.1000/A"}, "doi:10.1000/a", "https://doi.org/10.1000/a"),
        ({"url": "https://arxiv.org/pdf/2309.11028v1"}, "arxiv:2309.11028", "https://arxiv.org/pdf/2309.11028v1"),
        ({"id": 4983}, "title:c0da8bf606ae6fae", None),
        ({"id": "paper-7"}, "title:c0da8bf606ae6fae", None),
    ],
)
def test_json_ids_and_links(fields: dict[str, object], identifier: str, url: str | None) -> None:
    (paper,) = read_json(record(**fields))
    assert isinstance(paper, Paper)
    assert (paper.id, paper.url) == (identifier, url)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("nonsense", "not JSON"),
        ('{"title": "A", "abstract": "B"', "not JSON"),
        ('{"title": "A", "abstract": "B', "not JSON: unterminated string at character 28."),
        ('{"title": "A", "abstract": "B\tC"}', "not JSON: invalid control character at character 30."),
        ('["title"]', "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ('{"title": "A", "abstract": "B", "year": ' + "9" * 5000 + "}", "not JSON"),
        ('{"abstract": "B"}', "`title` is missing"),
        ('{"abstract": "A"}', "`title` is missing"),
        ('{"title": " \\u200b", "abstract": "B"}', "`title` is empty"),
        ('{"title": null, "abstract": "A"}', "`title` is empty"),
        ('{"title": ["A"], "abstract": "B"}', "`title` must be text in quotation marks, not a list"),
        (record(year=1499), "`year`"),
        (record(year=2101), "`year`"),
        (record(year=True), "`year`"),
        (record(year=2020.5), "`year`"),
        (record(year="20²1"), "`year`"),
        (record(year="in press"), "`year`"),
        (record(venue=7), "`venue`"),
        (record(authors=7), "`authors`"),
        (record(authors=["A", 7]), "`authors`"),
        (record(url="javascript:alert(1)"), "`url`"),
        (record(url="ftp://example.org/a"), "`url`"),
        (record(url="https://"), "`url`"),
        (record(url="https://[::1"), "`url`"),
        (record(url='https://example.org/" onclick="x'), "`url`"),
        (record(arxiv_id="soon"), "`arxiv_id`"),
        (record(arxiv_id=2309.11028), "`arxiv_id`"),
        (record(doi="none"), "`doi`"),
    ],
)
def test_a_bad_json_line_is_refused_and_the_rest_goes_in(line: str, reason: str) -> None:
    good = json_lines(PAIRS[1:3])
    found = read_json(good[0], "", line, good[1])
    assert pairs_in(iter(found)) == PAIRS[1:3]
    (refused,) = refused_in(iter(found))
    assert refused.where == "papers.jsonl, line 3"
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("given_year", "year"), [(2021, 2021), ("2021", 2021), (2021.0, 2021), (1500, 1500), ("2100", 2100), ("", None), (None, None)]
)
def test_json_years(given_year: object, year: int | None) -> None:
    (paper,) = read_json(record(year=given_year))
    assert isinstance(paper, Paper)
    assert paper.year == year
    assert paper.year is None or type(paper.year) is int


def test_python_s_nan_is_an_absent_field() -> None:
    (paper,) = read_json(record(year=float("nan"), venue=float("nan")))
    assert isinstance(paper, Paper)
    assert (paper.year, paper.venue) == (None, None)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (["Ann Bee", " Cy  Dee ", ""], ("Ann Bee", "Cy Dee")),
        (["Bee, Ann", "Sam Dee, Jr."], ("Ann Bee", "Sam Dee, Jr.")),
        ("Ann Bee, Cy Dee and Eve Eff", ("Ann Bee", "Cy Dee", "Eve Eff")),
        ("Ann Bee, Cy Dee, and Eve Eff", ("Ann Bee", "Cy Dee", "Eve Eff")),
        ("Ann Bee & Cy Dee", ("Ann Bee", "Cy Dee")),
        ("Ann Bee; Cy Dee", ("Ann Bee", "Cy Dee")),
        ("Bee, Ann; Dee, Cy", ("Ann Bee", "Cy Dee")),
        ("Bee, Ann and Dee, Cy and others", ("Ann Bee", "Cy Dee")),
        ("Ann Bee, Cy Dee, et al.", ("Ann Bee", "Cy Dee")),
        ("Anderson Sands", ("Anderson Sands",)),
        ("", ()),
    ],
)
def test_authors(written: str | list[str], names: tuple[str, ...]) -> None:
    assert author_names(written) == names


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (["Ek, Bo, Jr."], ("Bo Ek Jr.",)),
        (["Ek, Bo Jr"], ("Bo Ek Jr",)),
        (["Ek, Jr."], ("Ek, Jr.",)),
        ("Muster E, Ek B, Lin BX.", ("Muster E", "Ek B", "Lin BX")),
        ("Muster, E., Ek, B.-J., van der Lin, B.X.", ("E. Muster", "B.-J. Ek", "B.X. van der Lin")),
        ("Muster, E., Ek, B., & Lin, C.", ("E. Muster", "B. Ek", "C. Lin")),
        ("Muster, E., Ek, B., et al.", ("E. Muster", "B. Ek")),
    ],
)
def test_suffixes_initials_and_the_stop_behind_a_list_go_where_they_belong(
    written: str | list[str], names: tuple[str, ...]
) -> None:
    assert author_names(written) == names


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(json.dumps(OBJECTS), id="list on one line"),
        pytest.param(json.dumps(OBJECTS, indent=2), id="list over many lines"),
        pytest.param("[\n" + ",\n".join(json_lines(PAIRS)) + "\n]\n", id="list, one paper a line"),
        pytest.param("\n\n [" + "\n,".join(json_lines(PAIRS)) + "]", id="list, commas first"),
        pytest.param("[\n" + ",\n".join(json_lines(PAIRS)) + ",\n]", id="comma after the last"),
        pytest.param("[\n" + "\n".join(json_lines(PAIRS)) + "\n]", id="commas forgotten"),
        pytest.param("[\n" + ",\n".join(json_lines(PAIRS)), id="list not closed"),
        pytest.param("\n".join(json.dumps(each, indent=2) for each in OBJECTS), id="objects over many lines"),
        pytest.param("\ufeff" + "\r\n".join(json_lines(PAIRS)), id="byte order mark and CRLF"),
        pytest.param(
            json.dumps([{**each, "notes": ["]", "{", {"a": "\\"}]} for each in OBJECTS], indent=1), id="brackets inside"
        ),
    ],
)
def test_json_written_otherwise_is_read_all_the_same(text: str) -> None:
    assert JsonLinesImporter().recognises(text)
    found = read_json(*io.StringIO(text, newline=None))
    assert not refused_in(iter(found))
    assert pairs_in(iter(found)) == PAIRS


@pytest.mark.parametrize(
    "bad",
    ['{"title": "A",', '{"title": "A, "abstract": "B"}', '{"title": "unclosed', "7", '"words"', "{}", '{"a": "\ud800'],
)
def test_a_bad_element_of_a_list_spoils_no_other(bad: str) -> None:
    good = json_lines(PAIRS)
    found = read_json("[", f"{good[0]},", f"{bad},", f"{good[1]},", good[2], "]", good[3])
    assert pairs_in(iter(found)) == PAIRS
    assert [each.where for each in refused_in(iter(found))] == ["papers.jsonl, line 3"]


def test_unreadable_line_inside_a_spread_out_object_refuses_it() -> None:
    lines = json.dumps(OBJECTS[:2], indent=1).split("\n")
    lines[2] = Unreadable("Smudged.")
    found = read_json(*lines)
    assert pairs_in(iter(found)) == [PAIRS[1]]
    assert refused_in(iter(found)) == [Refused("papers.jsonl, line 2", "Smudged.")]


def test_unreadable_line_of_a_list_spoils_no_other() -> None:
    good = json_lines(PAIRS)
    found = read_json("[", f"{good[0]},", Unreadable("Smudged."), f"{good[1]},", good[2], "]")
    assert pairs_in(iter(found)) == PAIRS[:3]
    assert refused_in(iter(found)) == [Refused("papers.jsonl, line 3", "Smudged.")]


def test_one_title_with_two_ids_is_two_papers() -> None:
    assert len(papers_in(iter(read_json(record(arxiv_id="2309.11028"), record(arxiv_id="2309.11029"), record())))) == 3


def test_half_a_surrogate_pair_is_marked() -> None:
    (paper,) = read_json('{"title": "A \\ud800 B", "abstract": "C"}')
    assert isinstance(paper, Paper)
    assert paper.title == "A \ufffd B"


@unhurried
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["title", "abstract", "year", "url", "authors", "id"]), st.text() | st.integers() | st.none()
        ),
        min_size=1,
    )
)
def test_a_list_and_its_lines_are_read_alike(objects: list[dict[str, object]]) -> None:
    as_lines = read_json(*map(json.dumps, objects))
    as_list = read_json(*json.dumps(objects, indent=1, ensure_ascii=False).split("\n"))
    assert papers_in(iter(as_list)) == papers_in(iter(as_lines))
    assert len(as_list) == len(as_lines)
