"""A table as every reader gives it: lines of cells, each cell a text, each line with its number in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MOST_COLUMNS: Final = 2_000
MOST_ROWS: Final = 100_000
CELL_CHARACTERS: Final = 32_767


@dataclass(slots=True)
class Line:
    """A line of a table: `cells` from the first column on, "" where there is nothing.

    problems: what is wrong in which cell (counted from 0). wrong: what is wrong with the whole line.
    position: how far into the file, in bytes. numbers: cells that the file holds as numbers.
    """

    number: int
    cells: list[str]
    problems: dict[int, str] = field(default_factory=dict)
    wrong: str = ""
    position: int = 0
    numbers: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.wrong or self.problems or any(cell.strip() for cell in self.cells))


@dataclass(slots=True)
class Table:
    """The lines of a table, the header among them. sheet: its name in a workbook. others: sheets left unread."""

    lines: Iterator[Line]
    sheet: str = ""
    others: tuple[str, ...] = ()
