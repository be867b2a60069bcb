"""The words of a segment: which begin alike, and which are similar to one that a searcher has mistyped."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from search.engines.columns.values import Ints

    Letters = npt.NDArray[np.uint64]
    Lengths = npt.NDArray[np.uint8]
    Places = npt.NDArray[np.intp]

_LONGEST: Final = 32
_SHORTEST: Final = 3
_BREAK: Final = 10


@dataclass(frozen=True, slots=True)
class Shapes:
    """Length and set of letters of each word.

    Similar words have nearly the same letters: a set of letters fits a number, and comparing numbers leaves few words
    whose distance has to be worked out.
    """

    lengths: Lengths
    letters: Letters

    @classmethod
    def of(cls, text: str) -> Shapes:
        """text: the words, a line break behind each."""
        if not text:
            return cls(np.empty(0, np.uint8), np.empty(0, np.uint64))
        codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        ends = np.flatnonzero(codes == _BREAK)
        bits = np.uint64(1) << (codes & 63).astype(np.uint64)
        bits[ends] = 0
        starts = np.concatenate(([0], ends[:-1] + 1))
        return cls(np.minimum(ends - starts, 255).astype(np.uint8), np.bitwise_or.reduceat(bits, starts))

    def close(self, word: str, edits: int) -> Places:
        """The places of words that may be within some edits of a word; all that are, are among them."""
        close = np.flatnonzero(np.abs(self.lengths.astype(np.int16) - len(word)) <= edits)
        differing = np.bitwise_count(self.letters[close] ^ np.uint64(_letters(word)))
        # An edit takes one letter away and brings another at most.
        few: Places = close[differing <= 2 * edits]
        return few

    @staticmethod
    def distances(word: str, candidates: Sequence[str], edits: int) -> dict[str, int]:
        """Of some words those within some edits of a word, with their distances."""
        if not candidates:
            return {}
        found = cdist([word], candidates, scorer=OSA.distance, score_cutoff=edits, dtype=np.uint8)[0]
        return {candidates[hit]: int(found[hit]) for hit in np.flatnonzero(found <= edits).tolist()}


class Vocabulary:
    """Words of letters alone, sorted, with the number of documents that have each."""

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

    def begins(self, prefix: str) -> bool:
        """Whether any word begins with a prefix."""
        place = bisect_left(self.words, prefix)
        return place < len(self.words) and self.words[place].startswith(prefix)

    def near(self, word: str, edits: int) -> dict[str, tuple[int, int]]:
        """Words within some edits: distance and count of each."""
        places = {self.words[place]: place for place in self._shapes.close(word, edits).tolist()}
        distances = Shapes.distances(word, list(places), edits)
        return {near: (distance, int(self.counts[places[near]])) for near, distance in distances.items()}

    @cached_property
    def _joined(self) -> str:
        """All words in one text, which is searched far quicker than one word after the other."""
        return "".join(f"{word}\n" for word in self.words)

    @cached_property
    def _shapes(self) -> Shapes:
        return Shapes.of("".join(f"{word}\n" for word in self.words))


def _letters(word: str) -> int:
    """The set of a word's letters as bits; letters 64 apart share one, which only makes two words look closer."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits


def most_frequent(found: Iterable[tuple[str, int]], limit: int) -> list[str]:
    """The words with the highest counts; the alphabet decides between equals."""
    return [word for word, _ in sorted(found, key=lambda entry: (-entry[1], entry[0]))[:limit]]
