"""The words of a segment: which begin alike, and which are similar to one that a searcher has mistyped."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from search.engines.columns.values import Ints

    Letters = npt.NDArray[np.uint64]
    Lengths = npt.NDArray[np.uint8]

_LONGEST: Final = 32
_SHORTEST: Final = 3


class Vocabulary:
    """Words of letters alone, sorted, with the number of documents that have each.

    Similar words have nearly the same letters: a set of letters fits a number, and comparing numbers leaves few words
    whose distance has to be worked out.
    """

    def __init__(self, words: list[str], counts: Ints) -> None:
        self.words = words
        self.counts = counts

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Vocabulary:
        """From the number of documents by word; what nobody could mistype is left out."""
        words = sorted(word for word in counts if _SHORTEST <= len(word) <= _LONGEST and word.isalpha())
        return cls(words, np.fromiter((counts[word] for word in words), np.int32, len(words)))

    def beginning(self, prefix: str) -> dict[str, int]:
        """Longer words that begin with a prefix, with their counts."""
        first = bisect_left(self.words, prefix)
        last = bisect_left(self.words, prefix + "\U0010ffff", lo=first)
        counts = self.counts[first:last].tolist()
        found = dict(zip(self.words[first:last], counts, strict=True))
        found.pop(prefix, None)
        return found

    def ending(self, suffix: str) -> dict[str, int]:
        """Longer words that end with a suffix, with their counts."""
        found: dict[str, int] = {}
        wanted = suffix + "\n"
        place = self._joined.find(wanted)
        while place >= 0:
            start = self._joined.rfind("\n", 0, place) + 1
            if start < place:
                word = self._joined[start : place + len(suffix)]
                found[word] = int(self.counts[bisect_left(self.words, word)])
            place = self._joined.find(wanted, place + 1)
        return found

    def near(self, word: str, edits: int) -> dict[str, tuple[int, int]]:
        """Words within some edits: distance and count of each."""
        lengths, letters = self._shapes
        close = np.flatnonzero(np.abs(lengths.astype(np.int16) - len(word)) <= edits)
        differing = np.bitwise_count(letters[close] ^ np.uint64(_letters(word)))
        # An edit takes one letter away and brings another at most.
        close = close[differing <= 2 * edits]
        if not close.size:
            return {}
        candidates = [self.words[place] for place in close.tolist()]
        distances = cdist([word], candidates, scorer=OSA.distance, score_cutoff=edits, dtype=np.uint8)[0]
        hits = np.flatnonzero(distances <= edits).tolist()
        return {candidates[hit]: (int(distances[hit]), int(self.counts[close[hit]])) for hit in hits}

    @cached_property
    def _joined(self) -> str:
        """All words in one text, which is searched far quicker than one word after the other."""
        return "".join(f"{word}\n" for word in self.words)

    @cached_property
    def _shapes(self) -> tuple[Lengths, Letters]:
        """Length and set of letters of each word."""
        lengths = np.fromiter(map(len, self.words), np.uint8, len(self.words))
        if not self.words:
            return lengths, np.empty(0, np.uint64)
        codes = np.frombuffer("".join(self.words).encode("utf-32-le"), np.uint32)
        bits = np.uint64(1) << (codes & 63).astype(np.uint64)
        starts = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)[:-1]))
        return lengths, np.bitwise_or.reduceat(bits, starts)


def _letters(word: str) -> int:
    """The set of a word's letters as bits; letters 64 apart share one, which only makes two words look closer."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits


def most_frequent(found: Iterable[tuple[str, int]], limit: int) -> list[str]:
    """The words with the highest counts; the alphabet decides between equals."""
    return [word for word, _ in sorted(found, key=lambda entry: (-entry[1], entry[0]))[:limit]]
