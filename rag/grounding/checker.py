"""The grounding checker: holds a claim against the sentences that it cites, with no model but the sentence encoder and no network.

Rules decide where nine in ten of the claims that they stop are not supported (`_is_sure`, `python -m eval.checker.vetoes`): in up to three sentences a
comparison the other way round, an opposite or a denial, and, in a claim that is nearly its source's, a number that the source does not have;
in longer sources an opposite, a denial or a name exchanged in such a near copy, and another number, but no date, for the same thing. A figure that no source has keeps any
claim at partly, and so does a name exchanged in up to three sentences. Elsewhere they only weigh in the fitted score (`rag.grounding.verdict`). Without the learned reader, single sentences are judged as before it came: every rule is believed, and a doubt
(`rag.grounding.soft_signals`) keeps a claim at partly. How often it errs: `paperchat eval calibrate` and `python -m eval.checker.inventions`.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace

from rag.grounding.claims import bare, has_content, in_order, pieces, verbatim
from rag.grounding.entities import copied_but_for_names, exchanged_name
from rag.grounding.numbers import contrasts, numbers_fault
from rag.grounding.overclaims import overclaim
from rag.grounding.rationale import rationale
from rag.grounding.scorer import IN_CONTEXT, OUT_OF_CONTEXT, Claimed, Met, claimed, met, nearest
from rag.grounding.soft_signals import doubt, lasting_doubt
from rag.grounding.unsupported_spans import shifted, unsupported_spans
from rag.grounding.verdict import MOST_ABSENT, PARTLY, SHORT, SUPPORTED, Signs, fitted_score, log_odds
from rag.library.static_words import static_words
from rag.protocols import EntailmentReader, WordEncoder
from rag.text.dates import dates
from rag.text.foreign import is_foreign
from rag.text.polarity import one_sided_denial, opposition
from rag.text.relations import agreed, turned_round
from rag.types import Judgement, Verdict, WordVectors

VERSION = "fitted-13"
RULES = ("numbers", "comparison", "opposites", "names", "doubts", "score")
"""The parts that can be left out; without `score`, the share of the claim's words that the sources hold stands for the fitted one."""
FAULT_SHARE = 0.35
"""What a rule's fault leaves of the score: so much that their mean is the share of such training pairs that people call supported."""
NEAR_COPY = 0.75
"""Share of the claim's words that one sentence holds from which a rule about their difference is believed: 0.9 of them were right on sets
that it was not made with (`docs/evaluation.md`)."""
SPEAKS_OF_IT = 0.4
"""Share of the claim's words that a sentence holds when an opposite in it is compared with the claim."""
FOOTHOLD = 0.35
"""Share of the claim's words that one to three sentences must have for it to be partly supported: of 22 claims of the reading set's training
part under it (every fifteenth abstract), 19 are not supported."""
SAYS_IT = 0.5
"""The same for a comparison the other way round, and for an exchanged name."""
OTHER_LANGUAGE = "it is in another language than what it cites, or in one that the checker cannot read"
"""Why a claim is not checked that is Chinese, say, above an English sentence."""
FOREIGN_FROM = 9
"""Words from which the language of a claim in plain Latin letters is told: of 1,823 English claims about health, 28 shorter ones would pass for foreign."""
MOST_GROUNDS = 2
"""Sentences named as the ground of a verdict. Chosen."""
MOST_NAMED = 3
"""Names and words that a reason quotes. Chosen."""
CLEAREST_READ = 6.0
"""Log-odds that the reader's word counts for at most."""
REMEMBERED = 2048
"""Sentences whose vectors are kept: some 50 KB each."""


def in_other_languages(claim: str, sources: Sequence[str]) -> bool:
    """Whether a claim, or all that it cites, is in another language than English, so that their words cannot be compared."""
    return _is_surely_foreign(claim) or all(map(_is_surely_foreign, sources))


def _is_surely_foreign(text: str) -> bool:
    """Few words of English may all be technical: `camostat mesylate cures coronavirus`."""
    return is_foreign(text) and (len(text.split()) >= FOREIGN_FROM or not text.isascii())


class GroundingChecker:
    """A Checker. A claim may rest on several sentences; the same claim and evidence always give the same judgement."""

    def __init__(
        self,
        encoder: WordEncoder,
        reader: EntailmentReader | None = None,
        remembered: int = REMEMBERED,
        without: Container[str] = (),
    ) -> None:
        """`without` leaves rules out, by their names in `RULES`, to measure what each of them brings."""
        self._encoder = encoder
        self._reader = reader
        self._remembered = remembered
        self._without = without
        self._read_before: OrderedDict[str, WordVectors] = OrderedDict()
        self._static = static_words()

    @property
    def name(self) -> str:
        return f"{VERSION}/{self._encoder.name}" + (f"/{self._reader.name}" if self._reader is not None else "")

    def check(self, claim: str, evidence: Sequence[str]) -> Judgement:
        """The verdict on a claim, given the texts (sentences or whole abstracts) that it cites."""
        text, sources = bare(claim), [piece for source in evidence for piece in pieces(source)]
        if not sources:
            return Judgement("not_checkable", 0.0, "there is no source to hold the claim against")
        if not has_content(text):
            return Judgement("not_checkable", 0.0, "the claim has no words that could be checked")
        if verbatim(text, sources):
            return Judgement("supported", 1.0, "it stands in the source word for word")
        if in_other_languages(text, sources):
            return Judgement("not_checkable", 0.0, OTHER_LANGUAGE)
        near = nearest(text, sources)
        wanted = self._claimed(text, near)
        if wanted is None:
            return Judgement("not_checkable", 0.0, "the claim has no words that could be checked")
        judged, found = self._judged(wanted, near, sources, len(evidence))
        if judged.verdict == "supported":
            return judged
        spans = unsupported_spans(text, judged.reason, wanted.places, found.unmet)
        return replace(judged, spans=shifted(spans, text, claim))

    def signs(self, claim: str, evidence: Sequence[str]) -> Signs | None:
        """What the fitted score is made of, for fitting it; None if a rule is sure, or there is nothing to weigh."""
        weighed = self._weighed(claim, evidence)
        if weighed is None or weighed[-1].sure:
            return None
        return self._signs(*weighed)

    def fault(self, claim: str, evidence: Sequence[str]) -> Fault | None:
        """What a rule finds wrong with a claim, for measuring the rules; None where there is nothing to weigh."""
        weighed = self._weighed(claim, evidence)
        return weighed[-1] if weighed else None

    def _weighed(self, claim: str, evidence: Sequence[str]) -> tuple[Claimed, Met, list[str], Fault] | None:
        text, sources = bare(claim), [piece for source in evidence for piece in pieces(source)]
        if not sources or not has_content(text) or verbatim(text, sources):
            return None
        near = nearest(text, sources)
        wanted = self._claimed(text, near)
        if wanted is None:
            return None
        found = self._met(wanted, near)
        return wanted, found, near, _fault(text, found, near, sources, self._without)

    def check_many(self, pairs: Iterable[tuple[str, Sequence[str]]]) -> list[Judgement]:
        """One judgement a pair, in order, each the same as `check` gives."""
        return [self.check(claim, evidence) for claim, evidence in pairs]

    def similarity(self, claim: str, evidence: Sequence[str]) -> float:
        """The cosine of the claim and the nearest sentence of the evidence, in 0…1: what the encoder alone would say."""
        sources = nearest(bare(claim), [piece for source in evidence for piece in pieces(source)])
        own = self._encoder.encode_words([bare(claim)])[0].sentence
        return min(1.0, max([0.0, *(float(self._vectors(source).sentence @ own) for source in sources)]))

    def rationale(self, claim: str, sentences: Sequence[str]) -> list[int]:
        """Which of an abstract's sentences speak most to the claim, for or against it: their places, in order."""
        return rationale(bare(claim), sentences, self._static, self._reader)

    def _is_read(self, near: Sequence[str]) -> bool:
        """Whether the reader reads the sentences with the claim; then words are compared out of context, which takes no time."""
        return self._reader is not None and len(near) <= SHORT

    def _claimed(self, text: str, near: Sequence[str]) -> Claimed | None:
        encoder = self._static if self._is_read(near) else self._encoder
        return claimed(text, encoder.encode_words([text])[0])

    def _met(self, claim: Claimed, near: Sequence[str]) -> Met:
        if self._is_read(near):
            return met(claim, near, lambda text: self._static.encode_words([text])[0], OUT_OF_CONTEXT)
        return met(claim, near, self._vectors, IN_CONTEXT)

    def _judged(self, claim: Claimed, near: Sequence[str], sources: Sequence[str], texts: int) -> tuple[Judgement, Met]:
        found = self._met(claim, near)
        fault = _fault(claim.text, found, near, sources, self._without)
        fitted = "score" not in self._without and (self._is_read(near) or len(near) > SHORT)
        score = found.coverage if "score" in self._without else found.score
        if fault.said and (fault.sure or not fitted):
            return Judgement("unsupported", _under(FAULT_SHARE * score), fault.said, contradicted=fault.contradicts), found
        if fitted:
            score = fitted_score(self._signs(claim, found, near, fault))
        doubted = (fault.said if fitted and fault.holds_at_partly else "") or self._doubt(claim, found, near, texts, fitted)
        if doubted and score >= SUPPORTED:
            return Judgement("partly", round(_doubted(score), 4), doubted), found
        partly = score >= PARTLY and (not self._is_read(near) or found.coverage >= FOOTHOLD)
        verdict: Verdict = "supported" if score >= SUPPORTED else "partly" if partly else "unsupported"
        said = "" if verdict == "supported" else fault.said or doubted
        contradicted = verdict == "unsupported" and fault.contradicts
        shown = _under(score) if verdict == "unsupported" else round(score, 4)
        return Judgement(verdict, shown, said or _reason(verdict, found), contradicted=contradicted), found

    def _doubt(self, claim: Claimed, found: Met, near: Sequence[str], texts: int, fitted: bool) -> str:
        """What keeps a claim at partly: nothing for long sources, and little where the reader has read it."""
        if fitted and not found.coverage:
            return f"nothing in the source about {_joined(claim.words)}"
        if "doubts" in self._without or (fitted and len(near) > SHORT):
            return ""
        return lasting_doubt(claim, found, near, texts) if fitted else doubt(claim, found, near)

    def _signs(self, claim: Claimed, found: Met, near: Sequence[str], fault: Fault) -> Signs:
        return Signs(
            log_odds(found.score),
            len(near),
            self._read(claim.text, found, near) if self._is_read(near) else None,
            unmet=found.unmet_share,
            absent=min(len({*found.names, *found.capitals}), MOST_ABSENT),
            length=math.log1p(len(claim.words)),
            number=fault.rule == "numbers",
            comparison=fault.rule == "comparison",
            opposite=fault.rule == "opposites",
            name=fault.rule == "names",
            denial=bool(one_sided_denial(claim.text, near)),
            reversal=found.reversed and not agreed(claim.text, near),
            overclaim=bool(overclaim(claim.text, near)),
            in_order=any(in_order(claim.text, text) for text in near),
        )

    def _read(self, claim: str, found: Met, near: Sequence[str]) -> float | None:
        """What the reader makes of the claim and the one or two sentences that hold most of it."""
        if self._reader is None:
            return None
        best = sorted(range(len(near)), key=lambda at: (-found.strengths[at], at))[:MOST_GROUNDS]
        (read,) = self._reader.supports(claim, [" ".join(near[at] for at in sorted(best))])
        return max(-CLEAREST_READ, min(CLEAREST_READ, read))

    def _vectors(self, text: str) -> WordVectors:
        found = self._read_before.pop(text, None)
        if found is None:
            # One by one: in a batch, the companions would change a sentence's vectors.
            (found,) = self._encoder.encode_words([text])
        self._read_before[text] = found
        if len(self._read_before) > self._remembered:
            self._read_before.popitem(last=False)
        return found


def _under(score: float) -> float:
    """A score that is that of an unsupported claim."""
    return round(min(score, PARTLY - 0.0001), 4)


def _doubted(score: float) -> float:
    """A score for which the claim would be supported, moved among those for which it is partly so; their order is kept."""
    return PARTLY + (score - SUPPORTED) / (1 - SUPPORTED) * (SUPPORTED - PARTLY) * 0.999


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule found wrong, in words (empty: nothing), the rule's name, whether it is sure, and in how many sentences it was looked for."""

    said: str = ""
    rule: str = ""
    sure: bool = False
    sentences: int = 0

    @property
    def holds_at_partly(self) -> bool:
        """Whether a claim is not supported even where the score says so: a figure that no source has, a name exchanged in up to three sentences."""
        return self.rule == "numbers" or (self.rule == "names" and self.sentences <= SHORT)

    @property
    def contradicts(self) -> bool:
        """Whether the source says otherwise, rather than nothing of it."""
        return self.rule in ("comparison", "opposites") or contrasts(self.said) or (self.rule == "numbers" and self.sure)


def _fault(claim: str, found: Met, near: Sequence[str], sources: Sequence[str], without: Container[str]) -> Fault:
    """What the first rule that fires found."""
    akin = [text for text, share in zip(near, found.shares, strict=True) if share >= SPEAKS_OF_IT]
    same = [text for text, share in zip(near, found.shares, strict=True) if share >= SAYS_IT]
    rules: tuple[tuple[str, Callable[[], str]], ...] = (
        ("numbers", lambda: numbers_fault(claim, sources)),
        ("comparison", lambda: turned_round(claim, same, near)),
        ("opposites", lambda: opposition(claim, akin, near, agreed(claim, near))),
        ("names", lambda: exchanged_name(claim, same, sources) or copied_but_for_names(claim, same, sources)),
    )
    for name, rule in rules:
        if name not in without and (said := rule()):
            return Fault(said, name, _is_sure(name, said, len(near), max(found.shares) >= NEAR_COPY), len(near))
    return Fault()


def _is_sure(rule: str, said: str, sentences: int, near_copy: bool) -> bool:
    """Whether on every set nine in ten of the claims that a rule stops like this are not supported (`python -m eval.checker.vetoes`)."""
    if sentences > SHORT:
        return (near_copy and rule in ("opposites", "names")) or (rule == "numbers" and contrasts(said) and not dates(said))
    return rule in ("comparison", "opposites") or (rule == "numbers" and near_copy)


def _reason(verdict: Verdict, found: Met) -> str:
    names = list(dict.fromkeys((*found.names, *found.capitals)))
    if verdict == "supported":
        return "the source says as much" + (f", but nothing about {_joined(names)}" if names else "")
    if names or found.missing:
        return f"nothing in the source about {_joined(names or found.missing)}"
    if verdict == "partly":
        return "the source speaks of this, but does not clearly say all of it"
    return "the source speaks of something else"


def _joined(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names[:MOST_NAMED]]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
