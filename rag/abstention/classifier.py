"""Whether the sentences found leave a fact or an explanation unsaid: signs of it, weighed together by a logistic model.

The rules decide alone where they are sure: code that is not given, what no collection knows, questions put into English word by word, and another
subject, unless the learned reader may answer. Elsewhere the learned reader's log-odds are weighed with what rules find of names, premises and missing figures;
`data/silence_read.json` holds the weights, `data/silence.json` those for doing without the reader. `eval/README.md` says on what they
were fitted, and how often each error happens.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rag.abstention.rules import Findings
from rag.abstention.unknown_names import lacking_names, whole_name
from rag.query.paper_names import subject_words
from rag.query.plan import QueryPlan
from rag.query.yes_no import begins_as_whether
from rag.retrieval.sentence_ranker import Match
from rag.text.frequency import tells_nothing_by_lacking
from rag.text.words import fold, is_content, stem, stems
from rag.types import Refusal

NOTHING_LACKS = 0.7
"""What stands for the cosine of the words that the paper lacks, where it has them all."""
MAY_ANSWER = -1.0
"""The learned reader's log-odds that a sentence answers from which on the rule of another subject leaves a question to the signs. Of 26
answerable questions that the rule takes for another subject 22 reach it, of 31 everyday ones over two collections none."""
TELLING_FROM = 3
"""Content words that a question must have for that: a sentence can always be found that has the one word of “How do I tie a tie?”."""
DENIED_FROM = 0.3
"""The probability that the papers do not say from which a premise that they deny is refused: a sure answer stays. Of the 58 questions in
which the rules of premises were set, when they were signs, 52 could not be answered. Chosen
on `dev.jsonl` at 0.2; since questions far from their papers are weighed, too, as many answerable ones reach 0.3."""
OPPOSED_FROM = 0.53
"""The same where the learned reader alone finds that a sentence denies what the question supposes. Chosen likewise, at 0.4."""
SILENT = Refusal("silent")


def why_unanswered(
    question: QueryPlan,
    matches: Sequence[Match],
    holds: Callable[[str], bool],
    read: Mapping[str, float] | None = None,
    denied_by_reader: bool = False,
) -> Refusal | None:
    """Why these sentences do not answer, as they were ranked; None where they may. `holds`: whether the collection has the word.

    `read` are the learned reader's signs, where it read the sentences; they are weighed together with the others. `denied_by_reader`: whether
    by its word one of them clearly denies what the question takes for granted.
    """
    found = Findings(question, matches, holds)
    denied = (found.opposite_premise or found.done_without) if matches else None
    if not weighed(found, read):
        return _reason(found, denied) if found.first else denied
    weighing = model("silence") if read is None else model("silence_read")
    from_here = DENIED_FROM if denied else min(weighing.threshold, OPPOSED_FROM) if denied_by_reader else weighing.threshold
    if probability(signs(found, read), weighing) < from_here:
        return None
    if denied is None and denied_by_reader:
        denied = Refusal("opposite_premise")
    return _reason(found, denied)


def _reason(found: Findings, denied: Refusal | None) -> Refusal:
    """The most telling reason for a question that is not answered; that nothing covers its subject is none where the nearest paper does."""
    first = found.first
    if first is not None and first.code == "other_subject" and found.near_subject:
        first = found.unknown_words or found.unknown_name
    return first or denied or _not_mentioned(found) or found.unmet_phrase or found.unmet_number or SILENT


def _not_mentioned(found: Findings) -> Refusal | None:
    """A name of the question that the nearest paper lacks, as the reason, unless another paper in view has it."""
    text = found.question.text
    papers = list({match.evidence.paper.id: match.evidence.paper for match in found.matches}.values())
    lacking = [lacking_names(text, paper) for paper in papers]
    nowhere = [name for name in found.lacking_names if is_content(fold(name)) and all(name in names for names in lacking)]
    return Refusal("name_not_mentioned", (whole_name(text, nowhere[0], papers),)) if nowhere else None


def weighed(found: Findings, read: Mapping[str, float] | None = None) -> bool:
    """Whether signs decide, and no rule alone; what the learned reader may answer is no other subject."""
    may_answer = read is not None and read["answered"] >= MAY_ANSWER and len(found.content) >= TELLING_FROM
    return bool(
        found.matches
        and found.content
        and not found.question.foreign
        and not found.beyond_records
        and not found.no_code
        and (may_answer or not found.another_subject)
    )


def probability(found: Mapping[str, float], weighing: Model | None = None) -> float:
    """That the papers do not say, in 0…1, given the signs; without `weighing`, by the model that does without the reader."""
    by = weighing or model()
    total = math.fsum(by.weights.get(name, 0.0) * value for name, value in found.items())
    return 1 / (1 + math.exp(-by.bias - total))


def signs(found: Findings, read: Mapping[str, float] | None = None) -> dict[str, float]:
    """What speaks against an answer, by name, and what the learned reader says, if it `read`; there are sentences, and the question
    has a content word."""
    question, own = found.question, found.nearest
    paper = own[0].evidence.paper
    subject = subject_words(question.text, paper)
    told = stems(f"{paper.title} {paper.abstract}")
    lacking = [
        word for word in found.content if word not in subject and stem(word) not in told and not tells_nothing_by_lacking(word)
    ]
    common = {
        "lacking met": _mean([max(match.words[word] for match in own) for word in lacking], NOTHING_LACKS),
        "no figure": float(found.unmet_number is not None),
    }
    if read is None:
        return common | {"stranger": float(found.unknown_name is not None)}
    said = {name: value for name, value in read.items() if name != "denied"}
    if begins_as_whether(question.text):  # a denial is an answer, too
        said["affirmed"] = max(read["affirmed"], read["denied"])
    return common | {"name lacking": float(bool(found.lacking_names))} | said


def _mean(values: Sequence[float], otherwise: float) -> float:
    return math.fsum(values) / len(values) if values else otherwise


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model over the signs, and the probability from which on a question is refused."""

    bias: float
    weights: Mapping[str, float]
    threshold: float


@cache
def model(name: str = "silence") -> Model:
    """The fitted one of this name, as it comes along: `silence` without the learned reader, `silence_read` with it."""
    read = json.loads((files("rag") / "data" / f"{name}.json").read_text(encoding="utf-8"))
    return Model(read["bias"], read["weights"], read["threshold"])
