"""Orders: which documents stand on a page. Ties always break by id, so that every engine gives the same pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from search.engines.whoosh.columns import NO_DATE, Floats, Ints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from search.engines.whoosh.columns import Mask, Singles
    from search.engines.whoosh.table import Table
    from search.facets import Facet
    from search.query import SearchQuery

# What a credit is taken to be where hours are not stated; it orders documents and is shown nowhere.
_HOURS_PER_CREDIT: Final = 25.0

Key = npt.NDArray[Any]


class Ordering:
    """Sort keys, ascending, over all documents of a table."""

    def __init__(self, table: Table, facets: Sequence[Facet], query: SearchQuery, as_of: datetime) -> None:
        self._table = table
        self._query = query
        self._day = as_of.date().toordinal()
        self._price_by_run = all(facet.per_run for facet in facets if facet.name == "price")

    def page(self, documents: Mask, runs: Mask, scores: Singles | None) -> Ints:
        """The numbers of the documents on the query's page, in order. `scores` is None without words."""
        candidates = np.flatnonzero(documents)
        keys = self._key(runs, scores)[candidates]
        last = self._query.offset + self._query.page_size
        if last < len(candidates):
            # NaN never occurs in keys, so what is not greater than the last key on the page is enough to sort.
            keep = keys <= np.partition(keys, last - 1)[last - 1]
            candidates, keys = candidates[keep], keys[keep]
        order = np.lexsort((self._table.id_rank[candidates], keys))
        return candidates[order][self._query.offset : last].astype(np.int32)

    def _key(self, runs: Mask, scores: Singles | None) -> Key:
        order = self._query.order
        if order == "relevance" and scores is not None:
            return -scores
        if order == "start":
            return self._start(runs)
        if order == "workload":
            return self._workload()
        if order == "price":
            return self._price(runs)
        if order == "title":
            return self._table.title_rank((*self._query.languages, "en")[0])
        return -self._table.published

    def _start(self, runs: Mask) -> Key:
        start = self._table.start
        ahead = runs & (start != NO_DATE) & (start >= self._day)
        return self._least(np.where(ahead, start, np.inf))

    def _workload(self) -> Key:
        hours = self._table.numbers("hours", "doc")
        credits_as_hours = self._table.numbers("ects", "doc") * _HOURS_PER_CREDIT
        return _last(np.where(np.isnan(hours), credits_as_hours, hours))

    def _price(self, runs: Mask) -> Key:
        if not self._price_by_run:
            return _last(self._table.numbers("price", "doc"))
        return self._least(np.where(runs, _last(self._table.numbers("price", "run")), np.inf))

    def _least(self, values: Floats) -> Floats:
        """The least value among the runs of each document; every document has a run."""
        if not values.size:
            return np.empty(0)
        return np.minimum.reduceat(values, self._table.run_starts[:-1])


def _last(numbers: Floats) -> Floats:
    """Numbers where those that are not stated come last."""
    return np.where(np.isnan(numbers), np.inf, numbers)
