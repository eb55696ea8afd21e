"""What every importer must do, what each format adds to it, and every way in which a file can be unreadable."""

from __future__ import annotations

import io
import json
import os
import textwrap
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, cycle, islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import ImportFailed
from rag.ingestion import IMPORTERS, read_papers, read_text, reading
from rag.ingestion.bibtex import BibtexImporter
from rag.ingestion.boilerplate import is_boilerplate
from rag.ingestion.cleaning import clean
from rag.ingestion.csv_table import CsvImporter
from rag.ingestion.jsonl import JsonLinesImporter
from rag.ingestion.names import author_names
from rag.ingestion.outcomes import LONGEST_ABSTRACT, Unreadable
from rag.ingestion.page import PageImporter
from rag.ingestion.ris import RIS
from rag.protocols import Importer
from rag.types import Paper, Refused

Pair = tuple[str, str]

unhurried = settings(deadline=None)  # the first example pays for imports, and other work may share the machine

PAIRS: list[Pair] = [
    (
        "Tidal Networks for Slow Rivers",
        "Rivers change slowly. We propose a network that follows the tide, and show on three made-up rivers "
        "that it is right by 12% more often.",
    ),
    (
        "Do Moths Learn by Heart?",
        "Moths circle lamps for reasons that are debated. Here we train $10^3$ simulated moths with \\lamp, our open tool "
        "(https://example.org/lamp), and measure what they remember. They remember e.g. the lamp",
    ),
    (
        "On the Remarkable Persistence of Very Long Titles in the Literature: A Longitudinal and Entirely Fictional Study of "
        "Naming Habits, Colons and Other Punctuation Across Nine Decades",
        "Titles grow. This work measures by how much, and finds that colons are to blame; "
        "removing them saves 4.2 words a title on average.",
    ),
    (
        "xLoom: weaving sparse attention",
        "Attention is dense. Looms are not, and so xLoom weaves. It is 3x faster than weaving by hand (Ada et al., 2020), "
        "with no loss of warmth.",
    ),
]


def page(pairs: Sequence[Pair]) -> list[str]:
    return [line for title, abstract in pairs for line in (title, "", abstract, "")]


def json_lines(pairs: Sequence[Pair]) -> list[str]:
    return [json.dumps({"title": title, "abstract": abstract}) for title, abstract in pairs]


def papers_in(found: Iterator[Paper | Refused]) -> list[Paper]:
    return [each for each in found if isinstance(each, Paper)]


def pairs_in(found: Iterator[Paper | Refused]) -> list[Pair]:
    return [(paper.title, paper.abstract) for paper in papers_in(found)]


def refused_in(found: Iterator[Paper | Refused]) -> list[Refused]:
    return [each for each in found if isinstance(each, Refused)]


def read_page(text: str) -> list[Paper | Refused]:
    return list(PageImporter().read(io.StringIO(text, newline=None), "page.txt"))


def read_json(*lines: str) -> list[Paper | Refused]:
    return list(JsonLinesImporter().read(lines, "papers.jsonl"))


def record(**fields: object) -> str:
    return json.dumps({"title": PAIRS[0][0], "abstract": PAIRS[0][1], **fields})


def csv_rows(pairs: Sequence[Pair]) -> list[str]:
    return ["title;abstract", *(f'{title};"{abstract}"' for title, abstract in pairs)]


def bibtex_entries(pairs: Sequence[Pair]) -> list[str]:
    return [f"@misc{{k, title = {{{title}}}, abstract = {{{abstract}}}}}" for title, abstract in pairs]


def ris_records(pairs: Sequence[Pair]) -> list[str]:
    return [line for title, abstract in pairs for line in ("TY  - JOUR", f"TI  - {title}", f"AB  - {abstract}", "ER  - ", "")]


TABLE = "title;year;author\nTidal Networks;2020;Ada Lovelace\n"


# What every importer must do

Format = tuple[Importer, Callable[[Sequence[Pair]], list[str]]]
FORMATS: list[Format] = [
    (PageImporter(), page),
    (JsonLinesImporter(), json_lines),
    (CsvImporter(), csv_rows),
    (BibtexImporter(), bibtex_entries),
    (RIS, ris_records),
]
every_importer = pytest.mark.parametrize(("importer", "written"), FORMATS, ids=[importer.name for importer, _ in FORMATS])


def test_the_contract_is_held_against_every_importer() -> None:
    assert {importer.name for importer, _ in FORMATS} <= {importer.name for importer in IMPORTERS}
    assert len({importer.name for importer in IMPORTERS}) == len(IMPORTERS)


@every_importer
def test_reads_every_paper_in_order(importer: Importer, written: Callable[[Sequence[Pair]], list[str]]) -> None:
    found = list(importer.read(written(PAIRS), "mine"))
    assert pairs_in(iter(found)) == PAIRS
    assert not refused_in(iter(found))
    assert {paper.source for paper in papers_in(iter(found))} == {"mine"}


@every_importer
def test_recognises_its_own_format_and_no_other(importer: Importer, written: Callable[[Sequence[Pair]], list[str]]) -> None:
    for other, write in FORMATS:
        assert importer.recognises("\n".join(write(PAIRS))) == (other.name == importer.name)
    assert importer.recognises("\ufeff" + "\n".join(written(PAIRS)))


@every_importer
@pytest.mark.parametrize("head", ["", "\n\n", TABLE, "<!DOCTYPE html><p>A. B."])
def test_recognises_no_other_formats(importer: Importer, written: object, head: str) -> None:
    assert not importer.recognises(head)


@every_importer
def test_does_not_read_ahead_of_what_is_asked(importer: Importer, written: Callable[[Sequence[Pair]], list[str]]) -> None:
    endless = cycle(written(PAIRS))
    found = importer.read(endless, "endless")
    assert [each.title for each in islice(found, 4) if isinstance(each, Paper)] == [title for title, _ in PAIRS]


@every_importer
def test_refuses_a_repeat_of_title_and_text_and_names_the_first(
    importer: Importer, written: Callable[[Sequence[Pair]], list[str]]
) -> None:
    other_text = (PAIRS[0][0], PAIRS[1][1])
    found = list(importer.read(written([*PAIRS, PAIRS[1], other_text]), "mine"))
    assert pairs_in(iter(found)) == [*PAIRS, other_text]
    (second,) = refused_in(iter(found))
    begins = [len(written(PAIRS[:count])) + 1 for count in range(5)]
    assert second.where == f"mine, line {begins[4]}"
    assert f"repeats line {begins[1]}," in second.reason


@every_importer
def test_names_an_unreadable_line_and_goes_on(importer: Importer, written: Callable[[Sequence[Pair]], list[str]]) -> None:
    before = written(PAIRS[:2])
    after = written(PAIRS)[len(before) :]
    found = list(importer.read([*before, Unreadable("It is smudged."), "", *after], "mine"))
    assert pairs_in(iter(found)) == PAIRS
    assert refused_in(iter(found)) == [Refused(f"mine, line {len(before) + 1}", "It is smudged.")]


@every_importer
def test_takes_away_what_people_cannot_see(importer: Importer, written: Callable[[Sequence[Pair]], list[str]]) -> None:
    title, abstract = PAIRS[0]
    hidden = (title.replace("a", "a\u200b"), abstract.replace("We", "\u202eWe\u2066").replace("Rivers", "\U000e0041Rivers\x07"))
    assert pairs_in(importer.read(written([hidden]), "mine")) == [PAIRS[0]]


@every_importer
def test_refuses_a_text_that_is_longer_than_any_abstract(
    importer: Importer, written: Callable[[Sequence[Pair]], list[str]]
) -> None:
    found = list(
        importer.read(written([PAIRS[0], ("A Whole Book", "It goes on. " * (LONGEST_ABSTRACT // 12 + 1)), PAIRS[1]]), "mine")
    )
    assert pairs_in(iter(found)) == PAIRS[:2]
    assert f"{LONGEST_ABSTRACT:,} characters" in refused_in(iter(found))[0].reason


@every_importer
@unhurried
@given(lines=st.lists(st.text(alphabet=st.characters(exclude_categories=()))))
def test_any_lines_give_papers_or_reasons(importer: Importer, written: object, lines: list[str]) -> None:
    for each in importer.read(lines, "mine"):
        if isinstance(each, Paper):
            assert each.title
            assert each.abstract
            (each.title + each.abstract).encode("utf-8")
        else:
            assert each.where.startswith("mine, line ")
            assert each.reason.endswith(".")


@every_importer
@unhurried
@given(text=st.text(alphabet='[]{},:"\\ntiab .A\u00e9\n'))
def test_texts_of_brackets_and_quotes_do_no_harm(importer: Importer, written: object, text: str) -> None:
    for each in importer.read(text.split("\n"), "mine"):
        assert isinstance(each, Paper | Refused)
    importer.recognises(text)


# Pages

HEADER = "\n\n".join(
    [
        "new",
        "Get trending papers in your email inbox!",
        "Subscribe",
        "Daily Papers",
        "byAK and the research community",
        "Aug 20",
        "",
    ]
)


def wrapped(text: str, width: int = 72) -> str:
    return textwrap.fill(text, width, break_long_words=False)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(page(PAIRS)), id="as it is"),
        pytest.param(HEADER + "\n".join(page(PAIRS)), id="header"),
        pytest.param(HEADER.replace("\n\n", "\n") + "\n".join(page(PAIRS)), id="header without blanks"),
        pytest.param(
            "My Menu\nAbout Us and Our Site\n\nDaily Papers\n\n" + "\n".join(page(PAIRS)), id="unknown menu above the heading"
        ),
        pytest.param("\ufeff" + HEADER + "\n".join(page(PAIRS)), id="byte order mark"),
        pytest.param((HEADER + "\n".join(page(PAIRS))).replace("\n", "\r\n"), id="CRLF"),
        pytest.param("\n".join(page(PAIRS)).replace("\n", "\r"), id="old Mac"),
        pytest.param("\n".join(line for line in page(PAIRS) if line), id="no blank lines"),
        pytest.param("\n".join(f"{title}\n{abstract}\n" for title, abstract in PAIRS), id="no blank between title and abstract"),
        pytest.param("\n".join(page(PAIRS)).replace("\n\n", "\n\n \n\t\n\n"), id="extra blank lines"),
        pytest.param("\n".join(f"  {line}\t " for line in page(PAIRS)).replace(" ", "  \u00a0"), id="odd spaces"),
        pytest.param("\n".join(page(PAIRS)).rstrip(), id="no final newline"),
        pytest.param("\n\n".join(f"{title}\n\n{wrapped(abstract)}" for title, abstract in PAIRS), id="wrapped abstracts"),
        pytest.param("\n\n".join(f"{wrapped(title)}\n\n{wrapped(abstract)}" for title, abstract in PAIRS), id="all wrapped"),
        pytest.param(
            "\n\n".join(f"{wrapped(title)}\n{wrapped(abstract)}" for title, abstract in PAIRS), id="wrapped, title right above"
        ),
        pytest.param(
            "\n".join(f"{title}\n{wrapped(abstract, 90)}" for title, abstract in PAIRS), id="wrapped, no blank lines at all"
        ),
        pytest.param(
            "\n\n".join(f"{wrapped(title)}\n\n{wrapped(abstract)}" for title, abstract in PAIRS).replace("\n", "\n\n"),
            id="double-spaced",
        ),
        pytest.param("\n\n".join(f"{title}\n\n{title}\n\n{abstract}" for title, abstract in PAIRS), id="each title twice"),
        pytest.param(
            "\n".join(
                f"Submitted by\n\nsomebody\n\n{n}\n\n{title}\n\n·\n\n{n} authors\n\n{abstract}\nRead more\n\nUpvote\n\n1.2k\n"
                for n, (title, abstract) in enumerate(PAIRS, start=1)
            ),
            id="buttons and counts",
        ),
        pytest.param("\n".join(page(PAIRS[:2])) + "\n" + HEADER + "\n".join(page(PAIRS[2:])), id="two pages in one"),
    ],
)
def test_a_page_comes_back_whole(text: str) -> None:
    found = read_page(text)
    assert not refused_in(iter(found))
    assert pairs_in(iter(found)) == PAIRS


def test_sentences_on_lines_of_their_own_are_one_abstract() -> None:
    title, abstract = (
        "Looms and Their Makers",
        "We study looms. They weave. Experiments confirm it in all nine cases that were tried here.",
    )
    a_line_each = abstract.replace(". ", ".\n")
    found = read_page(f"{title}\n{a_line_each}\n\n{PAIRS[0][0]}\n{PAIRS[0][1]}")
    assert pairs_in(iter(found)) == [(title, abstract), PAIRS[0]]


def test_paragraphs_of_one_abstract_are_joined() -> None:
    found = read_page(f"{PAIRS[0][0]}\n\n{PAIRS[0][1]}\n\n{PAIRS[1][1]}.\n\n{PAIRS[2][0]}\n\n{PAIRS[2][1]}")
    assert pairs_in(iter(found)) == [(PAIRS[0][0], f"{PAIRS[0][1]} {PAIRS[1][1]}."), PAIRS[2]]


def test_a_title_right_below_a_last_line_that_is_full() -> None:
    above = "We weave the whole of every long night and\nnever stop until the loom is out of thread."
    below = "Moths circle lamps, as we show by counting.\nThe lamps were lit and the count was right."
    found = read_page(f"On Looms\n{above}\nOn Moths\n{below}")
    assert pairs_in(iter(found)) == [("On Looms", above.replace("\n", " ")), ("On Moths", below.replace("\n", " "))]


def test_a_word_broken_at_its_hyphen_is_whole_again() -> None:
    found = read_page("On Looms\n\nWe give a state-of-the-\nart account of pre-\nand post-war looms. It ends\nhere.")
    assert pairs_in(iter(found)) == [("On Looms", "We give a state-of-the-art account of pre- and post-war looms. It ends here.")]


def test_a_link_inside_a_wrapped_abstract_stays_and_one_below_it_goes() -> None:
    lines = [
        "On Looms",
        "",
        "We weave by night and by day. All of the code is at",
        "https://example.org/looms",
        "and free of charge.",
    ]
    text = "\n".join([*lines, "", "https://example.org/p/1"])
    expected = "We weave by night and by day. All of the code is at https://example.org/looms and free of charge."
    assert pairs_in(iter(read_page(text))) == [("On Looms", expected)]


def test_a_last_line_that_looks_like_a_button_stays_in_a_wrapped_title() -> None:
    title = "A Comparison of Seven Ways to Weave the Warp and Weft of Language Models"
    found = read_page(f"{title.removesuffix(' Models')}\nModels\n\n{PAIRS[0][1]}")
    assert pairs_in(iter(found)) == [(title, PAIRS[0][1])]


def test_a_title_without_abstract_is_refused_by_line() -> None:
    found = read_page(f"{PAIRS[0][0]}\n\n{PAIRS[0][1]}\n\nA Title Alone\n\n{PAIRS[1][0]}\n\n{PAIRS[1][1]}\n\nThe Last Title")
    assert pairs_in(iter(found)) == PAIRS[:2]
    assert refused_in(iter(found)) == [
        Refused("page.txt, line 5", "“A Title Alone” has no abstract under it."),
        Refused("page.txt, line 11", "“The Last Title” has no abstract under it."),
    ]


@pytest.mark.parametrize("blank", ["\n", "\n\n"])
@pytest.mark.parametrize("second", [PAIRS[2][0], "A Survey of Looms.", "Do Looms Weave?", "Can It Be? It Can!"])
def test_a_title_that_looks_like_text_is_no_abstract_of_the_one_above(second: str, blank: str) -> None:
    found = read_page(blank.join(["A Title Alone", second, PAIRS[0][1]]))
    assert pairs_in(iter(found)) == [(second, PAIRS[0][1])]
    assert [each.where for each in refused_in(iter(found))] == ["page.txt, line 1"]


@pytest.mark.parametrize("second", [PAIRS[2][0], "A Survey of Looms.", "Do Looms Weave?", "neural looms in practice"])
def test_a_title_that_looks_like_text_is_no_part_of_the_abstract_above(second: str) -> None:
    found = read_page(f"{PAIRS[0][0]}\n\n{PAIRS[0][1]}\n\n{second}\n\n{PAIRS[1][1]}")
    assert pairs_in(iter(found)) == [PAIRS[0], (second, PAIRS[1][1])]


def test_a_text_without_title_is_refused_by_line() -> None:
    found = read_page(f"{PAIRS[0][1]}\n\n{PAIRS[1][0]}\n\n{PAIRS[1][1]}")
    assert pairs_in(iter(found)) == [PAIRS[1]]
    assert refused_in(iter(found))[0] == Refused(
        "page.txt, line 1", "This text has no title above it. Put the paper's title on the line before."
    )


@pytest.mark.parametrize(
    ("lines", "refused_at"),
    [
        ([PAIRS[0][0], Unreadable("Smudged."), PAIRS[0][1]], [1, 2]),  # perhaps a piece of the abstract is lost
        ([PAIRS[0][0], "", Unreadable("Smudged."), ""], [1, 3]),
        ([PAIRS[0][0], "", *wrapped(PAIRS[0][1]).split("\n")[:-1], Unreadable("Smudged.")], [1, 4]),
        ([Unreadable("Smudged."), "", PAIRS[0][1]], [1]),  # the title is lost: its text must go to no other paper
    ],
)
def test_a_paper_with_an_unreadable_line_is_not_taken_in_part(lines: list[str], refused_at: list[int]) -> None:
    found = list(PageImporter().read([*lines, "", *page(PAIRS[1:2])], "page.txt"))
    assert pairs_in(iter(found)) == [PAIRS[1]]
    assert sorted(int(each.where.rpartition(" ")[2]) for each in refused_in(iter(found))) == refused_at


@pytest.mark.parametrize(
    "line", ["12", "1.2k", "·", "▲ 45", "5 authors", "Upvote 34", "Aug 20", "Wed, Aug 20, 2025", "Read more", "3 days ago"]
)
def test_boilerplate_is_known(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    ["12.", "GPT-4", "Code Models", "A New Model", "5 Authors in Search of a Title", "May 1968 and After", "Subscribe to Me"],
)
def test_a_title_is_no_boilerplate(line: str) -> None:
    assert not is_boilerplate(line)


words = st.sampled_from(
    [
        "river",
        "tide",
        "Loom",
        "weave",
        "$x^2$",
        "\\tool",
        "graph",
        "3D",
        "E(3)",
        "moth",
        "deep",
        "slow-moving",
        "αβγ",
        "of",
        "by",
        "12%",
    ]
)
titles = st.lists(words, min_size=2, max_size=14).map(lambda chosen: " ".join(["The", *chosen, "Study"]).title())
sentences = st.lists(words, min_size=8, max_size=25).map(lambda chosen: " ".join(["Here we", *chosen, "works."]))
abstracts = st.tuples(st.lists(sentences, min_size=3, max_size=6), st.booleans()).map(
    lambda drawn: " ".join(drawn[0]).removesuffix("." if drawn[1] else "\n")
)
pairs = st.lists(st.tuples(titles, abstracts), min_size=1, max_size=8, unique_by=lambda pair: pair[0].casefold())
gaps = st.sampled_from(["\n", "\n\n", "\n \n\n", "\r\n", "\n\t\n\n\n", "\n\n·\n\n5 authors\n\n"])


@unhurried
@given(pairs=pairs, data=st.data(), header=st.sampled_from(["", HEADER, "\ufeff\n\n"]))
def test_a_page_with_any_spacing_comes_back_whole(pairs: list[Pair], data: st.DataObject, header: str) -> None:
    text = header + "".join(part + data.draw(gaps) for pair in pairs for part in pair)
    assert read_page(text) == [*papers_in(iter(read_page(text)))]
    assert pairs_in(iter(read_page(text))) == [(clean(title), clean(abstract)) for title, abstract in pairs]


@unhurried
@given(pairs=pairs, width=st.integers(min_value=60, max_value=110), blank=st.sampled_from(["\n\n", "\n\n\n", "\n\n12\n\n"]))
def test_a_wrapped_page_comes_back_whole(pairs: list[Pair], width: int, blank: str) -> None:
    text = blank.join(chain.from_iterable((title, wrapped(abstract, width)) for title, abstract in pairs))
    assert pairs_in(iter(read_page(text))) == [(clean(title), clean(abstract)) for title, abstract in pairs]


# JSON


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


OBJECTS = [{"title": title, "abstract": abstract} for title, abstract in PAIRS]


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


# Cleaning


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\n b\t\u2028c\u00a0d", "a b c d"),
        ("a\x00b\x1bc\x85d\x9fe", "abc de"),
        ("e\u0301", "\u00e9"),
        ("\ufb01\u00b2 \\tool{x} 100% $a_1$ https://a.b/c?d#e", "\ufb01\u00b2 \\tool{x} 100% $a_1$ https://a.b/c?d#e"),
        ("so\u00adft \u2066bi\u202edi\u2069 ze\u200b\u200c\u200d\u2060\ufeffro", "soft bidi zero"),
    ],
)
def test_cleaning(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@unhurried
@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    clean(text).encode("utf-8")


# Files


def file_of(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.txt", "a.md", "a", "a.data"])
@every_importer
def test_content_decides_whatever_the_name_says(
    tmp_path: Path, name: str, importer: Importer, written: Callable[[Sequence[Pair]], list[str]]
) -> None:
    found = list(read_papers(file_of(tmp_path, name, "\n".join(written(PAIRS)))))
    assert pairs_in(iter(found)) == PAIRS
    assert papers_in(iter(found))[0].source == name


def test_the_name_decides_where_the_content_does_not(tmp_path: Path) -> None:
    found = list(read_papers(file_of(tmp_path, "a.jsonl", "broken\n" + "\n".join(json_lines(PAIRS)))))
    assert pairs_in(iter(found)) == PAIRS
    assert refused_in(iter(found))[0].where == "a.jsonl, line 1"


@pytest.mark.parametrize("empty", ["", "\n \n", "\ufeff", "\u200b"])
def test_an_empty_file(tmp_path: Path, empty: str) -> None:
    with pytest.raises(ImportFailed, match="is empty"):
        read_papers(file_of(tmp_path, "a.txt", empty))
    with pytest.raises(ImportFailed, match="is empty"):
        read_text(empty)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary file"),
        ("<!DOCTYPE html><html>", "source of a web page"),
    ],
)
def test_a_file_that_is_no_text(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    with pytest.raises(ImportFailed, match=sentence):
        list(read_papers(file_of(tmp_path, "a.txt", content)))


@pytest.mark.parametrize("content", [TABLE, "hello\n"])
def test_an_unknown_format(tmp_path: Path, content: str) -> None:
    with pytest.raises(ImportFailed, match=r"format of .* is not recognised"):
        read_papers(file_of(tmp_path, "a.data", content))


def test_a_file_without_papers_says_so_at_the_end(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match=r"No papers were found in a\.json"):
        list(read_papers(file_of(tmp_path, "a.json", "[]")))
    with pytest.raises(ImportFailed, match="No papers were found in pasted text"):
        list(read_text(HEADER))


def test_missing_file_folder_and_odd_paths(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match="There is no file"):
        read_papers(tmp_path / "none.txt")
    with pytest.raises(ImportFailed, match="no file of papers"):
        read_papers(tmp_path)
    with pytest.raises(ImportFailed, match="cannot be read"):
        read_papers(file_of(tmp_path, "a.txt", "A") / "b.txt")
    for odd in ("a" * 5000, "a\0b"):
        with pytest.raises(ImportFailed, match="cannot be read"):
            read_papers(odd)


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ImportFailed, match="not a regular file"):
        read_papers(tmp_path / "pipe")


def test_no_right_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file_of(tmp_path, "a.txt", "A")

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")  # what chmod does to everybody but root, who may run the tests

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(ImportFailed, match="permission denied"):
        read_papers(path)


def test_a_file_that_goes_away_before_it_is_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, "a.txt", "\n".join(page(PAIRS)))
    found = read_papers(path)
    path.unlink()
    with pytest.raises(ImportFailed, match="There is no file"):
        next(found)


def test_a_damaged_line_in_a_file_of_utf8_is_refused_by_number(tmp_path: Path) -> None:
    lines = [json.dumps({"title": f"Café {n}", "abstract": "Text."}, ensure_ascii=False).encode() for n in range(60)]
    lines[30] = lines[30].replace("é".encode(), b"\xe9")
    found = list(read_papers(file_of(tmp_path, "a.jsonl", b"\n".join(lines))))
    assert len(papers_in(iter(found))) == 59
    assert refused_in(iter(found)) == [
        Refused("a.jsonl, line 31", "This line is not UTF-8 text. Save the file as UTF-8 and add it again.")
    ]


@every_importer
def test_an_endless_line_is_refused_and_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, importer: Importer, written: Callable[[Sequence[Pair]], list[str]]
) -> None:
    monkeypatch.setattr(reading, "LONGEST_LINE", 100_000)
    before, after = written(PAIRS[:2]), written(PAIRS[2:])
    path = file_of(tmp_path, "a.any", "\n".join([*before, "x" * 30_000_000, "", *after]))
    tracemalloc.start()
    found = list(read_papers(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert pairs_in(iter(found)) == PAIRS
    assert [each.where for each in refused_in(iter(found))] == [f"a.any, line {len(before) + 1}"]
    assert "longer than 100,000 characters" in refused_in(iter(found))[0].reason
    assert peak < 5_000_000


def test_a_line_of_exactly_the_longest_length_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = json_lines(PAIRS)
    monkeypatch.setattr(reading, "LONGEST_LINE", max(map(len, lines)) + 1)
    assert pairs_in(read_papers(file_of(tmp_path, "a.jsonl", "\n".join(lines) + "\n"))) == PAIRS


def test_a_line_separator_inside_a_string_ends_no_line(tmp_path: Path) -> None:
    line = '{"title": "A\u2028B\u0085C\x0cD", "abstract": "E"}'.replace("\x0c", "")
    assert pairs_in(read_papers(file_of(tmp_path, "a.jsonl", line))) == [("A B CD", "E")]
    assert pairs_in(read_text(line)) == [("A B CD", "E")]


def sentence_or_records(read: Callable[[], Iterator[Paper | Refused]]) -> str:
    """What a person is told where nothing could be read, else `Records.`; any other error goes through and fails the test."""
    try:
        found = list(read())
    except ImportFailed as sentence:
        return str(sentence)
    return "Records." if found and all(isinstance(each, Paper | Refused) for each in found) else "Nothing at all"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary() | st.text().map(str.encode), suffix=st.sampled_from([".txt", ".jsonl", ".any"]))
def test_any_file_gives_papers_reasons_or_one_sentence(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = file_of(tmp_path, f"a{suffix}", content)
    assert sentence_or_records(lambda: read_papers(path)).endswith(".")


@unhurried
@given(st.text())
def test_any_pasted_text_gives_papers_reasons_or_one_sentence(text: str) -> None:
    assert sentence_or_records(lambda: read_text(text)).startswith(("pasted text is empty", "No papers were found", "Records."))


def test_pasted_text_is_recognised() -> None:
    assert pairs_in(read_text("\n".join(page(PAIRS)))) == PAIRS
    assert pairs_in(read_text(json.dumps(OBJECTS))) == PAIRS
