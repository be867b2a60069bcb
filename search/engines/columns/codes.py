"""Facets over the rows of a whole table: which rows have a value, and how many documents have each.

Two sorts of column answer the same two questions: stored codes, and the window of application, which depends on the
moment and is worked out for the rows at hand.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from search import ranking
from search.engines.columns.values import NO_DATE, NO_MOMENT, Codes, Floats, Ints, Longs, Mask
from search.facets import NOT_STATED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from search.facets import Bucket

Places = npt.NDArray[np.intp]

# Marking all pairs costs the same for one row as for all; sorting pays while rows are fewer than one in so many.
_SORT_BELOW: Final = 16

_COUNTED_SETS: Final = 64

_YES, _NO, _NOT_STATED = range(3)
_DAY: Final = 24 * 3_600_000_000  # microseconds


class CodeColumn(Protocol):
    """The codes of one facet. `names` gives their order in counts."""

    @property
    def names(self) -> tuple[str, ...]: ...

    def having(self, wanted: Collection[str], rows: Places | None = None) -> Mask:
        """Which of some rows (all if None) have at least one of the wanted codes."""
        ...

    def count(self, rows: Places) -> npt.NDArray[np.intp]:
        """Documents by code among some rows; one with several such rows counts once."""
        ...


class StoredCodes:
    """Codes of documents, or of runs when `shared`: then rows of one document share its pairs."""

    def __init__(self, codes: Codes, *, shared: bool) -> None:
        self.names = codes.names
        self._codes = codes
        self._shared = shared
        self._size = len(codes.starts) - 1

    @cached_property
    def _entry_codes(self) -> Ints:
        return self._codes.pair_codes.take(self._codes.pairs)

    @cached_property
    def _entry_rows(self) -> Places | None:
        """The row of each entry, None when every row has exactly one."""
        counts = self._lengths
        return None if (counts == 1).all() else np.repeat(np.arange(self._size), counts)

    @cached_property
    def _lengths(self) -> Places:
        return np.diff(self._codes.starts).astype(np.intp)

    def having(self, wanted: Collection[str], rows: Places | None = None) -> Mask:
        chosen = np.array([name in wanted for name in self.names], np.bool_)
        mask = np.zeros(self._size if rows is None else len(rows), np.bool_)
        if not chosen.any():
            return mask
        entries, entry_rows = self._entry_codes, self._entry_rows
        if rows is not None:
            if entry_rows is not None:
                entry_rows = np.repeat(np.arange(len(rows)), self._lengths.take(rows))
            entries = entries.take(self._entries(rows))
        hits = chosen.take(entries)
        if entry_rows is None:
            return hits
        mask[entry_rows.compress(hits)] = True
        return mask

    def count(self, rows: Places) -> npt.NDArray[np.intp]:
        entries = self._entries(rows)
        codes = self._distinct(entries) if self._shared else self._entry_codes.take(entries)
        return np.bincount(codes, minlength=len(self.names))

    def _distinct(self, entries: Places) -> Ints:
        """The codes of the pairs that some entries touch."""
        pairs = self._codes.pairs.take(entries)
        pair_codes = self._codes.pair_codes
        if len(pairs) * _SORT_BELOW < len(pair_codes):
            return pair_codes.take(np.unique(pairs))
        touched = np.zeros(len(pair_codes), np.bool_)
        touched[pairs] = True
        return pair_codes.compress(touched)

    def _entries(self, rows: Places) -> Places:
        """The places of all entries of some rows."""
        if self._entry_rows is None:
            return rows
        return spans(self._codes.starts.take(rows), self._lengths.take(rows))


def spans(starts: npt.NDArray[Any], lengths: Places) -> Places:
    """All numbers from each start on, as many as its length says."""
    ends = lengths.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    shifts: Places = starts - ends + lengths
    return np.arange(total) + shifts.repeat(lengths)


class RowSet:
    """Some rows in ascending order, and a key by which what was counted for them is found again."""

    def __init__(self, places: Places, mask: Mask | None = None) -> None:
        """mask: the same rows among all, where somebody has it."""
        self.places = places
        self._mask = mask

    @cached_property
    def key(self) -> tuple[bool, bytes]:
        if self._mask is None:
            return False, self.places.tobytes()
        return True, np.packbits(self._mask).tobytes()


class CountCache:
    """Counts for the sets of rows asked for last; safe for threads.

    Other pages and orders of a search count the same rows again, and so does whoever looks at the whole catalogue.
    """

    def __init__(self) -> None:
        self._sets: OrderedDict[tuple[bool, bytes], dict[str, npt.NDArray[np.intp]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, codes: CodeColumn, rows: RowSet) -> npt.NDArray[np.intp]:
        """The counts of one facet; the array is shared and must not be changed."""
        with self._lock:
            known = self._sets.setdefault(rows.key, {})
            self._sets.move_to_end(rows.key)
            if len(self._sets) > _COUNTED_SETS:
                self._sets.popitem(last=False)
        if name not in known:
            known[name] = codes.count(rows.places)
        return known[name]


@dataclass(frozen=True, slots=True)
class Windows:
    """What decides whether one can apply for a run."""

    start: Ints
    opens: Longs
    closes: Longs
    rolling: Mask
    owners: Places

    def take(self, rows: Places) -> Windows:
        parts = (self.start, self.opens, self.closes, self.rolling, self.owners)
        return Windows(*(part.take(rows) for part in parts))  # type: ignore[arg-type]

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
    """The codes of an `open` facet at one moment."""

    names = ("yes", "no", NOT_STATED)

    def __init__(self, windows: Windows, day: int, now: int) -> None:
        self._windows = windows
        self._day = day
        self._now = now

    def having(self, wanted: Collection[str], rows: Places | None = None) -> Mask:
        chosen = np.array([name in wanted for name in self.names], np.bool_)
        windows = self._windows if rows is None else self._windows.take(rows)
        return chosen.take(windows.codes(self._day, self._now))

    def count(self, rows: Places) -> npt.NDArray[np.intp]:
        windows = self._windows.take(rows)
        pairs = windows.owners * len(self.names) + windows.codes(self._day, self._now)
        return np.bincount(_unique(pairs) % len(self.names), minlength=len(self.names))


def _unique(pairs: Places) -> Places:
    """Distinct numbers of a list whose equal ones are close together: runs stand by document, so sorting is quick."""
    ordered = np.sort(pairs, kind="stable")
    keep = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    return ordered.compress(keep)


def bucket_codes(numbers: Floats, buckets: Sequence[Bucket], owners: Places, documents: int) -> Codes:
    """The codes of a range facet. A number in no bucket is stated and has no code; buckets may overlap."""
    names = (*(bucket.code for bucket in buckets), NOT_STATED)
    inside = np.empty((len(numbers), len(names)), np.bool_)
    for place, bucket in enumerate(buckets):
        low = -math.inf if bucket.low is None else bucket.low
        high = math.inf if bucket.high is None else bucket.high
        inside[:, place] = (numbers >= low) & (numbers < high)
    inside[:, -1] = np.isnan(numbers)
    rows, codes = np.nonzero(inside)
    starts = np.concatenate(([0], np.cumsum(inside.sum(axis=1)))).astype(np.int32)
    # Pairs numbered as document times width plus code: some stay unused, none has to be looked up.
    pairs = (owners.take(rows) * len(names) + codes).astype(np.int32)
    return Codes(names, starts, pairs, np.tile(np.arange(len(names), dtype=np.int32), documents))
