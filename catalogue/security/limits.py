"""Limits on attempts, kept in the database: a restart does not give an attacker a fresh start.

An attempt is counted before what it attempts is judged, in a unit of work of its own; one statement counts, so that
attempts at the same moment cannot pass each other unseen.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import dataclass

from sqlalchemy import case, delete, literal
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from catalogue.db import UtcDateTime, insert_into
from catalogue.security.model import Attempts
from catalogue.security.tokens import digest


class TooManyError(Exception):
    """The limit is reached. wait: time until the next attempt is heard."""

    def __init__(self, wait: dt.timedelta) -> None:
        super().__init__(f"Too many attempts; the next is heard in {wait}.")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` attempts of one subject within `span`."""

    name: str
    most: int
    span: dt.timedelta


QUARTER, HOUR = dt.timedelta(minutes=15), dt.timedelta(hours=1)
SIGN_IN_BY_ADDRESS = Limit("sign-in-address", 30, QUARTER)
SIGN_IN_BY_ACCOUNT = Limit("sign-in-account", 10, QUARTER)
CODE = Limit("code", 8, QUARTER)
# Re-entering the password within a session: a stolen session must not guess it.
PASSWORD = Limit("password", 8, QUARTER)
MAIL_BY_ADDRESS = Limit("mail-address", 20, HOUR)
MAIL_BY_RECIPIENT = Limit("mail-recipient", 4, HOUR)
REGISTER = Limit("register", 5, HOUR)
INVITE = Limit("invite", 30, HOUR)
LINK = Limit("link", 30, QUARTER)
LONGEST = HOUR


def hit(session: Session, limit: Limit, subject: str, at: dt.datetime) -> None:
    """Count an attempt. Raises TooManyError when it is one too many, and counts it all the same."""
    session.execute(delete(Attempts).where(Attempts.started_at < at - LONGEST))
    count, started_at = session.execute(_counting(session, limit, subject, at)).one()
    if count > limit.most:
        raise TooManyError(started_at + limit.span - at)


def clear(session: Session, limit: Limit, subject: str) -> None:
    """Forget the attempts of a subject, once it has shown to be who it says."""
    session.execute(delete(Attempts).where(Attempts.key == _key(limit, subject)))


def network(address: str | None) -> str:
    """What counts as one address: IPv4 as it is, of IPv6 the /64 that one customer commonly has."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _key(limit: Limit, subject: str) -> str:
    return digest(f"{limit.name}:{subject}")


def _counting(
    session: Session, limit: Limit, subject: str, at: dt.datetime
) -> ReturningInsert[int, dt.datetime]:
    now = literal(at, UtcDateTime())
    over = Attempts.started_at <= at - limit.span
    return (
        insert_into(session, Attempts)
        .values(key=_key(limit, subject), started_at=at, count=1)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((over, 1), else_=Attempts.count + 1),
                "started_at": case((over, now), else_=Attempts.started_at),
            },
        )
        .returning(Attempts.count, Attempts.started_at)
    )
