"""Filters and counts.

Selections are OR inside a facet and AND across facets; those of run facets must hold within one run. The count of a
value is the total when its facet's whole selection is replaced by that value alone, so that every facet is counted
among the documents that all other facets leave.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from search.engines.columns.codes import CodeColumn, RowSet
from search.engines.columns.records import moment
from search.engines.columns.table import rows_of
from search.engines.columns.values import NO_DATE, Mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from search.engines.columns.scope import Scope
    from search.engines.columns.table import Rows
    from search.facets import Facet
    from search.query import SearchQuery, Selection


class Selected:
    """The documents and runs of a scope that a query's selections leave, as masks over it."""

    def __init__(self, scope: Scope, facets: Sequence[Facet], query: SearchQuery, as_of: datetime) -> None:
        self._scope = scope
        self._table = scope.table
        self._facets = {facet.name: facet for facet in facets}
        self._query = query
        self._day = as_of.date().toordinal()
        self._now = moment(as_of)
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
        counts = self._table.counted.get(name, codes, self._rows_to_count(facet))
        selected = self._query.selection(name).values
        answer = dict.fromkeys(sorted(selected), 0)
        for place in counts.nonzero()[0].tolist():
            answer[codes.names[place]] = int(counts[place])
        return answer

    def _rows_to_count(self, facet: Facet) -> RowSet:
        """The rows that all other facets leave; facets without a selection share them."""
        rows = rows_of(facet)
        if facet.name not in self._masks[rows]:
            return self._counted_runs if rows == "run" else self._counted_documents
        mask = (
            self._documents_without(facet.name)
            if rows == "doc"
            else self._owned(self._runs_without(facet.name))
        )
        return self._scope.row_set(mask, rows)

    @cached_property
    def _counted_documents(self) -> RowSet:
        return self._scope.row_set(self.documents, "doc")

    @cached_property
    def _counted_runs(self) -> RowSet:
        return self._scope.row_set(self._owned(self.runs), "run")

    def _owned(self, runs: Mask) -> Mask:
        """Those runs whose documents satisfy the words and the selections of document facets."""
        return runs & self._by_documents.take(self._scope.owners)

    @cached_property
    def _by_documents(self) -> Mask:
        return _all(self._scope.found, self._masks["doc"].values())

    def _documents_without(self, name: str | None) -> Mask:
        masks = [mask for facet, mask in self._masks["doc"].items() if facet != name]
        if self._masks["run"]:
            masks.append(self._run_documents)
        return _all(self._scope.found, masks)

    @cached_property
    def _run_documents(self) -> Mask:
        return self._scope.any_run(self.runs)

    def _runs_without(self, name: str | None) -> Mask:
        return _all(self._live, (mask for facet, mask in self._masks["run"].items() if facet != name))

    @cached_property
    def _live(self) -> Mask:
        return self._scope.take(self._table.live(self._day), "run")

    def _codes(self, facet: Facet) -> CodeColumn:
        if facet.kind == "open":
            return self._table.window_codes.at(self._day, self._now)
        return self._table.codes(facet)

    def _mask(self, facet: Facet, selection: Selection) -> Mask:
        """The rows of the scope that satisfy one facet's selection; the table keeps those of all rows."""
        if facet.kind == "open":
            mask = self._codes(facet).having(selection.values)
        else:
            key = (facet.name, selection)
            mask = self._table.masks.get(key, lambda: self._make_mask(facet, selection))
        return self._scope.take(mask, rows_of(facet))

    def _make_mask(self, facet: Facet, selection: Selection) -> Mask:
        mask = self._codes(facet).having(selection.values)
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
