"""An inverted index small enough to be kept in memory: distinct terms, and the rows that have each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from search.engines.columns.vocabulary import Shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.engines.columns.values import Ints

Rows = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]

_SMALL: Final = 1 << 16  # rows; their numbers fit two bytes
# One term of so many is an object of its own, which makes looks quick; most of the memory of each would go into that.
_BLOCK: Final = 16


class InvertedIndex:
    """Terms in the order of their letters. Those that begin alike stand together, so that a beginning costs two looks
    and one stretch of rows: the rows of term t are `rows[starts[t]:starts[t + 1]]`, in ascending order.
    """

    def __init__(self, text: Bytes, starts: Ints, rows: Rows) -> None:
        """text: every term in UTF-8, a line break behind each."""
        self.starts, self.rows = starts, rows
        self._text = text.tobytes()
        # Where each block begins, and where the last one ends.
        ends = np.flatnonzero(text == ord("\n")) + 1
        self._blocks: list[int] = [0, *ends[_BLOCK - 1 : -1 : _BLOCK].tolist(), len(text)]
        starting = self._blocks[:-1] if len(ends) else []
        self._heads = [self._text[start : self._text.find(b"\n", start)] for start in starting]
        if len(ends) != len(self):
            raise ValueError("terms and their rows do not fit each other")

    @classmethod
    def of(cls, terms_of_rows: Sequence[Iterable[str]]) -> InvertedIndex:
        """From the terms of each row."""
        distinct = [dict.fromkeys(terms) for terms in terms_of_rows]
        terms, places = _in_order(chain.from_iterable(distinct))
        numbers = np.array([places[term] for terms_of_row in distinct for term in terms_of_row], np.int32)
        rows = np.repeat(np.arange(len(distinct)), [len(terms_of_row) for terms_of_row in distinct])
        return cls._numbered(terms, numbers, rows, len(distinct))

    @classmethod
    def join(cls, parts: Sequence[InvertedIndex], sizes: Sequence[int]) -> InvertedIndex:
        """Those of several tables as one's. sizes: the number of rows of each."""
        terms, places = _in_order(chain.from_iterable(part.terms() for part in parts))
        numbers = [
            np.array([places[term] for term in part.terms()], np.int32).repeat(np.diff(part.starts))
            for part in parts
        ]
        bases = [0, *accumulate(sizes)][:-1]
        rows = [part.rows.astype(np.int32) + base for part, base in zip(parts, bases, strict=True)]
        return cls._numbered(terms, np.concatenate(numbers), np.concatenate(rows), sum(sizes))

    @classmethod
    def _numbered(cls, terms: list[str], numbers: Ints, rows: Rows, size: int) -> InvertedIndex:
        """From pairs of a term's number and a row, the rows of each term in ascending order. size: rows there are."""
        counts = np.bincount(numbers, minlength=len(terms))
        starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        text = np.frombuffer("".join(f"{term}\n" for term in terms).encode(), np.uint8)
        dtype = np.uint16 if size <= _SMALL else np.int32
        return cls(text, starts, rows[np.argsort(numbers, kind="stable")].astype(dtype))

    def arrays(self) -> dict[str, Rows]:
        """What an index is made of."""
        return {"text": np.frombuffer(self._text, np.uint8), "starts": self.starts, "rows": self.rows}

    def __len__(self) -> int:
        return len(self.starts) - 1

    def terms(self) -> list[str]:
        return self._text.decode().split("\n")[:-1]

    def _block(self, number: int) -> list[bytes]:
        return self._text[self._blocks[number] : self._blocks[number + 1] - 1].split(b"\n")

    def _first_from(self, wanted: bytes) -> int:
        """The place of the first term that does not stand before another."""
        block = bisect_left(self._heads, wanted)
        return (block - 1) * _BLOCK + bisect_left(self._block(block - 1), wanted) if block else 0

    def beginning(self, prefix: bytes) -> tuple[int, int]:
        """The first term that begins with a prefix in UTF-8, and the first behind all of these."""
        if not self._heads:
            return 0, 0
        behind = prefix + b"\xff"  # no byte of UTF-8
        block = max(bisect_left(self._heads, prefix) - 1, 0)
        terms = self._block(block)
        first = bisect_left(terms, prefix)
        last = bisect_left(terms, behind, first)
        # Mostly both are in one block.
        return block * _BLOCK + first, block * _BLOCK + last if last < len(terms) else self._first_from(
            behind
        )

    def place(self, term: bytes) -> int | None:
        """The place of a term in UTF-8, None where no row has it."""
        block = bisect_right(self._heads, term) - 1
        if block < 0:
            return None
        terms = self._block(block)
        within = bisect_left(terms, term)
        return block * _BLOCK + within if within < len(terms) and terms[within] == term else None

    def rows_of(self, first: int, last: int) -> Rows:
        """The rows of neighbouring terms; a row may stand there several times."""
        return self.rows[self.starts[first] : self.starts[last]]

    def having(self, term: bytes) -> Rows:
        """The rows that have a term in UTF-8."""
        place = self.place(term)
        return self.rows[:0] if place is None else self.rows_of(place, place + 1)

    def ending(self, suffix: str) -> list[str]:
        """Longer terms that end with a suffix."""
        wanted, found = suffix.encode() + b"\n", []
        place = self._text.find(wanted)
        while place >= 0:
            start = self._text.rfind(b"\n", 0, place) + 1
            if start < place:
                found.append(self._text[start : place + len(wanted) - 1].decode())
            place = self._text.find(wanted, place + 1)
        return found

    def near(self, word: str, edits: int) -> list[str]:
        """Terms of letters alone that may be within some edits of a word; all that are, are among them."""
        starts, ends, shapes = self._shapes
        close = shapes.close(word, edits)
        bounds = zip(starts.take(close).tolist(), ends.take(close).tolist(), strict=True)
        return [term for start, end in bounds if (term := self._text[start:end].decode()).isalpha()]

    @cached_property
    def _shapes(self) -> tuple[Ints, Ints, Shapes]:
        """Where each term stands in the text, and what its letters are; few who type make mistakes."""
        ends = np.flatnonzero(np.frombuffer(self._text, np.uint8) == ord("\n")).astype(np.int32)
        return np.concatenate((ends[:0], ends[:1] * 0, ends[:-1] + 1)), ends, Shapes.of(self._text.decode())


def _in_order(terms: Iterable[str]) -> tuple[list[str], dict[str, int]]:
    """The distinct terms in the order of their letters, and the place of each."""
    distinct = sorted(set(terms))
    return distinct, {term: place for place, term in enumerate(distinct)}
