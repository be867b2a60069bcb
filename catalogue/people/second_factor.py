"""The second factor: time-based codes (RFC 6238) and recovery codes, each good once.

Which step a code belongs to is kept, and only a later one is taken: by one conditional UPDATE, so that the same code
sent twice at the same moment works once.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets

import pyotp
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from catalogue.audit.log import record
from catalogue.people.model import Person, RecoveryCode
from catalogue.people.rules import bare_code
from catalogue.people.service import locked
from catalogue.security.actor import Actor
from catalogue.security.tokens import digest

STEP_SECONDS, DIGITS = 30, 6
# Clocks of telephones differ by up to one step either way (RFC 6238, 5.2).
STEPS_AROUND = (-1, 0, 1)
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


def address(secret: str, email: str) -> str:
    """What an authenticator reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Portolan")


def step_of(secret: str, code: str, at: dt.datetime) -> int | None:
    """The step that a code belongs to, if it is one of now."""
    now, maker = int(at.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret, digits=DIGITS)
    bare = bare_code(code).encode("utf-8", "replace")
    steps = [
        now + around
        for around in STEPS_AROUND
        if hmac.compare_digest(maker.generate_otp(now + around).encode(), bare)
    ]
    return steps[0] if steps else None


def enable(session: Session, person_id: str, secret: str, code: str, *, at: dt.datetime) -> list[str] | None:
    """Ask this person for codes from now on, once one was right. Returns new recovery codes; None: a wrong code."""
    step = step_of(secret, code, at)
    if step is None:
        return None
    person = locked(session, person_id)
    if person.totp_secret is not None:
        return None
    person.totp_secret, person.totp_step = secret, step
    record(session, Actor(person.id), "person:second-factor", person.id, at, enabled=True)
    return _give_recovery_codes(session, person.id)


def disable(session: Session, actor: Actor, person_id: str, *, at: dt.datetime) -> None:
    """Ask this person for codes no longer; recovery codes end with them."""
    if actor.id != person_id:
        actor.require("person:second-factor")
    person = locked(session, person_id)
    person.totp_secret = person.totp_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    record(session, actor, "person:second-factor", person_id, at, enabled=False)
    session.flush()


def accepts(session: Session, person_id: str, code: str, *, at: dt.datetime) -> bool:
    """Whether a code is right and was not used before; it is used now."""
    secret = session.scalar(select(Person.totp_secret).where(Person.id == person_id))
    step = step_of(secret, code, at) if secret else None
    if step is None:
        return False
    used = session.execute(
        update(Person)
        .where(Person.id == person_id, or_(Person.totp_step.is_(None), Person.totp_step < step))
        .values(totp_step=step)
    )
    return used.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def accepts_recovery(session: Session, person_id: str, code: str, *, at: dt.datetime) -> bool:
    """Whether a recovery code is one of this person's and was not used before; it is used now."""
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_hash == _hash(person_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, Actor(person_id), "person:recovery-code", person_id, at)
    return True


def new_recovery_codes(session: Session, person_id: str, *, at: dt.datetime) -> list[str]:
    """Codes in place of all earlier ones; shown now and never again."""
    record(session, Actor(person_id), "person:new-recovery-codes", person_id, at)
    return _give_recovery_codes(session, person_id)


def _give_recovery_codes(session: Session, person_id: str) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(person_id=person_id, code_hash=_hash(person_id, code), used_at=None) for code in codes
    )
    session.flush()
    return codes


def recovery_codes_left(session: Session, person_id: str) -> int:
    query = select(RecoveryCode).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return len(session.scalars(query).all())


def _recovery_code() -> str:
    """79 random bits, without letters and digits that look alike."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _hash(person_id: str, code: str) -> str:
    return digest(f"{person_id}:{bare_code(code)}")
