"""Which script a question is written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.scripts import other_script, stands_in_script


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("那第二种方法呢?", "CJK"),
        ("什么是 GNN?", "CJK"),
        ("この論文のコードは公開されていますか", "KATAKANA"),
        ("GPT-4とClaudeの推論能力を比較してください", "KATAKANA"),
        ("Какие темы охватывает эта коллекция?", "CYRILLIC"),
        ("ما هي الشبكات العصبية؟", "ARABIC"),
        ("그래프 신경망이란 무엇인가요?", "HANGUL"),
        ("מה זה רשת נוירונים?", "HEBREW"),
        ("τι είναι ένα νευρωνικό δίκτυο;", "GREEK"),
        ("โครงข่ายประสาทคืออะไร", "THAI"),
        ("तंत्रिका नेटवर्क क्या है?", "DEVANAGARI"),
        ("What is the α-divergence of β and Δ?", None),
        ("Qu'est-ce que l'apprentissage profond ?", None),
        ("¿Qué es una red neuronal?", None),
        ("Ｗｈａｔ ｉｓ ｉｔ", None),
        ("α", None),
        ("123 😀 ?", None),
        ("", None),
    ],
)
def test_the_script_of_a_text(text: str, script: str | None) -> None:
    assert other_script(text) == script
    assert script is None or stands_in_script(text, script)


@given(st.text())
def test_the_script_of_any_text_stands_in_it(text: str) -> None:
    script = other_script(text)
    assert script is None or stands_in_script(text, script)
