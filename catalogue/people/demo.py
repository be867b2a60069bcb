"""Accounts for trying Portolan out: one for each role at a seeded provider, and a moderator.

They exist in the trial mode only (seed data, on one's own machine); elsewhere sign-in refuses them, and sessions of
theirs do not count. Their password is made anew at each start, so that a portal that is exposed by mistake has no
password that somebody knows.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.audit.log import record
from catalogue.db import new_id
from catalogue.people import sessions
from catalogue.people.model import Membership, Person
from catalogue.people.service import by_email
from catalogue.providers.model import Organisation
from catalogue.security.actor import OPERATOR, ROLES

PROVIDER = "hochschule-weserbogen"
DOMAIN = "demo.example"
MODERATOR = "moderator"


def prepare(session: Session, password_hash: str, *, at: dt.datetime) -> list[str]:
    """Make the accounts, or give them this password. Returns their addresses; none without the seeded provider."""
    organisation_id = session.scalar(select(Organisation.id).where(Organisation.slug == PROVIDER))
    if organisation_id is None:
        return []
    for name in (*ROLES, MODERATOR):
        person = _person(session, f"{name}@{DOMAIN}", password_hash, at)
        person.moderator = name == MODERATOR
        if name in ROLES and session.get(Membership, (organisation_id, person.id)) is None:
            session.add(Membership(organisation_id=organisation_id, person_id=person.id, role=name, since=at))
        record(session, OPERATOR, "person:demo", person.id, at, role=name)
    session.flush()
    return [f"{name}@{DOMAIN}" for name in (*ROLES, MODERATOR)]


def _person(session: Session, email: str, password_hash: str, at: dt.datetime) -> Person:
    person = by_email(session, email)
    if person is None:
        person = Person(id=new_id(), email=email, language="en", confirmed_at=at, moderator=False, demo=True)
        session.add(person)
    person.password_hash, person.demo = password_hash, True
    person.totp_secret = person.totp_step = None
    session.flush()
    sessions.end_all(session, person.id)
    return person
