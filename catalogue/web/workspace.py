"""The providers' workspace: organisations, their members, and what moderators look after."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalogue.documents import InvalidContentError
from catalogue.i18n import CONTENT_LANGUAGES, N_, gettext_for, language_name
from catalogue.mail import UnsentError
from catalogue.people import membership, queries
from catalogue.people.service import LastOwnerError
from catalogue.portal import portal
from catalogue.providers import queries as organisations
from catalogue.providers import service as providers
from catalogue.security import limits
from catalogue.security.actor import MODERATOR, ROLES, Actor
from catalogue.security.limits import TooManyError
from catalogue.vocabularies import vocabulary
from catalogue.web import gate
from catalogue.web.account import LAST_OWNER
from catalogue.web.entrance import UNSENT, count, refuse_for_now, shown
from catalogue.web.forms import Form, read_email
from catalogue.web.gate import private_page, signed_in
from catalogue.web.say import Say
from catalogue.web.site import language, see_other, url

blueprint = Blueprint("workspace", __name__)

ROLE_NAMES = {
    "viewer": N_("Viewer"),
    "editor": N_("Editor"),
    "publisher": N_("Publisher"),
    "owner": N_("Owner"),
}
REGISTER_FIELDS = ("legal_name", "country", "default_language", "homepage")
# What is wrong with a field of an organisation, in words for those who fill in the form.
FAULTS = {
    "legal_name": N_("Enter the name of the organisation, of at most 300 characters."),
    "kinds": N_("Choose at least one kind."),
    "country": N_("Choose the country of its seat."),
    "default_language": N_("Choose the language in which it mostly describes its offers."),
    "homepage": N_("Enter a whole address, such as https://www.example.org/."),
}
ALREADY = N_("This person works for the organisation already.")


# home


@blueprint.get("/<lang>/workspace/")
def home() -> Response:
    me, here, say = signed_in(), portal(), Say(language())
    with here.database.read() as session:
        view = {
            "posts": [_post_view(say, post) for post in queries.posts(session, me.person_id)],
            "invitations": [
                {"id": found.id, "organisation": found.organisation, "role": _role(found.role)}
                for found in queries.invitations_to(session, me.email, here.clock())
            ],
            "waiting": len(organisations.unverified(session)) if me.moderator else 0,
        }
    return private_page("workspace.html", w=view, deck="home", page_title=_title(N_("Workspace")))


def _post_view(say: Say, post: queries.Post) -> dict[str, Any]:
    content = post.organisation.content
    return {
        "name": content.legal_name,
        "place": say.seat(content),
        "role": _role(post.role),
        "listed": post.organisation.verified,
        "url": url("workspace.organisation", organisation=post.organisation.slug),
    }


def _role(role: str) -> str:
    return gettext_for(language())(ROLE_NAMES[role])


def _title(message: str) -> str:
    return gettext_for(language())(message)


@blueprint.post("/<lang>/workspace/invitations/<uuid:invitation>/accept")
def accept(invitation: Any) -> Response:
    here = portal()
    try:
        with here.database.write() as session:
            membership.accept(session, signed_in().person_id, str(invitation), at=here.clock())
    except membership.NoSuchMemberError:
        abort(404)
    return see_other(url("workspace.home"))


# a new organisation


@blueprint.get("/<lang>/workspace/organisations/new")
def register() -> Response:
    return _register_page(Form(), [])


def _register_page(form: Form, kinds: list[str]) -> Response:
    say, terms = Say(language()), vocabulary("provider-kind")
    view = {
        "kinds": [(code, terms.label(code, say.language).text, code in kinds) for code in terms.codes],
        "countries": _sorted((code, say.place(code) or code) for code in vocabulary("country").codes),
        "languages": _sorted((code, language_name(code, say.language)) for code in CONTENT_LANGUAGES),
    }
    return shown("register.html", N_("Register an organisation"), form, r=view, deck="home")


def _sorted(pairs: Any) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1])


@blueprint.post("/<lang>/workspace/organisations/new")
def send_register() -> Response:
    form, me = Form.received(REGISTER_FIELDS), signed_in()
    kinds = request.form.getlist("kinds")[:20]
    document = {name: form[name].strip() for name in REGISTER_FIELDS if form[name].strip()} | {"kinds": kinds}
    try:
        count((limits.REGISTER, me.person_id))
        slug = _registered(document)
    except TooManyError as error:
        refuse_for_now(form, error)
        return _register_page(form, kinds)
    except InvalidContentError as error:
        _explain(form, error)
        return _register_page(form, kinds)
    return see_other(url("workspace.organisation", organisation=slug))


def _registered(document: dict[str, Any]) -> str:
    """Register it and return its slug; once more if somebody took the slug at this very moment."""
    try:
        return _register(document)
    except IntegrityError:
        return _register(document)


def _register(document: dict[str, Any]) -> str:
    with portal().database.write() as session:
        saved = membership.register(session, signed_in().person_id, document, at=portal().clock())
        return organisations.by_ids(session, [saved.id])[saved.id].slug


def _explain(form: Form, error: InvalidContentError) -> None:
    """Say what is wrong in the order of the form."""
    places = {problem.place.partition("[")[0].partition(".")[0] for problem in error.problems}
    for name, message in FAULTS.items():
        if name in places:
            form.fault(name, message)
    if form.is_sound:
        form.refuse(str(error).replace("%", "%%"))


# one organisation and its members


@blueprint.get("/<lang>/workspace/organisations/<organisation>")
def organisation(organisation: str) -> Response:  # noqa: ARG001 (the gate has found the post there)
    return _organisation_page(Form())


def _organisation_page(form: Form, status: int = 200) -> Response:
    post, here, say, me = gate.post(), portal(), Say(language()), signed_in()
    with here.database.read() as session:
        view = {
            **_post_view(say, post),
            "slug": post.organisation.slug,
            "may_change": "member:change" in gate.actor().permissions,
            "may_write": "offer:save" in gate.actor().permissions,
            "me": me.person_id,
            "roles": [(role, _role(role)) for role in ROLES],
            "members": queries.members(session, post.organisation.id),
            "invitations": _open_invitations(session, say),
            "role_names": {role: _role(role) for role in ROLES},
        }
    name = post.organisation.content.legal_name
    return shown("organisation.html", name, form, status, o=view, deck="home")


def _open_invitations(session: Session, say: Say) -> list[dict[str, Any]]:
    found = queries.invitations_of(session, gate.post().organisation.id, portal().clock())
    return [
        {"id": one.id, "email": one.email, "role": _role(one.role), "until": say.day(one.expires_at)}
        for one in found
    ]


def _back() -> Response:
    return see_other(url("workspace.organisation", organisation=gate.post().organisation.slug))


@blueprint.post("/<lang>/workspace/organisations/<organisation>/invitations")
def invite(organisation: str) -> Response:  # noqa: ARG001
    form, here = Form.received(["email", "role"]), portal()
    email = read_email(form)
    if not form.is_sound or form["role"] not in ROLES:
        return _organisation_page(form, 422)
    try:
        count((limits.INVITE, gate.actor().id), (limits.MAIL_BY_RECIPIENT, email))
        with here.database.write() as session:
            letter = membership.invite(
                session,
                gate.actor(),
                gate.post().organisation.id,
                email,
                form["role"],
                language=language(),
                base_url=here.settings.base_url,
                at=here.clock(),
            )
        here.mailer.send(letter)
    except TooManyError as error:
        return _organisation_page(form, refuse_for_now(form, error))
    except membership.AlreadyMemberError:
        form.fault("email", ALREADY)
        return _organisation_page(form)
    except UnsentError:
        form.refuse(UNSENT)
        return _organisation_page(form, 503)
    return _back()


@blueprint.post("/<lang>/workspace/organisations/<organisation>/invitations/<uuid:invitation>/withdraw")
def withdraw(organisation: str, invitation: Any) -> Response:  # noqa: ARG001
    here = portal()
    try:
        with here.database.write() as session:
            membership.withdraw(
                session, gate.actor(), gate.post().organisation.id, str(invitation), at=here.clock()
            )
    except membership.NoSuchMemberError:
        abort(404)
    return _back()


@blueprint.post("/<lang>/workspace/organisations/<organisation>/members/<uuid:person>/role")
def change_role(organisation: str, person: Any) -> Response:  # noqa: ARG001
    role, here = request.form.get("role", ""), portal()
    if role not in ROLES:
        abort(400)
    try:
        with here.database.write() as session:
            membership.change_role(
                session, gate.actor(), gate.post().organisation.id, str(person), role, at=here.clock()
            )
    except membership.NoSuchMemberError:
        abort(404)
    except LastOwnerError:
        return _needs_an_owner()
    return _back()


@blueprint.post("/<lang>/workspace/organisations/<organisation>/members/<uuid:person>/remove")
def remove(organisation: str, person: Any) -> Response:  # noqa: ARG001
    return _remove(str(person), url("workspace.organisation", organisation=gate.post().organisation.slug))


@blueprint.post("/<lang>/workspace/organisations/<organisation>/leave")
def leave(organisation: str) -> Response:  # noqa: ARG001
    return _remove(signed_in().person_id, url("workspace.home"))


def _remove(person_id: str, back: str) -> Response:
    here = portal()
    try:
        with here.database.write() as session:
            membership.remove(session, gate.actor(), gate.post().organisation.id, person_id, at=here.clock())
    except membership.NoSuchMemberError:
        abort(404)
    except LastOwnerError:
        return _needs_an_owner()
    return see_other(back if person_id != signed_in().person_id else url("workspace.home"))


def _needs_an_owner() -> Response:
    form = Form()
    form.refuse(LAST_OWNER)
    return _organisation_page(form)


# moderation


@blueprint.get("/<lang>/workspace/moderation")
def moderation() -> Response:
    say = Say(language())
    with portal().database.read() as session:
        waiting = [
            {
                "id": found.id,
                "name": found.content.legal_name,
                "place": say.seat(found.content),
                "kinds": say.labels("provider-kind", found.content.kinds),
                "homepage": found.content.homepage,
                "since": say.day(found.changed_at),
                "members": [member.email for member in queries.members(session, found.id)],
            }
            for found in organisations.unverified(session)
        ]
    return private_page("moderation.html", m=waiting, deck="moderation", page_title=_title(N_("Moderation")))


@blueprint.post("/<lang>/workspace/moderation/<uuid:organisation_id>/verify")
def verify(organisation_id: Any) -> Response:
    here, moderator = portal(), Actor(signed_in().person_id, MODERATOR)
    with here.database.write() as session:
        if not providers.verify(session, moderator, str(organisation_id), at=here.clock()):
            abort(404)
    return see_other(url("workspace.moderation"))
