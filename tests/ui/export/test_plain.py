"""Answers as text, as JSON and on a terminal: what is cited is shown, and what papers hold does nothing."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from rag.types import Added, Answer, Citation, Claim, Hit, Paper, Passage, PastTurn, Refusal, Refused, Span
from ui.cli import screen
from ui.export import plain as render

FIRST = Paper(
    "arxiv:2401.00001",
    "Walking on Graphs",
    "Graphs are walked. It is 3 times faster.",
    ("Ada Lind", "Bo Ek"),
    2024,
    url="https://arxiv.org/abs/2401.00001",
)
SECOND = Paper("title:ab", "Is it so?", "It is so.")
ANSWER = Answer(
    "How fast?",
    "How fast is walking?",
    "answered",
    "Graphs are walked. [1] It is so. [2] It is 3 times faster. [3] As in [7].",
    "quotes",
    (Claim("Graphs are walked.", (1,), "supported", 1.0, "word for word"),),
    (Citation(1, FIRST, Span(0, 18)), Citation(2, SECOND, Span(0, 9)), Citation(3, FIRST, Span(19, 40))),
    (Hit(Passage("p", FIRST, Span(0, 18)), 0.9, "both"),),
    ("Mind the step.",),
    {"total": 0.01},
)
HOSTILE = "[bold red]Free[/bold red] \x1b]0;owned\x07\x1b[31m\u202egnp.exe\r\x9b2J [link=https://evil.example]x[/link]"


def on_terminal(view: RenderableType, width: int = 200) -> str:
    console = Console(
        file=io.StringIO(), force_terminal=True, color_system="truecolor", width=width, highlight=False, legacy_windows=False
    )
    console.print(view)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def on_paper(view: RenderableType) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(view)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def test_an_answer_as_plain_text() -> None:
    assert render.plain_answer(ANSWER) == (
        "Graphs are walked. [1] It is so. [2] It is 3 times faster. [3] As in [7].\n"
        "\n"
        "Sources:\n"
        "[1] [3] Walking on Graphs · Lind & Ek, 2024 · https://arxiv.org/abs/2401.00001\n"
        "[2] Is it so?"
    )


def test_an_answer_without_citations_lists_no_sources() -> None:
    answer = Answer("Why?", "Why?", "not_found", "The papers do not say.", "quotes")
    assert render.plain_answer(answer) == "The papers do not say."
    assert on_paper(screen.answer_view(answer)) == "The papers do not say."


def test_an_answer_as_json() -> None:
    paper = {"id": FIRST.id, "title": "Walking on Graphs", "authors": ["Ada Lind", "Bo Ek"], "year": 2024, "url": FIRST.url}
    other = {"id": "title:ab", "title": "Is it so?", "authors": [], "year": None, "url": None}
    assert render.answer_json(ANSWER) == {
        "question": "How fast?",
        "standalone_question": "How fast is walking?",
        "status": "answered",
        "text": ANSWER.text,
        "writer": "quotes",
        "claims": [
            {"text": "Graphs are walked.", "citations": [1], "verdict": "supported", "score": 1.0, "reason": "word for word"}
        ],
        "citations": [
            {"number": 1, "paper": paper, "quote": "Graphs are walked.", "start": 0, "end": 18},
            {"number": 2, "paper": other, "quote": "It is so.", "start": 0, "end": 9},
            {"number": 3, "paper": paper, "quote": "It is 3 times faster.", "start": 19, "end": 40},
        ],
        "hits": [{"paper": paper, "score": 0.9, "found_by": "both"}],
        "notices": ["Mind the step."],
        "seconds": {"total": 0.01},
        "usage": {},
        "refusal": None,
        "corrected": "",
        "suggestions": [],
    }


def test_a_refusal_as_json() -> None:
    refusal = Refusal("unknown_name", ("Zeta",), (FIRST,))
    told = render.answer_json(Answer("Why?", "Why?", "not_found", "No.", "quotes", refusal=refusal))["refusal"]
    assert (told["code"], told["names"], [paper["id"] for paper in told["nearest"]]) == ("unknown_name", ["Zeta"], [FIRST.id])


def test_an_answer_on_a_terminal() -> None:
    assert on_paper(screen.answer_view(ANSWER)) == (
        f"{ANSWER.text}\n\nSources\n[1] [3] Walking on Graphs  Lind & Ek, 2024\n[2]     Is it so?"
    )
    shown = on_terminal(screen.answer_view(ANSWER))
    assert "\x1b[1;36m[1]\x1b[0m" in shown
    assert "\x1b[1;36m[7]" not in shown
    assert f";{FIRST.url}\x1b\\Walking on Graphs\x1b]8;;\x1b\\" in shown


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a.example/\x1b\\x", "https://a.example/ b", "file:///etc/passwd", "", None]
)
def test_what_is_no_web_address_is_no_link(url: str | None) -> None:
    paper = Paper("title:x", "A title", "Text.", url=url)
    assert render.link(paper) is None
    assert "\x1b]8;" not in on_terminal(screen.papers_table([paper]))
    assert render.paper_line(paper) == "A title"


def test_hostile_text_is_shown_and_does_nothing() -> None:
    paper = Paper(HOSTILE, HOSTILE, HOSTILE, (HOSTILE,), 2024, HOSTILE, HOSTILE)
    answer = Answer("?", "?", "answered", f"{HOSTILE} [1]", "quotes", citations=(Citation(1, paper, Span(0, 9)),))
    views = [screen.answer_view(answer), screen.paper_view(paper), screen.papers_table([paper])]
    texts = [render.plain_answer(answer), render.plain_paper(paper), render.plain_papers([paper]), *map(on_paper, views)]
    for text in texts:
        assert "[bold red]Free[/bold red]" in text
        assert not set(text) & set("\x1b\x07\r\x9b\u202e")
    for view in views:
        shown = on_terminal(view)
        assert "\x1b]" not in shown
        assert not set(shown) & set("\x07\x9b\u202e")
        assert "[bold red]Free[/bold red]" in shown


def test_a_list_is_one_paper_a_line() -> None:
    broken = Paper("title:y", "Two\nlines\tand a tab", "Text.", ("A\tB",), 2020)
    assert render.plain_papers([FIRST, broken]).split("\n") == [
        "arxiv:2401.00001\t2024\tWalking on Graphs\tAda Lind, Bo Ek",
        "title:y\t2020\tTwo lines and a tab\tA B",
    ]


def test_one_paper_as_text() -> None:
    assert render.plain_paper(FIRST) == (
        "Walking on Graphs\nAda Lind, Bo Ek\n2024\nhttps://arxiv.org/abs/2401.00001\narxiv:2401.00001\n\n"
        "Graphs are walked. It is 3 times faster."
    )


def test_what_adding_did() -> None:
    added = Added(("a", "b"), (), ("c",), (Refused("page.txt, line 3", "It has\nno abstract."),))
    assert (
        render.plain_added(added) == "2 added, 0 updated, 1 unchanged, 1 refused.\nRefused: page.txt, line 3: It has no abstract."
    )
    assert render.added_json(added)["refused"] == [
        {"where": "page.txt, line 3", "reason": "It has\nno abstract.", "kind": "other"}
    ]


@given(st.text())
def test_no_text_steers_a_terminal(text: str) -> None:
    shown = render.visible(text)
    assert len(shown) == len(text)
    assert all(char.isprintable() or char in "\t\n" or char.isspace() or ord(char) > 0xA0 for char in shown)
    assert "\n" not in render.in_line(text)


@given(st.text(st.characters(codec=None)))
def test_json_is_ascii_and_comes_back_as_it_was(text: str) -> None:
    line = render.json_text({"text": text})
    assert line.isascii()
    assert line.isprintable()
    # Two halves of one character that meet become that character, as JSON has it.
    assert json.loads(line) == {"text": text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")}


@pytest.mark.parametrize(
    ("given", "turns"),
    [
        (None, ()),
        (["Why?"], (PastTurn("Why?"),)),
        ([{"question": "Why?", "cited": ["a", "b"]}, "And?"], (PastTurn("Why?", ("a", "b")), PastTurn("And?"))),
        ([{"question": "Why?"}], (PastTurn("Why?"),)),
        ("Why?", None),
        ([1], None),
        ([{"cited": ["a"]}], None),
        ([{"question": "Why?", "cited": "a"}], None),
    ],
)
def test_earlier_turns_are_questions_or_questions_with_what_was_cited(given: object, turns: object) -> None:
    assert render.past_turns(given) == turns
