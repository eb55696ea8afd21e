"""An answer as HTML: markers that lead to the quotes, and a mark on each sentence that is not, or only partly, supported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.types import Answer, Citation, Claim
from ui.export.plain import for_people
from ui.html.text import attributes, plain, text_html
from ui.html.wording import Wording

_MARKER = re.compile(r"(?<!\s)\s*+\[(\d+)\]")
_DOUBTED = ("partly", "unsupported")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of an answer's text: within a claim or between claims."""

    start: int
    end: int
    claim: Claim | None = None


def answer_html(answer: Answer, turn: str, say: Wording) -> str:
    """Paragraphs and lists. A marker whose citation is not known yet is shown without a link."""
    cited = {citation.number: citation for citation in answer.citations}
    segments = list(_segments(answer.text, answer.claims))
    parts, items = [], []
    for start, end in _lines(answer.text):
        item = answer.text.startswith("- ", start)
        inside = _line(answer, segments, (start + 2 * item, end), cited, turn, say)
        if item:
            items.append(f"<li>{inside}</li>")
            continue
        if items:
            parts.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if inside.strip():
            # What Paperchat says itself beside the sentences of the papers, such as how many are left out of a list.
            own = ' class="pc-own"' if answer.citations and "pc-cite" not in inside else ""
            parts.append(f"<p{own}>{inside}</p>")
    if items:
        parts.append(f"<ul>{''.join(items)}</ul>")
    return "".join(parts)


def support(claims: Sequence[Claim]) -> tuple[int, int]:
    """How many sentences are supported, of how many that can be checked."""
    checked = [claim for claim in claims if claim.verdict != "not_checkable"]
    return sum(claim.verdict == "supported" for claim in checked), len(checked)


def card_id(turn: str, number: int) -> str:
    """The id of the quote that a marker leads to: unique on the page, whatever turns it shows."""
    return f"s-{turn}-{number}"


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _segments(text: str, claims: Sequence[Claim]) -> Iterator[Segment]:
    """The whole text in order; a claim that is not found word for word marks nothing."""
    at = 0
    for claim in claims:
        start = text.find(claim.text, at) if claim.text else -1
        if start >= 0:
            yield Segment(at, start)
            at = start + len(claim.text)
            yield Segment(start, at, claim)
    yield Segment(at, len(text))


def _line(
    answer: Answer, segments: Sequence[Segment], line: tuple[int, int], cited: dict[int, Citation], turn: str, say: Wording
) -> str:
    parts = []
    for segment in segments:
        start, end = max(segment.start, line[0]), min(segment.end, line[1])
        if start < end:
            whole = end == segment.end
            inside = _piece(answer, answer.text[start:end], segment.claim, whole, cited, turn, say)
            parts.append(f"<strong>{_labelled(inside)}</strong>" if _is_label(answer.text, segment, start, line) else inside)
    return "".join(parts)


def _labelled(inside: str) -> str:
    """A label with its colon apart: on a line of its own it needs none."""
    name, colon, rest = inside.rpartition(":")
    return f'{name}<span class="pc-colon">:{rest}</span>' if colon and not rest.strip() else inside


def _is_label(text: str, segment: Segment, start: int, line: tuple[int, int]) -> bool:
    """Whether a segment names what the claim behind it is about: a paper, a part of a summary."""
    behind = start == line[0] and segment.end < line[1]
    return segment.claim is None and behind and text[start : segment.end].rstrip().endswith(":")


def _piece(
    answer: Answer, text: str, claim: Claim | None, whole: bool, cited: dict[int, Citation], turn: str, say: Wording
) -> str:
    # What is quoted word for word may hold brackets of its own.
    quoted = claim is not None and answer.writer == "quotes"
    inside = text_html(text) if quoted else _with_markers(text, cited, turn, say)
    if claim is None:
        return inside
    return claim_html(inside, claim, say, flagged=whole)


def claim_html(inside: str, claim: Claim, say: Wording, flagged: bool = True) -> str:
    """A sentence; one in doubt is marked, by line and by word, and says why when asked."""
    if claim.verdict not in _DOUBTED:
        return f'<span class="pc-claim">{inside}</span>'
    name = attributes(type="button", class_="pc-flag", data_do="why", data_why=claim.reason, aria_expanded="false")
    flag = f"<button{name}>{say('verdict.' + claim.verdict)}</button>" if flagged else ""
    return f'<span class="pc-claim pc-{claim.verdict}">{inside}</span>{flag}'


def _with_markers(text: str, cited: dict[int, Citation], turn: str, say: Wording) -> str:
    parts, at = [], 0
    for found in _MARKER.finditer(text):
        number = int(found[1])
        if cited and number not in cited:
            continue
        before = text[at : found.start()]
        # A marker does not begin a line.
        before = before[:-1] + "\N{NO-BREAK SPACE}" if before.endswith(" ") else before
        parts += [text_html(before), marker(cited.get(number), number, turn, say)]
        at = found.end()
    return "".join([*parts, text_html(text[at:])])


def marker(citation: Citation | None, number: int, turn: str, say: Wording) -> str:
    if citation is None:
        return f'<span class="pc-cite pc-waiting">{number}</span>'
    name = say("cite.name", number=number, title=for_people(citation.paper.title))
    given = {
        "href": "#" + card_id(turn, number),
        "data_turn": turn,
        "data_title": citation.paper.title,
        "data_quote": citation.quote,
        "data_title_drawn": _drawn(citation.paper.title),
        "data_quote_drawn": _drawn(citation.quote),
    }
    return f"<a{attributes(class_='pc-cite', **given, aria_label=name)}>{number}</a>"


def _drawn(text: str) -> str | None:
    """The text as HTML where it looks otherwise than it was written: for the small window that shows a quote."""
    drawn = text_html(text)
    return None if drawn == plain(text) else drawn
