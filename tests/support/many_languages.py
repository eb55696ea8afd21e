"""An encoder that reads twelve languages by a small dictionary, papers for it, and questions: the same two of each language."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from functools import lru_cache

import numpy as np
from fakes import some_papers
from numpy.typing import NDArray

from rag.query.languages import languages
from rag.types import Paper

ANSWERABLE = {
    "zh": "如何跟踪大脑的变形？",
    "hi": "मस्तिष्क की विकृति को कैसे ट्रैक किया जाता है?",
    "es": "¿Cómo se sigue la deformación del cerebro?",
    "ar": "كيف يتم تتبع تشوه الدماغ؟",
    "fr": "Comment suit-on le gauchissement du cervelet ?",
    "bn": "মস্তিষ্কের বিকৃতি কীভাবে অনুসরণ করা হয়?",
    "pt": "Como a deformação do cérebro é acompanhada?",
    "ru": "Как отслеживается деформация мозга?",
    "ur": "دماغ کے بگاڑ کو کیسے ٹریک کیا جاتا ہے؟",
    "id": "Bagaimana deformasi otak dilacak?",
    "ja": "脳の変形はどのように追跡されますか？",
    "de": "Wie verfolgt man die Hirnverformung?",
}
UNANSWERABLE = {
    "zh": "面包的价格是多少？",
    "hi": "रोटी की कीमत कितनी होती है?",
    "es": "¿Cuál es el precio del pan?",
    "ar": "ما هو سعر الخبز؟",
    "fr": "Combien vaut une miche croustillante chez le boulanger ?",
    "bn": "রুটির দাম কত?",
    "pt": "Qual é o preço do pão?",
    "ru": "Сколько стоит буханка хлеба?",
    "ur": "روٹی کی قیمت کیا ہے؟",
    "id": "Berapa harga sepotong roti?",
    "ja": "パンの値段はいくらですか？",
    "de": "Was kostet ein Bauernbrot beim Dorfbäcker?",
}
CONCEPTS: dict[str, tuple[str, ...]] = {
    "brain": ("brain", "大脑", "脳", "मस्तिष्क", "cerebro", "cérebro", "الدماغ", "cervelet", "মস্তিষ্ক", "мозг", "دماغ", "otak", "hirn"),
    "deformation": (
        "deformation", "变形", "変形", "विकृति", "deformación", "deformação", "تشوه", "gauchissement", "বিকৃতি", "деформаци", "بگاڑ", "deformasi",
        "verformung",
    ),
    "bread": ("bread", "面包", "パン", "रोटी", "pan", "pão", "الخبز", "miche", "রুটি", "хлеб", "روٹی", "roti", "brot"),
}  # fmt: skip
"""What the encoder takes for the same: a word, or a part of one, in any of the languages."""

ENGLISH = Paper(
    "arxiv:2501.00001",
    "Following tissue",
    "Tissue moves a lot. The deformation of the brain is followed by a graph of landmarks. We test it on sixty scans. It is fast.",
    ("Ada Berg",),
    2025,
    source="tests",
)
CHINESE = Paper(
    "arxiv:2501.00002",
    "一种新的烤箱",
    "食品工业需要烤箱。本文提出一种测量面包温度的方法！误差低于一度。代码已经公开。",
    ("Li Wei",),
    2025,
    source="tests",
)
GERMAN = Paper(
    "arxiv:2501.00003",
    "Verfahren zur Messung",
    "Bisherige Verfahren messen ungenau. Wir verfolgen die Verformung im Hirn mit einem Netz aus Marken. Erprobt wurde es an Mäusen.",
    ("Eva Kern",),
    2025,
    source="tests",
)


class ConceptEncoder:
    """An Encoder: a text is the sum of its concepts, of a little that is its own, and of what all texts share, so that all are near one another.

    It reads the everyday questions of these languages, all that it has questions in by default.
    """

    name = "concepts"

    def __init__(self, read: Collection[str] | None = None, shared: float = 0.5, dimensions: int = 128) -> None:
        self.dimensions = dimensions
        self.shared = shared
        known = languages() if read is None else {code: languages()[code] for code in read}
        self._everyday = {question: f"everyday {at}" for own in known.values() for at, question in enumerate(own.questions)}
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        rows = np.stack([self._one(text) for text in texts]) if texts else np.empty((0, self.dimensions))
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def _one(self, text: str) -> NDArray[np.float64]:
        own = text.casefold()
        found = [concept for concept, words in CONCEPTS.items() if any(word in own for word in words)]
        found += [self._everyday[text]] if text in self._everyday else []
        return 0.4 * self._of(text) + self.shared * self._of("all") + sum(map(self._of, found), np.zeros(self.dimensions))

    @lru_cache(maxsize=4096)  # noqa: B019 (a test's encoder lives as long as its cache)
    def _of(self, name: str) -> NDArray[np.float64]:
        seed = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())
        vector = np.random.default_rng(seed).standard_normal(self.dimensions)
        return np.asarray(vector / np.linalg.norm(vector))


def papers() -> list[Paper]:
    """Sixteen papers about nothing that is asked, and one that answers."""
    return [*some_papers(16), ENGLISH]
