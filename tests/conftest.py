"""What all tests share: a migrated database on both engines, a clock that stands still, a portal, an application.

`database` runs a test on SQLite and on PostgreSQL. PostgreSQL is reached by TEST_POSTGRESQL_URL, an address whose
user may make databases; without it these tests are skipped, except where CI=true promises a server.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text

from catalogue.db import Base, Database
from catalogue.migrate import upgrade
from catalogue.portal import Portal
from catalogue.search import make_engine
from catalogue.security import passwords
from catalogue.settings import Settings
from search.engine import Engine
from tests.seeded import seeded

# Registered here, once, so that all folders share one seeded portal.
__all__ = ["seeded"]

POSTGRESQL_URL = os.environ.get("TEST_POSTGRESQL_URL", "")
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    moment: dt.datetime = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.moment

    def advance(self, **span: float) -> dt.datetime:
        self.moment += dt.timedelta(**span)
        return self.moment


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> None:
    """argon2id with the least it takes: what these tests are about is not how long a guess takes."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database made by the migrations, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "portolan.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@contextmanager
def postgresql_database() -> Iterator[str]:
    """The address of a new, empty PostgreSQL database; skips or fails without a server."""
    if not POSTGRESQL_URL:
        if os.environ.get("CI") == "true":
            pytest.fail("TEST_POSTGRESQL_URL is not set, but CI promises a PostgreSQL server.")
        pytest.skip("TEST_POSTGRESQL_URL is not set")
    url = make_url(POSTGRESQL_URL).set(drivername="postgresql+psycopg")
    name = f"portolan_test_{uuid4().hex}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
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


def _empty(database: Database) -> None:
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with database.write() as session:
        session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@pytest.fixture
def sqlite(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database, for tests on which the kind of database has no bearing."""
    path = tmp_path / "sqlite" / "portolan.db"
    path.parent.mkdir()
    shutil.copy(migrated_sqlite, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def postgresql(migrated_postgresql: Database) -> Iterator[Database]:
    yield migrated_postgresql
    _empty(migrated_postgresql)


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database, once on SQLite and once on PostgreSQL."""
    found: Database = request.getfixturevalue(request.param)
    return found


def settings_for(database: Database, data_dir: Path, **env: str) -> Settings:
    """Settings as the environment would give them, for a database that exists."""
    url = database.url.render_as_string(hide_password=False)
    return Settings.from_env(
        {
            "PORTOLAN_DATA_DIR": str(data_dir),
            "PORTOLAN_DATABASE_URL": url,
            "PORTOLAN_BASE_URL": "https://portolan.example",
            "PORTOLAN_LOG_LEVEL": "warning",
            **env,
        }
    )


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return settings_for(database, tmp_path / "data")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A real engine over an empty index."""
    made = make_engine(Settings.from_env({"PORTOLAN_DATA_DIR": str(tmp_path / "data")}))
    with made.rebuild() as building:
        building.swap()
    return made


@pytest.fixture
def portal(settings: Settings, database: Database, engine: Engine, clock: Clock) -> Portal:
    return Portal(settings, database, engine, clock)


@pytest.fixture
def app(portal: Portal) -> Flask:
    from app import create_app

    made = create_app(portal=portal)
    made.testing = True
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
