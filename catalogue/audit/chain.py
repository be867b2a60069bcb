"""The hash chain of the audit log: each entry holds the hash of the one before and of its own canonical content.

Entries are chained when their unit of work commits, as its last step: whoever chains holds the row of the head until
the commit, so that two never follow the same entry, and nobody who holds it waits for anything else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import rfc8785
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from catalogue.audit.model import AuditEntry, AuditHead
from catalogue.db import insert_into

BEGINNING = "0" * 64
CHUNK = 1000
_HEAD = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """Number of entries, hash of the last one, and what is wrong, if anything."""

    entries: int
    head: str
    faults: tuple[str, ...]


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of what an entry says and what it follows."""
    content = {
        "position": entry.position,
        "previous": entry.previous,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "subject_id": entry.subject_id,
        "details": entry.details,
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def append(session: Session, entries: Sequence[AuditEntry]) -> None:
    """Chain entries of this unit of work; those that a savepoint took back are left out."""
    session.flush()
    kept = [entry for entry in entries if inspect(entry).persistent]
    if not kept:
        return
    head = _held_head(session)
    for entry in kept:
        entry.position, entry.previous = head.position + 1, head.hash
        entry.hash = hash_of(entry)
        head.position, head.hash = entry.position, entry.hash
    session.flush()


def append_unchained(session: Session) -> None:
    """Chain what a backup from before the chain brought, in its order."""
    rows = session.scalars(select(AuditEntry).where(AuditEntry.position.is_(None)).order_by(AuditEntry.id))
    append(session, rows.all())


def _held_head(session: Session) -> AuditHead:
    first = insert_into(session, AuditHead).values(id=_HEAD, position=0, hash=BEGINNING)
    session.execute(first.on_conflict_do_nothing())
    return session.get_one(AuditHead, _HEAD, with_for_update=True, populate_existing=True)


def verify(session: Session) -> Verdict:
    """Walk along the chain from its beginning; an edit, a deletion, a reordering or an addition shows."""
    position, last, faults = 0, BEGINNING, []
    for entry in _in_order(session):
        if entry.position != position + 1:
            faults.append(f"Entries {position + 1} to {(entry.position or 0) - 1} are missing.")
        elif entry.previous != last:
            faults.append(f"Entry {entry.position} does not follow the one before it.")
        if entry.hash != hash_of(entry):
            faults.append(f"Entry {entry.position} was changed.")
        position, last = entry.position or 0, entry.hash or ""
        session.expunge(entry)
    faults += _faults_at_the_end(session, position, last)
    return Verdict(position, last, tuple(faults))


def _in_order(session: Session) -> Iterator[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.position.is_not(None)).order_by(AuditEntry.position)
    yield from session.scalars(query.execution_options(yield_per=CHUNK))


def _faults_at_the_end(session: Session, position: int, last: str) -> Iterator[str]:
    head = session.get(AuditHead, _HEAD)
    if (head.position, head.hash) != (position, last) if head else position:
        yield f"The chain ends at entry {position}, but its head is another: entries at the end are missing."
    outside = select(func.count()).select_from(AuditEntry).where(AuditEntry.position.is_(None))
    if number := session.scalar(outside):
        yield f"{number} entries are outside of the chain."
