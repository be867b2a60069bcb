"""The table of attempts."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.db import Base, UtcDateTime


class Attempts(Base):
    """How often something was tried since `started_at`. key: digest of limit and subject: no address shows."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_started_at", "started_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    count: Mapped[int]
