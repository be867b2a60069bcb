"""Facets over the rows of a whole table: which rows have a value, and how many documents have each.

The window of application, which depends on the moment, makes a column like any other until a window opens or closes.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from search import ranking
from search.engines.columns.values import NO_DATE, NO_MOMENT, Codes, Floats, Ints, Longs, Mask
from search.facets import NOT_STATED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from search.facets import Bucket

Places = npt.NDArray[np.intp]

# Marking pairs costs a little for every pair there is; sorting pays while they are fewer than one in so many.
_SORT_BELOW: Final = 64

# Looking for a row costs a little for each of them, passing over all further pairs a little for each of those.
_SEEK_BELOW: Final = 512

# So many codes are counted one by one, each in a stretch of marks.
_STRETCHES: Final = 1_000

_COUNTED_SETS: Final = 64

_YES, _NO, _NOT_STATED = range(3)
_DAY: Final = 24 * 3_600_000_000  # microseconds


class RowSet:
    """Some rows in ascending order, and a key by which what was counted for them is found again."""

    def __init__(self, places: Places, size: int, mask: Mask | None = None) -> None:
        """size: of all rows. mask: the same rows among all, where somebody has it."""
        self.places = places
        self._size = size
        self._known_mask = mask

    @cached_property
    def mask(self) -> Mask:
        if self._known_mask is not None:
            return self._known_mask
        mask = np.zeros(self._size, np.bool_)
        mask[self.places] = True
        return mask

    @cached_property
    def key(self) -> bytes:
        known = self._known_mask
        # A list of rows and a mask never look alike: only one of them begins with a zero byte.
        return b"\0" + self.places.tobytes() if known is None else b"\1" + np.packbits(known).tobytes()


class CodeColumn:
    """The codes of one facet, by row.

    A pair is one code of one document; rows of a document (its runs) that share a code share the pair, so that
    marking pairs counts documents once. Pairs are numbered code by code. Nearly every row has exactly one pair, so
    that each row's first stands in an array of its own; further ones are listed with their rows.
    """

    def __init__(self, names: tuple[str, ...], starts: Places, pairs: Ints, bounds: Ints) -> None:
        """starts: where each row's pairs begin, with their number at the end. bounds: the first pair of each code,
        with the number of pairs at the end.
        """
        self.names = names
        self._bounds = bounds
        self._pairs = int(bounds[-1])
        counts = np.diff(starts)
        begins = starts[:-1].compress(counts > 0)
        # A row without any pair has one that is no code's.
        self._first = np.full(len(counts), self._pairs, np.int32)
        self._first[counts > 0] = pairs.take(begins)
        further = np.ones(len(pairs), np.bool_)
        further[begins] = False
        several = np.flatnonzero(counts > 1)
        self._further_rows: Places = several.repeat(counts.take(several) - 1)
        self._further = pairs.compress(further)

    @classmethod
    def of(cls, codes: Codes) -> CodeColumn:
        """From the codes of joined segments, whose pairs are numbered document by document."""
        by_code = codes.pair_codes
        if len(codes.names) <= np.iinfo(np.int16).max:
            by_code = by_code.astype(np.int16)  # sorted much faster
        order = np.argsort(by_code, kind="stable")
        numbers = np.empty(len(order), np.int32)
        numbers[order] = np.arange(len(order), dtype=np.int32)
        bounds = np.searchsorted(by_code[order], np.arange(len(codes.names) + 1)).astype(np.int32)
        return cls(codes.names, codes.starts.astype(np.intp), numbers.take(codes.pairs), bounds)

    def having(self, wanted: Collection[str]) -> Mask:
        """The rows with at least one of the wanted codes."""
        chosen = np.zeros(self._pairs + 1, np.bool_)
        for place, name in enumerate(self.names):
            if name in wanted:
                chosen[self._bounds[place] : self._bounds[place + 1]] = True
        mask = chosen.take(self._first)
        mask[self._further_rows.compress(chosen.take(self._further))] = True
        return mask

    def count(self, rows: RowSet) -> Places:
        """Documents by code among some rows; one with several such rows counts once."""
        pairs = self._pairs_of(rows)
        if sum(map(len, pairs)) * _SORT_BELOW < self._pairs:
            return self._count_few(np.concatenate(pairs))
        marks = np.zeros(self._pairs + 1, np.bool_)
        for some in pairs:
            marks[some] = True
        bounds = self._bounds.tolist()
        if len(self.names) > _STRETCHES:
            before: Places = np.concatenate(([0], marks.cumsum())).take(bounds)
            return np.diff(before)
        stretches = (np.count_nonzero(marks[first:last]) for first, last in pairwise(bounds))
        return np.fromiter(stretches, np.intp, len(self.names))

    def _pairs_of(self, rows: RowSet) -> tuple[Ints, Ints]:
        """The first pairs of some rows, and the further ones."""
        first = self._first.take(rows.places)
        if len(rows.places) * _SEEK_BELOW < len(self._further):
            begins = np.searchsorted(self._further_rows, rows.places)
            ends = np.searchsorted(self._further_rows, rows.places, side="right")
            return first, self._further.take(spans(begins, ends - begins))
        return first, self._further.compress(rows.mask.take(self._further_rows))

    def _count_few(self, pairs: Ints) -> Places:
        ordered = np.sort(pairs)
        distinct = np.ones(len(ordered), np.bool_)
        np.not_equal(ordered[1:], ordered[:-1], out=distinct[1:])
        codes = np.searchsorted(self._bounds, ordered.compress(distinct), side="right") - 1
        return np.bincount(codes, minlength=len(self.names))[: len(self.names)]


def spans(starts: npt.NDArray[np.integer], lengths: Places) -> Places:
    """All numbers from each start on, as many as its length says."""
    ends = lengths.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    shifts: Places = starts - ends + lengths
    return np.arange(total) + shifts.repeat(lengths)


class CountCache:
    """Counts for the sets of rows asked for last; safe for threads.

    Other pages and orders of a search count the same rows again, and so does whoever looks at the whole catalogue.
    """

    def __init__(self) -> None:
        self._sets: OrderedDict[bytes, dict[str, tuple[CodeColumn, Places]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, codes: CodeColumn, rows: RowSet) -> Places:
        """The counts of one facet; the array is shared and must not be changed.

        Of a facet whose codes change with the moment only the last are kept.
        """
        with self._lock:
            known = self._sets.setdefault(rows.key, {})
            self._sets.move_to_end(rows.key)
            if len(self._sets) > _COUNTED_SETS:
                self._sets.popitem(last=False)
        counted = known.get(name)
        if counted is None or counted[0] is not codes:
            counted = known[name] = (codes, codes.count(rows))
        return counted[1]


@dataclass(frozen=True, slots=True)
class Windows:
    """What decides whether one can apply for a run."""

    start: Ints
    opens: Longs
    closes: Longs
    rolling: Mask
    owners: Places

    def next_change(self, now: int) -> int:
        """A moment before which no window opens or closes."""
        ahead = np.concatenate((self.opens[self.opens > now], self.closes[self.closes >= now]))
        return int(ahead.min()) if ahead.size else np.iinfo(np.int64).max

    def codes(self, day: int, now: int) -> Places:
        """Closed, not open yet, or begun without a word on closing: no. Known to close later, or rolling: yes."""
        has_closing = self.closes != NO_MOMENT
        begun = (self.start != NO_DATE) & (self.start < day) & ~self.rolling
        refused = np.where(has_closing, self.closes < now, begun) | (self.opens > now)
        return np.where(refused, _NO, np.where(has_closing | self.rolling, _YES, _NOT_STATED)).astype(np.intp)

    def worths(self, day: int, now: int) -> Floats:
        """What the state of application is worth for each run, by `search.ranking`."""
        codes = self.codes(day, now)
        state = ranking.STATE
        soon = now + ranking.SOON_DAYS * _DAY
        ahead = np.where(self.opens <= soon, state["soon"], state["later"])
        worth = np.where(
            codes == _YES, state["open"], np.where(codes == _NO, state["past"], state["unknown"])
        )
        return np.where(self.opens > now, ahead, worth)


class WindowCodes:
    """The codes of an `open` facet, kept until a window opens or closes."""

    names = ("yes", "no", NOT_STATED)

    def __init__(self, windows: Windows, documents: int) -> None:
        self._windows = windows
        self._documents = documents
        self._known: tuple[int, int, int, CodeColumn] | None = None

    def at(self, day: int, now: int) -> CodeColumn:
        """The codes at a moment."""
        known = self._known
        if known is None or not (known[0] == day and known[1] <= now < known[2]):
            known = self._known = (day, now, self._windows.next_change(now), self._column(day, now))
        return known[3]

    def _column(self, day: int, now: int) -> CodeColumn:
        pairs = self._windows.codes(day, now) * self._documents + self._windows.owners
        bounds = np.arange(len(self.names) + 1) * self._documents
        return CodeColumn(
            self.names, np.arange(len(pairs) + 1), pairs.astype(np.int32), bounds.astype(np.int32)
        )


def bucket_codes(numbers: Floats, buckets: Sequence[Bucket], owners: Places, documents: int) -> CodeColumn:
    """The codes of a range facet. A number in no bucket is stated and has no code; buckets may overlap."""
    names = (*(bucket.code for bucket in buckets), NOT_STATED)
    inside = np.empty((len(numbers), len(names)), np.bool_)
    for place, bucket in enumerate(buckets):
        low = -math.inf if bucket.low is None else bucket.low
        high = math.inf if bucket.high is None else bucket.high
        inside[:, place] = (numbers >= low) & (numbers < high)
    inside[:, -1] = np.isnan(numbers)
    rows, codes = np.nonzero(inside)
    starts = np.concatenate(([0], np.cumsum(inside.sum(axis=1))))
    # Pairs numbered as code times documents plus document: some stay unused, none has to be looked up.
    pairs = (codes * documents + owners.take(rows)).astype(np.int32)
    bounds = (np.arange(len(names) + 1) * documents).astype(np.int32)
    return CodeColumn(names, starts, pairs, bounds)
