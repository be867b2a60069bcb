"""Read rows from JSONL, CSV or XLSX as a stream, within limits; every row says where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from catalogue.documents import Problem
from catalogue.exchange.columns import Rows
from catalogue.exchange.delimited import LINE_BYTES, LONG, numbered_lines, read_delimited
from catalogue.exchange.flat import column_of
from catalogue.exchange.mapping import REFERENCE, Mapping
from catalogue.exchange.problems import Sentence, UnreadableError, unreadable
from catalogue.exchange.rows import NO_REFERENCE, Row
from catalogue.exchange.tables import Table
from catalogue.exchange.workbook import read_workbook
from catalogue.i18n import N_

__all__ = [
    "FORMATS",
    "REFERENCE",
    "Row",
    "Source",
    "UnreadableError",
    "format_of",
    "opened",
    "read_rows",
    "read_table",
]

FORMATS: Final = ("jsonl", "csv", "xlsx")
_SUFFIXES: Final = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".xlsx": "xlsx"}

WHICH: Final = N_("%(file)s: say with --format whether this is jsonl, csv or xlsx.")
UNOPENED: Final = N_("%(file)s cannot be read: %(error)s.")
UNMAPPABLE: Final = N_("A mapping is for tables; a file in JSON lines has no columns.")
NOT_UTF8: Final = N_("The line is not UTF-8.")
NOT_JSON: Final = N_("The line is not JSON: %(error)s.")
NO_OBJECT: Final = N_("The line is not an object with keys.")


def format_of(path: Path, asked: str | None) -> str:
    """The format asked for, or the one of the file's name. Raises UnreadableError."""
    found = asked or _SUFFIXES.get(path.suffix.lower())
    if found not in FORMATS:
        raise unreadable(WHICH, file=path)
    return found


@dataclass(slots=True)
class Source:
    """Rows of an open file. locate: where in the file a place of the document stands.

    sheet: the one that is read; others: the ones that are not.
    """

    rows: Iterator[Row]
    locate: Callable[[str], str]
    sheet: str = ""
    others: tuple[str, ...] = ()


@contextmanager
def opened(path: Path, file_format: str, mapping: Mapping | None = None) -> Iterator[Source]:
    """The rows of a file; memory does not grow with it. Raises UnreadableError, also while rows are read."""
    try:
        with path.open("rb") as file:
            yield _source(file, path, file_format, mapping)
    except OSError as error:
        raise unreadable(UNOPENED, file=path, error=error.strerror or error) from error


def _source(file: BinaryIO, path: Path, file_format: str, mapping: Mapping | None) -> Source:
    if file_format == "jsonl":
        if mapping is not None:
            raise unreadable(UNMAPPABLE)
        return Source(_jsonl(file), str)
    table = read_table(file, path.stat().st_size, file_format, mapping)
    return Source(iter(Rows(table, mapping)), _locate(mapping), table.sheet, table.others)


def _locate(mapping: Mapping | None) -> Callable[[str], str]:
    """In a table a place is a column: of the flat form, or with the header that the mapping knows it by."""
    if mapping is None:
        return column_of
    return lambda place: mapping.header_of(column_of(place)) if place else ""


def read_table(file: BinaryIO, size: int, file_format: str, mapping: Mapping | None) -> Table:
    """The table of a CSV or XLSX file, as a mapping says it is written. Raises UnreadableError."""
    if file_format == "xlsx":
        return read_workbook(file, size, mapping.sheet if mapping else None)
    if mapping is None:
        return read_delimited(file)
    return read_delimited(file, mapping.encoding, mapping.separator, mapping.header)


def read_rows(path: Path, file_format: str, mapping: Mapping | None = None) -> Iterator[Row]:
    """Rows one by one. Raises UnreadableError."""
    with opened(path, file_format, mapping) as source:
        yield from source.rows


def _jsonl(file: BinaryIO) -> Iterator[Row]:
    rows = 0
    for number, line in numbered_lines(file):
        if line is not None and not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        rows += 1
        yield _json_row(Row(rows, number, position=file.tell()), line, first=number == 1)


def _json_row(row: Row, line: bytes | None, *, first: bool) -> Row:
    if line is None:
        row.problems.append(Problem("", Sentence(LONG, most=LINE_BYTES)))
        return row
    try:
        value = orjson.loads(line.removeprefix(b"\xef\xbb\xbf") if first else line)
    except orjson.JSONDecodeError as error:
        said = Sentence(NOT_JSON, error=error) if _is_utf8(line) else Sentence(NOT_UTF8)
        row.problems.append(Problem("", said))
        return row
    if not isinstance(value, dict):
        row.problems.append(Problem("", Sentence(NO_OBJECT)))
        return row
    _take_reference(row, value)
    row.document = value
    return row


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _take_reference(row: Row, value: dict[str, Any]) -> None:
    reference = value.pop(REFERENCE, None)
    if not isinstance(reference, str) or not reference.strip():
        row.problems.append(Problem(REFERENCE, Sentence(NO_REFERENCE)))
    else:
        row.reference = reference.strip()
