"""A draft held against the papers: for each of its sentences the sentences of abstracts that support or contradict it, or nothing.

Two judges are heard together: the learned reader, which sees claim and evidence at once, and the grounding checker, whose rules see numbers,
opposites, comparisons and names. A paper that is wrongly named costs a person more than one that is missed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.errors import WrongDraft
from rag.grounding.numbers import numbers_fault
from rag.protocols import Checker, ClaimReader
from rag.query.languages import language_asked
from rag.query.question import understood
from rag.retrieval.sentence_ranker import Match, SentenceRanker
from rag.review.markup import prose
from rag.text.latex import without_commands
from rag.text.polarity import one_sided_denial, opposition
from rag.text.relations import agreed, turned_round
from rag.text.sentences import sentences
from rag.text.words import content_words, stem, stems
from rag.types import Evidence, Hit, Span

LONGEST = 40_000
"""Characters of a draft."""
MOST_SENTENCES = 300
"""Sentences of a draft that are checked. Chosen."""
PAPERS, OF_EACH = 5, 3
"""Papers that a sentence is compared with, and sentences of each, the nearest by late interaction."""
NAMED = 3
"""Papers named for one sentence, at most."""
READER_SHARE = 0.6
"""How much of a sentence's support is the reader's word; the rest is the grounding checker's."""
SUPPORT, SURE_SUPPORT = 0.5, 0.68
"""Support from which a sentence is named, and from which that is not doubtful: of the claims on the reader's 90 held-out papers 68 % of the
true and 19 % of the wrong ones reach the first, 60 and 14 % the second. Chosen with an earlier reader, of which fewer wrong ones did."""
SAME_WORDS, SURE_WORDS = 0.5, 0.75
"""Share of the claim's words that sentence and title must have, so that what a rule sees between the two is a contradiction: of 93 true claims
none is called contradicted, of 126 wrong ones, most of which no sentence denies outright, 16 %. With fewer than the second share it is doubtful:
“without bound” and “upper bounds” are no opposites."""
CONTRADICTION, MOST_WORDS, NO_SUPPORT = 0.6, 0.6, 0.3
"""Where no rule sees one, what the reader must say to name a doubtful contradiction: its share, the words in common, and the support at most.
The last two were chosen on claims over 70 abstracts that the reader was not trained on. From the first on, it calls 93 of 302 wrong claims of the
reading set's `dev` contradicted, and 13 of 217 right ones; `python -m eval.checker.drafts` measures them on others."""
SHORT = 3
"""Content words under which a sentence says too little to be checked."""

Stance = Literal["supports", "contradicts"]
Outcome = Literal["supported", "contradicted", "nothing", "not_checked"]
Why = Literal["", "no_claim", "language"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence of an abstract for or against a sentence of a draft; how surely (0…1), whether that is doubtful, and why, in words."""

    evidence: Evidence
    stance: Stance
    sure: float
    doubtful: bool
    reason: str


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence of the draft, where it stands there, and what was found, the surest first.

    `contradicted` where some paper contradicts it, whatever others say; a doubtful contradiction counts where nobody supports it. `not_checked` where it claims nothing that could be looked up, or
    is in a language that is not compared with papers: `why` says which.
    """

    text: str
    span: Span
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    why: Why = ""


@dataclass(frozen=True)
class DraftChecker:
    """Checks drafts sentence by sentence. `search` finds papers; `claims` is the learned reader."""

    search: Callable[[str, int], Sequence[Hit]]
    ranker: SentenceRanker
    claims: ClaimReader
    checker: Checker

    def check(self, draft: str) -> Iterator[DraftSentence]:
        """Each sentence as soon as it is checked, in order. `draft` has passed `claimed`."""
        told = prose(draft)
        for span in claimed(draft):
            yield self._sentence(span.of(draft), plain(span.of(told)), span)

    def _sentence(self, text: str, claim: str, span: Span) -> DraftSentence:
        if language_asked(claim) != "en":
            return DraftSentence(text, span, "not_checked", why="language")
        if not is_claim(claim):
            return DraftSentence(text, span, "not_checked", why="no_claim")
        found = [finding for match, shares in self._read(claim) if (finding := self._finding(claim, match, shares)) is not None]
        best = _one_a_paper(sorted(found, key=_surest))[:NAMED]
        return DraftSentence(text, span, _outcome(best), tuple(best))

    def _read(self, claim: str) -> list[tuple[Match, tuple[float, float, float]]]:
        nearest = self._nearest(claim)
        return list(
            zip(nearest, self.claims.verdicts(claim, [(one.evidence.paper.title, one.text) for one in nearest]), strict=True)
        )

    def _nearest(self, claim: str) -> list[Match]:
        """The sentences nearest to the claim, of each of the nearest papers."""
        own: dict[str, list[Match]] = {}
        for match in self.ranker.matches(understood(claim, "en"), self.search(claim, PAPERS)):
            own.setdefault(match.evidence.paper.id, []).append(match)
        return [match for matches in own.values() for match in matches[:OF_EACH]]

    def _finding(self, claim: str, match: Match, shares: tuple[float, float, float]) -> Finding | None:
        """What the sentence is to the claim, if anything."""
        supported, _, contradicted = shares
        against, one_sided = opposed(claim, match.text), one_sided_denial(claim, [match.text])
        if not against:
            judged = self.checker.check(claim, [match.text, match.evidence.paper.title])
            # What stands there word for word, or with other words between, needs no reader.
            told = told_in_order(claim, match.text)
            support = (
                judged.score if told or judged.score == 1.0 else READER_SHARE * supported + (1 - READER_SHARE) * judged.score
            )
            if support >= (SURE_SUPPORT if one_sided else SUPPORT):
                doubtful = support < SURE_SUPPORT or bool(one_sided)
                return Finding(match.evidence, "supports", support, doubtful, judged.reason)
        same = shared(claim, f"{match.evidence.paper.title} {match.text}")
        if against and same >= SAME_WORDS:
            return Finding(match.evidence, "contradicts", max(contradicted, same), same < SURE_WORDS, against)
        if supported < NO_SUPPORT and contradicted >= CONTRADICTION and same >= MOST_WORDS:
            return Finding(match.evidence, "contradicts", contradicted, True, "")
        return None


def claimed(draft: str) -> list[Span]:
    """The sentences of a draft. Raises WrongDraft if there is none, or more than is read."""
    if len(draft) > LONGEST:
        raise WrongDraft(f"The text has {len(draft):,} characters; {LONGEST:,} are read at once. Check it in parts.")
    told = prose(draft)
    spans = [span for span in sentences(told) if any(char.isalnum() for char in span.of(told))]
    if not spans:
        raise WrongDraft("There is no text to check: paste a paragraph of a draft.")
    if len(spans) > MOST_SENTENCES:
        raise WrongDraft(f"The text has {len(spans)} sentences; {MOST_SENTENCES} are checked at once. Check it in parts.")
    return spans


def plain(sentence: str) -> str:
    """What a sentence of a draft claims: without its citations, in Markdown, LaTeX or by author and year, and without commands."""
    text = _CITATION.sub("", _COMMAND_CITATION.sub("", sentence))
    return " ".join(without_commands(text).replace("**", "").lstrip("#>-*• ").split()).replace(" .", ".").replace(" ,", ",")


def is_claim(sentence: str) -> bool:
    """Whether it says something that papers could say too: no question, no heading, no word about the text itself."""
    words = content_words(sentence)
    return len(words) >= SHORT and not sentence.rstrip().endswith("?") and not _OWN_TEXT.search(sentence)


def opposed(claim: str, sentence: str) -> str:
    """What a rule sees in a sentence that contradicts the claim, in words; empty if it sees nothing."""
    near = [sentence]
    reversed = turned_round(claim, near, near) or opposition(claim, near, near, agreed(claim, near))
    if reversed:
        return reversed
    fault = numbers_fault(claim, near)
    return fault if fault.startswith(_CONTRAST) else ""


def shared(claim: str, text: str) -> float:
    """The share of the claim's content words that the text has, in any inflection."""
    wanted = {stem(word) for word in content_words(claim)}
    return len(wanted & stems(text)) / len(wanted) if wanted else 0.0


def told_in_order(claim: str, sentence: str) -> bool:
    """Whether a sentence has all content words of the claim, in any inflection, in the claim's order."""
    told = iter([stem(word) for word in content_words(sentence)])
    return all(stem(word) in told for word in content_words(claim))


_CONTRAST = "the claim says"
"""How a fault of numbers begins that names what the source has instead."""
_COMMAND_CITATION = re.compile(
    r"[ ~]?\\(?:[cC]ite\w{0,12}|ref|eqref|cref|autoref|label|footnote)\*?(?:\[[^\]\[]{0,80}\]){0,2}\{[^{}]{0,300}\}"
)
_CITATION = re.compile(
    r" ?\[(?:@[\w:.-]{1,60}|\d{1,4})(?:[,;–-] ?(?:@[\w:.-]{1,60}|\d{1,4})){0,20}\]"
    r"| ?\((?:e\.g\.,? |see )?[A-Z][\w'’-]{1,30}(?: et al\.?| (?:and|&) [A-Z][\w'’-]{1,30})?,? (?:19|20)\d\d[a-z]?(?:; [^();]{1,60}){0,10}\)"
)
_OWN_TEXT = re.compile(
    r"(?i)\b(?:in (?:this|the (?:next|following|present)) (?:section|chapter|paper|work|article|thesis|study)|(?:section|chapter|figure|table|appendix) (?:\d|[A-Z]\b)|we (?:thank|are grateful)|the remainder of)"
)


def _one_a_paper(findings: Sequence[Finding]) -> list[Finding]:
    """The first of each paper."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.evidence.paper.id, finding)
    return list(first.values())


def _outcome(findings: Sequence[Finding]) -> Outcome:
    if not findings:
        return "nothing"
    against = [finding for finding in findings if finding.stance == "contradicts"]
    sure = any(not finding.doubtful for finding in against)
    return "contradicted" if sure or len(against) == len(findings) else "supported"


def _surest(finding: Finding) -> tuple[bool, float, str]:
    """An order: of a paper that supports in one sentence and seems to contradict in another, the support counts."""
    return finding.stance != "supports", -finding.sure, finding.evidence.paper.id
