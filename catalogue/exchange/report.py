"""What became of the rows of a file: results one by one, and a report for terminals and programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from tempfile import TemporaryFile
from typing import IO, Any, Final, Self

from catalogue.exchange.difference import Difference
from catalogue.exchange.problems import said_in

SHOWN: Final = 200
MOST_PROBLEMS: Final = 10_000
_WIDTH: Final = 60
OUTCOMES: Final = ("new", "changed", "unchanged", "wrong")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in which row; `field` is a place in the document, or the name of a column in a table."""

    row: int
    line: int
    reference: str
    field: str
    message: str
    sheet: str = ""

    def as_json(self, language: str = "en") -> dict[str, Any]:
        said = {**asdict(self), "message": said_in(self.message, language)}
        return said if self.sheet else {key: value for key, value in said.items() if key != "sheet"}

    def __str__(self) -> str:
        sheet = f"{self.sheet}, " if self.sheet else ""
        named = f" {self.reference}" if self.reference else ""
        place = f" {self.field}:" if self.field else ""
        return f"{sheet}line {self.line}{named}:{place} {self.message}"


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row, or would become of it: `new`, `changed` (and how), `unchanged`, `wrong` (and why)."""

    row: int
    line: int
    sheet: str
    reference: str
    outcome: str
    changes: tuple[Difference, ...] = ()
    problems: tuple[RowProblem, ...] = ()

    def as_json(self, language: str = "en") -> dict[str, Any]:
        return {
            "row": self.row,
            "line": self.line,
            **({"sheet": self.sheet} if self.sheet else {}),
            "reference": self.reference,
            "outcome": self.outcome,
            "changes": [asdict(change) for change in self.changes],
            "problems": [problem.as_json(language) for problem in self.problems],
        }

    def lines(self) -> Iterator[str]:
        """The result for a terminal."""
        if self.problems:
            yield from map(str, self.problems)
            return
        sheet = f"{self.sheet}, " if self.sheet else ""
        yield f"{sheet}line {self.line} {self.reference}: {self.outcome}"
        for change in self.changes:
            yield f"    {change.column}: {_cut(change.before)} -> {_cut(change.after)}"


def _cut(text: str | None) -> str:
    """A text on one short line; a dash where nothing is said."""
    if text is None:
        return "—"
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"


@dataclass(slots=True)
class Report:
    """Rows by outcome (`new`, `changed`, `unchanged`, `wrong`) and their problems, up to a number that fits memory.

    sheet: the one that was read; sheets_left: others of the workbook, which were not. each_shown: whether results
    were given one by one, too; a strict import that was refused gives none.
    """

    stored: bool = True
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)
    left_out: int = 0
    sheet: str = ""
    sheets_left: tuple[str, ...] = ()
    each_shown: bool = True

    def take(self, result: RowResult) -> None:
        self.outcomes[result.outcome] += 1
        room = max(0, MOST_PROBLEMS - len(self.problems))
        self.problems += result.problems[:room]
        self.left_out += len(result.problems[room:])

    def lines(self, *, problems: bool = True) -> Iterator[str]:
        """The report for a terminal, with or without its problems."""
        if problems:
            yield from map(str, self.problems[:SHOWN])
            more = len(self.problems) + self.left_out - SHOWN
            if more > 0:
                yield f"... and {more} more problems (--report FILE holds them all)"
        if self.sheets_left:
            yield f"Only the sheet {self.sheet!r} was read, not {', '.join(map(repr, self.sheets_left))}."
        numbers = ", ".join(f"{self.outcomes[name]} {name}" for name in OUTCOMES)
        yield f"{sum(self.outcomes.values())} rows: {numbers}." + (
            "" if self.stored else " Nothing was stored."
        )

    def as_json(self, language: str = "en") -> dict[str, Any]:
        return {
            "stored": self.stored,
            "rows": sum(self.outcomes.values()),
            "outcomes": dict(self.outcomes),
            **({"sheet": self.sheet, "sheets_left": list(self.sheets_left)} if self.sheet else {}),
            "problems": [problem.as_json(language) for problem in self.problems],
            **({"problems_left_out": self.left_out} if self.left_out else {}),
        }


class ResultFile:
    """Keeps the results of rows on disk until the report is written, so that memory stays flat."""

    def __init__(self) -> None:
        # Closed when this object, a context manager, is left.
        self.kept: IO[str] = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kept.close()

    def add(self, result: RowResult) -> None:
        self.kept.write(json.dumps(result.as_json(), ensure_ascii=False) + "\n")

    def write(self, out: IO[str], report: Report) -> None:
        """The report as JSON, with the results of all rows where any were kept."""
        whole = json.dumps(report.as_json(), ensure_ascii=False, indent=2)
        self.kept.seek(0)
        first = next(self.kept, "")
        if not first:
            out.write(whole)
            return
        out.write(whole.removesuffix("\n}") + ',\n  "results": [\n    ' + first.rstrip("\n"))
        for line in self.kept:
            out.write(",\n    " + line.rstrip("\n"))
        out.write("\n  ]\n}")
