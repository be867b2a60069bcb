"""The packaged concepts, for tests that only read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from catalogue.db import Database
from tests.databases import copied_sqlite


@pytest.fixture(scope="session")
def known(packaged_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with copied_sqlite(packaged_sqlite, tmp_path_factory.mktemp("known") / "db") as database:
        yield database


@pytest.fixture
def session(known: Database) -> Iterator[Session]:
    with known.read() as session:
        yield session
