"""Use cases of accounts: sign up, reset, change a password, leave.

Each runs in the caller's unit of work. Passwords come hashed, because hashing takes longer than a unit of work
should. Whoever asks learns nothing about who has an account: a known and an unknown address give the same answer, a
token and a letter each; only the letter, which the holder of the address reads, differs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from catalogue.audit.log import record
from catalogue.db import insert_into, new_id
from catalogue.mail import Letter
from catalogue.people import letters, sessions
from catalogue.people.model import Invitation, MailedToken, Membership, Person, PersonSession, RecoveryCode
from catalogue.providers.model import Organisation
from catalogue.security.actor import Actor
from catalogue.security.tokens import digest, new_token

LINK_LIFETIME = dt.timedelta(hours=letters.HOURS)
Purpose = Literal["sign-up", "reset"]
Write = Callable[[str, str, str, str], Letter]


class LinkError(Exception):
    """The link was used before, is too old, or was never given."""


class LastOwnerError(Exception):
    """An organisation would be left without an owner."""


class ChangedMeanwhileError(Exception):
    """The password is not the one that was checked a moment ago."""


def ask_to_sign_up(session: Session, email: str, language: str, base_url: str, *, at: dt.datetime) -> Letter:
    """The letter that lets the holder of an address open an account. email: normalised."""
    return _ask(session, email, language, base_url, at, letters.sign_up_again, letters.sign_up)


def ask_to_reset(session: Session, email: str, language: str, base_url: str, *, at: dt.datetime) -> Letter:
    """The letter that lets the holder of an address choose a new password. email: normalised."""
    return _ask(session, email, language, base_url, at, letters.reset, letters.reset_unknown)


def _ask(
    session: Session, email: str, language: str, base_url: str, at: dt.datetime, known: Write, unknown: Write
) -> Letter:
    session.execute(delete(MailedToken).where(MailedToken.expires_at < at))
    person = by_email(session, email)
    token = _mail_token(session, "reset" if person else "sign-up", email, at)
    if person is not None:
        return known(base_url, person.language, email, token)
    return unknown(base_url, language, email, token)


def _mail_token(session: Session, purpose: Purpose, email: str, at: dt.datetime) -> str:
    token = new_token()
    session.add(
        MailedToken(
            token_hash=digest(token),
            purpose=purpose,
            email=email,
            expires_at=at + LINK_LIFETIME,
            used_at=None,
        )
    )
    session.flush()
    return token


def address_of(session: Session, purpose: Purpose, token: str, *, at: dt.datetime) -> str:
    """The address a link was sent to. Looking does not use it up: mail filters look, too. Raises LinkError."""
    query = select(MailedToken.email).where(
        MailedToken.token_hash == digest(token),
        MailedToken.purpose == purpose,
        MailedToken.used_at.is_(None),
        MailedToken.expires_at > at,
    )
    email = session.scalar(query)
    if email is None:
        raise LinkError
    return email


def _use(session: Session, purpose: Purpose, token: str, at: dt.datetime) -> str:
    """Use a link up; of many who try at once, the database lets one. Raises LinkError."""
    email = address_of(session, purpose, token, at=at)
    done = session.execute(
        update(MailedToken)
        .where(MailedToken.token_hash == digest(token), MailedToken.used_at.is_(None))
        .values(used_at=at)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise LinkError
    return email


def sign_up(session: Session, token: str, password_hash: str, language: str, *, at: dt.datetime) -> str:
    """Open the account of a confirmed address. Returns the person's id. Raises LinkError."""
    email, person_id = _use(session, "sign-up", token, at), new_id()
    added = session.scalar(
        insert_into(session, Person)
        .values(
            id=person_id,
            email=email,
            password_hash=password_hash,
            language=language,
            confirmed_at=at,
            moderator=False,
            demo=False,
        )
        .on_conflict_do_nothing()
        .returning(Person.id)
    )
    if added is None:
        raise LinkError  # by another link to the same address
    record(session, Actor(person_id), "person:sign-up", person_id, at)
    return person_id


def reset(session: Session, token: str, password_hash: str, *, at: dt.datetime) -> Person:
    """Give a person a new password; every session and every other link ends. Raises LinkError."""
    email = _use(session, "reset", token, at)
    person = by_email(session, email)
    if person is None:
        raise LinkError
    _set_password(session, person, password_hash, at)
    record(session, Actor(person.id), "person:reset-password", person.id, at)
    session.flush()
    return person


def change_password(
    session: Session, person_id: str, checked_hash: str, password_hash: str, *, at: dt.datetime
) -> Person:
    """Exchange the password that was just checked. All sessions end. Raises ChangedMeanwhileError."""
    person = locked(session, person_id)
    if person.password_hash != checked_hash:
        raise ChangedMeanwhileError
    _set_password(session, person, password_hash, at)
    record(session, Actor(person.id), "person:change-password", person.id, at)
    session.flush()
    return person


def _set_password(session: Session, person: Person, password_hash: str, at: dt.datetime) -> None:
    person.password_hash = password_hash
    sessions.end_all(session, person.id)
    session.execute(
        update(MailedToken)
        .where(MailedToken.email == person.email, MailedToken.used_at.is_(None))
        .values(used_at=at)
    )


def delete_person(session: Session, person_id: str, checked_hash: str, *, at: dt.datetime) -> None:
    """Remove an account and what hangs on it; the audit log keeps its opaque id.

    Raises ChangedMeanwhileError, LastOwnerError.
    """
    person = locked(session, person_id)
    if person.password_hash != checked_hash:
        raise ChangedMeanwhileError
    _require_other_owners(session, person_id)
    for table in (PersonSession, RecoveryCode, Membership):
        session.execute(delete(table).where(table.person_id == person_id))
    for addressed in (MailedToken, Invitation):
        session.execute(delete(addressed).where(addressed.email == person.email))
    session.delete(person)
    record(session, Actor(person_id), "person:delete", person_id, at)
    session.flush()


def _require_other_owners(session: Session, person_id: str) -> None:
    """Each organisation that this person owns must have another owner. Raises LastOwnerError."""
    owned = select(Membership.organisation_id).where(
        Membership.person_id == person_id, Membership.role == "owner"
    )
    ids = session.scalars(owned).all()
    session.execute(
        select(Organisation.id).where(Organisation.id.in_(ids)).order_by(Organisation.id).with_for_update()
    )
    others = select(Membership.organisation_id).where(
        Membership.organisation_id.in_(ids), Membership.role == "owner", Membership.person_id != person_id
    )
    if set(ids) - set(session.scalars(others)):
        raise LastOwnerError


def set_moderator(session: Session, actor: Actor, email: str, *, moderates: bool, at: dt.datetime) -> bool:
    """Make somebody a moderator, or no longer. Returns whether there is such a person."""
    actor.require("person:moderator")
    person = by_email(session, email)
    if person is None:
        return False
    person.moderator = moderates
    record(session, actor, "person:moderator", person.id, at, moderates=moderates)
    session.flush()
    return True


def by_email(session: Session, email: str) -> Person | None:
    return session.scalar(select(Person).where(Person.email == email))


def locked(session: Session, person_id: str) -> Person:
    """The person, with the row held until the unit of work ends; as it is now, whatever was read before."""
    return session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
