"""What papers are called, and which of them a text names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.query.catalogue import PaperList
from rag.query.paper_names import (
    MOST_OF_AN_AUTHOR,
    by_authors,
    by_surname,
    described,
    named,
    named_by_title,
    names,
    own_names_stand_in,
    short_name,
    spelled_out,
)
from rag.types import Paper


def paper(title: str, abstract: str = "Nothing more is said.", id: str = "") -> Paper:
    return Paper(id=id or f"title:{title}", title=title, abstract=abstract)


PALE = paper("PaleScan: Reading Faded Maps", "We propose PaleScan. PaleScan is tested on CoastNet.")
HUM = paper("A Humming Sensor for River Sand", "The Humming Sand Sensor (HSS) hangs from a bridge. It is compared on CoastNet.")
BEES = paper("Weighing Bees at Dusk", "We weigh bees with BeeGram. BeeGram is a scale. It is far lighter than OxGram.")
OIL = paper("Stiff Oil, Slow Clocks.", "A theory of oil.")
ALL = [PALE, HUM, BEES, OIL]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How does PaleScan read ink?", [PALE]),
        ("how does palescan read ink?", [PALE]),
        ("What is PALESCAN's idea", [PALE]),
        ("Who wrote Weighing bees at dusk?", [BEES]),
        ("who wrote “stiff oil, slow clocks”", [OIL]),
        ("What is HSS?", [HUM]),
        ("How does BeeGram work?", [BEES]),
        ("Compare BeeGram and PaleScan", [PALE, BEES]),
        ("How is CoastNet used?", []),
        ("How heavy is OxGram?", []),
        ("How do maps fade?", []),
        ("", []),
    ],
)
def test_papers_are_found_by_names_that_are_theirs_alone(text: str, expected: list[Paper]) -> None:
    assert named(text, ALL) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("does the humming sensor paper use wires?", [HUM]),
        ("who funded that stiff oil study", [OIL]),
        ("does the paper use wires?", []),
        ("does the humming dough paper use wires?", []),
        ("what does the first paper say?", []),
    ],
)
def test_a_paper_is_described_by_words_of_its_title(text: str, expected: list[Paper]) -> None:
    assert described(text, ALL) == expected
    assert described(text, [*ALL, *(replace(one, id="twin") for one in ALL)]) == []


def test_a_name_that_two_papers_share_names_neither() -> None:
    assert named("How does PaleScan work?", [PALE, paper("Beyond PaleScan", "PaleScan is slow.")]) == []


def test_a_data_set_that_one_paper_mentions_calls_it_only_where_no_paper_is_called_by_its_own_name() -> None:
    search = paper("Searching Nets", "Searching is hard. We test on NATS-Bench.")
    assert named("How good is PaleScan on NATS-Bench?", [PALE, search]) == [PALE]
    assert named("How good is it on NATS-Bench?", [PALE, search]) == [search]


def test_a_surname_stands_for_the_paper_of_that_first_author_alone() -> None:
    maps, bees = replace(PALE, authors=("Ada Ekman", "Bo Lind")), replace(BEES, authors=("Bo Lind",))
    assert by_surname("How does Ekman's paper read ink?", PaperList([maps, bees])) == "How does “PaleScan”'s paper read ink?"
    assert by_surname("papers by Ekman", PaperList([maps, bees])) == "papers by Ekman"
    assert by_surname("Who is Ekman?", PaperList([maps, bees])) == "Who is Ekman?"
    assert by_surname("What is Ekman's thesis about?", PaperList([maps, bees])) == "What is “PaleScan”'s thesis about?"
    assert by_surname("How does Ekman do it?", PaperList([maps, replace(bees, authors=("Cy Ekman",))])) == "How does Ekman do it?"


def test_a_double_barrelled_surname_and_a_pair_of_authors_stand_for_their_paper() -> None:
    maps = replace(PALE, authors=("Ada Ek-Holm", "Bo Lind"), year=2021)
    bees = replace(BEES, authors=("Cy Young", "Bo Lind"), year=2020)
    papers = PaperList([maps, bees])
    assert by_surname("How does Ek-Holm read ink?", papers) == "How does “PaleScan” read ink?"
    assert by_surname("How do Ek-Holm and Lind read ink?", papers) == "How do “PaleScan” read ink?"
    assert by_surname("How do Ek-Holm & Lind (2021) read ink?", papers) == "How do “PaleScan” read ink?"
    assert by_surname("Compare Ek-Holm and Young", papers) == f"Compare “PaleScan” and “{short_name(bees)}”"
    assert by_surname("papers by Young and Lind", papers) == "papers by Young and Lind"


def test_the_one_by_an_author_is_the_only_paper_of_that_first_author() -> None:
    maps = replace(PALE, authors=("Ada Ekman",), year=2021)
    bees = replace(BEES, authors=("Cy Young", "Bo Lind"), year=2020)
    papers = PaperList([maps, bees])
    compared = by_authors("Compare the paper by Ekman with the one by Young and Lind", papers)
    assert compared == f"Compare “PaleScan” with “{short_name(bees)}”"
    assert by_authors("the papers by Ekman", papers) == "the papers by Ekman"
    assert by_authors("the newest paper by Ekman", papers) == "the newest paper by Ekman"
    assert by_authors("the paper by Hand", papers) == "the paper by Hand"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Which lamp did Ekman 2021 use?", "Which lamp did “PaleScan” use?"),
        ("Which lamp did Ekman (2021) use?", "Which lamp did “PaleScan” use?"),
        ("Ekman, 2021: which lamp?", "“PaleScan”: which lamp?"),
        ("Which lamp did Ekman use in 2021?", "Which lamp did Ekman use in 2021?"),
        ("Which lamp did Ekman 1999 use?", "Which lamp did Ekman 1999 use?"),
    ],
)
def test_a_year_behind_a_surname_tells_two_papers_apart_and_goes_with_it(text: str, expected: str) -> None:
    papers = PaperList([replace(PALE, authors=("Ada Ekman",), year=2021), replace(BEES, authors=("Ada Ekman",), year=2020)])
    assert by_surname(text, papers) == expected
    short = PaperList([replace(PALE, authors=("Bo Li",), year=2021)])
    assert by_surname(text.replace("Ekman", "Li"), short) == expected.replace("Ekman", "Li")
    assert by_authors(text.replace("Ekman", "Ekman et al."), papers) == expected.replace("Ekman", "Ekman et al.")


def test_a_year_tells_the_only_paper_where_its_own_is_not_known() -> None:
    undated = replace(PALE, authors=("Ada Ekman",), year=None)
    assert by_surname("Which lamp did Ekman 2021 use?", PaperList([undated])) == "Which lamp did “PaleScan” use?"
    assert by_authors("Which lamp did Ekman et al. (2021) use?", PaperList([undated])) == "Which lamp did “PaleScan” use?"
    dated = replace(BEES, authors=("Ada Ekman",), year=2021)
    assert by_surname("What does Ekman 2021 weigh?", PaperList([undated, dated])) == f"What does “{short_name(dated)}” weigh?"
    assert by_surname("Who reads Ekman 1999?", PaperList([undated, replace(undated, id="b")])) == "Who reads Ekman 1999?"


@pytest.mark.parametrize(
    "text", ["What came in May 2021?", "In 2021, what came?", "Since Jun 2021 what came?", "What came in March 2021?"]
)
def test_a_month_or_a_preposition_before_a_year_is_no_surname(text: str) -> None:
    names = ("Ada May", "Young In", "Lee Jun", "Bo March")
    assert by_surname(text, PaperList([replace(PALE, id=name, authors=(name,), year=2021) for name in names])) == text


def test_no_year_tells_a_paper_among_more_of_its_author_than_are_looked_at() -> None:
    years = (*range(1900, 1900 + MOST_OF_AN_AUTHOR - 1), 2021, 2021)
    many = [replace(PALE, id=f"p{place}", authors=("Ada Ekman",), year=year) for place, year in enumerate(years)]
    assert by_surname("Which lamp did Ekman 2021 use?", PaperList(many)) == "Which lamp did Ekman 2021 use?"
    assert by_surname("Which lamp did Ekman 2021 use?", PaperList(many[:-1])) == "Which lamp did “PaleScan” use?"


def test_the_order_is_that_of_the_papers_not_of_the_text() -> None:
    assert named("BeeGram or PaleScan?", [BEES, PALE]) == [BEES, PALE]


def test_a_long_head_before_a_colon_is_no_name() -> None:
    long = paper("How the Sand of Two Rivers Sings at Night: A Study")
    assert ("how", "the", "sand", "of", "two", "rivers", "sings", "at", "night") not in names(long)
    assert short_name(long) == long.title


def test_the_short_name_is_the_head_of_the_title_or_the_title() -> None:
    assert [short_name(one) for one in ALL] == [
        "PaleScan",
        "A Humming Sensor for River Sand",
        "Weighing Bees at Dusk",
        "Stiff Oil, Slow Clocks",
    ]


def test_what_many_abstracts_name_is_no_paper_s_own() -> None:
    assert names(paper("Faster GPU Kernels", "We run ImageNet and QuiltBench.")) == {
        ("faster", "gpu", "kernels"),
        ("quiltbench",),
    }


@pytest.mark.parametrize(
    ("abstract", "own"),
    [
        ("We introduce CLIP, which pairs them.", True),
        ("Our model, called CLIP, pairs them.", True),
        ("We present features that CLIP pairs.", False),
        ("We introduce CLIP-based features.", False),
    ],
)
def test_a_name_that_many_abstracts_share_is_that_of_the_paper_that_introduces_it(abstract: str, own: bool) -> None:
    assert (("clip",) in names(paper("Pictures and Their Words", abstract))) is own


def test_two_letters_are_no_name() -> None:
    assert names(paper("Ox: A Scale", "We use ML.")) == {("ox", "a", "scale")}


def test_capitals_are_spelled_out_by_words_that_begin_with_them() -> None:
    assert spelled_out("QED", "Simulating lattice quantum electrodynamics")
    assert spelled_out("LSTM", "a long short-term memory")
    assert not spelled_out("JAX", "programs written in PyTorch")
    assert not spelled_out("DTU", "the distribution of points")


@given(st.text(), st.lists(st.builds(paper, st.text(), st.text()), max_size=3))
def test_any_text_and_any_papers_may_be_asked(text: str, papers: list[Paper]) -> None:
    assert set(named(text, papers)) <= set(papers)


@given(st.sampled_from(ALL), st.text(alphabet=" ,.?!-", max_size=5))
def test_a_paper_is_named_by_its_own_title_in_any_surroundings(one: Paper, around: str) -> None:
    assert one in named(f"summarise{around} {one.title} {around}please", ALL)


JOURNAL = Paper("title:journal", "THE EMBO JOURNAL", "A journal of ANd GEneration, ITS map and its MAP.")
SEGMENT = Paper("title:sam", "SAM: Segment Anything", "SAM segments whatever is pointed at. SAM is fast.")
ATTENTION = Paper("title:attention", "Attention: A Survey", "We survey attention.")


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("What is the map of its generation and the journal?", []),
        ("What did Sam do with the map?", []),
        ("what does SAM segment?", [SEGMENT]),
        ("WHAT DID SAM DO?", []),
        ("Why does Attention matter? Does attention pay?", []),
    ],
)
def test_a_common_word_is_no_paper_s_name_unless_it_is_written_as_one(question: str, papers: list[Paper]) -> None:
    assert named(question, [JOURNAL, SEGMENT, ATTENTION]) == papers


LANTERN = Paper("title:lantern", "Lantern: Reading at Night", "We read at night.")
FLYING = Paper("title:flying", "FireFly Lantern: A Robot", "FireFly is a robot.")


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("Which lantern does the robot carry?", []),
        ("Summarize what is said about lantern light.", []),
        ("Lantern light: how far does it reach?", []),
        ("How far does the Hubble Lantern reach?", []),
        ("How far does Lantern read?", [LANTERN]),
        ("Summarize Lantern", [LANTERN]),
        ("what is “Lantern”?", [LANTERN]),
        ("Which lantern does the FireFly Lantern carry?", [FLYING]),
        ("Lantern: Reading at Night", [LANTERN]),
    ],
)
def test_a_plain_word_before_a_colon_is_a_name_only_with_its_capital(question: str, papers: list[Paper]) -> None:
    assert named(question, [LANTERN, FLYING]) == papers


SAP = paper("How Pupils See SAP Subjects", "We ask pupils about SAP. SAP means much to them.")
CODEC = paper("Fine-Grained Coding in Real-World Weather", "We code weather with RainPack. RainPack is small.")
SPLATS = paper("Packing 3DQX", "We pack 3DQX. 3DQX is large.")
LIFTING = paper("PG-3DQX: Splats That Fly", "PG-3DQX shapes wings.")


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("How does sap rise in trees?", []),
        ("How do pupils see SAP?", [SAP]),
        ("How is a fine-grained description made?", []),
        ("Does it help in real-world scenes?", []),
        ("Which wings did PG-3DQX shape?", [LIFTING]),
        ("How is 3DQX packed?", [SPLATS]),
        ("Does PG-3DQX pack better than 3DQX?", [SPLATS, LIFTING]),
    ],
)
def test_words_that_titles_and_longer_names_merely_contain_name_no_paper(question: str, papers: list[Paper]) -> None:
    assert named(question, [SAP, CODEC, SPLATS, LIFTING]) == papers


def test_a_name_of_the_title_names_a_paper_more_surely_than_one_of_its_abstract() -> None:
    nli = paper("Whether Sentences Follow", "Natural Query Inference (NQI) is hard. We train models for NQI.")
    assert named("How are NQI models steered?", [nli, PALE]) == [nli]
    assert not named_by_title("How are NQI models steered?", nli)
    assert named_by_title("How does PaleScan read?", PALE)


@pytest.mark.parametrize(
    ("question", "stands"),
    [
        ("How does OxGram fare?", True),
        ("How does OxGram fare beside PaleScan?", False),
        ("How are bees weighed?", False),
        ("How does LLM training work?", False),
    ],
)
def test_names_that_nothing_else_is_spelled_like_must_all_stand_in_a_paper(question: str, stands: bool) -> None:
    assert own_names_stand_in(question, BEES) == stands


@pytest.mark.parametrize("name", ["NF-κB", "NF-kB", "NF-kappaB"])
def test_a_greek_letter_of_a_name_may_be_written_otherwise(name: str) -> None:
    assert own_names_stand_in(f"What does {name} do?", paper("NF-κB in bees", "NF-κB rises with age."))
    assert own_names_stand_in(f"What does {name} do?", paper("NF-kappaB in bees", "NF-kappaB rises with age."))
