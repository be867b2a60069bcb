"""The database: engine, naming convention, types, sessions and the unit of work.

`Database.read()` gives a session that never writes; `Database.write()` a unit of work that commits once, at its
end, or not at all. SQLite runs in WAL mode with full synchronisation and takes its write lock at once, so that two
writers queue instead of failing in the middle.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import orjson
import uuid_utils
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    SelectBase,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import result_tuple
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.compiler import ExpandedState, SQLCompiler
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
        with self.reading.connect() as connection, Session(connection, autoflush=False) as session:
            session.info[_CONNECTION] = connection
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A unit of work: all of it is committed at the end, or none."""
        with Session(self.writing) as session, session.begin():
            yield session

    def close(self) -> None:
        self.engine.dispose()


def ask(session: Session, question: SelectBase, values: Mapping[str, Any] | None = None) -> list[Any]:
    """Rows of a question that is made once and asked on every page: past the ORM, which would take
    three times as long as the answer.

    values: by the names of its parameters, lists for the expanding ones. What comes back is as the driver gives it:
    see `moment`. `read` and `write` give sessions of one transaction each, so that the connection is found once.
    """
    connection: Connection | None = session.info.get(_CONNECTION)
    if connection is None:
        connection = session.info[_CONNECTION] = session.connection()
    if not connection.in_transaction():
        connection.begin()
    return _question(question, connection.dialect).ask(connection, values or {})


def moment(value: str | dt.datetime) -> dt.datetime:
    """A moment in UTC, from what a driver gives for a column of `UtcDateTime`."""
    given = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return given.replace(tzinfo=dt.UTC) if given.tzinfo is None else given.astimezone(dt.UTC)


class _Question:
    """A question in the words of one database, put together once for every number of values in its lists."""

    def __init__(self, question: SelectBase, dialect: Dialect) -> None:
        compiled = question.compile(dialect=dialect)
        if not isinstance(compiled, SQLCompiler) or dialect.loaded_dbapi is None:
            raise TypeError("Only queries to a database can be asked.")
        self.compiled, self.errors = compiled, dialect.loaded_dbapi.Error
        names = [column.key or "" for column in question.selected_columns]
        # Of two columns with one name, as two tables have them, the first keeps it.
        self.row: Callable[[Sequence[Any]], Any] = result_tuple(
            ["" if name in names[:place] else name for place, name in enumerate(names)]
        )
        self.texts: dict[tuple[int, ...], tuple[ExpandedState, dict[str, Any]]] = {}

    def ask(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        text, given = self._filled_in(values)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(text, given)
            return list(map(self.row, cursor.fetchall()))
        except self.errors as error:
            raise DBAPIError.instance(text, None, error, self.errors) from error
        finally:
            cursor.close()

    def _filled_in(self, values: Mapping[str, Any]) -> tuple[str, Any]:
        lists = {name: list(value) for name, value in values.items() if not isinstance(value, str | int)}
        lengths = tuple(map(len, lists.values()))
        if lengths not in self.texts:
            state = self.compiled.construct_expanded_state({**values, **lists})
            self.texts[lengths] = state, {**self.compiled.params, **state.additional_parameters}
        state, constants = self.texts[lengths]
        given = {**constants, **values}
        for name, several in lists.items():
            given.update(zip(state.parameter_expansion[name], several, strict=True))
        if state.positiontup is None:
            return state.statement, given
        return state.statement, tuple([given[name] for name in state.positiontup])


@cache
def _question(question: SelectBase, dialect: Dialect) -> _Question:
    return _Question(question, dialect)


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
