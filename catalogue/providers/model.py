"""Tables of organisations: identity, and immutable versions of what they say of themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, true
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.db import Base, UtcDateTime


class Organisation(Base):
    """`version` points to the version in force. listed: shown in public; one that somebody registered is not,
    until a moderator has verified it."""

    __tablename__ = "organisation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    version: Mapped[int]
    verified: Mapped[bool]
    listed: Mapped[bool] = mapped_column(server_default=true())
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class OrganisationVersion(Base):
    __tablename__ = "organisation_version"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    schema_version: Mapped[int]
    checksum: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
