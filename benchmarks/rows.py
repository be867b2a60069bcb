"""A document as rows, the same for every peer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from benchmarks.queries import buckets_of
from search.document import RunDocument, SearchDocument
from search.facets import NOT_STATED, Facet

# Later than any run: a run without a date is never past.
FOREVER: Final = 4_000_000


def is_run_facet(facet: Facet) -> bool:
    return facet.per_run or facet.kind in {"month", "open"}


def codes_in(facet: Facet, holder: SearchDocument | RunDocument) -> Sequence[str]:
    """The codes of a row; `not-stated` where it has none. A number in no bucket has no code at all."""
    if facet.kind == "range":
        number = holder.numbers.get(facet.name)
        return [NOT_STATED] if number is None else buckets_of(facet, number)
    if facet.kind == "month":
        start = holder.start if isinstance(holder, RunDocument) else None
        return [start.isoformat()[:7]] if start else [NOT_STATED]
    return holder.values.get(facet.name) or [NOT_STATED]


def published(document: SearchDocument) -> int:
    """Microseconds since 1970."""
    return round(document.published_at.timestamp() * 1_000_000)


def last_day(run: RunDocument) -> int:
    day = run.end or run.start
    return day.toordinal() if day else FOREVER


def live_runs(document: SearchDocument, day: int) -> list[RunDocument]:
    """The runs that count on a day: those that are over only while the document has no other."""
    current = [run for run in document.runs if last_day(run) >= day]
    return current or list(document.runs)


def window(run: RunDocument, now: dt.datetime) -> str:
    """The code of the facet `open` for a run."""
    opens, closes = seconds(run.opens), seconds(run.closes)
    moment = now.timestamp()
    begun = run.start is not None and run.start < now.date() and not run.rolling
    if (opens is not None and opens > moment) or (begun if closes is None else closes < moment):
        return "no"
    return "yes" if closes is not None or run.rolling else NOT_STATED


def seconds(moment: dt.datetime | None) -> float | None:
    """Since 1970."""
    return moment.timestamp() if moment else None


def number_of(bound: float | dt.date) -> float:
    """A bound of a range; days by their ordinals."""
    return float(bound.toordinal()) if isinstance(bound, dt.date) else float(bound)
