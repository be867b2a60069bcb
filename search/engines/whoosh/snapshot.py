"""One commit as a table, and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.engines.columns.table import Table
from search.engines.generations import compounds_of

if TYPE_CHECKING:
    from search.engines.whoosh.segments import Snapshot
    from search.plan import Family


class WhooshTable(Table):
    """The table of a snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot.segments, snapshot.living)
        self.snapshot = snapshot
        self.opened = snapshot.segments
        self.compounds = compounds_of(snapshot.path)

    def find_term(self, family: Family, term: str) -> bool:
        """See `Table`."""
        return any(
            segment.knows(family, term) and (living.all() or segment.is_in_any(family, term, living))
            for segment, living in zip(self.opened, self.snapshot.living, strict=True)
        )
