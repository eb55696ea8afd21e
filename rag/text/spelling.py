"""Finds the word of a vocabulary that is nearest in spelling to a word that is not in it."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST = 4
TWO_SLIPS_FROM = 8
"""Letters from which two slips are forgiven; below it, one."""


class Vocabulary:
    """Words with the number of documents that each stands in."""

    def __init__(self, counts: Iterable[tuple[str, int]]) -> None:
        self._by_length: dict[int, list[tuple[str, int]]] = {}
        for word, count in counts:
            if word.isalpha():
                self._by_length.setdefault(len(word), []).append((word, count))
        self._letters: dict[int, list[int]] = {}

    def near(self, word: str) -> str | None:
        """The nearest word: fewest slips, then most documents, then by the alphabet; None where none is near or `word` is short."""
        if len(word) < SHORTEST or not word.isalpha():
            return None
        most = 2 if len(word) >= TWO_SLIPS_FROM else 1
        letters = _letters(word)
        best: tuple[int, int, str] | None = None
        for length in range(len(word) - most, len(word) + most + 1):
            for (other, count), mask in zip(self._by_length.get(length, ()), self._masks(length), strict=True):
                # One slip changes the set of letters by two at most.
                if (mask ^ letters).bit_count() <= 2 * most and (slips := distance(word, other, most)) <= most:
                    found = (slips, -count, other)
                    best = found if best is None else min(best, found)
        return best[2] if best else None

    def _masks(self, length: int) -> list[int]:
        if length not in self._letters:
            self._letters[length] = [_letters(word) for word, _ in self._by_length.get(length, ())]
        return self._letters[length]


def distance(one: str, other: str, most: int) -> int:
    """Optimal string alignment distance: insertions, deletions, changes and swaps of neighbours; `most + 1` stands for more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, compared in enumerate(other, 1):
            cost = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (letter != compared))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == compared:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > most and min(last) > most:
            return most + 1
        before, last = last, now
    return min(last[-1], most + 1)


def _letters(word: str) -> int:
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) & 63)
    return mask
