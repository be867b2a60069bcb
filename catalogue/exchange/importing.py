"""Import offers of one provider: idempotent by reference, streaming, with a report by row.

Rows pass the same schema and rules as everything else. A row that cannot be used changes nothing; the others go in,
in short transactions, unless `strict` asks for all or nothing.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from catalogue.db import Database
from catalogue.documents import InvalidContentError, Problem
from catalogue.exchange.flat import column_of
from catalogue.exchange.reading import Row, UnreadableError, format_of, read_rows
from catalogue.offers import service
from catalogue.providers import queries as providers
from catalogue.security.actor import Actor

__all__ = ["Options", "Report", "UnreadableError", "import_file"]

BATCH: Final = 50
SHOWN: Final = 200
HELD_SECONDS: Final = 1.0
GIVE_WAY_SECONDS: Final = 0.15
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to import. policy: what publishing asks for."""

    provider: str
    dry_run: bool = False
    strict: bool = False
    publish: bool = False
    policy: str = "annex-i"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in which row; `field` is a place in the document, or a column in CSV."""

    row: int
    line: int
    reference: str
    field: str
    message: str


@dataclass(slots=True)
class Report:
    """Rows by outcome (`new`, `changed`, `unchanged`, `wrong`) and every problem."""

    stored: bool = True
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The report for a terminal."""
        for problem in self.problems[:SHOWN]:
            named = f" {problem.reference}" if problem.reference else ""
            place = f" {problem.field}:" if problem.field else ""
            yield f"line {problem.line}{named}:{place} {problem.message}"
        if len(self.problems) > SHOWN:
            yield f"... and {len(self.problems) - SHOWN} more problems (--report FILE holds them all)"
        numbers = ", ".join(
            f"{self.outcomes[name]} {name}" for name in ("new", "changed", "unchanged", "wrong")
        )
        yield f"{sum(self.outcomes.values())} rows: {numbers}." + (
            "" if self.stored else " Nothing was stored."
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "stored": self.stored,
            "rows": sum(self.outcomes.values()),
            "outcomes": dict(self.outcomes),
            "problems": [
                {name: getattr(problem, name) for name in ("row", "line", "reference", "field", "message")}
                for problem in self.problems
            ],
        }


def import_file(
    database: Database,
    actor: Actor,
    path: Path,
    file_format: str | None,
    options: Options,
    *,
    clock: Callable[[], dt.datetime],
    report: Progress = lambda _done, _all: None,
) -> Report:
    """Import a file. Raises UnreadableError, NotAllowedError."""
    file_format = format_of(path, file_format)
    _require_provider(database, options.provider)
    if options.strict and not options.dry_run:
        trial = _Run(database, actor, options, clock, store=False).all(path, file_format, report)
        if trial.problems:
            return trial
    return _Run(database, actor, options, clock, store=not options.dry_run).all(path, file_format, report)


def _require_provider(database: Database, slug: str) -> None:
    with database.read() as session:
        if providers.by_slug(session, slug) is None:
            raise UnreadableError(f"There is no provider {slug!r}.")


class _Run:
    """One pass over a file."""

    def __init__(
        self,
        database: Database,
        actor: Actor,
        options: Options,
        clock: Callable[[], dt.datetime],
        *,
        store: bool,
    ) -> None:
        self.database, self.actor, self.options, self.clock, self.store = (
            database,
            actor,
            options,
            clock,
            store,
        )
        self.report = Report(stored=store)
        self.seen: dict[str, int] = {}
        self.gave_way = time.monotonic()

    def all(self, path: Path, file_format: str, progress: Progress) -> Report:
        rows, size = read_rows(path, file_format), _size(path)
        while batch := list(islice(rows, BATCH)):
            self.batch(batch, file_format)
            progress(batch[-1].position, size)
            self.give_way()
        return self.report

    def give_way(self) -> None:
        """Let others write now and then: SQLite's lock is not fair, and who waits for it looks every 0.1 s."""
        if self.database.is_sqlite and time.monotonic() - self.gave_way > HELD_SECONDS:
            time.sleep(GIVE_WAY_SECONDS)
            self.gave_way = time.monotonic()

    def batch(self, rows: Iterable[Row], file_format: str) -> None:
        with self.database.write() as session:
            for row in rows:
                self.row(session, row, file_format)
            if not self.store:
                session.rollback()

    def row(self, session: Session, row: Row, file_format: str) -> None:
        problems = list(row.problems) or self.duplicate(row)
        outcome = "wrong"
        if not problems:
            try:
                # A savepoint: what a row did before its problem showed is undone.
                with session.begin_nested():
                    outcome = self.save(session, row)
            except InvalidContentError as error:
                problems = [_in_file(problem, file_format) for problem in error.problems]
            except service.StateError as error:
                problems = [Problem("", str(error))]
        self.report.outcomes[outcome] += 1
        self.report.problems += [
            RowProblem(row.number, row.line, row.reference, problem.place, problem.message)
            for problem in problems
        ]

    def duplicate(self, row: Row) -> list[Problem]:
        first = self.seen.setdefault(row.reference, row.line)
        if first == row.line:
            return []
        return [Problem("reference", f"The reference stands on line {first} already.")]

    def save(self, session: Session, row: Row) -> str:
        at = self.clock()
        key = service.Key(self.options.provider, row.reference)
        saved = service.save_draft(session, self.actor, key, row.document, at=at)
        changed = saved.changed
        if self.options.publish:
            changed |= service.publish(session, self.actor, saved.id, self.options.policy, at=at).changed
        if not changed:
            return "unchanged"
        return "new" if saved.changed and saved.version == 1 else "changed"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _in_file(problem: Problem, file_format: str) -> Problem:
    if file_format == "csv" and problem.place:
        return Problem(column_of(problem.place), problem.message)
    return problem
