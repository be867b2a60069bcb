"""Reads of people and of those they work for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.people.model import Invitation, Membership, Person
from catalogue.providers import queries as providers
from catalogue.providers.model import Organisation
from catalogue.providers.queries import Provider
from catalogue.security.actor import ROLES, Actor

_SLUG = re.compile("[a-z0-9-]{1,80}")
PUBLISHING = tuple(role for role, permissions in ROLES.items() if "offer:publish" in permissions)


@dataclass(frozen=True, slots=True)
class Post:
    """An organisation that somebody works for, and the role there."""

    organisation: Provider
    role: str


@dataclass(frozen=True, slots=True)
class Member:
    person_id: str
    email: str
    role: str
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that is open. organisation: its name."""

    id: str
    email: str
    role: str
    organisation: str
    expires_at: dt.datetime


def publishes(session: Session, person_id: str) -> bool:
    """Whether somebody may publish for any organisation."""
    query = select(Membership.role).where(Membership.person_id == person_id, Membership.role.in_(PUBLISHING))
    return session.scalars(query).first() is not None


def posts(session: Session, person_id: str) -> list[Post]:
    """The organisations somebody works for, by name."""
    query = select(Membership.organisation_id, Membership.role).where(Membership.person_id == person_id)
    roles = {row[0]: row[1] for row in session.execute(query)}
    found = providers.by_ids(session, roles).values()
    ordered = sorted(found, key=lambda organisation: organisation.content.legal_name.casefold())
    return [Post(organisation, roles[organisation.id]) for organisation in ordered]


def post(session: Session, person_id: str, slug: str) -> Post | None:
    """The post of somebody at one organisation; None for a stranger, whether there is one or not."""
    if not _SLUG.fullmatch(slug):
        return None
    query = (
        select(Membership.organisation_id, Membership.role)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == person_id, Organisation.slug == slug)
    )
    row = session.execute(query).one_or_none()
    found = providers.by_id(session, row[0]) if row else None
    return Post(found, row[1]) if row and found else None


def actor_of(person_id: str, held: Post) -> Actor:
    """Somebody as they act for one organisation: with what the role allows there, and nothing elsewhere."""
    return Actor(person_id, ROLES[held.role], held.organisation.id)


def members(session: Session, organisation_id: str) -> list[Member]:
    """Owners first, then by address."""
    query = (
        select(Person.id, Person.email, Membership.role, Membership.since)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id)
    )
    order = list(reversed(ROLES))
    found = [Member(*row) for row in session.execute(query)]
    return sorted(found, key=lambda member: (order.index(member.role), member.email))


def invitations_of(session: Session, organisation_id: str, at: dt.datetime) -> list[Invited]:
    """The open invitations of an organisation."""
    return _invitations(session, Invitation.organisation_id == organisation_id, at)


def invitations_to(session: Session, email: str, at: dt.datetime) -> list[Invited]:
    """The open invitations to an address."""
    return _invitations(session, Invitation.email == email, at)


def _invitations(session: Session, which: object, at: dt.datetime) -> list[Invited]:
    query = select(Invitation).where(which, Invitation.accepted_at.is_(None), Invitation.expires_at > at)  # type: ignore[arg-type]
    rows = session.scalars(query.order_by(Invitation.email, Invitation.id)).all()
    names = providers.by_ids(session, [row.organisation_id for row in rows])
    return [
        Invited(row.id, row.email, row.role, names[row.organisation_id].content.legal_name, row.expires_at)
        for row in rows
    ]


def emails(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Addresses by id of person; whoever has no account is absent."""
    rows = session.execute(select(Person.id, Person.email).where(Person.id.in_(set(ids))))
    return {row[0]: row[1] for row in rows}
