"""German and French questions become English word by word; English ones stay as they are."""

from __future__ import annotations

import unicodedata
from importlib.resources import files

import pytest

from rag.query.glossary import LANGUAGES
from rag.query.translation import language_of, to_english
from rag.text.words import words

GERMAN = [
    ("Wie funktioniert der Aufmerksamkeitsmechanismus in neuronalen Netzen?", "how attention mechanism neural network"),
    (
        "Welche Arbeiten behandeln die Ausbreitung von Fehlern in tiefen Netzwerken?",
        "which papers propagation error deep network",
    ),
    (
        "Vergleiche Graphnetze mit Faltungsnetzen auf kleinen Datensätzen.",
        "compare graph networks convolutional small datasets",
    ),
    (
        "Was ist der Unterschied zwischen überwachtem und unüberwachtem Lernen?",
        "what difference between supervised and unsupervised learning",
    ),
    (
        "Warum ist die Rückpropagation ohne Rauschen schneller und genauer?",
        "why backpropagation without noise faster more accurate",
    ),
    ("Wie viele Schichten und Gewichte hat das größte Sprachmodell?", "how many layer weight largest language model"),
    ("Fasse zusammen, was über die Bildgebung von Hirntumoren bekannt ist.", "summarize about imaging brain tumor known"),
    ("Erkläre, wie die Lernrate den Gradientenabstieg beeinflusst.", "explain how learning rate gradient descent influence"),
    ("Gibt es Verfahren zur Bildklassifikation mit wenig Speicher?", "are there method image classification memory"),
    ("Welche Genauigkeit erreicht die Vorhersage des Wetters?", "which accuracy achieve prediction weather"),
    ("Nenne Gleichungen, deren Ableitung auf einer Oberfläche berechnet wird.", "name equation derivative surface compute"),
    ("Wieso sind Kanten und Knoten für das Gedächtnis des Gehirns wichtig?", "why edge node memory brain important"),
]
FRENCH = [
    ("Comment fonctionne l'apprentissage par renforcement ?", "how work the learning by reinforcement"),
    ("Qu'est-ce que la rétropropagation dans un réseau de neurones profond ?", "what is backpropagation network neuron deep"),
    ("Quels articles traitent de la reconnaissance d’images médicales ?", "which papers recognition images medical"),
    ("Compare les réseaux convolutifs et les graphes de connaissances.", "compare network convolutional and graph knowledge"),
    ("Combien de couches et de paramètres le meilleur modèle utilise-t-il ?", "how many layer parameter better model use"),
    ("Quelle est la différence entre une perte et une erreur d'entraînement ?", "what difference between loss error training"),
    ("Pourquoi le bruit rend-il l’apprentissage plus rapide sans biais ?", "why noise learning more fast without bias"),
    ("Résume les travaux sur l'imagerie du cerveau et les tumeurs.", "summarize papers on imaging brain tumors"),
    ("Explique le taux d'apprentissage et la descente de gradient.", "explain rate learning descent gradient"),
    ("Y a-t-il des jeux de données pour la traduction automatique ?", "are there dataset translation machine"),
    (
        "Qui a proposé une méthode pour résoudre des équations aux dérivées partielles ?",
        "who method solve equation derivative partial",
    ),
    ("Cite des approches plus économes en mémoire que les modèles de langue.", "name approach more memory model language"),
]
ENGLISH = [
    "What is backpropagation?",
    "Why do neurons die during training?",
    "dying ReLU neurons die",
    "Compare Adam and SGD",
    "Compare Adam, SGD, Lion",
    "articles on graph networks",
    "What does Adam do on a plateau?",
    "Resume training from a checkpoint",
    "Who is Le Cun?",
    "Le Cun",
    "l'Hopital rule",
    "Is the est. error of d'Alembert's solver low?",
    "de novo protein design",
    "van der Waals forces",
    "von Mises-Fisher distribution",
    "WER of speech models, e.g. from MIT",
    "What was the difference between plus and minus?",
    "What's Einstein's role in that? I don't know",
    "Comment on the papers that use an ensemble",
    "d’Alembert operator",
    "Optimisation of a sans serif font",
    "São Paulo air quality",
    "Uber drivers",
    "Uber surge pricing in cities",
    "dire wolf genome",
    "aberrant cell growth",
    "parole hearings",
]


def _entries() -> list[list[str]]:
    lines = (files("rag") / "data" / "glossary.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("#")
    return [line.split("\t") for line in lines[1:]]


def test_glossary_parses_and_is_large_enough() -> None:
    entries = _entries()
    assert all(entry[0] in LANGUAGES and entry[1] == entry[1].strip() and entry[3:] in ([], ["also"]) for entry in entries)
    assert all(sum(entry[0] == language for entry in entries) > 500 for language in LANGUAGES)


def test_no_key_twice_and_none_that_is_english_already() -> None:
    keys = [(language, foreign.casefold()) for language, foreign, *_ in _entries()]
    assert sorted(keys) == sorted(set(keys))
    assert [foreign for _, foreign, english, *_ in _entries() if foreign == english] == []


@pytest.mark.parametrize(
    ("language", "question", "expected"), [("de", *row) for row in GERMAN] + [("fr", *row) for row in FRENCH]
)
def test_content_words_arrive_in_english(language: str, question: str, expected: str) -> None:
    assert language_of(question) == language
    missing = set(expected.split()) - set(words(to_english(question)))
    assert not missing, to_english(question)


@pytest.mark.parametrize("question", ENGLISH)
def test_english_stays(question: str) -> None:
    assert language_of(question) is None
    assert to_english(question) == question


@pytest.mark.parametrize("text", ["", "   ", "🙂", "🤖🎉 ?!", "42", "Adam", "BERT", "What is a graph?", "注意力机制是什么"])
def test_no_language(text: str) -> None:
    assert language_of(text) is None
    assert to_english(text) == text


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("neuronale Netze", "de"),
        ("Was ist Dropout in CNNs?", "de"),
        ("apprentissage par renforcement", "fr"),
        ("was ist diffusion", "de"),
        ("NoProp Autoren", "de"),
        ("Comment l'IA aide-t-elle au diagnostic médical ?", "fr"),
        ("Est-ce que Adam converge plus vite que SGD ?", "fr"),
    ],
)
def test_short_questions_and_those_full_of_english_terms(question: str, language: str) -> None:
    assert language_of(question) == language


def test_elision_keeps_words_apart() -> None:
    assert words(to_english("Comment fonctionne l’attention ?")) == ["how", "work", "the", "attention"]


def test_what_is_in_french_is_what_is_in_english() -> None:
    assert to_english("Qu'est-ce que le dropout ?") == "what is the dropout ?"


def test_decomposed_accents_are_the_same_words() -> None:
    question = "Les réseaux évitent-ils le surapprentissage ?"
    assert to_english(unicodedata.normalize("NFD", question)) == to_english(question)


def test_abbreviations_and_names_stay() -> None:
    assert "WER" in to_english("Wie wird die WER in der Spracherkennung gemessen?")
    assert "artificial intelligence" in to_english("Wie wird KI in der Medizin eingesetzt?")
    assert "Adam" in to_english("Warum ist Adam schneller als SGD?")
