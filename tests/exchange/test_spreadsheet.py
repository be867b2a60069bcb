"""XLSX: what goes out comes in again unchanged; what must not go in is said at its sheet, line and column."""

from __future__ import annotations

import datetime as dt
import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from catalogue.db import Database
from catalogue.exchange import archive as archives
from catalogue.exchange import tables
from catalogue.exchange import workbook as workbooks
from catalogue.exchange.exporting import ExportError, export_file
from catalogue.exchange.problems import UnreadableError, said_in
from catalogue.exchange.reading import read_rows
from catalogue.exchange.workbook import read_workbook
from catalogue.offers import queries, service
from catalogue.offers.schema import load_offer
from catalogue.portal import Portal
from catalogue.security.actor import OPERATOR
from tests.exchange.conftest import HEADER, rewritten, take, workbook
from tests.factories import NOW, complete_offer, minimal_offer, published, titled

SHEET = "xl/worksheets/sheet1.xml"


def documents(database: Database) -> dict[str, Any]:
    with database.read() as session:
        return {offer.reference: offer.document for offer in queries.all_published(session)}


def complaints(database: Database, file: Path) -> list[tuple[str, int, str, str]]:
    """Sheet, line, column and message of every problem."""
    report = take(database, file)
    return [(found.sheet, found.line, found.field, found.message) for found in report.problems]


# Out and in again


def test_an_exported_workbook_comes_back_as_it_was(database: Database, tmp_path: Path) -> None:
    odd = {"de": '\'=Summe\nmit "Umbruch"; Komma, Tab\t. _x0041_ _x000D_ \U0001f41d'}
    published(database, "W-1", complete_offer())
    published(database, "007", minimal_offer(summary=odd, price={"amount": 0.1, "currency": "EUR"}))
    published(database, "2027-03-01", titled("#N/A"))
    published(database, "1E5", titled("TRUE"))
    before = documents(database)
    file = tmp_path / "offers.xlsx"
    assert export_file(database, file, None, None) == 4
    assert take(database, file).outcomes == {"unchanged": 4}
    with database.write() as session:
        for offer in list(queries.all_published(session)):
            service.withdraw(session, OPERATOR, offer.id, "", at=NOW)
    assert take(database, file).outcomes == {"changed": 4}
    assert documents(database) == before


def test_every_offer_of_the_seed_survives_a_workbook(seeded: Portal, tmp_path: Path) -> None:
    with seeded.database.read() as session:
        offers = [(offer.reference, offer.document) for offer in queries.all_published(session)]
    file = tmp_path / "seed.xlsx"
    assert export_file(seeded.database, file, None, None) == len(offers) > 0
    for row, (reference, document) in zip(read_rows(file, "xlsx"), offers, strict=True):
        assert row.problems == []
        assert (row.reference, load_offer(row.document)) == (reference, document)


def test_cells_are_typed_and_no_text_is_a_formula(sqlite: Database, tmp_path: Path) -> None:
    published(sqlite, "=1", complete_offer())
    for number, title in enumerate(["=cmd()", "+1", "-1", "@x"]):
        published(sqlite, f"R-{number}", titled(title))
    export_file(sqlite, tmp_path / "offers.xlsx", None, None)
    rows = list(openpyxl.load_workbook(tmp_path / "offers.xlsx")["offers"].iter_rows())
    first = {head.value: cell for head, cell in zip(rows[0], rows[1], strict=True)}
    assert first["workload.ects"].value == 3
    assert first["green"].value is False
    assert first["runs.1.start"].value == dt.datetime(2027, 2, 1)
    assert (first["subjects"].value, first["subjects"].number_format) == ("0913", "@")
    texts = [cell for row in rows for cell in row if isinstance(cell.value, str)]
    assert not [cell.value for cell in texts if cell.data_type != "s" or cell.value[0] in "=+-@\t\r"]


def test_another_program_may_save_the_workbook_in_between(open_database: Database, tmp_path: Path) -> None:
    published(open_database, "W-1", complete_offer())
    file = tmp_path / "offers.xlsx"
    export_file(open_database, file, None, None)
    openpyxl.load_workbook(file).save(file)
    assert take(open_database, file).outcomes == {"unchanged": 1}


def test_a_text_that_no_cell_can_hold_is_named_and_no_file_is_made(sqlite: Database, tmp_path: Path) -> None:
    """Only signs beyond the first plane come to that: a text has at most 20,000 signs."""
    published(sqlite, "LONG", titled("Kurz", summary={"de": "\U0001f41d" * 2000}))
    published(sqlite, "W-2", minimal_offer(description={"de": "\U0001f41d" * 17_000}))
    with pytest.raises(ExportError, match=r"W-2: description.de"):
        export_file(sqlite, tmp_path / "offers.xlsx", None, None)
    assert not (tmp_path / "offers.xlsx").exists()


def test_an_empty_catalogue_makes_a_workbook_with_a_header(sqlite: Database, tmp_path: Path) -> None:
    assert export_file(sqlite, tmp_path / "offers.xlsx", None, None) == 0
    assert list(read_rows(tmp_path / "offers.xlsx", "xlsx")) == []
    with pytest.raises(ExportError):
        export_file(sqlite, tmp_path / "nowhere" / "offers.xlsx", None, None)


# Cells as other programs write them


def read(file: Path) -> list[list[str]]:
    with file.open("rb") as opened:
        return [line.cells for line in read_workbook(opened, 1).lines]


@pytest.mark.parametrize("epoch", [False, True])
def test_dates_numbers_and_flags_are_what_the_sheet_shows(tmp_path: Path, epoch: bool) -> None:
    file = tmp_path / "cells.xlsx"
    book = xlsxwriter.Workbook(file, {"date_1904": epoch})
    sheet = book.add_worksheet()
    day, moment, padded = (
        book.add_format({"num_format": code}) for code in ("dd.mm.yyyy", "yyyy-mm-dd hh:mm", "0000")
    )
    sheet.write_datetime(0, 0, dt.date(2027, 3, 1), day)
    sheet.write_datetime(0, 1, dt.datetime(2027, 3, 1, 18, 30), moment)
    sheet.write_number(0, 2, 913, padded)
    sheet.write_number(0, 3, 2.50)
    sheet.write_number(0, 4, 46000)
    sheet.write_boolean(0, 5, True)
    sheet.write_rich_string(0, 6, "Bienen ", book.add_format({"bold": True}), "am Stock")
    book.close()
    cells = ["2027-03-01", "2027-03-01T18:30:00", "0913", "2.5", "46000", "true", "Bienen am Stock"]
    assert read(file) == [cells]


def test_rows_and_columns_that_are_left_out_are_counted(tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet["D7"] = "weit"

    file = workbook(tmp_path / "gaps.xlsx", [["a"]], change)
    with file.open("rb") as opened:
        assert [(line.number, line.cells) for line in read_workbook(opened, 1).lines] == [
            (1, ["a"]),
            (7, ["", "", "", "weit"]),
        ]


# What is wrong is said where it stands


def put(cell: str, value: Any) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        sheet[cell] = value

    return change


BAD: dict[str, tuple[Callable[[Any], None], int, str, str]] = {
    "a formula": (put("C3", '=HYPERLINK("http://evil.example")'), 3, "title.de", "formula"),
    "a formula in the reference": (put("A3", "=1+1"), 3, "reference", "formula"),
    "an error": (put("C3", "#N/A"), 3, "title.de", "error #N/A"),
    "merged cells": (lambda sheet: sheet.merge_cells("C3:D3"), 3, "", "C3:D3 are merged"),
    "a day as a number": (put("E3", 46082), 3, "runs.1.start", "format the cell as a date"),
    "a moment without offset": (
        put("F3", dt.datetime(2027, 1, 1, 9)),
        3,
        "runs.1.application_deadline",
        "offset",
    ),
    "an unknown code": (put("G3", "telepathy"), 3, "participation", "Unknown code"),
    "a cell beyond the header": (put("K3", "mehr"), 3, "", "more cells"),
    "a cell far away": (put("ZZZ3", "weit"), 3, "", "beyond column"),
    "the same reference": (put("A3", "GOOD"), 3, "reference", "line 2"),
    "no reference": (put("A3", None), 3, "reference", "missing"),
    "a half-filled row": (put("B3", None), 3, "default_language", "required"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_cell_is_located_and_the_other_rows_go_in(
    open_database: Database, tmp_path: Path, name: str
) -> None:
    change, line, column, says = BAD[name]
    header = (*HEADER, "runs.1.start", "runs.1.application_deadline", "participation")
    rows = [
        header,
        ["GOOD", "de", "Bienen", "Kurs"],
        ["X", "de", "Schafe", "Kurs"],
        ["Z", "de", "Ziegen", "Kurs"],
    ]
    found = complaints(open_database, workbook(tmp_path / "bad.xlsx", rows, change))
    assert any(
        (sheet, at) == ("Kurse", line) and field.startswith(column) and says in message
        for sheet, at, field, message in found
    ), found
    assert {sheet_line for _, sheet_line, _, _ in found} == {3}
    assert set(documents(open_database)) == {"GOOD", "Z"}


def test_the_value_a_formula_last_had_never_counts(tmp_path: Path) -> None:
    file = tmp_path / "formula.xlsx"
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ["X", "de", "", "Kurs"])
    sheet.write_formula(1, 2, '="Bie"&"nen"', None, "Bienen")
    book.close()
    (row,) = read_rows(file, "xlsx")
    assert [problem.place for problem in row.problems] == ["title.de"]
    assert row.document == {}


def test_merged_rows_are_all_named(tmp_path: Path) -> None:
    rows = [HEADER, *(["R", "de", "a", "b"] for _ in range(5))]
    file = workbook(tmp_path / "m.xlsx", rows, lambda sheet: sheet.merge_cells("A3:A5"))
    with file.open("rb") as opened:
        wrong = [line.number for line in read_workbook(opened, 1).lines if line.wrong]
    assert wrong == [3, 4, 5]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (["title.de"], "reference"),
        (["reference", "title.de", "title.de"], "title.de"),
        (["reference", "=1+1"], "formula"),
        ([], "no sheet|empty"),
    ],
)
def test_a_header_that_cannot_be_used_makes_the_file_unreadable(
    open_database: Database, tmp_path: Path, header: list[str], says: str
) -> None:
    with pytest.raises(UnreadableError, match=says):
        take(open_database, workbook(tmp_path / "h.xlsx", [header]))


def test_a_long_cell_is_refused(open_database: Database, tmp_path: Path) -> None:
    file = workbook(tmp_path / "long.xlsx", [HEADER, ["X", "de", "LANG", "Kurs"]])
    rewritten(file, {SHEET: lambda part: part.replace(b"LANG", b"x" * 40_000)})
    assert [(line, field) for _, line, field, _ in complaints(open_database, file)] == [(2, "title.de")]


def test_messages_are_said_in_the_language_of_the_reader(open_database: Database, tmp_path: Path) -> None:
    rows = [HEADER, ["X", "de", "=1+1", "Kurs"]]
    report = take(open_database, workbook(tmp_path / "f.xlsx", rows))
    english, german = (said_in(report.problems[0].message, language) for language in ("en", "de"))
    assert english.startswith("The cell holds a formula")
    assert german.startswith("Die Zelle enthält eine Formel")
    assert report.as_json("de")["problems"][0]["message"] == german


def test_other_sheets_are_not_left_out_silently(open_database: Database, tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet.parent.create_sheet("Alt").append(["x"])

    file = workbook(tmp_path / "two.xlsx", [HEADER, ["X", "de", "Bienen", "Kurs"]], change)
    assert "Only the sheet 'Kurse' was read, not 'Alt'." in list(take(open_database, file).lines())


# Files made to do harm


def packed(file: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


def sound(tmp_path: Path) -> Path:
    return workbook(tmp_path / "harm.xlsx", [HEADER, ["X", "de", "Bienen", "Kurs"]])


def cells(inner: bytes) -> Callable[[bytes], bytes]:
    return lambda part: part.replace(b"</sheetData>", inner + b"</sheetData>")


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
HARM: dict[str, tuple[dict[str, Callable[[bytes], bytes]], str]] = {
    "a bomb": ({"xl/media/x.bin": lambda _: b"\0" * 20_000_000}, "packed"),
    "entities": ({SHEET: lambda part: ENTITIES + part.partition(b"?>")[2]}, "document type"),
    "entities in the list of sheets": ({"xl/workbook.xml": lambda part: ENTITIES + part}, "document type"),
    "deep nesting": ({SHEET: cells(b"<row><c>" + b"<x>" * 500 + b"</x>" * 500 + b"</c></row>")}, "nested"),
    "an endless tag": (
        {SHEET: cells(b'<row r="9" x="' + bytes(range(97, 123)) * 90_000 + b'"/>')},
        "too large",
    ),
    "half a sheet": ({SHEET: lambda part: part[: len(part) // 2]}, "damaged"),
    "no sheet": ({"xl/workbook.xml": lambda part: part.replace(b"<sheet ", b"<shut ")}, "no sheet"),
    "many merges": (
        {
            SHEET: lambda part: part.replace(
                b"</sheetData>", b"</sheetData>" + b'<mergeCell ref="A1:B2"/>' * 10_001
            )
        },
        "too many",
    ),
}


@pytest.mark.parametrize("name", HARM)
def test_a_harmful_workbook_is_refused_quickly_and_nothing_is_stored(
    open_database: Database, tmp_path: Path, name: str
) -> None:
    changes, says = HARM[name]
    file = rewritten(sound(tmp_path), changes)
    began = time.monotonic()
    with pytest.raises(UnreadableError, match=says):
        take(open_database, file)
    assert time.monotonic() - began < 5
    assert documents(open_database) == {}


def test_huge_numbers_of_rows_and_columns_cost_nothing(open_database: Database, tmp_path: Path) -> None:
    """The size that a sheet claims, rows far away and a million empty cells."""
    empty = b'<row r="1048576">' + b"<c/>" * 1_000_000 + b"</row>"
    file = rewritten(
        sound(tmp_path),
        {SHEET: lambda part: cells(empty)(part).replace(b'ref="A1:D2"', b'ref="A1:XFD1048576"')},
    )
    tracemalloc.start()
    assert take(open_database, file).outcomes == {"new": 1}
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


def test_more_rows_than_the_limit_are_refused_before_any_is_stored(
    open_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    rows = [HEADER, *([f"R-{n}", "de", "a", "b"] for n in range(4))]
    with pytest.raises(UnreadableError, match="3 rows"):
        take(open_database, workbook(tmp_path / "rows.xlsx", rows))
    assert documents(open_database) == {}


def test_what_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "SECONDS", -1.0)
    with pytest.raises(UnreadableError, match="longer than"):
        list(read_rows(sound(tmp_path), "xlsx"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not an XLSX"),
        (b"reference;title.de\n", "not an XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel"),
        (b"PK\x05\x06" + b"\0" * 18, "not an XLSX"),
        (b"PK\x05\x06" + b"\0" * 8 + struct.pack("<L", 10**9) + b"\0" * 6, "too large"),
    ],
)
def test_what_is_no_workbook_is_said_to_be_none(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "no.xlsx").write_bytes(content)
    with pytest.raises(UnreadableError, match=says):
        list(read_rows(tmp_path / "no.xlsx", "xlsx"))


def test_a_workbook_with_too_many_parts_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = packed(tmp_path / "parts.xlsx", {f"p{n}": b"" for n in range(2001)})
    with pytest.raises(UnreadableError, match="too large"):
        list(read_rows(file, "xlsx"))
    monkeypatch.setattr(archives, "FILE_BYTES", 100)
    with pytest.raises(UnreadableError, match="too large"):
        read_workbook(io.BytesIO(sound(tmp_path).read_bytes()), 1)


def test_the_limits_of_tables_are_those_of_spreadsheets() -> None:
    assert tables.CELL_CHARACTERS == 32_767


# CSV


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("reference;default_language;title.de;description.de\nX,de,Bienen,Kurs\n", 2, "separated by “,”"),
        ("reference,default_language,title.de,description.de\nX,de,Müller,Kurs\n", 2, "windows-1252"),
        ("reference,default_language,title.de,description.de,runs.1.start\nX,de,a,b,46082\n", 2, "date"),
    ],
)
def test_bad_csv_is_located(open_database: Database, tmp_path: Path, text: str, line: int, says: str) -> None:
    file = tmp_path / "offers.csv"
    file.write_bytes(text.encode("windows-1252"))
    found = take(open_database, file).problems
    assert [problem.line for problem in found] == [line]
    assert says in found[0].message


def test_a_million_empty_columns_are_refused(open_database: Database, tmp_path: Path) -> None:
    file = tmp_path / "offers.csv"
    file.write_text("reference,default_language,title.de" + "," * 1_000_000 + "x\n" + "," * 1_000_000 + "\n")
    with pytest.raises(UnreadableError, match="2000 columns"):
        take(open_database, file)
