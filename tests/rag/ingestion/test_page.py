"""A page of papers saved or pasted as text comes back whole, however it is spaced or wrapped."""

from __future__ import annotations

import textwrap
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importer_samples import HEADER, PAIRS, Pair, page, pairs_in, papers_in, read_page, refused_in, unhurried

from rag.ingestion.boilerplate import is_boilerplate
from rag.ingestion.cleaning import clean
from rag.ingestion.outcomes import Unreadable
from rag.ingestion.page import PageImporter
from rag.types import Refused


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


def test_a_hyphen_that_only_divides_a_word_goes() -> None:
    text = "On Looms\n\nWe propose a faster loom with a well-\nknown trick and less atten-\ntion to long-\nterm storage of car-\nbon. It ends\nhere."
    expected = "We propose a faster loom with a well-known trick and less attention to long-term storage of carbon. It ends here."
    assert pairs_in(iter(read_page(text))) == [("On Looms", expected)]


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
