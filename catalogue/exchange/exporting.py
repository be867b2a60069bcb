"""Export published offers to canonical JSONL or CSV, streaming from the database."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from catalogue.db import Database
from catalogue.exchange.flat import flatten, guarded
from catalogue.exchange.reading import REFERENCE, UnreadableError, format_of
from catalogue.offers.queries import PublishedOffer, all_published
from catalogue.providers import queries as providers


class ExportError(Exception):
    """The export could not be written."""


def export_file(database: Database, path: Path, file_format: str | None, provider: str | None) -> int:
    """Write all published offers, or those of one provider; `-` is the standard output. Returns how many."""
    try:
        file_format = file_format or ("jsonl" if str(path) == "-" else format_of(path, None))
        with _open(path) as file:
            write = _write_jsonl if file_format == "jsonl" else _write_csv
            return write(database, file, provider)
    except (UnreadableError, OSError) as error:
        raise ExportError(str(error)) from error


@contextmanager
def _open(path: Path) -> Iterator[IO[str]]:
    if str(path) == "-":
        yield sys.stdout
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        yield file


def _offers(database: Database, provider: str | None) -> Iterator[PublishedOffer]:
    with database.read() as session:
        if provider is not None and providers.by_slug(session, provider) is None:
            raise ExportError(f"There is no provider {provider!r}.")
        for offer in all_published(session):
            if provider in {None, offer.provider.slug}:
                yield offer


def _row(offer: PublishedOffer) -> dict[str, Any]:
    return {REFERENCE: offer.reference, **offer.document}


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
        writer.writerow({name: guarded(cell) for name, cell in flatten(_row(offer)).items()})
        count += 1
    return count
