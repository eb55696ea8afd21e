"""Claims to learn from: statements with the evidence they are held against and how far it supports them."""

from __future__ import annotations

import gzip
import json
import random
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.training.material import rows_of
from eval.training.reader.passages import JOINT, nearest, overlap, split_sentences
from eval.training.reader.reading_set import Paper
from rag.query.yes_no import asks_whether

_NOT_STATED = re.compile(
    r"not (stated|mentioned|given|reported|named|claimed|said|tested|in the)|unstated|invented|"
    r"added|never|no (mention|such|evidence|figure|claim)|unmentioned|outside"
)
_VERDICTS = {"supported": (1.0, 0.0, 0.0), "not stated": (0.0, 1.0, 0.0), "contradicted": (0.0, 0.0, 1.0)}
_WHETHER = {"yes": (1.0, 0.0, 0.0), "no": (0.0, 0.0, 1.0), "unclear": (0.3, 0.5, 0.2)}
"""What a gold sentence says to a yes/no question. Chosen for those that are not clear: most are affirmed in part."""


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


def own_claims(papers: Sequence[Paper], source: str = "own") -> list[Claim]:
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
            out.append(Claim(row["claim"], evidence, target, paper.title, source=source))
    return out


def whether_claims(papers: Sequence[Paper], answers: Path) -> list[Claim]:
    """Yes/no questions to the papers against what their gold sentences say; to the twin that is not answered they say nothing.

    What they say stands in ``answers``, or beside the question itself.
    """
    found = {row["id"]: row for row in rows_of(answers)}
    out = []
    for paper in papers:
        for row in paper.answerable:
            if "says" in row:
                out += _beside(paper, row["question"], row["sentences"], _WHETHER[row["says"]], "whether")
        for group, question in (("answerable", "question"), ("pairs", "answerable")):
            for place, word in found.get(paper.id, {}).get(group, {}).items():
                row = getattr(paper, group)[int(place)]
                out += _beside(paper, row[question], row["sentences"], _WHETHER[word], "whether")
        for row in paper.pairs:
            if paper.id in found and asks_whether(row["unanswerable"]):
                out.append(_asked(paper, row["unanswerable"], row["sentences"], _VERDICTS["not stated"], "whether"))
    return out


def premise_claims(papers: Sequence[Paper]) -> list[Claim]:
    """Questions against the sentences that answer them, that say nothing of them, or that deny what they take for granted.

    Of the source `premise` if any of the paper's questions is known to be denied by a sentence, else of `asked`.
    """
    out = []
    for paper in papers:
        denied = [(row["unanswerable"], row["denying"]) for row in paper.pairs if row.get("denying")]
        denied += [(row["question"], row["sentences"]) for row in paper.unanswerable if row.get("sentences")]
        source = "premise" if denied else "asked"
        for row in paper.pairs:
            out += _beside(paper, row["answerable"], row["sentences"], _VERDICTS["supported"], source)
            if row["kind"] != "premise":
                out.append(_asked(paper, row["unanswerable"], row["sentences"], _VERDICTS["not stated"], source))
        for question, places in denied:
            out += _beside(paper, question, places, _VERDICTS["contradicted"], source)
        if source == "premise":
            unclaimed = [row["question"] for row in paper.unanswerable if not row["sentences"]]
            places = range(len(paper.sentences))
            out += [_asked(paper, question, places, _VERDICTS["not stated"], source) for question in unclaimed]
    return out


def _beside(paper: Paper, question: str, places: Sequence[int], target: tuple[float, float, float], source: str) -> list[Claim]:
    """A question against the sentences that speak to it, and against two that do not: the nearest in words, and any other."""
    others = [place for place in range(len(paper.sentences)) if place not in places]
    others.sort(key=lambda place: -overlap(question, paper.sentences[place]))
    any_other = 1 + zlib.crc32(question.encode()) % max(1, len(others) - 1)
    beside = others[:1] + others[any_other : any_other + 1]
    return [
        _asked(paper, question, places, target, source),
        *(_asked(paper, question, [place], _VERDICTS["not stated"], source) for place in beside),
    ]


def _asked(paper: Paper, question: str, places: Sequence[int], target: tuple[float, float, float], source: str) -> Claim:
    return Claim(question, [paper.sentences[i] for i in places], target, paper.title, source=source)


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
OF_PAPERS = ("own", "everyday", "findings", "general", "whether", "premise", "asked")
"""Sources of which all claims about a paper are drawn together: statements, those in everyday words, short ones about single findings, those about other texts, yes/no questions, questions of which some are denied, and others."""


class Claims:
    """Draws claims: all of a paper's own together, public ones by :data:`SHARES`."""

    def __init__(self, claims: Sequence[Claim], seed: int) -> None:
        self.draw = random.Random(seed)
        self.sources: dict[str, list[list[Claim]]] = defaultdict(list)
        papers: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for claim in claims:
            if claim.source in OF_PAPERS:
                papers[claim.source, claim.title].append(claim)
            elif claim.source in SHARES:
                self.sources[claim.source].append([claim])
        for (source, _), own in papers.items():
            self.sources[source].append(own)
        self.rounds: dict[str, list[list[Claim]]] = {name: [] for name in self.sources}

    def _next(self, name: str) -> list[Claim]:
        if not self.rounds[name]:
            self.rounds[name] = self.sources[name][:]
            self.draw.shuffle(self.rounds[name])
        return self.rounds[name].pop()

    def take(self, papers: Mapping[str, int], public: int) -> list[tuple[str, str, Claim]]:
        """(claim, evidence text, the claim itself) of as many papers as is said for each source of theirs, and some public ones."""
        names = self.draw.choices(list(SHARES), list(SHARES.values()), k=public)
        out = []
        for name in [name for name, count in papers.items() for _ in range(count)] + [n for n in names if n in self.sources]:
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
