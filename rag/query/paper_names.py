"""What papers are called, in titles and in talk: full titles, the name before a title's colon, and coined names such as `NoProp`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.text.abbreviations import without_greek
from rag.text.dates import MONTHS
from rag.text.frequency import in_vocabulary, is_common_name, rarity
from rag.text.names import coined, is_own_spelling, is_pair
from rag.text.words import WORD, content_words, fold, is_content, stem, stems, words
from rag.types import Paper

if TYPE_CHECKING:
    from rag.query.catalogue import Catalogue

LONGEST_NAME = 40
"""Words of a name that is looked up."""
_LONGEST_HEAD = 6
"""Words before a title's colon that are a name and not half a sentence. Chosen."""


COMMON = 0.84
"""Rarity under which a word is common English (about the first 6,000 words): `SAM` names a paper only where a question writes it so.
A rarer word that English has, `STEM` or `CONditional`, does without capitals only as the head of a title, and a plain word,
`Telescope`, not even there."""
Name = tuple[str, ...]


@lru_cache(maxsize=8192)
def names(paper: Paper) -> frozenset[Name]:
    """Names as word sequences (folded): the title, its head before a colon, coined names of title and abstract; no function word alone.

    `Fine-Grained` and `Navier-Stokes` are the capitals of a title, or two people: no paper's own name. Nor is a name that many abstracts share,
    `CLIP`, but that of the paper that introduces it.
    """
    head, colon, _ = paper.title.partition(":")
    found = {tuple(words(paper.title))}
    if colon and len(head.split()) <= _LONGEST_HEAD:
        found.add(tuple(words(head)))
    text = f"{paper.title} {paper.abstract}"
    written = (
        name for name in coined(text) if not is_pair(name) and (not is_common_name(name) or _is_introduced(name, paper.abstract))
    )
    found |= {tuple(words(name)) for name in written}
    return frozenset(name for name in found if name and (len(name) > 1 or (len(name[0]) > 2 and is_content(name[0]))))


_INTRODUCES = re.compile(
    r"(?i)\b(?:propos\w{1,4}|introduc\w{1,4}|present(?:s|ed)?|call(?:ed)?|named|dub(?:bed)?|termed)(?: (?:our|the|a|it))? $"
)


def _is_introduced(name: str, abstract: str) -> bool:
    """Whether an abstract gives the name to what it proposes: `We introduce CLIP`."""
    return any(
        _INTRODUCES.search(abstract[max(0, found.start() - 24) : found.start()])
        for found in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", abstract)
    )


def called(text: str, paper: Paper) -> frozenset[Name]:
    """The names by which the text calls the paper. A common word calls it only with the capitals of a name: `SAM`, not `Sam`.

    A plain word before a title's colon calls it with one capital that no sentence begins with: `Telescope`, but not a telescope.
    """
    asked = words(text)
    own = [name for name in names(paper) if _stands_in(name, asked)]
    common = {name for name in own if _is_common(name, paper)}
    plain = {name for name in own if name not in common and _is_plain(name, paper)}
    if not common and not plain:
        return frozenset(own)
    written = set() if text.isupper() else {fold(word) for word in WORD.findall(text) if sum(map(str.isupper, word)) > 1}
    as_names = _as_names(text) if plain else set()
    return frozenset(
        name
        for name in own
        if (name not in common or name[0] in written) and (name not in plain or name[0] in written | as_names)
    )


def _as_names(text: str) -> set[str]:
    """The words (folded) that stand with a capital inside a sentence, beside no other such word: `Hubble Telescope` is another name."""
    parts = text.split()
    capital = [part.lstrip("“\"'‘(")[:1].isupper() for part in parts]
    inside = [at > 0 and parts[at - 1][-1] not in ".?!:" for at in range(len(parts))]
    ends = [not part[-1].isalnum() for part in parts]
    return {
        words(part)[0]
        for at, part in enumerate(parts)
        if capital[at] and inside[at] and words(part)
        if not (capital[at - 1] and inside[at - 1] and not ends[at - 1])
        if ends[at] or at + 1 == len(parts) or not capital[at + 1]
    }


def _is_plain(name: Name, paper: Paper) -> bool:
    """Whether it is an English word that only the colon of the title makes a name."""
    head = paper.title.partition(":")[0].strip()
    return len(name) == 1 and in_vocabulary(name[0]) and name == tuple(words(head)) and head[1:].islower()


def _is_common(name: Name, paper: Paper) -> bool:
    if len(name) != 1:
        return False
    head, colon, _ = paper.title.partition(":")
    return rarity(name[0]) < COMMON or (in_vocabulary(name[0]) and not (colon and name == tuple(words(head))))


def short_name(paper: Paper) -> str:
    """What to call the paper in a question about it: the head of its title if that is a name, else the title."""
    head, colon, _ = paper.title.partition(":")
    telling = len(content_words(head)) > 1 or bool(coined(head))
    return head.strip() if colon and telling and len(head.split()) <= _LONGEST_HEAD else paper.title.rstrip(" .")


def quoted_name(paper: Paper) -> str:
    """The short name, a whole title in quotation marks: within a question it is no clause of it."""
    name = short_name(paper)
    return name if len(name.split()) <= _LONGEST_HEAD else f"“{name}”"


_HYPHEN = r"[-‐‑]"
_CAPITALIZED = rf"[A-Z][^\W\d_]{{1,60}}+(?:{_HYPHEN}[A-Z][^\W\d_]{{1,60}}+)*+"
_THE_ONE_BY = re.compile(
    rf"(?i:\bthe (?:other )?(?:one|paper|article|study|work|thesis|essay) (?:written )?(?:by|from)) (?P<name>{_CAPITALIZED})"
    rf"(?: et al\b\.?|(?: (?:and|&) {_CAPITALIZED}))?(?!\w)(?! (?:and|or) [a-z]+ing\b)"
)
"""A paper named by its author: `the one by Yariv`, `the paper by Yariv and Lipman`."""
_ET_AL = re.compile(r"\b([^\W\d_][\w'’-]{1,60}+) et al\b\.?(?:['’]s\b)?(?:,? ?\(?(?P<year>\d{4})\b\)?)?")


def by_authors(text: str, papers: Catalogue) -> str:
    """The text with `Yariv et al.` and `the paper by Yariv` replaced by the name of that paper, where one paper alone has such a first author."""
    text = _THE_ONE_BY.sub(lambda found: _called_by(found["name"], papers, None) or found[0], text)
    return _ET_AL.sub(lambda found: _called_by(found[1], papers, found["year"]) or found[0], text)


def names_author(text: str) -> bool:
    """Whether it names a paper by its author, `the one by Yariv`."""
    return _THE_ONE_BY.search(text) is not None


def by_author_among(text: str, papers: Sequence[Paper]) -> str:
    """The text with `the one by Yariv` replaced by the name of that one of a few papers; itself where it has no such words, or none or several are meant."""

    def called(found: re.Match[str]) -> str:
        own = [paper for paper in papers if any(_is_family(found["name"], author) for author in paper.authors)]
        return quoted_name(own[0]) if len(own) == 1 else found[0]

    return _THE_ONE_BY.sub(called, text)


def _is_family(name: str, author: str) -> bool:
    """Whether an author's name ends with this family name."""
    family = words(name)
    return words(author)[-len(family) :] == family


MOST_OF_AN_AUTHOR = 50
"""Papers of a first author among which a year tells one. Chosen."""
_KEY_IN = re.compile(r"(?<![\w@])@?([A-Za-z][\w:.+-]{1,98}\w)")


def by_keys(text: str, papers: Catalogue) -> str:
    """The text with a citation key such as `smith2020` or `@smith2020` replaced by the name of the paper that alone has it."""

    def called(found: re.Match[str]) -> str:
        if not any(char.isdigit() or char in ":_" for char in found[1]):
            return found[0]
        own = papers.holders("citation key", found[1].casefold(), 2)
        return f"“{short_name(own[0])}”" if len(own) == 1 else found[0]

    return _KEY_IN.sub(called, text)


_NOT_BY = r"(?<![\w'’“-])(?<!by )(?<!of )(?<!from )(?<!author )"
_DATED = r"(?:,? (?P<year>\d{4})\b|,? ?\((?P<bracketed>\d{4})\))"
_SURNAME = re.compile(
    rf"{_NOT_BY}(?P<name>(?=[A-Z](?:[^\W\d_]{{3}}|[^\W\d_]{{1,2}}{_HYPHEN})){_CAPITALIZED}|[A-Z][^\W\d_]{{1,2}}(?=,? \(?\d{{4}}\b))(?:(?P<own>['’]s\b)|{_DATED})?(?![\w“”-])"
)
_PAIR = re.compile(
    rf"{_NOT_BY}(?P<name>{_CAPITALIZED}) (?:and|&) (?P<beside>{_CAPITALIZED})(?:(?P<own>['’]s\b)|{_DATED})?(?![\w“”-])"
)
"""Two authors of one paper: `Yariv and Lipman`, `Yariv & Lipman (2021)`."""

_MONTHS = frozenset(name for month in MONTHS for name in (month, month[:3]))


def by_surname(text: str, papers: Catalogue) -> str:
    """The text with `Yariv`, `Yariv's paper` or `Yariv and Lipman` replaced by the name of that paper, where one alone has such a first author."""

    def called(found: re.Match[str]) -> str:
        beside = found.groupdict().get("beside") or ""
        who = found.string[: found.start()].endswith("is ") and not found["own"]  # `Who is Yariv?` asks for a person
        in_title = any(papers.has("title word", word) for word in words(found["name"])) and not beside
        year = found["year"] or found["bracketed"]
        dates = year and (found["name"].casefold() in _MONTHS or not is_content(fold(found["name"])))  # `May 2021`, `In 2021`
        paper = "" if who or in_title or dates else _called_by(found["name"], papers, year, beside)
        return f"{paper}{found['own'] or ''}" if paper else found[0]

    return _SURNAME.sub(called, _PAIR.sub(called, text))


def _called_by(author: str, papers: Catalogue, year: str | None, beside: str = "") -> str:
    """The name of the only paper by that first author, in that year if one is given, and by that other author; empty if there is none or several.

    A paper whose year is not known may be of that year, if no other is.
    """
    most = MOST_OF_AN_AUTHOR if year or beside else 1
    own = papers.holders("first author", words(author)[-1], most + 1) if words(author) else []
    if len(own) > most:
        return ""
    own = [paper for paper in own if _is_family(author, paper.authors[0])]
    if beside:
        own = [paper for paper in own if any(_is_family(beside, other) for other in paper.authors[1:])]
    if year:
        own = [paper for paper in own if str(paper.year) == year] or [paper for paper in own if paper.year is None]
    return f"“{short_name(own[0])}”" if len(own) == 1 else ""


def subject_words(text: str, paper: Paper) -> frozenset[str]:
    """The words by which the text calls this paper: inside it they tell no sentence from another."""
    return frozenset(word for name in called(text, paper) for word in name)


def named(text: str, papers: Iterable[Paper]) -> list[Paper]:
    """The papers that the text calls by a name that is theirs alone among these, in the order of `papers`."""
    pool = list(papers)
    owners: dict[Name, set[str]] = {}
    for paper in pool:
        for name in called(text, paper):
            owners.setdefault(name, set()).add(paper.id)
    return _surely_named(text, pool, owners)


def named_in(text: str, papers: Catalogue) -> list[Paper]:
    """The same of a whole collection, in no certain order: only names that stand in the text are looked up."""
    owners: dict[Name, set[str]] = {}
    pool: dict[str, Paper] = {}
    for key in names_in(words(text)):
        name, found = tuple(key.split()), papers.holders("name", key, 2)
        if len(found) == 1 and name in called(text, found[0]):
            owners[name] = {found[0].id}
            pool[found[0].id] = found[0]
    return _surely_named(text, list(pool.values()), owners)


def in_order(text: str, papers: Catalogue) -> list[Paper]:
    """The papers that the text calls by name, in the order in which it does."""
    asked = words(text)
    return sorted(named_in(text, papers), key=lambda paper: min(map(asked.index, subject_words(text, paper)), default=len(asked)))


def _surely_named(text: str, pool: Sequence[Paper], owners: dict[Name, set[str]]) -> list[Paper]:
    asked = words(text)
    owners = {name: ids for name, ids in owners.items() if not _only_within(name, owners, asked)}
    own = {next(iter(ids)) for name, ids in owners.items() if len(ids) == 1}
    found = [paper for paper in pool if paper.id in own and not _only_borrowed(paper, owners)]
    sure = [paper for paper in found if any(ids == {paper.id} and _is_named(paper, name) for name, ids in owners.items())]
    return sure or found


def _only_within(name: Name, others: Iterable[Name], text: Sequence[str]) -> bool:
    """Whether the text has the name only as a part of longer ones: `3DGS` in `PG-3DGS`."""
    longer = [other for other in others if len(other) > len(name) and _stands_in(name, other)]
    longest = [one for one in longer if not any(len(other) > len(one) and _stands_in(one, other) for other in longer)]
    return sum(_count(one, text) * _count(name, one) for one in longest) >= _count(name, text)


def _only_borrowed(paper: Paper, owners: dict[Name, set[str]]) -> bool:
    """Whether all of the paper's names in the text are common words that merely stand in its abstract."""
    mine = [name for name, ids in owners.items() if ids == {paper.id}]
    return not any(len(name) > 1 or _is_coined_by(paper, name[0]) for name in mine)


def names_in(text: Sequence[str]) -> list[str]:
    """What may be a name in a text of folded words: all runs of at most `LONGEST_NAME` words, each once, joined by spaces."""
    size = len(text)
    runs = (" ".join(text[start:end]) for start in range(size) for end in range(start + 1, min(start + LONGEST_NAME, size) + 1))
    return list(dict.fromkeys(runs))


def named_by_title(text: str, paper: Paper) -> bool:
    """Whether the text calls the paper by a name that its title has: surely this paper, and no other that uses the same abbreviation."""
    title = words(paper.title)
    return any(_stands_in(name, title) for name in called(text, paper))


_DESCRIBED = re.compile(
    r"(?i)\b(?:the|that|this) (?P<words>(?:(?!(?:the|that|this|and|or|in|of|to|do|does|did|is|what|with|for|on|by|same|first|second|last|whole)\b)[\w/+'’-]+ ){1,5})"
    r"(?:paper|article|study|thesis|survey)\b"
)


def described(text: str, papers: Iterable[Paper]) -> list[Paper]:
    """The paper whose title alone among these has all words of `the event horizon telescope paper`; none where several have, or none does."""
    found = _DESCRIBED.search(text)
    asked = {stem(word) for word in content_words(found["words"])} if found else set()
    fitting = [paper for paper in papers if asked and asked <= stems(paper.title)]
    return fitting if len(fitting) == 1 else []


def own_names_stand_in(text: str, paper: Paper) -> bool:
    """Whether the text has names that nothing else is spelled like (`GPT-4`, `NoProp`), and the paper has all of them."""
    asked = [words(without_greek(name)) for name in coined(text) if is_own_spelling(name)]
    told = words(without_greek(f"{paper.title} {paper.abstract}")) if asked else []
    return bool(asked) and all(_stands_in(name, told) for name in asked)


def _is_named(paper: Paper, name: Sequence[str]) -> bool:
    """Whether the name is the paper's own, and no data set or rival that it mentions once."""
    if _stands_in(name, words(paper.title)):
        return True
    return all(_is_coined_by(paper, word) for word in name)


def _is_coined_by(paper: Paper, word: str) -> bool:
    """In the title, in brackets behind its long form, or used again and again: a name of its own, not a data set it once mentions."""
    if word in words(paper.title):
        return True
    bracketed = any(word in words(inside) for inside in re.findall(r"\(([^()]{2,20})\)", paper.abstract))
    return bracketed or words(paper.abstract).count(word) > 1


def _stands_in(name: Sequence[str], text: Sequence[str]) -> bool:
    return _count(name, text) > 0


def _count(name: Sequence[str], text: Sequence[str]) -> int:
    """How often the text has the words of the name in a row."""
    size = len(name)
    return sum(tuple(text[start : start + size]) == tuple(name) for start in range(len(text) - size + 1))


def spelled_out(abbreviation: str, text: str) -> bool:
    """Whether the text has words that the capitals stand for: `QED` for quantum electrodynamics. Two words at least."""
    letters = re.findall(r"[A-Za-z]", abbreviation)
    if not (1 < len(letters) < 8 and abbreviation.isupper()):
        return False
    pattern = re.compile(r"\b" + r"[a-z]*?(?:[\s-]+(?:of |for |and |the )?)?".join(map(re.escape, letters)), re.IGNORECASE)
    return any(re.search(r"[\s-]", found.group()) for found in pattern.finditer(text))
