"""Sentences ranked by an encoder's vectors alone, for what the learned reader cannot read: questions and papers in other languages.

What counts is not how near a sentence is to the question, since each encoder has a scale of its own, but how far it stands out: by how many
standard deviations it is nearer than sentences of the collection at large. Other questions in the same language are taken off first, as a
sentence that is near to every question says nothing of this one.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from rag.protocols import Encoder
from rag.query.languages import languages
from rag.text.foreign import is_foreign
from rag.text.instructions import reporting
from rag.text.scripts import other_script
from rag.text.sentences import sentences
from rag.types import Evidence, Hit, Paper, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

T = TypeVar("T")
PAPERS = 3
"""Papers whose sentences are compared with a question. Chosen."""
A_PAPER = 16
"""Sentences of one paper that are compared, spread over its abstract. Chosen."""
AT_LARGE = 32
"""Papers of the collection, spread over it, that stand for all of it. Chosen."""
OF_EACH = 2
"""Sentences of each of them. Chosen."""
FEWEST = 12
"""Sentences at large from which their spread can be told. Chosen."""
STANDS_OUT = 3.5
"""Standard deviations above the sentences at large from which a sentence answers: of 54 questions in 14 languages over the bundled papers, with the
encoder `multilingual`, this refuses 6 of 31 answerable and 15 of 23 unanswerable ones (`python -m eval.bench.languages`)."""
READS = 5
"""Of eight everyday questions, so many must find themselves in English, for an encoder to read their language: by chance one does. Chosen."""
_TELLING = 6
"""Sentences of an abstract that tell its language. Chosen."""
REMEMBERED = 256
"""Papers whose vectors are kept: 64 kB each where a vector has 1,024 numbers."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Sentences best first, scored by the standard deviations that they stand out by; without any, nothing could be compared."""

    sentences: tuple[Evidence, ...] = ()

    @property
    def answers(self) -> bool:
        return bool(self.sentences) and self.sentences[0].score >= STANDS_OUT


class VectorReader:
    """Ranks sentences by `encoder`; `papers` gives the collection. Remembers the papers that it read last, and the languages it was tried in.

    Each method raises ModelFailed where a server encodes and fails.
    """

    def __init__(self, encoder: Encoder, papers: Callable[[], Sequence[Paper]]) -> None:
        self.encoder = encoder
        self._papers = papers
        self._kept: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._lock = threading.Lock()
        self._tried: dict[str, Vectors] = {}

    def reads(self, language: str) -> bool:
        """Whether the encoder finds everyday questions in this language in English; of a language without any that is not asked."""
        if language not in languages():
            return True
        near = self._questions(language) @ self._questions("en").T
        return sum(int(row.argmax()) == place for place, row in enumerate(near)) >= READS

    def rank(self, question: str, language: str, hits: Sequence[Hit]) -> Ranked:
        """The sentences of the first papers, best first."""
        near = [hit.paper for hit in hits[:PAPERS]]
        near_ids = {paper.id for paper in near}
        at_large = [paper for paper in _spread(self._papers(), AT_LARGE + PAPERS) if paper.id not in near_ids][:AT_LARGE]
        others = [hit.paper for hit in hits[PAPERS:]]
        spans = {paper.id: _spread(reporting(paper.abstract), A_PAPER) for paper in near}
        wanted = [(paper, spans[paper.id]) for paper in near]
        wanted += [(paper, _spread(reporting(paper.abstract), OF_EACH)) for paper in (*others, *at_large)]
        vectors = self._of(wanted)
        scores = self._scores(question, language, vectors)
        return _ranked(wanted[: len(near)], scores, wanted[len(near) :])

    def _scores(self, question: str, language: str, vectors: dict[tuple[str, Span], Vectors]) -> dict[tuple[str, Span], float]:
        """How much nearer each sentence is to the question than to other questions in its language."""
        import numpy as np

        if not vectors:
            return {}
        matrix = np.stack(list(vectors.values()))
        asked = self.encoder.encode([question])[0]
        usual = self._questions(language if language in languages() else "en").mean(axis=0)
        return dict(zip(vectors, (matrix @ (asked - usual)).tolist(), strict=True))

    def _questions(self, language: str) -> Vectors:
        """The eight questions of a language; those that were not encoded yet together with the English ones, in one request."""
        new = [code for code in dict.fromkeys(("en", language)) if code not in self._tried]
        if new:
            rows = self.encoder.encode([question for code in new for question in languages()[code].questions])
            for place, code in enumerate(new):
                count = len(languages()[code].questions)
                self._tried[code] = rows[place * count : (place + 1) * count]
        return self._tried[language]

    def _of(self, wanted: Sequence[tuple[Paper, Sequence[Span]]]) -> dict[tuple[str, Span], Vectors]:
        """The vector of each sentence; what is not remembered is encoded at once."""
        texts = {(paper.id, span): span.of(paper.abstract) for paper, spans in wanted for span in spans}
        keys = {place: (place[0], text) for place, text in texts.items()}
        wanted_keys = dict.fromkeys(keys.values())
        with self._lock:
            found = {key: self._kept[key] for key in wanted_keys if key in self._kept}
        missing = [key for key in wanted_keys if key not in found]
        if missing:
            found.update(zip(missing, self.encoder.encode([text for _, text in missing]), strict=True))
        with self._lock:
            for key in wanted_keys:
                self._kept[key] = found[key]
                self._kept.move_to_end(key)
            while len(self._kept) > REMEMBERED * A_PAPER:
                self._kept.popitem(last=False)
        return {place: found[key] for place, key in keys.items()}


def _ranked(
    near: Sequence[tuple[Paper, Sequence[Span]]],
    scores: dict[tuple[str, Span], float],
    at_large: Sequence[tuple[Paper, Sequence[Span]]],
) -> Ranked:
    found = [(scores[paper.id, span], paper, span) for paper, spans in near for span in spans]
    if not found:
        return Ranked()
    _, best, _ = max(found, key=lambda one: (one[0], one[1].id, -one[2].start))
    mean, spread = _background(best, near, scores, at_large)
    evidence = [Evidence(paper, span, round((score - mean) / spread, 6) if spread else 0.0) for score, paper, span in found]
    return Ranked(tuple(sorted(evidence, key=lambda one: (-one.score, one.paper.id, one.span.start))))


def _background(
    best: Paper,
    near: Sequence[tuple[Paper, Sequence[Span]]],
    scores: dict[tuple[str, Span], float],
    at_large: Sequence[tuple[Paper, Sequence[Span]]],
) -> tuple[float, float]:
    """Mean and standard deviation of the sentences at large, of those alone that are in the best paper's language where there are enough.

    Encoders put texts of one language together, so that beside English sentences any German one would stand out to a German question. In a
    collection of a few papers, the near ones count too.
    """
    import numpy as np

    language = _written_in(best.abstract)
    others = [pair for pair in (*at_large, *near) if pair[0].id != best.id]
    alike = [pair for pair in at_large if _written_in(pair[0].abstract) == language]
    for chosen in (alike, [pair for pair in others if _written_in(pair[0].abstract) == language], at_large, others):
        values = [scores[paper.id, span] for paper, spans in chosen for span in spans]
        if len(values) >= FEWEST:
            return float(np.mean(values)), float(np.std(values))
    values = list(scores.values())
    return float(np.mean(values)), float(np.std(values))


def written_in_another(paper: Paper) -> bool:
    """Whether a paper's abstract is in another language than English."""
    return _written_in(paper.abstract) != ""


@lru_cache(maxsize=1024)
def _written_in(abstract: str) -> str:
    """The script of an abstract, `LATIN` for one in Latin letters that is not English, and nothing for English."""
    first = [span.of(abstract) for span in sentences(abstract)[:_TELLING]]
    foreign = sum(map(is_foreign, first))
    return other_script(" ".join(first)) or ("LATIN" if foreign and 2 * foreign >= len(first) else "")


def _spread(items: Sequence[T], most: int) -> list[T]:
    """At most so many of them, evenly over all."""
    return [items[place * len(items) // most] for place in range(most)] if len(items) > most else list(items)
