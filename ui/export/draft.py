"""A checked draft as text, Markdown and JSON values. Pure; what drafts and papers hold is never trusted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.review.draft import DraftSentence, Finding
from ui.export.plain import in_line, paper_json, paper_line
from ui.export.references import markdown, plain_in_markdown

SIGNS = {"supported": "✓", "contradicted": "✗", "nothing": "·", "not_checked": "–"}
TOLD = {
    "nothing": "nothing in this collection",
    "no_claim": "not checked: it claims nothing that could be looked up",
    "language": "not checked: only English is compared with the papers",
}
DOUBT = " (doubtful)"


def plain(sentence: DraftSentence) -> str:
    """The sentence with its sign, then a line for each paper with the quote."""
    lines = [f"{SIGNS[sentence.outcome]} {in_line(sentence.text)}"]
    if told := TOLD.get(sentence.why or sentence.outcome):
        lines.append(f"    {told}")
    for each in sentence.findings:
        lines.append(f"    {each.stance}{DOUBT if each.doubtful else ''}: “{in_line(each.evidence.text)}”")
        lines.append(f"      {paper_line(each.evidence.paper)}")
    return "\n".join(lines)


def as_markdown(sentences: Sequence[DraftSentence]) -> str:
    """A list item a sentence, and below it what was found."""
    lines = []
    for sentence in sentences:
        lines.append(f"- {SIGNS[sentence.outcome]} {plain_in_markdown(sentence.text)}")
        if told := TOLD.get(sentence.why or sentence.outcome):
            lines.append(f"  - {told}")
        lines += [f"  - {_in_markdown(each)}" for each in sentence.findings]
    return "\n".join([*lines, ""])


def sentence_json(sentence: DraftSentence) -> dict[str, Any]:
    """As JSON values: `start` and `end` are places in the draft, and in each finding in the abstract."""
    return {
        "text": sentence.text,
        "start": sentence.span.start,
        "end": sentence.span.end,
        "outcome": sentence.outcome,
        "why": sentence.why,
        "findings": [_finding(each) for each in sentence.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    evidence = finding.evidence
    return {
        "stance": finding.stance,
        "sure": round(finding.sure, 4),
        "doubtful": finding.doubtful,
        "reason": finding.reason,
        "paper": paper_json(evidence.paper),
        "quote": evidence.text,
        "start": evidence.span.start,
        "end": evidence.span.end,
    }


def _in_markdown(finding: Finding) -> str:
    doubt = DOUBT if finding.doubtful else ""
    return f"{finding.stance}{doubt}: “{plain_in_markdown(finding.evidence.text)}” {markdown(finding.evidence.paper)}"
