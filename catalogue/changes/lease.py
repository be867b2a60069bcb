"""The lease: at most one holder numbers the change log and writes the index.

A lock of the operating system (SQLite) or of the session (PostgreSQL) dies with its process: a killed worker leaves
nothing to clean up.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from catalogue.db import Database

# Any constant does, as long as nothing else in the same database uses it.
ADVISORY_KEY = 0x504F5254


class LeaseTakenError(Exception):
    """Another process holds the lease."""


@contextmanager
def lease(database: Database, directory: Path) -> Iterator[None]:
    """Hold the lease within the block. Raises LeaseTakenError at once when somebody else does."""
    with _file_lease(directory) if database.is_sqlite else _advisory_lease(database):
        yield


@contextmanager
def _file_lease(directory: Path) -> Iterator[None]:
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "worker.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LeaseTakenError("Another worker is running.") from error
        yield


@contextmanager
def _advisory_lease(database: Database) -> Iterator[None]:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY})
        if not taken.scalar():
            raise LeaseTakenError("Another worker is running.")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_KEY})
