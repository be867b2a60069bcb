"""The change log and its readers' cursors."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.db import Base, UtcDateTime


class Change(Base):
    """One change of a public thing, written in the transaction of the change itself. Append-only.

    `position` is given after commit by the holder of the lease, because the ids of a database sequence commit out
    of order; readers follow positions, which have no gaps that could be filled later.
    """

    __tablename__ = "change"
    __table_args__ = (UniqueConstraint("position"), Index("ix_change_subject", "subject_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    position: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[str] = mapped_column(String(36))
    version: Mapped[int]
    action: Mapped[str] = mapped_column(String(12))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Consumer(Base):
    """A reader of the change log: it has handled all positions up to `position`."""

    __tablename__ = "consumer"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    rebuild_requested: Mapped[bool]
    seen_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
