"""The real catalogues as spreadsheets whose columns have Italian names in another order: every row arrives."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from catalogue.db import Database
from catalogue.exchange.exporting import export_file
from catalogue.exchange.guessing import guess_file
from catalogue.exchange.importing import Options, Report, import_file
from catalogue.exchange.mapping import document_of, load_mapping
from catalogue.offers import queries, service
from catalogue.providers import service as providers
from catalogue.security.actor import OPERATOR
from tests.conftest import Clock
from tests.factories import NOW
from tests.real.convert import convert
from tests.real.test_real_catalogue import COIMBRA, PAVIA, POITIERS, SOURCE

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SOURCE.is_dir(), reason="the real catalogues are not beside the checkout"),
]
# What an Italian office might call the columns; a language in the heading, or none where it is the texts' own.
ITALIAN = {
    "reference": "Codice insegnamento",
    "default_language": "Lingua dei testi",
    "title": "Titolo",
    "description": "Contenuti",
    "links.homepage": "Sito web",
    "further_information.text": "Altre informazioni",
    "further_information.links.1.url": "Altro link",
    "workload.ects": "CFU",
    "workload.hours": "Ore frontali",
    "workload.hours_kind": "Tipo di ore",
    "level.cycle": "Ciclo di studi",
    "duration": "Durata",
    "subjects": "Area disciplinare",
    "learning_outcomes.1.text": "Obiettivi formativi",
    "assessment.types": "Modalità d'esame",
    "assessment.criteria": "Modalità di verifica",
    "entry_requirements.text": "Prerequisiti",
    "languages": "Lingua di insegnamento",
    "runs.1.start": "Data inizio",
    "runs.1.end": "Data fine",
}
LANGUAGES = {"it": "italiano", "en": "inglese", "fr": "francese", "pt": "portoghese"}
ROWS = {COIMBRA: 309, PAVIA: 27, POITIERS: 144}


def italian(column: str) -> str:
    base, _, last = column.rpartition(".")
    return f"{ITALIAN[base]} ({LANGUAGES[last]})" if last in LANGUAGES else ITALIAN[column]


def renamed(source: Path, target: Path) -> Path:
    """The workbook with its columns renamed and in another order."""
    rows = [list(row) for row in openpyxl.load_workbook(source)["offers"].iter_rows(values_only=True)]
    order = list(range(len(rows[0])))
    random.Random(7).shuffle(order)
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append([italian(str(rows[0][at])) for at in order])
    for row in rows[1:]:
        sheet.append([row[at] for at in order])
    book.save(target)
    return target


def take(database: Database, slug: str, file: Path, mapping: Any = None) -> Report:
    options = Options(slug, publish=True, policy="minimal", mapping=mapping)
    return import_file(database, OPERATOR, file, None, options, clock=Clock())


def documents(database: Database) -> dict[tuple[str, str], Any]:
    with database.read() as session:
        return {
            (offer.provider.slug, offer.reference): offer.document for offer in queries.all_published(session)
        }


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[tuple[Database, Path]]:
    place = tmp_path_factory.mktemp("spreadsheets")
    shutil.copy(migrated_sqlite, place / "portolan.db")
    database = Database(f"sqlite:///{place / 'portolan.db'}")
    for made in convert(SOURCE, place):
        with database.write() as session:
            providers.save(session, OPERATOR, made.provider, at=NOW)
        take(database, made.provider["slug"], place / f"{made.provider['slug']}.jsonl")
    yield database, place
    database.close()


@pytest.mark.parametrize("slug", ROWS)
def test_every_row_of_a_renamed_and_reordered_workbook_arrives(
    real: tuple[Database, Path], slug: str
) -> None:
    database, place = real
    before = documents(database)
    export_file(database, place / f"{slug}.xlsx", None, slug)
    file = renamed(place / f"{slug}.xlsx", place / f"{slug}-it.xlsx")
    guessed = guess_file(file, None)
    mapping, adjusted = document_of(guessed.mapping), 0
    wanted = {italian(str(cell)): str(cell) for cell in header(place / f"{slug}.xlsx")}
    for name, element in wanted.items():
        said = mapping["columns"][name]
        if (said["element"] if isinstance(said, dict) else said) != element:
            mapping["columns"][name], adjusted = element, adjusted + 1
    print(f"{slug}: {len(wanted)} columns, {adjusted} adjusted by hand")
    with database.write() as session:
        for offer in list(queries.all_published(session)):
            if offer.provider.slug == slug:
                service.withdraw(session, OPERATOR, offer.id, "", at=NOW)
    report = take(database, slug, file, load_mapping(mapping))
    assert [str(problem) for problem in report.problems] == []
    assert report.outcomes == {"changed": ROWS[slug]}
    assert documents(database) == before
    assert adjusted <= 1


def header(file: Path) -> list[Any]:
    return [cell.value for cell in next(openpyxl.load_workbook(file)["offers"].iter_rows())]
