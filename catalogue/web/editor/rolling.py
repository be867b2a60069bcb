"""The runs of next year, made from those of this one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, request

from catalogue.documents import InvalidContentError
from catalogue.i18n import N_
from catalogue.offers import editing, service
from catalogue.offers.drafts import Draft
from catalogue.portal import portal
from catalogue.web import gate
from catalogue.web.editor.faults import by_field
from catalogue.web.editor.routes import (
    View,
    blueprint,
    crumbs,
    heading,
    here,
    organisation,
    readable,
    say,
    shown,
)
from catalogue.web.forms import Form
from catalogue.web.say import Say
from catalogue.web.site import language, see_other


@blueprint.get("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/roll-over")
def roll_over(organisation: str, offer_id: Any) -> Response:  # noqa: ARG001
    """The runs, each with the dates it would have a year later. The latest are ticked."""
    with portal().database.read() as session:
        return _page(readable(session, offer_id), Form())


def _page(draft: Draft, form: Form) -> Response:
    places = range(len(draft.content.runs))
    runs = zip(places, draft.document.get("runs", ()), editing.next_year(draft.document), strict=True)
    years = [run.start.year if run.start else None for run in draft.content.runs]
    latest = max((year for year in years if year), default=None)
    title = say(N_("Runs of next year"))
    view = View(
        offer=heading(draft),
        crumbs=crumbs(draft, title),
        base=draft.number,
        runs=[
            View(
                place=place,
                dates=_dates(run),
                later=_dates(later),
                town=run.get("town"),
                chosen=years[place] is not None and years[place] == latest,
            )
            for place, run, later in runs
        ],
    )
    name = title if form.is_sound else say(N_("Problem: %(page)s"), page=title)
    return shown("offer_roll_over.html", name, 200 if form.is_sound else 422, r=view, form=form)


def _dates(run: dict[str, Any]) -> str:
    days = [Say(language()).day(dt.date.fromisoformat(run[key])) for key in ("start", "end") if key in run]
    return " – ".join(day.text for day in days if day) or say(N_("Dates not stated"))


@blueprint.post("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/roll-over")
def send_roll_over(organisation: str, offer_id: Any) -> Response:  # noqa: ARG001
    form = Form.received(["base"])
    chosen = {int(place) for place in request.form.getlist("run") if place.isascii() and place[:4].isdigit()}
    with portal().database.read() as session:
        draft = readable(session, offer_id)
    if not chosen & set(range(len(draft.content.runs))):
        form.fault("run", N_("Choose at least one run."))
    elif form["base"] != str(draft.number):
        form.refuse(N_("The offer was changed after you opened this page. Look at the runs again."))
    return _page(draft, form) if not form.is_sound else _rolled_over(draft, chosen, form)


def _rolled_over(draft: Draft, chosen: set[int], form: Form) -> Response:
    document = editing.rolled_over(draft.document, chosen)
    part = editing.Part(("runs",), {"runs": document["runs"]}, draft.number, {})
    try:
        with portal().database.write() as session:
            editing.save_part(session, gate.actor(), organisation(), draft.id, part, at=portal().clock())
    except InvalidContentError as error:
        form.alert = next(iter(by_field(error.problems, {}, language()).values()))
        return _page(draft, form)
    except (editing.ConflictError, service.StateError):
        form.refuse(N_("The offer was changed after you opened this page. Look at the runs again."))
        return _page(draft, form)
    return see_other(here("edit", offer_id=draft.id, page="runs"))
