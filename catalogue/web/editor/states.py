"""One offer as a whole: where it stands, how it will look, and what ends or begins its being public."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from catalogue.documents import InvalidContentError
from catalogue.i18n import N_
from catalogue.offers import service
from catalogue.offers.drafts import Draft
from catalogue.offers.service import StateError
from catalogue.portal import portal
from catalogue.web import gate
from catalogue.web.editor import layout
from catalogue.web.editor.routes import (
    View,
    authors,
    blueprint,
    crumbs,
    found,
    heading,
    here,
    may,
    moment,
    organisation,
    readable,
    say,
    shown,
    title_of,
)
from catalogue.web.editor.standing import missing, standing
from catalogue.web.forms import Form
from catalogue.web.offer_page import OfferPage
from catalogue.web.say import Say
from catalogue.web.site import language, see_other, url

_NOT_VERIFIED = N_(
    "Your organisation waits for verification. You can prepare everything; publishing comes after it."
)
_NOT_NOW = N_("The offer is not in a state that allows this any more. Look at it again.")


# looking


@blueprint.get("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>")
def overview(organisation: str, offer_id: Any) -> Response:  # noqa: ARG001
    with portal().database.read() as session:
        draft = found(session, offer_id)
        view = _overview(session, draft)
    return shown("offer_overview.html", view.offer.title.text, v=view)


def _overview(session: Session, draft: Draft) -> View:
    own, speaks = organisation(), Say(language())
    return View(
        offer=heading(draft),
        crumbs=crumbs(draft),
        author=authors(session, {draft.author})[draft.author],
        changed=moment(draft.created_at),
        number=draft.number,
        published_number=draft.published_number,
        reason=draft.withdrawal_reason,
        verified=own.verified,
        public_url=url("offer", offer_id=draft.id, slug=draft.slug) if draft.state == "published" else None,
        standing=None if draft.redacted else standing(speaks, draft.content, own.content),
        missing=[] if draft.redacted else _missing(draft),
        pages=[(page.name, say(page.title)) for page in layout.PAGES],
        can_publish=_can_publish(draft),
        can_withdraw=may("offer:withdraw") and draft.state == "published",
        can_archive=may("offer:archive") and draft.state != "archived",
        can_copy=may("offer:save") and not draft.redacted,
        can_roll_over=heading(draft).may_edit and bool(draft.content.runs),
    )


def _can_publish(draft: Draft) -> bool:
    is_new = draft.state != "published" or draft.has_changes
    return may("offer:publish") and is_new and draft.state != "archived" and not draft.redacted


def _missing(draft: Draft) -> list[View]:
    policy = portal().settings.publish_policy
    return missing(Say(language()), draft.content, organisation().content, policy)


@blueprint.get("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/preview")
def preview(organisation: str, offer_id: Any) -> Response:  # noqa: ARG001
    """The public page of the newest version, by the same view and the same template."""
    now, own = portal().clock(), gate.post().organisation
    with portal().database.read() as session:
        draft = readable(session, offer_id)
        view = OfferPage(session, Say(language()), draft.as_public(own, now), now).view()
    view.breadcrumbs, view.formats = [], []
    for text in view.texts:
        if text.url is not None:
            text.url = f"/{text.code}" + here("preview", offer_id=draft.id).removeprefix(f"/{language()}")
    return shown(
        "offer_preview.html", say(N_("Preview: %(title)s"), title=view.title.text), o=view, p=heading(draft)
    )


# publishing


@blueprint.get("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/publish")
def publish(organisation: str, offer_id: Any) -> Response:  # noqa: ARG001
    return _confirm(offer_id, "publish", Form())


@blueprint.post("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/publish")
def send_publish(organisation: str, offer_id: Any) -> Response:  # noqa: ARG001
    form, here_now = Form.received(["base"]), portal()
    try:
        with here_now.database.write() as session:
            draft = _seen(session, offer_id, form["base"])
            policy = here_now.settings.publish_policy
            service.publish(session, gate.actor(), draft.id, policy, at=here_now.clock())
    except service.StaleError:
        form.refuse(
            N_("The offer was changed after you opened this page. Look at the preview again, then publish.")
        )
    except InvalidContentError:
        form.refuse(N_("It cannot be published yet."))
    except StateError:
        form.refuse(_NOT_NOW if gate.post().organisation.verified else _NOT_VERIFIED)
    return _done(offer_id, "publish", form)


def _seen(session: Session, offer_id: Any, number: str) -> Draft:
    """The offer, locked, if its newest version is the one that was looked at. Raises StaleError."""
    service.locked(session, gate.actor(), "offer:publish", str(offer_id))
    draft = found(session, offer_id)
    if number != str(draft.number):
        raise service.StaleError(draft.number)
    return draft


@blueprint.get("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/withdraw")
def withdraw(organisation: str, offer_id: Any) -> Response:  # noqa: ARG001
    return _confirm(offer_id, "withdraw", Form())


@blueprint.post("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/withdraw")
def send_withdraw(organisation: str, offer_id: Any) -> Response:  # noqa: ARG001
    form = Form.received(["reason"])
    if not form["reason"].strip():
        form.fault("reason", N_("Say why, in a sentence: whoever follows an old link reads it."))
        return _confirm(offer_id, "withdraw", form)
    try:
        with portal().database.write() as session:
            draft = found(session, offer_id)
            at = portal().clock()
            service.withdraw(session, gate.actor(), draft.id, form["reason"].strip(), at=at)
    except StateError:
        form.refuse(_NOT_NOW)
    return _done(offer_id, "withdraw", form)


@blueprint.get("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/archive")
def archive(organisation: str, offer_id: Any) -> Response:  # noqa: ARG001
    return _confirm(offer_id, "archive", Form())


@blueprint.post("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/archive")
def send_archive(organisation: str, offer_id: Any) -> Response:  # noqa: ARG001
    form = Form()
    try:
        with portal().database.write() as session:
            service.archive(session, gate.actor(), found(session, offer_id).id, at=portal().clock())
    except StateError:
        form.refuse(_NOT_NOW)
    return _done(offer_id, "archive", form)


_TITLES = {
    "publish": N_("Publish “%(title)s”?"),
    "withdraw": N_("Withdraw “%(title)s”?"),
    "archive": N_("Archive “%(title)s”?"),
}


def _confirm(offer_id: Any, action: str, form: Form) -> Response:
    """What will happen, and what stands against it, before it does."""
    with portal().database.read() as session:
        draft = found(session, offer_id)
    title = say(_TITLES[action], title=title_of(draft).text)
    view = View(
        offer=heading(draft),
        crumbs=crumbs(draft, title),
        action=action,
        title=title,
        number=draft.number,
        missing=_missing(draft) if action == "publish" and not draft.redacted else [],
        verified=organisation().verified,
        allowed=_allowed(draft, action),
        was_public=draft.published_number is not None,
    )
    name = say(N_("Problem: %(page)s"), page=title) if not form.is_sound else title
    return shown("offer_confirm.html", name, 200 if form.is_sound else 422, c=view, form=form)


def _allowed(draft: Draft, action: str) -> bool:
    if action == "publish":
        return _can_publish(draft)
    return draft.state == "published" if action == "withdraw" else draft.state != "archived"


def _done(offer_id: Any, action: str, form: Form) -> Response:
    return (
        see_other(here("overview", offer_id=offer_id)) if form.is_sound else _confirm(offer_id, action, form)
    )
