"""Tables of offers. An offer row is identity and state; what it says lies in immutable versions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.db import Base, UtcDateTime

STATES = ("draft", "submitted", "published", "withdrawn", "archived")
IN_STATES = ", ".join(f"'{state}'" for state in STATES)


class Offer(Base):
    """`draft_version` is the newest version; `published_version` the last one that was made public."""

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("provider_id", "reference"),
        CheckConstraint(f"state IN ({IN_STATES})", name="state"),
        Index("ix_offer_state_provider", "state", "provider_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    reference: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12))
    draft_version: Mapped[int]
    published_version: Mapped[int | None]
    first_published_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    withdrawal_reason: Mapped[str | None] = mapped_column(String(2000))


class OfferVersion(Base):
    """One saved state of the whole content, never changed. Public once `published_at` is set.

    checksum: SHA-256 over the canonical JSON of `content`. A redacted version keeps its checksum and the reason;
    its content is empty.
    """

    __tablename__ = "offer_version"

    offer_id: Mapped[str] = mapped_column(ForeignKey("offer.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    schema_version: Mapped[int]
    checksum: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    redaction_reason: Mapped[str | None] = mapped_column(String(2000))
    # Last, so that SQLite reads what stands before it without walking through it.
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class OfferRelation(Base):
    """An edge of the published version: awarding body, issuer, stacking target, recogniser.

    `target_offer` is `provider-slug/reference`: the other offer may come later than the statement.
    """

    __tablename__ = "offer_relation"
    __table_args__ = (
        Index("ix_offer_relation_target_offer", "target_offer"),
        Index("ix_offer_relation_organisation", "organisation_slug", "role"),
    )

    offer_id: Mapped[str] = mapped_column(ForeignKey("offer.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    organisation_slug: Mapped[str | None] = mapped_column(String(80))
    target_offer: Mapped[str | None] = mapped_column(String(300))
    status: Mapped[str | None] = mapped_column(String(30))
