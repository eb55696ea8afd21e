"""Every measure there is, by name, in the order in which people are shown them, and which way each is better."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from eval.scores.ranking import NAMES

Better = Literal["more", "less", ""]
"""Empty where a measure only describes."""

DIRECTIONS: Mapping[str, Better] = {
    "errors": "less",
    "supported": "more",
    "partly": "less",
    "unsupported": "less",
    "not_checkable": "less",
    "uncited": "less",
    "from_records": "",
    "citation_recall": "more",
    "citation_precision": "more",
    "right_paper": "more",
    "right_sentence": "more",
    "quote_verbatim": "more",
    "word_for_word": "more",
    "marker_exists": "more",
    "hit@5": "more",
    "all_hits@5": "more",
    "gold_sentence@1": "more",
    "gold_sentence@3": "more",
    "key@1": "more",
    "key@2": "more",
    "key@3": "more",
    "key_anywhere": "more",
    "list_precision": "more",
    "list_recall": "more",
    "list_f1": "more",
    "papers_cited": "more",
    "refusal": "more",
    "false_refusal": "less",
    "repeated": "less",
    "overlap": "less",
    "sentences": "",
    "words": "",
    "prompt_tokens": "less",
    "completion_tokens": "less",
    "price": "less",
    "context_precision": "more",
    "context_recall": "more",
    "completeness": "more",
    "noise_sensitivity": "less",
    **dict.fromkeys(NAMES, "more"),
}
"""A measure that is not in it cannot be compared or gated."""
