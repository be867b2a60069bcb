"""How filters are declared. A facet is data; engines read the declaration and know no facet by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

NOT_STATED = "not-stated"

Kind = Literal["terms", "range", "month", "open"]


@dataclass(frozen=True, slots=True)
class Bucket:
    """A named part of a number line: low <= number < high, an open end being None."""

    code: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with counts.

    kind: `terms` (codes, from `values`), `range` (a number, from `numbers`, counted in `buckets`, selected by
    bucket or by a range), `month` (a run's start date: codes such as `2027-01`, selected by code or by a range
    of dates), `open` (a run's window of application: codes `yes`, `no`).
    per_run: the value belongs to a run; selections of all run facets must hold within one run.
    hierarchical: documents carry the ancestors of their codes, so that a code counts what is below it.
    default: the codes selected when a query does not mention the facet; `ALL` in a query lifts it.
    known: says whether a code exists; None when any code is a fair question (providers come and go).
    """

    name: str
    kind: Kind = "terms"
    per_run: bool = False
    hierarchical: bool = False
    buckets: tuple[Bucket, ...] = ()
    default: tuple[str, ...] = ()
    known: Callable[[str], bool] | None = None
    range_params: tuple[str | None, str | None] = (None, None)


ALL = "all"
