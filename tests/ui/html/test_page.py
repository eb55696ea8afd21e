"""The page's HTML as text: what is escaped, marked, highlighted, and what both languages say."""

from __future__ import annotations

import html
import re
import string
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples.shown import ANSWER, HIT, PAPER, QUOTES

from rag.prompts import more
from rag.text.latex import readable
from rag.types import Answer, Cell, Citation, Claim, ComparisonTable, Paper, Refusal, RefusalCode, Span
from ui.conversations.types import Turn
from ui.export.markdown import answer_markdown
from ui.export.plain import answer_json
from ui.html.answer import answer_html, support
from ui.html.cards import abstract, sources_html
from ui.html.formula import mathml
from ui.html.home import filling_html
from ui.html.table import table_html
from ui.html.text import text_html
from ui.html.thread import thread_html, turn_html
from ui.html.wording import LANGUAGES, accepted, wording

SAY = wording("en")


class Tags(HTMLParser):
    """The elements and attributes of a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_markers_lead_to_quotes_and_only_doubtful_sentences_are_marked() -> None:
    shown = answer_html(ANSWER, "t1", SAY)
    assert re.findall(r'href="#([\w-]+)"', shown) == ["s-t1-1", "s-t1-2"]
    assert 'data-quote="Forks do not hold it."' in shown
    assert '<span class="pc-claim">Spoons hold soup.</span>' in shown
    assert 'class="pc-claim pc-unsupported">Forks hold it.</span>' in shown
    assert 'data-why="the source denies it"' in shown
    assert "<ul><li>Knives rule [9]</li></ul>" in shown
    assert support(ANSWER.claims) == (1, 2)


def test_what_names_the_paper_of_a_sentence_stands_out() -> None:
    text = "On <b>spoons</b> (Byron, 2024): Spoons hold soup. [1]\n\n- Problem: Spoons hold soup. [1]"
    claim = Claim("Spoons hold soup.", (1,), "supported")
    shown = answer_html(Answer("q", "q", "answered", text, "quotes", (claim, claim), QUOTES[:1]), "t1", SAY)
    assert '<p><strong>On &lt;b&gt;spoons&lt;/b&gt; (Byron, 2024)<span class="pc-colon">: </span></strong><span' in shown
    assert '<li><strong>Problem<span class="pc-colon">: </span></strong><span' in shown
    assert "<strong>" not in answer_html(ANSWER, "t1", SAY)


def test_the_abstract_is_whole_and_its_quotes_are_highlighted() -> None:
    shown = abstract("t1", PAPER, QUOTES)
    assert '<mark id="s-t1-1"><sup>1</sup>Spoons hold soup.</mark> <mark id="s-t1-2">' in shown
    assert "<msup>" in shown
    assert Tags(shown).text.replace("1Spoons", "Spoons").startswith("Spoons hold soup. 2Forks do not hold it. Knives cut")


def test_every_citation_has_an_anchor_even_where_quotes_overlap() -> None:
    spans = (Citation(1, PAPER, Span(0, 39)), Citation(2, PAPER, Span(18, 39)), Citation(3, PAPER, Span(0, 17)))
    shown = abstract("t", PAPER, spans)
    assert set(re.findall(r'id="s-t-(\d)"', shown)) == {"1", "2", "3"}


ONE, TWO, THREE, FOUR, FIVE = (f"Sentence number {word} says a thing." for word in ("one", "two", "three", "four", "five"))
LONG = Paper("arxiv:3", "Five sentences", " ".join((ONE, TWO, THREE, FOUR, FIVE)))


def quoted(*sentences: str) -> str:
    spans = (Span(LONG.abstract.index(each), LONG.abstract.index(each) + len(each)) for each in sentences)
    return abstract("t", LONG, [Citation(number, LONG, span) for number, span in enumerate(spans, 1)])


def test_a_card_opens_with_the_quote_and_a_sentence_to_either_side() -> None:
    shown = quoted(FOUR)
    assert re.findall(r'<span class="pc-near-by">(.*?)</span>', shown) == [THREE, FIVE]
    assert re.findall(r'<span class="pc-far">(.*?)</span>', shown) == [f"{ONE} {TWO} "]
    assert Tags(shown).text.replace(" … ", "") == LONG.abstract.replace(FOUR, f"1{FOUR}")


def test_nothing_is_folded_where_the_sentences_around_quotes_are_all_there_is() -> None:
    assert "pc-far" not in quoted(TWO, FOUR)
    assert "unfold" not in sources_html("t1", ANSWER, SAY)


def test_where_nothing_was_found_there_is_no_panel() -> None:
    assert sources_html("t1", Answer("q", "q", "not_found", "The papers do not say.", "quotes"), SAY) == ""


def test_a_viewer_of_an_empty_library_is_not_told_to_add_papers() -> None:
    assert "go-add" in filling_html(True, SAY)
    shown = filling_html(False, SAY)
    assert "paperchat add" not in shown
    assert "editors" in shown


def test_many_quotes_of_one_paper_stand_alone() -> None:
    shown = quoted(ONE, THREE, FIVE)
    assert "pc-near-by" not in shown
    assert shown.count('class="pc-gap"') == 2


def test_a_card_has_what_one_needs_to_cite_and_to_go_on() -> None:
    shown = sources_html("t1", ANSWER, SAY)
    assert "@" in html.unescape(shown)
    assert 'href="https://example.org/1"' in shown
    assert "Ada Byron" not in Tags(shown).text.replace("Byron, 2024", "")
    for do in ("scope-paper", "similar", "copy"):
        assert f'data-do="{do}"' in shown
    assert "On &lt;b&gt;spoons" in shown


def test_a_turn_tells_who_wrote_it_how_long_and_how_well_it_is_supported() -> None:
    told = Tags(turn_html(Turn("t1", "What <i>holds</i>?", ANSWER), SAY)).text
    for part in (
        "1 of 2 sentences supported",
        "written by a-model",
        "310 ms",
        "7 tokens",
        "Why one sentence is in doubt",
        "What <i>holds</i>?",
    ):
        assert part in told


def test_what_is_quoted_has_the_voice_of_the_papers_and_needs_no_verdict() -> None:
    shown = turn_html(Turn("t1", "What holds?", replace(ANSWER, writer="quotes")), SAY)
    assert 'class="pc-answer pc-quoted"' in shown
    assert "sentences supported" not in shown
    assert "pc-quoted" not in turn_html(Turn("t1", "What holds?", ANSWER), SAY)


def test_a_question_is_the_heading_of_its_answer() -> None:
    assert re.search(r"<h2 dir=.auto.>What holds\?</h2>", turn_html(Turn("t1", "What holds?", ANSWER), SAY))
    assert "pc-long" in turn_html(Turn("t1", "What holds? " * 20, ANSWER), SAY)


def test_a_refusal_and_a_stopped_answer_look_otherwise() -> None:
    refused = Refusal("unknown_name", ("<i>Zeta</i>",), (PAPER,))
    refusal = Answer("q", "q", "not_found", "in words", "quotes", hits=(HIT,), refusal=refused)
    shown = turn_html(Turn("t", "q", refusal), SAY)
    assert "pc-refusal" in shown
    assert "No paper in the collection mentions “&lt;i&gt;Zeta&lt;/i&gt;”." in shown
    assert 'data-do="card"' in shown
    assert "You stopped this answer." in turn_html(Turn("t", "q", partial="Half"), SAY)
    assert "&lt;b&gt;gone" in turn_html(Turn("t", "q", error="<b>gone"), SAY)


def test_the_end_of_a_list_is_told_as_that_and_names_no_papers() -> None:
    ended = Answer("More", "q", "not_found", "…", "quotes", hits=(HIT,), refusal=Refusal("list_ended", nearest=(PAPER,)))
    shown = turn_html(Turn("t", "More", ended), SAY)
    assert "<h3>End of the list</h3>" in shown
    assert "Nearest papers" not in shown


@pytest.mark.parametrize(("language", "asked"), [("en", ["More", "Show all"]), ("de", ["Mehr", "Zeig alle"])])
def test_the_rest_of_a_list_is_a_press_away_where_it_is_the_last_answer(language: str, asked: list[str]) -> None:
    text = f"- Soup in Bowls: “All” spoons hold soup. [1]\n\n{more(20, language)}"
    claims = (Claim("“All” spoons hold soup.", (1,), "supported"), Claim(more(20, language)))
    cut = replace(ANSWER, text=text, claims=claims, writer="quotes")
    assert re.findall('data-do="ask"[^>]*data-question="([^"]*)"', turn_html(Turn("t", "q", cut), SAY, last=True)) == asked
    assert 'data-do="ask"' not in turn_html(Turn("t", "q", cut), SAY)
    whole = replace(cut, text=text.partition("\n")[0])
    assert 'data-do="ask"' not in turn_html(Turn("t", "q", whole), SAY, last=True)
    assert '<p class="pc-own"><span class="pc-claim">20 ' in turn_html(Turn("t", "q", cut), SAY)


def test_a_quotation_within_what_was_understood_has_single_marks() -> None:
    answer = replace(ANSWER, question="Is the first hotter?", standalone_question="Is “Soup in Bowls” hotter?")
    shown = turn_html(Turn("t", "Is the first hotter?", answer), SAY)
    assert '<q dir="auto">Is ‘Soup in Bowls’ hotter?</q>' in shown
    assert 'data-text="Is “Soup in Bowls” hotter?"' in shown


def test_what_was_corrected_is_shown_and_can_be_taken_back() -> None:
    answer = replace(ANSWER, question="Waht holds soup?", standalone_question="What holds soup?", corrected="What holds soup?")
    shown = turn_html(Turn("t", "Waht holds soup?", answer), SAY)
    assert "Asked as" in shown
    assert 'data-do="literal"' in shown
    assert 'data-do="literal"' not in turn_html(Turn("t", "What holds soup?", ANSWER), SAY)


def test_a_paper_that_a_question_is_asked_of_stands_apart_from_its_words() -> None:
    as_typed = replace(ANSWER, question="Was it hot?", standalone_question="Was it hot (“Soup in Bowls”)?")
    assert 'Understood as asked of <q dir="auto">Soup in Bowls</q>' in turn_html(Turn("t", "Was it hot?", as_typed), SAY)
    completed = replace(ANSWER, question="And in cups?", standalone_question="Was it hot in cups (“Soup in Bowls”)?")
    shown = turn_html(Turn("t", "And in cups?", completed), SAY)
    assert 'Understood as <q dir="auto">Was it hot in cups?</q> asked of <q dir="auto">Soup in Bowls</q>' in shown


def test_a_refusal_is_told_in_the_language_of_the_page_whatever_that_of_the_answer() -> None:
    refusal = Answer("q", "q", "not_found", "The papers do not say: …", "quotes", refusal=Refusal("silent"))
    assert "Die Sätze, die der Frage am nächsten kommen" in turn_html(Turn("t", "q", refusal), wording("de"))


def test_an_empty_library_is_not_told_as_what_papers_do_not_say() -> None:
    refusal = Answer("q", "q", "not_found", "There are no papers yet.", "quotes", refusal=Refusal("empty_library"))
    shown = turn_html(Turn("t", "q", refusal), SAY)
    assert "<h3>No papers yet</h3>" in shown
    assert "The papers do not say" not in shown


@pytest.mark.parametrize("code", ["no_question", "unreadable_script", "unread_language", "empty_scope"])
def test_what_cannot_be_read_is_not_told_as_what_papers_do_not_say(code: RefusalCode) -> None:
    answer = Answer("q", "q", "not_found", "…", "quotes", refusal=Refusal(code))
    assert "<h3>Not answered</h3>" in turn_html(Turn("t", "q", answer), SAY)


def test_a_refusal_that_was_kept_without_a_code_is_shown_in_its_own_words() -> None:
    old = Answer("q", "q", "not_found", "The papers do not say: it is not there.", "quotes", hits=(HIT,))
    shown = turn_html(Turn("t", "q", old), wording("de"))
    assert "it is not there." in shown
    assert 'data-do="card"' in shown


def test_very_long_conversations_show_their_end() -> None:
    turns = [Turn(f"turn-{number}", f"Question {number}") for number in range(40)]
    shown = thread_html(turns, SAY)
    assert "Show 10 earlier questions" in shown
    assert "Question 9<" not in shown
    assert "Question 9<" in thread_html(turns, SAY, everything=True)


@settings(deadline=None)
@given(st.text(), st.text(alphabet=string.printable))
def test_whatever_texts_hold_only_known_elements_come_out(one: str, other: str) -> None:
    text = f"{one}<script>alert(1)</script>$\\text{{<img src=x onerror=alert(1)>}}${other}"
    paper = Paper("arxiv:1", text, text, (text,), 2024, text, text)
    answer = Answer(
        text, text, "answered", f"{text} [1]", "m", (Claim(text, (1,), "partly", 0.5, text),), (Citation(1, paper, Span(0, 5)),)
    )
    tags = Tags(turn_html(Turn("t", text, answer), SAY) + sources_html("t", answer, SAY))
    assert not tags.names & {"script", "img", "iframe", "style", "object", "embed", "link"}
    assert not any(name.startswith("on") or name in ("src", "style") for name in tags.attributes)
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', sources_html("t", answer, SAY)))


@pytest.mark.parametrize(
    "text", [r"$\text{<img src=x>}$", r"$\href{javascript:alert(1)}{x}$", "$5 and $10", "$", "$$", r"$\frac{1}{$"]
)
def test_what_is_no_harmless_formula_stays_text(text: str) -> None:
    shown = text_html(text)
    assert "<img" not in shown
    assert "href" not in Tags(shown).attributes
    assert html.unescape(re.sub(r"<[^>]+>", "", shown)) in (text, readable(text)) or "math" in Tags(shown).names


def test_formulas_become_mathml() -> None:
    assert mathml(r"\frac{1}{2}") is not None
    assert Tags(text_html(r"It is $x_i^2$ and \(\alpha\).")).names >= {"math", "msubsup"}


def test_markdown_is_text_with_references() -> None:
    copied = answer_markdown(Turn("t", "What *holds*?", ANSWER))
    assert copied.startswith("## What \\*holds\\*?\n\nSpoons hold soup. [1]")
    assert "- [1] [2] [On \\<b\\>spoons" in copied
    assert "  > Forks do not hold it." in copied


def test_all_languages_say_the_same_things() -> None:
    english = wording("en").texts
    for language in LANGUAGES:
        texts = wording(language).texts
        assert set(texts) == set(english)
        for name, text in texts.items():
            assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", english[name])), name
    assert accepted("fr-FR,de;q=0.8,en;q=0.5") == "de"
    assert accepted("xx") == "en"
    assert wording("en")("scope.all", count=1) == "1 paper"


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        (r"a Dice score of 0.8013 \pm 0.0243", "a Dice score of 0.8013 ± 0.0243"),
        (r"100\times faster, \alpha-divergence, 95\% of \textit{in vitro} \& more", "100× faster, α-divergence, 95% of in vitro & more"),
        (r"\textbf{<b>x</b>}", "<b>x</b>"),
        (r"\emph{a $x$ b} and \textbf{\emph{c}}", "a $x$ b and c"),
        (r"\alphabet C:\temp \frac{1}{2}", None),
    ],
)  # fmt: skip
def test_commands_outside_of_formulas_are_drawn_where_everybody_knows_them(written: str, drawn: str | None) -> None:
    assert html.unescape(re.sub("<math.*</math>", "$x$", text_html(written))) == (drawn or written)
    assert "<b>" not in text_html(written)


def test_quotes_stay_as_stored_beside_what_is_drawn() -> None:
    paper = replace(PAPER, abstract=r"Spoons hold 5 \pm 1 g. Forks do not.")
    claim = Claim(r"Spoons hold 5 \pm 1 g.", (1,), "supported")
    answer = Answer("q", "q", "answered", f"{claim.text} [1]", "quotes", (claim,), (Citation(1, paper, Span(0, 22)),))
    shown = turn_html(Turn("t", r"Is it \pm 1?", answer), SAY)
    assert r'data-quote="Spoons hold 5 \pm 1 g."' in shown
    assert 'data-quote-drawn="Spoons hold 5 ± 1 g."' in shown
    assert r'data-question="Is it \pm 1?"' in shown
    assert "Spoons hold 5 ± 1 g." in abstract("t", paper, answer.citations)
    assert "Spoons hold 5 ± 1 g." in answer_markdown(Turn("t", "q", answer))
    assert answer_json(answer)["citations"][0]["quote"] == r"Spoons hold 5 \pm 1 g."


def test_each_paper_of_a_comparison_heads_its_own_cells() -> None:
    cell = Cell((ANSWER.claims[0],))
    table = ComparisonTable((PAPER, PAPER), ("problem", "own aspect"), ((cell, Cell()), (Cell(), cell)), QUOTES)
    shown = table_html("t", table, SAY)
    assert shown.count("<tbody>") == shown.count('<th scope="rowgroup" colspan="2" dir="auto">On &lt;b&gt;spoons') == 2
    assert re.findall(r'<th scope="col">([^<]*)</th>', shown) == ["Problem", "own aspect"]
    assert re.findall(r'<td data-label="([^"]*)"><span class="([^"]*)"', shown) == [
        ("Problem", "pc-claim"),
        ("own aspect", "pc-none"),
        ("Problem", "pc-none"),
        ("own aspect", "pc-claim"),
    ]
