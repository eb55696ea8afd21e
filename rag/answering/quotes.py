"""The embedded writer: answers by quoting, with no model. It chooses exact sentences by what is asked and puts them in a sensible order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from rag import prompts
from rag.abstention.classifier import model, why_unanswered
from rag.abstention.rules import Findings, missing_point
from rag.answering.abbreviations import abbreviation_meant, abbreviations_asked, long_form, not_spelled_out
from rag.answering.comparison import between_options, by_roles, missing_on_point, outcome, point
from rag.answering.gist import gist, shows_its_part
from rag.answering.listing import apart, lacking, on_one_point
from rag.answering.membership import Member, Membership, by_id, near, papers_on, unread_chances
from rag.answering.whether import denying, whether
from rag.answering.worded import worded
from rag.citations import Block, Draft, heading
from rag.protocols import ClaimReader
from rag.query.catalogue import Limits
from rag.query.kinds import asks_for_others, asks_for_papers, asks_which_paper, counts_papers
from rag.query.metadata_questions import asks_who_made
from rag.query.paper_names import described, named, named_by_title, own_names_stand_in
from rag.query.plan import QueryPlan
from rag.query.yes_no import begins_as_whether
from rag.retrieval.reranker import Reranker, telling
from rag.retrieval.sentence_ranker import Match, SentenceRanker
from rag.text.sentence_roles import Role
from rag.text.words import content_words, stem, stems
from rag.types import Evidence, Hit, Paper, Refusal

NEAREST = 3
"""Papers read for a question that names none."""
READ_SHARE = 0.6
"""Papers under this share of the best score are not read, unless the question names them: of 600 answerable questions over the 150 abstracts
of the reading set's `dev.jsonl` as many get the right sentence first (82.6 %, none refused), and a fourth of the readings is saved."""
FURTHER = 2
"""Sentences that may add to the first one."""
MARGIN = 0.3
"""How far behind the best a sentence may be and still add to it."""
ODDS_MARGIN, EXPLAINING_MARGIN = 3.0, 4.0
"""The same in the learned reader's log-odds, for a fact and for an explanation: at 4 an answer has a third more sentences, and no more of them
answer; what explains is told in several."""
SIDE_SHARE = 0.48
"""A paper that a comparison does not call by name must reach this share of the best hit's score: it changes no `dev`
comparison, and of 22 questions on one paper that look like comparisons it leaves 17 to be read as such."""
LIST_HITS = 30
"""Papers searched for a list or a topic, of which those are kept that deal with it. Chosen."""
MOST_TITLED = 300
"""Papers, the best by their words, whose titles are looked at for a topic. Chosen."""
COMPARED = 4
"""Papers that are compared at most where none is named. Chosen."""
SUMMARY_PAPERS = 5
"""Papers in the summary of a topic at most. Chosen."""
SUMMARY_PARTS: tuple[tuple[Role, str, int], ...] = (
    ("problem", "Problem", 1),
    ("approach", "Approach", 2),
    ("result", "Result", 2),
)
"""Role, its label, and at most how many sentences of it."""

PAPER_WORDS = (" paper", " article", " study", " thesis", " survey")
"""What ends a side of a comparison that is a paper, and no option: `lamp light or infrared light`."""

SearchPapers = Callable[[str, int], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Found:
    """The sentences of the papers in question, best first, why they cannot answer, if they cannot, and the one that denies what is supposed, by the learned reader."""

    matches: Sequence[Match]
    refusal: Refusal | None
    denying: Match | None = None


@dataclass(frozen=True)
class QuoteWriter:
    """Writes from the sentences that `ranker` finds; `search` is asked again for the sides of a comparison.

    `reranker` reads the best of them once more together with the question; without it, late interaction alone ranks them. `claims` reads whether a
    sentence says yes or no. `worded` finds papers by their words alone.
    """

    ranker: SentenceRanker
    search: SearchPapers
    holds: Callable[[str], bool]
    reranker: Reranker | None = None
    claims: ClaimReader | None = None
    worded: SearchPapers = lambda _text, _limit: ()
    name = "quotes"

    @property
    def membership(self) -> Membership:
        """What decides which papers belong to a list."""
        return Membership(self.ranker, self.holds, self.reranker)

    def write(self, question: QueryPlan, hits: Sequence[Hit]) -> Draft:
        if question.kind in ("fact", "method"):
            short = abbreviations_asked(question.text)
            named = short or abbreviation_meant(question.text)
            if named and (spelled := long_form(named, hits, self.search)) is not None:
                return Draft((Block((spelled,)),))
            if (refusal := not_spelled_out(short, self.holds)) is not None:
                return Draft(refusal=refusal)
        if question.kind in ("fact", "method") and (selected := gist(question, hits, self.ranker, self.reranker is not None)):
            return Draft((Block(tuple(match.evidence for match in selected)),))
        write = {
            "fact": self._fact,
            "method": self._method,
            "list": self._list,
            "compare": self._compare,
            "summary": self._summary,
        }[question.kind]
        return write(question, hits)

    def _fact(self, question: QueryPlan, hits: Sequence[Hit]) -> Draft:
        found = self._read(question, hits)
        if found.refusal is not None:
            return self._about(question, hits) or self._denied(question, found, found.refusal)
        return Draft(tuple(_begun(question, found.matches[0], _by_paper(_best(found.matches)), self.claims)))

    def _method(self, question: QueryPlan, hits: Sequence[Hit]) -> Draft:
        found = self._read(question, hits)
        if found.refusal is not None:
            return self._denied(question, found, found.refusal)
        first = found.matches[0].evidence.paper.id
        best, *further = _best([match for match in found.matches if match.evidence.paper.id == first], margin=EXPLAINING_MARGIN)
        matches_by_paper = _by_paper([best, *sorted(further, key=lambda match: match.position)])
        return Draft(tuple(_begun(question, best, matches_by_paper, self.claims)))

    def _about(self, question: QueryPlan, hits: Sequence[Hit]) -> Draft | None:
        """Where `which paper is about …?` is answered by no sentence: the papers that deal with it and have all its words."""
        asked = content_words(question.topic) if asks_which_paper(question.text) else []
        dealing = (
            [one for one in self._dealing(question, hits)[0] if not lacking(asked, one.match.evidence.paper)] if asked else []
        )
        return _told(_items(dealing), question, None) if dealing else None

    def _denied(self, question: QueryPlan, found: Found, refusal: Refusal) -> Draft:
        """The refusal; where the question supposes what a sentence denies, by the rules or the learned reader, that sentence behind words that say so."""
        told = Findings(question, found.matches, self.holds).contradicting(refusal)
        if told is None and refusal.code == "opposite_premise":
            told = found.denying
        if told is None:
            return Draft(refusal=refusal)
        says = "no" if begins_as_whether(question.text) else "otherwise"
        return Draft((Block((told.evidence,), prompts.whether(says, question.language)),), refusal)

    def _list(self, question: QueryPlan, hits: Sequence[Hit]) -> Draft:
        if asks_for_others(question.text):
            hits = [hit for hit in hits if hit.paper not in question.papers]
        if question.worded:
            found = worded(question.worded, " or " in question.text.casefold(), hits)
            unknown = tuple(word for word in question.worded if not any(map(self.holds, content_words(word))))
            return _told(found, question, Refusal("unknown_words", unknown) if unknown else Refusal("nothing_found"))
        dealing, refusal = self._dealing(question, hits)
        titled = _titled(question.topic or question.text, hits)
        if not titled and not asks_for_papers(question.text) and self._on_one_point(question, hits, not dealing):
            return self._fact(question, hits)
        return _told([*_items(dealing), *titled], question, refusal)

    def _on_one_point(self, question: QueryPlan, hits: Sequence[Hit], nothing: bool) -> bool:
        """Whether what looks like a list asks for one point; `nothing`: whether as a list it would be empty."""
        likely = self.likely(question, hits)
        return likely == 1 if self.reranker is None else on_one_point(self._read(question, hits).matches, likely, nothing)

    def likely(self, question: QueryPlan, hits: Sequence[Hit]) -> int:
        """How many papers seem to deal with the topic before any is read."""
        chances = unread_chances(by_id(self.ranker.matches(of_topic(question), near(hits))))
        return sum(chance >= model("membership").threshold for chance in chances.values())

    def _dealing(self, question: QueryPlan, hits: Sequence[Hit]) -> tuple[list[Member], Refusal | None]:
        """The papers that deal with the topic, the likeliest first."""
        topic = of_topic(question)
        nearest = (*hits, *_asked_for(question, self.worded(topic.text, MOST_TITLED)))
        titled = _titled_with(topic.text, nearest) if question.topic else []
        matches = self.ranker.matches(topic, near(hits))
        refusal = missing_point(topic, matches, self.holds)
        if refusal is not None and not titled:
            return [], refusal
        searched = [(what, self.search(what, len(hits))) for what in question.left_out]
        asked = papers_on(question.topic).text if question.filters is not None and question.topic else question.text
        found = self.membership.members(replace(question, text=asked), matches, searched, titled)
        return found, None if found else Refusal("nothing_found")

    def dealing_with(self, topic: str, hits: Sequence[Hit]) -> list[Paper]:
        """Those of the hits' papers that deal with a topic, or have its words together."""
        ids = {one.id for one in self._dealing(papers_on(topic), hits)[0]}
        words = content_words(topic)
        return [hit.paper for hit in hits if hit.paper.id in ids or (words and not apart(words, hit.paper))]

    def _compare(self, question: QueryPlan, hits: Sequence[Hit]) -> Draft:
        if question.compares_group:
            return self._each_told(question, hits, COMPARED)
        found: list[Hit] = []
        options = between_options(question)
        for side in question.sides:
            found += self._side(side, point(question) if options else "", hits, {hit.paper.id for hit in found})
        called = question.papers
        if len(found) < 2 or (len(called) == 1 and called[0].id not in {hit.paper.id for hit in found}):
            return self._method(question, hits)  # the sides are no papers but options: `A100 or H100`
        surely = len(named(question.text, [hit.paper for hit in found])) == len(found)
        wide = found if surely else {hit.paper.id: hit for hit in (*hits[:1], *found)}.values()
        matches = self.ranker.matches(question, wide)
        refusal = missing_point(question, matches, self.holds)
        if refusal is not None:
            return Draft(refusal=refusal)
        sides = [[match for match in matches if match.evidence.paper.id == hit.paper.id] for hit in found]
        sides = [own for own in sides if own]  # a title without an abstract has none
        if not sides:
            return Draft(refusal=Refusal("nothing_found"))
        missing = [missing_on_point(question, own) if options else None for own in sides]
        if all(missing):
            return Draft(refusal=missing[0])
        return Draft(tuple(self._told_of_side(question, own, lack) for own, lack in zip(sides, missing, strict=True)))

    def _told_of_side(self, question: QueryPlan, own: Sequence[Match], missing: Refusal | None) -> Block:
        """What a paper says to the point of a comparison, or that it says nothing of it; without a point, what was done and what came out."""
        label = heading(own[0].evidence.paper)
        if missing is not None:
            return Block(label=label, plain=prompts.side_silent(missing.names[0], question.language))
        ranked = own if self.reranker is None else self.reranker.rank(question.text, own).matches
        chosen = _best(ranked, further=1) if point(question) else outcome(sorted(ranked, key=shows_its_part))
        return Block(tuple(match.evidence for match in sorted(chosen, key=lambda match: match.position)), label)

    def _side(self, side: str, asked: str, hits: Sequence[Hit], taken: Collection[str]) -> list[Hit]:
        """The paper that one side of a comparison is about: one called by name, else the nearest to it and the point `asked`, not yet taken.

        None if it only names what is taken, or what is far from the whole question.
        """
        own = self.search(side, NEAREST)
        called = {paper.id for paper in named(side, [hit.paper for hit in (*own, *hits)]) or _titled_as(side, own)}
        if called and called <= set(taken):
            return []
        if asked and not called:
            own = self.search(f"{side} {asked}", NEAREST)
        near = {hit.paper.id for hit in hits if hit.score >= SIDE_SHARE * hits[0].score}
        free = [hit for hit in (*own, *hits) if hit.paper.id not in taken]
        return (
            [hit for hit in free if hit.paper.id in called]
            or [hit for hit in own if hit.paper.id not in taken and hit.paper.id in near]
        )[:1]

    def _summary(self, question: QueryPlan, hits: Sequence[Hit]) -> Draft:
        if not hits:
            return Draft(refusal=Refusal("nothing_found"))
        called = question.papers
        if called or question.of_one_paper:
            chosen = [hit for hit in hits if called and hit.paper.id == called[0].id] or list(hits[:1])
            return self._summary_of_paper(question, chosen[0])
        return self._summary_of_topic(question, hits)

    def _summary_of_paper(self, question: QueryPlan, hit: Hit) -> Draft:
        matches = self.ranker.matches(replace(question, wants=frozenset()), [hit])
        if not matches:  # a title without an abstract
            return Draft(refusal=Refusal("nothing_found"))
        blocks = []
        for role, label, most in SUMMARY_PARTS:
            strongest = sorted(
                (match for match in matches if match.role == role), key=lambda match: (-match.part.strength, match.position)
            )[:most]
            if strongest:
                blocks.append(
                    Block(tuple(match.evidence for match in sorted(strongest, key=lambda match: match.position)), label)
                )
        return Draft(tuple(blocks or _by_paper(_best(matches))))

    def _summary_of_topic(self, question: QueryPlan, hits: Sequence[Hit]) -> Draft:
        return self._each_told(question, hits, SUMMARY_PAPERS)

    def _each_told(self, question: QueryPlan, hits: Sequence[Hit], most: int) -> Draft:
        """What was done and what came out in the papers that deal with the topic, the likeliest first."""
        listed = replace(question, text=papers_on(question.topic).text) if question.topic else question
        dealing, refusal = self._dealing(listed, hits)
        blocks = [
            Block(
                tuple(match.evidence for match in by_roles(one.sentences, ("approach", "result"))),
                heading(one.match.evidence.paper),
            )
            for one in dealing[:most]
        ]
        return Draft(tuple(blocks), refusal)

    def _read(self, question: QueryPlan, hits: Sequence[Hit]) -> Found:
        """What is found in the papers in question."""
        matches = self.ranker.matches(question, self._nearest(question, hits))
        if self.reranker is None or not matches:
            matches = telling(question.text, matches)
            return Found(matches, why_unanswered(question, matches, self.holds))
        ranked = self.reranker.rank(question.text, matches)
        told = denying(question, ranked.matches, self.claims) if self.claims is not None else None
        refusal = why_unanswered(question, ranked.matches, self.holds, ranked.signs, told is not None)
        return Found(ranked.matches, refusal, told)

    def _nearest(self, question: QueryPlan, hits: Sequence[Hit]) -> list[Hit]:
        """The papers that are read: those called by a name of their title alone, else those called otherwise and the first ones.

        Where the question has a name that nothing else is spelled like, only papers that have it too.
        """
        called = {paper.id for paper in question.papers}
        own = [hit for hit in hits if hit.paper.id in called]
        if any(named_by_title(question.text, hit.paper) for hit in own) or described(question.text, [hit.paper for hit in own]):
            return own
        speaking = {hit.paper.id for hit in hits if own_names_stand_in(question.text, hit.paper)}
        rest = [hit for hit in hits if hit.paper.id not in called and (not speaking or hit.paper.id in speaking)]
        near = [hit for hit in rest if hit.score >= READ_SHARE * rest[0].score]
        return [*own, *near][: max(NEAREST, len(own))]


def _asked_for(question: QueryPlan, hits: Sequence[Hit]) -> list[Hit]:
    """Those of the hits that are within the limits of a list, and are none of the papers that others are asked for than."""
    passed = question.papers if asks_for_others(question.text) else ()
    limits = question.filters.limits if question.filters else Limits()
    return [hit for hit in hits if hit.paper not in passed and limits.hold(hit.paper)]


def _titled_with(topic: str, hits: Sequence[Hit]) -> list[Hit]:
    """The papers whose title has the words of a topic together."""
    asked = content_words(topic)
    return [hit for hit in hits if asked and not apart(asked, Paper(hit.paper.id, hit.paper.title, ""))]


def of_topic(question: QueryPlan) -> QueryPlan:
    """The topic of a list as a question of its own."""
    return replace(question, text=question.topic or question.text, wants=frozenset())


def _items(dealing: Sequence[Member]) -> tuple[Block, ...]:
    """The papers as a list, each with the sentence that shows it."""
    return tuple(Block((one.match.evidence,), heading(one.match.evidence.paper), item=True) for one in dealing)


def _told(items: Sequence[Block], question: QueryPlan, refusal: Refusal | None) -> Draft:
    """The part of a list that is asked for: how many papers it has, where that is asked, and how many are left behind it."""
    part = question.part.of(items)
    if not part:
        return Draft(refusal=Refusal("list_ended") if items else refusal)
    head = (Block(plain=prompts.counted(len(items), question.language)),) if counts_papers(question.text) else ()
    return Draft((*head, *part, *more(question.part.left(len(items)), question.language)))


def more(left: int, language: str) -> tuple[Block, ...]:
    """That so many papers of a list are left out, and how to see them; nothing where none is."""
    return (Block(plain=prompts.more(left, language)),) if left else ()


def _begun(question: QueryPlan, best: Match, blocks: Sequence[Block], claims: ClaimReader | None) -> list[Block]:
    """The blocks, the first behind “Yes” or “No” where the best sentence clearly says so, and behind its paper where it is asked who made it, or which paper it is."""
    says = None if claims is None else whether(question, best, claims)
    first, *others = blocks
    if says is None and (asks_who_made(question.text) or asks_which_paper(question.text)):
        return [replace(first, label=heading(best.evidence.paper)), *others]
    return [first if says is None else replace(first, label=prompts.whether(says)), *others]


def _titled_as(side: str, hits: Sequence[Hit]) -> list[Paper]:
    """The nearest paper whose title has all telling words of a side that speaks of a paper: `the Orai1 paper`."""
    asked = {stem(word) for word in content_words(side)} if side.casefold().endswith(PAPER_WORDS) else set()
    return [hit.paper for hit in hits if asked and asked <= stems(hit.paper.title)][:1]


def _titled(topic: str, hits: Sequence[Hit]) -> list[Block]:
    """Papers without an abstract whose title holds every word of the topic: listed, as there is nothing to quote."""
    asked = {stem(word) for word in content_words(topic)}
    bare = [hit.paper for hit in hits if hit.paper.title_only]
    return [Block(plain=heading(paper), item=True) for paper in bare if asked and asked <= stems(paper.title)]


def _best(matches: Sequence[Match], further: int = FURTHER, margin: float = ODDS_MARGIN) -> list[Match]:
    """The best sentence and those close behind it; of the same paper only, where a learned reader ranked them."""
    if not matches:
        return []
    if matches[0].answers is None:
        return [match for match in matches[: 1 + further] if match.score >= matches[0].score - MARGIN]
    own = [match for match in matches if match.evidence.paper.id == matches[0].evidence.paper.id]
    return [match for match in own[: 1 + further] if match.answers is not None and match.answers >= matches[0].answers - margin]


def _by_paper(chosen: Sequence[Match]) -> list[Block]:
    """One block a paper, in the order in which the papers come; labelled where there are several."""
    evidence: dict[str, list[Evidence]] = {}
    for match in chosen:
        evidence.setdefault(match.evidence.paper.id, []).append(match.evidence)
    return [Block(tuple(sentences), heading(sentences[0].paper) if len(evidence) > 1 else "") for sentences in evidence.values()]
