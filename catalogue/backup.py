"""Backup and restore: every row of every table in one compressed file, the same for SQLite and PostgreSQL.

The file is gzip over JSON lines: a header, one line per row, a last line with the count and a checksum over all
lines before it. A backup is taken from one snapshot, so it can be taken while the portal is in use.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import os
import zlib
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import Select, Table, delete, func, insert, select
from sqlalchemy.orm import Session

from catalogue.audit import chain
from catalogue.concepts.model import PACKAGED
from catalogue.db import Database, UtcDateTime
from catalogue.models import Attempts, AuditEntry, Base, Change, Consumer, MailedToken, PersonSession

FORMAT: Final = "portolan-backup-1"
CHUNK: Final = 500
# Not kept: what can be made again, and what must not come back to life: sessions and links that have ended since.
PASSING: Final = {table.__tablename__ for table in (Consumer, Attempts, MailedToken, PersonSession)}


class BackupError(Exception):
    """The backup could not be written or read; the message says why."""


def _tables() -> list[Table]:
    """Every table that holds something that lasts."""
    return [table for table in Base.metadata.sorted_tables if table.name not in PASSING]


def _kept(table: Table) -> Select[Any]:
    """The rows that go into a backup; of vocabularies those that were loaded, as the others come with Portolan."""
    rows = select(table)
    return rows.where(table.c.source != PACKAGED) if "source" in table.columns else rows


def backup(database: Database, file: Path, at: dt.datetime) -> str:
    """Write a backup beside `file` and move it there when it is whole. Raises BackupError."""
    part = file.with_name(file.name + ".part")
    try:
        with part.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as out:
            rows = _write(database, out, at)
            out.close()
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BackupError(f"The backup could not be written: {error}.") from error
    return f"Backup: {rows} rows in {file}."


def _write(database: Database, out: gzip.GzipFile, at: dt.datetime) -> int:
    digest, rows = hashlib.sha256(), 0

    def put(value: dict[str, Any]) -> None:
        line = orjson.dumps(value) + b"\n"
        digest.update(line)
        out.write(line)

    put({"format": FORMAT, "at": at.isoformat()})
    with database.read() as session:
        for table in _tables():
            for row in session.execute(_kept(table).execution_options(yield_per=CHUNK)):
                put({"table": table.name, "row": row._asdict()})
                rows += 1
    out.write(orjson.dumps({"rows": rows, "sha256": digest.hexdigest()}) + b"\n")
    return rows


def restore(database: Database, file: Path) -> str:
    """Fill an empty database, all or nothing. Raises BackupError."""
    try:
        with gzip.open(file, "rb") as source:
            _verify(source)
        with database.write() as session, gzip.open(file, "rb") as source:
            _require_empty(session)
            _make_room(session)
            rows = _read(session, source)
            chain.append_unchained(session)
            _mend_sequences(database, session)
    except (OSError, EOFError, zlib.error, orjson.JSONDecodeError) as error:
        raise BackupError(f"{file} is not a readable backup: {error}.") from error
    except KeyError as error:
        raise BackupError(f"{file} holds what this version of Portolan does not know: {error}.") from error
    return f"Restored {rows} rows."


def _require_empty(session: Session) -> None:
    for table in _tables():
        if session.scalar(select(func.count()).select_from(_kept(table).subquery())):
            raise BackupError(f"The database is not empty (table {table.name}); restore into a new one.")


def _make_room(session: Session) -> None:
    """What comes with Portolan may be in the backup too, as part of what was loaded; it comes again by itself."""
    for table in _tables():
        if "source" in table.columns:
            session.execute(delete(table))


def _verify(source: gzip.GzipFile) -> None:
    """Read the whole file before the database is touched: format, number of rows, checksum."""
    head = source.readline()
    if _mapping(head).get("format") != FORMAT:
        raise BackupError("This is not a backup of Portolan.")
    digest, rows, line = hashlib.sha256(head), 0, source.readline()
    while following := source.readline():
        digest.update(line)
        rows, line = rows + 1, following
    if _mapping(line) != {"rows": rows, "sha256": digest.hexdigest()}:
        raise BackupError("The backup is cut off or damaged; nothing was restored.")


def _mapping(line: bytes) -> dict[str, Any]:
    value = orjson.loads(line)
    return value if isinstance(value, dict) else {}


def _read(session: Session, source: gzip.GzipFile) -> int:
    tables = {table.name: table for table in _tables()}
    entries = (entry for entry in map(orjson.loads, source) if "table" in entry)
    rows = 0
    for name, group in groupby(entries, itemgetter("table")):
        table = tables[name]
        while batch := [_values(table, entry["row"]) for entry in islice(group, CHUNK)]:
            session.execute(insert(table), batch)
            rows += len(batch)
    return rows


def _values(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Moments come back from JSON as texts."""
    if unknown := row.keys() - {column.name for column in table.columns}:
        raise KeyError(f"{table.name}.{min(unknown)}")
    moments = {column.name for column in table.columns if isinstance(column.type, UtcDateTime)}
    return {
        name: dt.datetime.fromisoformat(value) if name in moments and value is not None else value
        for name, value in row.items()
    }


def _mend_sequences(database: Database, session: Session) -> None:
    """PostgreSQL's sequences do not notice rows that bring their own numbers."""
    if database.is_sqlite:
        return
    for table in (Change, AuditEntry):
        last = select(func.coalesce(func.max(table.id), 1)).scalar_subquery()
        session.execute(select(func.setval(func.pg_get_serial_sequence(table.__tablename__, "id"), last)))
