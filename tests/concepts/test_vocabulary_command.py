"""`portolan vocabulary`: what it says and how it ends; vocabularies and backups."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app import portolan
from catalogue.backup import backup, restore
from catalogue.concepts.loading import load_esco
from catalogue.concepts.packaged import ensure_packaged
from catalogue.db import Database
from catalogue.portal import EXTENSION, Portal
from tests.concepts.test_loading import NEW, OLD, stored
from tests.conftest import Clock
from tests.databases import copied_sqlite


def run(portal: Portal, *args: str | Path) -> tuple[int, str]:
    app = Flask("commands")
    app.extensions[EXTENSION] = portal
    result = app.test_cli_runner().invoke(portolan, ["vocabulary", *map(str, args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result.exit_code, result.output


def test_loading_ends_with_1_if_rows_were_refused(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.concepts.loading.ensure_packaged", lambda _database: False)
    code, said = run(portal, "load", "esco", OLD)
    assert code == 1
    assert "en: 4 new." in said
    assert "skills_en-us.csv line 6: preferredLabel: missing." in said
    code, said = run(portal, "list")
    assert code == 0
    assert "esco-1.0 occupation: 3 labels; concepts: en 1." in said


def test_loading_ends_with_0_if_all_is_well_and_brings_the_packaged_along(
    portal: Portal, tmp_path: Path
) -> None:
    (tmp_path / "skills_fr.csv").write_bytes((NEW / "fr" / "skills_fr.csv").read_bytes())
    assert run(portal, "load", "esco", tmp_path, "--version", "1.2.1") == (
        0,
        "ESCO 1.2.1: 1 files.\nfr: 1 new.\n",
    )
    assert not ensure_packaged(portal.database)


@pytest.mark.parametrize("args", [("nowhere",), (str(NEW), "--version", "x")])
def test_what_cannot_be_read_ends_with_2(portal: Portal, tmp_path: Path, args: tuple[str, ...]) -> None:
    assert run(portal, "load", "esco", *args)[0] == 2


def test_loaded_vocabularies_are_in_a_backup_and_packaged_ones_come_again(
    packaged: Database, packaged_sqlite: Path, tmp_path: Path, clock: Clock
) -> None:
    load_esco(packaged, NEW)
    before, file = stored(packaged), tmp_path / "backup.gz"
    backup(packaged, file, clock())
    with copied_sqlite(packaged_sqlite, tmp_path / "second") as second:
        restore(second, file)
        assert ensure_packaged(second)
        assert stored(second) == before
