"""Some rows of many, and how well each matches: what suggestions are worked out with.

Few of all rows match what somebody types, so that lists of them are quicker than an array of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.engines.columns.codes import Places
    from search.engines.columns.inverted import Rows
    from search.engines.columns.values import Mask, Singles


@dataclass(frozen=True, slots=True)
class Matches:
    """Rows in ascending order, each once, and how well each matches: more than 0."""

    rows: Places
    scores: Singles

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def none(cls) -> Matches:
        return cls(np.empty(0, np.intp), np.empty(0, np.float32))

    @classmethod
    def marked(cls, groups: Iterable[tuple[Rows, float]], size: int) -> Matches:
        """From groups of rows and the score of each; a row in several has the score of the last of these. size: the
        number of all rows.
        """
        scores, found = np.zeros(size, np.float32), np.zeros(size, np.bool_)
        for rows, score in groups:
            scores[rows] = score
            found[rows] = True
        rows = np.flatnonzero(found)
        return cls(rows, scores.take(rows))

    def only(self, mask: Mask) -> Matches:
        """Those of a mask over these."""
        return Matches(self.rows.compress(mask), self.scores.compress(mask))

    def times(self, weight: float) -> Matches:
        return Matches(self.rows, self.scores * np.float32(weight))

    def plus(self, more: Matches) -> Matches:
        """The same rows, with what others add to the scores of some."""
        if not len(self) or not len(more):
            return self
        places, there = self._places(more)
        scores = self.scores.copy()
        scores[places[there]] += more.scores[there]
        return Matches(self.rows, scores)

    def _places(self, others: Matches) -> tuple[Places, Mask]:
        """Where others' rows stand here, and which of them do."""
        places = np.minimum(np.searchsorted(self.rows, others.rows), len(self.rows) - 1)
        return places, self.rows.take(places) == others.rows


def every(parts: Sequence[Matches]) -> Matches:
    """What is in all, the scores added up."""

    def both(few: Matches, many: Matches) -> Matches:
        if not len(few):
            return few
        places, there = many._places(few)  # noqa: SLF001
        return Matches(few.rows.compress(there), few.scores.compress(there) + many.scores.take(places[there]))

    return reduce(both, sorted(parts, key=len)) if parts else Matches.none()


def best(parts: Sequence[Matches]) -> Matches:
    """What is in any, each with its best score."""
    if len(parts) == 1:
        return parts[0]
    rows = np.unique(np.concatenate([np.empty(0, np.intp), *(part.rows for part in parts)]))
    scores = np.zeros(len(rows), np.float32)
    for part in parts:
        places = np.searchsorted(rows, part.rows)
        scores[places] = np.maximum(scores.take(places), part.scores)
    return Matches(rows, scores)
