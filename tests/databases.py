"""Databases for tests, on SQLite and on PostgreSQL: made once, and copied for every test that asks for one.

bare                  no table                                   tests/test_migrations.py
database              migrated and empty
packaged              migrated, with the packaged concepts       for seeding and vocabularies
tests.seeded.seeded   the whole seed data with its index

Migrating takes a fraction of a second, the packaged concepts seconds, the seed data with its index a quarter of a
minute. That they can be made on each kind of database is tested by tests that begin with less: `test_migrations.py`,
`test_packaged_concepts_are_written_once`, `test_dates_are_relative_to_the_day_of_seeding`.

PostgreSQL is reached by TEST_POSTGRESQL_URL, an address whose user may make databases; without it its tests are
skipped, except where CI=true promises a server.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from catalogue.concepts.packaged import ensure_packaged
from catalogue.db import Base, Database
from catalogue.migrate import upgrade

POSTGRESQL_URL = os.environ.get("TEST_POSTGRESQL_URL", "")
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that `make` fills, once for all worker processes of a run; the others wait. To be copied, not used."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # each worker has a folder in that of the run
    made, begun = root / f"once-{name}", root / f"begun-{name}"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(begun, ignore_errors=True)  # of a worker whose attempt failed
            begun.mkdir()
            make(begun)
            begun.rename(made)
    return made


# SQLite


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database made by the migrations, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "portolan.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def packaged_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with nothing but the packaged concepts, to be copied."""

    def make(place: Path) -> None:
        database = Database(f"sqlite:///{place / 'portolan.db'}")
        upgrade(database)
        ensure_packaged(database)
        database.close()

    return once(tmp_path_factory, "packaged", make) / "portolan.db"


@contextmanager
def copied_sqlite(original: Path, folder: Path) -> Iterator[Database]:
    folder.mkdir()
    shutil.copy(original, folder / "portolan.db")
    database = Database(f"sqlite:///{folder / 'portolan.db'}")
    yield database
    database.close()


@pytest.fixture
def sqlite(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database, for tests on which the kind of database has no bearing."""
    with copied_sqlite(migrated_sqlite, tmp_path / "sqlite") as database:
        yield database


@pytest.fixture
def packaged_in_sqlite(packaged_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    with copied_sqlite(packaged_sqlite, tmp_path / "packaged") as database:
        yield database


# PostgreSQL


@contextmanager
def postgresql_database(template: str = "template1") -> Iterator[str]:
    """The address of a new PostgreSQL database, a copy of the template; skips or fails without a server."""
    if not POSTGRESQL_URL:
        if os.environ.get("CI") == "true":
            pytest.fail("TEST_POSTGRESQL_URL is not set, but CI promises a PostgreSQL server.")
        pytest.skip("TEST_POSTGRESQL_URL is not set")
    url = make_url(POSTGRESQL_URL).set(drivername="postgresql+psycopg")
    name = f"portolan_test_{uuid4().hex}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


@pytest.fixture(scope="session")
def migrated_postgresql() -> Iterator[Database]:
    """One migrated PostgreSQL database for the whole run; each test that used it leaves it empty."""
    with postgresql_database() as url:
        database = Database(url)
        upgrade(database)
        yield database
        database.close()


@pytest.fixture(scope="session")
def packaged_postgresql() -> Iterator[str]:
    """The name of a PostgreSQL database with nothing but the packaged concepts, to be a template."""
    with postgresql_database() as url:
        database = Database(url)
        upgrade(database)
        ensure_packaged(database)
        database.close()
        yield str(make_url(url).database)


def _empty(database: Database) -> None:
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with database.write() as session:
        session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@pytest.fixture
def postgresql(migrated_postgresql: Database) -> Iterator[Database]:
    yield migrated_postgresql
    _empty(migrated_postgresql)


@pytest.fixture
def packaged_in_postgresql(packaged_postgresql: str) -> Iterator[Database]:
    with postgresql_database(packaged_postgresql) as url:
        database = Database(url)
        yield database
        database.close()


# both


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database, once on SQLite and once on PostgreSQL."""
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=BOTH)
def packaged(request: pytest.FixtureRequest) -> Database:
    """A database with the packaged concepts, once on SQLite and once on PostgreSQL."""
    found: Database = request.getfixturevalue(f"packaged_in_{request.param}")
    return found
