"""Reads CITATION.cff, in which a repository says what to cite: one paper, its preferred citation where it names one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rag.ingestion.fields import UnusableError, foreign_paper_of
from rag.ingestion.outcomes import Outcome, report
from rag.ingestion.values import inside, listed, text_of, texts
from rag.types import Paper, Refused

LONGEST = 200_000
"""Characters; such a file has a few thousand."""
DEEPEST = 20
"""Lists and mappings inside one another; such a file has five or six."""
_VERSION = re.compile(r"^cff-version\s*:", re.MULTILINE)


class CitationFileImporter:
    """The paper that `preferred-citation` describes; without one the software itself, under its own title."""

    @property
    def name(self) -> str:
        return "citation-file"

    def recognises(self, head: str) -> bool:
        return bool(_VERSION.search(head))

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        return report([_outcome(lines, source)], source)


def _outcome(lines: Iterable[str], source: str) -> Outcome:
    size, text = 0, []
    for line in lines:
        size += len(line)
        if size > LONGEST:
            return 1, f"This file is longer than {LONGEST:,} characters: no paper's is."
        text.append(line)
    try:
        return 1, _paper("".join(text), source)
    except UnusableError as reason:
        return 1, str(reason)


def _paper(text: str, source: str) -> Paper:
    record = _loaded(text)
    preferred = record.get("preferred-citation")
    cited: Mapping[str, Any] = preferred if isinstance(preferred, Mapping) else record
    fields = texts(
        title=cited.get("title"), abstract=cited.get("abstract"), year=cited.get("year") or cited.get("date-published") or cited.get("date-released"),
        doi=cited.get("doi") or _identifier(cited, "doi"), url=cited.get("url") or cited.get("repository-code"),
        venue=cited.get("journal") or cited.get("collection-title") or inside(cited, "conference", "name"), note=cited.get("notes"),
        arxiv_id=_identifier(cited, "other").removeprefix("arXiv:"),
    )  # fmt: skip
    return foreign_paper_of(fields, [name for one in listed(cited.get("authors")) if (name := _name(one))], source)


def _loaded(text: str) -> Mapping[str, Any]:
    """Raises UnusableError. Only plain values are made of what stands there: no object of Python's."""
    import yaml

    try:
        _look_over(yaml.parse(text, yaml.SafeLoader))
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError) as error:  # a tag may not fit its value
        place = getattr(error, "problem_mark", None)
        raise UnusableError(f"This is not YAML{f': look at line {place.line + 1}' if place else ''}.") from None
    if not isinstance(value, dict):
        raise UnusableError("This is no CITATION.cff: it names nothing to cite.")
    return value


def _look_over(events: Iterable[Any]) -> None:
    """Raises UnusableError for what takes long to load: parts that refer to others, and lists inside lists without end."""
    import yaml

    depth = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            raise UnusableError("This YAML refers to parts of itself, which a CITATION.cff need not: write them out.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise UnusableError(f"This YAML has lists inside one another more than {DEEPEST} deep: no CITATION.cff has.")


def _identifier(cited: Mapping[str, Any], kind: str) -> str:
    found = (one for one in listed(cited.get("identifiers")) if inside(one, "type") == kind)
    return next((text for one in found if (text := text_of(inside(one, "value")))), "")


def _name(one: object) -> str:
    given, particle, family = (text_of(inside(one, part)) for part in ("given-names", "name-particle", "family-names"))
    return " ".join(part for part in (given, particle, family) if part) or text_of(inside(one, "name"))
