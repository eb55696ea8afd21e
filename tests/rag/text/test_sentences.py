"""The sentence splitter: hard cases that an abstract may hold, and what must be true of any text."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.sentences import sentences
from rag.types import Span


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


# In each line ` ¦ ` stands where a sentence must end (one space is there in the text); nowhere else may one end.
HARD = r"""
Kumar et al. (2021) measured this first. ¦ Two groups, Adler et al. and Brandt et al., disagreed.
It was proposed by Kumar et al. ¦ In this work we test it.
The gain is real, i.e., it repeats, e.g. Transformers keep it, cf. Vaswani. ¦ The loss is not.
We learn in batches (i.e.sequential learning) of data. ¦ They are small.
Its merits are: (i) it is small; (ii) it is fast. ¦ Its cost is not.
Two gaps remain: (1) A map may fold; and (2) A map may tear. ¦ Both are closed here.
We make three steps. ¦ (i) We look. ¦ (ii) We think. ¦ (iii) We write.
The stages are: 1. Collect the maps 2. Fold them 3. Store them. ¦ They take an hour.
Scores rise vs. BERT and w.r.t. Gaussian noise, approx. 5 points (resp. Laplacian noise, 3). ¦ Costs fall.
See Fig. 3, Eq. (4), Sec. B and Tab. IV for more. ¦ The rest is in Ref. 12 and vol. 7, no. 2, pp. 3 to 9.
Scores of 0.52 and 0.48 in version 3.11.2 were seen. ¦ Only 12.5 remained.
We keep E(2) and SO(3) symmetry. ¦ E(2) is cheap.
As J. R. Miller and the physicist K. Weiss showed, it holds. ¦ We agree with Dr. Weiss.
Growth of E. coli and S. aureus was slow. ¦ C. elegans was faster.
Patients lacked vitamin D. ¦ We treated hepatitis B. ¦ Patients recovered.
Let $a. b$ be given, at $y = 2.$ ¦ Then $k$-means halts with $p<0.01$. ¦ $K$ is fixed, costs $5. ¦ We paid $10.
We ship \solver with {\em one. Big} cache and 90\% hits. ¦ \solver wins by 5\%. ¦ {\em All} is open.
Scores of 12.5$\pm$0.3\% and 9.1$\pm$0.4\% were seen. ¦ Baselines had 8$\pm$0.1\%.
Read Table V. ¦ Entries are few, as Theodore V. Allen found.
It is open at CheckThat! 2025 and was won! ¦ 3D maps won too.
We hold maps A, B, ... Z in store. ¦ Maps fade. (see towns). ¦ Scans last.
Maps fell in 2019. ¦ 2) Scans rose. ¦ We use BERT. ¦ "t-SNE" is next. ¦ We like BERT. ¦ we stop here in group 4. ¦ t-SNE goes on.
We sum over N. ¦ A map is one, e.g. The Hague. ¦ Some say "never." then go.
Let $n_1. K$ hold, as in Miller vs . Brandt. ¦ It rose by 12. 5% since.
Doctors rely on touch. ¦ % In this note, we rely on sound.
Code is at https://example.org/a/b. ¦ Data is at https://example.org/q?a=b.c&d=e. ¦ Both are free.
Our code is available. https://example.org/code
We plan with maps, cameras, etc. ¦ We drive in rain, snow, etc. and in fog.
We use U.S. census data and the U.S. Senate record. ¦ Few live in the U.S. ¦ We count them.
With i.i.d. Gaussian noise it holds. ¦ The noise is i.i.d. ¦ We drop it.
Some ask "does it scale?" ¦ Others say "it does." ¦ Then they test it ("for real.") ¦ We did too.
Which map is it?! ¦ Nobody knows… ¦ Perhaps one, two, ... or n maps, x_1, ..., X_n. ¦ We count.
The query "is it so?" became a test, and Yahoo! Answers failed it! ¦ We pass.
Maps matter. ¦ Sadly, few are drawn.
This is hard. ¦ t-SNE shows why. ¦ mRNA is one cause. ¦ k-means is another. ¦ nnU-Net helps. ¦ we agree.
We compare meshes. ¦ 3D scans come first. ¦ 12 scans failed.
It held for CIFAR-C. ¦ LAION holds more.
Maps were rare in 2019. ¦ In 2020 they spread by 30%. ¦ By 2021 they ruled (in cities). ¦ We ask why.
Maps (in [old] towns. In fields. In woods) are rare. ¦ [We omit roads. They are few.] ¦ Rivers [see A. Then B] stay.
We name it "Mapster"\footnote{A pun. Sorry about that.} for towns. ¦ It has Opus Op. 33 as its tune, for 20 min. ¦ Listeners slept.
Earlier maps (by hand, by eye, etc.) Mercator had drawn are lost. ¦ Ours are not.
Drawing was slow. [12] ¦ We draw faster. \cite{someone2020} ¦ We stop here.
Each was fined, e. g. Smith and i. e. Jones. ¦ That is all.
Background. Maps fade. ¦ Methods. We scan them. ¦ Results: Nine were saved. ¦ CONCLUSION Scan early.
Trained by Acme Inc. Robotics and Beta Corp. ¦ We thank both, cf. their Ph.D. theses.
It rose to 0. 95 in tests. ¦ 50 tests ran.
The word "model. " ¦ Then comes data.
這是第一句。 ¦ 真的嗎？ ¦ 是的！ ¦ 他說「好。走吧。」然後離開。
これは文です。 ¦ Transformerを使う。 ¦ 終わり
"""


@pytest.mark.parametrize("marked", HARD.strip().splitlines())
def test_sentences_end_where_a_reader_ends_them(marked: str) -> None:
    assert split(marked.replace(" ¦ ", " ")) == marked.split(" ¦ ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We train networks.However, we stop.", ["We train networks.", "However, we stop."]),
        ("We test on MNIST.The gain is 5%.Our code is free.", ["We test on MNIST.", "The gain is 5%.", "Our code is free."]),
        ("It works (mostly).We like it.", ["It works (mostly).", "We like it."]),
        ("Is it so?We ask.", ["Is it so?", "We ask."]),
        ("With scikit.learn and torch.nn.Linear on www.example.org or Node.JS it runs.", None),
        ("See https://example.org/pages.Index for e.g.Transformers in Leonardo.Ai now.", None),
        ("Bitte warten。次です。", ["Bitte warten。", "次です。"]),
    ],
)
def test_the_space_after_a_stop_may_be_missing(text: str, expected: list[str] | None) -> None:
    assert split(text) == (expected or [text])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One line\ngoes on. Then\nit ends.", ["One line\ngoes on.", "Then\nit ends."]),
        ("A heading\n\nIts text, by Miller et al.\n \nOld end", ["A heading", "Its text, by Miller et al.", "Old end"]),
        ("Highlights\n• Maps fade\n• Scans last", ["Highlights", "• Maps fade", "• Scans last"]),
        ("  \n Maps fade. \t\r\n Scans last. \n", ["Maps fade.", "Scans last."]),
        ("An end.. . Another.", ["An end.. .", "Another."]),
        ("An end. ■", ["An end. ■"]),
        ("— Maps fade.", ["— Maps fade."]),
        ("...", ["..."]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_white_space_and_stray_signs_make_no_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_offsets_are_exact() -> None:
    assert sentences(" Maps fade.  Scans last. ") == [Span(1, 11), Span(13, 24)]


def test_a_bracket_that_never_closes_swallows_nothing() -> None:
    assert split("Maps (of towns fade. Scans last. We scan.") == ["Maps (of towns fade.", "Scans last.", "We scan."]


def test_a_long_bracket_may_hold_sentences() -> None:
    long = "(" + "Maps of many towns and rivers fade. " * 12 + "The end.)"
    assert len(split(long)) == 13


SIGNS = st.lists(st.sampled_from([*"aZ09 .,;:!?…。\"'“”()[]{}$\\%\n•-/t", "et al. ", "i.e.", "www.", "We ", "U.S. "])).map(
    "".join
)
ANY = st.one_of(st.text(), SIGNS, st.text(st.characters(exclude_categories=())))


@given(ANY)
def test_every_character_but_white_space_is_in_exactly_one_sentence(text: str) -> None:
    spans = sentences(text)
    held = [at for span in spans for at in range(span.start, span.end)]
    assert held == sorted(set(held))
    assert {at for at, sign in enumerate(text) if not sign.isspace()} <= set(held)


@given(ANY)
def test_spans_are_in_order_and_without_white_space_around_them(text: str) -> None:
    spans = sentences(text)
    assert all(span.of(text) and span.of(text) == span.of(text).strip() for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert not spans or (spans[0].start >= 0 and spans[-1].end <= len(text))


@given(ANY)
def test_each_of_several_sentences_holds_a_letter_or_digit(text: str) -> None:
    found = split(text)
    assert len(found) < 2 or all(any(sign.isalnum() or sign == "_" for sign in sentence) for sentence in found)


WORDS = [
    "maps",
    "(see Fig. 3)",
    "by Miller et al. (2020),",
    "e.g. towns",
    "0.5",
    "$a. b$",
    "t-SNE",
    "i.e.,",
    "the U.S. data",
    "vs.",
]
SENTENCE = st.lists(st.sampled_from(WORDS), max_size=8).map(lambda words: " ".join(["We see", *words, "there."]))


@given(st.lists(SENTENCE, min_size=1, max_size=5))
def test_joined_sentences_come_apart_again_and_each_alone_stays_whole(parts: list[str]) -> None:
    assert split(" ".join(parts)) == parts
    assert all(split(part) == [part] for part in parts)


@pytest.mark.parametrize(
    "piece", ["(", "$", ". ", "().", "(a. B) ", "\n", "\n \t", "a.", "[1", '" . "', "$a", "1. ", "\\cite{", ".\u2029"]
)
def test_odd_texts_take_no_longer_than_their_length_asks(piece: str) -> None:
    began = time.perf_counter()
    sentences(piece * 20_000)
    assert time.perf_counter() - began < 10
