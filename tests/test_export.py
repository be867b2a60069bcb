"""Export: what goes out comes in again, without loss, in both formats."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from catalogue.db import Database
from catalogue.exchange.exporting import ExportError, export_file
from catalogue.exchange.flat import flatten, guarded, unflatten
from catalogue.exchange.importing import Options, import_file
from catalogue.exchange.reading import read_rows
from catalogue.offers import queries, service
from catalogue.offers.schema import OfferSchema, load_offer
from catalogue.portal import Portal
from catalogue.security.actor import OPERATOR
from tests.conftest import Clock
from tests.factories import NOW, PROVIDER, complete_offer, minimal_offer, published, titled


def documents(database: Database) -> dict[tuple[str, str], Any]:
    with database.read() as session:
        return {
            (offer.provider.slug, offer.reference): offer.document for offer in queries.all_published(session)
        }


def take(database: Database, file: Path) -> dict[str, int]:
    options = Options(PROVIDER, publish=True, policy="minimal", strict=True)
    report = import_file(database, OPERATOR, file, None, options, clock=Clock())
    assert report.problems == []
    return dict(report.outcomes)


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_an_exported_offer_comes_back_as_it_was(database: Database, tmp_path: Path, suffix: str) -> None:
    published(database, "W-1", complete_offer())
    published(
        database, "=W 2; 'zwei'", minimal_offer(summary={"de": '\'=Summe\nmit "Umbruch"; Komma, Tab\t.'})
    )
    before = documents(database)
    file = tmp_path / f"offers.{suffix}"
    assert export_file(database, file, None, None) == 2
    assert take(database, file) == {"unchanged": 2}
    with database.write() as session:
        for offer in list(queries.all_published(session)):
            service.withdraw(session, OPERATOR, offer.id, "", at=NOW)
    assert documents(database) == {}
    assert take(database, file) == {"changed": 2}
    assert documents(database) == before


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_every_offer_of_the_seed_survives_export_and_reading(
    seeded: Portal, tmp_path: Path, suffix: str
) -> None:
    with seeded.database.read() as session:
        offers = [(offer.reference, offer.document) for offer in queries.all_published(session)]
    file = tmp_path / f"seed.{suffix}"
    assert export_file(seeded.database, file, None, None) == len(offers) > 0
    rows = list(read_rows(file, suffix))
    assert [problem for row in rows for problem in row.problems] == []
    for row, (reference, document) in zip(rows, offers, strict=True):
        assert (row.reference, load_offer(row.document)) == (reference, document)


def test_cells_and_back_is_the_same_document() -> None:
    document = complete_offer(
        title={
            "de": {"text": "'Zitat'", "origin": "machine"},
            "en": {"text": "=1+1", "origin": "original"},
        }
    )
    cells = {name: guarded(cell) for name, cell in flatten(document).items()}
    back, problems = unflatten(cells, OfferSchema())
    assert problems == []
    assert load_offer(back) == document


def test_no_cell_of_a_table_is_a_formula(sqlite: Database, tmp_path: Path) -> None:
    for number, title in enumerate(["=cmd()", "+1", "-1", "@x"]):
        published(sqlite, f"{title}{number}", titled(title))
    export_file(sqlite, tmp_path / "offers.csv", None, None)
    with (tmp_path / "offers.csv").open(newline="", encoding="utf-8") as file:
        assert not [cell for row in csv.reader(file) for cell in row if cell[:1] in "=+-@\t" and cell]


def test_only_what_is_published_goes_out(sqlite: Database, tmp_path: Path) -> None:
    published(sqlite, "A", titled("Erste Fassung"))
    gone = published(sqlite, "B", titled("Fort"))
    with sqlite.write() as session:
        service.withdraw(session, OPERATOR, gone, "", at=NOW)
        service.save_draft(session, OPERATOR, service.Key(PROVIDER, "A"), titled("Entwurf"), at=NOW)
        service.save_draft(session, OPERATOR, service.Key(PROVIDER, "C"), titled("Entwurf"), at=NOW)
    export_file(sqlite, tmp_path / "offers.jsonl", None, None)
    lines = [json.loads(line) for line in (tmp_path / "offers.jsonl").read_text("utf-8").splitlines()]
    assert [(line["reference"], line["title"]["de"]["text"]) for line in lines] == [("A", "Erste Fassung")]


def test_the_offers_of_one_provider_can_be_taken_alone(sqlite: Database, tmp_path: Path) -> None:
    published(sqlite, "A")
    published(sqlite, "A", slug="akademie-muster")
    assert export_file(sqlite, tmp_path / "one.jsonl", None, "akademie-muster") == 1
    with pytest.raises(ExportError, match="nobody"):
        export_file(sqlite, tmp_path / "none.jsonl", None, "nobody")


def test_an_empty_catalogue_makes_an_empty_file(sqlite: Database, tmp_path: Path) -> None:
    assert export_file(sqlite, tmp_path / "offers.jsonl", None, None) == 0
    assert (tmp_path / "offers.jsonl").read_text() == ""
    assert export_file(sqlite, tmp_path / "offers.csv", None, None) == 0
    assert (tmp_path / "offers.csv").read_text().strip() == "reference"


def test_without_a_format_an_export_says_what_it_needs(sqlite: Database, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="--format"):
        export_file(sqlite, tmp_path / "offers", None, None)
    with pytest.raises(ExportError):
        export_file(sqlite, tmp_path / "nowhere" / "offers.csv", None, None)


def test_a_dash_means_the_standard_output(sqlite: Database, capsys: pytest.CaptureFixture[str]) -> None:
    published(sqlite, "A")
    assert export_file(sqlite, Path("-"), None, None) == 1
    assert json.loads(capsys.readouterr().out)["reference"] == "A"
