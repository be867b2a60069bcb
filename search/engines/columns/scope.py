"""The documents a search looks at: all of a table, or the few that its words have found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from search.engines.columns.codes import Places, RowSet, spans
from search.engines.columns.values import Mask, Singles

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from search.engines.columns.table import Rows, Table

Number = TypeVar("Number", bound=np.generic)

# Gathering some rows costs more for each than passing over all, which pays while they are fewer than one in so many.
NARROW: Final = 6


@dataclass(frozen=True, slots=True)
class Found:
    """The documents that words find: numbers in ascending order, deleted ones allowed, and how well each matches."""

    numbers: Places
    scores: Singles

    @property
    def size(self) -> int:
        """Bytes in memory, roughly."""
        return 200 + self.numbers.nbytes + self.scores.nbytes


class Scope:
    """Rows have places of their own here, which are those of the table unless the scope is narrow.

    found: which documents of the scope may be answered. scores: how well each matches, None where nothing is asked.
    """

    def __init__(self, table: Table, found: Found | None, hidden: Collection[str] = ()) -> None:
        """found: None for all documents. hidden: ids that must not be found nor counted."""
        self.table = table
        self.narrow = found is not None and len(found.numbers) * NARROW < table.size
        visible = _visible(table, hidden)
        self.scores: Singles | None = None
        if found is None:
            self.found = visible
        elif self.narrow:
            kept = visible.take(found.numbers)
            self._documents = found.numbers.compress(kept)
            self.scores = found.scores.compress(kept)
            self.found = np.ones(len(self._documents), np.bool_)
        else:
            self.found = np.zeros(table.size, np.bool_)
            self.found[found.numbers] = True
            self.found &= visible
            self.scores = np.zeros(table.size, np.float32)
            self.scores[found.numbers] = found.scores

    def numbers_of(self, places: Places) -> Places:
        """The numbers in the table of documents of the scope."""
        return self._documents.take(places) if self.narrow else places

    def rows(self, kind: Rows) -> Places | None:
        """The rows of the table that are in the scope; None for all."""
        if not self.narrow:
            return None
        return self._documents if kind == "doc" else self._runs

    def take(self, column: npt.NDArray[Number], kind: Rows) -> npt.NDArray[Number]:
        """The part of a column of the table that is in the scope."""
        rows = self.rows(kind)
        return column if rows is None else column.take(rows)

    def row_set(self, mask: Mask, kind: Rows) -> RowSet:
        """Some rows of the scope as rows of the table."""
        places = mask.nonzero()[0]
        rows = self.rows(kind)
        size = self.table.size if kind == "doc" else len(self.table.owners)
        return RowSet(places, size, mask) if rows is None else RowSet(rows.take(places), size)

    @cached_property
    def owners(self) -> Places:
        """The document of each run."""
        if not self.narrow:
            return self.table.owners
        return np.repeat(np.arange(len(self._documents)), self._run_counts)

    @cached_property
    def run_starts(self) -> npt.NDArray[Any]:
        """Where each document's runs begin, with the number of all runs at the end."""
        if not self.narrow:
            return self.table.run_starts
        return np.concatenate(([0], np.cumsum(self._run_counts)))

    def any_run(self, runs: Mask) -> Mask:
        """The documents with at least one of these runs."""
        found = np.zeros(len(self.found), np.bool_)
        found[self.owners.compress(runs)] = True
        return found

    @cached_property
    def _runs(self) -> Places:
        return spans(self.table.run_starts.take(self._documents), self._run_counts)

    @cached_property
    def _run_counts(self) -> Places:
        starts = self.table.run_starts
        return (starts.take(self._documents + 1) - starts.take(self._documents)).astype(np.intp)


def _visible(table: Table, hidden: Collection[str]) -> Mask:
    """The living documents that are not hidden."""
    numbers = table.numbers_of(hidden)
    if not numbers:
        return table.living
    visible = table.living.copy()
    visible[numbers] = False
    return visible
