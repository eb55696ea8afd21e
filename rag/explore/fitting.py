"""Whether an answer gives what a suggested question asks for: only such a question is worth suggesting. Pure.

That an answer was found does not tell it. Asked for the limitations of a method, most abstracts offer those of the methods before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rag.explore.suggestions import Suggestion
from rag.text.names import coined
from rag.text.outline import outline
from rag.text.words import stems
from rag.types import Answer, Citation, Paper, Role, SentenceRole

CLEARLY = 1.0
"""How strongly the first sentence cited must show its part of the abstract. As one telling phrase."""
ENOUGH = 0.5
"""Share of the papers cited that must speak of the subject that a list is asked for, in the very sentences cited or in their titles."""
_ROLES: Mapping[str, Role] = {"fact": "approach", "how": "approach", "result": "result", "problem": "problem", "data": "result"}
"""The part of an abstract that answers a question of the kind."""
_MANNER = re.compile(
    r"(?i)\b(?:by \w+ing|using|uses?|utili[sz]\w+|via|through|based on|built (?:up)?on|leverag\w+|combin\w+|integrat\w+|consist\w+|employ\w+|decompos\w+|that \w+s\b|which \w+s\b)"
)
_DATA_SETS = re.compile(r"(?i)\b(?:data ?sets?|benchmarks?|corpora|corpus|recordings|images|scans|patients|participants)\b")
_ON = re.compile(r"(?i)\b(?:on|across|from|using|with) ([^.;:]{1,80})")
_NEW_DATA = re.compile(r"(?i)\b(?:data ?set|benchmark|corpus|test ?bed)\b")


def fits(asked: Suggestion, answer: Answer) -> bool:
    """Whether the answer is found, is about the papers asked about, and is of the kind asked for."""
    if answer.status != "answered" or (not answer.citations and asked.kind != "records"):
        return False
    if asked.topic:
        return _is_on(asked.topic, answer)
    if asked.kind == "compare":
        return all(_tells(answer, id, "approach") for id in asked.papers)
    if asked.kind == "summary":
        return {each.paper.id for each in answer.citations} == set(asked.papers) and len(answer.citations) > 1
    return asked.kind == "records" or _first_fits(asked, answer.citations[0], answer)


def _first_fits(asked: Suggestion, first: Citation, answer: Answer) -> bool:
    """Whether the sentence that answers first shows the part of its abstract that is asked for."""
    part = _part(first)
    if first.paper.id not in asked.papers or part.role != _ROLES[asked.kind] or part.strength < CLEARLY:
        return False
    if asked.kind == "problem":  # what is left open at the end is another
        return first.span.start < len(first.paper.abstract) / 2
    if asked.kind == "data":
        return _names_data(first.quote, first.paper) and not _presents_data(first.paper)
    if asked.kind == "how":
        if _presents_data(first.paper):
            return False
        own = [each.quote for each in answer.citations if each.paper.id in asked.papers and _part(each).role == "approach"]
        return len(own) > 1 or any(_MANNER.search(quote) for quote in own)
    return True


def _tells(answer: Answer, paper: str, role: Role) -> bool:
    return any(each.paper.id == paper and _part(each).role == role for each in answer.citations)


def _part(citation: Citation) -> SentenceRole:
    """What the sentence that is cited does in its abstract."""
    outlined = outline(citation.paper)
    spans = (outlined.spans[place] for place in outlined.kept)
    told = (part for span, part in zip(spans, outlined.parts, strict=True) if span.start <= citation.span.start < span.end)
    return next(told, SentenceRole("background", 0.0))


def _names_data(quote: str, paper: Paper) -> bool:
    """Whether a sentence tells on what something was tried: data sets, or a name that is none of the paper's own."""
    own = set(coined(paper.title))
    tried = _ON.findall(quote)
    return any(_DATA_SETS.search(what) or set(coined(what)) - own for what in tried)


def _presents_data(paper: Paper) -> bool:
    """Whether the paper's own subject is a data set: then nothing is evaluated on another."""
    outlined = outline(paper)
    presenting = (place for place, part in zip(outlined.kept, outlined.parts, strict=True) if part.role == "approach")
    told = next((outlined.spans[place].of(paper.abstract) for place in presenting), "")
    return _NEW_DATA.search(f"{paper.title} {told}") is not None


def _is_on(topic: str, answer: Answer) -> bool:
    """Whether two papers at least are cited, and enough of them speak of the subject."""
    wanted = stems(topic)
    told: dict[str, str] = {}
    for each in answer.citations:
        told[each.paper.id] = f"{told.get(each.paper.id, each.paper.title)} {each.quote}"
    speaking = sum(wanted <= stems(text) for text in told.values())
    return len(told) > 1 and speaking >= ENOUGH * len(told)
