"""From what the words of a query have found to what is answered; the same for every engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from search.engines.columns.ordering import Ordering
from search.engines.columns.records import moment
from search.engines.columns.scope import Scope
from search.engines.columns.selecting import Selected
from search.results import Hit, Results

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from search.document import SearchDocument
    from search.engines.columns.codes import Places
    from search.engines.columns.scope import Found
    from search.engines.columns.table import Table
    from search.engines.columns.values import Singles
    from search.facets import Facet
    from search.plan import Plan
    from search.query import SearchQuery
    from search.understanding import Understanding


def answer(
    table: Table,
    match: Callable[[Plan], Found | None],
    understanding: Understanding,
    *,
    query: SearchQuery,
    facets: Sequence[Facet],
    as_of: datetime,
    hidden: Collection[str],
    counted: Collection[str] | None,
) -> Results:
    """Match, filter, count and order.

    match: what a plan finds, None where no words narrow the search. facets: all there are. counted: the names of
    those to count, None for all.
    """
    found, understanding = _found(table, match, understanding)
    scope = Scope(table, found, hidden)
    scope.scores = _ranked(scope, as_of) if understanding.plan.asks else None
    selected = Selected(scope, facets, query, as_of)
    page = Ordering(scope, facets, query, as_of).page(selected)
    names = [facet.name for facet in facets if counted is None or facet.name in counted]
    return Results(
        int(np.count_nonzero(selected.documents)),
        _hits(scope, page),
        {name: selected.counts(name) for name in names},
        understanding,
    )


def _found(
    table: Table, match: Callable[[Plan], Found | None], understanding: Understanding
) -> tuple[Found | None, Understanding]:
    """What the plan finds, or what a looser one does where that is nothing at all. Filters have no say in it."""
    found = match(understanding.plan)
    if found is None or understanding.plan.looser is None or table.living.take(found.numbers).any():
        return found, understanding
    loosened = replace(understanding, plan=understanding.plan.looser, loosened=True)
    return match(loosened.plan), loosened


def _ranked(scope: Scope, as_of: datetime) -> Singles | None:
    """Scores raised by each document's own merit."""
    if scope.scores is None:
        return None
    return scope.scores * scope.take(scope.table.merit(as_of.date().toordinal(), moment(as_of)), "doc")


def _hits(scope: Scope, page: Places) -> tuple[Hit, ...]:
    table = scope.table
    numbers = scope.numbers_of(page)
    scores = [0.0] * len(page) if scope.scores is None else scope.scores.take(page).tolist()
    return tuple(
        Hit(table.ids[number], version, score)
        for number, version, score in zip(
            numbers.tolist(), table.versions.take(numbers).tolist(), scores, strict=True
        )
    )


def versions_of(table: Table) -> dict[str, int]:
    """Id to version of every living document."""
    versions = table.versions.tolist()
    return {table.ids[number]: versions[number] for number in np.flatnonzero(table.living).tolist()}


def newest_versions(documents: Iterable[SearchDocument]) -> dict[str, SearchDocument]:
    """The document of each id that has the highest version, the last of equal ones."""
    newest: dict[str, SearchDocument] = {}
    for document in documents:
        known = newest.get(document.id)
        if known is None or known.version <= document.version:
            newest[document.id] = document
    return newest
