"""A database that knows the packaged concepts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from catalogue.concepts.packaged import ensure_packaged
from catalogue.db import Database


@pytest.fixture(scope="session")
def packaged_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with nothing but the packaged concepts, to be copied or read."""
    path = tmp_path_factory.mktemp("packaged") / "portolan.db"
    shutil.copy(migrated_sqlite, path)
    database = Database(f"sqlite:///{path}")
    ensure_packaged(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def known(packaged_sqlite: Path) -> Iterator[Database]:
    """The packaged concepts, for tests that only read."""
    database = Database(f"sqlite:///{packaged_sqlite}")
    yield database
    database.close()


@pytest.fixture
def session(known: Database) -> Iterator[Session]:
    with known.read() as session:
        yield session
