"""A portal over the whole seed data, made once for all tests that only read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue import seed
from catalogue.changes import indexer
from catalogue.db import Database
from catalogue.migrate import upgrade
from catalogue.portal import Portal
from catalogue.search import make_engine
from catalogue.security.actor import OPERATOR
from catalogue.settings import Settings

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def make_portal(directory: Path, **env: str) -> Portal:
    """A seeded and indexed portal in a directory of its own; dates are relative to NOW."""
    settings = Settings.from_env(
        {
            "PORTOLAN_DATA_DIR": str(directory),
            "PORTOLAN_BASE_URL": "https://portolan.example",
            "PORTOLAN_LOG_LEVEL": "warning",
            **env,
        }
    )
    database = Database(settings.database_url)
    upgrade(database)
    seed.seed(database, OPERATOR, as_of=NOW.date(), at=NOW)
    engine = make_engine(settings)
    indexer.rebuild(database, engine)
    indexer.catch_up(database, engine)
    return Portal(settings, database, engine, lambda: NOW)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    portal = make_portal(tmp_path_factory.mktemp("seeded"))
    yield portal
    portal.database.close()
