"""Write an audit entry in the running unit of work."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from catalogue.audit.model import AuditEntry
from catalogue.security.actor import Actor


def record(
    session: Session, actor: Actor, action: str, subject_id: str, at: dt.datetime, **details: Any
) -> None:
    session.add(AuditEntry(at=at, actor=actor.id, action=action, subject_id=subject_id, details=details))
