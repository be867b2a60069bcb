"""One's own account: password, sessions, second factor, leaving."""

from __future__ import annotations

from dataclasses import replace

import segno
from flask import Blueprint, Response, abort
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.i18n import N_, gettext_for
from catalogue.mail import UnsentError
from catalogue.people import letters, second_factor, service, sessions
from catalogue.people.model import Person
from catalogue.people.sessions import Begun
from catalogue.portal import portal
from catalogue.security import limits, passwords
from catalogue.security.actor import Actor
from catalogue.security.limits import TooManyError
from catalogue.web import gate
from catalogue.web.entrance import WRONG_CODE, count, refuse_for_now, shown
from catalogue.web.forms import Form, read_new_password
from catalogue.web.gate import give_cookie, private_page, signed_in, take_cookie
from catalogue.web.site import language, see_other, url

blueprint = Blueprint("account", __name__)

WRONG_PASSWORD = N_("This is not your password.")
LAST_OWNER = N_("An organisation needs an owner. Make somebody else an owner first.")


@blueprint.get("/<lang>/account")
def account() -> Response:
    return _account_page(Form())


def _account_page(form: Form, status: int = 200) -> Response:
    me = signed_in()
    with portal().database.read() as session:
        view = {
            "email": me.email,
            "has_second_factor": me.has_second_factor,
            "codes_left": second_factor.recovery_codes_left(session, me.person_id),
            "sessions": sessions.count(session, me.person_id, at=portal().clock()),
        }
    return shown("account.html", N_("Your account"), form, status, a=view)


def _checked_hash(form: Form, name: str) -> str | None:
    """The hash of the password that was typed to confirm a step, if it is right; a fault otherwise.

    Raises TooManyError.
    """
    me = signed_in()
    count((limits.PASSWORD, me.person_id))
    with portal().database.read() as session:
        kept = session.scalar(select(Person.password_hash).where(Person.id == me.person_id))
    if not passwords.matches(kept, form[name]):
        form.fault(name, WRONG_PASSWORD)
        return None
    with portal().database.write() as session:
        limits.clear(session, limits.PASSWORD, me.person_id)
    return kept


@blueprint.post("/<lang>/account/password")
def send_password() -> Response:
    form, me, here = Form.received(["password", "new_password"]), signed_in(), portal()
    try:
        checked = _checked_hash(form, "password")
    except TooManyError as error:
        return _account_page(form, refuse_for_now(form, error))
    password = read_new_password(form, "new_password", me.email)
    if checked is None or not form.is_sound:
        return _account_page(form)
    password_hash = passwords.hashed(password)
    try:
        with here.database.write() as session:
            person = service.change_password(session, me.person_id, checked, password_hash, at=here.clock())
            begun = sessions.begin(session, person, complete=True, at=here.clock())
    except service.ChangedMeanwhileError:
        form.fault("password", WRONG_PASSWORD)
        return _account_page(form)
    _tell_of_change(me.email)
    return give_cookie(see_other(url("account.account")), begun)


def _tell_of_change(email: str) -> None:
    """A password that somebody else changed must not stay unnoticed; a mail server that is down changes nothing."""
    here = portal()
    try:
        here.mailer.send(letters.password_changed(here.settings.base_url, signed_in().language, email))
    except UnsentError as error:
        gate.log.warning("the letter about a changed password was not sent: %s", error)


@blueprint.post("/<lang>/account/sessions")
def send_end_others() -> Response:
    """End all other sessions."""
    me = signed_in()
    with portal().database.write() as session:
        sessions.end_all(session, me.person_id, but=me.session_id)
    return see_other(url("account.account"))


@blueprint.post("/<lang>/sign-out")
def sign_out() -> Response:
    with portal().database.write() as session:
        sessions.end(session, signed_in().session_id)
    return take_cookie(see_other(url("home")))


@blueprint.get("/<lang>/account/leave")
def leave() -> Response:
    return _leave_page(Form())


def _leave_page(form: Form, status: int = 200) -> Response:
    return shown("leave.html", N_("Delete your account"), form, status)


@blueprint.post("/<lang>/account/leave")
def send_leave() -> Response:
    form, me, here = Form.received(["password"]), signed_in(), portal()
    try:
        checked = _checked_hash(form, "password")
        if checked is None:
            return _leave_page(form)
        with here.database.write() as session:
            service.delete_person(session, me.person_id, checked, at=here.clock())
    except TooManyError as error:
        return _leave_page(form, refuse_for_now(form, error))
    except service.ChangedMeanwhileError:
        form.fault("password", WRONG_PASSWORD)
        return _leave_page(form)
    except service.LastOwnerError:
        form.refuse(LAST_OWNER)
        return _leave_page(form)
    return take_cookie(see_other(url("home")))


# second factor


@blueprint.get("/<lang>/account/second-factor", endpoint="second_factor")
def set_up() -> Response:
    return see_other(url("account.account")) if signed_in().has_second_factor else _set_up_page(Form())


def _set_up_page(form: Form, status: int = 200) -> Response:
    me = signed_in()
    secret = me.totp_candidate
    view = {
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "qr": _qr(second_factor.address(secret, me.email)),
        "owed": gate.owes_second_factor(me),
    }
    return shown("second_factor.html", N_("Set up codes"), form, status, f=view)


def _qr(text: str) -> Markup:
    """The text as a QR code in SVG, drawn here: no secret goes to a service that draws."""
    drawn = segno.make(text, error="m").svg_inline(
        svgclass="qr", lineclass="qr-line", omitsize=True, border=4
    )
    return Markup(drawn)  # noqa: S704 (drawn by segno, which writes no text of ours)


@blueprint.post("/<lang>/account/second-factor")
def send_second_factor() -> Response:
    form, me, here = Form.received(["code"]), signed_in(), portal()
    try:
        count((limits.CODE, me.person_id))
    except TooManyError as error:
        return _set_up_page(form, refuse_for_now(form, error))
    with here.database.write() as session:
        codes = second_factor.enable(session, me.person_id, me.totp_candidate, form["code"], at=here.clock())
        begun = _alone(session) if codes else None
    if codes is None or begun is None:
        form.fault("code", WRONG_CODE)
        return _set_up_page(form)
    gate.go_on_as(replace(me, token=begun.token, session_id=begun.session_id, has_second_factor=True))
    return give_cookie(_codes_page(codes), begun)


def _alone(session: Session) -> Begun:
    """A new session in place of all earlier ones, which knew less of who is there."""
    me = signed_in()
    begun = sessions.renew(session, me.session_id, complete=True, at=portal().clock())
    if begun is None:
        abort(403)  # ended at this moment; nothing is changed
    sessions.end_all(session, me.person_id, but=begun.session_id)
    return begun


def _codes_page(codes: list[str]) -> Response:
    title = gettext_for(language())(N_("Your recovery codes"))
    return private_page("recovery_codes.html", codes=codes, page_title=title)


@blueprint.post("/<lang>/account/recovery-codes")
def send_recovery_codes() -> Response:
    """New codes in place of the old ones."""
    form, me = Form.received(["codes_password"]), signed_in()
    try:
        checked = _checked_hash(form, "codes_password")
    except TooManyError as error:
        return _account_page(form, refuse_for_now(form, error))
    if checked is None or not me.has_second_factor:
        return _account_page(form)
    with portal().database.write() as session:
        codes = second_factor.new_recovery_codes(session, me.person_id, at=portal().clock())
    return _codes_page(codes)


@blueprint.post("/<lang>/account/no-second-factor")
def send_no_second_factor() -> Response:
    """Ask for codes no longer, as before a change of telephone."""
    form, me, here = Form.received(["factor_password"]), signed_in(), portal()
    try:
        checked = _checked_hash(form, "factor_password")
    except TooManyError as error:
        return _account_page(form, refuse_for_now(form, error))
    if checked is None:
        return _account_page(form)
    with here.database.write() as session:
        second_factor.disable(session, Actor(me.person_id), me.person_id, at=here.clock())
        begun = _alone(session)
    return give_cookie(see_other(url("account.second_factor")), begun)
