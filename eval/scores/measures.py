"""All measures there are, by group, and within one in the order of its file."""

from __future__ import annotations

from collections.abc import Mapping

from eval.scores import answer_level, citation_level, failures, grounding, outside, ranking  # noqa: F401  (each registers its own)
from eval.scores.registry import GROUPS, REGISTERED, Better, Scoring

_SHOWN = sorted(REGISTERED.values(), key=lambda one: GROUPS.index(one.group))
MEASURES: Mapping[str, Scoring] = {one.name: one.score for one in _SHOWN if one.score is not None}
"""Those of a judged answer."""
DIRECTIONS: Mapping[str, Better] = {one.name: one.better for one in _SHOWN}
"""Which way each is better; a measure that is not in it cannot be compared or gated."""
GLANCE = tuple(one.name for one in _SHOWN if one.glance)
"""What is shown first."""
