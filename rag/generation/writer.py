"""The writer that is a language model: it is offered numbered evidence, and each of its sentences passes the gate.

What it cannot do, the quoting writer does: any failure, an empty reply, and a reply of which nothing stands, raise ModelFailed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import cast

from rag import prompts
from rag.citations import Composer, Draft
from rag.errors import ModelFailed
from rag.generation import evidence_prompt
from rag.generation.condense import rewritten
from rag.generation.gate import LEAK, CheckedSentence, Gate
from rag.generation.repair import repaired
from rag.llm.budget import Meter
from rag.llm.parsing.marked import SENTINEL, NotInPapers
from rag.llm.parsing.parser import Part, Prose, Reply, Sentence
from rag.llm.parsing.untagged import Restart
from rag.llm.sanitize import harmless
from rag.protocols import Checker
from rag.query.plan import QueryPlan
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.types import Checked, Citation, Claim, Event, Evidence, Hit, Message, Wrote

LONGEST_REPLY = 8000
"""Characters after which a reply is ended: no answer is that long."""
LONGEST_SENTENCE = 1500
"""Characters after which a reply runs on without sense: it is ended, and this sentence left out."""
REPEATED = 3
"""So many sentences that were there before end a reply."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a model's reply came to: text with markers, claims and citations; no claims where it says that the papers do not say."""

    text: str = ""
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModelWriter:
    """Writes one answer with the model that `meter` counts. `strict` leaves out what stays unsupported; `repair` asks once to correct it."""

    meter: Meter
    checker: Checker
    ranker: SentenceRanker
    repair: bool = True
    strict: bool = False

    @property
    def name(self) -> str:
        return self.meter.model.name

    def standalone(self, question: str, history: Sequence[str], subject: str, by_rule: str) -> Generator[Event, None, str]:
        """A follow-up made to stand alone; `by_rule` where the model's word cannot be that. Raises ModelFailed."""
        return (yield from rewritten(self.meter, question, history, subject, by_rule))

    def write(self, question: QueryPlan, hits: Sequence[Hit], draft: Draft) -> Generator[Event, None, Written]:
        """Events as the reply comes in, and what it came to. `draft` is what the quoting writer found. Raises ModelFailed."""
        quoted = [one for block in draft.blocks for one in block.evidence]
        evidence = self._fitting(question.text, evidence_prompt.chosen(self.ranker, question, hits, quoted))
        if not evidence:
            raise ModelFailed("None of the evidence can be shown to the language model, because it contains instructions to one.")
        request = _request(question.text, evidence)
        gate = Gate(self.checker, evidence, [request[0].text])
        reader = _ReplyReader(gate, self.strict)
        yield from self.meter.noticed()
        with closing(cast("Generator[str]", self.meter.stream(request))) as pieces:
            yield from reader.read(pieces, evidence_prompt.addresses(evidence), self.meter)
        if reader.not_in_papers:
            return Written()
        held = reader.held
        notices: list[str] = []
        if self.repair:
            held = yield from self._repaired(gate, held, question.text, evidence_prompt.listed(evidence), notices)
        return _written(held, self.strict, notices, leaked=reader.leaked)

    def _fitting(self, question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
        """As much of the evidence, the most important first, as the model can read, in the order in which it is numbered."""
        for count in range(len(evidence), 1, -1):
            kept = evidence_prompt.in_order(evidence[:count])
            if self.meter.fits(_request(question, kept)):
                return kept
        return evidence_prompt.in_order(evidence[:1])

    def _repaired(
        self, gate: Gate, held: Sequence[CheckedSentence], question: str, listed: str, notices: list[str]
    ) -> Generator[Event, None, list[CheckedSentence]]:
        try:
            after = yield from repaired(self.meter, gate, held, question, listed)
        except ModelFailed as error:
            notices.append(f"Sentences that the papers do not support could not be corrected: {error}")
            return list(held)
        gone = len(held) - len(after)
        if gone > 0:
            notices.append(f"{_sentences(gone)} that the papers do not support {_were(gone)} left out.")
        return after


class _ReplyReader:
    """One reply as it comes in: what was held so far."""

    def __init__(self, gate: Gate, strict: bool) -> None:
        self._gate, self._strict = gate, strict
        self._start()

    def _start(self) -> None:
        self.held: list[CheckedSentence] = []
        self.not_in_papers = False
        self.leaked = 0
        self._composer = Composer()
        self._under_way = self._shown = self._before = ""
        self._seen: set[str] = set()
        self._repeated = 0

    def read(self, pieces: Iterator[str], known: frozenset[str], meter: Meter) -> Iterator[Event]:
        reply, length = Reply(known), 0
        for piece in pieces:
            length += len(piece)
            yield from meter.noticed()
            for part in reply.feed(piece):
                yield from self._take(part)
            if self.not_in_papers or self._runs_on() or length > LONGEST_REPLY or self._repeated >= REPEATED:
                break
        if not self.not_in_papers and not self._runs_on():
            for part in reply.end():
                yield from self._take(part)

    def _runs_on(self) -> bool:
        return len(self._under_way) > LONGEST_SENTENCE

    def _take(self, part: Part) -> Iterator[Event]:
        if isinstance(part, Prose):
            yield from self._show(part.text)
        elif isinstance(part, Sentence):
            yield from self._hold(part)
        elif isinstance(part, NotInPapers):
            self.not_in_papers = not any(one.stands for one in self.held)
        elif isinstance(part, Restart):
            self._start()

    def _show(self, text: str) -> Iterator[Event]:
        """Passes text on as it comes, unless it must wait for its verdict or is about to repeat the rules."""
        self._under_way += text
        if not self._strict and not self._leaks(self._under_way):
            self._shown += text
            yield Wrote(text)

    def _leaks(self, text: str) -> bool:
        """Whether the text, or where it joins what was shown before, repeats the rules."""
        return self._gate.leaks(" ".join([*self._before.split()[-LEAK:], text]))

    def _hold(self, sentence: Sentence) -> Iterator[Event]:
        self._under_way = ""
        if self._leaks(sentence.text):
            self.leaked += 1
        elif sentence.text.casefold() in self._seen:
            self._repeated += 1
        else:
            self._seen.add(sentence.text.casefold())
            yield from self._pass(self._gate.hold(sentence))
        self._before = self._shown

    def _pass(self, held: CheckedSentence) -> Iterator[Event]:
        """The markers of a sentence that was shown, or strictly all of it; then its verdict."""
        self.held.append(held)
        markers = _add(self._composer, held)
        claim = self._composer.claims[-1]
        if self._strict and claim.verdict != "unsupported":
            self._shown += held.gap + held.text
            yield Wrote(held.gap + held.text + markers)
        elif markers and not self._strict:
            yield Wrote(markers)
        yield Checked(len(self.held) - 1, claim)


def _request(question: str, evidence: Sequence[Evidence]) -> list[Message]:
    listed = evidence_prompt.listed(evidence)
    return prompts.messages("answer", sentinel=SENTINEL, evidence=listed, question=harmless(question))


def _written(held: Sequence[CheckedSentence], strict: bool, notices: list[str], leaked: int) -> Written:
    if not any(one.stands for one in held):
        raise ModelFailed("The papers support nothing in the language model's reply.")
    kept = [one for one in held if not strict or one.judgement.verdict != "unsupported"]
    if len(kept) < len(held):
        gone = len(held) - len(kept)
        notices.append(
            f"Strict: {gone} of {_sentences(len(held))} {_were(gone)} removed, because the papers do not support them."
        )
    if leaked:
        notices.append(f"{_sentences(leaked)} that did not concern the papers {_were(leaked)} left out.")
    composer = Composer()
    for one in kept:
        _add(composer, one)
    return Written(composer.text, tuple(composer.claims), tuple(composer.citations), tuple(notices))


def _add(composer: Composer, held: CheckedSentence) -> str:
    return composer.add_claim(held.text, held.gap, held.evidence, held.judgement)


def _sentences(count: int) -> str:
    return f"{count} sentence{'' if count == 1 else 's'}"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
