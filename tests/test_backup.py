"""A backup brings everything back, on either kind of database, or nothing at all."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from catalogue import backup as backups
from catalogue.backup import BackupError, backup, restore
from catalogue.changes import indexer, log
from catalogue.db import Base, Database
from catalogue.migrate import upgrade
from catalogue.models import Change
from catalogue.offers import queries, service
from catalogue.security.actor import OPERATOR
from search.engine import Engine
from tests.databases import BOTH, postgresql_database
from tests.factories import NOW, published, titled


@pytest.fixture(params=BOTH)
def second(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Another empty, migrated database."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'second.db'}")
        upgrade(database)
        yield database
        database.close()
        return
    with postgresql_database() as url:
        database = Database(url)
        upgrade(database)
        yield database
        database.close()


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with a history: versions, a withdrawal, a redaction, numbered and unnumbered changes."""
    one = published(database)
    published(database, document=titled("Zweite Fassung: Grüße, 100 %, Ωμέγα"))
    with database.write() as session:
        log.number(session)
        service.redact(session, OPERATOR, one, 1, "A person was named", at=NOW)
    two = published(database, "W-2", titled("Bald fort"))
    with database.write() as session:
        service.withdraw(session, OPERATOR, two, "Ended", at=NOW)
    return database


def everything(database: Database) -> dict[str, list[Any]]:
    """All rows of all tables that last."""
    with database.read() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in backups.PASSING
        }


def test_a_restored_database_holds_what_the_first_one_held(
    filled: Database, second: Database, tmp_path: Path
) -> None:
    file = tmp_path / "backup.gz"
    said = backup(filled, file, NOW)
    rows = everything(filled)
    assert said == f"Backup: {sum(map(len, rows.values()))} rows in {file}."
    restore(second, file)
    assert everything(second) == rows


def test_work_goes_on_in_a_restored_database(
    filled: Database, second: Database, tmp_path: Path, engine: Engine
) -> None:
    backup(filled, tmp_path / "backup.gz", NOW)
    restore(second, tmp_path / "backup.gz")
    indexer.rebuild(second, engine)
    offer_id = published(second, "W-3", titled("Ganz neu"))
    indexer.catch_up(second, engine)
    assert offer_id in engine.versions()
    assert not indexer.compare(second, engine)
    with second.read() as session:
        assert session.scalars(select(Change.position).order_by(Change.id)).all() == [1, 2, 3, 4, 5, 6, 7]
        assert queries.count_published(session) == 2


def test_two_backups_of_the_same_state_say_the_same(filled: Database, tmp_path: Path) -> None:
    backup(filled, tmp_path / "a.gz", NOW)
    backup(filled, tmp_path / "b.gz", NOW)
    assert lines_of(tmp_path / "a.gz") == lines_of(tmp_path / "b.gz")


def test_a_backup_replaces_an_older_one_only_when_it_is_whole(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.gz"
    backup(filled, file, NOW)
    before = file.read_bytes()

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(backups, "_write", full)
        with pytest.raises(BackupError, match="No space left"):
            backup(filled, file, NOW)
    assert file.read_bytes() == before
    backup(filled, file, NOW)


def test_a_backup_into_a_directory_that_is_not_there_says_so(sqlite: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="could not be written"):
        backup(sqlite, tmp_path / "nowhere" / "backup.gz", NOW)


def test_a_database_that_is_not_empty_is_left_alone(filled: Database, tmp_path: Path) -> None:
    backup(filled, tmp_path / "backup.gz", NOW)
    before = everything(filled)
    with pytest.raises(BackupError, match="not empty"):
        restore(filled, tmp_path / "backup.gz")
    assert everything(filled) == before


def lines_of(file: Path) -> list[bytes]:
    return gzip.decompress(file.read_bytes()).splitlines(keepends=True)


def packed(*lines: bytes) -> bytes:
    return gzip.compress(b"".join(lines))


def _cut(file: Path) -> bytes:
    return file.read_bytes()[:-40]


def _damaged(file: Path) -> bytes:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    return bytes(data)


def _without_end(file: Path) -> bytes:
    return packed(*lines_of(file)[:-1])


def _without_a_row(file: Path) -> bytes:
    lines = lines_of(file)
    return packed(*lines[:2], *lines[3:])


def _altered(file: Path) -> bytes:
    return packed(*(line.replace(b"Bald fort", b"Bald da!!") for line in lines_of(file)))


def _with_more(file: Path) -> bytes:
    lines = lines_of(file)
    return packed(*lines, lines[1])


def signed(*lines: bytes) -> bytes:
    """A backup of these lines with a right count and checksum, as another version would write it."""
    end = {"rows": len(lines) - 1, "sha256": hashlib.sha256(b"".join(lines)).hexdigest()}
    return packed(*lines, orjson.dumps(end) + b"\n")


def _unknown_table(file: Path) -> bytes:
    lines = lines_of(file)
    return signed(lines[0], *lines[1:-1], b'{"table":"salary","row":{}}\n')


def _unknown_column(file: Path) -> bytes:
    lines = lines_of(file)
    return signed(lines[0], *lines[1:-1], b'{"table":"audit_entry","row":{"colour":"blue"}}\n')


def _twice(file: Path) -> bytes:
    lines = lines_of(file)
    return packed(*lines[:2], lines[1], *lines[2:])


def _other_format(file: Path) -> bytes:
    head = orjson.loads(lines_of(file)[0]) | {"format": "portolan-backup-99"}
    return packed(orjson.dumps(head) + b"\n", *lines_of(file)[1:])


DAMAGES = [
    _cut,
    _damaged,
    _without_end,
    _without_a_row,
    _altered,
    _with_more,
    _unknown_table,
    _unknown_column,
    _twice,
    _other_format,
    lambda _: b"",
    lambda _: b"not gzip",
    lambda _: packed(),
    lambda _: packed(b"not json\n"),
    lambda _: packed(b"[]\n"),
    lambda _: packed(b"7\n"),
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Path:
    """A sound backup of a small catalogue."""
    place = tmp_path_factory.mktemp("sound")
    shutil.copy(migrated_sqlite, place / "portolan.db")
    database = Database(f"sqlite:///{place / 'portolan.db'}")
    published(database, document=titled("Bald fort"))
    backup(database, place / "backup.gz", NOW)
    database.close()
    return place / "backup.gz"


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_from_a_damaged_backup_nothing_is_restored(
    damage: Any, database: Database, sound: Path, tmp_path: Path
) -> None:
    file = tmp_path / "damaged.gz"
    file.write_bytes(damage(sound))
    with pytest.raises(BackupError):
        restore(database, file)
    assert not any(everything(database).values())
    assert restore(database, sound).startswith("Restored")


def test_a_backup_that_is_not_there_is_named(sqlite: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"missing\.gz is not a readable backup"):
        restore(sqlite, tmp_path / "missing.gz")
