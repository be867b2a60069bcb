"""The change log: append in the transaction of the change, number after commit, read by cursor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from catalogue.changes.model import Change, Consumer

INDEX = "index"


def append(session: Session, kind: str, subject_id: str, version: int, action: str, at: dt.datetime) -> None:
    session.add(Change(kind=kind, subject_id=subject_id, version=version, action=action, at=at))


def number(session: Session) -> int:
    """Give positions to committed changes that have none; only the holder of the lease may. Returns how many."""
    fresh = session.scalars(select(Change.id).where(Change.position.is_(None)).order_by(Change.id)).all()
    last = last_position(session)
    for step, change_id in enumerate(fresh, start=1):
        session.execute(update(Change).where(Change.id == change_id).values(position=last + step))
    return len(fresh)


def last_position(session: Session) -> int:
    return session.scalar(select(func.max(Change.position))) or 0


def after(session: Session, position: int, limit: int) -> Sequence[Change]:
    """Numbered changes behind a position, in order."""
    query = select(Change).where(Change.position > position).order_by(Change.position).limit(limit)
    return session.scalars(query).all()


def cursor(session: Session, name: str) -> Consumer:
    """The cursor of a consumer, made on first use."""
    consumer = session.get(Consumer, name)
    if consumer is None:
        consumer = Consumer(name=name, position=0, rebuild_requested=False, seen_at=None)
        session.add(consumer)
    return consumer


def pending(session: Session, name: str = INDEX) -> int:
    """How many changes a consumer has not handled."""
    position = session.scalar(select(Consumer.position).where(Consumer.name == name)) or 0
    query = select(func.count()).select_from(Change)
    return session.scalar(query.where((Change.position.is_(None)) | (Change.position > position))) or 0
