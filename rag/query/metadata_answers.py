"""Answers about the collection itself, from its records: how many papers, which ones, by whom, from when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag import prompts
from rag.citations import Block, heading
from rag.query.catalogue import Catalogue, Limits
from rag.query.list_parts import OF_RECORDS, ListPart
from rag.query.metadata_questions import OF_ONE, OF_PAPERS, CatalogueQuestion, compared_by_age
from rag.query.paper_names import named
from rag.text.instructions import reporting
from rag.text.sentence_roles import parts
from rag.text.words import WORD, content_words, fold, stem, stems
from rag.types import Evidence, Paper

MOST_PASSED = 1_000
"""Papers that are passed over on the way to those outside some limits; behind more, fewer are listed than could be."""
NO_YEAR = (1, 0)
"""Years that no paper is from."""
TELLING_LIMIT = 8
"""A list of at most so many papers says of each what it does; a longer one gives titles."""


@dataclass(frozen=True, slots=True)
class CatalogueAnswer:
    """Blocks for the answer and the papers named; without papers where nothing in the collection fits."""

    blocks: tuple[Block, ...]
    papers: tuple[Paper, ...]


def answer_catalogue(
    asked: CatalogueQuestion,
    papers: Catalogue,
    find: Callable[[str], Sequence[Paper]],
    part: ListPart = OF_RECORDS,
) -> CatalogueAnswer:
    """The answer from the records, of a list a part. `find` gives the papers that a text is about: mostly one."""
    if asked.intent in OF_ONE:
        found = find(asked.topic)
        return CatalogueAnswer(tuple(_of_one(asked, paper) for paper in found), tuple(found))
    limits = asked.limits if asked.intent != "overview" else Limits()
    if asked.intent in ("newest", "oldest"):
        years = papers.years(limits)
        end = years and years[asked.intent == "newest"]
        limits = replace(limits, years=(end, end) if end else NO_YEAR)
    chosen, count = _besides(limits, papers, part) if asked.rest else _within(limits, papers, part)
    if asked.intent == "overview":
        return _overview(chosen, count, papers.years())
    note = undated(asked, papers)
    if asked.each_year and not asked.rest:
        head = Block(plain=_counted(asked, chosen, count, papers))
        return CatalogueAnswer((head, *_by_year(limits, papers), *note), tuple(chosen))
    items = tuple(_item(paper, telling=count <= TELLING_LIMIT) for paper in chosen)
    if asked.intent == "count":
        told = (*items, *_more(count - len(items))) if asked.among and asked.filters else ()
        return CatalogueAnswer((Block(plain=_counted(asked, chosen, count, papers)), *told, *note), tuple(chosen))
    unseen = count - part.first - len(items)  # behind too many that were passed over
    more = (Block(plain=prompts.more(left)),) if (left := part.left(count)) else _more(unseen)
    return CatalogueAnswer((*items, *more, *note) if items else (), tuple(chosen))


def _by_year(limits: Limits, papers: Catalogue) -> Iterator[Block]:
    """How many papers are from each year of which there are any."""
    low, high = papers.years(limits) or NO_YEAR
    for year in range(low, high + 1):
        if count := papers.count(replace(limits, years=(year, year))):
            yield Block(plain=f"{year}: {number_of_papers(count)}", item=True)


def _within(limits: Limits, papers: Catalogue, part: ListPart) -> tuple[list[Paper], int]:
    """A part of the papers within the limits, and how many there are."""
    return list(part.of(papers.select(limits, part.end))), papers.count(limits)


def _besides(limits: Limits, papers: Catalogue, part: ListPart) -> tuple[list[Paper], int]:
    """A part of the papers outside the limits, and how many there are; where years are asked for, of those whose year is known."""
    within = papers.count(limits)
    undated = papers.count(Limits(lacking="year")) if limits.years else 0
    looked_at = papers.select(None, part.end + min(within + undated, MOST_PASSED))
    outside = [paper for paper in looked_at if not limits.hold(paper) and not (limits.years and paper.year is None)]
    return list(part.of(outside)), papers.count() - within - undated


def _overview(first: Sequence[Paper], count: int, years: tuple[int, int] | None) -> CatalogueAnswer:
    span = f", from {years[0]} to {years[1]} as far as their years are known" if years else ""
    head = Block(plain=f"The collection holds {number_of_papers(count)}{span}.")
    return CatalogueAnswer((head, *(_item(paper, telling=False) for paper in first), *_more(count - len(first))), tuple(first))


def _more(left: int) -> tuple[Block, ...]:
    """What a list leaves out."""
    number, papers = number_of_papers(left).split()
    return (Block(plain=f"{number} more {papers} {_are(left)} not listed here."),) if left > 0 else ()


def undated(asked: CatalogueQuestion, papers: Catalogue) -> tuple[Block, ...]:
    """How many papers cannot be considered where it is asked for years, as theirs are not known; nothing if there are none."""
    by_year = asked.years or asked.each_year or asked.intent in ("newest", "oldest")
    count = papers.count(Limits(lacking="year")) if by_year else 0
    note = f"{number_of_papers(count)} of the collection {_have(count)} no known year and could not be considered."
    return (Block(plain=note),) if count else ()


def _of_one(asked: CatalogueQuestion, paper: Paper) -> Block:
    title = paper.title.rstrip(" .")
    this = (
        f"“{title}”"
        if any(_is_meant(text, paper) for text in compared_by_age(asked.topic) or (asked.topic,))
        else f"No paper is called that; the closest one, “{title}”,"
    )
    facts: dict[str, str] = {
        "authors": f"{this} is by {_listed(paper.authors)}{f' ({paper.year})' if paper.year else ''}." if paper.authors else "",
        "year": f"{this} is from {paper.year}{f' ({paper.venue})' if paper.venue else ''}." if paper.year else "",
        "venue": f"{this} appeared in {paper.venue}." if paper.venue else "",
        "link": f"{this} is at {paper.url}" if paper.url else "",
    }
    missing = {"authors": "its authors are", "year": "its year is", "venue": "where it appeared is", "link": "a link to it is"}
    text = facts[asked.intent] or f"The collection holds “{title}”, but {missing[asked.intent]} not known."
    return Block(plain=text)


def _is_meant(text: str, paper: Paper) -> bool:
    """Whether a text calls the paper: by name, or by half of the words that are not about papers in general, in its title."""
    asked = [word for word in content_words(text) if word not in OF_PAPERS]
    told = stems(paper.title)
    return bool(named(text, [paper])) or 2 * sum(stem(word) in told for word in asked) >= len(asked)


def _item(paper: Paper, telling: bool) -> Block:
    sentence = telling_sentence(paper) if telling else None
    return Block(evidence=(sentence,), label=heading(paper), item=True) if sentence else Block(plain=heading(paper), item=True)


def telling_sentence(paper: Paper) -> Evidence | None:
    """The sentence in which the abstract says what its authors did; where none does, its first."""
    spans = reporting(paper.abstract)
    if not spans:
        return None
    own = parts([span.of(paper.abstract) for span in spans])
    strongest = max(range(len(spans)), key=lambda index: (own[index].role == "approach", own[index].strength, -index))
    return Evidence(paper, spans[strongest if own[strongest].role == "approach" else 0])


def _counted(asked: CatalogueQuestion, chosen: Sequence[Paper], count: int, papers: Catalogue) -> str:
    if not asked.filters:
        return (
            f"There {_are(count)} {number_of_papers(count)}."
            if asked.among
            else f"The collection holds {number_of_papers(count)}."
        )
    limits = _limits(asked, papers.select(asked.limits, 1) if asked.rest else chosen)
    if asked.rest:
        limits.insert(0, "not")
    if asked.among:
        return f"{count} of {number_of_papers(papers.count())} {_are(count)} {' '.join(limits)}."
    return f"The collection holds {number_of_papers(count)} {' '.join(limits)}."


def _limits(asked: CatalogueQuestion, chosen: Sequence[Paper]) -> list[str]:
    """What the papers are limited to, in words; names as the papers spell them."""
    limits = []
    if asked.years:
        low, high = asked.years
        limits.append(
            f"from {low}"
            if low == high
            else f"from {low} on"
            if high == 9999
            else f"up to {high}"
            if low == 0
            else f"from {low} to {high}"
        )
    if asked.author:
        limits.append(
            f"by {_spelled(asked.author, (name for paper in chosen for name in paper.authors)) or asked.author.title()}"
        )
    if asked.venue:
        limits.append(f"at {_spelled(asked.venue, (paper.venue or '' for paper in chosen)) or asked.venue.upper()}")
    if asked.lacking:
        limits.append(
            {"url": "without a link", "year": "without a known year", "authors": "without known authors"}[asked.lacking]
        )
    return limits


def _spelled(word: str, texts: Iterable[str]) -> str:
    """A folded word as the first of the texts spells it; empty where none has it."""
    return next((found for text in texts for found in WORD.findall(text) if fold(found) == word), "")


def number_of_papers(count: int) -> str:
    """`1 paper`, `2 papers`."""
    return "1 paper" if count == 1 else f"{count} papers"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
