"""A portal over the whole seed data, made once for all tests."""

from __future__ import annotations

import datetime as dt
import shutil
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
from tests.databases import once

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def open_portal(directory: Path, engine: str = "whoosh") -> Portal:
    """The portal of a directory as it is, searched by one engine or the other."""
    settings = Settings.from_env(
        {
            "PORTOLAN_DATA_DIR": str(directory),
            "PORTOLAN_BASE_URL": "https://portolan.example",
            "PORTOLAN_LOG_LEVEL": "warning",
            "PORTOLAN_SEARCH_URL": f"{engine}:",
        }
    )
    return Portal(settings, Database(settings.database_url), make_engine(settings), lambda: NOW)


def make_portal(directory: Path) -> Portal:
    """A seeded and indexed portal in a directory of its own; dates are relative to NOW."""
    portal = open_portal(directory)
    upgrade(portal.database)
    seed.seed(portal.database, OPERATOR, as_of=NOW.date(), at=NOW)
    indexer.rebuild(portal.database, portal.engine)
    indexer.catch_up(portal.database, portal.engine)
    return portal


def copy_portal(factory: pytest.TempPathFactory, engine: str = "whoosh") -> Portal:
    """A seeded and indexed portal of one's own, which may be changed."""

    def make(directory: Path) -> None:
        make_portal(directory).database.close()

    directory = factory.mktemp("seeded")
    shutil.copytree(once(factory, "seeded", make), directory, dirs_exist_ok=True)
    portal = open_portal(directory, engine)
    if engine != "whoosh":
        indexer.rebuild(portal.database, portal.engine)
    return portal


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The seeded portal for all tests that only read it."""
    portal = copy_portal(tmp_path_factory)
    yield portal
    portal.database.close()
