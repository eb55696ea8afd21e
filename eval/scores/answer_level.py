"""Scores of an answer as a whole: keys and gold sentences, lists, refusals, repetition, length, cost."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from eval.scores import metrics
from eval.scores.claim_verdicts import Judged
from eval.scores.registry import declare, measure
from eval.types import Score
from rag.text.words import content_words, stem

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in any currency; None if nobody said."""

    prompt: float | None = None
    completion: float | None = None


def key_within(count: int | None) -> Callable[[Judged], Score | None]:
    """1 if every key of the case stands in the first sentences (None: anywhere in the text), else 0."""
    name = f"key@{count}" if count else "key_anywhere"

    def of(judged: Judged) -> Score | None:
        if not judged.case.answer:
            return None
        text = judged.answer.text if count is None else "\n".join(claim.text for claim in judged.answer.claims[:count])
        answer = replace(judged.answer, text=text)
        missing = [key[0] for key in judged.case.answer if not metrics.keys_found(replace(judged.case, answer=(key,)), answer)]
        where = "the answer" if count is None else f"the first {count} sentences" if count > 1 else "the first sentence"
        return Score(name, float(not missing), f"“{missing[0]}” is not in {where}" if missing else f"all keys are in {where}")

    return of


measure("key@1", "Answers", "keys in the first sentence")(key_within(1))
measure("key@2", "Answers", "keys in the first 2 sentences")(key_within(2))
measure("key@3", "Answers", "keys in the first 3 sentences")(key_within(3))
measure("key_anywhere", "Answers", "keys anywhere in the answer", glance=True)(key_within(None))


def gold_within(count: int) -> Callable[[Judged], Score | None]:
    """1 if one of the first sentences cited is gold, else 0; only where one point is asked."""

    def of(judged: Judged) -> Score | None:
        value = metrics.gold_sentence_cited(judged.case, judged.answer, count)
        return _yes_no(
            f"gold_sentence@{count}",
            value,
            f"a gold sentence is among the first {count} cited",
            f"none of the first {count} cited is gold",
        )

    return of


measure("gold_sentence@1", "Answers", "first sentence cited is gold")(gold_within(1))
measure("gold_sentence@3", "Answers", "gold among the first 3 cited", glance=True)(gold_within(3))


@measure("hit@5", "Search", "a gold paper among the first 5 hits")
def hit(judged: Judged) -> Score | None:
    """1 if a gold paper is among the first five hits of the answer, else 0."""
    return _yes_no(
        "hit@5",
        metrics.gold_among_hits(judged.case, judged.answer),
        "a gold paper is among the first 5",
        "no gold paper is among the first 5",
    )


@measure("all_hits@5", "Search", "all gold papers among the first 5 hits")
def all_hits(judged: Judged) -> Score | None:
    """1 if all gold papers, where there are two or more, are among the first five hits."""
    value = metrics.all_gold_among_hits(judged.case, judged.answer)
    return _yes_no("all_hits@5", value, "all gold papers are among the first 5", "a gold paper is not among the first 5")


def list_part(part: str) -> Callable[[Judged], Score | None]:
    """Precision, recall or F1 of the papers that a list cites."""

    def of(judged: Judged) -> Score | None:
        found = metrics.listed(judged.case, judged.answer) if judged.case.kind == "list" else None
        if found is None:
            return None
        value: float | None = getattr(found, part)
        cited = metrics.cited_papers(judged.answer) - set(judged.case.acceptable)
        right = len(cited & set(judged.case.papers))
        why = f"{right} right of {len(cited)} listed, {len(judged.case.papers)} wanted"
        return Score(f"list_{part}", value, why if value is not None else f"nothing was listed that counts ({why})")

    return of


measure("list_precision", "Answers", "list precision")(list_part("precision"))
measure("list_recall", "Answers", "list recall")(list_part("recall"))
measure("list_f1", "Answers", "list F1")(list_part("f1"))


@measure("papers_cited", "Answers", "gold papers cited")
def papers_cited(judged: Judged) -> Score | None:
    """The share of the gold papers that the answer cites, for comparisons and summaries."""
    if judged.case.kind not in ("compare", "summary"):
        return None
    value = metrics.share_cited(judged.case, judged.answer)
    cited = len(set(judged.case.papers) & metrics.cited_papers(judged.answer))
    return None if value is None else Score("papers_cited", value, f"{cited} of {len(judged.case.papers)} gold papers cited")


@measure("refusal", "Refusals", "unanswerable, and refused", glance=True)
def refusal(judged: Judged) -> Score | None:
    """1 for a refusal where the papers do not hold the answer, 0 for an answer."""
    return _yes_no(
        "refusal",
        metrics.rightly_refused(judged.case, judged.answer),
        "unanswerable, and refused",
        "answered, though the papers do not say",
    )


@measure("false_refusal", "Refusals", "answerable, but refused", better="less", glance=True)
def false_refusal(judged: Judged) -> Score | None:
    """1 for a refusal where the papers hold the answer, 0 for an answer: less is better."""
    return _yes_no(
        "false_refusal", metrics.falsely_refused(judged.case, judged.answer), "refused, though the papers say", "not refused"
    )


@measure("repeated", "Length and cost", "sentences said before", better="less")
def repeated(judged: Judged) -> Score | None:
    """The share of the sentences that say word for word what an earlier one says."""
    texts = [" ".join(claim.text.casefold().split()) for claim in judged.answer.claims]
    if not texts:
        return Score("repeated", None, _silent(judged))
    count = len(texts) - len(set(texts))
    return Score("repeated", count / len(texts), f"{count} of {len(texts)} sentences said before", len(texts))


@measure("overlap", "Length and cost", "words shared by neighbouring sentences", better="less")
def overlap(judged: Judged) -> Score | None:
    """The greatest share of a sentence's content words, by stem, that the sentence before it has as well; its mean over the sentences."""
    stems = [frozenset(map(stem, content_words(claim.text))) for claim in judged.answer.claims]
    pairs = [(before, after) for before, after in pairwise(stems) if before and after]
    if not pairs:
        return Score("overlap", None, _silent(judged) if not stems else "there are no two sentences to compare")
    shares = [len(before & after) / min(len(before), len(after)) for before, after in pairs]
    return Score("overlap", math.fsum(shares) / len(shares), f"mean over {len(shares)} neighbouring sentences", len(shares))


@measure("sentences", "Length and cost", "sentences an answer", "", better="")
def sentence_count(judged: Judged) -> Score | None:
    return (
        Score("sentences", float(len(judged.answer.claims)), "sentences of the answer")
        if not judged.refused
        else Score("sentences", None, _silent(judged))
    )


@measure("words", "Length and cost", "words an answer", "", better="")
def word_count(judged: Judged) -> Score | None:
    if judged.refused:
        return Score("words", None, _silent(judged))
    return Score("words", float(sum(len(claim.text.split()) for claim in judged.answer.claims)), "words of its sentences")


def tokens(part: str) -> Callable[[Judged], Score | None]:
    """How many tokens a model read (`prompt`) or wrote (`completion`); no score where no model was asked."""

    def of(judged: Judged) -> Score | None:
        count = judged.answer.usage.get(f"{part}_tokens")
        return None if count is None else Score(f"{part}_tokens", float(count), "tokens, over all requests of the answer")

    return of


measure("prompt_tokens", "Length and cost", "prompt tokens", "", better="less")(tokens("prompt"))
measure("completion_tokens", "Length and cost", "completion tokens", "", better="less")(tokens("completion"))
declare("price", "Length and cost", "price", "", better="less")


def price(judged: Judged, prices: Prices) -> Score | None:
    """What the answer cost at the prices given; no score where no model was asked, or no price is known."""
    usage = judged.answer.usage
    if prices.prompt is None or prices.completion is None or "prompt_tokens" not in usage:
        return None
    cost = usage["prompt_tokens"] * prices.prompt + usage.get("completion_tokens", 0) * prices.completion
    return Score("price", cost / MILLION, f"at {prices.prompt:g} and {prices.completion:g} a million tokens")


def _yes_no(name: str, value: float | None, yes: str, no: str) -> Score | None:
    return None if value is None else Score(name, value, yes if value else no)


def _silent(judged: Judged) -> str:
    return "the answer is a refusal" if judged.refused else "the answer has no sentence"
