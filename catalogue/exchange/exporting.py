"""Export published offers to canonical JSONL, CSV or XLSX, streaming from the database."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

import orjson
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.worksheet import Worksheet

from catalogue.db import Database
from catalogue.exchange.flat import flatten, guarded, leaf
from catalogue.exchange.mapping import REFERENCE
from catalogue.exchange.problems import Sentence, UnreadableError
from catalogue.exchange.reading import format_of
from catalogue.exchange.tables import CELL_CHARACTERS, MOST_COLUMNS, MOST_ROWS
from catalogue.fields import Amount, Day, Flag
from catalogue.i18n import N_
from catalogue.offers.queries import PublishedOffer, all_published
from catalogue.offers.schema import OfferSchema
from catalogue.providers import queries as providers

SHEET: Final = "offers"
NO_PROVIDER: Final = N_("There is no provider '%(slug)s'.")
LONG: Final = N_(
    "%(reference)s: %(column)s is longer than the %(most)s characters that a cell can hold; "
    "export as csv or jsonl."
)
LARGE: Final = N_(
    "The offers need more than %(columns)s columns or %(rows)s rows, which no import takes; "
    "export one provider, or as jsonl."
)


class ExportError(Exception):
    """The export could not be written."""


def export_file(database: Database, path: Path, file_format: str | None, provider: str | None) -> int:
    """Write all published offers, or those of one provider; `-` is the standard output. Returns how many."""
    try:
        file_format = file_format or ("jsonl" if str(path) == "-" else format_of(path, None))
        if file_format == "xlsx":
            return _write_xlsx(database, path, provider)
        with _open(path) as file:
            write = _write_jsonl if file_format == "jsonl" else _write_csv
            return write(database, file, provider)
    except (UnreadableError, OSError, XlsxWriterException) as error:
        raise ExportError(str(error)) from error


@contextmanager
def _open(path: Path) -> Iterator[IO[str]]:
    if str(path) == "-":
        yield sys.stdout
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def _open_bytes(path: Path) -> Iterator[IO[bytes]]:
    if str(path) == "-":
        yield sys.stdout.buffer
        return
    with path.open("wb") as file:
        yield file


def _offers(database: Database, provider: str | None) -> Iterator[PublishedOffer]:
    with database.read() as session:
        if provider is not None and providers.by_slug(session, provider) is None:
            raise ExportError(Sentence(NO_PROVIDER, slug=provider))
        for offer in all_published(session):
            if provider in {None, offer.provider.slug}:
                yield offer


def _row(offer: PublishedOffer) -> dict[str, Any]:
    return {REFERENCE: offer.reference, **offer.document}


def _cells(offer: PublishedOffer) -> dict[str, str]:
    return {name: guarded(cell) for name, cell in flatten(_row(offer)).items()}


def _write_jsonl(database: Database, file: IO[str], provider: str | None) -> int:
    count = 0
    for offer in _offers(database, provider):
        file.write(orjson.dumps(_row(offer)).decode() + "\n")
        count += 1
    return count


def _write_csv(database: Database, file: IO[str], provider: str | None) -> int:
    """Two passes: the columns of all rows first, so that memory holds one row at a time."""
    columns: dict[str, None] = {REFERENCE: None}
    for offer in _offers(database, provider):
        columns.update(dict.fromkeys(flatten(_row(offer))))
    writer = csv.DictWriter(file, list(columns), restval="")
    writer.writeheader()
    count = 0
    for offer in _offers(database, provider):
        writer.writerow(_cells(offer))
        count += 1
    return count


# XLSX


def _write_xlsx(database: Database, path: Path, provider: str | None) -> int:
    """Two passes, as for CSV; the first also finds what no workbook can hold, before a file is made."""
    columns = _columns_that_fit(database, provider)
    with _open_bytes(path) as file:
        book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "nan_inf_to_errors": True,
            },
        )
        sheet = _Sheet(book, columns)
        count = 0
        for offer in _offers(database, provider):
            count += 1
            sheet.write(count, _cells(offer))
        book.close()
    return count


def _columns_that_fit(database: Database, provider: str | None) -> list[str]:
    columns: dict[str, None] = {REFERENCE: None}
    for rows, offer in enumerate(_offers(database, provider), start=1):
        cells = _cells(offer)
        for name, cell in cells.items():
            # Spreadsheets count as UTF-16 does.
            if len(cell) > CELL_CHARACTERS // 2 and len(cell.encode("utf-16-le")) // 2 > CELL_CHARACTERS:
                values = {"reference": offer.reference, "column": name, "most": CELL_CHARACTERS}
                raise ExportError(Sentence(LONG, **values))
        columns.update(dict.fromkeys(cells))
        if len(columns) > MOST_COLUMNS or rows > MOST_ROWS:
            raise ExportError(Sentence(LARGE, columns=MOST_COLUMNS, rows=MOST_ROWS))
    return list(columns)


class _Sheet:
    """A sheet of typed cells: dates, numbers and flags as such; whatever else is text and stays text when edited."""

    def __init__(self, book: xlsxwriter.Workbook, columns: list[str]) -> None:
        schema = OfferSchema()
        self.sheet: Worksheet = book.add_worksheet(SHEET)
        self.text = book.add_format({"num_format": "@"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.kinds = [(name, None if name == REFERENCE else leaf(schema, name)) for name in columns]
        head = book.add_format({"bold": True, "num_format": "@"})
        for at, (name, kind) in enumerate(self.kinds):
            plain = isinstance(kind, Amount | Flag)
            self.sheet.set_column(at, at, 18, None if plain else self._format(kind))
            self.sheet.write_string(0, at, name, head)
        self.sheet.freeze_panes(1, 1)

    def _format(self, kind: object) -> Any:
        return self.day if isinstance(kind, Day) else self.text

    def write(self, row: int, cells: dict[str, str]) -> None:
        for at, (name, kind) in enumerate(self.kinds):
            if name in cells:
                self._cell(row, at, cells[name], kind)

    def _cell(self, row: int, at: int, cell: str, kind: object) -> None:
        if isinstance(kind, Amount):
            self.sheet.write_number(row, at, float(cell))
        elif isinstance(kind, Flag):
            self.sheet.write_boolean(row, at, cell == "true")
        elif isinstance(kind, Day):
            self.sheet.write_datetime(row, at, dt.date.fromisoformat(cell), self.day)
        else:
            # Said to be a text, whatever it looks like; the guard holds also where the sheet becomes CSV.
            self.sheet.write_string(row, at, cell, self.text)
