"""Question to events to answer: understand, search, choose what to say, cite. `ask` is the last event of `stream`."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag import prompts
from rag.abstention.classifier import SILENT
from rag.abstention.rules import another_subject
from rag.abstention.unknown_names import lacking_names
from rag.answering.continued import Continued, read_of
from rag.answering.limits import check_question, recent
from rag.answering.overview import overview
from rag.answering.quotes import LIST_HITS, QuoteWriter
from rag.answering.quoting import as_quoted
from rag.answering.rest import rest
from rag.answering.turn import Turn
from rag.citations import Block, Composer, Draft, heading
from rag.errors import ModelFailed
from rag.explore.suggestions import suggestions
from rag.explore.themes import Theme
from rag.query.asked_of import of_subject
from rag.query.catalogue import Catalogue, Limits
from rag.query.cited_papers import among, listed, not_cited, of_these_papers
from rag.query.kinds import KindModel
from rag.query.languages import READ, UNKNOWN, is_lost, language_asked
from rag.query.list_parts import OF_RECORDS, ListPart
from rag.query.metadata_answers import TELLING_LIMIT, CatalogueAnswer, answer_catalogue, undated
from rag.query.metadata_questions import CatalogueQuestion, asks_within, compared_by_age
from rag.query.paper_names import in_order, named, named_by_title, quoted_name, short_name
from rag.query.plan import QueryPlan
from rag.query.planner import Planner
from rag.query.question import clean, understand
from rag.query.small_talk import SmallTalk, small_talk
from rag.query.translation import language_of, to_english
from rag.retrieval.hybrid import HybridSearch
from rag.text.names import is_own_spelling
from rag.text.scripts import other_script, stands_in_script
from rag.text.sentences import sentences
from rag.text.words import WORD, stems
from rag.types import (
    Answer,
    AskOptions,
    Event,
    Finished,
    History,
    Hit,
    Noticed,
    Paper,
    Passage,
    PastTurn,
    Refusal,
    Searched,
    Span,
    Status,
    Wrote,
)

if TYPE_CHECKING:
    from rag.answering.by_vectors import VectorWriter
    from rag.generation.writer import ModelWriter, Written

MOST_FILTERED = 300
"""Papers that are compared with what a question asks of the records, such as a year."""
FARTHEST = 30
"""Of the papers searched for a topic, the last ones: if one of them deals with it, more do that were not found. Chosen."""
NAMED_NEAREST = 3
"""Nearest papers named with a refusal. Chosen."""
NAMED_SHARE = 0.7
"""Papers under this share of the best score are not named. Of the second and third papers for 450 unanswerable questions on `dev.jsonl`, 43 of the 44
that the question was written about reach it, and 342 of 856 others."""
HELP = "help"
"""The writer of an answer to a greeting, to thanks or to “what can I ask?”; it has no claims, as nothing of it is from the papers."""
MISREAD = frozenset(
    (
        "nothing_found",
        "no_such_paper",
        "other_subject",
        "unknown_words",
        "unknown_name",
        "name_not_mentioned",
        "term_not_mentioned",
        "no_figure",
        "silent",
    )
)
"""Reasons that are none where the language of the question is not read."""
SUGGESTED = 3
"""Questions suggested in a reply to a greeting. Chosen."""


def no_model(options: AskOptions) -> ModelWriter | None:
    return None


@dataclass(frozen=True)
class LibraryAssistant:
    """Answers over one library. `sources` is how many hits an answer brings back.

    `model_writer` gives the language model's writer for one question, or None if the answer is to be quoted. Where the model
    fails, the quoting writer answers, with a notice.
    """

    search: HybridSearch
    writer: QuoteWriter
    catalogue: Callable[[frozenset[str] | None], Catalogue]
    """What is known of all papers, or of those with these ids."""
    sources: int = 10
    model_writer: Callable[[AskOptions], ModelWriter | None] = no_model
    kinds: KindModel | None = None
    themes: Callable[[], Sequence[Theme]] = tuple
    """The themes of the whole collection; without any, an overview lists papers."""
    vectors: VectorWriter | None = None
    """Answers what is in a language that the built-in readers do not read, where an encoder is configured that may."""
    of_cited: bool = False
    """Whether only papers that earlier answers cited are asked about, and a refusal is about those."""

    def ask(self, question: str, history: History = (), options: AskOptions | None = None) -> Answer:
        *_, last = self.stream(question, history, options)
        assert isinstance(last, Finished)
        return last.answer

    def stream(self, question: str, history: History = (), options: AskOptions | None = None) -> Iterator[Event]:
        """`Searched`, then `Wrote` for each piece of text, then `Finished`; a model's sentences are `Checked` as they come.

        Never fails because of what the question holds, nor because of a model. Raises QuestionTooLong.
        """
        check_question(question)
        history, options = recent(history), options or AskOptions()
        yield from self._with(options)._among(question, history)._stream(question, history, options)

    def _among(self, question: str, history: Sequence[PastTurn]) -> LibraryAssistant:
        """This assistant within the papers of the last answer, where the question asks which of those."""
        cited = listed([past.cited for past in history])
        if not history or not among(to_english(clean(question)), to_english(clean(history[-1].question)), cited):
            return self
        within = self.search.scope
        known = frozenset(id for id in cited if self._paper_of(id) is not None and (within is None or id in within))
        return replace(self._with(AskOptions(scope=known)), of_cited=True) if len(known) > 1 else self

    def _with(self, options: AskOptions) -> LibraryAssistant:
        """This assistant as the options want it for one question."""
        chosen = self if options.sources is None else replace(self, sources=options.sources)
        if options.scope is None:
            return chosen
        within = replace(self.search, scope=options.scope)
        return replace(
            chosen, search=within, writer=replace(self.writer, search=within.search, holds=within.holds, worded=within.worded)
        )

    def _catalogue(self) -> Catalogue:
        scope = self.search.scope
        return self.catalogue(None if scope is None else frozenset(scope))

    def _stream(self, question: str, history: Sequence[PastTurn], options: AskOptions) -> Iterator[Event]:
        turn = Turn(question)
        if said := small_talk(clean(question)):
            yield from self._overview(turn) if said.kind == "overview" else self._help(turn, said)
            return
        if (refusal := self._without_papers()) is not None and not self._asks_otherwise(turn):
            yield from self._finish(turn, Draft(refusal=refusal), [])
            return
        yield from self._with_model(turn, options)
        if self.vectors is not None and (language := self.vectors.unread(clean(question), self.search)):
            yield from self._compared(turn, clean(question), language, history)
            return
        if script := self._unread_script(clean(question)):
            yield from self._finish(turn, Draft(refusal=Refusal("unreadable_script", (script,))), [])
            return
        if missing := not_cited(to_english(clean(question)), [self.planner.all_cited(past) for past in history]):
            turn.alone, turn.language = clean(question), language_of(clean(question)) or "en"
            yield from self._finish(turn, Draft(refusal=missing), [])
            return
        plan = yield from self._plan(turn, [replace(past, question=clean(past.question)) for past in history], options.correct)
        turn.alone, turn.language = plan.standalone, language_of(clean(question)) or "en"
        turn.unread = tuple(word for word in plan.unread if not self.search.holds(word))
        if plan.filters is None and plan.is_empty:
            yield from self._finish(turn, Draft(refusal=Refusal("no_question")), [])
        elif plan.filters is None and is_lost(plan.text, plan.unread, self.search.holds):
            yield from self._finish(turn, Draft(refusal=Refusal("unread_words", turn.unread)), [])
        elif plan.filters is not None and plan.asks_records:
            yield from self._from_catalogue(turn, plan.filters, plan.part)
        elif plan.asks_for_rest:
            yield from self._from_rest(turn, plan)
        else:
            hits = self._hits(plan)
            turn.clock.lap("search")
            if self.vectors is not None and self.vectors.is_needed(plan, hits):
                yield from self._compared(turn, plan.text, "en", ())
                return
            yield Searched(turn.alone, tuple(hits[: self.sources]))
            yield from self._write(turn, *read_of(plan, hits), history)

    def _without_papers(self) -> Refusal | None:
        """Why nothing can be answered: there are no papers, or none within the scope."""
        if self._catalogue().select(None, 1):
            return None
        return Refusal(
            "empty_scope" if self.search.scope is not None and self.catalogue(None).select(None, 1) else "empty_library"
        )

    def _asks_otherwise(self, turn: Turn) -> bool:
        """Whether what is asked needs no papers: nothing at all, or how many there are."""
        plan, turn.language = self.planner.plan(clean(turn.question)), language_of(clean(turn.question)) or "en"
        return plan.is_empty or (plan.filters is not None and plan.filters.intent == "count")

    def _overview(self, turn: Turn) -> Iterator[Event]:
        yield from self._from_catalogue(turn, CatalogueQuestion("overview"))

    def overview(self, question: str, scope: frozenset[str] | None = None) -> Answer:
        """What is in the collection, or in these papers of it, under the name of `question`."""
        *_, last = self._with(AskOptions(scope=scope))._overview(Turn(question, question))
        assert isinstance(last, Finished)
        return last.answer

    def _help(self, turn: Turn, said: SmallTalk) -> Iterator[Event]:
        """What to ask, where somebody only greets, thanks or asks for help: no model and no search is needed for it."""
        papers = self._catalogue().select(None, MOST_FILTERED) or self.catalogue(None).select(None, MOST_FILTERED)
        found = suggestions(papers, said.language)[:SUGGESTED]
        tries = [each.question for each in found]
        text = prompts.help_text(said.kind, tries, said.language)
        turn.clock.lap("write")
        yield Wrote(text)
        seconds = turn.clock.total()
        yield Finished(Answer(turn.question, turn.question, "answered", text, HELP, seconds=seconds, suggestions=tuple(tries)))

    def _with_model(self, turn: Turn, options: AskOptions) -> Iterator[Event]:
        try:
            turn.writer = self.model_writer(options)
        except ModelFailed as error:
            yield from turn.without_model(error)

    def _plan(self, turn: Turn, history: Sequence[PastTurn], correct: bool) -> Generator[Event, None, QueryPlan]:
        """The question's plan; a model stands it alone where there is one and a history, but for questions about the records."""
        asked = clean(turn.question)
        question = self._corrected(asked) if correct else asked
        turn.corrected = question if question != asked else ""
        history = [replace(past, question=self._corrected(past.question)) for past in history] if correct else history
        plan = self.planner.plan(self.planner.standalone(question, history))
        if turn.writer is not None and history and plan.filters is None and not plan.part.continues:
            try:
                alone = yield from turn.writer.standalone(
                    question, [past.question for past in history], self._subject(history), plan.standalone
                )
            except ModelFailed as error:
                yield from turn.without_model(error)
            else:
                plan = plan if alone == plan.standalone else self.planner.plan(alone)
        plan = self._with_cognates(plan)
        turn.clock.lap("rewrite")
        return self.planner.without_records(plan) if self._asks_within(plan) else plan

    def _with_cognates(self, plan: QueryPlan) -> QueryPlan:
        """The plan with words of another language as the collection spells them; people still read their own."""
        near = {word: own for word in plan.unread if not self.search.holds(word) and (own := self.search.cognate(word))}
        if not near:
            return plan
        alone = WORD.sub(lambda found: near.get(found.group(), found.group()), plan.standalone)
        return replace(self.planner.plan(alone), standalone=plan.standalone)

    def _asks_within(self, plan: QueryPlan) -> bool:
        """Whether what seems to be asked of a paper's record is asked of something in it."""
        if plan.filters is None or plan.filters.intent != "authors":
            return False
        paper = self._one_paper(plan.filters.topic)
        return paper is not None and asks_within(plan.filters, paper)

    def _corrected(self, question: str) -> str:
        return self.search.corrected(question, lambda word: self._catalogue().has("person", word))

    @property
    def planner(self) -> Planner:
        return Planner(self._catalogue, self.subject_of, self._paper_of, self.kinds)

    def _subject(self, history: Sequence[PastTurn]) -> str:
        planner = self.planner
        if (paper := planner.cited(history[-1])) is not None:
            return short_name(paper)
        return self.subject_of(planner.standalone(history[-1].question, history[:-1])) or ""

    def _paper_of(self, id: str) -> Paper | None:
        passages = self.search.collection.records.first_passages([id])
        return passages[0].paper if passages else None

    def _unread_script(self, question: str) -> str | None:
        """The script of a question that neither the encoder nor any of the nearest papers is written in."""
        script = other_script(question)
        if script is None:
            return None
        texts = (f"{hit.paper.title} {hit.paper.abstract}" for hit in self.search.search(question, self.sources))
        return None if any(stands_in_script(text, script) for text in texts) else script

    def _compared(self, turn: Turn, question: str, language: str, history: Sequence[PastTurn]) -> Iterator[Event]:
        """The answer by an encoder's vectors alone; a model writes from the nearest sentences."""
        from rag.answering.by_vectors import plan_of

        assert self.vectors is not None
        said = self.vectors.answer(question, language, self.search, history, self.sources)
        turn.alone, turn.language = turn.alone or question, language
        turn.clock.lap("search")
        for notice in said.notices:
            turn.notices.append(notice)
            yield Noticed(notice)
        yield Searched(turn.alone, said.hits[: self.sources])
        yield from self._written(turn, plan_of(question), said.hits, said.draft, said.offered)

    def _write(self, turn: Turn, asked: QueryPlan, hits: Sequence[Hit], history: Sequence[PastTurn]) -> Iterator[Event]:
        if history:
            continued = Continued(self.planner, self.writer, self._hits)
            draft, held = continued.draft(clean(turn.question), asked, hits, history)
            turn.alone = of_subject(turn.alone, quoted_name(held)) if held is not None else turn.alone
        else:
            draft = self.writer.write(asked, hits)
        if not draft.blocks and self.vectors is not None and self.vectors.is_nearer(asked, self.search):
            yield from self._compared(turn, asked.text, "en", ())
            return
        draft = self._dated(asked.filters, draft)
        yield from self._written(turn, asked, hits, draft, draft)

    def _dated(self, asked: CatalogueQuestion | None, draft: Draft) -> Draft:
        """The draft, which says of papers whose year is asked for and not known that they could not be considered."""
        note = undated(asked, self._catalogue()) if asked is not None else ()
        if not note:
            return draft
        return replace(draft, blocks=(*draft.blocks, *note)) if draft.blocks else Draft(refusal=Refusal("unknown_years"))

    def _written(self, turn: Turn, asked: QueryPlan, hits: Sequence[Hit], draft: Draft, offered: Draft) -> Iterator[Event]:
        """The model is asked only where something was found to quote, and is offered what was found."""
        if turn.writer is not None and draft.blocks and draft.refusal is None:
            try:
                written = yield from turn.writer.write(asked, hits, offered)
            except ModelFailed as error:
                yield from turn.without_model(error)
            else:
                yield from self._finish_written(turn, written, hits)
                return
        yield from self._finish(turn, draft, hits)

    def _finish_written(self, turn: Turn, written: Written, hits: Sequence[Hit]) -> Iterator[Event]:
        if turn.writer is None or not written.claims:
            yield from self._finish(turn, Draft(refusal=SILENT), hits, by_model=True)
            return
        turn.clock.lap("write")
        yield Finished(
            Answer(
                turn.question, turn.alone, "answered", written.text, turn.writer.name, written.claims, written.citations,
                tuple(hits[: self.sources]), (*turn.notices, *written.notices), turn.clock.total(), turn.usage, corrected=turn.corrected,
            )
        )  # fmt: skip

    def subject_of(self, question: str) -> str | None:
        """The name of the paper (or of the two) that a question is about, found by asking the library."""
        asked = understand(clean(question))
        hits = [] if asked.is_empty else self.search.search(asked.text, NAMED_NEAREST)
        if not hits:
            return None
        called = named(asked.text, [hit.paper for hit in hits])
        return " and ".join(quoted_name(paper) for paper in called[:2]) if called else quoted_name(hits[0].paper)

    def _hits(self, asked: QueryPlan) -> list[Hit]:
        if asked.kind == "list" and asked.worded:
            hits = self.search.worded(" ".join(asked.worded), MOST_FILTERED)
            return hits if asked.filters is None else [hit for hit in hits if asked.filters.limits.hold(hit.paper)]
        wide = asked.kind in ("list", "summary") or asked.compares_group
        brief = wide and asked.topic and len(sentences(asked.text)) == 1
        text = f"{asked.topic if brief else asked.text} {asked.asked_of}".rstrip()
        if asked.filters is None:
            return self.search.search(text, max(self.sources, LIST_HITS) if wide else self.sources)
        return self._filtered(text, asked.filters.limits)

    def _filtered(self, text: str, limits: Limits) -> list[Hit]:
        """Hits within the limits: from the best of all papers, and where few are left of those, from the papers within the limits."""
        catalogue = self._catalogue()
        hits = [hit for hit in self.search.search(text, MOST_FILTERED) if limits.hold(hit.paper)]
        if len(hits) >= LIST_HITS or catalogue.count() <= MOST_FILTERED:
            return hits
        within = frozenset(paper.id for paper in catalogue.select(limits, MOST_FILTERED))
        return replace(self.search, scope=within).search(text, MOST_FILTERED)

    def _from_catalogue(self, turn: Turn, asked: CatalogueQuestion, part: ListPart = OF_RECORDS) -> Iterator[Event]:
        answer = self._told_themes() if asked.intent == "overview" else CatalogueAnswer((), ())
        if not answer.blocks:
            answer = answer_catalogue(asked, self._catalogue(), self._papers_asked, part)
        hits = [Hit(_whole(paper), 1.0, "words") for paper in answer.papers]
        turn.clock.lap("search")
        yield Searched(turn.alone, tuple(hits[: self.sources]))
        empty = self._without_papers() if asked.intent == "overview" else None
        if answer.blocks and empty is None:
            yield from self._finish(turn, Draft(answer.blocks), hits)
        else:
            yield from self._finish(
                turn, self._dated(asked, Draft(refusal=empty or Refusal("list_ended" if part.first else "no_such_paper"))), hits
            )

    def _from_rest(self, turn: Turn, plan: QueryPlan) -> Iterator[Event]:
        """The papers that do not deal with what is excluded: all besides those found that do."""
        catalogue, limits = self._catalogue(), plan.filters.limits if plan.filters else None
        everything, few = catalogue.count(limits), catalogue.count() <= MOST_FILTERED
        dealing, whole = set[str](), True
        for what in plan.left_out:
            hits = self.search.search(what, MOST_FILTERED) if limits is None else self._filtered(what, limits)
            own = {paper.id for paper in self.writer.dealing_with(what, hits)}
            dealing |= own
            whole = whole and (few or len(hits) >= everything or not any(hit.paper.id in own for hit in hits[-FARTHEST:]))
        found = rest(catalogue, limits, dealing, whole, plan.part)
        listed = [Hit.of(paper) for paper in found.papers]
        turn.clock.lap("search")
        yield Searched(turn.alone, tuple(listed[: self.sources]))
        ended = plan.part.first > 0 and not found.papers
        missing = Refusal("list_ended" if ended else "no_such_paper") if ended or not everything else None
        draft = Draft(refusal=missing) if missing else Draft(found.blocks(plan.excluded, turn.language))
        yield from self._finish(turn, self._dated(plan.filters, draft), listed)

    def _told_themes(self) -> CatalogueAnswer:
        scope = self.search.scope
        chosen = None if scope is None else frozenset(scope)
        return overview(self.themes(), self._paper_of, self.writer.ranker, chosen, self._catalogue().years())

    def _papers_asked(self, text: str) -> list[Paper]:
        """The papers whose records a text asks for, as it names them: several where it has the titles of several."""
        if self.search.scope is not None and of_these_papers(text):
            return self._catalogue().select(None, TELLING_LIMIT)
        found = [paper for paper in in_order(text, self._catalogue()) if named_by_title(text, paper)]
        if len(found) > 1:
            return found
        sides = compared_by_age(text) or (text,)
        return list({paper.id: paper for side in sides if (paper := self._one_paper(side)) is not None}.values())

    def _one_paper(self, text: str) -> Paper | None:
        hits = self.search.search(text, self.sources)
        called = named(text, [hit.paper for hit in hits])
        if called or not hits:
            return called[0] if called else None
        plan = understand(text)
        matches = self.writer.ranker.matches(plan, hits)
        stranger = any(map(is_own_spelling, lacking_names(text, hits[0].paper)))
        return None if stranger or (matches and another_subject(plan, matches, self.search.holds)) else hits[0].paper

    def _finish(self, turn: Turn, draft: Draft, hits: Sequence[Hit], by_model: bool = False) -> Iterator[Event]:
        refusal = None if draft.blocks else _refused(draft, hits)
        if refusal is not None and refusal.code in MISREAD:
            refusal = self._misread(turn) or refusal
            refusal = Refusal("none_of_cited", nearest=refusal.nearest) if self.of_cited else refusal
        composer = Composer()
        for block in draft.blocks if refusal is None else (_worded(refusal, turn.language),):
            yield Wrote(composer.add(as_quoted(block)))
        turn.clock.lap("write")
        status: Status = "not_found" if refusal is not None else "corrected" if draft.refusal is not None else "answered"
        claims = tuple(composer.claims) if refusal is None else ()
        writer = turn.writer.name if by_model and turn.writer is not None else self.writer.name
        yield Finished(
            Answer(
                turn.question, turn.alone, status, composer.text, writer, claims, tuple(composer.citations),
                tuple(hits[: self.sources]), tuple(turn.notices), turn.clock.total(), turn.usage, refusal, turn.corrected,
            )
        )  # fmt: skip

    def _misread(self, turn: Turn) -> Refusal | None:
        """Why a question in another language was not understood, if it was not."""
        if turn.unread:
            return Refusal("unread_words", turn.unread)
        if self.vectors is None and language_asked(turn.question) not in (*READ, UNKNOWN):
            return Refusal("unread_language", (self.search.collection.encoder.name,))
        return None


def _refused(draft: Draft, hits: Sequence[Hit]) -> Refusal:
    """Why there is no answer, with the nearest papers; what one of those mentions is not said to be missing."""
    refusal = draft.refusal or Refusal("nothing_found")
    near = hits[:NAMED_NEAREST]
    missing = stems(" ".join(refusal.names))
    if refusal.code == "term_not_mentioned" and any(missing <= stems(f"{hit.paper.title} {hit.paper.abstract}") for hit in near):
        refusal = SILENT
    return replace(refusal, nearest=tuple(hit.paper for hit in near if hit.score >= NAMED_SHARE * near[0].score))


def _worded(refusal: Refusal, language: str) -> Block:
    return Block(plain=prompts.refusal_text(refusal, [heading(paper) for paper in refusal.nearest], language))


def _whole(paper: Paper) -> Passage:
    return Passage(f"{paper.id}#abstract", paper, Span(0, len(paper.abstract)))
