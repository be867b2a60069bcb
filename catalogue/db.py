"""The database: engine, naming convention, types, sessions and the unit of work.

`Database.read()` gives a session that never writes; `Database.write()` a unit of work that commits once, at its
end, or not at all. SQLite runs in WAL mode with full synchronisation and takes its write lock at once, so that two
writers queue instead of failing in the middle.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
import uuid_utils
from sqlalchemy import (
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MS = 10_000
_CONNECTION = "connection of the transaction"
# So much of the file is read where the system keeps it, without a copy and a call for each page.
MAPPED_BYTES = 2**30


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[dt.datetime]):
    """Moments with a time zone, kept in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without time zone.")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may say what happens on a conflict, in the dialect of the database."""
    dialect = session.get_bind().dialect.name
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def new_id() -> str:
    """A UUIDv7: unique, and sorted by the time it was made."""
    return str(uuid_utils.uuid7())


def utc_now() -> dt.datetime:
    """The one clock; functions that need another moment take it as a parameter."""
    return dt.datetime.now(dt.UTC)


class Database:
    """An engine and its two kinds of sessions."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.engine = _make_engine(url)
        self.writing = self.engine.execution_options(portolan_write=True)
        # A page reads several times; on PostgreSQL it asks for one snapshot, as SQLite gives anyway.
        reading = (
            {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        self.reading = self.engine.execution_options(**reading)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading one consistent state."""
        with Session(self.reading, autoflush=False) as session:
            yield session
            session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A unit of work: all of it is committed at the end, or none."""
        with Session(self.writing) as session, session.begin():
            yield session

    def close(self) -> None:
        self.engine.dispose()


def ask(
    session: Session, question: Executable, values: Mapping[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Rows of a question that asks for columns, not for objects: past the ORM, which would double its time.

    `read` and `write` give sessions of one transaction each, so that the connection is found once.
    """
    connection: Connection | None = session.info.get(_CONNECTION)
    if connection is None:
        connection = session.info[_CONNECTION] = session.connection()
    return connection.execute(question, values)


def _make_engine(url: str) -> Engine:
    sqlite = make_url(url).get_backend_name() == "sqlite"
    options: dict[str, Any] = {
        "json_serializer": _dumps,
        "json_deserializer": orjson.loads,
        "pool_pre_ping": not sqlite,
    }
    if sqlite:
        options["connect_args"] = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
    else:
        options["connect_args"] = {"connect_timeout": 5}
    engine = create_engine(url, **options)
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # The driver's own transaction handling would begin too late and too weakly; `_begin_sqlite` does it.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        f"mmap_size={MAPPED_BYTES}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    immediate = connection.get_execution_options().get("portolan_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
