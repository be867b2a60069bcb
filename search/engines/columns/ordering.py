"""Orders: which documents stand on a page. Ties always break by id, so that every engine gives the same pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from search.engines.columns.values import NO_DATE, Floats

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from search.engines.columns.codes import Places
    from search.engines.columns.scope import Scope
    from search.engines.columns.selecting import Selected
    from search.engines.columns.values import Mask
    from search.facets import Facet
    from search.query import SearchQuery

# What a credit is taken to be where hours are not stated; it orders documents and is shown nowhere.
_HOURS_PER_CREDIT: Final = 25.0

Key = npt.NDArray[Any]


class Ordering:
    """Sort keys, ascending, over the documents of a scope."""

    def __init__(self, scope: Scope, facets: Sequence[Facet], query: SearchQuery, as_of: datetime) -> None:
        self._scope = scope
        self._table = scope.table
        self._query = query
        self._day = as_of.date().toordinal()
        self._price_by_run = all(facet.per_run for facet in facets if facet.name == "price")

    def page(self, selected: Selected) -> Places:
        """The documents on the query's page, in order, as places in the scope."""
        candidates = np.flatnonzero(selected.documents)
        keys = self._keys(candidates, selected)
        last = self._query.offset + self._query.page_size
        if last < len(candidates):
            # NaN never occurs in keys, so what is not greater than the last key on the page is enough to sort.
            keep = keys <= np.partition(keys, last - 1)[last - 1]
            candidates, keys = candidates[keep], keys[keep]
        order = np.lexsort((self._table.id_rank.take(self._scope.numbers_of(candidates)), keys))
        return candidates.take(order[self._query.offset : last])

    def _keys(self, candidates: Places, selected: Selected) -> Key:
        order, scores = self._query.order, self._scope.scores
        numbers = self._scope.numbers_of(candidates)
        if order == "relevance" and scores is not None:
            return -scores.take(candidates)
        if order == "start":
            return self._start(selected.runs).take(candidates)
        if order == "workload":
            return self._workload(numbers)
        if order == "price":
            return self._price(selected.runs, candidates)
        if order == "title":
            return self._table.title_rank((*self._query.languages, "en")[0]).take(numbers)
        return -self._table.published.take(numbers)

    def _start(self, runs: Mask) -> Floats:
        start = self._scope.take(self._table.start, "run")
        ahead = runs & (start != NO_DATE) & (start >= self._day)
        return self._least(np.where(ahead, start, np.inf))

    def _workload(self, numbers: Places) -> Floats:
        hours = self._table.numbers("hours", "doc").take(numbers)
        credits_as_hours = self._table.numbers("ects", "doc").take(numbers) * _HOURS_PER_CREDIT
        return _last(np.where(np.isnan(hours), credits_as_hours, hours))

    def _price(self, runs: Mask, candidates: Places) -> Floats:
        if not self._price_by_run:
            return _last(self._table.numbers("price", "doc").take(self._scope.numbers_of(candidates)))
        prices = self._scope.take(self._table.numbers("price", "run"), "run")
        return self._least(np.where(runs, _last(prices), np.inf)).take(candidates)

    def _least(self, values: Floats) -> Floats:
        """The least value among the runs of each document; every document has a run."""
        if not values.size:
            return np.empty(0)
        return np.minimum.reduceat(values, self._scope.run_starts[:-1])


def _last(numbers: Floats) -> Floats:
    """Numbers where those that are not stated come last."""
    return np.where(np.isnan(numbers), np.inf, numbers)
