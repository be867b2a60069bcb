"""Where a run and an offer stand with applications at a moment. States are computed, never stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from catalogue.offers.content import OfferContent, Run

Code = Literal["open", "soon", "later", "unknown", "past"]
Reason = Literal["until", "rolling", "opens", "starts", "closed", "over", "none"]
ORDER: Final[tuple[Code, ...]] = ("open", "soon", "later", "unknown", "past")
SOON: Final = dt.timedelta(days=60)


class Standing(msgspec.Struct, frozen=True):
    """code: the five states pages know; reason and day: what a sentence needs."""

    code: Code
    reason: Reason
    day: dt.date | None = None


NOTHING: Final = Standing("unknown", "none")


def is_past(run: Run, today: dt.date) -> bool:
    last = run.end or run.start
    return last is not None and last < today and not run.rolling


def run_standing(run: Run, now: dt.datetime) -> Standing:
    """Open only where a deadline lies ahead or the start is rolling; a start date alone opens nothing."""
    opens, closes = run.application_opens, run.application_deadline
    if is_past(run, now.date()):
        return Standing("past", "over", run.end or run.start)
    if closes is not None and closes < now:
        return Standing("past", "closed", closes.date())
    if opens is not None and opens > now:
        return Standing("soon" if opens - now <= SOON else "later", "opens", opens.date())
    if closes is not None:
        return Standing("open", "until", closes.date())
    if run.rolling:
        return Standing("open", "rolling")
    return Standing("unknown", "starts", run.start) if run.start else NOTHING


def offer_standing(offer: OfferContent, now: dt.datetime) -> Standing:
    """The best standing among the runs; the nearest day decides between equals."""
    standings = [run_standing(run, now) for run in offer.runs]
    if not standings:
        return NOTHING
    far = dt.date.max
    return min(standings, key=lambda standing: (ORDER.index(standing.code), standing.day or far))


def live_runs(runs: Sequence[Run], today: dt.date) -> list[Run]:
    """The runs that are not over, or all when all are."""
    return [run for run in runs if not is_past(run, today)] or list(runs)
