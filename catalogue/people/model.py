"""Tables of people: who has an account, their sessions, and what proves that they are who they say."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.db import Base, UtcDateTime
from catalogue.security.actor import ROLES


class Person(Base):
    """Somebody with a confirmed e-mail address.

    email: normalised. totp_step: the last step of a code that was used, so that no code works twice. demo: an
    account of the trial mode, refused elsewhere.
    """

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5))
    confirmed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    moderator: Mapped[bool]
    demo: Mapped[bool]
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_step: Mapped[int | None]


class PersonSession(Base):
    """A session of the workspace. complete: false between the password and the code.

    totp_candidate: the secret that this session would set up for codes.
    """

    __tablename__ = "person_session"
    __table_args__ = (Index("ix_person_session_person", "person_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    complete: Mapped[bool]
    totp_candidate: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class MailedToken(Base):
    """A token that was sent by mail, for one use: `sign-up` (of an address) or `reset` (of a person's password)."""

    __tablename__ = "mailed_token"
    __table_args__ = (Index("ix_mailed_token_expires_at", "expires_at"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(12))
    email: Mapped[str] = mapped_column(String(254))
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """Stands in once for a code, when the device that makes codes is lost."""

    __tablename__ = "recovery_code"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Membership(Base):
    """Somebody works for an organisation, in one role."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES)})", name="role"),
        Index("ix_membership_person", "person_id"),
    )

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(10))
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Invitation(Base):
    """An address is asked to work for an organisation; good for one acceptance by whoever has that address."""

    __tablename__ = "invitation"
    __table_args__ = (
        Index("ix_invitation_email", "email"),
        Index("ix_invitation_organisation", "organisation_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(10))
    invited_by: Mapped[str] = mapped_column(String(80))
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
