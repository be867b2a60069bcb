"""How one comes in: sign up, confirm, sign in, second factor, forgotten password.

No answer tells whether somebody has an account: only the letter does, and the holder of the address reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from catalogue.i18n import N_, gettext_for
from catalogue.mail import Letter, UnsentError
from catalogue.people import letters as people_letters
from catalogue.people import second_factor, service, sessions
from catalogue.people.rules import normalised
from catalogue.portal import portal
from catalogue.security import limits, passwords
from catalogue.security.limits import Limit, TooManyError
from catalogue.web import gate
from catalogue.web.forms import Form, read_email, read_new_password
from catalogue.web.gate import give_cookie, private_page, signed_in, take_cookie
from catalogue.web.site import language, see_other, url

blueprint = Blueprint("entrance", __name__)

TOO_MANY = N_("Too many attempts. Please try again in %(minutes)s minutes.")
UNSENT = N_("The mail could not be sent. Please try again later.")
# One sentence for every reason: it must not tell which part was wrong.
NOT_RIGHT = N_("E-mail address or password are not right.")
WRONG_CODE = N_("This code is not right, or was used before. Wait for the next one and try again.")
WRONG_RECOVERY_CODE = N_("This recovery code is not right, or was used before.")
Ask = Callable[..., Letter]


def shown(template: str, title: str, form: Form, status: int = 200, **values: Any) -> Response:
    """A page with a form; what was wrong with it makes the status 422, what was too often 429."""
    gettext, name = gettext_for(language()), gettext_for(language())(title)
    if not form.is_sound:
        status = 422 if status == 200 else status  # noqa: PLR2004
        name = gettext(N_("Problem: %(page)s")) % {"page": name}  # heard first by whoever cannot see
    response = private_page(template, status, form=form, page_title=name, **values)
    if form.wait:
        response.headers["Retry-After"] = str(form.wait)
    return response


def count(*attempts: tuple[Limit, str]) -> None:
    """Count attempts before anything is judged. Raises TooManyError."""
    with portal().database.write() as session:
        refused = [error for attempt in attempts if (error := _counted(session, *attempt))]
    if refused:
        raise max(refused, key=lambda error: error.wait)


def _counted(session: Session, limit: Limit, subject: str) -> TooManyError | None:
    try:
        limits.hit(session, limit, subject, portal().clock())
    except TooManyError as error:
        return error
    return None


def caller() -> str:
    """The network address that asks, as limits count it."""
    return limits.network(request.remote_addr)


def refuse_for_now(form: Form, error: TooManyError) -> int:
    """Say when to try again. Returns the status."""
    form.refuse(TOO_MANY, minutes=gate.minutes(error.wait))
    form.wait = int(error.wait.total_seconds())
    return 429


# sign up and forgotten password: an address in, a letter out


@blueprint.get("/<lang>/sign-up")
def sign_up() -> Response:
    return _sign_up_page(Form())


def _sign_up_page(form: Form, status: int = 200) -> Response:
    return shown("sign_up.html", N_("Open an account"), form, status)


@blueprint.post("/<lang>/sign-up")
def send_sign_up() -> Response:
    return _ask_for_letter(service.ask_to_sign_up, _sign_up_page)


@blueprint.get("/<lang>/reset")
def forgotten() -> Response:
    return _forgotten_page(Form())


def _forgotten_page(form: Form, status: int = 200) -> Response:
    return shown("forgotten.html", N_("Forgotten password"), form, status)


@blueprint.post("/<lang>/reset")
def send_forgotten() -> Response:
    return _ask_for_letter(service.ask_to_reset, _forgotten_page)


def _ask_for_letter(ask: Ask, again: Callable[[Form, int], Response]) -> Response:
    form = Form.received(["email"])
    email = read_email(form)
    if not form.is_sound:
        return again(form, 422)
    here = portal()
    try:
        count((limits.MAIL_BY_ADDRESS, caller()), (limits.MAIL_BY_RECIPIENT, email))
        with here.database.write() as session:
            letter = ask(session, email, language(), here.settings.base_url, at=here.clock())
        here.mailer.send(letter)
    except TooManyError as error:
        return again(form, refuse_for_now(form, error))
    except UnsentError:
        form.refuse(UNSENT)
        return again(form, 503)
    return private_page(
        "letter_sent.html",
        email=email,
        hours=people_letters.HOURS,
        page_title=gettext_for(language())(N_("Look into your mail")),
    )


# links from letters: looking at one does not use it up


@blueprint.get("/<lang>/sign-up/<token>")
def confirm(token: str) -> Response:
    return _choose_password("sign-up", token, Form())


@blueprint.post("/<lang>/sign-up/<token>")
def send_confirm(token: str) -> Response:
    form, here = Form.received(["new_password"]), portal()
    try:
        password_hash = _new_password_hash("sign-up", token, form)
        if password_hash is None:
            return _choose_password("sign-up", token, form)
        with here.database.write() as session:
            person_id = service.sign_up(session, token, password_hash, language(), at=here.clock())
            person = service.locked(session, person_id)
            begun = sessions.begin(session, person, complete=True, at=here.clock())
    except service.LinkError:
        return _dead_link()
    except TooManyError as error:
        return _choose_password("sign-up", token, form, refuse_for_now(form, error))
    return give_cookie(see_other(url("workspace.home")), begun)


@blueprint.get("/<lang>/reset/<token>")
def reset(token: str) -> Response:
    return _choose_password("reset", token, Form())


@blueprint.post("/<lang>/reset/<token>")
def send_reset(token: str) -> Response:
    form, here = Form.received(["new_password"]), portal()
    try:
        password_hash = _new_password_hash("reset", token, form)
        if password_hash is None:
            return _choose_password("reset", token, form)
        with here.database.write() as session:
            person = service.reset(session, token, password_hash, at=here.clock())
            email = person.email
            limits.clear(session, limits.SIGN_IN_BY_ACCOUNT, email)
    except service.LinkError:
        return _dead_link()
    except TooManyError as error:
        return _choose_password("reset", token, form, refuse_for_now(form, error))
    gate.go_on_as(None)
    # Not signed in by it: whoever can read the mail still owes the second factor.
    return take_cookie(_sign_in_page(Form({"email": email}), done=True))


def _new_password_hash(purpose: service.Purpose, token: str, form: Form) -> str | None:
    """The hash of a fit new password, made outside of any unit of work. Raises LinkError, TooManyError."""
    count((limits.LINK, caller()))
    with portal().database.read() as session:
        email = service.address_of(session, purpose, token, at=portal().clock())
    password = read_new_password(form, "new_password", email)
    return passwords.hashed(password) if form.is_sound else None


def _choose_password(purpose: service.Purpose, token: str, form: Form, status: int = 200) -> Response:
    try:
        with portal().database.read() as session:
            email = service.address_of(session, purpose, token, at=portal().clock())
    except service.LinkError:
        return _dead_link()
    title = N_("Choose a password") if purpose == "sign-up" else N_("Choose a new password")
    return shown("choose_password.html", title, form, status, email=email, purpose=purpose)


def _dead_link() -> Response:
    return private_page(
        "dead_link.html", 410, page_title=gettext_for(language())(N_("This link no longer works"))
    )


# sign in


@blueprint.get("/<lang>/sign-in")
def sign_in() -> Response:
    return _sign_in_page(Form({"next": request.args.get("next", "")}))


def _sign_in_page(form: Form, status: int = 200, *, done: bool = False) -> Response:
    return shown("sign_in.html", N_("Sign in"), form, status, done=done)


@blueprint.post("/<lang>/sign-in")
def send_sign_in() -> Response:
    form, here = Form.received(["email", "password", "next"]), portal()
    email = normalised(form["email"])
    try:
        count((limits.SIGN_IN_BY_ADDRESS, caller()), (limits.SIGN_IN_BY_ACCOUNT, email or form["email"]))
    except TooManyError as error:
        return _sign_in_page(form, refuse_for_now(form, error))
    begun = sessions.sign_in(
        here.database, email, form["password"], demo=here.settings.is_trial, at=here.clock()
    )
    if begun is None:
        form.refuse(NOT_RIGHT)
        return _sign_in_page(form)
    if not begun.complete:
        return give_cookie(see_other(url("entrance.code", next=gate.next_address(form["next"]))), begun)
    _forget_attempts(email or "")
    return give_cookie(see_other(gate.next_address(form["next"])), begun)


def _forget_attempts(email: str) -> None:
    with portal().database.write() as session:
        limits.clear(session, limits.SIGN_IN_BY_ACCOUNT, email)


# second factor


@blueprint.get("/<lang>/sign-in/code")
def code() -> Response:
    return _code_page(Form({"next": request.args.get("next", "")}))


def _code_page(form: Form, status: int = 200) -> Response:
    return shown("code.html", N_("Enter your code"), form, status)


@blueprint.post("/<lang>/sign-in/code")
def send_code() -> Response:
    return _second_step("code", second_factor.accepts, WRONG_CODE)


@blueprint.post("/<lang>/sign-in/recovery")
def send_recovery() -> Response:
    return _second_step("recovery", second_factor.accepts_recovery, WRONG_RECOVERY_CODE)


def _second_step(name: str, accepts: Callable[..., bool], wrong: str) -> Response:
    form, here, half = Form.received([name, "next"]), portal(), signed_in()
    try:
        count((limits.CODE, half.person_id))
    except TooManyError as error:
        return _code_page(form, refuse_for_now(form, error))
    with here.database.write() as session:
        right = accepts(session, half.person_id, form[name], at=here.clock())
        begun = sessions.renew(session, half.session_id, complete=True, at=here.clock()) if right else None
        if begun:
            limits.clear(session, limits.CODE, half.person_id)
            limits.clear(session, limits.SIGN_IN_BY_ACCOUNT, half.email)
    if begun is None:
        form.fault(name, wrong)
        return _code_page(form)
    return give_cookie(see_other(gate.next_address(form["next"])), begun)


@blueprint.post("/<lang>/sign-in/cancel")
def cancel() -> Response:
    """Begin again, as somebody else."""
    with portal().database.write() as session:
        sessions.end(session, signed_in().session_id)
    return take_cookie(see_other(url("entrance.sign_in")))
