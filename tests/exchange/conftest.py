"""Workbooks for tests, made by another library than the one that Portolan writes with."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from catalogue.db import Database
from catalogue.exchange.importing import Options, Report, import_file
from catalogue.security.actor import OPERATOR
from tests.conftest import Clock
from tests.factories import PROVIDER, provider

HEADER = ("reference", "default_language", "title.de", "description.de")


def workbook(file: Path, rows: Sequence[Sequence[Any]], change: Callable[[Any], None] | None = None) -> Path:
    """A workbook with one sheet, Kurse; `change` gets the sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Kurse"
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(sheet)
    book.save(file)
    return file


def rewritten(file: Path, changes: dict[str, Callable[[bytes], bytes]]) -> Path:
    """The workbook with parts of its archive changed."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, change in changes.items():
        parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


def take(database: Database, file: Path, **options: Any) -> Report:
    choice = Options(**{"provider": PROVIDER, "publish": True, "policy": "minimal", **options})
    return import_file(database, OPERATOR, file, None, choice, clock=Clock())


@pytest.fixture
def open_database(sqlite: Database) -> Database:
    """A database with one provider."""
    provider(sqlite)
    return sqlite
