"""Foreign spreadsheets: their columns are guessed, explained, mapped, remembered; nothing is left out silently."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from catalogue.db import Database
from catalogue.documents import InvalidContentError
from catalogue.exchange import mappings
from catalogue.exchange.guessing import guess, guess_file
from catalogue.exchange.headings import LANGUAGES, known, meanings
from catalogue.exchange.importing import Options, import_rows
from catalogue.exchange.mapping import document_of, load_mapping, read_mapping
from catalogue.exchange.problems import UnreadableError
from catalogue.offers import queries
from catalogue.offers.content import OfferContent
from catalogue.security.actor import ANONYMOUS, OPERATOR, NotAllowedError
from tests.conftest import Clock
from tests.exchange.conftest import take, workbook
from tests.factories import NOW, PROVIDER, provider

ITALIAN = [
    "Codice insegnamento",
    "Titolo",
    "Title (EN)",
    "Contenuti",
    "CFU",
    "Lingua",
    "Data inizio",
    "Modalità d'esame",
    "Aula",
]
ROWS: list[list[Any]] = [
    ["IT-1", "Le api", "Bees", "Un corso.", 6, "italiano", "01/03/2027", "Esame orale", "A1"],
    ["IT-2", "Le pecore", "Sheep", "Un altro.", 2.5, "italiano; inglese", "15/09/2027", "", "B2"],
]


def contents(database: Database) -> dict[str, OfferContent]:
    with database.read() as session:
        return {offer.reference: offer.content for offer in queries.all_published(session)}


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    return workbook(tmp_path / "corsi.xlsx", [["Elenco dei corsi"], ITALIAN, *ROWS])


# Guesses


@pytest.mark.parametrize(
    ("heading", "element"),
    [
        ("title.en", "title.en"),
        ("Course title", "title"),
        ("Kurstitel", "title"),
        ("Intitulé du cours", "title"),
        ("Título del curso", "title"),
        ("Titolo del corso", "title"),
        ("Nome do curso", "title"),
        ("Kurso pavadinimas", "title"),
        ("Τίτλος μαθήματος", "title"),
        ("TITOLO", "title"),
        ("Titolo_EN", "title"),
        ("titre anglais", "title"),
        ("Lernergebnis 3", "learning_outcomes.3.text"),
        ("Leistungspunkte (ECTS)", "workload.ects"),
        ("Prezzo", "price.amount"),
        ("Date de début 2", "runs.2.start"),
        ("Anmeldeschluß", "runs.1.application_deadline"),
        ("Modalitá di esame", "assessment.types"),
        ("E-Mail", "links.contact.email"),
    ],
)
def test_headings_are_understood_in_eight_languages_and_when_misspelt(heading: str, element: str) -> None:
    assert next(meanings(heading)).element == element


def test_every_language_knows_the_common_headings() -> None:
    by_element: dict[str, set[str]] = {}
    for found in known().values():
        for element, language, _ in found:
            by_element.setdefault(element, set()).add(language)
    assert {
        element: set(LANGUAGES) - said for element, said in by_element.items() if set(LANGUAGES) - said
    } == {}


@pytest.mark.parametrize("heading", ["", "Raum", "xyz", "📚", "?" * 3000])
def test_what_is_unknown_is_not_guessed(heading: str) -> None:
    assert [meaning for meaning in meanings(heading) if meaning.confidence > 0.8] == []


def test_the_surer_heading_gets_the_element_and_the_other_one_is_told_why() -> None:
    guessed = guess(["Titolo", "Titolo del corsi", "Codice"], [])
    by_header = {each.header: each for each in guessed.guesses}
    assert by_header["Titolo"].column is not None
    assert by_header["Titolo"].column.element == "title.it"
    assert by_header["Titolo del corsi"].column is None
    assert "Titolo" in by_header["Titolo del corsi"].why


def test_a_foreign_workbook_is_guessed_with_its_header_codes_dates_and_languages(foreign: Path) -> None:
    guessed = guess_file(foreign, None)
    document = document_of(guessed.mapping)
    assert document == {
        "header": 2,
        "columns": {
            "Codice insegnamento": "reference",
            "Titolo": "title.it",
            "Title (EN)": "title.en",
            "Contenuti": "description.it",
            "CFU": "workload.ects",
            "Lingua": {
                "element": "languages",
                "values": {"italiano": "it", "inglese": "en"},
                "separator": ";",
            },
            "Data inizio": {"element": "runs.1.start", "dates": "DD/MM/YYYY"},
            "Modalità d'esame": "assessment.types",
            "Aula": "ignore",
        },
        "constants": {"default_language": "it"},
    }
    unsure = {each.header: each.unknown for each in guessed.guesses if each.unknown}
    assert unsure == {"Modalità d'esame": ("Esame orale",)}
    assert all(0 <= each.confidence <= 1 and each.why for each in guessed.guesses)


def test_a_guess_is_printed_as_a_mapping_to_edit(foreign: Path) -> None:
    guessed = guess_file(foreign, None)
    text = guessed.as_text()
    assert "# 0.95 “titolo” is known, in the language “it”" in text
    assert 'values not understood: ["Esame orale"]' in text
    assert read_mapping(text.encode()) == guessed.mapping


def test_windows_1252_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "kurse.csv"
    file.write_bytes("Kürzel;Titel;Inhalt\nA;Müller;Ein Kurs\n".encode("windows-1252"))
    assert guess_file(file, None).mapping.encoding == "windows-1252"


# Imports by mapping


def test_a_foreign_workbook_goes_in_by_its_guess_once_that_is_adjusted(
    open_database: Database, foreign: Path
) -> None:
    document = document_of(guess_file(foreign, None).mapping)
    document["columns"]["Modalità d'esame"] = {
        "element": "assessment.types",
        "values": {"Esame orale": "oral-examination"},
    }
    report = take(open_database, foreign, mapping=load_mapping(document))
    assert report.outcomes == {"new": 2}, report.problems
    first, second = (contents(open_database)[key] for key in ("IT-1", "IT-2"))
    assert (first.default_language, first.title["en"].text) == ("it", "Bees")
    assert (first.assessment.types, str(first.runs[0].start)) == (("oral-examination",), "2027-03-01")
    assert (second.languages, str(second.workload.ects)) == (("it", "en"), "2.5")


def test_problems_are_named_by_the_columns_of_the_file(open_database: Database, foreign: Path) -> None:
    report = take(open_database, foreign, mapping=guess_file(foreign, None).mapping)
    assert [(found.sheet, found.line, found.field) for found in report.problems] == [
        ("Kurse", 3, "Modalità d'esame")
    ]


def test_windows_1252_comes_in_by_a_mapping_that_says_so(open_database: Database, tmp_path: Path) -> None:
    file = tmp_path / "kurse.csv"
    file.write_bytes("Kürzel;Titel;Inhalt\nA;Müller;Ein Kurs\n".encode("windows-1252"))
    take(open_database, file, mapping=guess_file(file, None).mapping)
    assert contents(open_database)["A"].title["de"].text == "Müller"


@pytest.mark.parametrize(("header", "says"), [(["Codice", "Neu"], "Neu"), (["Codice"], "Titolo")])
def test_columns_are_neither_left_out_nor_missed_silently(
    open_database: Database, tmp_path: Path, header: list[str], says: str
) -> None:
    mapping = load_mapping({"columns": {"Codice": "reference", "Titolo": "title.it"}})
    file = workbook(tmp_path / "x.xlsx", [[*header, "Titolo"] if "Neu" in header else header, ["A"]])
    with pytest.raises(UnreadableError, match=says):
        take(open_database, file, mapping=mapping)


WRONG: dict[str, tuple[Any, str]] = {
    "no columns": ({"columns": {}}, "columns"),
    "no reference": ({"columns": {"a": "title.de"}}, "columns"),
    "an unknown element": ({"columns": {"a": "reference", "b": "titel.de"}}, "columns.b"),
    "an element with parts": ({"columns": {"a": "reference", "b": "level"}}, "columns.b"),
    "two columns for one element": ({"columns": {"a": "reference", "b": "reference"}}, "columns"),
    "a constant that is a column": (
        {"columns": {"a": "reference"}, "constants": {"reference": "x"}},
        "constants.reference",
    ),
    "dates of a text": (
        {"columns": {"a": "reference", "b": {"element": "title.de", "dates": "DD.MM.YYYY"}}},
        "columns.b",
    ),
    "an unknown key": ({"columns": {"a": "reference"}, "rows": 3}, "rows"),
    "a list for a column": ({"columns": {"a": "reference", "b": ["x"]}}, "columns.b"),
    "an unknown encoding": ({"columns": {"a": "reference"}, "encoding": "utf-7"}, "encoding"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mapping_that_cannot_be_used_is_refused_where_it_is_wrong(name: str) -> None:
    document, place = WRONG[name]
    with pytest.raises(InvalidContentError) as caught:
        read_mapping(json.dumps(document).encode())
    assert any(found.place.startswith(place) and found.message for found in caught.value.problems)


@pytest.mark.parametrize("text", ["a: [", "a: &x [1]\nb: *x\n", "\x00", "- 1", "x" * 600_000, "[" * 3000])
def test_what_is_no_mapping_is_said_to_be_none(text: str) -> None:
    with pytest.raises(InvalidContentError):
        read_mapping(text.encode())


# Differences


def test_a_dry_run_shows_what_each_row_would_change(open_database: Database, tmp_path: Path) -> None:
    header: list[Any] = ["reference", "default_language", "title.de", "description.de", "workload.ects"]
    first: list[list[Any]] = [["A", "de", "Bienen", "Kurs", 3], ["B", "de", "Schafe", "Kurs", 3]]
    take(open_database, workbook(tmp_path / "a.xlsx", [header, *first]))
    rows: list[list[Any]] = [
        ["A", "de", "Bienen", "Kurs", 3],
        ["B", "de", "Schafe", "Neu", None],
        ["C", "de", "Ziegen", "Kurs", 1],
        ["D", "xx", "", "", 0],
    ]
    file = workbook(tmp_path / "b.xlsx", [header, *rows])
    options = Options(PROVIDER, dry_run=True, publish=True, policy="minimal", diff=True)
    found = list(import_rows(open_database, OPERATOR, file, None, options, clock=Clock()))
    assert [(result.reference, result.outcome) for result in found] == [
        ("A", "unchanged"),
        ("B", "changed"),
        ("C", "new"),
        ("D", "wrong"),
    ]
    assert [(change.element, change.column, change.before, change.after) for change in found[1].changes] == [
        ("description", "description.de", "Kurs", "Neu"),
        ("workload", "workload.ects", "3", None),
    ]
    assert "    description.de: Kurs -> Neu" in list(found[1].lines())
    assert found[3].problems
    assert set(contents(open_database)) == {"A", "B"}


def test_what_only_becomes_public_says_so(open_database: Database, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "a.xlsx",
        [["reference", "default_language", "title.de", "description.de"], ["A", "de", "B", "K"]],
    )
    take(open_database, file, publish=False)
    options = Options(PROVIDER, publish=True, policy="minimal", diff=True)
    (result,) = import_rows(open_database, OPERATOR, file, None, options, clock=Clock())
    assert [(change.column, change.before, change.after) for change in result.changes] == [
        ("state", "draft", "published")
    ]


# Mappings that are remembered


def test_a_mapping_is_remembered_per_provider_and_found_by_the_columns(
    database: Database, foreign: Path
) -> None:
    provider(database)
    provider(database, "akademie-muster")
    mapping = guess_file(foreign, None).mapping
    with database.write() as session:
        mappings.keep(session, OPERATOR, PROVIDER, mapping, at=NOW)
        mappings.keep(session, OPERATOR, PROVIDER, mapping, at=NOW + dt.timedelta(days=1))
    with database.read() as session:
        assert mappings.for_file(session, PROVIDER, foreign, None) == mapping
        assert mappings.for_file(session, "akademie-muster", foreign, None) is None
        assert len(mappings.all_of(session, PROVIDER)) == 1


def test_a_file_in_the_flat_form_or_a_broken_one_needs_no_mapping(
    open_database: Database, tmp_path: Path
) -> None:
    flat = workbook(tmp_path / "flat.xlsx", [["reference", "title.de"], ["A", "B"]])
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK")
    with open_database.read() as session:
        for file in (flat, broken, tmp_path / "none.csv", tmp_path / "offers.jsonl"):
            assert mappings.for_file(session, PROVIDER, file, None) is None


def test_who_may_not_or_does_not_exist_keeps_no_mapping(open_database: Database, foreign: Path) -> None:
    mapping = guess_file(foreign, None).mapping
    with open_database.write() as session:
        with pytest.raises(NotAllowedError):
            mappings.keep(session, ANONYMOUS, PROVIDER, mapping, at=NOW)
        with pytest.raises(UnreadableError):
            mappings.keep(session, OPERATOR, "nobody", mapping, at=NOW)
