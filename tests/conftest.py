"""What all tests share: databases, a clock that stands still, a portal, an application."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache

from catalogue.db import Database
from catalogue.portal import Portal
from catalogue.search import make_engine
from catalogue.security import passwords
from catalogue.settings import Settings
from search.engine import Engine
from tests.databases import (
    database,
    migrated_postgresql,
    migrated_sqlite,
    packaged,
    packaged_in_postgresql,
    packaged_in_sqlite,
    packaged_postgresql,
    packaged_sqlite,
    postgresql,
    sqlite,
)
from tests.seeded import seeded

# Registered here, once, so that all folders share what is made once.
__all__ = [
    "database",
    "migrated_postgresql",
    "migrated_sqlite",
    "packaged",
    "packaged_in_postgresql",
    "packaged_in_sqlite",
    "packaged_postgresql",
    "packaged_sqlite",
    "postgresql",
    "seeded",
    "sqlite",
]


# Files of few tests that take long, by the beginning of their names.
SLOW = ("docs/test_shown", "browser/", "faults/", "real/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the slow files out first, so that no worker is left with one of them when the others have ended."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        here = Path(__file__).parent
        items.sort(key=lambda item: not item.path.relative_to(here).as_posix().startswith(SLOW))


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    moment: dt.datetime = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.moment

    def advance(self, **span: float) -> dt.datetime:
        self.moment += dt.timedelta(**span)
        return self.moment


REAL_HASHER = passwords._hasher


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> None:
    """argon2id with the least it takes: what these tests are about is not how long a guess takes."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Compiled(BytecodeCache):
    """Templates by name and content, compiled."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(autouse=True, scope="session")
def _templates_compiled_once() -> None:
    """Hundreds of tests make an application of their own, each with the same templates."""
    Flask.jinja_options = {"bytecode_cache": Compiled()}


@pytest.fixture
def clock() -> Clock:
    return Clock()


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
