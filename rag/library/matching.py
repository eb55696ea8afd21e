"""Decides what a record is to a library: new, another version of a paper that is there, the same again, or one to be kept apart.

Two records are one paper where their titles agree, their first authors do not differ, their years are near and no ids forbid it.
A shared id is no proof: proceedings print one DOI on each chapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rag.identity import content_hash, is_preprint, normalised_title, paper_id
from rag.library.spilled import Spill, Spilled
from rag.text.words import content_words, fold

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.types import Paper

Outcome = Literal["added", "updated", "unchanged", "merged"]

NEAR_YEARS = 2
"""Years between a preprint and its journal version: nine in ten appear within two."""
SAME_TEXT = 0.5
"""Share of common words from which two abstracts are versions of one text, and below which they are different texts. Chosen."""
OTHER_TEXT = 0.15
"""Shares of common words (Jaccard): two versions of one abstract have over half, abstracts of two papers of a field under a tenth."""
TELLING_TITLE = 4
"""Words: shorter titles (`Editorial`, `Annual report`) are shared by many papers."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The paper as it is to be stored, the records it is made from (where there are several), and what a person should know."""

    outcome: Outcome
    paper: Paper
    versions: tuple[Paper, ...] = ()
    note: str = ""


class KnownPapers:
    """The papers of a library together with those that were decided on but are not stored yet."""

    def __init__(self, records: Records, spill: Spill | None = None) -> None:
        """With `spill`, what was decided is kept there instead of in memory: for a look at a whole file, none of which is stored."""
        self._records = records
        self._decided: MutableMapping[str, Decision] = Spilled(spill, "decided") if spill else {}
        self._owners: MutableMapping[str, str] = Spilled(spill, "owners") if spill else {}
        self._titles: MutableMapping[str, list[str]] = Spilled(spill, "titles") if spill else {}

    def put(self, decision: Decision) -> None:
        paper = decision.paper
        self._decided[paper.id] = decision
        for record in (paper.id, *(version.id for version in decision.versions)):
            self._owners[record] = paper.id
        title = normalised_title(paper.title)
        self._titles[title] = [*self._titles.get(title, ()), paper.id]

    def clear(self) -> None:
        """After what was decided has been stored."""
        for kept in (self._decided, self._owners, self._titles):
            kept.clear()

    def owner(self, record: str) -> str | None:
        return self._owners.get(record) or self._records.owner(record)

    def paper(self, id: str) -> Paper | None:
        decided = self._decided.get(id)
        return decided.paper if decided is not None else self._records.paper(id)

    def versions(self, paper: Paper) -> tuple[Paper, ...]:
        decided = self._decided.get(paper.id)
        found = decided.versions if decided is not None else self._records.versions(paper.id)
        return found or (paper,)

    def titled(self, title: str) -> Iterator[Paper]:
        stored = {paper.id: paper for paper in self._records.titled(title)}
        ids = dict.fromkeys([*stored, *self._titles.get(normalised_title(title), ())])
        for id in ids:
            decided = self._decided.get(id)
            paper = decided.paper if decided is not None else stored.get(id)
            if paper is not None:
                yield paper


def decide(new: Paper, known: KnownPapers) -> Decision:
    """What to do with a record."""
    held = _holder(new, known)
    if held is None:
        return _by_title(new, known)
    versions = known.versions(held)
    old = next((one for one in versions if one.id == new.id), held)
    if same_record(old, new):
        return _again(new, held, versions)
    apart = replace(new, id=apart_id(new, known))
    note = f"“{new.title}” has the id {new.id} of another paper, “{old.title}”: both are kept."
    holder = _holder(apart, known)
    if holder is not None:
        return _again(apart, holder, known.versions(holder))
    return replace(_by_title(apart, known), note=note)


def _holder(new: Paper, known: KnownPapers) -> Paper | None:
    owner = known.owner(new.id)
    return known.paper(owner) if owner is not None else None


def _again(new: Paper, held: Paper, versions: Sequence[Paper]) -> Decision:
    """A record that is there already, as it was or changed. What it does not know any more is kept."""
    records = tuple(_filled(new, one) if one.id == new.id else one for one in versions)
    paper = combined(records) if len(records) > 1 else records[0]
    same = content_hash(paper) == content_hash(held) and [*map(content_hash, records)] == [*map(content_hash, versions)]
    return Decision("unchanged" if same else "updated", paper, records if len(records) > 1 else ())


def _filled(new: Paper, old: Paper) -> Paper:
    """The new record; an abstract, keys and links that it lacks stay those of the old one."""
    keys, links = (tuple(dict.fromkeys([*one, *other])) for one, other in ((new.keys, old.keys), (new.links, old.links)))
    if new.abstract or not old.abstract:
        return replace(new, keys=keys, links=links)
    return replace(new, abstract=old.abstract, parts=old.parts, keys=keys, links=links)


def _by_title(new: Paper, known: KnownPapers) -> Decision:
    for paper in known.titled(new.title):
        versions = known.versions(paper)
        if all(one_work(version, new) for version in versions):
            records = (*versions, new)
            return Decision("merged", combined(records), records)
    return Decision("added", new)


def combined(versions: Sequence[Paper]) -> Paper:
    """One paper out of its records: the first one's id and text; year, venue and authors of the published one where there is one."""
    first = versions[0]
    published = next((one for one in versions if one.venue and not is_preprint(one.id, one.venue)), first)
    text = next((one for one in versions if one.abstract), first)
    others = dict.fromkeys(link for one in versions for link in (one.id, *one.links) if link != first.id)
    return replace(
        first,
        abstract=text.abstract,
        parts=text.parts,
        authors=max((published.authors, first.authors, *(one.authors for one in versions)), key=bool),
        year=next((one.year for one in (published, *versions) if one.year is not None), None),
        venue=next((one.venue for one in (published, *versions) if one.venue), None),
        url=next((one.url for one in versions if one.url), None),
        keys=tuple(dict.fromkeys(key for one in versions for key in one.keys)),
        links=tuple(link for link in others if not link.startswith("title:")),
    )


def same_record(old: Paper, new: Paper) -> bool:
    """Whether two records with one id are the same paper, which may have got another title or text in the meantime.

    A later version on arXiv may have another title: it counts where the first author is known to be the same and the text is no other.
    """
    alike = _titles_alike(old.title, new.title)
    if old.id.startswith("title:"):
        telling = len(normalised_title(new.title).split()) >= TELLING_TITLE or _likeness(old.abstract, new.abstract) >= SAME_TEXT
        if not telling and _years_apart(old, new):
            return False
        return alike and not _authors_differ(old, new) and _years_apart(old, new) <= NEAR_YEARS and not _texts_differ(old, new)
    if alike or _likeness(old.abstract, new.abstract) >= SAME_TEXT:
        return True
    known = bool(old.authors and new.authors) and not _authors_differ(old, new)
    return old.id.startswith("arxiv:") and known and not _texts_differ(old, new)


def one_work(old: Paper, new: Paper) -> bool:
    """Whether two records with other ids and one title are versions of one paper."""
    if normalised_title(old.title) != normalised_title(new.title) or _ids_conflict(old, new) or _authors_differ(old, new):
        return False
    same_text = _likeness(old.abstract, new.abstract) >= SAME_TEXT
    if _years_apart(old, new) > NEAR_YEARS and not same_text:
        return False
    if _texts_differ(old, new):
        return False
    known = bool(old.authors and new.authors)
    return (
        same_text
        or len(normalised_title(new.title).split()) >= TELLING_TITLE
        or (known and old.year is not None and old.year == new.year)
    )


def apart_id(paper: Paper, known: KnownPapers) -> str:
    """An id from the title, or, where another paper has that one, from title, first author, year and text."""
    plain = paper_id(paper.title)
    owner = known.owner(plain)
    held = known.paper(owner) if owner is not None else None
    if paper.id != plain and (held is None or same_record(replace(held, id=plain), paper)):
        return plain
    return paper_id(" ".join([paper.title, *paper.authors[:1], str(paper.year or ""), paper.abstract[:200]]))


def _ids_conflict(old: Paper, new: Paper) -> bool:
    """Whether both are arXiv papers, or both published with a DOI: ids of one kind that differ are of two papers."""
    kinds = [{_kind_of_id(id) for id in (paper.id, *paper.links)} - {""} for paper in (old, new)]
    ids = [{paper.id, *paper.links} for paper in (old, new)]
    return bool(kinds[0] & kinds[1]) and not ids[0] & ids[1]


def _kind_of_id(id: str) -> str:
    scheme = id.partition(":")[0]
    return "" if scheme == "title" else "preprint" if is_preprint(id) else scheme


def _titles_alike(one: str, other: str) -> bool:
    first, second = (set(normalised_title(title).split()) for title in (one, other))
    if not first or not second:
        return first == second
    return len(first & second) / min(len(first), len(second)) >= 0.8 and len(first & second) / len(first | second) >= 0.4


def _authors_differ(old: Paper, new: Paper) -> bool:
    """Whether both have a first author and they share no name of two letters or more."""
    if not old.authors or not new.authors:
        return False
    one, other = ({word for word in re.findall(r"[^\W\d_]+", fold(paper.authors[0])) if len(word) > 1} for paper in (old, new))
    return not one & other and bool(one and other)


def _years_apart(old: Paper, new: Paper) -> int:
    return abs(old.year - new.year) if old.year is not None and new.year is not None else 0


def _texts_differ(old: Paper, new: Paper) -> bool:
    return bool(old.abstract and new.abstract) and _likeness(old.abstract, new.abstract) < OTHER_TEXT


def _likeness(one: str, other: str) -> float:
    """Content words in common, as a share of all (0…1)."""
    first, second = set(content_words(one)), set(content_words(other))
    return len(first & second) / len(first | second) if first and second else 0.0
