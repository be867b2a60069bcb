"""One commit as a table, and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from search.engines.cache import Cache
from search.engines.columns.scope import Found
from search.engines.columns.table import Table
from search.engines.generations import compounds_of

if TYPE_CHECKING:
    from search.engines.whoosh.segments import Snapshot
    from search.plan import Family


_FOUND_BYTES: Final = 16 * 1024 * 1024


class WhooshTable(Table):
    """The table of a snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot.segments, snapshot.living)
        self.snapshot = snapshot
        self.opened = snapshot.segments
        self.compounds = compounds_of(snapshot.path)
        # Pages, filters and nearby searches ask for the same words again and again.
        self.found: Cache[Found] = Cache(_FOUND_BYTES, lambda found: found.size)

    def find_term(self, family: Family, term: str) -> bool:
        """See `Table`."""
        return any(
            segment.knows(family, term) and (living.all() or segment.is_in_any(family, term, living))
            for segment, living in zip(self.opened, self.snapshot.living, strict=True)
        )
