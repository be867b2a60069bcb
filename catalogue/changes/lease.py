"""The lease: at most one holder numbers the change log and writes the index.

A lock of the operating system (SQLite) or of the session (PostgreSQL) dies with its process: a killed worker leaves
nothing to clean up.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from catalogue.db import Database

# Any constant does, as long as nothing else in the same database uses it.
ADVISORY_KEY = 0x504F5254


class LeaseTakenError(Exception):
    """Another process holds the lease."""


class LeaseLostError(Exception):
    """The lease was held and is no longer: the server dropped the session that held it."""


@contextmanager
def lease(database: Database, directory: Path) -> Iterator[Callable[[], None]]:
    """Hold the lease within the block, which gets a check that raises LeaseLostError once it is lost.

    Raises LeaseTakenError at once when somebody else holds it.
    """
    with _file_lease(directory) if database.is_sqlite else _advisory_lease(database) as still_held:
        yield still_held


@contextmanager
def _file_lease(directory: Path) -> Iterator[Callable[[], None]]:
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "worker.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LeaseTakenError("Another worker is running.") from error
        # The operating system takes a file lock from nobody who lives.
        yield lambda: None


@contextmanager
def _advisory_lease(database: Database) -> Iterator[Callable[[], None]]:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY})
        if not taken.scalar():
            raise LeaseTakenError("Another worker is running.")
        try:
            yield lambda: _check(connection)
        finally:
            with suppress(SQLAlchemyError):
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_KEY})


def _check(connection: Connection) -> None:
    """Any answer on the same session proves that it still holds its lock."""
    try:
        connection.execute(text("SELECT 1"))
    except DBAPIError as error:
        raise LeaseLostError("The database dropped the session that held the lease.") from error
