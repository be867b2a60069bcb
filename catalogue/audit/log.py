"""Write an audit entry in the running unit of work."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from catalogue.audit import chain
from catalogue.audit.model import AuditEntry
from catalogue.security.actor import Actor

_PENDING = "portolan_audit"


def record(
    session: Session, actor: Actor, action: str, subject_id: str, at: dt.datetime, **details: Any
) -> None:
    """Add an entry; it is chained to the others when the unit of work commits."""
    if _PENDING not in session.info:
        session.info[_PENDING] = []
        event.listen(session, "before_commit", _chain)
    entry = AuditEntry(at=at, actor=actor.id, action=action, subject_id=subject_id, details=details)
    session.info[_PENDING].append(entry)
    session.add(entry)


def _chain(session: Session) -> None:
    # A savepoint that is released "commits" too; the chain waits for the whole.
    if not session.in_nested_transaction():
        chain.append(session, session.info[_PENDING])
        session.info[_PENDING] = []
