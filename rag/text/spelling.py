"""Finds the word of a vocabulary that is nearest in spelling to a word that is not in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

SHORTEST = 4
"""Letters of the shortest word that is corrected. Chosen: too many real words are one slip from a shorter one."""
TWO_SLIPS_FROM = 8
"""Letters from which two slips are forgiven; below it, one."""
Found = tuple[int, bool, int, str]
"""Slips, whether the letters differ, minus how often the word stands in the vocabulary, the word: the least is the best."""


class Vocabulary:
    """Words with the number of documents that each stands in."""

    def __init__(self, counts: Iterable[tuple[str, int]]) -> None:
        self._by_length: dict[int, dict[str, int]] = {}
        for word, count in counts:
            if word.isalpha():
                self._by_length.setdefault(len(word), {})[word] = count

    def near(self, word: str) -> str | None:
        """The nearest word: fewest slips, then the same letters, most documents, and the alphabet; None if none is near or `word` is short."""
        found = self.nearest(word, slips_forgiven(word))
        return found[-1] if found else None

    def nearest(self, word: str, most: int, fits: Callable[[str], bool] = lambda other: True) -> Found | None:
        """The same within so many slips and of the words that fit, with what it was chosen by."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if most < 1 or not word.isalpha():
            return None
        found: list[Found] = []
        for length in range(len(word) - most, len(word) + most + 1):
            known = self._by_length.get(length, {})
            near = process.extract_iter(word, known.keys(), scorer=OSA.distance, score_cutoff=most)
            found += [
                (int(slips), sorted(other) != sorted(word), -known[other], other) for other, slips, _ in near if fits(other)
            ]
        return min(found, default=None)


def slips_forgiven(word: str) -> int:
    return 0 if len(word) < SHORTEST else 2 if len(word) >= TWO_SLIPS_FROM else 1


def distance(one: str, other: str, most: int) -> int:
    """Optimal string alignment distance: insertions, deletions, changes and swaps of neighbours; `most + 1` stands for more."""
    from rapidfuzz.distance import OSA

    return int(OSA.distance(one, other, score_cutoff=most))
