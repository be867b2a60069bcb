"""The table of remembered mappings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.db import Base, UtcDateTime


class ColumnMapping(Base):
    """How a provider's spreadsheets with certain headers are read.

    fingerprint: SHA-256 over the sorted headers; a file with the same columns finds its mapping by it.
    """

    __tablename__ = "column_mapping"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    author: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
