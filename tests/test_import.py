"""Import: bad input is located and changes nothing; good input goes in once, as a stream."""

from __future__ import annotations

import csv
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from catalogue.db import Database
from catalogue.exchange import importing
from catalogue.exchange.importing import Options, Report, UnreadableError, import_file
from catalogue.offers import queries, service
from catalogue.offers.model import Offer, OfferVersion
from catalogue.security.actor import ANONYMOUS, OPERATOR, NotAllowedError
from tests.conftest import Clock
from tests.factories import NOW, PROVIDER, complete_offer, minimal_offer, provider, titled

GOOD = {"reference": "GOOD-1", **minimal_offer()}


def row(reference: str, **changes: Any) -> dict[str, Any]:
    return {"reference": reference, **minimal_offer(**changes)}


def jsonl(path: Path, *lines: dict[str, Any] | bytes | str) -> Path:
    """A JSONL file; texts and bytes go in as they are."""
    file = path / "offers.jsonl"
    encoded = [
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    file.write_bytes(b"\n".join(encoded) + b"\n")
    return file


def table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    file = path / "offers.csv"
    file.write_bytes(text.encode(encoding, "surrogateescape"))
    return file


def take(database: Database, file: Path, *, file_format: str | None = None, **options: Any) -> Report:
    choice = Options(**{"provider": PROVIDER, "publish": True, "policy": "minimal", **options})
    return import_file(database, OPERATOR, file, file_format, choice, clock=Clock())


def complaints(report: Report) -> list[tuple[int, str, str]]:
    """Line, reference and field of every problem."""
    assert all(problem.message for problem in report.problems)
    return [(problem.line, problem.reference, problem.field) for problem in report.problems]


def titles(database: Database) -> dict[str, str]:
    with database.read() as session:
        return {
            offer.reference: offer.content.title[offer.content.default_language].text
            for offer in queries.all_published(session)
        }


def versions(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(OfferVersion)) or 0


@pytest.fixture
def open_database(sqlite: Database) -> Database:
    """A database with one provider."""
    provider(sqlite)
    return sqlite


# Good input


def test_rows_become_published_offers(database: Database, tmp_path: Path) -> None:
    provider(database)
    file = jsonl(tmp_path, {"reference": "A", **complete_offer()}, row("B"))
    report = take(database, file)
    assert report.outcomes == {"new": 2}
    assert report.problems == []
    assert set(titles(database)) == {"A", "B"}


def test_without_publish_rows_become_drafts(open_database: Database, tmp_path: Path) -> None:
    assert take(open_database, jsonl(tmp_path, GOOD), publish=False).outcomes == {"new": 1}
    assert titles(open_database) == {}
    assert versions(open_database) == 1
    assert take(open_database, jsonl(tmp_path, GOOD), publish=False).outcomes == {"unchanged": 1}
    assert take(open_database, jsonl(tmp_path, GOOD), publish=True).outcomes == {"changed": 1}


def test_a_second_import_changes_nothing(database: Database, tmp_path: Path) -> None:
    provider(database)
    file = jsonl(tmp_path, {"reference": "A", **complete_offer()}, row("B"))
    take(database, file)
    assert take(database, file).outcomes == {"unchanged": 2}
    assert versions(database) == 2


def test_rows_are_matched_by_the_reference_of_the_provider(open_database: Database, tmp_path: Path) -> None:
    take(open_database, jsonl(tmp_path, row("A"), row("B")))
    report = take(open_database, jsonl(tmp_path, row("B", title={"de": "Neu"}), row("C")))
    assert report.outcomes == {"changed": 1, "new": 1}
    assert titles(open_database) == {"A": "Imkern für Anfänger", "B": "Neu", "C": "Imkern für Anfänger"}


def test_empty_lines_and_a_missing_last_line_end_do_no_harm(open_database: Database, tmp_path: Path) -> None:
    file = tmp_path / "offers.ndjson"
    file.write_bytes(b"\n\r\n" + json.dumps(row("A")).encode() + b"\r\n  \n" + json.dumps(row("B")).encode())
    report = take(open_database, file)
    assert report.outcomes == {"new": 2}


def test_a_byte_order_mark_is_no_obstacle_in_jsonl(open_database: Database, tmp_path: Path) -> None:
    file = jsonl(tmp_path, b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), row("B"))
    assert take(open_database, file).outcomes == {"new": 2}


SHORT = "reference,default_language,title.de,description.de"
HEADER = "reference,default_language,title.de,description.de,workload.ects,runs.1.start,languages,green"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_is_read_with_any_separator_and_with_or_without_byte_order_mark(
    open_database: Database, tmp_path: Path, separator: str, mark: str
) -> None:
    text = f'{mark}{HEADER}\r\nA,de,Bienen,Ein Kurs,"2,5",2027-03-01,de|en,yes\r\n'.replace('"2,5"', "2.5")
    report = take(open_database, table(tmp_path, text.replace(",", separator)))
    assert report.problems == []
    with open_database.read() as session:
        content = next(queries.all_published(session)).content
    assert str(content.workload.ects) == "2.5"
    assert content.languages == ("de", "en")
    assert content.green is True


def test_numbers_may_have_a_decimal_comma_and_texts_line_breaks(
    open_database: Database, tmp_path: Path
) -> None:
    rows = 'A;de;Bienen;"Zeile 1\nZeile 2; mit Semikolon";2,5;;de;\nB;de;Schafe;Kurs;;;;\n'
    text = HEADER.replace(",", ";") + "\n" + rows
    report = take(open_database, table(tmp_path, text))
    assert report.problems == []
    with open_database.read() as session:
        content = next(queries.all_published(session)).content
    assert content.description["de"].text == "Zeile 1\nZeile 2; mit Semikolon"
    assert str(content.workload.ects) == "2.5"


def test_the_lines_of_csv_problems_count_line_breaks_in_cells(
    open_database: Database, tmp_path: Path
) -> None:
    text = f'{HEADER}\nA,de,Bienen,"Zeile 1\nZeile 2",,,,\n\nB,de,Schafe,Kurs,,soon,,\n'
    report = take(open_database, table(tmp_path, text))
    assert complaints(report) == [(5, "B", "runs.1.start")]
    assert report.outcomes == {"new": 1, "wrong": 1}


def test_the_apostrophe_before_a_formula_is_taken_off_everywhere(
    open_database: Database, tmp_path: Path
) -> None:
    text = "reference,default_language,title.de,description.de\n'=1+1,de,'+Plus,''Zitat\n"
    assert take(open_database, table(tmp_path, text)).problems == []
    assert titles(open_database) == {"=1+1": "+Plus"}


# Bad input: each is located, changes nothing, and leaves the rows around it alone


BAD_LINES: dict[str, tuple[bytes | str | dict[str, Any], str]] = {
    "not UTF-8": ('{"reference": "X", "title": "Müller"}'.encode("latin-1"), ""),
    "UTF-16": ('{"reference": "X"}'.encode("utf-16-le").replace(b"\n", b""), ""),
    "not JSON": ("reference: X", ""),
    "half a JSON": ('{"reference": "X", "title": {"de": "', ""),
    "a JSON list": ("[1, 2]", ""),
    "a JSON number": ("7", ""),
    "not a number": ('{"reference": "X", "workload": {"ects": NaN}}', ""),
    "half a character": (r'{"reference": "X", "title": {"de": "\ud800"}}', ""),
    "deep nesting": ('{"reference":' + "[" * 5000 + "]" * 5000 + "}", ""),
    "no reference": (minimal_offer(), "reference"),
    "an empty reference": (row("   "), "reference"),
    "a reference that is a number": ({**minimal_offer(), "reference": 7}, "reference"),
    "an endless reference": (row("x" * 300), "reference"),
    "an unprintable reference": (row("a\x00b"), "reference"),
    "an unknown key": (row("X", titel={"de": "a"}), "titel"),
    "an unknown code": (row("X", participation=["telepathy"]), "participation[0]"),
    "an impossible date": (row("X", runs=[{"start": "2027-02-30"}]), "runs[0].start"),
    "an end before the start": (row("X", runs=[{"start": "2027-02-02", "end": "2027-02-01"}]), "runs[0].end"),
    "HTML": (row("X", title={"de": "<b>Bienen</b>"}), "title.de"),
    "a script": (row("X", summary={"de": "<script>alert(1)</script>"}), "summary.de"),
    "a script in a link": (row("X", links={"homepage": "javascript:alert(1)"}), "links.homepage"),
    "NUL": (row("X", summary={"de": "a\x00b"}), "summary.de"),
    "an unknown language": (row("X", default_language="tlh", title={"tlh": "a"}), "title.tlh"),
    "nothing but a title": (
        {"reference": "X", "default_language": "de", "title": {"de": "a"}},
        "description",
    ),
    "null": (row("X", level=None), "level"),
    "a huge number": ('{"reference": "X", "workload": {"ects": 1' + "0" * 400 + "}}", ""),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_located_and_changes_nothing(
    open_database: Database, tmp_path: Path, name: str
) -> None:
    line, field = BAD_LINES[name]
    report = take(open_database, jsonl(tmp_path, GOOD, line, row("GOOD-2")))
    assert report.outcomes == {"new": 2, "wrong": 1}
    assert {problem.line for problem in report.problems} == {2}
    assert any(problem.field == field for problem in report.problems) or not field, complaints(report)
    assert set(titles(open_database)) == {"GOOD-1", "GOOD-2"}
    json.dumps(report.as_json(), ensure_ascii=False).encode()
    "\n".join(report.lines()).encode()


def test_two_outcomes_in_unknown_languages_are_two_problems_of_one_row(
    open_database: Database, tmp_path: Path
) -> None:
    outcomes = [{"text": {"xx": "a"}}, {"text": {"yy": "b"}}]
    report = take(open_database, jsonl(tmp_path, row("X", learning_outcomes=outcomes)))
    assert report.outcomes == {"wrong": 1}
    assert complaints(report) == [
        (1, "X", "learning_outcomes[0].text.xx"),
        (1, "X", "learning_outcomes[1].text.yy"),
    ]


def test_a_reference_that_stands_twice_counts_once_and_says_where_it_stood(
    open_database: Database, tmp_path: Path
) -> None:
    report = take(open_database, jsonl(tmp_path, row("A"), row("B"), row(" A ", title={"de": "Zweimal"})))
    assert complaints(report) == [(3, "A", "reference")]
    assert "line 1" in report.problems[0].message
    assert titles(open_database)["A"] == "Imkern für Anfänger"


def test_a_row_that_cannot_be_published_leaves_no_draft_either(
    open_database: Database, tmp_path: Path
) -> None:
    report = take(open_database, jsonl(tmp_path, GOOD), policy="annex-i")
    assert report.outcomes == {"wrong": 1}
    assert {"awarding_bodies", "learning_outcomes"} <= {problem.field for problem in report.problems}
    assert versions(open_database) == 0


def test_a_bad_new_version_leaves_the_published_one_in_force(open_database: Database, tmp_path: Path) -> None:
    take(open_database, jsonl(tmp_path, GOOD))
    report = take(open_database, jsonl(tmp_path, {**GOOD, "duration": "soon"}))
    assert report.outcomes == {"wrong": 1}
    assert titles(open_database) == {"GOOD-1": "Imkern für Anfänger"}


def test_an_archived_offer_is_a_problem_of_its_row(open_database: Database, tmp_path: Path) -> None:
    take(open_database, jsonl(tmp_path, GOOD))
    with open_database.write() as session:
        service.archive(session, OPERATOR, session.scalars(select(Offer.id)).one(), at=NOW)
    report = take(open_database, jsonl(tmp_path, {**GOOD, "green": True}, row("GOOD-2")))
    assert report.outcomes == {"wrong": 1, "new": 1}
    assert "archived" in report.problems[0].message
    assert set(titles(open_database)) == {"GOOD-2"}


BAD_TABLES: dict[str, tuple[str, str, str]] = {
    "an unknown column": ("titel.de", "Bienen", "titel.de"),
    "a column that leads to an element with parts": ("level", "5", "level"),
    "a column that leads to a list of parts": ("runs", "2027-01-01", "runs"),
    "a list counted from nought": ("runs.0.start", "2027-01-01", "runs.0.start"),
    "a list without numbers": ("runs.first.start", "2027-01-01", "runs.first.start"),
    "a list that is too long": ("runs.201.start", "2027-01-01", "runs.201.start"),
    "a text in an unknown language": ("summary.xx", "a", "summary.xx"),
    "a word for a number": ("workload.ects", "three", "workload.ects"),
    "two decimal signs": ("workload.ects", "1.000,5", "workload.ects"),
    "no flag": ("green", "perhaps", "green"),
    "an unknown code in a list": ("languages", "de|xx", "languages.2"),
    "an unknown code in the second run": ("runs.2.country", "EL", "runs.1.country"),
    "markup": ("summary.de", "<i>Kurs</i>", "summary.de"),
    "a column below a text": ("title.de.text.more", "a", "title.de"),
}


@pytest.mark.parametrize("name", BAD_TABLES)
def test_a_bad_cell_is_located_at_its_column(open_database: Database, tmp_path: Path, name: str) -> None:
    column, cell, place = BAD_TABLES[name]
    title = "" if column.startswith("title.de") else "title.de,"
    said = "Bienen," if title else ""
    text = f'reference,default_language,{title}description.de,{column}\nX,de,{said}Kurs,"{cell}"\n'
    report = take(open_database, table(tmp_path, text))
    assert report.outcomes == {"wrong": 1}
    assert any(problem.field.startswith(place) and problem.line == 2 for problem in report.problems), (
        complaints(report)
    )
    assert titles(open_database) == {}


def test_a_cell_that_is_not_utf_8_is_located(open_database: Database, tmp_path: Path) -> None:
    file = tmp_path / "offers.csv"
    head = b"reference,default_language,title.de,description.de\n"
    file.write_bytes(head + "X,de,Müller,Kurs\n".encode("latin-1") + "GOOD,de,Müller,Kurs\n".encode())
    report = take(open_database, file)
    assert complaints(report) == [(2, "X", "title.de")]
    assert titles(open_database) == {"GOOD": "Müller"}


def test_a_reference_that_is_not_utf_8_can_still_be_complained_about(
    open_database: Database, tmp_path: Path
) -> None:
    text = "reference,default_language,title.de,description.de\nÄ-1,de,Müller,Kurs\n"
    report = take(open_database, table(tmp_path, text, "latin-1"))
    assert report.outcomes == {"wrong": 1}
    assert {problem.line for problem in report.problems} == {2}
    json.dumps(report.as_json(), ensure_ascii=False).encode()
    "\n".join(report.lines()).encode()


def test_a_row_with_more_cells_than_columns_is_not_guessed_at(
    open_database: Database, tmp_path: Path
) -> None:
    text = f"{SHORT}\nX,de,Bienen, Honig und mehr,Kurs\nGOOD,de,Schafe,Kurs,,\n"
    report = take(open_database, table(tmp_path, text))
    assert complaints(report) == [(2, "X", "")]
    assert titles(open_database) == {"GOOD": "Schafe"}


def test_a_quote_that_never_closes_is_reported_where_it_opens(
    open_database: Database, tmp_path: Path
) -> None:
    text = f'{SHORT}\nGOOD,de,Schafe,Kurs\nX,de,"Bienen,Kurs\nY,de,Ziegen,Kurs\n'
    report = take(open_database, table(tmp_path, text))
    assert complaints(report) == [(3, "", "")]
    assert titles(open_database) == {"GOOD": "Schafe"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("title.de,description.de\n", "reference"),
        ("reference,title.de,title.de\n", "title.de"),
        ("reference," + ",".join(f"c{n}" for n in range(2100)), "2000 columns"),
        ('reference,"title.de\n', "first line"),
        ("reference,title.de,\udcdcbung", "not UTF-8"),
        ("\udcff\udcfer\x00e\x00f\x00", "not UTF-8"),
    ],
    ids=[
        "nothing",
        "empty lines",
        "no reference",
        "a column twice",
        "too many columns",
        "an open quote",
        "not UTF-8",
        "UTF-16",
    ],
)
def test_a_table_without_a_usable_first_line_is_unreadable(
    open_database: Database, tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(UnreadableError, match=says):
        take(open_database, table(tmp_path, text))


# Big input


def big(path: Path, suffix: str, head: bytes, before: bytes, after: bytes, size: int = 50_000_000) -> Path:
    """A file with one line of 50 MB among others."""
    file = path / f"big.{suffix}"
    with file.open("wb") as out:
        out.write(head + before)
        for _ in range(size // 1_000_000):
            out.write(b"x" * 1_000_000)
        out.write(after)
    return file


def peak(database: Database, file: Path) -> tuple[Report, int]:
    """The report, and how many bytes the import held at most."""
    tracemalloc.start()
    try:
        return take(database, file), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_line_of_50_mb_is_refused_unread(open_database: Database, tmp_path: Path) -> None:
    good = json.dumps(GOOD).encode()
    file = big(
        tmp_path,
        "jsonl",
        good + b"\n",
        b'{"reference": "X", "title": {"de": "',
        b'"}}\n' + good.replace(b"-1", b"-2") + b"\n",
    )
    report, held = peak(open_database, file)
    assert report.outcomes == {"new": 2, "wrong": 1}
    assert complaints(report) == [(2, "", "")]
    assert "longer than" in report.problems[0].message
    assert held < 30_000_000


def test_a_table_line_of_50_mb_is_refused_unread(open_database: Database, tmp_path: Path) -> None:
    head = b"reference,default_language,title.de,description.de\nA,de,Bienen,Kurs\n"
    file = big(tmp_path, "csv", head, b"X,de,", b"\nB,de,Schafe,Kurs\n")
    report, held = peak(open_database, file)
    assert report.outcomes == {"new": 2, "wrong": 1}
    assert complaints(report)[0][0] == 3
    assert held < 30_000_000


def test_a_first_line_of_50_mb_is_no_header(open_database: Database, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="longer than"):
        take(open_database, big(tmp_path, "csv", b"", b"reference,", b"\nX\n"))


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 5)


@pytest.mark.usefixtures("small_batches")
def test_rows_are_read_as_a_stream(
    open_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of the first batch are stored before the last ones are read."""
    seen: list[int] = []
    store = importing._Run.batch

    def watched(self: importing._Run, rows: Any) -> Any:
        seen.append(len(titles(open_database)))
        return store(self, rows)

    monkeypatch.setattr(importing._Run, "batch", watched)
    lines = [
        json.dumps({"reference": f"R-{n}", **titled(f"Kurs {n}")}) for n in range(importing.BATCH * 2 + 1)
    ]
    steps: list[tuple[int, int]] = []
    options = Options(PROVIDER, publish=True, policy="minimal")
    file = jsonl(tmp_path, *lines)
    import_file(
        open_database, OPERATOR, file, None, options, clock=Clock(), report=lambda *s: steps.append(s)
    )
    assert seen == [0, importing.BATCH, importing.BATCH * 2]
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1] == (file.stat().st_size, file.stat().st_size)


@pytest.mark.usefixtures("small_batches")
def test_a_long_import_lets_others_write_between_its_batches(
    open_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the worker waits for the lock of SQLite until the import is over."""
    pauses: list[float] = []
    monkeypatch.setattr(importing, "HELD_SECONDS", 0)
    monkeypatch.setattr("catalogue.exchange.importing.time.sleep", pauses.append)
    lines = [{"reference": f"R-{n}", **titled(f"Kurs {n}")} for n in range(importing.BATCH * 2)]
    take(open_database, jsonl(tmp_path, *lines))
    assert pauses == [importing.GIVE_WAY_SECONDS] * 2
    # SQLite looks again after at most 0.1 s.
    assert min(pauses) > 0.1


# Ways of importing


def test_a_dry_run_reports_and_stores_nothing(database: Database, tmp_path: Path) -> None:
    provider(database)
    take(database, jsonl(tmp_path, row("A")))
    file = jsonl(tmp_path, row("A"), row("B"), row("A"), row("C", duration="soon"))
    report = take(database, file, dry_run=True)
    assert not report.stored
    assert report.outcomes == {"unchanged": 1, "new": 1, "wrong": 2}
    assert list(report.lines())[-1] == "4 rows: 1 new, 0 changed, 1 unchanged, 2 wrong. Nothing was stored."
    assert set(titles(database)) == {"A"}


@pytest.mark.usefixtures("small_batches")
def test_strict_is_all_or_nothing(database: Database, tmp_path: Path) -> None:
    provider(database)
    lines = [{"reference": f"R-{n}", **titled(f"Kurs {n}")} for n in range(importing.BATCH + 5)]
    bad = jsonl(tmp_path, *lines, row("X", duration="soon"))
    report = take(database, bad, strict=True)
    assert not report.stored
    assert report.outcomes["wrong"] == 1
    assert titles(database) == {}
    good = take(database, jsonl(tmp_path, *lines), strict=True)
    assert good.stored
    assert good.outcomes == {"new": importing.BATCH + 5}
    assert len(titles(database)) == importing.BATCH + 5


def test_an_unknown_provider_is_unreadable(sqlite: Database, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="hochschule-probe"):
        take(sqlite, jsonl(tmp_path, GOOD))


def test_a_file_of_unknown_format_has_to_be_named(open_database: Database, tmp_path: Path) -> None:
    file = jsonl(tmp_path, GOOD).rename(tmp_path / "offers.data")
    with pytest.raises(UnreadableError, match="--format"):
        take(open_database, file)
    assert take(open_database, file, file_format="jsonl").outcomes == {"new": 1}


def test_who_may_not_save_imports_nothing(open_database: Database, tmp_path: Path) -> None:
    with pytest.raises(NotAllowedError):
        import_file(open_database, ANONYMOUS, jsonl(tmp_path, GOOD), None, Options(PROVIDER), clock=Clock())


def test_a_long_report_is_cut_on_the_terminal_and_whole_in_json(
    open_database: Database, tmp_path: Path
) -> None:
    report = take(open_database, jsonl(tmp_path, *(row(f"R-{n}", duration="soon") for n in range(300))))
    assert len(list(report.lines())) == importing.SHOWN + 2
    assert len(report.as_json()["problems"]) == 300


def test_problems_read_like_sentences_with_line_reference_and_place(
    open_database: Database, tmp_path: Path
) -> None:
    report = take(open_database, jsonl(tmp_path, GOOD, row("X", runs=[{"start": "2027-02-30"}])))
    assert list(report.lines()) == [
        "line 2 X: runs[0].start: Not a date such as 2027-03-01.",
        "2 rows: 1 new, 0 changed, 0 unchanged, 1 wrong.",
    ]


def test_a_spreadsheet_made_by_a_program_goes_in(open_database: Database, tmp_path: Path) -> None:
    file = tmp_path / "offers.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(
            ["reference", "default_language", "title.de", "title.en", "description.de", "level.eqf", ""]
        )
        writer.writerow(["A", "de", 'Bienen "am Stock"', "Bees", "Kurs; mit\r\nUmbruch", "5", ""])
    assert take(open_database, file).problems == []
    assert titles(open_database) == {"A": 'Bienen "am Stock"'}
