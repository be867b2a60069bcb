"""Keep the index equal to the database: follow the change log, rebuild, check, repair.

Every function that writes an index is called by the holder of the lease. An index is never the only place of
anything: it can be thrown away and rebuilt at any time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.changes import log
from catalogue.changes.model import Change
from catalogue.concepts.naming import labels
from catalogue.db import Database, utc_now
from catalogue.offers import queries
from catalogue.offers.document import search_document
from catalogue.offers.model import Offer
from search.document import SearchDocument
from search.engine import Engine, IndexUnavailableError
from search.text import Compounds
from search.understanding import COMPOUNDING

BATCH = 200
REPORT_EVERY = 50
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where index and database disagree, as ids; `stale` are in both, in different versions."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    surplus: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.surplus)


class RebuildFailedError(Exception):
    """What was built is not what the database holds; the index in use was left alone."""


def step(database: Database, engine: Engine) -> int:
    """Handle one batch of changes: index first, cursor after it, so that a crash repeats rather than skips.

    Returns the number of changes handled.
    """
    with database.write() as session:
        log.number(session)
        position = log.cursor(session, log.INDEX).position
    with database.read() as session:
        changes = log.after(session, position, BATCH)
        if not changes:
            return 0
        ids = _concerned(session, changes)
        offers = queries.published(session, ids)
        last = changes[-1].position or 0
    engine.write([search_document(offer) for offer in offers.values()], [i for i in ids if i not in offers])
    _advance(database, last)
    return len(changes)


def _advance(database: Database, position: int) -> None:
    with database.write() as session:
        consumer = log.cursor(session, log.INDEX)
        consumer.position, consumer.seen_at = max(consumer.position, position), utc_now()


def _concerned(session: Session, changes: Iterable[Change]) -> list[str]:
    """Ids of the offers whose documents the changes touch; a change of a provider touches all its offers."""
    ids: dict[str, None] = {}
    for change in changes:
        if change.kind == "offer":
            ids[change.subject_id] = None
        else:
            query = select(Offer.id).where(Offer.provider_id == change.subject_id, Offer.state == "published")
            ids.update(dict.fromkeys(session.scalars(query)))
    return list(ids)


def catch_up(database: Database, engine: Engine) -> int:
    """Handle all changes there are."""
    total = 0
    while handled := step(database, engine):
        total += handled
    return total


def rebuild(database: Database, engine: Engine, report: Report = lambda _done, _all: None) -> int:
    """Build a new index beside the one in use, compare it with the database, then swap. Returns its documents.

    Changes that happen meanwhile lie behind the cursor noted at the start and are handled afterwards.
    Raises RebuildFailedError.
    """
    with database.write() as session:
        log.number(session)
        start = log.last_position(session)
    with database.read() as session:
        compounds = compounds_of(session)
    with engine.rebuild(compounds) as building:
        with database.read() as session:
            expected = queries.index_versions(session)
            building.add(_documents(session, len(expected), report))
        if dict(building.versions()) != expected:
            raise RebuildFailedError("The new index differs from the database; the old one stays in use.")
        building.swap()
    with database.write() as session:
        consumer = log.cursor(session, log.INDEX)
        consumer.position, consumer.rebuild_requested, consumer.seen_at = start, False, utc_now()
    return len(expected)


def compounds_of(session: Session) -> Compounds:
    """The words that compounds are split by: those of the catalogue's own titles and of the concepts' labels."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for titles in queries.published_titles(session):
        for language, title in titles.items():
            texts[language].append(title)
    for language, label in labels(session, COMPOUNDING):
        texts[language].append(label)
    return Compounds.of(texts)


def _documents(session: Session, total: int, report: Report) -> Iterator[SearchDocument]:
    """The documents of everything published, reporting as they go; the engine chooses how many it commits at once."""
    for done, offer in enumerate(queries.all_published(session), start=1):
        yield search_document(offer)
        if done % REPORT_EVERY == 0 or done == total:
            report(done, total)


def compare(database: Database, engine: Engine) -> Difference:
    """Ids and versions of the index beside those of the database. A missing index misses everything."""
    with database.read() as session:
        wanted = queries.index_versions(session)
    try:
        found = dict(engine.versions())
    except IndexUnavailableError:
        found = {}
    return Difference(
        missing=tuple(sorted(wanted.keys() - found.keys())),
        stale=tuple(sorted(key for key in wanted.keys() & found.keys() if wanted[key] != found[key])),
        surplus=tuple(sorted(found.keys() - wanted.keys())),
    )


def repair(database: Database, engine: Engine, difference: Difference) -> None:
    """Write what differs again. A document that is too new in the index is deleted first; no index is rebuilt."""
    if not is_readable(engine):
        rebuild(database, engine)
        return
    ids = [*difference.missing, *difference.stale]
    engine.write([], [*difference.stale, *difference.surplus])
    for start in range(0, len(ids), BATCH):
        with database.read() as session:
            offers = queries.published(session, ids[start : start + BATCH])
        engine.write([search_document(offer) for offer in offers.values()])


def is_readable(engine: Engine) -> bool:
    try:
        engine.status()
    except IndexUnavailableError:
        return False
    return True
