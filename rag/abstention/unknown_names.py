"""Names in a question that the papers do not know: a method that nobody here treats, a data set that the paper asked about never mentions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set

from rag.query.paper_names import named, spelled_out, subject_words
from rag.query.plan import QueryPlan
from rag.retrieval.sentence_ranker import Match
from rag.text.abbreviations import without_greek
from rag.text.frequency import is_common_name
from rag.text.names import begins_sentence, is_own_spelling, is_pair, names
from rag.text.spelling import TWO_SLIPS_FROM, distance
from rag.text.words import fold, stems, words
from rag.types import Paper, Refusal

RESEMBLES = 0.42
"""Best cosine from which an unknown name counts as another word for something in the papers; its pieces always resemble something."""
COINED_RESEMBLES = 0.47
"""The same for a coined name, `NoProp`, which stands for itself."""
PART_RESEMBLES = 0.35
"""The same for one half of `Kolmogorov-Arnold`."""


def refuse_unknown_name(
    question: QueryPlan, matches: Sequence[Match], best: Mapping[str, float], holds: Callable[[str], bool]
) -> Refusal | None:
    """Why a name of the question cannot be answered for; None where the papers in view know all names.

    `best`: each of the question's words with its best cosine in these papers; `holds`: whether the collection has the word.
    """
    text = question.text
    papers = list({match.evidence.paper.id: match.evidence.paper for match in matches}.values())
    for name in names(text):
        if is_common_name(name) and not is_pair(name):
            continue  # papers write it in many ways: `residual networks`
        parts = [part for part in words(name) if part in best]
        new = [part for part in parts if not holds(part)]
        if new and _is_strange(name, parts, new, best) and not _is_slip(new, papers) and not _is_known(name, matches):
            return Refusal("unknown_name", (whole_name(text, name, papers),))
    return None if question.kind == "compare" else _not_of_this(text, matches, papers, holds)


def whole_name(text: str, name: str, papers: Sequence[Paper]) -> str:
    """The name with the words beside it that are written as its parts, for a reason: `Mask R-CNN` of `Mask`. A paper's own name is no part."""
    parts = list(re.finditer(r"[^\s,;:?!()“”\"]+", text))
    at = next((at for at, part in enumerate(parts) if part.group().strip(".'’") == name), None)
    if at is None:
        return name
    own = {word for paper in papers for word in subject_words(text, paper)}
    first = last = at
    while first > 0 and _is_part(parts[first - 1], parts[first], text, own):
        first -= 1
    while last + 1 < len(parts) and _is_part(parts[last + 1], parts[last], text, own):
        last += 1
    return text[parts[first].start() : parts[last].end()].rstrip(".'’").removesuffix("'s").removesuffix("’s")


def _is_part(part: re.Match[str], beside: re.Match[str], text: str, own: Set[str]) -> bool:
    """Whether a word stands beside another with only a space between, and has a capital or is a number of a version."""
    left, right = sorted((part, beside), key=re.Match.start)
    written = part.group()
    capital = written[0].isupper() and not begins_sentence(text, part.start())
    return (
        text[left.end() : right.start()] == " "
        and left.group()[-1] not in ".'’"
        and (capital or (part is right and written.rstrip(".").replace(".", "", 1).isdigit()))
        and own.isdisjoint(words(written))
    )


def lacking_names(text: str, paper: Paper) -> list[str]:
    """The names in a text that a paper has nowhere, however it is written or misspelled, whatever other papers have."""
    told = f"{paper.title} {paper.abstract}"
    known, run = stems(told), _squashed(told)
    return [
        name
        for name in names(text)
        if not stems(name) <= known
        and _squashed(name).removesuffix("s") not in run
        and not _is_spelled_out(name, told)
        and not _is_slip(words(name), [paper])
    ]


def _is_spelled_out(name: str, told: str) -> bool:
    """Whether the text has the words that a coined name is made of: `ResNets` of residual networks."""
    single = name.removesuffix("s")
    return spelled_out(single.upper() if is_own_spelling(single) else single, told)


def _squashed(text: str) -> str:
    """`gpt4` for `GPT-4` and for `GPT 4`, `nfkb` for `NF-κB`, `NF-kB` and `NF-kappaB`."""
    return re.sub(r"[\W_]", "", fold(without_greek(text)))


def _is_strange(name: str, parts: Sequence[str], new: Sequence[str], best: Mapping[str, float]) -> bool:
    if len(new) == len(parts):
        return max(best[part] for part in new) < (COINED_RESEMBLES if is_own_spelling(name) else RESEMBLES)
    return is_pair(name) and min(best[part] for part in new) < PART_RESEMBLES


def _is_slip(new: Sequence[str], papers: Sequence[Paper]) -> bool:
    """Whether a word of these papers was meant, spelled with a slip or two."""
    known = {word for paper in papers for word in words(f"{paper.title} {paper.abstract}")}
    return all(
        len(part) >= 5 and any(distance(part, word, most := 1 + (len(part) >= TWO_SLIPS_FROM)) <= most for word in known)
        for part in new
    )


def _is_known(name: str, matches: Sequence[Match]) -> bool:
    return any(_is_spelled_out(name, f"{match.evidence.paper.title}. {match.text}") for match in matches)


def _not_of_this(text: str, matches: Sequence[Match], papers: Sequence[Paper], holds: Callable[[str], bool]) -> Refusal | None:
    """A name that other papers have and the one asked about has not, nor anything like it."""
    called = named(text, papers)
    if len(called) != 1:
        return None
    own = [match for match in matches if match.evidence.paper.id == called[0].id]
    told = stems(f"{called[0].title} {called[0].abstract}")
    for name in names(text):
        parts = [part for part in words(name) if own and part in own[0].words]
        if not parts or not all(map(holds, parts)) or told & stems(name) or _is_known(name, own):
            continue
        if max(match.words[part] for match in own for part in parts) < RESEMBLES:
            return Refusal("name_not_mentioned", (whole_name(text, name, papers),))
    return None
