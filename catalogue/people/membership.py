"""Use cases of those who work for an organisation: register it, invite, accept, change roles, leave.

An invitation carries no secret: it is accepted by whoever is signed in with the address it went to, and addresses are
confirmed. Members change under the lock of their organisation, so that it never loses its last owner.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from catalogue.audit.log import record
from catalogue.db import insert_into, new_id
from catalogue.mail import Letter
from catalogue.people import letters
from catalogue.people.model import Invitation, Membership, Person
from catalogue.people.service import LastOwnerError
from catalogue.providers import service as providers
from catalogue.providers.model import Organisation, OrganisationVersion
from catalogue.providers.service import Saved
from catalogue.security.actor import ROLES, Actor

LIFETIME = dt.timedelta(days=14)


class NoSuchMemberError(Exception):
    """There is no such member or invitation, or no longer."""


class AlreadyMemberError(Exception):
    """Whoever is invited works for the organisation already."""


def register(session: Session, person_id: str, document: Mapping[str, Any], *, at: dt.datetime) -> Saved:
    """Enter a new organisation with this person as its owner. Raises InvalidContentError."""
    actor = Actor(person_id, frozenset({"organisation:register"}))
    saved = providers.register(session, actor, document, at=at)
    session.add(Membership(organisation_id=saved.id, person_id=person_id, role="owner", since=at))
    session.flush()
    return saved


def invite(
    session: Session,
    actor: Actor,
    organisation_id: str,
    email: str,
    role: str,
    *,
    language: str,
    base_url: str,
    at: dt.datetime,
) -> Letter:
    """Ask an address to work for the organisation; an earlier invitation of it is replaced.

    email: normalised. Raises NotAllowedError, AlreadyMemberError.
    """
    actor.require("member:invite", organisation_id)
    _check_role(role)
    if session.scalar(_members(organisation_id).join(Person).where(Person.email == email)):
        raise AlreadyMemberError
    session.execute(_open(organisation_id).where(Invitation.email == email))
    invitation = Invitation(
        id=new_id(),
        organisation_id=organisation_id,
        email=email,
        role=role,
        invited_by=actor.id,
        expires_at=at + LIFETIME,
        accepted_at=None,
    )
    session.add(invitation)
    record(session, actor, "member:invite", organisation_id, at, invitation=invitation.id, role=role)
    session.flush()
    name = _name(session, organisation_id)
    return letters.invitation(base_url, language, email, name, LIFETIME.days)


def withdraw(
    session: Session, actor: Actor, organisation_id: str, invitation_id: str, *, at: dt.datetime
) -> None:
    """Take back an invitation that was not accepted. Raises NotAllowedError, NoSuchMemberError."""
    actor.require("member:invite", organisation_id)
    gone = session.execute(_open(organisation_id).where(Invitation.id == invitation_id))
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise NoSuchMemberError
    record(session, actor, "member:withdraw-invitation", organisation_id, at, invitation=invitation_id)


def accept(session: Session, person_id: str, invitation_id: str, *, at: dt.datetime) -> str:
    """Begin to work for the organisation that invited. Returns its id. Raises NoSuchMemberError.

    Of many who accept at once, one does; whoever is a member by now keeps the role.
    """
    email = select(Person.email).where(Person.id == person_id).scalar_subquery()
    accepted = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.email == email,
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > at,
        )
        .values(accepted_at=at)
        .returning(Invitation.organisation_id, Invitation.role)
    ).one_or_none()
    if accepted is None:
        raise NoSuchMemberError
    organisation_id, role = accepted
    values = {"organisation_id": organisation_id, "person_id": person_id, "role": role, "since": at}
    session.execute(insert_into(session, Membership).values(**values).on_conflict_do_nothing())
    details = {"invitation": invitation_id, "role": role}
    record(session, Actor(person_id), "member:accept", organisation_id, at, **details)
    return str(organisation_id)


def change_role(
    session: Session, actor: Actor, organisation_id: str, person_id: str, role: str, *, at: dt.datetime
) -> None:
    """Raises NotAllowedError, NoSuchMemberError, LastOwnerError."""
    actor.require("member:change", organisation_id)
    _check_role(role)
    member = _held(session, organisation_id, person_id)
    if role != "owner":
        _keep_an_owner(session, member)
    member.role = role
    record(session, actor, "member:change", organisation_id, at, person=person_id, role=role)
    session.flush()


def remove(session: Session, actor: Actor, organisation_id: str, person_id: str, *, at: dt.datetime) -> None:
    """End a membership, one's own too. Raises NotAllowedError, NoSuchMemberError, LastOwnerError."""
    actor.require("organisation:read" if actor.id == person_id else "member:change", organisation_id)
    member = _held(session, organisation_id, person_id)
    _keep_an_owner(session, member)
    session.delete(member)
    record(session, actor, "member:remove", organisation_id, at, person=person_id)
    session.flush()


def _held(session: Session, organisation_id: str, person_id: str) -> Membership:
    session.get_one(Organisation, organisation_id, with_for_update=True)
    member = session.get(Membership, (organisation_id, person_id), populate_existing=True)
    if member is None:
        raise NoSuchMemberError
    return member


def _keep_an_owner(session: Session, member: Membership) -> None:
    query = select(func.count()).select_from(Membership)
    others = query.where(
        Membership.organisation_id == member.organisation_id,
        Membership.role == "owner",
        Membership.person_id != member.person_id,
    )
    if member.role == "owner" and not session.scalar(others):
        raise LastOwnerError


def _members(organisation_id: str) -> Any:
    return select(Membership.person_id).where(Membership.organisation_id == organisation_id)


def _open(organisation_id: str) -> Any:
    """Deletes invitations of an organisation that nobody has accepted."""
    return delete(Invitation).where(
        Invitation.organisation_id == organisation_id, Invitation.accepted_at.is_(None)
    )


def _name(session: Session, organisation_id: str) -> str:
    row = session.get_one(Organisation, organisation_id)
    name = str(session.get_one(OrganisationVersion, (row.id, row.version)).content["legal_name"])
    return " ".join(name.split())  # one line, as the subject of a letter is


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise ValueError(f"{role!r} is not a role.")
