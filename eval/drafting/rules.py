"""Drafts cases from papers, by rule: points and explanations from single sentences, comparisons and lists over several papers, and
questions that an abstract is silent on. The same papers, seed and count give the same drafts."""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from eval.cases.reading import Case, GoldSentence, Kind
from eval.drafting.explanation_rules import METHOD_RULES
from eval.drafting.fact_rules import FACT_RULES
from eval.drafting.field_terms import FieldTerm, all_terms, field_terms_in, stands_in
from eval.drafting.rule_types import Keys, Sentence
from eval.drafting.subjects import subject
from eval.drafting.wording import LONGEST_RUN, is_plural, plural, shared_run
from rag.text.sentence_roles import parts
from rag.text.sentences import sentences
from rag.text.words import WORD, fold, stem, words
from rag.types import Paper

KINDS: tuple[Kind, ...] = ("fact", "method", "compare", "list", "unanswerable")
NOTES = "drafted by rule: check and edit"
SHARES: Mapping[Kind, int] = {"fact": 3, "method": 3, "compare": 1, "list": 1, "unanswerable": 2}
"""How many of ten drafts are of a kind, where there are enough."""
LONGEST_LIST = 12
"""Papers; a term that more of them share is too general to list by."""
POOL = 4
"""So many drafts are made for each that is wanted, so that the choice can mix rules and papers."""
Drafts = Iterator[tuple[str, Case]]
"""Each with the rule that made it."""


def draft(papers: Sequence[Paper], count: int, kinds: Sequence[Kind] = KINDS, seed: int = 0) -> list[Case]:
    """At most `count` cases of these kinds, mixed by rule and paper, in the order of `kinds`; fewer where the papers give no more."""
    shuffled = sorted(papers, key=lambda paper: paper.id)
    random.Random(seed).shuffle(shuffled)
    pools = {kind: _chosen(islice(MAKERS[kind](shuffled), POOL * count)) for kind in kinds}
    return [case for kind, size in _sizes(pools, count).items() for case in pools[kind][:size]]


def _sizes(pools: Mapping[Kind, Sequence[Case]], count: int) -> dict[Kind, int]:
    """How many of each kind: by their shares, and what one kind lacks goes to the others."""
    sizes = dict.fromkeys(pools, 0)
    turns = [kind for turn in range(max(SHARES.values())) for kind in pools if SHARES[kind] > turn]
    while sum(sizes.values()) < count and any(sizes[kind] < len(pools[kind]) for kind in pools):
        for kind in turns:
            if sizes[kind] < len(pools[kind]) and sum(sizes.values()) < count:
                sizes[kind] += 1
    return sizes


def _chosen(drafts: Drafts) -> list[Case]:
    """Each question once; rules take turns, and papers that were not asked about yet come first."""
    by_rule: dict[str, list[Case]] = defaultdict(list)
    asked: set[str] = set()
    for rule, case in drafts:
        if case.question not in asked:
            asked.add(case.question)
            by_rule[rule].append(case)
    found: list[Case] = []
    used: Counter[str] = Counter()
    while any(by_rule.values()):
        for waiting in filter(None, by_rule.values()):
            best = min(range(len(waiting)), key=lambda at: (sum(used[paper] for paper in waiting[at].papers), at))
            found.append(waiting.pop(best))
            used.update(found[-1].papers)
    return found


def _case(
    kind: Kind,
    question: str,
    papers: Sequence[str] = (),
    gold: Sequence[GoldSentence] = (),
    answer: Keys = (),
    notes: str = NOTES,
) -> Case:
    """The id comes from kind and question: drafts of several runs can be combined."""
    name = hashlib.sha256(f"{kind}\0{question}".encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return Case(
        f"draft-{kind}-{name}", kind, "dev", question, papers=tuple(papers), sentences=tuple(gold), answer=answer, notes=notes
    )


def _asked(kind: Kind) -> Callable[[Sequence[Paper]], Drafts]:
    rules = FACT_RULES if kind == "fact" else METHOD_RULES

    def make(papers: Sequence[Paper]) -> Drafts:
        for paper in papers:
            for sentence in _sentences(paper):
                for rule in rules:
                    made = rule(sentence)
                    if made is not None and not _repeats(made[0], sentence):
                        gold = GoldSentence(paper.id, sentence.text)
                        yield rule.__name__, _case(kind, made[0], (paper.id,), (gold,), made[1])
                        break

    return make


def _sentences(paper: Paper) -> list[Sentence]:
    texts = [span.of(paper.abstract) for span in sentences(paper.abstract)]
    called = subject(paper)
    return [Sentence(text, part.role, called) for text, part in zip(texts, parts(texts), strict=True)]


def _repeats(question: str, sentence: Sentence) -> bool:
    return shared_run(question.replace(sentence.subject.actor, "·"), sentence.text) >= LONGEST_RUN


def _lists(papers: Sequence[Paper]) -> Drafts:
    """One question for each term of the field that a few papers treat; gold are those that are about it, acceptable those that touch it."""
    for term, named in _by_term(papers).items():
        gold = [paper for paper, treated in named if treated]
        if len(gold) >= 2 and len(named) <= LONGEST_LIST and _is_topic(term, gold):
            wording = _LIST_WORDINGS[len(term.name) % len(_LIST_WORDINGS)]
            notes = (
                f"{NOTES}; gold: papers with “{term.name}”, in any form, in the title or more than once; acceptable: with it once"
            )
            case = _case("list", wording.format(_spoken(term, gold)), sorted(paper.id for paper in gold), notes=notes)
            yield "list", replace(case, acceptable=tuple(sorted(paper.id for paper, treated in named if not treated)))


_NO_TOPIC = frozenset("source code|github|arxiv|ablation study|ablation|demo|website".split("|"))
_ADJECTIVE = re.compile(
    r"(?i)(?:(?<!retriev)(?<!sign)(?<!interv)(?<!credenti)(?<!potenti)al|(?<!log)(?<!traff)(?<!top)(?<!metr)(?<!arithmet)ic|(?<!cov)ant|(?<!gradi)(?<!ag)(?<!pati)(?<!m)ent|ive|ed|ous|-head|shot|able|ible|tabular|underwater)$"
)


def _is_topic(term: FieldTerm, papers: Sequence[Paper]) -> bool:
    """Whether a paper can be about it, as its papers write it: a noun, and not what stands in any abstract."""
    return term.name not in _NO_TOPIC and not _ADJECTIVE.search(_spoken(term, papers))


_LIST_WORDINGS = ("Which papers deal with {}?", "Which papers have to do with {}?", "Are there papers about {}?")


def _by_term(papers: Iterable[Paper]) -> dict[FieldTerm, list[tuple[Paper, bool]]]:
    """Term to the papers that name it, and whether each treats it rather than only mentions it."""
    found: dict[FieldTerm, list[tuple[Paper, bool]]] = defaultdict(list)
    for paper in papers:
        titled = set(field_terms_in(paper.title))
        for term in field_terms_in(f"{paper.title}. {paper.abstract}"):
            found[term].append((paper, term in titled or _times(term, paper.abstract) > 1))
    return found


def _times(term: FieldTerm, text: str) -> int:
    """How often the text names the term."""
    stemmed = f" {_stemmed(text)} "
    return sum(stemmed.count(f" {' '.join(form)} ") for form in term.naming)


@lru_cache(maxsize=16)
def _stemmed(text: str) -> str:
    return " ".join(map(stem, words(text)))


def _spoken(term: FieldTerm, papers: Sequence[Paper]) -> str:
    """The term as most of these papers write it, in the plural where it can be counted."""
    forms = Counter(form for paper in papers for form in (*written(term, paper.abstract), *written(term, paper.title.lower())))
    return plural(max(forms, key=lambda form: (forms[form], is_plural(form), form)))


def written(term: FieldTerm, text: str) -> Iterator[str]:
    """Each place where the text names the term, as it stands there; a capital that only begins a sentence is put down."""
    places = list(WORD.finditer(text))
    stemmed = [stem(fold(place.group())) for place in places]
    for form in term.naming:
        for at in range(len(places) - len(form) + 1):
            if stemmed[at] == form[0] and tuple(stemmed[at : at + len(form)]) == form:
                said = " ".join(text[places[at].start() : places[at + len(form) - 1].end()].split())
                begins = re.search(r"(?:^|[.!?:]\s+)$", text[: places[at].start()]) and said[1:2].islower()
                yield said[:1].lower() + said[1:] if begins else said


def _comparisons(papers: Sequence[Paper]) -> Drafts:
    """Pairs of papers that both are about a term of the field again and again; gold is the sentence of each that tells its approach best."""
    near = papers[:PAIRED]
    terms = {paper.id: _often(paper) for paper in near}
    done: set[str] = set()
    for place, paper in enumerate(near):
        free = [other for other in near[place + 1 :] if other.id not in done and terms[paper.id].keys() & terms[other.id].keys()]
        if paper.id not in done and free:
            other = max(free, key=lambda one: _common(terms[paper.id], terms[one.id])[0])
            _, shared = _common(terms[paper.id], terms[other.id])
            if made := _compared(paper, other, _spoken(shared, (paper, other))):
                done |= {paper.id, other.id}
                yield "compare", made


PAIRED = 600
"""Papers that are compared with one another."""


def _often(paper: Paper) -> dict[FieldTerm, int]:
    """The terms that the paper names more than once, and how often."""
    counts = {term: _times(term, f"{paper.title}. {paper.abstract}") for term in field_terms_in(paper.abstract)}
    return {term: count for term, count in counts.items() if count > 1 and _is_topic(term, [paper])}


def _common(one: Mapping[FieldTerm, int], other: Mapping[FieldTerm, int]) -> tuple[tuple[int, int, str], FieldTerm]:
    """How much two papers share, and the term that both name most."""
    both = one.keys() & other.keys()
    best = max(both, key=lambda term: (min(one[term], other[term]), term.name))
    return (len(both), min(one[best], other[best]), best.name), best


def _compared(one: Paper, other: Paper, term: str) -> Case | None:
    gold = [GoldSentence(paper.id, text) for paper in (one, other) if (text := _approach(paper))]
    first, second = subject(one), subject(other)
    if len(gold) < 2 or first.actor == second.actor:
        return None
    question = f"How do {first.actor} and {second.actor} differ in their approach to {term}?"
    names = tuple((called.name,) for called in (first, second) if called.name)
    return _case("compare", question, (one.id, other.id), gold, names if len(names) == 2 else ())


def _approach(paper: Paper) -> str:
    texts = [span.of(paper.abstract) for span in sentences(paper.abstract)]
    ranked = [(part.strength, -at) for at, part in enumerate(parts(texts)) if part.role == "approach"]
    return texts[-max(ranked)[1]] if ranked else ""


_SILENT: Mapping[str, str] = {
    "learning rate": "Which learning rate is used to train {}?",
    "batch size": "How large are the batches in the training of {}?",
    "epoch": "For how many epochs is {} trained?",
    "training optimizer": "Which optimizer is used in the training of {}?",
    "dropout": "What dropout rate is used in {}?",
    "weight decay": "How strong is the weight decay in {}?",
    "random seed": "Over how many random seeds are the results of {} averaged?",
    "gpu": "On which GPUs is {} trained?",
    "number of parameters": "How many parameters does {} have?",
    "number of layers": "How many layers does {} have?",
    "activation function": "Which activation function is used in {}?",
    "early stopping": "Is early stopping used in the training of {}?",
    "context length": "How long is the context window in {}?",
    "energy consumption": "How much energy does the training of {} take?",
    "hyperparameter search": "How were the hyperparameters of {} searched for?",
}
"""A point of the field and a question for it."""
_TRAINS = stem("training")


_SURVEY = re.compile(r"(?i)\b(?:survey|review|perspective|position|tutorial|overview)\b")


def _unanswerable(papers: Sequence[Paper]) -> Drafts:
    """Points that the abstract, in none of their forms, says anything about; asked only of papers that train something."""
    terms = {term.name: term for term in all_terms()}
    for place, paper in enumerate(papers):
        text = [stem(word) for word in words(f"{paper.title} {paper.abstract}")]
        silent = [name for name in _SILENT if name in terms and not stands_in(terms[name], text)]
        if silent and _TRAINS in text and not _SURVEY.search(paper.title):
            name = silent[place % len(silent)]
            called = subject(paper)
            model = called.name or f"the model of {called.actor}"
            notes = f"{NOTES}; the abstract of {paper.id} is silent on “{name}”"
            yield name, _case("unanswerable", _SILENT[name].format(model), notes=notes)


MAKERS: Mapping[Kind, Callable[[Sequence[Paper]], Drafts]] = {
    "fact": _asked("fact"), "method": _asked("method"), "compare": _comparisons, "list": _lists, "unanswerable": _unanswerable,
}  # fmt: skip
