"""Builds the reader's training material from the reading set and from public sets.

Two kinds of material come out of here.  A :class:`Group` is one question with
the abstract it was written for and, at times, a near abstract of another paper.  A :class:`Claim` is a statement with the evidence
it is held against and a target over (supported, not stated, contradicted).
"""

from __future__ import annotations

import gzip
import json
import math
import random
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.training.material import rows_of

JOINT = " | "
"""Stands between a paper's title and a sentence in the model's second text."""

HELD_OUT = 90
"""Papers of the reading set that are kept out of training, to fit thresholds."""

_WORD = re.compile(r"[a-z0-9]+")
_STOP = frozenset(
    "a an and are as at be by can do does for from has have how in is it its of on or that the "
    "their this to was were what when where which who why with we our".split()
)
_NOT_STATED = re.compile(
    r"not (stated|mentioned|given|reported|named|claimed|said|tested|in the)|unstated|invented|"
    r"added|never|no (mention|such|evidence|figure|claim)|unmentioned|outside"
)
_VERDICTS = {"supported": (1.0, 0.0, 0.0), "not stated": (0.0, 1.0, 0.0), "contradicted": (0.0, 0.0, 1.0)}
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])")


@dataclass
class Paper:
    """One abstract of the reading set with everything written about it."""

    id: str
    title: str
    sentences: list[str]
    answerable: list[dict[str, Any]]
    unanswerable: list[dict[str, Any]]
    pairs: list[dict[str, Any]]
    claims: list[dict[str, Any]]


@dataclass
class Passage:
    """Sentences of one abstract that are read together, under its title."""

    title: str
    sentences: list[str]


@dataclass
class Group:
    """One question and the passages that are read for it.

    ``gold`` and ``aside`` number their sentences through all passages; gold may
    be empty, and what stands ``aside`` counts neither as right nor as wrong.
    ``denying`` are those that deny what the question supposes; None where nobody said which do.
    """

    question: str
    passages: list[Passage]
    gold: list[int]
    aside: list[int] = field(default_factory=list)
    weight: float = 1.0
    denying: list[int] | None = None

    @property
    def sentences(self) -> int:
        """How many there are in all passages."""
        return sum(len(passage.sentences) for passage in self.passages)


@dataclass
class Listing:
    """A question for papers, with abstracts that belong to its answer and such that do not."""

    question: str
    belong: list[Passage]
    absent: list[Passage]


@dataclass
class Claim:
    """A statement, its evidence sentences and the target distribution.

    ``target`` is over (supported, not stated, contradicted).  With ``binary``
    only supported or not is known: the last two are taken together.
    """

    text: str
    evidence: list[str]
    target: tuple[float, float, float]
    title: str = ""
    binary: bool = False
    source: str = "own"


def words(text: str) -> list[str]:
    """Lower-case words of a text without the commonest ones."""
    return [w for w in _WORD.findall(text.lower()) if w not in _STOP]


def split_sentences(text: str) -> list[str]:
    """A plain sentence splitter for public evidence that comes as one string."""
    return [s for s in _SENTENCE_END.split(text.replace("\n", " ").strip()) if s.strip()]


def read_papers(*paths: Path) -> list[Paper]:
    """Read ``train.jsonl`` or ``dev.jsonl`` of the reading set, or files like them; what a line lacks is empty."""
    papers = []
    for path in paths:
        papers += [Paper(**{key: row.get(key, []) for key in Paper.__dataclass_fields__}) for row in rows_of(path)]
    return papers


def split_papers(papers: Sequence[Paper]) -> tuple[list[Paper], list[Paper]]:
    """(training, held-out) papers; held out are the lowest checksums that have pairs."""
    order = sorted((p for p in papers if p.pairs), key=lambda p: zlib.crc32(p.id.encode()))
    held = {p.id for p in order[:HELD_OUT]}
    return [p for p in papers if p.id not in held], [p for p in papers if p.id in held]


class Near:
    """Finds sentences near to a question by weighted word overlap (BM25)."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.place: list[tuple[int, int]] = []
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        texts: list[list[str]] = []
        for number, paper in enumerate(papers):
            for index, sentence in enumerate(paper.sentences):
                self.place.append((number, index))
                texts.append(words(paper.title + " " + sentence))
        mean = sum(map(len, texts)) / max(1, len(texts))
        for row, text in enumerate(texts):
            for word, count in Counter(text).items():
                part = count * 2.2 / (count + 1.2 * (0.25 + 0.75 * len(text) / mean))
                self.postings[word].append((row, part))
        self.total = len(texts)

    def best(self, question: str, own: int, count: int) -> list[tuple[int, int]]:
        """Places (paper, sentence) of other papers than ``own``, one a paper, best first."""
        score: dict[int, float] = defaultdict(float)
        for word in set(words(question)):
            found = self.postings.get(word, [])
            if not found or len(found) > self.total // 12:
                continue
            rarity = math.log(self.total / len(found))
            for row, part in found:
                score[row] += rarity * part
        out: list[tuple[int, int]] = []
        seen = {own}
        for row in sorted(score, key=lambda r: -score[r]):
            paper, sentence = self.place[row]
            if paper not in seen:
                seen.add(paper)
                out.append((paper, sentence))
                if len(out) == count:
                    break
        return out


def overlap(question: str, sentence: str) -> float:
    """How many of the question's words the sentence has, long words counting more."""
    have = set(words(sentence))
    return sum(min(len(w), 8) for w in set(words(question)) if w in have)


@dataclass
class Blind:
    """Logistic regression on a question's words alone: the style that must not be learned."""

    weights: dict[str, float] = field(default_factory=dict)

    @staticmethod
    def _features(question: str) -> set[str]:
        tokens = _WORD.findall(question.lower())
        return {"1 " + (tokens[0] if tokens else ""), "2 " + " ".join(tokens[:2])} | set(tokens)

    def fit(self, rows: Iterable[tuple[str, int]], passes: int = 4, seed: int = 3) -> None:
        """Fit by stochastic steps; the label is 1 for an unanswerable question."""
        data = [(self._features(q), y) for q, y in rows]
        shuffler = random.Random(seed)
        for _ in range(passes):
            shuffler.shuffle(data)
            for features, label in data:
                error = label - self._value(features)
                for name in features:
                    self.weights[name] = self.weights.get(name, 0.0) * 0.9999 + 0.1 * error

    def _value(self, features: set[str]) -> float:
        total = sum(self.weights.get(name, 0.0) for name in features)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def __call__(self, question: str) -> float:
        """The probability, from style alone, that the question is unanswerable."""
        return self._value(self._features(question))


class Questions:
    """Draws groups from the reading set, the near sentences found once at the start."""

    def __init__(self, papers: Sequence[Paper], near: int = 4) -> None:
        self.papers = list(papers)
        self.index = Near(self.papers)
        self.near = near
        self._cache: dict[str, list[int]] = {}
        self.twins = [(p, n) for p, paper in enumerate(papers) for n in range(len(paper.pairs))]
        self.items = [(p, n) for p, paper in enumerate(papers) for n in range(len(paper.answerable))]
        self.style: dict[str, float] = {}
        halves = (self.papers[::2], self.papers[1::2])
        for fit, use in (halves, halves[::-1]):
            blind = Blind()
            blind.fit(
                (item["question"], label)
                for paper in fit
                for label, items in ((0, paper.answerable), (1, paper.unanswerable))
                for item in items
            )
            for paper in use:
                for item in paper.unanswerable:
                    self.style[item["question"]] = blind(item["question"])
        self.denied = [place for place in self.twins if papers[place[0]].pairs[place[1]].get("denying")]
        self.denied_alone = [
            (p, n) for p, paper in enumerate(papers) for n, item in enumerate(paper.unanswerable) if item.get("sentences")
        ]
        self.lonely = [
            (p, n)
            for p, paper in enumerate(papers)
            for n, item in enumerate(paper.unanswerable)
            if self.style[item["question"]] < 0.6
        ]

    def others(self, question: str, own: int) -> list[int]:
        """Near papers, remembered."""
        if question not in self._cache:
            self._cache[question] = [paper for paper, _ in self.index.best(question, own, self.near)]
        return self._cache[question]

    def group(
        self,
        own: int,
        question: str,
        gold: Sequence[int],
        aside: Sequence[int],
        near: float,
        draw: random.Random,
        weight: float = 1.0,
        without: Sequence[int] = (),
        denying: Sequence[int] | None = (),
    ) -> Group:
        """A group of the paper's abstract, some sentences left out, and with chance ``near`` of another paper's."""
        paper = self.papers[own]
        rows = [i for i in range(len(paper.sentences)) if i not in without]
        passages = [Passage(paper.title, [paper.sentences[i] for i in rows])]
        others = self.others(question, own)
        if others and draw.random() < near:
            other = self.papers[draw.choice(others)]
            passages.append(Passage(other.title, other.sentences))
        own_gold, own_aside, own_denying = (
            [rows.index(i) for i in places if i in rows] for places in (gold, aside, denying or ())
        )
        return Group(question, passages, own_gold, own_aside, weight, None if denying is None else own_denying)

    def twin(self, place: tuple[int, int], draw: random.Random) -> tuple[Group, Group]:
        """Both questions of a contrast pair over the same abstract."""
        own, n = place
        pair = self.papers[own].pairs[n]
        yes = self.group(own, pair["answerable"], pair["sentences"], (), 0.2, draw)
        unsaid = None if pair["kind"] == "premise" else ()
        no = self.group(own, pair["unanswerable"], (), (), 0.2, draw, denying=pair.get("denying", unsaid))
        return yes, no

    def item(self, place: tuple[int, int], draw: random.Random, removed: float = 0.15) -> Group:
        """An answerable question, now and then with its answer taken out of the abstract."""
        own, n = place
        item = self.papers[own].answerable[n]
        gold, also = item["sentences"], item["also"]
        left = len(self.papers[own].sentences) - len({*gold, *also})
        if left > 1 and draw.random() < removed:
            return self.group(own, item["question"], (), (), 0.5, draw, without=[*gold, *also])
        return self.group(own, item["question"], gold, [i for i in also if i not in gold], 0.5, draw)

    def alone(self, place: tuple[int, int], draw: random.Random) -> Group:
        """An unanswerable question whose style does not give it away, at small weight."""
        own, n = place
        item = self.papers[own].unanswerable[n]
        unsaid = None if item["kind"] == "premise" else ()
        return self.group(own, item["question"], (), (), 0.3, draw, weight=0.5, denying=item.get("sentences", unsaid))


def read_listings(questions: Path, papers: Path) -> list[list[Listing]]:
    """Questions for papers (``lists.jsonl``) over the papers of a second file, those over the same papers together.

    What only touches a question (grade 1) is left out.
    """
    texts = {}
    for row in rows_of(papers):
        texts[row["id"]] = Passage(row["title"], row.get("sentences") or split_sentences(row["abstract"]))
    found: dict[str, list[Listing]] = defaultdict(list)
    for row in rows_of(questions):
        graded = {id: row["grades"].get(id, 0) for id in row["papers"]}
        belong, absent = ([texts[id] for id, grade in graded.items() if grade == wanted] for wanted in (2, 0))
        found[min(row["papers"])].append(Listing(row["question"], belong, absent))
    return list(found.values())


def draw_listing(listing: Listing, draw: random.Random) -> list[tuple[str, Passage, float]]:
    """(question, abstract, whether it belongs) of an abstract that belongs, if there is one, and two that do not."""
    rows = [(listing.question, passage, 1.0) for passage in draw.sample(listing.belong, min(1, len(listing.belong)))]
    return rows + [(listing.question, passage, 0.0) for passage in draw.sample(listing.absent, min(2, len(listing.absent)))]


def own_claims(papers: Sequence[Paper]) -> list[Claim]:
    """The papers' claims; where only "unsupported" is said, the note on what is wrong tells the two kinds of wrong apart."""
    out = []
    for paper in papers:
        for row in paper.claims:
            if row["verdict"] in _VERDICTS:
                target = _VERDICTS[row["verdict"]]
            elif row["verdict"] == "partly":
                target = (0.2, 0.7, 0.1)
            elif _NOT_STATED.search(row["wrong"]):
                target = (0.0, 0.8, 0.2)
            else:
                target = (0.0, 0.35, 0.65)
            evidence = [paper.sentences[i] for i in row["sentences"]]
            out.append(Claim(row["claim"], evidence, target, paper.title))
    return out


def read_corpus(path: Path) -> dict[str, tuple[str, list[str]]]:
    """SciFact's abstracts: id to (title, sentences)."""
    out = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            out[str(row["doc_id"])] = (row["title"], row["abstract"])
    return out


def scifact_claims(folder: Path, held_out: bool) -> list[Claim]:
    """SciFact's training claims against rationales, single and neighbouring sentences.

    Every tenth claim is held out.  Sentences that are no rationale are "not
    stated"; so are the best-matching sentences of abstracts without a verdict.
    """
    corpus = read_corpus(folder / "corpus.jsonl")
    verdicts = {"SUPPORT": (1.0, 0.0, 0.0), "CONTRADICT": (0.0, 0.0, 1.0)}
    nothing = (0.0, 1.0, 0.0)
    out: list[Claim] = []
    for line in (folder / "claims_train.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if (row["id"] % 10 == 0) != held_out:
            continue
        text = row["claim"]
        for number, sets in row["evidence"].items():
            title, sentences = corpus[number]
            used: set[int] = set()
            for part in sets:
                rows = sorted(part["sentences"])
                used.update(rows)
                target = verdicts[part["label"]]
                out.append(Claim(text, [sentences[i] for i in rows], target, title, False, "scifact"))
            label = verdicts[sets[0]["label"]]
            free = [i for i in range(len(sentences)) if i not in used]
            free.sort(key=lambda i: -overlap(text, sentences[i]))
            wide = sorted({*sorted(used)[:2], *free[:2]})
            out.append(Claim(text, [sentences[i] for i in wide], label, title, False, "scifact"))
            for i in free[:2] + free[4:5]:
                out.append(Claim(text, [sentences[i]], nothing, title, False, "scifact-"))
        if not row["evidence"]:
            for number in row["cited_doc_ids"][:2]:
                title, sentences = corpus[str(number)]
                order = sorted(range(len(sentences)), key=lambda i: -overlap(text, sentences[i]))
                for keep in (order[:1], sorted(order[:3])):
                    evidence = [sentences[i] for i in keep]
                    out.append(Claim(text, evidence, nothing, title, False, "scifact-"))
    return out


def public_claims(path: Path, held_out: bool, skip: Iterable[str] = ("scifact",)) -> list[Claim]:
    """The public grounding pairs; only supported or not is known of them."""
    out = []
    left = set(skip)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            source = row["source"]
            if source in left or (zlib.crc32(row["claim"].encode()) % 20 == 0) != held_out:
                continue
            raw = row["evidence"]
            evidence = list(raw) if isinstance(raw, list) else split_sentences(raw)
            target = (1.0, 0.0, 0.0) if row["supported"] else (0.0, 0.5, 0.5)
            name = "indom" if source.startswith("indom") else source
            out.append(Claim(row["claim"], evidence, target, "", True, name))
    return out


def nearest(claim: str, sentences: Sequence[str], count: int) -> list[str]:
    """The sentences that share most with the claim, in their order."""
    order = sorted(range(len(sentences)), key=lambda i: -overlap(claim, sentences[i]))
    return [sentences[i] for i in sorted(order[:count])]


SHARES = {
    "scifact": 0.24,
    "scifact-": 0.16,
    "indom": 0.25,
    "healthver": 0.12,
    "covidfact": 0.10,
    "nli4ct": 0.06,
    "climate": 0.05,
    "attrib": 0.02,
}
"""How often a claim is drawn from each public source; the reading set's come beside them."""


class Claims:
    """Draws claims: all of a paper's own together, public ones by :data:`SHARES`."""

    def __init__(self, claims: Sequence[Claim], seed: int) -> None:
        self.draw = random.Random(seed)
        self.sources: dict[str, list[list[Claim]]] = defaultdict(list)
        papers: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            if claim.source == "own":
                papers[claim.title].append(claim)
            elif claim.source in SHARES:
                self.sources[claim.source].append([claim])
        self.sources["own"] = list(papers.values())
        self.rounds: dict[str, list[list[Claim]]] = {name: [] for name in self.sources}

    def _next(self, name: str) -> list[Claim]:
        if not self.rounds[name]:
            self.rounds[name] = self.sources[name][:]
            self.draw.shuffle(self.rounds[name])
        return self.rounds[name].pop()

    def take(self, papers: int, public: int) -> list[tuple[str, str, Claim]]:
        """(claim, evidence text, the claim itself) of some papers and some public ones."""
        names = self.draw.choices(list(SHARES), list(SHARES.values()), k=public)
        out = []
        for name in ["own"] * papers + [n for n in names if n in self.sources]:
            titled = self.draw.random() < 0.5
            for claim in self._next(name):
                sentences = claim.evidence
                if len(sentences) > 3:
                    sentences = nearest(claim.text, sentences, self.draw.choice((2, 3, 4)))
                text = " ".join(sentences)
                if claim.title and titled:
                    text = claim.title + JOINT + text
                out.append((claim.text, text, claim))
        return out
