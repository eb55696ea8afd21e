"""When the papers do not hold the answer: the subject is foreign to them, or they speak of it but not of the point asked.

Rules, each with its own code and with limits chosen on questions of our own. For comparisons they decide; for facts and explanations
`rag.abstention.classifier` weighs most of them together, and lists are also held against what the learned reader finds (`rag.answering.listing`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from rag.abstention.presuppositions import contradiction, premise_fault, supposed
from rag.abstention.unknown_names import lacking_names, refuse_unknown_name
from rag.query.paper_names import subject_words
from rag.query.plan import QueryPlan
from rag.retrieval.sentence_ranker import Match
from rag.text.frequency import tells_nothing_by_lacking
from rag.text.names import coined, is_name, is_own_spelling, names
from rag.text.numerals import CARDINAL, LARGE
from rag.text.words import WORD, fold, is_content, stem, stems, words
from rag.types import Paper, Refusal

SPEAKING = 2
"""Sentences against which a question's premise is held: those that speak most of it."""
FOREIGN = 0.33
"""Mean best cosine of the question's content words under which the nearest papers speak of something else."""
FAR = 0.335
"""Cosine of the question and the nearest sentence under which a question that names no paper is about something else."""
FAR_WORDS = 0.55
"""Mean best cosine of its content words under which such a question's words only resemble those of the papers."""
FARTHER = 0.2
"""How much nearer the words must be for each point that the nearest sentence is farther."""
NEAR, NEAR_WORDS = 0.27, 0.45
"""Cosine of the question and a sentence, and mean best cosine of the question's content words, from which on the nearest paper is on the subject
of a question, even if the rule takes it for another one: 40 everyday questions over two collections stay under both, of 24 questions on
`dev.jsonl` that the rule meets beside their own paper 21 reach one."""
UNMET = 0.35
"""Best cosine under which a word that the collection lacks has no counterpart in the papers found."""
UNMET_SHARE = 0.5
"""From this share of unmet content words on, the question is about something else."""
UNMET_PHRASE = 0.4
"""Best cosine of a word that no paper in view has, under which a refusal names it. Chosen by reading what 60 refusals would name."""
AMOUNTS = frozenset("share percentage percent proportion fraction number amount count part".split())
"""Words that ask for a figure, and that papers need not have to give it."""
LONGEST_PHRASE = 3
"""Words of it at most. Chosen."""
BEFORE_THINGS = frozenset(
    """a an the its their his her our your this that these those any some each every which what many much no and or
    about against by for from in of on per with without""".split()
)
"""Words behind which a phrase names something; elsewhere it may say what is done, which no refusal can name: `does X require lamps`."""

_ADJECTIVE = re.compile(r"(?i)[a-z]{2}(?:ic|al|ive|ous|ary|[ai]ble|[ai]an|ese|less|ful|ed)$")
"""A word that means little without the noun behind it: `genetic algorithms`, of which papers lack the one and have the other."""
_DIGITS = re.compile(r"(?<![A-Za-z\d-])\d")
_DIMENSION = re.compile(r"\b(?:\d\+)?\d ?D\b|\bE\(\d\)|\bSO\(\d\)|(?<![A-Za-z])[A-Za-z]+-\d+")
_NUMBER_WORD = re.compile(rf"(?i)\b(?:{CARDINAL}|{LARGE}|half|twice|double|triple|single(?!-)|pair|both|orders? of magnitude)\b")
_LARGE_NUMBER = re.compile(rf"(?i)\b(?:{LARGE}|orders? of magnitude)\b")
_COUNTS = re.compile(r"(?i)\bhow (?:many|large|big|long|often)\b|\b(?:number of|sizes?)\b")
_NOT_HELD = re.compile(
    r"(?i)\b(?:(?:most|least|highly|widely|often|times)[- ]cited|citation counts?|(?:number of|how many|many) citations|impact factor|h-index|(?:most|least) (?:popular|read|downloaded|upvoted|influential) paper|upvotes|github stars)\b"
)
_CODE = r"(?:code(?:base)?|implementation|github|repo(?:sitory)?)"
_THE_CODE = rf"(?:(?:the|its|their|any|some|an?|source|open|open-source|publicly|public|available|official|reference|original|released) ){{0,4}}{_CODE}"
_SOME_CODE = rf"(?:(?!(?:in|of|on|from|with|for|by|to|into|through|as)\b)[\w'’-]{{1,40}} ){{0,4}}{_CODE}"
_ENDS_CODE = r"(?: link| url| repo(?:sitory)?| page)?(?=\W*$|\s?[(,;.?!]|\s(?:for|of|to|by|behind|on|online|that|which|and|or|from|available|released|published|public|yet|already|anywhere|somewhere)\b)"
_CODE_ASKED = re.compile(
    rf"(?i)\b(?:(?:is|are|was) there|where(?:['’]s| is| are)?|any|links?(?: to| for)|urls?(?: to| for)|find|get|download|share[sd]?|provide[sd]?) {_THE_CODE}{_ENDS_CODE}"
    rf"|\b(?:(?:where|can|could|may)(?: can| could| do| to)?(?: i| we| one| you)? (?:find|get|download)|release[sd]?|publish(?:e[sd])?) {_SOME_CODE}{_ENDS_CODE}"
    rf"|\b(?:is|are|was|were|has|have) {_THE_CODE}\b.{{0,120}}\b(?:available|released?|public|publicly|published|online|shared|open|open-sourced)\b"
    r"|\b(?:code|repo(?:sitory)?) (?:available|released|public|online|link|url)\b"
    r"|^\W*(?:is|are) [^?.!,]{1,80} open[- ]?sourced?\W*$"
)
"""Code that is asked for, and not what only bears the word: “code compliance”, “linked to code”, a “source code” that is lossless."""


@dataclass(frozen=True)
class Findings:
    """What each rule finds in one question and its sentences (best first), worked out once, when it is first asked for.

    `holds` tells whether the collection has a word. A rule that finds nothing gives None.
    """

    question: QueryPlan
    matches: Sequence[Match]
    holds: Callable[[str], bool]

    @cached_property
    def content(self) -> list[str]:
        """The question's content words."""
        return [word for word in self.matches[0].words if is_content(word)]

    @cached_property
    def best(self) -> dict[str, float]:
        """Each content word with its best cosine among the sentences."""
        return {word: max(match.words[word] for match in self.matches) for word in self.content}

    @cached_property
    def beyond_records(self) -> bool:
        return beyond_records(self.question)

    @cached_property
    def another_subject(self) -> bool:
        return another_subject(self.question, self.matches, self.holds)

    @cached_property
    def near_subject(self) -> bool:
        """Whether the nearest paper speaks of what the question is about."""
        met = sum(max(match.words[word] for match in self.nearest) for word in self.content) / len(self.content)
        return not self.question.foreign and (max(match.meaning for match in self.nearest) >= NEAR or met >= NEAR_WORDS)

    @cached_property
    def no_code(self) -> bool:
        return no_code(self.question, self.matches)

    @cached_property
    def unknown_name(self) -> Refusal | None:
        return refuse_unknown_name(self.question, self.matches, self.best, self.holds)

    @cached_property
    def lacking_names(self) -> list[str]:
        """Names in the question that the nearest paper has nowhere."""
        return lacking_names(self.question.text, self.nearest[0].evidence.paper)

    @cached_property
    def unmet_phrase(self) -> Refusal | None:
        return unmet_phrase(self.question, self.matches, self.best)

    @cached_property
    def unmet_number(self) -> Refusal | None:
        return unmet_number(self.question, self.matches[0])

    @cached_property
    def opposite_premise(self) -> Refusal | None:
        """Where the question supposes what the nearest paper denies."""
        told = [match.text for match in self.nearest]
        return premise_fault(self.question.text, told, told[:SPEAKING])

    @cached_property
    def done_without(self) -> Refusal | None:
        """Where the question asks about what the nearest paper does without."""
        if "difficulty" in self.question.wants:
            return None
        paper = self.nearest[0].evidence.paper
        own = subject_words(self.question.text, paper) | set(words(paper.title))
        return supposed(self.question.text, [match.text for match in self.nearest], own)

    def contradicting(self, fault: Refusal) -> Match | None:
        """The sentence of the nearest paper that denies what the question supposes, if that is the fault and one sentence does."""
        if fault.code not in ("opposite_premise", "premise_done_without"):
            return None
        told = [match.text for match in self.nearest]
        place = contradiction(self.question.text, told, told[:SPEAKING], fault)
        return None if place is None else self.nearest[place]

    @cached_property
    def nearest(self) -> list[Match]:
        """The sentences of the paper that has the best one."""
        return [match for match in self.matches if match.evidence.paper.id == self.matches[0].evidence.paper.id]

    @cached_property
    def unknown_words(self) -> Refusal | None:
        """Where most of what is asked has no counterpart in the papers and stands nowhere in the collection."""
        unmet = [word for word in self.content if self.best[word] < UNMET and not self.holds(word)]
        many = len(unmet) >= 2 and len(unmet) >= UNMET_SHARE * len(self.content)
        typed = {fold(found.group()): found.group() for found in WORD.finditer(self.question.text)}
        return Refusal("unknown_words", tuple(typed.get(word, word) for word in unmet)) if many else None

    @cached_property
    def first(self) -> Refusal | None:
        """Why these sentences cannot answer, by the first rule that finds something."""
        if not self.matches:
            return Refusal("nothing_found")
        if self.beyond_records:
            return Refusal("not_recorded")
        if not self.content:
            return None
        if self.another_subject:
            return Refusal("other_subject")
        if self.no_code:
            return Refusal("no_code")
        return None if self.question.foreign else self.unknown_words or self.unknown_name


def missing_point(question: QueryPlan, matches: Sequence[Match], holds: Callable[[str], bool]) -> Refusal | None:
    """Why these sentences (best first) cannot answer; nothing when they may. `holds`: whether the collection has the word."""
    return Findings(question, matches, holds).first


def _is_far(question: QueryPlan, matches: Sequence[Match], met: float) -> bool:
    """Whether neither the whole question nor its words are near; a paper that has a name of the question is near, and topics are too short to tell."""
    if question.foreign or question.kind in ("list", "summary"):
        return False
    papers = {match.evidence.paper.id: match.evidence.paper for match in matches}.values()
    meaning = max(match.meaning for match in matches)
    if meaning >= FAR or met >= FAR_WORDS + FARTHER * (FAR - meaning):
        return False
    called = [set(words(name)) for name in names(question.text)]
    return not any(name <= set(words(f"{paper.title} {paper.abstract}")) for name in called for paper in papers)


def unmet_phrase(question: QueryPlan, matches: Sequence[Match], best: Mapping[str, float]) -> Refusal | None:
    """Words of the question that no paper in view has, and that the least there resembles, as the reason of a refusal: side by side, the last
    word of a phrase with the one before it (`learning rate`)."""
    papers = {match.evidence.paper.id: match.evidence.paper for match in matches}.values()
    told = [stems(f"{paper.title} {paper.abstract}") for paper in papers]
    subject = subject_words(question.text, matches[0].evidence.paper)
    found: list[tuple[float, str]] = []
    wanted = {word for word in best if is_content(word) and not tells_nothing_by_lacking(word)} - subject - AMOUNTS
    for run in _runs(question.text, wanted):
        new = [not any(_has(fold(word.group()), text) for text in told) for word in run]
        for start, end in _stretches(new):
            adjective = _ADJECTIVE.search(run[end - 1].group()) is not None
            joins = start and end == len(run) and end - start < LONGEST_PHRASE and not adjective  # `are tags controversial`
            from_before = start - 1 if joins else start
            to_noun = end + (end < len(run) and adjective)
            phrase = question.text[run[from_before].start() : run[min(to_noun, start + LONGEST_PHRASE) - 1].end()]
            found.append((min(best[fold(word.group())] for word in run[start:end]), phrase))
    resembles, phrase = min(found, default=(1.0, ""))
    return Refusal("term_not_mentioned", (phrase,)) if resembles < UNMET_PHRASE else None


def _has(word: str, told: Collection[str]) -> bool:
    """Whether a word, or its singular if it is an abbreviation (`gpus`), is among stems."""
    return stem(word) in told or word.removesuffix("s") in told


def _stretches(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The first place and the one behind the last, of each stretch of true flags."""
    for flag, group in groupby(range(len(flags)), key=flags.__getitem__):
        if flag:
            first, *others = group
            yield first, (others[-1] if others else first) + 1


def _runs(text: str, kept: Collection[str]) -> Iterator[list[re.Match[str]]]:
    """The words of the text that are kept, those side by side together, where they name something."""
    run: list[re.Match[str]] = []
    before = ""
    for found in WORD.finditer(text):
        word = fold(found.group())
        if run and (word not in kept or text[run[-1].end() : found.start()] not in (" ", "-")):
            yield run
            run = []
        if word in kept and (run or before in BEFORE_THINGS or (before and is_name(found.group()))):
            run.append(found)
        before = word
    if run:
        yield run


def another_subject(question: QueryPlan, matches: Sequence[Match], holds: Callable[[str], bool]) -> bool:
    """Whether the nearest papers (there is one, and the question has a content word) speak of something else; none that it is asked of, that is
    called by name, has a coined name of the question, or all its content words in its title, does."""
    if question.asked_of:
        return False
    papers = {match.evidence.paper.id: match.evidence.paper for match in matches}.values()
    coined_names = list(filter(is_own_spelling, coined(question.text)))
    if any(subject_words(question.text, paper) or _has_any(coined_names, paper) for paper in papers):
        return False
    best = {word: max(match.words[word] for match in matches) for word in matches[0].words if is_content(word)}
    if best and any(all(_has(word, stems(paper.title)) for word in best) for paper in papers):
        return False
    met = [score for word, score in best.items() if holds(word) or not question.foreign]
    return not met or sum(met) / len(met) < FOREIGN or _is_far(question, matches, sum(met) / len(met))


def _has_any(coined_names: Sequence[str], paper: Paper) -> bool:
    lacking = lacking_names(" · ".join(coined_names), paper) if coined_names else []
    return len(lacking) < len(coined_names)


def beyond_records(question: QueryPlan) -> bool:
    """Whether it asks what no abstract and no record holds: how often a paper is cited, read or rated."""
    return _NOT_HELD.search(question.text) is not None


def _asks_code(question: QueryPlan) -> bool:
    """Whether code itself is asked for; of a question put into English word by word, whether it is a point on code."""
    by_words = (
        question.foreign and question.kind == "fact" and "code" in question.wants and not question.wants & {"manner", "reason"}
    )
    return by_words or _CODE_ASKED.search(question.text) is not None


def no_code(question: QueryPlan, matches: Sequence[Match]) -> bool:
    """Whether code is asked for and none is given; where the question has coined names, by the papers that have one of them."""
    if not _asks_code(question):
        return False
    coined_names = list(filter(is_own_spelling, coined(question.text)))
    own = [match for match in matches if not coined_names or _has_any(coined_names, match.evidence.paper)]
    return not any(match.role == "code" or "://" in match.text for match in own)


def unmet_number(question: QueryPlan, best: Match) -> Refusal | None:
    """Why no figure answers, where a number is wanted and the best sentence has none."""
    wanted = "number" in question.wants
    counting, dimensions = _COUNTS.search(question.text) is not None, "dimension" in fold(question.text)
    return Refusal("no_figure") if wanted and not has_number(best.text, counting, dimensions) else None


def has_number(sentence: str, counting: bool = False, dimensions: bool = False) -> bool:
    """Whether the sentence states a number; small ones in words count when counting, `3D` and `CIFAR-10` when dimensions are asked for."""
    bare = sentence if dimensions else _DIMENSION.sub(" ", sentence)
    return any(pattern.search(bare) for pattern in (_DIGITS, _LARGE_NUMBER, *((_NUMBER_WORD,) if counting else ())))
