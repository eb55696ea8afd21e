"""Questions about a small made-up collection, answered from its records; and questions that only sound like it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.citations import compose
from rag.query.catalogue import PaperList
from rag.query.list_parts import MOST_LISTED
from rag.query.metadata_answers import MOST_PASSED, answer_catalogue, telling_sentence
from rag.query.metadata_questions import CatalogueQuestion, asks_within, compared_by_age, understand_catalogue
from rag.query.paper_names import in_order
from rag.types import Paper

SCAN = Paper(
    id="title:1",
    title="PaleScan: Reading Faded Maps",
    abstract="Ink fades. We propose PaleScan, a reader of maps.",
    authors=("Ada Ek", "Bo Lindqvist"),
    year=2019,
    venue="MAPCON",
    url="https://example.org/1",
)
SAND = Paper(
    id="title:2",
    title="A Humming Sensor for River Sand",
    abstract="Rivers move sand. We present a string that hums.",
    authors=("Cy Young",),
    year=2021,
    venue="Journal of Rivers",
)
BEES = Paper(
    id="title:3",
    title="Weighing Bees at Dusk.",
    abstract="Bees are light. We introduce a scale.",
    authors=("Ada Ek", "Di Ito", "Jan Long"),
    year=2021,
    venue="MAPCON 2021",
    url="https://example.org/3",
)
OIL = Paper(id="title:4", title="Stiff Oil, Slow Clocks", abstract="Clocks run slow. In this work, a theory is proposed.")
PAPERS = [SCAN, SAND, BEES, OIL]


def find(text: str) -> list[Paper]:
    return in_order(text, PaperList(PAPERS))


def told(question: str) -> str:
    asked = understand_catalogue(question, PaperList(PAPERS))
    assert asked is not None
    return compose(answer_catalogue(asked, PaperList(PAPERS), find).blocks).text


UNDATED = "1 paper of the collection has no known year and could not be considered."


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many papers are there?", "The collection holds 4 papers."),
        ("how many articles do you have", "The collection holds 4 papers."),
        ("What is the number of papers in the collection?", "The collection holds 4 papers."),
        ("How big is the library?", "The collection holds 4 papers."),
        ("How many papers are from 2021?", f"The collection holds 2 papers from 2021.\n\n{UNDATED}"),
        ("How many papers appeared after 2019?", f"The collection holds 2 papers from 2020 on.\n\n{UNDATED}"),
        ("How many papers did Ek write?", "The collection holds 2 papers by Ek."),
        ("How many papers are by Cy Young?", "The collection holds 1 paper by Young."),
        ("How many papers have no link?", "The collection holds 2 papers without a link."),
        ("How many papers were published at MAPCON?", "The collection holds 2 papers at MAPCON."),
        (
            "How many of these papers are from 2019?",
            f"1 of 4 papers is from 2019.\n\n- PaleScan: Reading Faded Maps (Ek & Lindqvist, 2019): {SCAN.abstract[11:]} [1]\n\n{UNDATED}",
        ),
        (
            "How many papers are there per year?",
            f"The collection holds 4 papers.\n\n- 2019: 1 paper\n- 2021: 2 papers\n\n{UNDATED}",
        ),
        ("Number of papers by year", f"The collection holds 4 papers.\n\n- 2019: 1 paper\n- 2021: 2 papers\n\n{UNDATED}"),
        (
            "How many papers did Ek publish each year?",
            "The collection holds 2 papers by Ek.\n\n- 2019: 1 paper\n- 2021: 1 paper\n\n" + UNDATED,
        ),
        ("How many of these papers are there?", "There are 4 papers."),
        ("How many papers are from 1990?", f"The collection holds 0 papers from 1990.\n\n{UNDATED}"),
        ("Who wrote PaleScan?", "“PaleScan: Reading Faded Maps” is by Ada Ek and Bo Lindqvist (2019)."),
        ("who is the first author of PaleScan?", "“PaleScan: Reading Faded Maps” is by Ada Ek and Bo Lindqvist (2019)."),
        ("and the authors of PaleScan?", "“PaleScan: Reading Faded Maps” is by Ada Ek and Bo Lindqvist (2019)."),
        ("Who are the PaleScan authors?", "“PaleScan: Reading Faded Maps” is by Ada Ek and Bo Lindqvist (2019)."),
        (
            "Who are Stiff Oil, Slow Clocks' authors?",
            "The collection holds “Stiff Oil, Slow Clocks”, but its authors are not known.",
        ),
        (
            "Who wrote PaleScan and Weighing Bees at Dusk?",
            "“PaleScan: Reading Faded Maps” is by Ada Ek and Bo Lindqvist (2019).\n\n“Weighing Bees at Dusk” is by Ada Ek, Di Ito and Jan Long (2021).",
        ),
        (
            "Which is newer, Weighing Bees at Dusk or PaleScan?",
            "“Weighing Bees at Dusk” is from 2021 (MAPCON 2021).\n\n“PaleScan: Reading Faded Maps” is from 2019 (MAPCON).",
        ),
        ("the year of PaleScan", "“PaleScan: Reading Faded Maps” is from 2019 (MAPCON)."),
        ("What is the venue of the PaleScan paper?", "“PaleScan: Reading Faded Maps” appeared in MAPCON."),
        ("What is PaleScan's year?", "“PaleScan: Reading Faded Maps” is from 2019 (MAPCON)."),
        ("and PaleScan's authors?", "“PaleScan: Reading Faded Maps” is by Ada Ek and Bo Lindqvist (2019)."),
        ("Who proposed PaleScan?", "“PaleScan: Reading Faded Maps” is by Ada Ek and Bo Lindqvist (2019)."),
        ("Who are the authors of Weighing Bees at Dusk?", "“Weighing Bees at Dusk” is by Ada Ek, Di Ito and Jan Long (2021)."),
        ("authors of A Humming Sensor for River Sand", "“A Humming Sensor for River Sand” is by Cy Young (2021)."),
        ("Who wrote Stiff Oil, Slow Clocks?", "The collection holds “Stiff Oil, Slow Clocks”, but its authors are not known."),
        ("When was PaleScan published?", "“PaleScan: Reading Faded Maps” is from 2019 (MAPCON)."),
        ("How old is PaleScan?", "“PaleScan: Reading Faded Maps” is from 2019 (MAPCON)."),
        ("In which year did Weighing Bees at Dusk appear?", "“Weighing Bees at Dusk” is from 2021 (MAPCON 2021)."),
        ("When was Stiff Oil, Slow Clocks written?", "The collection holds “Stiff Oil, Slow Clocks”, but its year is not known."),
        ("When was “PaleScan: and is ink lost” published?", "“PaleScan: Reading Faded Maps” is from 2019 (MAPCON)."),
        ("Where was PaleScan published?", "“PaleScan: Reading Faded Maps” appeared in MAPCON."),
        ("Give me the link to PaleScan", "“PaleScan: Reading Faded Maps” is at https://example.org/1"),
        ("Is there a link to PaleScan?", "“PaleScan: Reading Faded Maps” is at https://example.org/1"),
        (
            "What is the url of A Humming Sensor for River Sand?",
            "The collection holds “A Humming Sensor for River Sand”, but a link to it is not known.",
        ),
        (
            "Which paper is the oldest?",
            f"- PaleScan: Reading Faded Maps (Ek & Lindqvist, 2019): {SCAN.abstract[11:]} [1]\n\n{UNDATED}",
        ),
        ("Which papers lack a year?", "- Stiff Oil, Slow Clocks: In this work, a theory is proposed. [1]"),
    ],
)
def test_answers_from_the_records(question: str, answer: str) -> None:
    assert told(question) == answer


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("List all papers", PAPERS),
        ("Which papers are there?", PAPERS),
        ("What is in the collection?", PAPERS),
        ("List the titles of all papers", PAPERS),
        ("What is the newest paper?", [SAND, BEES]),
        ("most recent papers?", [SAND, BEES]),
        ("What is the latest paper by Lindqvist?", [SCAN]),
        ("Which is the oldest paper?", [SCAN]),
        ("What is the earliest paper by Ek?", [SCAN]),
        ("Papers by Ek", [SCAN, BEES]),
        ("papers by ek", [SCAN, BEES]),
        ("Which papers are by Ada Ek?", [SCAN, BEES]),
        ("What has Ek written?", [SCAN, BEES]),
        ("What did Ada Ek publish?", [SCAN, BEES]),
        ("Which papers did Cy Young write?", [SAND]),
        ("Anything by Long?", [BEES]),
        ("papers from 2021", [SAND, BEES]),
        ("What was published in 2019?", [SCAN]),
        ("Which papers came out in 2020 or later?", [SAND, BEES]),
        ("Papers published after 2019", [SAND, BEES]),
        ("papers since 2021", [SAND, BEES]),
        ("papers from 2021 on", [SAND, BEES]),
        ("Which papers appeared before 2021?", [SCAN]),
        ("papers up to 2019", [SCAN]),
        ("Which papers were published between 2018 and 2020?", [SCAN]),
        ("papers from 2018 to 2020", [SCAN]),
        ("papers from 2021 to 2018", [SCAN, SAND, BEES]),
        ("Which papers by Ek are from 2021?", [BEES]),
        ("Which papers appeared at MAPCON?", [SCAN, BEES]),
        ("papers in the Journal of Rivers", [SAND]),
        ("Which papers have no link?", [SAND, OIL]),
        ("Papers without a link", [SAND, OIL]),
        ("Which papers have no known authors?", [OIL]),
        ("papers with unknown authors", [OIL]),
        ("Papers by Ek before 2000", []),
        ("Which papers are not by Ek?", [SAND, OIL]),
        ("Which papers aren't by Ada Ek?", [SAND, OIL]),
        ("List the papers that were not written by Cy Young", [SCAN, BEES, OIL]),
        ("Which papers are not from 2021?", [SCAN]),
        ("Which papers weren't published in 2019?", [SAND, BEES]),
        ("papers not in the Journal of Rivers", [SCAN, BEES, OIL]),
        ("Which papers did not appear at MAPCON?", [SAND, OIL]),
    ],
)
def test_which_papers_are_listed(question: str, papers: list[Paper]) -> None:
    asked = understand_catalogue(question, PaperList(PAPERS))
    assert asked is not None
    assert asked.topic == ""
    answer = answer_catalogue(asked, PaperList(PAPERS), find)
    assert list(answer.papers) == papers
    assert bool(answer.blocks) == bool(papers)


@pytest.mark.parametrize(
    ("question", "topic", "years"),
    [
        ("papers about bees from 2021", "bees", (2021, 2021)),
        ("papers from 2021 on bees", "bees", (2021, 2021)),
        ("papers from 2020 on about bees", "bees", (2020, 9999)),
        ("river papers since 2020", "river", (2020, 9999)),
        ("papers on maps before 2020", "maps", (0, 2019)),
        ("papers on bees published in 2019 or 2021", "bees", (2019, 2021)),
    ],
)
def test_a_topic_and_years_are_both_asked(question: str, topic: str, years: tuple[int, int]) -> None:
    asked = understand_catalogue(question, PaperList(PAPERS))
    assert asked is not None
    assert (asked.intent, asked.topic, asked.years) == ("list", topic, years)


@pytest.mark.parametrize(
    "question",
    [
        "papers about the 2019 map challenge",
        "How many layers does PaleScan have?",
        "How many hives were weighed?",
        "How many people wrote by hand?",
        "How many authors are there?",
        "How many papers use strings?",
        "Who are the authors in the collection?",
        "Which papers deal with ink?",
        "List all papers about bees",
        "What is new in bee weighing?",
        "What is the latest method for weighing sand?",
        "Which methods are the oldest for reading maps?",
        "How does PaleScan read maps?",
        "How long do clocks run?",
        "Who weighs bees?",
        "When do bees sleep?",
        "When was the bridge built?",
        "When did sand come out of the river?",
        "Where do bees sleep?",
        "How old are the maps?",
        "How old is the sand in rivers?",
        "What links maps and charts?",
        "Which link functions are used?",
        "Which paper establishes a link to clocks?",
        "Does it work without a link to the net?",
        "In what year was the first clock built according to the paper?",
        "What does the young bee eat?",
        "Which bees are hunted by young wasps?",
        "Does it learn from long rivers?",
        "Which papers learn from long rivers?",
        "Which works on rivers use sensors?",
        "Which papers deal with rivers?",
        "Which journal entries do the bees make?",
        "What happened in 2021 in the rivers?",
        "How is missing data from 1990 to 2000 filled?",
        "How does the collection of sand work?",
        "How large is the data set of maps?",
        "What are the authors' main claims about ink?",
        "What problem do the authors solve?",
        "What author profiling methods are used?",
        "List the steps of PaleScan",
        "Show how bees are weighed",
        "Are there papers without strings?",
        "Compare the newest and the oldest maps",
        "What did the bees write?",
        "Which study is about the youngest bees?",
        "What is a title page made of?",
        "",
        "🐝",
    ],
)
def test_topical_questions_are_left_to_retrieval(question: str) -> None:
    assert understand_catalogue(question, PaperList(PAPERS)) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which papers by Ek deal with ink?", CatalogueQuestion("list", author="ek", topic="deal ink")),
        ("Which papers on ink were published in 2019?", CatalogueQuestion("list", (2019, 2019), topic="ink")),
        ("Ada Ek ink", CatalogueQuestion("list", author="ek", topic="ink")),
        ("scales Jan Long", CatalogueQuestion("list", author="long", topic="scales")),
        ("Which papers from MAPCON treat bees?", CatalogueQuestion("list", venue="mapcon", topic="treat bees")),
    ],
)
def test_a_topic_beside_a_filter_is_kept_for_retrieval(question: str, expected: CatalogueQuestion) -> None:
    assert understand_catalogue(question, PaperList(PAPERS)) == expected


def test_a_question_for_a_paper_that_nobody_finds_has_no_answer() -> None:
    asked = understand_catalogue("Who wrote The Unknown Book?", PaperList(PAPERS))
    assert asked is not None
    answer = answer_catalogue(asked, PaperList(PAPERS), lambda text: [])
    assert (answer.blocks, answer.papers) == ((), ())


def test_a_long_list_gives_titles_only() -> None:
    many = [Paper(id=f"title:{n}", title=f"Map {n}", abstract="We draw.", year=2020) for n in range(9)]
    asked = understand_catalogue("List all papers", PaperList(many))
    assert asked is not None
    text = compose(answer_catalogue(asked, PaperList(many), find).blocks).text
    assert text.splitlines() == [f"- Map {n} (2020)" for n in range(9)]


def test_the_telling_sentence_says_what_was_done() -> None:
    assert [sentence.text if (sentence := telling_sentence(paper)) else None for paper in (SCAN, SAND)] == [
        "We propose PaleScan, a reader of maps.",
        "We present a string that hums.",
    ]
    assert telling_sentence(Paper(id="x", title="x", abstract="")) is None


@given(st.text(), st.booleans())
def test_any_text_may_be_asked_of_any_collection(question: str, empty: bool) -> None:
    papers = [] if empty else PAPERS
    asked = understand_catalogue(question, PaperList(papers))
    if asked is not None:
        answer_catalogue(asked, PaperList(papers), lambda text: [])


@pytest.mark.parametrize(
    ("question", "within"),
    [
        ("Who made the data set in PaleScan?", True),
        ("Who wrote PaleScan?", False),
        ("I forgot who wrote PaleScan.", False),
        ("Can you tell me who wrote PaleScan?", False),
        ("Do you know who wrote PaleScan?", False),
        ("Is it known who wrote PaleScan?", False),
        ("Hi! Who wrote PaleScan in 2019? Thanks", False),
        ("Who wrote PaleScan, the reader of pale ink?", False),
        ("Who is behind the PaleScan model?", False),
        ("Who made the data set of PaleScan?", False),
        ("Who wrote the paper on humming sensors for dams?", False),
        ("Who wrote the transcripts that PaleScan was tested on?", True),
        ("Who wrote the labels in the PaleScan paper?", True),
        ("Who wrote most of the account rolls in the faded maps paper?", True),
        ("Which detector works best for telling who wrote on faded maps?", True),
        ("Who wrote the faded maps in the abbey?", True),
        ("Who wrote the reading of faded maps?", False),
        ("Who wrote Hamlet?", False),
    ],
)
def test_what_is_asked_of_something_in_a_paper_is_not_asked_of_its_record(question: str, within: bool) -> None:
    asked = understand_catalogue(question, PaperList(PAPERS))
    assert asked is not None
    assert asked.intent == "authors"
    assert asks_within(asked, SCAN) is within


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("PaleScan authors", "authors"),
        ("palescan year", "year"),
        ("PaleScan link?", "link"),
        ("When was PaleScan introduced?", "year"),
        ("What year was PaleScan proposed?", "year"),
        ("From which year is the PaleScan study?", "year"),
        ("And when was PaleScan published?", "year"),
        ("Who wrote PaleScan and when was it published?", "authors"),
    ],
)
def test_what_only_a_record_can_answer(question: str, intent: str) -> None:
    asked = understand_catalogue(question, PaperList(PAPERS))
    assert asked is not None
    assert asked.intent == intent


@pytest.mark.parametrize(
    "question",
    [
        "When did PaleScan come in, and what did it change?",
        "When did PaleScan appear, and how does it read ink?",
        "Who wrote PaleScan and why does it work?",
        "When was the ink introduced in PaleScan?",
        "When did the readers come to PaleScan?",
        "map reading authors",
        "Do the authors of PaleScan read ink?",
        "What surprised PaleScan's authors?",
        "the year of the maps in PaleScan",
        "long rivers",
        "What did Ada Ek measure?",
        "Which is newer, the ink or the map?",
        "Which paper is newer than the sensor?",
        "What are the wasps' years?",
    ],
)
def test_what_no_record_holds_is_asked_of_the_abstract(question: str) -> None:
    assert understand_catalogue(question, PaperList(PAPERS)) is None


def test_how_many_are_outside_some_limits() -> None:
    assert told("How many papers are not by Ek?") == "The collection holds 2 papers not by Ek."
    assert told("How many papers are not from 2021?").startswith("The collection holds 1 paper not from 2021.")


def test_behind_many_papers_that_are_passed_over_fewer_are_listed_and_all_are_counted() -> None:
    by_ek = [replace(SCAN, id=f"title:ek{n}") for n in range(MOST_PASSED + MOST_LISTED)]
    asked = understand_catalogue("Which papers are not by Ek?", PaperList([SAND, *by_ek, OIL]))
    assert asked is not None
    answer = answer_catalogue(asked, PaperList([SAND, *by_ek, OIL]), find)
    assert answer.papers == (SAND,)
    assert answer.blocks[-1].plain == "1 more paper is not listed here."


def test_papers_that_are_described_are_compared_by_their_years() -> None:
    question = "Which is older, the paper on bees or the one on faded maps?"
    asked = understand_catalogue(question, PaperList(PAPERS))
    assert asked == CatalogueQuestion("year", topic=question)
    assert compared_by_age(question) == ("the paper on bees", "the one on faded maps")
    told = compose(answer_catalogue(asked, PaperList(PAPERS), lambda text: [BEES, SCAN]).blocks).text
    assert told == "“Weighing Bees at Dusk” is from 2021 (MAPCON 2021).\n\n“PaleScan: Reading Faded Maps” is from 2019 (MAPCON)."


@pytest.mark.parametrize(("question", "intent"), [("which paper is newer?", "newest"), ("which one is older", "oldest")])
def test_of_some_papers_the_newer_or_older_ones_are_asked_for(question: str, intent: str) -> None:
    assert understand_catalogue(question, PaperList(PAPERS)) == CatalogueQuestion(intent)  # type: ignore[arg-type]
