"""British and American spellings are told to be one word, and no other word becomes another one."""

from __future__ import annotations

import pytest

from rag.text.variants import american, spellings
from rag.text.words import stem

PAIRS = [
    ("randomised", "randomized"), ("minimise", "minimize"), ("optimisation", "optimization"), ("characterising", "characterizing"), ("criticised", "criticized"),
    ("analysed", "analyzed"), ("tumour", "tumor"), ("tumours", "tumors"), ("behavioural", "behavioral"), ("neighbourhoods", "neighborhoods"), ("centre", "center"),
    ("fibres", "fibers"), ("catalogue", "catalog"), ("defence", "defense"), ("haemorrhage", "hemorrhage"), ("anaemia", "anemia"), ("paediatric", "pediatric"),
    ("oestrogen", "estrogen"), ("foetal", "fetal"), ("diarrhoea", "diarrhea"),
]  # fmt: skip


@pytest.mark.parametrize(("british", "own"), PAIRS)
def test_both_spellings_are_one_word(british: str, own: str) -> None:
    assert american(british) == american(own) == own
    assert stem(british) == stem(own)
    assert own in spellings(british)
    assert british in spellings(own)


@pytest.mark.parametrize(
    "word",
    ["precise", "supervised", "revised", "rise", "wise", "noise", "promised", "comprised", "hour", "four", "where", "were", "science", "absence", "disease", ""],
)  # fmt: skip
def test_other_words_stay(word: str) -> None:
    assert american(word) == word


@pytest.mark.parametrize(("one", "other"), [("supervision", "supervised"), ("precision", "precise"), ("revision", "revised")])
def test_what_has_one_stem_keeps_it(one: str, other: str) -> None:
    assert stem(one) == stem(other)
