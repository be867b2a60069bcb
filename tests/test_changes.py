"""The change log: written with the change, numbered after commit, followed by the worker, mirrored by the index."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text

from catalogue.changes import indexer, log
from catalogue.changes.lease import LeaseLostError, LeaseTakenError, lease
from catalogue.changes.model import Change, Consumer
from catalogue.changes.worker import Worker
from catalogue.db import Database
from catalogue.offers import queries, service
from catalogue.offers.facets import FACETS
from catalogue.offers.model import Offer, OfferVersion
from catalogue.portal import Portal
from catalogue.search import find
from catalogue.security.actor import OPERATOR
from search.engine import Engine, IndexUnavailableError
from search.query import SearchQuery
from search.results import Results
from tests.conftest import settings_for
from tests.factories import NOW, PROVIDER, complete_offer, provider, published, titled


def found(portal: Portal, words: str = "", **selections: str) -> Results:
    """A search as a page would make it."""
    args = [*([("q", words)] if words else []), *selections.items()]
    query, problems = SearchQuery.from_args(args, FACETS, ("de", "en"))
    assert problems == ()
    with portal.database.read() as session:
        return find(session, portal.engine, query, as_of=NOW)


def ids(results: Results) -> set[str]:
    return {hit.id for hit in results.hits}


def withdraw(database: Database, offer_id: str) -> None:
    with database.write() as session:
        service.withdraw(session, OPERATOR, offer_id, "", at=NOW)


def positions(database: Database) -> list[tuple[int | None, str, str]]:
    with database.read() as session:
        rows = session.scalars(select(Change).order_by(Change.id)).all()
        return [(row.position, row.kind, row.action) for row in rows]


# The log


def test_changes_are_logged_in_order_and_numbered_only_when_the_holder_of_the_lease_says_so(
    database: Database,
) -> None:
    offer_id = published(database)
    withdraw(database, offer_id)
    lines = [("organisation", "published"), ("offer", "published"), ("offer", "withdrawn")]
    assert positions(database) == [(None, *line) for line in lines]
    with database.write() as session:
        assert log.number(session) == 3
    assert positions(database) == [(number, *line) for number, line in enumerate(lines, start=1)]
    with database.write() as session:
        assert log.number(session) == 0
        assert log.last_position(session) == 3


def test_a_reader_sees_what_lies_behind_its_cursor_in_order(database: Database) -> None:
    published(database)
    published(database, "W-2")
    with database.write() as session:
        log.number(session)
    with database.read() as session:
        assert [change.position for change in log.after(session, 0, 10)] == [1, 2, 3]
        assert [change.position for change in log.after(session, 1, 1)] == [2]
        assert log.after(session, 3, 10) == []


def test_what_was_rolled_back_leaves_no_gap(database: Database) -> None:
    published(database)

    def fail() -> None:
        with database.write() as session:
            log.append(session, "offer", "nobody", 1, "published", NOW)
            session.flush()
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power"):
        fail()
    published(database, "W-2")
    with database.write() as session:
        log.number(session)
    assert [position for position, _, _ in positions(database)] == [1, 2, 3]


def test_a_transaction_that_commits_late_is_not_skipped(postgresql: Database) -> None:
    """The first to draw an id from the sequence commits last; it must still come after the cursor."""
    provider(postgresql)
    with postgresql.write() as slow:
        log.append(slow, "offer", "slow", 1, "published", NOW)
        slow.flush()
        published(postgresql, "quick")
        with postgresql.write() as session:
            log.number(session)
            last = log.last_position(session)
    with postgresql.write() as session:
        log.number(session)
    with postgresql.read() as session:
        assert [change.subject_id for change in log.after(session, last, 10)] == ["slow"]


def test_pending_counts_what_the_index_has_not_handled(database: Database, engine: Engine) -> None:
    published(database)
    with database.read() as session:
        assert log.pending(session) == 2
    indexer.catch_up(database, engine)
    with database.read() as session:
        assert log.pending(session) == 0


def test_an_unchanged_offer_makes_no_change(database: Database) -> None:
    published(database)
    published(database)
    assert len(positions(database)) == 2


# The index follows


def test_a_published_offer_is_found_once_the_worker_has_been_there(portal: Portal) -> None:
    offer_id = published(portal.database)
    assert found(portal).total == 0
    assert indexer.step(portal.database, portal.engine) == 2
    assert ids(found(portal)) == {offer_id}
    assert ids(found(portal, "wundversorgung")) == {offer_id}
    assert ids(found(portal, "dressing wounds")) == {offer_id}
    assert ids(found(portal, eqf="5", mode="blended")) == {offer_id}
    assert indexer.step(portal.database, portal.engine) == 0


def test_a_withdrawn_offer_is_gone_from_hits_totals_and_counts_before_the_worker_has_heard(
    portal: Portal,
) -> None:
    gone = published(portal.database, "W-1", complete_offer())
    stays = published(portal.database, "W-2", titled("Wunden", languages=["de"]))
    indexer.catch_up(portal.database, portal.engine)
    assert found(portal, "wunden").total == 2
    withdraw(portal.database, gone)
    for _ in range(2):
        results = found(portal)
        assert (results.total, ids(results)) == (1, {stays})
        assert results.facets["eqf"] == {"not-stated": 1}
        assert results.facets["provider"] == {PROVIDER: 1}
        assert ids(found(portal, "wunden")) == {stays}
        indexer.catch_up(portal.database, portal.engine)
    with portal.database.read() as session:
        assert queries.hidden_ids(session) == frozenset()
    assert set(portal.engine.versions()) == {stays}


def test_an_offer_that_is_published_again_comes_back(portal: Portal) -> None:
    offer_id = published(portal.database)
    indexer.catch_up(portal.database, portal.engine)
    withdraw(portal.database, offer_id)
    indexer.catch_up(portal.database, portal.engine)
    with portal.database.write() as session:
        service.publish(session, OPERATOR, offer_id, "minimal", at=NOW)
    indexer.catch_up(portal.database, portal.engine)
    assert ids(found(portal)) == {offer_id}


def test_a_new_version_replaces_the_old_one(portal: Portal) -> None:
    offer_id = published(portal.database, document=titled("Imkerei lernen"))
    indexer.catch_up(portal.database, portal.engine)
    assert ids(found(portal, "imkerei")) == {offer_id}
    published(portal.database, document=titled("Schafe scheren"))
    indexer.catch_up(portal.database, portal.engine)
    assert found(portal, "imkerei").total == 0
    assert ids(found(portal, "schafe")) == {offer_id}


def test_a_change_of_an_organisation_reaches_all_its_offers(portal: Portal) -> None:
    one, two = (published(portal.database, ref, titled(f"Bienen {ref}")) for ref in ("A", "B"))
    other = published(portal.database, "C", titled("Bienen C"), slug="akademie-muster")
    indexer.catch_up(portal.database, portal.engine)
    before = dict(portal.engine.versions())
    provider(portal.database, country="AT", legal_name="Umgezogene Schule")
    indexer.catch_up(portal.database, portal.engine)
    assert ids(found(portal, country="AT")) == {one, two}
    assert ids(found(portal, "umgezogene")) == {one, two}
    after = portal.engine.versions()
    assert after[one] > before[one]
    assert after[other] == before[other]
    assert not indexer.compare(portal.database, portal.engine)


def test_a_crash_between_index_and_cursor_repeats_and_never_skips(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer_id = published(portal.database)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(indexer, "_advance", crash)
        with pytest.raises(KeyboardInterrupt):
            indexer.step(portal.database, portal.engine)
    with portal.database.read() as session:
        assert log.pending(session) == 2
    assert indexer.step(portal.database, portal.engine) == 2
    assert ids(found(portal)) == {offer_id}


def test_more_changes_than_one_batch_are_all_handled(sqlite: Database, engine: Engine) -> None:
    with sqlite.write() as session:
        for number in range(indexer.BATCH + 5):
            log.append(session, "offer", f"never-there-{number}", 1, "withdrawn", NOW)
    assert indexer.step(sqlite, engine) == indexer.BATCH
    assert indexer.catch_up(sqlite, engine) == 5


# Rebuild, compare, repair


def test_a_rebuilt_index_holds_what_the_database_holds(portal: Portal) -> None:
    published(portal.database)
    gone = published(portal.database, "W-2")
    withdraw(portal.database, gone)
    steps: list[tuple[int, int]] = []
    generation = portal.engine.status().generation
    assert indexer.rebuild(portal.database, portal.engine, lambda *step: steps.append(step)) == 1
    assert steps == [(1, 1)]
    assert portal.engine.status().generation != generation
    assert not indexer.compare(portal.database, portal.engine)
    with portal.database.read() as session:
        assert log.pending(session) == 0


def test_changes_during_a_rebuild_are_handled_after_it(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(portal.database)
    read_all = queries.all_published

    def slow(session: object) -> Iterator[queries.PublishedOffer]:
        yield from list(read_all(session))  # type: ignore[arg-type]
        published(portal.database, "meanwhile", titled("Zwischendurch"))

    monkeypatch.setattr(queries, "all_published", slow)
    indexer.rebuild(portal.database, portal.engine)
    monkeypatch.undo()
    assert found(portal, "zwischendurch").total == 0
    indexer.catch_up(portal.database, portal.engine)
    assert found(portal, "zwischendurch").total == 1
    assert not indexer.compare(portal.database, portal.engine)


def test_a_rebuild_that_differs_from_the_database_leaves_the_old_index_in_use(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(portal.database)
    indexer.catch_up(portal.database, portal.engine)
    before = portal.engine.status()
    monkeypatch.setattr(queries, "all_published", lambda _: iter(()))
    with pytest.raises(indexer.RebuildFailedError):
        indexer.rebuild(portal.database, portal.engine)
    assert portal.engine.status() == before


def test_comparing_finds_what_is_missing_stale_and_surplus_and_repair_mends_it(portal: Portal) -> None:
    kept, stale, missing = (published(portal.database, ref, titled(f"Bienen {ref}")) for ref in "ABC")
    surplus = published(portal.database, "D")
    indexer.catch_up(portal.database, portal.engine)
    portal.engine.write([], [missing])
    with portal.database.write() as session:
        session.get_one(Offer, surplus).state = "archived"
    published(portal.database, "B", titled("Neue Bienen"))
    difference = indexer.compare(portal.database, portal.engine)
    assert (difference.missing, difference.stale, difference.surplus) == ((missing,), (stale,), (surplus,))
    indexer.repair(portal.database, portal.engine, difference)
    assert not indexer.compare(portal.database, portal.engine)
    assert set(portal.engine.versions()) == {kept, stale, missing}


def test_a_document_that_is_too_new_is_replaced_by_repair(portal: Portal) -> None:
    """As after a restore of an older backup."""
    published(portal.database, document=titled("Alt"))
    published(portal.database, document=titled("Neu"))
    indexer.catch_up(portal.database, portal.engine)
    with portal.database.write() as session:
        offer = session.scalars(select(Offer)).one()
        offer.published_version = 1
        session.get_one(OfferVersion, (offer.id, 1)).published_at = NOW
    indexer.repair(portal.database, portal.engine, indexer.compare(portal.database, portal.engine))
    assert not indexer.compare(portal.database, portal.engine)
    assert found(portal, "alt").total == 1


def test_a_missing_index_lacks_everything_and_is_not_readable(portal: Portal, tmp_path: Path) -> None:
    from catalogue.search import make_engine

    offer_id = published(portal.database)
    nowhere = make_engine(settings_for(portal.database, tmp_path / "elsewhere"))
    assert not indexer.is_readable(nowhere)
    assert indexer.compare(portal.database, nowhere).missing == (offer_id,)
    with pytest.raises(IndexUnavailableError):
        nowhere.search(SearchQuery(), as_of=NOW)


# The worker


@contextmanager
def working(worker: Worker) -> Iterator[Worker]:
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(10)
        assert not thread.is_alive()


def eventually(what: str, happens: object, seconds: float = 10) -> None:
    assert callable(happens)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happens():
            return
        time.sleep(0.02)
    pytest.fail(f"not within {seconds} s: {what}")


def test_the_worker_makes_offers_findable_within_two_seconds(portal: Portal) -> None:
    worker = Worker(portal.database, portal.engine, portal.settings.data_dir, 0.02)
    with working(worker):
        offer_id = published(portal.database)
        eventually("published offer found", lambda: ids(found(portal)) == {offer_id}, seconds=2)
        withdraw(portal.database, offer_id)
        eventually("withdrawn offer gone", lambda: not portal.engine.versions(), seconds=2)


def test_the_worker_builds_an_index_that_is_not_there(portal: Portal, tmp_path: Path) -> None:
    from catalogue.search import make_engine

    published(portal.database)
    engine = make_engine(settings_for(portal.database, tmp_path / "elsewhere"))
    with working(Worker(portal.database, engine, portal.settings.data_dir, 0.02)):
        eventually("index built", lambda: indexer.is_readable(engine) and len(engine.versions()) == 1)


def test_the_worker_rebuilds_when_it_is_asked_to(portal: Portal) -> None:
    generation = portal.engine.status().generation
    with portal.database.write() as session:
        log.cursor(session, log.INDEX).rebuild_requested = True

    def done() -> bool:
        with portal.database.read() as session:
            return not session.get_one(Consumer, log.INDEX).rebuild_requested

    with working(Worker(portal.database, portal.engine, portal.settings.data_dir, 0.02)):
        eventually("rebuilt", done)
    assert portal.engine.status().generation != generation


def test_the_worker_survives_an_index_that_breaks_under_it(portal: Portal) -> None:
    import shutil

    published(portal.database)
    with working(Worker(portal.database, portal.engine, portal.settings.data_dir, 0.02)):
        eventually("first offer found", lambda: found(portal).total == 1)
        shutil.rmtree(portal.settings.index_dir)
        published(portal.database, "W-2")
        eventually("index rebuilt", lambda: indexer.is_readable(portal.engine) and found(portal).total == 2)


def test_a_second_worker_waits_until_the_first_one_ends(portal: Portal) -> None:
    first = Worker(portal.database, portal.engine, portal.settings.data_dir, 0.02)
    with lease(portal.database, portal.settings.data_dir), working(first):
        published(portal.database)
        time.sleep(0.2)
        assert found(portal).total == 0
    with working(Worker(portal.database, portal.engine, portal.settings.data_dir, 0.02)):
        eventually("offer found", lambda: found(portal).total == 1)


# The lease


def test_a_second_holder_is_refused_at_once_and_admitted_after_the_first(
    database: Database, tmp_path: Path
) -> None:
    with lease(database, tmp_path):
        before = time.monotonic()
        with pytest.raises(LeaseTakenError), lease(database, tmp_path):
            pytest.fail("two holders")
        assert time.monotonic() - before < 1
    with lease(database, tmp_path):
        pass


def test_the_lease_is_given_back_after_an_error(database: Database, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), lease(database, tmp_path):
        raise RuntimeError
    with lease(database, tmp_path):
        pass


def test_a_killed_holder_leaves_nothing_to_clean_up(database: Database, tmp_path: Path) -> None:
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom catalogue.db import Database\n"
        "from catalogue.changes.lease import lease\n"
        "with lease(Database(sys.argv[1]), Path(sys.argv[2])):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    url = database.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", script, url, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LeaseTakenError), lease(database, tmp_path):
            pytest.fail("two holders")
        holder.kill()

    def free() -> bool:
        try:
            with lease(database, tmp_path):
                return True
        except LeaseTakenError:
            return False

    eventually("lease free again", free)


def test_two_portals_on_one_postgresql_server_have_leases_of_their_own(
    postgresql: Database, tmp_path: Path
) -> None:
    from tests.databases import postgresql_database

    with postgresql_database() as url:
        other = Database(url)
        with lease(postgresql, tmp_path), lease(other, tmp_path):
            pass
        other.close()


def test_two_writers_on_sqlite_queue_instead_of_failing(sqlite: Database) -> None:
    provider(sqlite)
    errors: list[BaseException] = []

    def publish_some(name: str) -> None:
        try:
            for number in range(5):
                published(sqlite, f"{name}-{number}", titled(f"Bienen {name} {number}"))
        except BaseException as error:  # noqa: BLE001 (a thread reports to the test)
            errors.append(error)

    threads = [threading.Thread(target=publish_some, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with sqlite.read() as session:
        assert queries.count_published(session) == 15


def test_the_cursor_remembers_when_the_worker_was_last_there(database: Database, engine: Engine) -> None:
    published(database)
    before = dt.datetime.now(dt.UTC)
    indexer.catch_up(database, engine)
    with database.read() as session:
        seen = session.get_one(Consumer, log.INDEX).seen_at
    assert seen is not None
    assert seen >= before


@pytest.mark.postgresql
def test_a_lease_that_the_server_drops_is_noticed(postgresql: Database, tmp_path: Path) -> None:
    with lease(postgresql, tmp_path) as still_held:
        still_held()
        query = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        with postgresql.engine.connect() as connection:
            connection.execute(text(query))
        with pytest.raises(LeaseLostError):
            still_held()
    with lease(postgresql, tmp_path):
        pass
