"""Over-claims: `all`, `prove`, `necessary` in a claim of whose sources none is as strong. Words only, whatever stands around them."""

from __future__ import annotations

from collections.abc import Sequence

from rag.text.words import words

_STRONG = (
    "all every each any both everything everywhere whole".split(),
    "always never ever universally invariably".split(),
    "entirely completely fully wholly".split(),
    "prove proves proved proven proof guarantee guarantees guaranteed guaranteeing certainly undoubtedly".split(),
    "necessary required requires require must essential indispensable inevitable need needs needed".split(),
    "definitive definitively solve solves solved solving solution once".split(),
    "only solely exclusively unless".split(),
)
"""Words of one strength, in groups: the source need not use the same one."""
_STRENGTH = {word: group for group, own in enumerate(_STRONG) for word in own}
_TOO_COMMON = frozenset(
    "any each both whole ever required requires require need needs needed solution once only solely exclusively must".split()
)
"""Makes a source strong, but a claim not stronger than it."""


def overclaim(claim: str, sources: Sequence[str]) -> str:
    """A word of the claim that is stronger than anything that the sources say; empty if there is none."""
    held = {_STRENGTH[word] for source in sources for word in words(source) if word in _STRENGTH}
    strong = (word for word in words(claim) if word in _STRENGTH and word not in _TOO_COMMON)
    return next((word for word in strong if _STRENGTH[word] not in held), "")
