"""The migrations make exactly the tables of the models, forwards and backwards, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from catalogue.db import Base, Database
from catalogue.migrate import configuration, downgrade, is_current, upgrade
from tests.databases import BOTH, postgresql_database


@pytest.fixture(params=BOTH)
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'new' / 'bare.db'}")
        yield database
        database.close()
        return
    with postgresql_database() as url:
        database = Database(url)
        yield database
        database.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_a_migrated_database_has_the_schema_of_the_models(bare: Database) -> None:
    upgrade(bare)
    assert is_current(bare)
    with bare.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(bare: Database) -> None:
    upgrade(bare)
    upgrade(bare)
    assert tables(bare) == set(Base.metadata.tables)


def test_every_migration_can_be_taken_back_and_done_again(bare: Database) -> None:
    upgrade(bare)
    downgrade(bare, "base")
    assert tables(bare) == set()
    assert not is_current(bare)
    upgrade(bare)
    assert tables(bare) == set(Base.metadata.tables)


def test_each_step_down_and_up_again_ends_in_the_same_schema(bare: Database) -> None:
    script = ScriptDirectory.from_config(configuration())
    upgrade(bare)
    for _ in list(script.walk_revisions()):
        downgrade(bare, "-1")
    assert tables(bare) == set()
    for revision in reversed(list(script.walk_revisions())):
        upgrade(bare, revision.revision)
    assert is_current(bare)


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


def test_constraints_are_named_so_that_later_migrations_can_find_them(bare: Database) -> None:
    upgrade(bare)
    inspector = inspect(bare.engine)
    for table in Base.metadata.tables:
        for key in inspector.get_foreign_keys(table):
            assert key["name"] is not None
            assert key["name"].startswith(f"fk_{table}_")
        assert inspector.get_pk_constraint(table)["name"] == f"pk_{table}"


def test_a_database_that_was_never_migrated_is_not_current(bare: Database) -> None:
    Path(bare.url.database or "").parent.mkdir(exist_ok=True, parents=True) if bare.is_sqlite else None
    assert not is_current(bare)
