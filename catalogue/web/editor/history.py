"""Every version of an offer with its author, what changed between two of them, and the way back to one."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request

from catalogue.documents import InvalidContentError
from catalogue.i18n import N_
from catalogue.offers import drafts, editing, service
from catalogue.portal import portal
from catalogue.web import gate
from catalogue.web.editor import differing
from catalogue.web.editor.routes import (
    View,
    authors,
    blueprint,
    crumbs,
    found,
    heading,
    here,
    moment,
    say,
    shown,
)
from catalogue.web.forms import Form
from catalogue.web.say import Say
from catalogue.web.site import language, see_other


@blueprint.get("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/history")
def history(organisation: str, offer_id: Any) -> Response:  # noqa: ARG001
    with portal().database.read() as session:
        draft = found(session, offer_id)
        lines = drafts.lines(session, draft.id)
        names = authors(session, {line.author for line in lines})
    view = View(
        offer=heading(draft),
        crumbs=crumbs(draft, say(N_("History"))),
        versions=[
            View(
                number=line.number,
                author=names[line.author],
                created=moment(line.created_at),
                published=moment(line.published_at) if line.published_at else None,
                in_force=draft.state == "published" and line.number == draft.published_number,
                redacted=line.redaction_reason,
                url=None
                if line.redaction_reason is not None
                else here("version", offer_id=draft.id, number=line.number),
            )
            for line in lines
        ],
    )
    return shown("offer_history.html", say(N_("History")), h=view)


@blueprint.get("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/history/<int:number>")
def version(organisation: str, offer_id: Any, number: int) -> Response:  # noqa: ARG001
    """What a version changed against the one before it, or against another that is asked for."""
    return _version_page(offer_id, number, Form())


def _version_page(offer_id: Any, number: int, form: Form) -> Response:
    with portal().database.read() as session:
        draft = found(session, offer_id)
        lines = drafts.lines(session, draft.id)
        other = _other(number)
        after = drafts.document(session, draft.id, number)
        before = drafts.document(session, draft.id, other) if other else {}
        names = authors(session, {line.author for line in lines})
    this = next((line for line in lines if line.number == number), None)
    if this is None or after is None:
        abort(404)
    title = say(N_("Version %(number)s"), number=number)
    view = View(
        offer=heading(draft),
        crumbs=crumbs(draft, title),
        number=number,
        other=other,
        author=names[this.author],
        created=moment(this.created_at),
        comparable=before is not None,
        lines=list(differing.lines(Say(language()), before or {}, after)) if before is not None else [],
        others=[line.number for line in lines if line.number != number and line.redaction_reason is None],
        newest=draft.number,
        can_restore=heading(draft).may_edit and number != draft.number,
    )
    status = 200 if form.is_sound else 409
    return shown("offer_difference.html", title, status, d=view, form=form)


def _other(number: int) -> int:
    asked = request.args.get("with", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else number - 1  # noqa: PLR2004


@blueprint.post(
    "/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/history/<int:number>/restore"
)
def send_restore(organisation: str, offer_id: Any, number: int) -> Response:  # noqa: ARG001
    form, own = Form.received(["base"]), gate.post().organisation
    base = int(form["base"]) if form["base"].isascii() and form["base"][:9].isdigit() else 0
    try:
        with portal().database.write() as session:
            offer = found(session, offer_id)
            at = portal().clock()
            editing.restore(session, gate.actor(), own.id, offer.id, number, base, at=at)
    except service.NotFoundError:
        abort(404)
    except service.StaleError:
        form.refuse(N_("Somebody has saved another version meanwhile. Look at the difference again."))
        return _version_page(offer_id, number, form)
    except (service.StateError, InvalidContentError):
        form.refuse(N_("This version cannot be restored any more."))
        return _version_page(offer_id, number, form)
    return see_other(here("overview", offer_id=offer_id))
