"""The commands of `portolan`: what they say and with which code they end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import portolan
from catalogue import doctor
from catalogue import seed as seeds
from catalogue.changes import indexer
from catalogue.changes.lease import lease
from catalogue.db import Database
from catalogue.offers import queries, service
from catalogue.portal import EXTENSION, Portal
from catalogue.search import make_engine
from catalogue.security.actor import OPERATOR
from search.engine import IndexStatus
from tests.conftest import Clock, settings_for
from tests.factories import NOW, PROVIDER, minimal_offer, provider, provider_document, published, titled


class Shell:
    """Runs commands in an application that has the parts they need."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.app = Flask("commands")
        self.app.extensions[EXTENSION] = portal

    def run(self, *args: str | Path) -> Result:
        result = self.app.test_cli_runner().invoke(portolan, [str(arg) for arg in args])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result


@pytest.fixture
def shell(portal: Portal) -> Shell:
    return Shell(portal)


def without_index(database: Database, data_dir: Path, clock: Clock) -> Shell:
    settings = settings_for(database, data_dir, PORTOLAN_PUBLISH_POLICY="minimal")
    return Shell(Portal(settings, database, make_engine(settings), clock))


@pytest.fixture
def lone(sqlite: Database, tmp_path: Path, clock: Clock) -> Shell:
    """On SQLite, without an index."""
    return without_index(sqlite, tmp_path / "lone", clock)


def offers_file(path: Path, *documents: dict[str, object]) -> Path:
    file = path / "offers.jsonl"
    file.write_text("".join(json.dumps(document) + "\n" for document in documents), "utf-8")
    return file


# import


def test_an_import_without_problems_ends_with_0(lone: Shell, tmp_path: Path) -> None:
    provider(lone.portal.database)
    file = offers_file(tmp_path, {"reference": "A", **minimal_offer()})
    result = lone.run("import", file, "--provider", PROVIDER, "--publish")
    assert (result.exit_code, result.output) == (0, "1 rows: 1 new, 0 changed, 0 unchanged, 0 wrong.\n")
    assert lone.run("import", file, "--provider", PROVIDER, "--publish").exit_code == 0


def test_an_import_with_problems_ends_with_1_and_reports_them_as_json_too(
    lone: Shell, tmp_path: Path
) -> None:
    provider(lone.portal.database)
    bad = {"reference": "Ä", **minimal_offer(duration="bald")}
    file = offers_file(tmp_path, {"reference": "A", **minimal_offer()}, bad)
    report = tmp_path / "report.json"
    result = lone.run("import", file, "--provider", PROVIDER, "--publish", "--report", report)
    assert result.exit_code == 1
    assert "line 2 Ä: duration: Not a duration" in result.output
    said = json.loads(report.read_text("utf-8"))
    assert said["outcomes"] == {"new": 1, "wrong": 1}
    assert said["problems"][0] | {"message": ""} == {
        "row": 2,
        "line": 2,
        "reference": "Ä",
        "field": "duration",
        "message": "",
    }


@pytest.mark.parametrize("name", ["missing.jsonl", "directory.jsonl", "unknown.data"])
def test_an_unreadable_file_ends_with_2(lone: Shell, tmp_path: Path, name: str) -> None:
    provider(lone.portal.database)
    (tmp_path / "directory.jsonl").mkdir()
    (tmp_path / "unknown.data").touch()
    result = lone.run("import", tmp_path / name, "--provider", PROVIDER)
    assert result.exit_code == 2
    assert name in result.output


def test_an_unknown_provider_ends_with_2(lone: Shell, tmp_path: Path) -> None:
    file = offers_file(tmp_path, {"reference": "A", **minimal_offer()})
    result = lone.run("import", file, "--provider", "nobody")
    assert result.exit_code == 2
    assert "no provider 'nobody'" in result.output


def test_a_dry_run_says_that_nothing_was_stored(lone: Shell, tmp_path: Path) -> None:
    provider(lone.portal.database)
    file = offers_file(tmp_path, {"reference": "A", **minimal_offer()})
    result = lone.run("import", file, "--provider", PROVIDER, "--publish", "--dry-run")
    assert result.exit_code == 0
    assert "Nothing was stored." in result.output
    with lone.portal.database.read() as session:
        assert queries.count_published(session) == 0


def test_a_strict_import_with_a_problem_stores_nothing(lone: Shell, tmp_path: Path) -> None:
    provider(lone.portal.database)
    bad = {"reference": "B", **minimal_offer(duration="soon")}
    file = offers_file(tmp_path, {"reference": "A", **minimal_offer()}, bad)
    assert lone.run("import", file, "--provider", PROVIDER, "--publish", "--strict").exit_code == 1
    with lone.portal.database.read() as session:
        assert queries.count_published(session) == 0


def test_a_report_that_cannot_be_written_is_a_sentence_not_a_crash(lone: Shell, tmp_path: Path) -> None:
    provider(lone.portal.database)
    file = offers_file(tmp_path, {"reference": "A", **minimal_offer()})
    result = lone.run(
        "import", file, "--provider", PROVIDER, "--report", tmp_path / "nowhere" / "report.json"
    )
    assert result.exit_code == 2
    assert "report.json" in result.output


def test_a_foreign_spreadsheet_is_guessed_adjusted_imported_and_remembered(
    lone: Shell, tmp_path: Path
) -> None:
    provider(lone.portal.database)
    file = tmp_path / "corsi.csv"
    file.write_text("Codice;Titolo;Contenuti;Aula\nA;Le api;Un corso;1\n", "utf-8")
    guess = lone.run("import", file, "--guess")
    assert (guess.exit_code, '"Titolo": "title.it"' in guess.output) == (0, True)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(guess.output, "utf-8")
    options = ("--provider", PROVIDER, "--publish", "--diff")
    dry = lone.run("import", file, *options, "--mapping", mapping, "--dry-run")
    assert dry.output == (
        "line 2 A: new\n1 rows: 1 new, 0 changed, 0 unchanged, 0 wrong. Nothing was stored.\n"
    )
    assert lone.run("import", file, *options, "--mapping", mapping, "--remember").exit_code == 0
    file.write_text("Codice;Titolo;Contenuti;Aula\nA;Le api;Un corso nuovo;1\n", "utf-8")
    again = lone.run("import", file, *options, "--report", tmp_path / "report.json")
    assert again.output.splitlines()[:2] == [
        "line 2 A: changed",
        "    description.it: Un corso -> Un corso nuovo",
    ]
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["results"] == [
        {
            "row": 1,
            "line": 2,
            "reference": "A",
            "outcome": "changed",
            "changes": [
                {
                    "element": "description",
                    "column": "description.it",
                    "before": "Un corso",
                    "after": "Un corso nuovo",
                }
            ],
            "problems": [],
        }
    ]


def test_a_mapping_that_is_wrong_ends_with_2_and_its_place(lone: Shell, tmp_path: Path) -> None:
    provider(lone.portal.database)
    (tmp_path / "offers.csv").write_text("Codice\nA\n", "utf-8")
    (tmp_path / "mapping.json").write_text('{"columns": {"Codice": "titolo"}}', "utf-8")
    options = ("--provider", PROVIDER, "--mapping", tmp_path / "mapping.json")
    wrong = lone.run("import", tmp_path / "offers.csv", *options)
    assert (wrong.exit_code, "columns.Codice: No element has this name." in wrong.output) == (2, True)
    assert lone.run("import", tmp_path / "offers.csv").exit_code == 2
    assert lone.run("import", tmp_path / "offers.jsonl", "--guess").exit_code == 2


# export


def test_a_workbook_goes_out_and_comes_in(lone: Shell, tmp_path: Path) -> None:
    published(lone.portal.database)
    assert lone.run("export", tmp_path / "offers.xlsx").exit_code == 0
    again = lone.run("import", tmp_path / "offers.xlsx", "--provider", PROVIDER, "--publish", "--strict")
    assert again.output == "1 rows: 0 new, 0 changed, 1 unchanged, 0 wrong.\n"


def test_an_export_says_how_many_offers_went_out(lone: Shell, tmp_path: Path) -> None:
    published(lone.portal.database)
    result = lone.run("export", tmp_path / "offers.csv")
    assert (result.exit_code, result.stderr) == (0, "Exported 1 offers.\n")
    assert lone.run("export", tmp_path / "offers.csv", "--provider", "nobody").exit_code == 2


# index


def test_rebuilding_and_checking_the_index(shell: Shell) -> None:
    published(shell.portal.database)
    assert shell.run("index", "check").exit_code == 1
    rebuilt = shell.run("index", "rebuild")
    assert (rebuilt.exit_code, rebuilt.output) == (0, "Index: 1 offers.\n")
    checked = shell.run("index", "check")
    assert checked.exit_code == 0
    assert checked.output == "0 missing, 0 in another version, 0 surplus; 0 changes pending.\n"


def test_repair_mends_an_index_that_differs(shell: Shell) -> None:
    offer_id = published(shell.portal.database)
    indexer.catch_up(shell.portal.database, shell.portal.engine)
    shell.portal.engine.write([], [offer_id])
    assert "1 missing" in shell.run("index", "check").output
    repaired = shell.run("index", "check", "--repair")
    assert (repaired.exit_code, repaired.output.splitlines()[-1]) == (0, "Mended.")
    assert shell.run("index", "check").exit_code == 0


def test_repair_builds_an_index_that_is_not_there(lone: Shell) -> None:
    published(lone.portal.database)
    assert lone.run("index", "check").exit_code == 1
    assert lone.run("index", "check", "--repair").exit_code == 0
    assert lone.run("index", "check").exit_code == 0


def test_repair_does_not_write_beside_a_running_worker(shell: Shell) -> None:
    published(shell.portal.database)
    with lease(shell.portal.database, shell.portal.settings.data_dir):
        result = shell.run("index", "check", "--repair")
    assert result.exit_code == 2
    assert "worker is running" in result.output


# backup and restore


def test_a_backup_is_restored_with_its_index(shell: Shell, lone: Shell, tmp_path: Path) -> None:
    offer_id = published(shell.portal.database)
    assert shell.run("backup", tmp_path / "b.gz").exit_code == 0
    empty = lone if not shell.portal.database.is_sqlite else None
    if empty is None:
        refused = shell.run("restore", tmp_path / "b.gz")
        assert refused.exit_code == 2
        assert "not empty" in refused.output
        return
    restored = empty.run("restore", tmp_path / "b.gz")
    assert (restored.exit_code, restored.output.splitlines()[-1]) == (0, "Index: 1 offers.")
    assert set(empty.portal.engine.versions()) == {offer_id}


def test_a_backup_that_is_not_there_ends_with_2(lone: Shell, tmp_path: Path) -> None:
    assert lone.run("restore", tmp_path / "b.gz").exit_code == 2


# seed


@pytest.fixture
def small_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A seed of one file."""
    file = tmp_path / "hochschule-probe.yaml"
    file.write_text(
        json.dumps(
            {
                "provider": provider_document(),
                "offers": [{"reference": "A", **minimal_offer(runs=[{"start": "+45d"}])}],
            }
        ),
        "utf-8",
    )
    monkeypatch.setattr(seeds, "files", lambda _: [file])
    return file


@pytest.fixture
def to_seed(packaged_in_sqlite: Database, tmp_path: Path, clock: Clock) -> Shell:
    """What seeding brings along is there already."""
    return without_index(packaged_in_sqlite, tmp_path / "lone", clock)


def test_seeding_says_how_many_offers_are_new(to_seed: Shell, small_seed: Path) -> None:
    first = to_seed.run("seed", "--as-of", "2026-11-01")
    assert (first.exit_code, first.output) == (0, "Seed: 1 offers new, 0 renewed, 0 unchanged.\n")
    assert to_seed.run("seed").output == "Seed: 0 offers new, 0 renewed, 1 unchanged.\n"
    assert to_seed.run("seed", "--refresh").output == "Seed: 0 offers new, 1 renewed, 0 unchanged.\n"


def test_a_mistake_in_the_seed_ends_with_2_and_its_place(to_seed: Shell, small_seed: Path) -> None:
    small_seed.write_text(small_seed.read_text("utf-8").replace("+45d", "soon"), "utf-8")
    result = to_seed.run("seed")
    assert result.exit_code == 2
    assert "hochschule-probe.yaml offers[0] A: runs[0].start" in result.output


# doctor and health


def test_the_doctor_is_content_with_a_healthy_portal(shell: Shell) -> None:
    published(shell.portal.database)
    indexer.catch_up(shell.portal.database, shell.portal.engine)
    result = shell.run("doctor")
    assert result.exit_code == 0, result.output
    assert result.output.endswith("All is well.\n")
    assert "PORTOLAN_PORT = 8000" in result.output


def test_the_doctor_says_when_engine_or_index_should_be_renewed() -> None:
    assert doctor.advice(IndexStatus("whoosh", 50_000, 1, "g")) == []
    assert "PORTOLAN_SEARCH_URL=tantivy:" in doctor.advice(IndexStatus("whoosh", 50_001, 1, "g"))[0]
    assert doctor.advice(IndexStatus("tantivy", 200_000, 1, "g", 200_000)) == []
    assert "portolan index rebuild" in doctor.advice(IndexStatus("tantivy", 3, 1, "g", 4))[0]


def test_the_doctor_notices_differences_and_a_missing_index(shell: Shell, lone: Shell) -> None:
    published(shell.portal.database)
    result = shell.run("doctor")
    assert result.exit_code == 1
    assert "1 missing" in result.output
    assert lone.run("doctor").exit_code == 1


def test_the_doctor_notices_a_database_that_was_never_migrated(tmp_path: Path, clock: Clock) -> None:
    database = Database(f"sqlite:///{tmp_path / 'bare.db'}")
    settings = settings_for(database, tmp_path / "bare")
    result = Shell(Portal(settings, database, make_engine(settings), clock)).run("doctor")
    database.close()
    assert result.exit_code == 1
    assert "needs attention" in result.output


def test_passwords_in_addresses_are_not_told(tmp_path: Path, clock: Clock) -> None:
    database = Database("postgresql+psycopg://portolan:geheim@127.0.0.1:1/nowhere")
    settings = settings_for(database, tmp_path / "data")
    report = doctor.examine(Portal(settings, database, make_engine(settings), clock))
    assert not report.healthy
    assert "geheim" not in "\n".join(report.lines)


def test_health_tells_engine_documents_and_pending_changes(portal: Portal) -> None:
    published(portal.database)
    indexer.catch_up(portal.database, portal.engine)
    published(portal.database, "W-2", titled("Bald"))
    state, healthy = doctor.health(portal)
    assert healthy
    assert state["database"] == {"status": "ok", "kind": portal.database.url.get_backend_name(), "offers": 2}
    assert state["index"] | {"bytes": 0, "generation": ""} == {
        "status": "ok",
        "engine": "whoosh",
        "documents": 1,
        "pending": 1,
        "generation": "",
        "bytes": 0,
    }


def test_health_without_an_index_or_without_a_database_is_bad(lone: Shell, sqlite: Database) -> None:
    state, healthy = doctor.health(lone.portal)
    assert (healthy, state["index"]["status"], state["database"]["status"]) == (False, "unavailable", "ok")
    with sqlite.engine.begin() as connection:
        connection.execute(text("DROP TABLE offer_relation"))
        connection.execute(text("DROP TABLE offer_version"))
        connection.execute(text("DROP TABLE offer"))
    state, healthy = doctor.health(lone.portal)
    assert (healthy, state["database"]["status"]) == (False, "unavailable")


def test_withdrawals_are_pending_until_the_index_has_handled_them(portal: Portal) -> None:
    offer_id = published(portal.database)
    indexer.catch_up(portal.database, portal.engine)
    with portal.database.write() as session:
        service.withdraw(session, OPERATOR, offer_id, "", at=NOW)
    assert doctor.health(portal)[0]["index"]["pending"] == 1


def test_healthz_answers_with_the_state_of_database_and_index(client: FlaskClient, portal: Portal) -> None:
    published(portal.database)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["status"] == "ok"
    assert answer.json["index"]["pending"] == 2
    assert answer.json["database"]["offers"] == 1


def test_healthz_answers_503_without_an_index(client: FlaskClient, portal: Portal) -> None:
    shutil.rmtree(portal.settings.index_dir)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["index"]["status"] == "unavailable"
    assert answer.json["database"]["status"] == "ok"


def test_a_provider_is_made_from_a_document(lone: Shell, tmp_path: Path) -> None:
    file = tmp_path / "provider.json"
    file.write_text(json.dumps(provider_document("neue-akademie")), "utf-8")
    assert "neue-akademie: version 1." in lone.run("provider", "save", file).output
    assert "version 1, unchanged." in lone.run("provider", "save", file).output
    file.write_text(json.dumps({**provider_document("neue-akademie"), "country": "XX"}), "utf-8")
    wrong = lone.run("provider", "save", file)
    assert (wrong.exit_code, "country: Unknown code" in wrong.output) == (1, True)
    file.write_text("a: [", "utf-8")
    assert lone.run("provider", "save", file).exit_code == 2
