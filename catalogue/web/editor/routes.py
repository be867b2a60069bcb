"""What all views of the editor share: the blueprint, the offer that an address names, who did something."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from babel.dates import format_time
from flask import Blueprint, Response, abort
from sqlalchemy.orm import Session

from catalogue.i18n import N_, format_date, gettext_for, locale
from catalogue.offers import drafts
from catalogue.offers.drafts import Draft
from catalogue.offers.labels import pick
from catalogue.people import queries as people
from catalogue.providers.queries import Provider
from catalogue.web import gate
from catalogue.web.editor.documents import zone_of
from catalogue.web.gate import private_page
from catalogue.web.say import TextView
from catalogue.web.site import language, url

View = SimpleNamespace
blueprint = Blueprint("offers", __name__)

STATES = {
    "draft": N_("Draft"),
    "submitted": N_("Waits for review"),
    "published": N_("Published"),
    "withdrawn": N_("Withdrawn"),
    "archived": N_("Archived"),
    drafts.CHANGED: N_("With unpublished changes"),
}


def organisation() -> Provider:
    """The organisation that the address names, as the gate has found it."""
    return gate.post().organisation


def may(permission: str) -> bool:
    return permission in gate.actor().permissions


def say(message: str, **values: Any) -> str:
    """A message in the reader's language."""
    said = gettext_for(language())(message)
    return said % values if values else said


def found(session: Session, offer_id: Any) -> Draft:
    """The offer that the address names, of this organisation; 404 otherwise."""
    draft = drafts.find(session, organisation().id, str(offer_id))
    if draft is None:
        abort(404)
    return draft


def readable(session: Session, offer_id: Any) -> Draft:
    """The same, unless its newest version was redacted: then there is nothing to show or to edit."""
    draft = found(session, offer_id)
    if draft.redacted:
        abort(410)
    return draft


def here(endpoint: str, **values: Any) -> str:
    """Address of a page about this organisation's offers."""
    return url(f"offers.{endpoint}", organisation=organisation().slug, **values)


def title_of(draft: Draft) -> TextView:
    """The title of the newest version in the reader's language, or its reference where it was redacted."""
    if draft.redacted:
        return TextView(draft.reference, language())
    titles = draft.content.title
    chosen = pick(titles, language(), draft.content.default_language) or draft.content.default_language
    return TextView(titles[chosen].text, chosen, titles[chosen].origin)


def heading(draft: Draft) -> View:
    """What stands over every page about one offer."""
    return View(
        id=draft.id,
        title=title_of(draft),
        reference=draft.reference,
        state=draft.state,
        state_label=say(STATES[draft.state]),
        has_changes=draft.has_changes,
        url=here("overview", offer_id=draft.id),
        may_edit=may("offer:save") and draft.state != "archived" and not draft.redacted,
    )


def crumbs(draft: Draft | None = None, last: str | None = None) -> list[View]:
    """From the workspace down to a page."""
    steps = [
        View(label=say(N_("Workspace")), url=url("workspace.home")),
        View(
            label=organisation().content.legal_name,
            url=url("workspace.organisation", organisation=organisation().slug),
        ),
        View(label=say(N_("Offers")), url=here("listing")),
    ]
    if draft is not None:
        steps.append(View(label=title_of(draft), url=here("overview", offer_id=draft.id)))
    if last is not None:
        steps.append(View(label=last, url=None))
    steps[-1].url = None
    return steps


def moment(at: dt.datetime) -> View:
    """A moment as the organisation's clock shows it."""
    local = at.astimezone(zone_of(organisation().content.country))
    return View(
        iso=local.isoformat(timespec="minutes"),
        text=f"{format_date(local, language(), 'medium')}, {format_time(local, 'short', locale=locale(language()))}",
    )


def authors(session: Session, ids: set[str]) -> dict[str, str]:
    """Who the authors of versions are, for people."""
    emails = people.emails(session, ids)
    operator = say(N_("The operator of this catalogue"))
    gone = say(N_("Somebody who has left"))
    return {one: emails.get(one, operator if one == "operator" else gone) for one in ids}


def shown(template: str, title: str, status: int = 200, **values: Any) -> Response:
    """A page of the editor."""
    slug = organisation().slug
    return private_page(template, status, deck="home", page_title=title, organisation_slug=slug, **values)
