"""Import offers of one provider: idempotent by reference, streaming, with a report by row.

Rows pass the same schema and rules as everything else. A row that cannot be used changes nothing; the others go in,
in short transactions, unless `strict` asks for all or nothing. `import_rows` gives the result of every row, so that
a dry run can show them one by one; `import_file` sums them up.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from catalogue.db import Database
from catalogue.documents import InvalidContentError, Problem
from catalogue.exchange.difference import STATE, Difference, differences
from catalogue.exchange.mapping import Mapping
from catalogue.exchange.problems import Sentence, UnreadableError, unreadable
from catalogue.exchange.reading import REFERENCE, Row, Source, format_of, opened
from catalogue.exchange.report import SHOWN, Report, RowProblem, RowResult
from catalogue.i18n import N_
from catalogue.offers import queries, service
from catalogue.offers.schema import load_offer
from catalogue.providers import queries as providers
from catalogue.security.actor import Actor

__all__ = [
    "SHOWN",
    "Options",
    "Report",
    "RowProblem",
    "RowResult",
    "UnreadableError",
    "import_file",
    "import_rows",
]

BATCH: Final = 50
HELD_SECONDS: Final = 1.0
GIVE_WAY_SECONDS: Final = 0.15
NO_PROVIDER: Final = N_("There is no provider '%(slug)s'.")
STANDS_TWICE: Final = N_("The reference stands on line %(line)s already.")
Progress = Callable[[int, int], None]
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class Options:
    """How to import. policy: what publishing asks for. diff: say what a changed row changes.

    mapping: what the columns of a foreign spreadsheet mean.
    """

    provider: str
    dry_run: bool = False
    strict: bool = False
    publish: bool = False
    policy: str = "annex-i"
    diff: bool = False
    mapping: Mapping | None = None


def import_file(
    database: Database,
    actor: Actor,
    path: Path,
    file_format: str | None,
    options: Options,
    *,
    clock: Clock,
    report: Progress = lambda _done, _all: None,
    each: Callable[[RowResult], None] = lambda _result: None,
) -> Report:
    """Import a file; `each` gets every row's result. Raises UnreadableError, NotAllowedError."""
    if options.strict and not options.dry_run:
        trial = _sum_up(_Run(database, actor, options, clock, store=False), path, file_format, report)
        if trial.problems:
            trial.each_shown = False
            return trial
    return _sum_up(
        _Run(database, actor, options, clock, store=not options.dry_run), path, file_format, report, each
    )


def import_rows(
    database: Database, actor: Actor, path: Path, file_format: str | None, options: Options, *, clock: Clock
) -> Iterator[RowResult]:
    """Results of all rows, one by one: memory does not grow with them. `strict` has no say here.

    A result is given when its row is stored (or, in a dry run, was tried). Raises as import_file does.
    """
    run = _Run(database, actor, options, clock, store=not options.dry_run)
    with run.opened(path, file_format) as source:
        for results, _ in run.batches(source):
            yield from results


def _sum_up(
    run: _Run,
    path: Path,
    file_format: str | None,
    progress: Progress,
    each: Callable[[RowResult], None] = lambda _result: None,
) -> Report:
    report, size = Report(stored=run.store), _size(path)
    with run.opened(path, file_format) as source:
        report.sheet, report.sheets_left = source.sheet, source.others
        for results, position in run.batches(source):
            for result in results:
                report.take(result)
                each(result)
            progress(position, size)
    return report


class _Run:
    """One pass over a file."""

    def __init__(
        self, database: Database, actor: Actor, options: Options, clock: Clock, *, store: bool
    ) -> None:
        self.database, self.actor, self.options, self.clock = database, actor, options, clock
        self.store = store
        self.seen: dict[str, int] = {}
        self.gave_way = time.monotonic()
        self.locate: Callable[[str], str] = str

    @contextmanager
    def opened(self, path: Path, file_format: str | None) -> Iterator[Source]:
        file_format = format_of(path, file_format)
        with self.database.read() as session:
            if providers.by_slug(session, self.options.provider) is None:
                raise unreadable(NO_PROVIDER, slug=self.options.provider)
        with opened(path, file_format, self.options.mapping) as source:
            self.locate = source.locate
            yield source

    def batches(self, source: Source) -> Iterator[tuple[list[RowResult], int]]:
        """Results of a batch that is stored, and how far into the file it reaches."""
        while rows := list(islice(source.rows, BATCH)):
            yield self.batch(rows), rows[-1].position
            self.give_way()

    def give_way(self) -> None:
        """Let others write now and then: SQLite's lock is not fair, and who waits for it looks every 0.1 s."""
        if self.database.is_sqlite and time.monotonic() - self.gave_way > HELD_SECONDS:
            time.sleep(GIVE_WAY_SECONDS)
            self.gave_way = time.monotonic()

    def batch(self, rows: list[Row]) -> list[RowResult]:
        with self.database.write() as session:
            results = [self.row(session, row) for row in rows]
            if not self.store:
                session.rollback()
        return results

    def row(self, session: Session, row: Row) -> RowResult:
        problems = list(row.problems) or self.duplicate(row)
        outcome: str = "wrong"
        changes: tuple[Difference, ...] = ()
        if not problems:
            try:
                # A savepoint: what a row did before its problem showed is undone.
                with session.begin_nested():
                    outcome, changes = self.save(session, row)
            except InvalidContentError as error:
                problems = [Problem(self.locate(found.place), found.message) for found in error.problems]
            except service.StateError as error:
                problems = [Problem("", str(error))]
        return _result(row, outcome, changes, problems)

    def duplicate(self, row: Row) -> list[Problem]:
        first = self.seen.setdefault(row.reference, row.line)
        if first == row.line:
            return []
        return [Problem(self.locate(REFERENCE), Sentence(STANDS_TWICE, line=first))]

    def save(self, session: Session, row: Row) -> tuple[str, tuple[Difference, ...]]:
        at, key = self.clock(), service.Key(self.options.provider, row.reference)
        before = queries.newest(session, key.provider, key.reference) if self.options.diff else None
        saved = service.save_draft(session, self.actor, key, row.document, at=at)
        changed = saved.changed
        if self.options.publish:
            changed |= service.publish(session, self.actor, saved.id, self.options.policy, at=at).changed
        if not changed:
            return "unchanged", ()
        if saved.changed and saved.version == 1:
            return "new", ()
        return "changed", self.changes(before, row) if before else ()

    def changes(self, before: queries.Newest, row: Row) -> tuple[Difference, ...]:
        found = differences(before.document or {}, load_offer(row.document))
        state: tuple[Difference, ...] = ()
        if self.options.publish and before.state != "published":
            state = (Difference("", STATE, before.state, "published"),)
        return (*state, *found)


def _result(row: Row, outcome: str, changes: tuple[Difference, ...], problems: list[Problem]) -> RowResult:
    found = (
        RowProblem(row.number, row.line, row.reference, problem.place, problem.message, row.sheet)
        for problem in problems
    )
    return RowResult(row.number, row.line, row.sheet, row.reference, outcome, changes, tuple(found))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
