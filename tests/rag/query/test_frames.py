"""Everyday questions in German, French, Spanish, Portuguese and Italian are put into English as they are asked there."""

from __future__ import annotations

import re

import pytest

from rag.query.correction import cognate
from rag.query.frames import GAP, framed
from rag.query.glossary import LANGUAGES, glossaries, rows
from rag.query.languages import is_lost
from rag.query.translation import language_of, to_english, unread
from rag.text.spelling import Vocabulary

ASKED = [
    ("Wer hat die Arbeit über Marsbeben verfasst?", "who wrote the paper about Marsbeben?"),
    ("Bitte fasse NoProp kurz zusammen.", "summarize NoProp"),
    ("Welche Artikel handeln von Hypergraphen?", "which papers deal with hypergraph?"),
    ("Was unterscheidet Adam von Lion?", "what distinguishes Adam from Lion?"),
    ("und wer hat es geschrieben?", "and who wrote it?"),
    ("Welche Arbeiten sind nach 2020 erschienen?", "which papers are from after 2020?"),
    ("Qui a écrit NoProp ?", "who wrote NoProp?"),
    ("qui a ecrit NoProp", "who wrote NoProp"),
    ("De quoi parle Barlow Twins, s'il vous plaît ?", "summarize Barlow Twins?"),
    ("Combien d'articles datent de 2021 ?", "how many papers are from 2021?"),
    ("¿Quién escribió Barlow Twins?", "who wrote Barlow Twins?"),
    ("¿Qué artículos tratan de hipergrafos?", "which papers deal with hypergraphs?"),
    ("¿Y en qué año se publicó?", "and when was it published?"),
    ("¿Cuántos artículos hay sobre la segmentación?", "how many papers deal with the segmentation?"),
    ("Quem escreveu o artigo sobre redes neurais?", "who wrote the paper on networks neural?"),
    ("Quais trabalhos falam sobre robótica?", "which papers deal with robotic?"),
    ("Qual é a diferença entre Adam e Lion?", "what is the difference between Adam and Lion?"),
    ("Chi ha scritto Barlow Twins?", "who wrote Barlow Twins?"),
    ("Di che cosa parla NoProp?", "summarize NoProp?"),
    ("Quanti articoli sono del 2023?", "how many papers are from 2023?"),
]


@pytest.mark.parametrize(("question", "english"), ASKED)
def test_an_everyday_question_is_asked_as_in_english(question: str, english: str) -> None:
    assert to_english(question) == english


def test_a_question_of_mostly_english_words_is_told_by_its_frame() -> None:
    assert language_of("Wer hat „Attention Is All You Need“ geschrieben?") == "de"
    assert language_of("¿De qué trata Attention Is All You Need?") == "es"


def test_each_frame_has_the_gaps_of_its_english() -> None:
    table = rows("question_frames.tsv")
    assert {language for language, *_ in table} == set(LANGUAGES)
    assert [row for row in table if row[1].count(GAP) != row[2].count(GAP)] == []
    assert len({tuple(row[:2]) for row in table}) == len(table)
    for _, frame, _ in table:
        re.compile(frame.replace(GAP, "x"))


@pytest.mark.parametrize("question", ["", "???", "NoProp", "Quid est veritas?", "x" * 10_000])
def test_what_fits_no_frame(question: str) -> None:
    assert [framed(question, language) for language in LANGUAGES] == [None] * len(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "word", "english"),
    [
        ("de", "Bildsegmentierung", "image segmentation"),
        ("de", "Photosynthese", "photosynthesis"),
        ("de", "Infektionen", "infection"),
        ("de", "Hypergraph", "hypergraph"),
        ("fr", "polarisation", None),
        ("fr", "robotiques", "robotics"),
        ("es", "hipergrafos", "hypergraphs"),
        ("es", "vacunación", None),
        ("es", "cardiología", "cardiology"),
        ("pt", "polarização", "polarization"),
        ("it", "infiammazione", None),
        ("it", "polarizzazione", None),
        ("it", "genetica", "genetic"),
    ],
)
def test_words_by_spelling_and_parts(language: str, word: str, english: str | None) -> None:
    glossary = glossaries()[language]
    entry = glossary.entry(word)
    assert (glossary.words[entry] if entry else glossary.english(word)) == english


def test_accents_tell_words_apart_and_may_be_left_out() -> None:
    words = glossaries()["pt"].words
    assert (words["é"], words["e"]) == ("is", "and")
    assert to_english("Que artigos ha sobre simetria?") == to_english("Que artigos há sobre simetria?")


def test_words_that_stay_in_their_language_are_unread_and_names_are_not() -> None:
    assert unread(to_english("¿Cómo se cocina el arroz con MgNO en España?"), "es") == ("cocina", "arroz")
    assert unread(to_english("Wie schmeckt Apfelkuchen mit MgNO?"), "de") == ("schmeckt", "Apfelkuchen")


def test_a_question_is_lost_on_words_that_neither_glossary_nor_collection_has() -> None:
    asked = "who has the Apfelkuchen baked?"
    assert is_lost(asked, ("Apfelkuchen",), lambda word: False)
    assert not is_lost(asked, ("Apfelkuchen",), lambda word: True)


@pytest.mark.parametrize(
    ("word", "own"),
    [
        ("Topiramat", "topiramate"),
        ("topiramato", "topiramate"),
        ("tubercolosi", None),
        ("topo", None),
        ("Apiramat", None),
        ("", None),
    ],
)
def test_a_word_that_resembles_one_of_the_collection(word: str, own: str | None) -> None:
    vocabulary = Vocabulary([("topiramate", 3), ("top", 9), ("zinc", 2)])
    assert cognate(word, vocabulary.near) == own


def test_a_compound_of_which_one_half_is_the_same_in_english() -> None:
    assert glossaries()["de"].english("Diabetesrisiko") == "diabetes risk"
