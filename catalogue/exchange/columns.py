"""From the lines of a table to rows: a header that names columns, a mapping, and cells of the flat form."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from catalogue.documents import Problem
from catalogue.exchange.flat import leaf, unflatten, unguarded
from catalogue.exchange.mapping import REFERENCE, Column, Mapping, translated
from catalogue.exchange.problems import Sentence, unreadable
from catalogue.exchange.rows import NO_REFERENCE, Row
from catalogue.exchange.tables import MOST_COLUMNS, Line, Table
from catalogue.i18n import N_
from catalogue.offers.schema import OfferSchema

EMPTY: Final = N_("The file is empty.")
NAMELESS: Final = N_(
    "The first line has no column `reference`; it must name the columns, or a mapping must say what they mean."
)
MANY: Final = N_("More than %(most)s columns.")
TWICE: Final = N_("Two columns are named “%(name)s”.")
UNMAPPED: Final = N_("The mapping does not name the column “%(name)s”; map it, or say `ignore`.")
ABSENT: Final = N_("The mapping names a column “%(name)s” that the file does not have.")
WIDE: Final = N_("The row has more cells than the header has columns.")
HEADER: Final = N_("Line %(line)s, which names the columns, cannot be used: %(problem)s")


def header_of(table: Table, line: int = 1) -> list[str]:
    """The names of the columns, taken from the lines of the table. Raises UnreadableError."""
    found = next((given for given in table.lines if given.number >= line), None)
    if found is None:
        raise unreadable(EMPTY)
    problem = found.wrong or next(iter(found.problems.values()), "")
    if problem:
        raise unreadable(HEADER, line=found.number, problem=problem)
    names = [" ".join(name.split()) for name in found.cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise unreadable(MANY, most=MOST_COLUMNS)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise unreadable(TWICE, name=twice[0])
    return names


def plain(header: list[str]) -> Mapping:
    """The mapping of a file in the flat form: every column is what it is called."""
    return Mapping({name: Column(name) for name in header if name})


def require_fit(mapping: Mapping, header: list[str]) -> None:
    """Nothing of a file is left out silently, and nothing is missed. Raises UnreadableError."""
    for name in header:
        if name and name not in mapping.columns:
            raise unreadable(UNMAPPED, name=name)
    for name in mapping.columns:
        if name not in header:
            raise unreadable(ABSENT, name=name)


class Rows:
    """Rows of a table. `mapping`: None for the flat form."""

    def __init__(self, table: Table, mapping: Mapping | None) -> None:
        self.table, self.schema = table, OfferSchema()
        self.leaf = lru_cache(MOST_COLUMNS)(leaf)
        self.header = header_of(table, mapping.header if mapping else 1)
        if mapping is None and REFERENCE not in self.header:
            raise unreadable(NAMELESS)
        self.mapping = mapping or plain(self.header)
        require_fit(self.mapping, self.header)

    def __iter__(self) -> Iterator[Row]:
        for number, line in enumerate(self.table.lines, start=1):
            row = Row(number, line.number, position=line.position, sheet=self.table.sheet)
            self._fill(row, line)
            yield row

    def _fill(self, row: Row, line: Line) -> None:
        if line.wrong:
            row.problems.append(Problem("", line.wrong))
        else:
            self._judge(row, line)
        values = self._values(line)
        reference = unguarded(values.pop(REFERENCE, "").strip())
        row.reference = reference.encode(errors="surrogateescape").decode(errors="replace")
        if row.problems:
            return
        if not row.reference:
            row.problems.append(Problem(self.mapping.header_of(REFERENCE), Sentence(NO_REFERENCE)))
            return
        row.document, problems = unflatten(values, self.schema, self.leaf)
        row.problems = [Problem(self.mapping.header_of(found.place), found.message) for found in problems]

    def _judge(self, row: Row, line: Line) -> None:
        """Problems of cells, at the names of their columns."""
        if any(cell.strip() for cell in line.cells[len(self.header) :]):
            row.problems.append(Problem("", Sentence(WIDE)))
        for at, message in line.problems.items():
            name = self.header[at] if at < len(self.header) else ""
            if name and self.mapping.columns[name] is not None:
                row.problems.append(Problem(name, message))

    def _values(self, line: Line) -> dict[str, str]:
        values: dict[str, str] = dict(self.mapping.constants)
        for name, cell in zip(self.header, line.cells, strict=False):
            column: Any = self.mapping.columns[name] if name else None
            if column is not None and cell.strip():
                values[column.element] = translated(cell, column)
        return values
