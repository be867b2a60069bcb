"""Read rows from JSONL or CSV as a stream, within limits; every row says where it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from catalogue.documents import Problem
from catalogue.exchange.flat import unflatten, unguarded
from catalogue.offers.schema import OfferSchema

LINE_BYTES: Final = 5_000_000
MOST_COLUMNS: Final = 2_000
FORMATS: Final = ("jsonl", "csv")
REFERENCE: Final = "reference"


class UnreadableError(Exception):
    """The file as a whole cannot be read; nothing was stored."""


@dataclass(slots=True)
class Row:
    """One row of a file: its number among the rows, the line it starts on, what it says or what is wrong."""

    number: int
    line: int
    reference: str = ""
    document: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    position: int = 0


def format_of(path: Path, asked: str | None) -> str:
    """The format asked for, or the one of the file's name. Raises UnreadableError."""
    found = asked or {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv"}.get(path.suffix.lower())
    if found not in FORMATS:
        raise UnreadableError(f"{path}: say with --format whether this is jsonl or csv.")
    return found


def read_rows(path: Path, file_format: str) -> Iterator[Row]:
    """Rows one by one; memory does not grow with the file. Raises UnreadableError."""
    try:
        with path.open("rb") as file:
            yield from (_jsonl(file) if file_format == "jsonl" else _csv(file))
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror or error}.") from error


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Line numbers with lines; None stands for a line beyond the limit, which is skipped unread."""
    number = 0
    while chunk := file.readline(LINE_BYTES + 1):
        number += 1
        if len(chunk) <= LINE_BYTES:
            yield number, chunk
            continue
        while chunk and not chunk.endswith(b"\n"):
            chunk = file.readline(LINE_BYTES)
        yield number, None


def _jsonl(file: BinaryIO) -> Iterator[Row]:
    rows = 0
    for number, line in _lines(file):
        if line is not None and not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        rows += 1
        yield _json_row(Row(rows, number, position=file.tell()), line, first=number == 1)


def _json_row(row: Row, line: bytes | None, *, first: bool) -> Row:
    if line is None:
        row.problems.append(Problem("", f"The line is longer than {LINE_BYTES} bytes."))
        return row
    try:
        value = orjson.loads(line.removeprefix(b"\xef\xbb\xbf") if first else line)
    except orjson.JSONDecodeError as error:
        reason = "not UTF-8" if not _is_utf8(line) else f"not JSON: {error}"
        row.problems.append(Problem("", f"The line is {reason}."))
        return row
    if not isinstance(value, dict):
        row.problems.append(Problem("", "The line is not an object with keys."))
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
        row.problems.append(Problem(REFERENCE, "The provider's own reference is missing."))
    else:
        row.reference = reference.strip()


class _TextLines:
    """Decoded lines for the csv module, which remember what could not be decoded or was too long."""

    def __init__(self, file: BinaryIO) -> None:
        self.source, self.line, self.too_long = _lines(file), 0, False

    def __iter__(self) -> Iterator[str]:
        for number, line in self.source:
            self.line = number
            self.too_long = self.too_long or line is None
            yield (line or b"\n").decode("utf-8-sig" if number == 1 else "utf-8", errors="surrogateescape")


def _csv(file: BinaryIO) -> Iterator[Row]:
    lines = _TextLines(file)
    stream = iter(lines)
    head = next(stream, "")
    if lines.too_long:
        raise UnreadableError(f"The first line is longer than {LINE_BYTES} bytes.")
    dialect = _dialect(head)
    header = _header(head, dialect)
    reader = csv.reader(stream, **dialect)
    schema, rows, start = OfferSchema(), 0, 2
    csv.field_size_limit(LINE_BYTES)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            rows += 1
            yield Row(rows, start, problems=[Problem("", f"The row is not CSV: {error}.")])
            start = lines.line + 1
            continue
        if any(cell.strip() for cell in cells) or lines.too_long:
            rows += 1
            yield _csv_row(
                Row(rows, start, position=file.tell()), header, cells, schema, too_long=lines.too_long
            )
        lines.too_long, start = False, lines.line + 1


def _dialect(head: str) -> dict[str, Any]:
    """The separator that occurs most in the header; spreadsheets of half of Europe write semicolons."""
    return {"delimiter": max(",;\t", key=head.count), "strict": True}


def _header(head: str, dialect: dict[str, Any]) -> list[str]:
    if not head.strip():
        raise UnreadableError("The file is empty.")
    if _undecoded(head):
        raise UnreadableError("The first line is not UTF-8.")
    try:
        header = [name.strip() for name in next(csv.reader(io.StringIO(head), **dialect), [])]
    except csv.Error as error:
        raise UnreadableError(f"The first line is not CSV: {error}.") from error
    if REFERENCE not in header:
        raise UnreadableError("The first line has no column `reference`; it must name the columns.")
    if len(header) > MOST_COLUMNS:
        raise UnreadableError(f"More than {MOST_COLUMNS} columns.")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise UnreadableError(f"Two columns are named {twice[0]!r}.")
    return header


def _undecoded(text: str) -> bool:
    """Whether some bytes of the text were not UTF-8."""
    return any("\udc80" <= character <= "\udcff" for character in text)


def _csv_row(row: Row, header: list[str], cells: list[str], schema: OfferSchema, *, too_long: bool) -> Row:
    if too_long:
        row.problems.append(Problem("", f"The line is longer than {LINE_BYTES} bytes."))
        return row
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        row.problems.append(Problem("", "The row has more cells than the header has columns."))
    values = {name: cell for name, cell in zip(header, cells, strict=False) if name}
    for name, cell in values.items():
        if _undecoded(cell):
            row.problems.append(Problem(name, "The cell is not UTF-8."))
    reference = unguarded(values.pop(REFERENCE, "").strip())
    row.reference = reference.encode(errors="surrogateescape").decode(errors="replace")
    if not row.reference:
        row.problems.append(Problem(REFERENCE, "The provider's own reference is missing."))
    if not row.problems:
        row.document, problems = unflatten(values, schema)
        row.problems += problems
    return row
