"""Abbreviations are found beside the words that they stand for, whichever comes first."""

from __future__ import annotations

import pytest

from rag.text.abbreviations import spells_out

SPELLED = [
    ("ART", "Patients on ART, or antiretroviral therapy, live longer."),
    ("ART", "We give antiretroviral therapy, or ART, early."),
    ("HAART", "They received highly active antiretroviral therapy (HAART)."),
    ("PONV", "Postoperative nausea and vomiting (PONV) is common."),
    ("siRNAs", "Short interfering RNAs (siRNAs) were injected."),
    ("PUMA", "The effector PUMA (p53-upregulated modulator of apoptosis) was absent."),
    ("TGF-β", "Transforming growth factor beta (TGF-β) rose."),
    ("IFN-α", "Interferon alpha (hereafter IFN-α) was given."),
    ("β-AR", "We block the β-adrenergic receptor (β-AR)."),
    ("C6ST-1", "Chondroitin 6-sulphotransferase-1 (C6ST-1) is upregulated."),
    ("LoRA", "We use low-rank adaptation (LoRA; see below) throughout."),
    ("GPU", "GPU stands for graphics processing unit."),
    ("SVM", "SVMs: support vector machines are compared."),
    ("haart", "They received highly active antiretroviral therapy (HAART)."),
]
NOT_SPELLED = [
    ("LSTM", "An LSTM (see Table 2) is used."),
    ("CNN", "The CNN, a network, works."),
    ("CT", "Short-axis and CT images are used."),
    ("SD", "The mean (SD) was 4 (2)."),
    ("RT", "We use RT."),
    ("", "Nothing (here)."),
    ("ART", ""),
    ("ART", "Antiretroviral therapy is given."),
]


@pytest.mark.parametrize(("short", "sentence"), SPELLED)
def test_spelled_out(short: str, sentence: str) -> None:
    assert spells_out(short, sentence)


@pytest.mark.parametrize(("short", "sentence"), NOT_SPELLED)
def test_not_spelled_out(short: str, sentence: str) -> None:
    assert not spells_out(short, sentence)
