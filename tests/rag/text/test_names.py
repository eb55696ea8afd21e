"""Names by their form: one recogniser for whoever looks for a paper, a claim's names or what a question asks about."""

import pytest

from rag.text.names import coined, coined_or_numbered, is_coined, is_name, names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We compare PaleScan, DualMesh-UDF and NCNC with the rest", ["PaleScan", "DualMesh-UDF", "NCNC"]),
        ("Plain words Only", []),
        ("PaleScan beats PaleScan", ["PaleScan"]),
        ("see http://GitHub.com/PaleScan, GitHub.com/PaleScan, GitHub.com, C:\\MyDocs", []),
        ("fMRI/DTI, Tanh/ReLU on 8x8 grids", ["fMRI", "DTI", "ReLU", "8x8"]),
        ("t-SNE and LaTeX", ["t-SNE", "LaTeX"]),
        ("wav2vec 2.0 and word2vec, ResNet50, GPT-4, GPT-3.5", ["wav2vec", "word2vec", "ResNet50", "GPT-4", "GPT-3"]),
        ("an SE(3)-equivariant net, E(n) and SO(3)", ["SE(3)", "E(n)", "SO(3)"]),
        ("tubuleTracker on an iPhone at 3 dB and 4 kHz", ["tubuleTracker", "iPhone"]),
        ("pass@1, mAP@0.5 and Recall@10", ["pass@1", "mAP@0", "Recall@10"]),
        ("3DGS in 3D with 16GB, 7B weights, top-1 in phase-2 and 10k steps", ["3DGS"]),
        ("", []),
    ],
)
def test_coined_names_are_known_by_their_form(text: str, expected: list[str]) -> None:
    assert coined(text) == expected


def test_what_a_number_sets_apart_counts_where_nothing_may_be_changed() -> None:
    found = [each.group() for each in coined_or_numbered("top-1 of phase-2 on the A100 by wav2vec on CIFAR-10, 5-fold")]
    assert found == ["top-1", "phase-2", "A100", "wav2vec", "CIFAR-10"]


@pytest.mark.parametrize("word", ["NoProp", "wav2vec", "SE(3)", "pass@1", "GPT-4"])
def test_every_recogniser_knows_the_same_names(word: str) -> None:
    question = f"how does {word} work?"
    assert is_coined(word)
    assert is_name(word)
    assert coined(question) == [each.group() for each in coined_or_numbered(question)] == list(names(question)) == [word]
    assert list(names(f"{word} works how?")) == [word]


def test_a_capital_tells_a_name_only_inside_a_sentence() -> None:
    assert list(names("Which papers cite Kidger? BERT does. Kolmogorov-Arnold nets, too: Yes. (He asked Ada.)")) == [
        "Kidger",
        "Kolmogorov-Arnold",
        "Ada",
    ]
