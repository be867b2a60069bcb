"""A snapshot's segments joined into one table, and what is derived from it, each part when it is first needed."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from search.engines.whoosh.codes import CountCache, Places, StoredCodes, Windows, bucket_codes
from search.engines.whoosh.columns import MONTH, NO_DATE, Codes, Floats, Ints, Longs, Mask
from search.facets import NOT_STATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.engines.whoosh.columns import Columns
    from search.engines.whoosh.segments import Snapshot
    from search.facets import Facet

Rows = Literal["doc", "run"]


def rows_of(facet: Facet) -> Rows:
    """Months and windows are always a run's; anything else is declared."""
    return "run" if facet.per_run or facet.kind in {"month", "open"} else "doc"


class Table:
    """All documents of a snapshot by number, the deleted ones too; `living` tells them apart."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.segments = snapshot.segments
        self.columns: list[Columns] = [segment.columns for segment in self.segments]
        sizes = [len(columns.ids) for columns in self.columns]
        self.size = sum(sizes)
        self.bases: list[int] = np.cumsum([0, *sizes])[:-1].tolist()
        self.living: Mask = _join(snapshot.living, np.bool_)
        self._codes: dict[str, StoredCodes] = {}
        self._live: tuple[int, Mask] = (-1, np.empty(0, np.bool_))
        self._title_ranks: dict[str, Ints] = {}
        self._lock = threading.Lock()
        self.counted = CountCache()

    def numbers_of(self, ids: Iterable[str]) -> list[int]:
        """The numbers that documents with these ids have, deleted versions included."""
        wanted = list(ids)
        return [
            base + segment.numbers[document_id]
            for base, segment in zip(self.bases, self.segments, strict=True)
            for document_id in wanted
            if document_id in segment.numbers
        ]

    def array(self, name: str, dtype: Any) -> npt.NDArray[Any]:
        return _join([columns.arrays[name] for columns in self.columns], dtype)

    @cached_property
    def ids(self) -> list[str]:
        return [document_id for columns in self.columns for document_id in columns.ids]

    @cached_property
    def versions(self) -> Longs:
        return self.array("version", np.int64)

    @cached_property
    def published(self) -> Longs:
        return self.array("published", np.int64)

    @cached_property
    def run_starts(self) -> Ints:
        """Where each document's runs begin, with the number of all runs at the end."""
        counts = [np.diff(columns.arrays["run_starts"]) for columns in self.columns]
        return np.concatenate(([0], np.cumsum(_join(counts, np.int32)))).astype(np.int32)

    @cached_property
    def owners(self) -> Places:
        """The document of each run."""
        return np.repeat(np.arange(self.size), np.diff(self.run_starts))

    @cached_property
    def start(self) -> Ints:
        return self.array("start", np.int32)

    @cached_property
    def last_day(self) -> Ints:
        """The end of each run, or else its start."""
        end = self.array("end", np.int32)
        return np.where(end == NO_DATE, self.start, end)

    @cached_property
    def windows(self) -> Windows:
        """What the `open` facet needs to know of each run."""
        return Windows(
            self.start,
            self.array("opens", np.int64),
            self.array("closes", np.int64),
            self.array("rolling", np.bool_),
            self.owners,
        )

    def live(self, day: int) -> Mask:
        """The runs that count on a day: those that are over only while their document has no other.

        Kept for the last day asked for, which is nearly always today.
        """
        known_day, live = self._live
        if known_day != day:
            current = (self.last_day == NO_DATE) | (self.last_day >= day)
            live = current | ~self.any_run(current).take(self.owners)
            self._live = (day, live)
        return live

    def rows(self, kind: Rows) -> int:
        return self.size if kind == "doc" else len(self.owners)

    def any_run(self, rows: Mask) -> Mask:
        """The documents with at least one of these runs."""
        found = np.zeros(self.size, np.bool_)
        found[self.owners.compress(rows)] = True
        return found

    def numbers(self, name: str, kind: Rows) -> Floats:
        """A number for each row, NaN where it is not stated."""
        parts = []
        for columns in self.columns:
            known = columns.doc_numbers if kind == "doc" else columns.run_numbers
            rows = len(columns.ids) if kind == "doc" else len(columns.arrays["start"])
            parts.append(known.get(name, np.full(rows, np.nan)))
        return _join(parts, np.float64)

    def codes(self, facet: Facet) -> StoredCodes:
        """The codes of a facet of kind terms, month or range."""
        with self._lock:
            if facet.name not in self._codes:
                self._codes[facet.name] = StoredCodes(self._make_codes(facet), shared=rows_of(facet) == "run")
            return self._codes[facet.name]

    def _make_codes(self, facet: Facet) -> Codes:
        if facet.kind == "range":
            rows = rows_of(facet)
            owners = self.owners if rows == "run" else np.arange(self.size)
            return bucket_codes(self.numbers(facet.name, rows), facet.buckets, owners, self.size)
        name = MONTH if facet.kind == "month" else facet.name
        return _join_codes(self.columns, name, rows_of(facet))

    @cached_property
    def id_rank(self) -> Ints:
        """Each document's place by id, which breaks every tie."""
        order = sorted(range(self.size), key=self.ids.__getitem__)
        return _inverse(np.array(order, np.int32))

    def title_rank(self, language: str) -> Ints:
        """Each document's place by the title that a reader of a language sees; equal titles share a place."""
        with self._lock:
            if language not in self._title_ranks:
                keys = [key for segment in self.segments for key in segment.title_keys(language)]
                places = {key: place for place, key in enumerate(sorted(set(keys)))}
                self._title_ranks[language] = np.fromiter((places[key] for key in keys), np.int32, len(keys))
            return self._title_ranks[language]


def _join(parts: Sequence[npt.NDArray[Any]], dtype: Any) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype)


def _inverse(order: Ints) -> Ints:
    ranks = np.empty(len(order), np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return ranks


def _join_codes(parts: Sequence[Columns], name: str, rows: Rows) -> Codes:
    """Join the codes of segments, which number them each in its own way."""
    known = [_part(columns, name, rows) for columns in parts]
    names = tuple(sorted({code for part in known for code in part.names} | {NOT_STATED}))
    places = {code: place for place, code in enumerate(names)}
    starts, pairs, pair_codes = [np.zeros(1, np.int32)], [], []
    entries = numbered = 0
    for part in known:
        places_here = np.array([places[code] for code in part.names], np.int32)
        starts.append(part.starts[1:] + entries)
        pairs.append(part.pairs + numbered)
        pair_codes.append(places_here[part.pair_codes])
        entries += len(part.pairs)
        numbered += len(part.pair_codes)
    joined = (_join(arrays, np.int32).astype(np.int32) for arrays in (starts, pairs, pair_codes))
    return Codes(names, *joined)


def _part(columns: Columns, name: str, rows: Rows) -> Codes:
    """A segment's codes of one name; a segment that has none states nothing."""
    known = (columns.doc_codes if rows == "doc" else columns.run_codes).get(name)
    if known:
        return known
    starts = columns.arrays["run_starts"]
    count = len(columns.ids) if rows == "doc" else int(starts[-1])
    pairs = np.arange(count, dtype=np.int32)
    if rows == "run":
        pairs = np.repeat(np.arange(len(columns.ids), dtype=np.int32), np.diff(starts))
    owners = len(columns.ids)
    return Codes((NOT_STATED,), np.arange(count + 1, dtype=np.int32), pairs, np.zeros(owners, np.int32))
