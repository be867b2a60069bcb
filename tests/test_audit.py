"""The audit log is a chain: what was changed, removed, moved or slipped in shows."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app import portolan
from catalogue.audit import chain
from catalogue.audit.log import record
from catalogue.audit.model import AuditEntry, AuditHead
from catalogue.backup import backup, restore
from catalogue.db import Database
from catalogue.migrate import downgrade, upgrade
from catalogue.security.actor import Actor
from tests.databases import BOTH
from tests.factories import NOW
from tests.test_backup import second, signed

__all__ = ["second"]
CLERK = Actor("clerk")


def note(database: Database, number: int) -> None:
    with database.write() as session:
        record(session, CLERK, "offer:save", str(number), NOW, version=number, text="Grüße")


def faults(database: Database) -> tuple[str, ...]:
    with database.read() as session:
        return chain.verify(session).faults


@pytest.fixture
def log(database: Database) -> Database:
    """A database whose log has nine entries."""
    for number in range(1, 10):
        note(database, number)
    return database


def test_every_entry_holds_the_hash_of_the_one_before(log: Database) -> None:
    with log.read() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.position)).all()
        head = session.get_one(AuditHead, 1)
        assert [entry.position for entry in entries] == list(range(1, 10))
        assert entries[0].previous == chain.BEGINNING
        assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
        assert (head.position, head.hash) == (9, entries[-1].hash)
    assert faults(log) == ()


def test_an_empty_log_is_in_order(database: Database) -> None:
    with database.read() as session:
        assert chain.verify(session) == chain.Verdict(0, chain.BEGINNING, ())


def swap(session: Session) -> None:
    """Let the fourth and the fifth entry change places, with their hashes made anew."""
    fourth, fifth = (
        session.scalars(select(AuditEntry).where(AuditEntry.position == n)).one() for n in (4, 5)
    )
    fourth.position = None
    session.flush()
    fifth.position, fifth.previous = 4, fourth.previous
    session.flush()
    fourth.position = 5
    fifth.hash = chain.hash_of(fifth)
    fourth.previous = fifth.hash
    fourth.hash = chain.hash_of(fourth)


def renumber(session: Session) -> None:
    """Remove the fourth entry and close the gap, without making the hashes anew."""
    session.execute(delete(AuditEntry).where(AuditEntry.position == 4))
    for position in range(5, 10):
        session.execute(
            update(AuditEntry).where(AuditEntry.position == position).values(position=position - 1)
        )


def forge(session: Session) -> None:
    session.execute(
        insert(AuditEntry).values(at=NOW, actor="ghost", action="offer:save", subject_id="1", details={})
    )


TAMPERINGS: dict[str, tuple[Callable[[Session], object], str]] = {
    "another actor": (
        lambda s: s.execute(update(AuditEntry).where(AuditEntry.position == 4).values(actor="somebody")),
        "Entry 4 was changed",
    ),
    "another moment": (
        lambda s: s.execute(
            update(AuditEntry).where(AuditEntry.position == 4).values(at=NOW + dt.timedelta(microseconds=1))
        ),
        "Entry 4 was changed",
    ),
    "other details": (
        lambda s: s.execute(
            update(AuditEntry).where(AuditEntry.position == 4).values(details={"version": 5})
        ),
        "Entry 4 was changed",
    ),
    "a deletion": (
        lambda s: s.execute(delete(AuditEntry).where(AuditEntry.position == 4)),
        "Entries 4 to 4 are missing",
    ),
    "a deletion at the beginning": (
        lambda s: s.execute(delete(AuditEntry).where(AuditEntry.position <= 2)),
        "Entries 1 to 2 are missing",
    ),
    "a deletion at the end": (
        lambda s: s.execute(delete(AuditEntry).where(AuditEntry.position == 9)),
        "entries at the end are missing",
    ),
    "a deletion with the gap closed": (renumber, "does not follow"),
    "everything deleted": (lambda s: s.execute(delete(AuditEntry)), "entries at the end are missing"),
    "a reordering": (swap, "Entry 6 does not follow"),
    "an entry slipped in": (forge, "1 entries are outside"),
    "no head": (lambda s: s.execute(delete(AuditHead)), "its head is another"),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_whatever_was_done_to_the_log_shows(log: Database, tampering: str) -> None:
    tamper, said = TAMPERINGS[tampering]
    with log.write() as session:
        tamper(session)
    assert any(said in fault for fault in faults(log)), faults(log)


def test_a_forged_entry_is_not_made_good_by_the_next_true_one(log: Database) -> None:
    with log.write() as session:
        forge(session)
    note(log, 10)
    assert faults(log) == ("1 entries are outside of the chain.",)


def test_entries_that_are_written_at_once_form_one_chain(database: Database) -> None:
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda number: note(database, number), range(100)))
    with database.read() as session:
        verdict = chain.verify(session)
    assert (verdict.entries, verdict.faults) == (100, ())


def test_what_was_taken_back_leaves_no_gap(database: Database) -> None:
    with database.write() as session:
        record(session, CLERK, "offer:save", "1", NOW)
        with session.begin_nested():
            record(session, CLERK, "offer:save", "2", NOW)
        with suppress(RuntimeError), session.begin_nested():
            record(session, CLERK, "offer:save", "3", NOW)
            session.flush()
            raise RuntimeError
        record(session, CLERK, "offer:save", "4", NOW)
    with suppress(RuntimeError), database.write() as session:
        record(session, CLERK, "offer:save", "5", NOW)
        session.flush()
        raise RuntimeError
    note(database, 6)
    with database.read() as session:
        query = select(AuditEntry.subject_id).order_by(AuditEntry.position)
        assert session.scalars(query).all() == ["1", "2", "4", "6"]
    assert faults(database) == ()


def test_the_chain_survives_backup_and_restore_and_goes_on(
    log: Database, second: Database, tmp_path: Path
) -> None:
    backup(log, tmp_path / "backup.gz", NOW)
    restore(second, tmp_path / "backup.gz")
    note(second, 10)
    with log.read() as one, second.read() as other:
        assert chain.verify(one).head != chain.verify(other).head
        assert chain.verify(other).entries == 10
    assert faults(second) == ()


def test_a_backup_from_before_the_chain_is_chained_on_restoring(
    log: Database, second: Database, tmp_path: Path
) -> None:
    backup(log, tmp_path / "backup.gz", NOW)
    lines = [
        orjson.loads(line) for line in gzip.decompress((tmp_path / "backup.gz").read_bytes()).splitlines()
    ]
    older = [line for line in lines[:-1] if line.get("table") != "audit_head"]
    for line in older[1:]:
        for name in ("position", "previous", "hash"):
            line["row"].pop(name)
    (tmp_path / "older.gz").write_bytes(signed(*(orjson.dumps(line) + b"\n" for line in older)))
    restore(second, tmp_path / "older.gz")
    with log.read() as one, second.read() as other:
        assert chain.verify(one) == chain.verify(other)


@pytest.mark.parametrize("database", BOTH, indirect=True)
def test_a_migration_chains_what_was_there_before(log: Database) -> None:
    with log.read() as session:
        before = chain.verify(session)
    downgrade(log, "0003")
    upgrade(log)
    with log.read() as session:
        assert chain.verify(session) == before


def test_the_command_says_how_the_log_stands(app: Flask, log: Database) -> None:
    def run() -> tuple[int, str]:
        result = CliRunner().invoke(portolan, ["audit", "verify"], obj=_info(app))
        return result.exit_code, result.output

    code, said = run()
    assert (code, said[:25]) == (0, "9 entries, all in order. ")
    with log.write() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.position == 4))
    code, said = run()
    assert code == 1
    assert "Entries 4 to 4 are missing." in said


def _info(app: Flask) -> object:
    from flask.cli import ScriptInfo

    return ScriptInfo(create_app=lambda: app)
