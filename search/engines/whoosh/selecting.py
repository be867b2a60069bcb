"""Filters and counts.

Selections are OR inside a facet and AND across facets; those of run facets must hold within one run. The count of a
value is the total when its facet's whole selection is replaced by that value alone, so that every facet is counted
among the documents that all other facets leave.
"""

from __future__ import annotations

from datetime import UTC, date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from search.engines.whoosh.columns import NO_DATE, Codes, Ints, Mask
from search.engines.whoosh.records import moment
from search.engines.whoosh.table import rows_of, window_codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from search.engines.whoosh.table import Rows, Table
    from search.facets import Facet
    from search.query import Selection, SearchQuery


class Selected:
    """The documents and runs that a query's selections leave of those its words have found."""

    def __init__(
        self, table: Table, facets: Sequence[Facet], query: SearchQuery, as_of: datetime, found: Mask
    ) -> None:
        self._table = table
        self._facets = {facet.name: facet for facet in facets}
        self._query = query
        self._as_of = as_of
        self._found = found
        self._masks: dict[Rows, dict[str, Mask]] = {"doc": {}, "run": {}}
        for name, facet in self._facets.items():
            if query.selection(name):
                self._masks[rows_of(facet)][name] = self._mask(facet, query.selection(name))

    @cached_property
    def documents(self) -> Mask:
        """The documents that satisfy everything."""
        return self._documents_without(None)

    @cached_property
    def runs(self) -> Mask:
        """The live runs that satisfy the selections of all run facets, whatever their documents satisfy."""
        return self._runs_without(None)

    def counts(self, name: str) -> dict[str, int]:
        """Documents by code, without the codes that nothing has and nobody selected."""
        facet = self._facets[name]
        codes = self._codes(facet)
        counts = _count(codes, self._rows_to_count(facet), once=rows_of(facet) == "run")
        selected = self._query.selection(name).values
        answer = dict.fromkeys(sorted(selected), 0)
        for place in np.flatnonzero(counts).tolist():
            answer[codes.names[place]] = int(counts[place])
        return answer

    def _rows_to_count(self, facet: Facet) -> Ints:
        """The rows that all other facets leave; facets without a selection share them."""
        rows = rows_of(facet)
        if facet.name not in self._masks[rows]:
            return self._counted_runs if rows == "run" else self._counted_documents
        mask = self._documents_without(facet.name) if rows == "doc" else self._owned(self._runs_without(facet.name))
        return _places(mask)

    @cached_property
    def _counted_documents(self) -> Ints:
        return _places(self.documents)

    @cached_property
    def _counted_runs(self) -> Ints:
        return _places(self._owned(self.runs))

    def _owned(self, runs: Mask) -> Mask:
        """Those runs whose documents satisfy the words and the selections of document facets."""
        return runs & self._by_documents[self._table.owners]

    @cached_property
    def _by_documents(self) -> Mask:
        return _all(self._found, self._masks["doc"].values())

    def _documents_without(self, name: str | None) -> Mask:
        masks = [mask for facet, mask in self._masks["doc"].items() if facet != name]
        if self._masks["run"]:
            masks.append(self._run_documents)
        return _all(self._found, masks)

    @cached_property
    def _run_documents(self) -> Mask:
        return self._table.any_run(self.runs)

    def _runs_without(self, name: str | None) -> Mask:
        return _all(self._live, (mask for facet, mask in self._masks["run"].items() if facet != name))

    @cached_property
    def _live(self) -> Mask:
        """Runs that are over do not count while their document has others; if all are over, all count."""
        last = self._table.last_day
        current = (last == NO_DATE) | (last >= self._as_of.date().toordinal())
        return current | ~self._table.any_run(current)[self._table.owners]

    def _codes(self, facet: Facet) -> Codes:
        return self._window if facet.kind == "open" else self._table.codes(facet)

    @cached_property
    def _window(self) -> Codes:
        return window_codes(self._table, self._as_of.date().toordinal(), moment(self._as_of))

    def _mask(self, facet: Facet, selection: Selection) -> Mask:
        """The rows that satisfy one facet's selection."""
        mask = _having(self._codes(facet), selection.values, self._table.rows(rows_of(facet)))
        if selection.has_range:
            mask |= self._within(facet, selection)
        return mask

    def _within(self, facet: Facet, selection: Selection) -> Mask:
        low, high = (_number(bound) for bound in (selection.low, selection.high))
        if facet.kind == "month":
            numbers = np.where(self._table.start == NO_DATE, np.nan, self._table.start)
        else:
            numbers = self._table.numbers(facet.name, rows_of(facet))
        above = numbers >= low if low is not None else ~np.isnan(numbers)
        return above & (numbers <= high) if high is not None else above


def _number(bound: float | date | None) -> float | None:
    return float(bound.toordinal()) if isinstance(bound, date) else bound


def _all(first: Mask, others: Iterable[Mask]) -> Mask:
    result = first.copy()
    for mask in others:
        result &= mask
    return result


def _places(mask: Mask) -> Ints:
    return np.flatnonzero(mask).astype(np.int32)


def _having(codes: Codes, wanted: frozenset[str], rows: int) -> Mask:
    """The rows with at least one of the wanted codes."""
    mask = np.zeros(rows, np.bool_)
    chosen = np.array([name in wanted for name in codes.names], np.bool_)
    if chosen.any():
        hits = chosen[codes.pair_codes][codes.pairs]
        # Rows without entries would repeat their neighbour's answer, so entries are traced back to rows.
        mask[np.repeat(np.arange(rows), np.diff(codes.starts))[hits]] = True
    return mask


def _count(codes: Codes, rows: Ints, *, once: bool) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Entries by code; with `once`, each document counts once for a code however many of its runs have it."""
    pairs = codes.pairs[_entries(codes.starts, rows)]
    if once:
        marked = np.zeros(len(codes.pair_codes), np.bool_)
        marked[pairs] = True
        counted = codes.pair_codes[marked]
    else:
        counted = codes.pair_codes[pairs]
    return np.bincount(counted, minlength=len(codes.names))


def _entries(starts: Ints, rows: Ints) -> Ints:
    """The places of all entries of some rows."""
    first = starts[rows]
    lengths = starts[rows + 1] - first
    total = int(lengths.sum())
    if total == len(rows) and (lengths == 1).all():
        return first
    ends = np.cumsum(lengths, dtype=np.int32)
    return np.arange(total, dtype=np.int32) + np.repeat(first - ends + lengths, lengths)
