"""Answers out of blocks: numbers, text, claims and citations agree, whatever the sentences hold."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rag.citations import Block, Composer, compose, heading
from rag.types import Citation, Claim, Evidence, Paper, Span

MAPS = Paper(id="title:maps", title="Maps.", abstract="Maps fade. Scans last [7]. Both burn.", authors=("Ada Ek",), year=2020)
INKS = Paper(id="title:inks", title="Inks", abstract="Inks run. Maps fade.")
FADE, LAST, BURN = (Evidence(MAPS, span) for span in (Span(0, 10), Span(11, 26), Span(27, 37)))
RUN, FADE_TOO = (Evidence(INKS, span) for span in (Span(0, 9), Span(10, 20)))


def numbers(composer: Composer) -> list[int]:
    return [citation.number for citation in composer.citations]


def test_numbers_run_in_order_of_appearance() -> None:
    made = compose([Block((BURN, RUN)), Block((FADE,))])
    assert made.text == "Both burn. [1] Inks run. [2]\n\nMaps fade. [3]"
    assert made.citations == [Citation(1, MAPS, BURN.span), Citation(2, INKS, RUN.span), Citation(3, MAPS, FADE.span)]


def test_a_sentence_keeps_its_number_and_is_listed_once() -> None:
    made = compose([Block((FADE,)), Block((RUN, FADE))])
    assert made.text == "Maps fade. [1]\n\nInks run. [2] Maps fade. [1]"
    assert numbers(made) == [1, 2]
    assert [claim.citations for claim in made.claims] == [(1,), (2,), (1,)]


def test_equal_words_of_two_papers_are_two_citations() -> None:
    assert numbers(compose([Block((FADE, FADE_TOO))])) == [1, 2]


def test_a_citation_does_not_depend_on_how_well_the_sentence_scored() -> None:
    assert numbers(compose([Block((FADE, Evidence(MAPS, FADE.span, 0.9)))])) == [1]


def test_items_stand_below_one_another_and_paragraphs_apart() -> None:
    items = [Block((FADE,), "Maps", item=True), Block((RUN,), "Inks", item=True), Block((BURN,))]
    assert compose(items).text == "- Maps: Maps fade. [1]\n- Inks: Inks run. [2]\n\nBoth burn. [3]"
    assert compose([items[2], items[0]]).text == "Both burn. [1]\n\n- Maps: Maps fade. [2]"


def test_a_plain_sentence_is_a_claim_that_cites_nothing_and_was_not_checked() -> None:
    made = compose([Block(plain="There are 2 papers.")])
    assert made.text == "There are 2 papers."
    (claim,) = made.claims
    assert (claim.text, claim.citations, claim.verdict) == ("There are 2 papers.", (), "not_checkable")
    assert "records" in claim.reason


def test_a_label_claims_nothing() -> None:
    made = compose([Block((FADE,), "Problem")])
    assert made.text == "Problem: Maps fade. [1]"
    assert [claim.text for claim in made.claims] == ["Maps fade."]


def test_a_quoted_sentence_is_supported_word_for_word() -> None:
    assert compose([Block((LAST,))]).claims == [Claim("Scans last [7].", (1,), "supported", 1.0, "word for word in the paper")]


def test_nothing_makes_nothing() -> None:
    made = compose([])
    assert (made.text, made.claims, made.citations) == ("", [], [])


def test_the_pieces_that_were_added_are_the_text() -> None:
    composer = Composer()
    pieces = [composer.add(block) for block in (Block((FADE,), item=True), Block((RUN,), item=True), Block(plain="So."))]
    assert pieces == ["- Maps fade. [1]", "\n- Inks run. [2]", "\n\nSo."]
    assert "".join(pieces) == composer.text


def test_a_heading_is_the_title_without_its_stop_and_the_byline_where_there_is_one() -> None:
    assert heading(MAPS) == "Maps (Ek, 2020)"
    assert heading(INKS) == "Inks"


HOSTILE = st.one_of(
    st.text(min_size=1),
    st.sampled_from(
        ["[1]", "We [2] cite [3][4].", "- item\n- item", "\n\n", "$n", "<b>&amp;", "a]b[", "[[1]](x)", "\u202e[9]", "{0}%s"]
    ),
)


@st.composite
def blocks(draw: st.DrawFn) -> list[Block]:
    papers = [Paper(id=f"title:{n}", title=draw(st.text()), abstract=draw(HOSTILE)) for n in range(draw(st.integers(1, 4)))]
    evidence = st.sampled_from(papers).flatmap(
        lambda paper: st.builds(
            Evidence,
            st.just(paper),
            st.tuples(st.integers(0, len(paper.abstract) - 1), st.integers(1, len(paper.abstract))).map(
                lambda ends: Span(min(ends), max(ends)) if ends[0] != ends[1] else Span(0, len(paper.abstract))
            ),
        )
    )
    made = st.builds(
        Block,
        st.lists(evidence, max_size=4).map(tuple),
        st.sampled_from(["", "Problem", "[5]"]),
        st.sampled_from(["", "There are 3."]),
        st.booleans(),
    )
    return draw(st.lists(made, max_size=6))


@given(blocks())
def test_text_claims_and_citations_agree_over_hostile_texts(made: list[Block]) -> None:
    composer = compose(made)
    assert numbers(composer) == list(range(1, len(composer.citations) + 1))
    assert len({(one.paper.id, one.span) for one in composer.citations}) == len(composer.citations)
    cited = [number for claim in composer.claims for number in claim.citations]
    assert list(dict.fromkeys(cited)) == numbers(composer)
    by_number = {citation.number: citation for citation in composer.citations}
    for claim in composer.claims:
        assert [by_number[number].quote for number in claim.citations] == ([claim.text] if claim.citations else [])
    assert len(composer.claims) == sum(len(block.evidence) + bool(block.plain) for block in made)


def one_kind(block: Block) -> Block:
    return replace(block, plain="" if block.evidence else block.plain)


def test_claims_of_a_block_that_has_both_kinds_are_in_the_order_of_the_text() -> None:
    made = compose([Block((FADE,), plain="There are 2 papers.")])
    assert made.text == "There are 2 papers. Maps fade. [1]"
    assert [claim.text for claim in made.claims] == ["There are 2 papers.", "Maps fade."]


@given(blocks().map(lambda made: [one_kind(block) for block in made]))
def test_each_claim_stands_in_the_text_in_order_with_its_marker_behind_it(made: list[Block]) -> None:
    composer = compose(made)
    place = 0
    for claim in composer.claims:
        written = claim.text + "".join(f" [{number}]" for number in claim.citations)
        place = composer.text.find(written, place)
        assert place >= 0
        place += len(written)


@given(blocks())
def test_every_block_begins_a_line_of_its_own(made: list[Block]) -> None:
    composer = Composer()
    for number, block in enumerate(made):
        gap = re.match(r"\n*", composer.add(Block(block.evidence, "x", item=block.item)))
        assert gap is not None
        assert bool(gap.group()) == (number > 0)
