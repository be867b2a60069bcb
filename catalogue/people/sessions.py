"""Sessions: begun by a password, completed by a code where one is owed, ended from the database at any time.

Each step up gives a new token, so that a token somebody planted or saw before is worth nothing after.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from catalogue.audit.log import record
from catalogue.db import Database, new_id
from catalogue.people.model import Person, PersonSession
from catalogue.security import passwords
from catalogue.security.actor import Actor
from catalogue.security.tokens import digest, new_token

IDLE, ABSOLUTE = dt.timedelta(hours=8), dt.timedelta(days=3)
# Between password and code.
HALFWAY = dt.timedelta(minutes=10)
# How exactly `seen_at` is kept: reading a page writes at most this often.
SEEN_STEP = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Begun:
    """A new session. token: for the cookie, known to nobody else."""

    token: str
    session_id: str
    person_id: str
    complete: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that holds, and whose it is."""

    session_id: str
    token: str
    person_id: str
    email: str
    language: str
    moderator: bool
    demo: bool
    complete: bool
    has_second_factor: bool
    totp_candidate: str
    begun_at: dt.datetime
    seen_at: dt.datetime


def sign_in(
    database: Database, email: str | None, password: str, *, demo: bool, at: dt.datetime
) -> Begun | None:
    """Begin a session if the password is right. Whether there is such a person makes no difference in work.

    email: normalised, or None where what was typed is none. demo: whether demo accounts may.
    """
    with database.read() as session:
        query = select(Person.id, Person.password_hash).where(Person.email == (email or ""))
        found = session.execute(query if demo else query.where(Person.demo.is_(False))).one_or_none()
    right = passwords.matches(found[1] if found else None, password)
    if not right or found is None:
        return None
    with database.write() as session:
        person = session.get(Person, found[0], with_for_update=True)
        if person is None or person.password_hash != found[1]:
            return None
        if passwords.is_outdated(person.password_hash):
            person.password_hash = passwords.hashed(password)
        return begin(session, person, complete=person.totp_secret is None, at=at)


def begin(session: Session, person: Person, *, complete: bool, at: dt.datetime) -> Begun:
    """A new session of a person who has just shown to be it."""
    token, session_id = new_token(), new_id()
    session.execute(delete(PersonSession).where(PersonSession.begun_at <= at - ABSOLUTE))
    session.add(
        PersonSession(
            id=session_id,
            token_hash=digest(token),
            person_id=person.id,
            complete=complete,
            totp_candidate=pyotp.random_base32(),
            begun_at=at,
            seen_at=at,
        )
    )
    if complete:
        record(session, Actor(person.id), "person:sign-in", person.id, at)
    session.flush()
    return Begun(token, session_id, person.id, complete)


def find(session: Session, token: str, *, demo: bool, at: dt.datetime) -> SignedIn | None:
    """The session of a token, unless it has expired. demo: whether demo accounts may."""
    query = (
        select(PersonSession, Person)
        .join(Person, Person.id == PersonSession.person_id)
        .where(PersonSession.token_hash == digest(token))
    )
    found = session.execute(query).one_or_none()
    if found is None or (found[1].demo and not demo) or _has_expired(found[0], at):
        return None
    held, person = found
    return SignedIn(
        session_id=held.id,
        token=token,
        person_id=person.id,
        email=person.email,
        language=person.language,
        moderator=person.moderator,
        demo=person.demo,
        complete=held.complete,
        has_second_factor=person.totp_secret is not None,
        totp_candidate=held.totp_candidate,
        begun_at=held.begun_at,
        seen_at=held.seen_at,
    )


def _has_expired(held: PersonSession, at: dt.datetime) -> bool:
    if not held.complete:
        return at >= held.begun_at + HALFWAY
    return at >= min(held.begun_at + ABSOLUTE, held.seen_at + IDLE)


def renew(session: Session, session_id: str, *, complete: bool, at: dt.datetime) -> Begun | None:
    """Exchange a session for a new one; of two who try at once, one gets it. None: it has ended."""
    person_id = session.scalar(select(PersonSession.person_id).where(PersonSession.id == session_id))
    if person_id is None or not end(session, session_id):
        return None
    return begin(session, session.get_one(Person, person_id), complete=complete, at=at)


def see(session: Session, session_id: str, *, at: dt.datetime) -> None:
    """Note that a session is in use."""
    session.execute(update(PersonSession).where(PersonSession.id == session_id).values(seen_at=at))


def end(session: Session, session_id: str) -> bool:
    """End a session. Returns whether it was there."""
    ended = session.execute(delete(PersonSession).where(PersonSession.id == session_id))
    return ended.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def end_all(session: Session, person_id: str, *, but: str | None = None) -> None:
    """End the sessions of a person; `but` is the id of the one that stays."""
    query = delete(PersonSession).where(PersonSession.person_id == person_id)
    session.execute(query.where(PersonSession.id != but) if but else query)


def count(session: Session, person_id: str, *, at: dt.datetime) -> int:
    """At how many places somebody is signed in."""
    held = session.scalars(select(PersonSession).where(PersonSession.person_id == person_id))
    return len([one for one in held if one.complete and not _has_expired(one, at)])
