"""Exact sentences that answer: every sentence of a paper held word by word against the question.

Late interaction after Khattab & Zaharia, "ColBERT" (SIGIR 2020), with the encoder's own states: a sentence's match is the mean, over
the question's words, of the best cosine that the word finds among the sentence's words; a third of it is the mean over those words that
the paper's title does not have. Cues add what similarity does not see:
a question for a number wants a sentence with one.
"""

from __future__ import annotations

import json
import math
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import accumulate
from typing import TYPE_CHECKING

from rag.library.word_states import WordStates
from rag.protocols import SentenceReader, WordEncoder
from rag.query.paper_names import subject_words
from rag.query.plan import QueryPlan, Want
from rag.text.cues import word_list
from rag.text.frequency import rarity
from rag.text.numerals import CARDINAL, LARGE
from rag.text.outline import without_comment_sign
from rag.text.sentence_roles import Part
from rag.text.words import WORD, content_words, fold, is_content, stem, stems
from rag.types import Evidence, Hit, Paper, Role, Span, WordRows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

REMEMBERED = 512
"""Papers that are kept in memory: some 30 kB each from a library, 0.5 MB where a paper was encoded just now."""
_FILE: Mapping[str, float | str] = json.loads((files("rag") / "data" / "sentence_weights.json").read_text(encoding="utf-8"))
WEIGHTS: Mapping[str, float] = {name: value for name, value in _FILE.items() if not isinstance(value, str)}
"""What each part of a sentence's score counts; the match itself counts 1. The file says where they come from."""
HIT_SHARE = WEIGHTS["hit"]
"""What a paper's own rank (0…1) adds to each of its sentences: enough to keep a stray sentence of another paper behind."""
INTERROGATIVES = frozenset("what which who whom whose how why when where".split())


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A paper read: the sentences that report something, their roles, the vectors of the passages they stand in, and their words' vectors one
    below the other (`starts`: each sentence's first row)."""

    paper: Paper
    spans: tuple[Span, ...]
    parts: tuple[Part, ...]
    meanings: Vectors
    tokens: WordRows
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A sentence compared with a question: the evidence (scored), its part in the abstract, for each of the question's words the best
    cosine, and the cosine of the passage it stands in; `answers` are the learned reader's log-odds that it answers, where it was read, and
    `stance` its probabilities that it affirms what is asked or supposed, says nothing of it, denies it, where it was held against the question."""

    evidence: Evidence
    part: Part
    position: int
    words: Mapping[str, float]
    meaning: float
    hit: Hit
    answers: float | None = None
    stance: tuple[float, float, float] | None = None

    @property
    def role(self) -> Role:
        return self.part.role

    @property
    def text(self) -> str:
        return self.evidence.text

    @property
    def score(self) -> float:
        return self.evidence.score


class SentenceRanker:
    """Finds the sentences of papers that answer a question; remembers the papers it read last.

    `weights` has a value for each name in `WEIGHTS`. `states` may know the papers' words from a library; by default, each paper is encoded when it is first read.
    """

    def __init__(
        self,
        encoder: WordEncoder,
        remembered: int = REMEMBERED,
        states: SentenceReader | None = None,
        weights: Mapping[str, float] = WEIGHTS,
    ) -> None:
        self._encoder = encoder
        self._states = states or WordStates(encoder)
        self._remembered = remembered
        self._weights = weights
        self._readings: OrderedDict[tuple[str, str, str], Reading] = OrderedDict()

    def matches(self, question: QueryPlan, hits: Iterable[Hit]) -> list[Match]:
        """All sentences of the hits' papers, best first; ties by paper and place."""
        asked = self._words(question.text)
        found = [match for hit in hits for match in self._of_paper(question, asked, hit)]
        return sorted(found, key=lambda match: (-match.score, match.evidence.paper.id, match.position))

    def read(self, paper: Paper) -> Reading:
        key = (paper.id, paper.title, paper.abstract)
        found = self._readings.pop(key, None)  # in one step: other threads read papers, and forget some, at the same time
        if found is None:
            found = self._read(paper)
        self._readings[key] = found
        if len(self._readings) > self._remembered:
            self._readings.popitem(last=False)
        return found

    def _read(self, paper: Paper) -> Reading:
        import numpy as np

        read = self._states.read(paper)
        kept = list(read.outline.kept)
        if not kept:
            nothing = np.empty((0, self._encoder.dimensions), np.float32)
            return Reading(paper, (), (), nothing, read.words, ())
        ends = (*read.starts[1:], read.count)
        rows = [range(read.starts[place], ends[place]) for place in kept]
        spans = tuple(without_comment_sign(read.outline.spans[place], paper.abstract) for place in kept)
        starts = tuple(accumulate(map(len, rows[:-1]), initial=0))
        words = read.words if len(kept) == len(read.outline.spans) else read.words.take([row for own in rows for row in own])
        return Reading(paper, spans, read.outline.parts, read.wholes[kept], words, starts)

    def _words(self, text: str) -> tuple[list[str], Vectors, Vectors]:
        """The question's words, their vectors (words × dimensions) and its own; interrogatives count only where there is nothing else."""
        import numpy as np

        vectors = self._encoder.encode_words([text])[0]
        found = []
        for place in WORD.finditer(text):
            rows = [row for row, span in enumerate(vectors.spans) if place.start() <= span.start and span.end <= place.end()]
            if rows:
                mean = vectors.tokens[rows].mean(axis=0)
                found.append((fold(place.group()), mean / max(float(np.linalg.norm(mean)), 1e-9)))
        telling = [pair for pair in found if pair[0] not in INTERROGATIVES] or found
        stacked = np.stack([vector for _, vector in telling]) if telling else vectors.sentence[None, :]
        return [word for word, _ in telling] or [text], stacked, vectors.sentence

    def _of_paper(self, question: QueryPlan, asked: tuple[list[str], Vectors, Vectors], hit: Hit) -> list[Match]:
        import numpy as np

        reading = self.read(hit.paper)
        if not reading.spans:
            return []
        names, vectors, meaning = asked
        subject = subject_words(question.text, hit.paper)
        telling = [column for column, name in enumerate(names) if name not in subject] or list(range(len(names)))
        share = self._weights["point"]
        point, rarities = _point([names[column] for column in telling], hit.paper.title)
        pointed = [telling[place] for place in point]
        similar = np.maximum.reduceat(reading.tokens.dot(vectors), reading.starts, axis=0)
        whole = (reading.meanings @ meaning).tolist()
        found = []
        for position, (span, part, row) in enumerate(zip(reading.spans, reading.parts, similar, strict=True)):
            text = span.of(hit.paper.abstract)
            own = (
                (1 - share) * float(row[telling].mean())
                + share * float(row[pointed] @ rarities)
                + introduction(question, text, self._weights)
                + cue(question.wants, text, part.role, self._weights)
                + prior(part, position, len(reading.spans), text, self._weights)
            )
            score = round(own + self._weights["hit"] * hit.score, 6)
            found.append(
                Match(
                    Evidence(hit.paper, span, score),
                    part,
                    position,
                    dict(zip(names, row.tolist(), strict=False)),
                    whole[position],
                    hit,
                )
            )
        return found


def _point(names: list[str], title: str) -> tuple[list[int], Vectors]:
    """Places of the content words that the title lacks, all where it lacks none, and their weights, which sum to 1."""
    import numpy as np

    title_stems = stems(title)
    content = [place for place, name in enumerate(names) if is_content(name)] or list(range(len(names)))
    point = [place for place in content if stem(names[place]) not in title_stems] or content
    weights = np.array([rarity(names[place]) for place in point], np.float32)
    return point, weights / weights.sum()


_INTRODUCES = re.compile(
    r"(?i)\b(?:propos\w+|introduc\w+|present(?:s|ed)?|call(?:ed)?|named|termed|dubbed|define[sd]?|refers? to|known as)\b|(?-i:\([A-Z])"
)
_DESCRIBES = re.compile(r"(?i)\b(?:is|are) (?:an?|the)\b|\b(?:i\.e\.|namely|which is)")


def introduction(question: QueryPlan, sentence: str, weights: Mapping[str, float] = WEIGHTS) -> float:
    """What a sentence gains by introducing the very thing whose meaning is asked."""
    asked = {stem(word) for word in content_words(question.text) if word not in _MEANING}
    if not asked or "definition" not in question.wants or not asked <= stems(sentence):
        return 0.0
    if _INTRODUCES.search(sentence):
        return weights["definition introduced"]
    return weights["definition described"] if _DESCRIBES.search(sentence) else 0.0


_MEANING = frozenset("mean meaning means stand stands define definition defined term notion concept".split())


def prior(part: Part, position: int, count: int, sentence: str, weights: Mapping[str, float] = WEIGHTS) -> float:
    """What a sentence of so many is worth before anything is asked: people ask for what authors did and found, which stands late, though
    neither the first sentence nor the last tells much of it; of two that match alike the shorter one is more to the point."""
    ends = weights["first"] * (position == 0) + weights["last"] * (position == count - 1)
    length = weights["length"] * math.log(5 + len(WORD.findall(sentence)))
    background = weights["background"] * (part.role == "background")
    return weights["place"] * position / count - ends - background - length


_NUMBER = re.compile(
    rf"\d|\b(?:{CARDINAL}|{LARGE}|half|twice|double|third|"
    r"single|several|multiple|few|order of magnitude|orders of magnitude)\b",
    re.IGNORECASE,
)
_EVALUATION = re.compile(
    r"(?i)\b(?:experiment\w*|benchmark\w*|datasets?|data sets?|evaluat\w+|validat\w+|tested|demonstrat\w+|tasks?|simulat\w+|applied|applications?|domains|real-world|synthetic)\b"
)
_DATA = re.compile(r"(?i)\b(?:data ?sets?|benchmarks?|corpora|corpus|challenge|[A-Z]{2,}+-?\d++)\b")
_REASON = re.compile(
    r"(?i)\b(?:because|due to|since|as it|as they|thereby|thus|therefore|cause[sd]?|leads? to|results? in|owing to|by \w+ing|allow\w*|enabl\w+|so that|hence|as a result|which makes)\b"
)
_MANNER = re.compile(r"(?i)\b(?:by \w+ing|using|via|through)\b")
_PARTICIPANTS = re.compile(
    rf"(?i)\b[n] ?= ?\d|(?<![\w.,(/=-])\d(?:[\d ,]{{0,12}}\d)?+ (?:(?!(?:in|for|with|at|from|to|by|of)\b)[\w-]+ ){{0,5}}?(?:{'|'.join(sorted(word_list('english.txt', 'participants')))})\b"
)
"""How many took part: `n = 42`, `42 consecutive patients`."""
_WORDING: Mapping[str, re.Pattern[str]] = {
    "number": _NUMBER, "participants": _PARTICIPANTS, "data": _DATA, "evaluation": _EVALUATION, "reason": _REASON, "manner": _MANNER,
}  # fmt: skip
"""What is wanted, and the wording of sentences that give it."""
_ROLES: Mapping[str, tuple[Role, ...]] = {
    "evaluation": ("result",), "reason": ("problem", "background"), "manner": ("approach",), "difficulty": ("problem",), "code": ("code",),
    "result": ("result",),
}  # fmt: skip
"""What is wanted, and the roles of sentences that give it."""


def cue(wants: frozenset[Want], sentence: str, role: Role, weights: Mapping[str, float] = WEIGHTS) -> float:
    """What the form of a sentence adds to its match, given what is wanted."""
    unasked = weights["code unasked"] * (role == "code" and "code" not in wants)
    return sum(_met(want, sentence, role, weights) for want in sorted(wants)) - unasked


def _met(want: Want, sentence: str, role: Role, weights: Mapping[str, float]) -> float:
    worded = want in _WORDING and _WORDING[want].search(sentence) is not None
    roles = _ROLES.get(want, ())
    return (weights[want] if worded else 0.0) + (weights[f"{want} in {roles[0]}"] if role in roles else 0.0)
