"""ESCO's own files, of both generations, are read, stored once and found."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from catalogue.concepts.listing import lines, overview
from catalogue.concepts.loading import Report, UnreadableError, load_esco
from catalogue.concepts.matching import match
from catalogue.concepts.model import (
    Concept,
    ConceptBroader,
    ConceptLabel,
    ConceptSource,
    number,
)
from catalogue.concepts.naming import ranked_broader
from catalogue.concepts.packaged import ensure_packaged
from catalogue.db import Base, Database

DATA = Path(__file__).parents[1] / "data"
OLD, NEW = DATA / "esco-1.0", DATA / "esco-1.1"
BASE = "http://data.europa.eu/esco"
SPLICING, TIDES, CHARTS = (f"{BASE}/skill/t-{n}" for n in ("0001", "0002", "0006"))
ROPE_MAKER = f"{BASE}/occupation/t-0101"
SHARED = DATA.parents[2] / "shared" / "vocabularies"


def stored(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the tables of concepts."""
    with database.read() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name.startswith(("concept", "occupation"))
        }


def labels(database: Database, uri: str, language: str) -> list[str]:
    query = select(ConceptLabel.label).where(
        ConceptLabel.concept_id == number(uri), ConceptLabel.language == language
    )
    with database.read() as session:
        return list(session.scalars(query.order_by(ConceptLabel.position)))


def uris(database: Database, text: str, *languages: str) -> list[str]:
    with database.read() as session:
        return [meaning.uri for meaning in match(session, text, languages)]


def counts(report: Report, language: str) -> dict[str, int]:
    return {name: count for name, count in report.outcomes[language].items() if count}


@pytest.fixture(autouse=True)
def only_what_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading brings the packaged concepts along, which takes seconds; tests that need them say so."""
    monkeypatch.setattr("catalogue.concepts.loading.ensure_packaged", lambda _database: False)


def test_files_of_1_0_are_read_and_bad_rows_named(database: Database) -> None:
    report = load_esco(database, OLD)
    assert report.version == "1.0"
    assert counts(report, "en") == {"new": 4}
    assert [str(problem) for problem in report.problems] == [
        "skills_en-us.csv line 6: preferredLabel: missing.",
        "skills_en-us.csv line 7: row: 5 cells instead of 7.",
        "skills_en-us.csv line 8: conceptUri: no concept of ESCO: 'not an address'.",
    ]
    assert report.lines()[:2] == ["ESCO 1.0: 2 files.", "en: 4 new."]
    # An alternative that reads like the preferred label is no alternative.
    assert labels(database, SPLICING, "en") == ["splice ropes", "join ropes", "rope splicing"]
    assert uris(database, "the rope splicings", "en") == [SPLICING]
    assert uris(database, "splicer", "en") == [ROPE_MAKER]


def test_files_of_1_1_are_read_in_every_language_with_their_relations(database: Database) -> None:
    report = load_esco(database, NEW)
    assert report.version == "1.1"
    assert (counts(report, "en"), counts(report, "fr")) == ({"new": 2}, {"new": 4})
    assert [str(problem) for problem in report.problems] == [
        f"occupationSkillRelations_en.csv line 4: skillUri: no skill of ESCO: '{ROPE_MAKER}'.",
        "occupationSkillRelations_en.csv line 5: relationType: neither essential nor optional: 'perhaps'.",
    ]
    assert labels(database, SPLICING, "fr") == ["épisser des cordages", "épissage"]
    assert labels(database, CHARTS, "fr") == ["cartes électroniques", "carte marine numérique", "ECDIS"]
    assert uris(database, "carte marine numerique", "fr") == [CHARTS]
    assert uris(database, "tides", "en") == [TIDES]
    assert uris(database, "Construction navale", "fr") == ["isced:0716"]
    assert uris(database, "cordière", "fr") == [ROPE_MAKER]


def test_what_is_written_just_so_comes_before_what_is_inflected(sqlite: Database, tmp_path: Path) -> None:
    """Both end in the same stem, and of the two the occupation would come first."""
    manager, managing = f"{BASE}/occupation/t-1", f"{BASE}/skill/t-2"
    write(tmp_path / "occupations_en.csv", f"Occupation,{manager},1,rope managers,,")
    write(tmp_path / "more" / "occupations_en.csv", f"Occupation,{managing},1,rope management,,")
    load_esco(sqlite, tmp_path, "1.2")
    assert uris(sqlite, "rope management", "en") == [managing]
    assert uris(sqlite, "rope managers", "en") == [manager]


def test_an_occupation_leads_to_its_essential_skills_first(database: Database) -> None:
    load_esco(database, NEW)
    with database.read() as session:
        [meaning] = match(session, "cordier", ("fr",))
        assert meaning.terms == ((ROPE_MAKER, 1.0), (SPLICING, 1.0), (TIDES, 0.5))
        assert (meaning.label, meaning.language) == ("cordier/cordière", "fr")


def test_headings_are_climbed_over_to_the_next_broader_concept(packaged: Database) -> None:
    load_esco(packaged, NEW)
    with packaged.read() as session:
        [broader] = ranked_broader(session, CHARTS, ("fr",))
        assert (broader.uri, broader.kind, broader.language) == ("isced:0716", "isced", "fr")
        [broader] = ranked_broader(session, "isced:0716", ("de",))
        assert (broader.uri, broader.language) == ("isced:071", "de")
        assert ranked_broader(session, "isced:07") == ()
        assert ranked_broader(session, "nace:J") == ()
        assert ranked_broader(session, "no such thing") == ()


def test_loading_again_changes_nothing(database: Database) -> None:
    load_esco(database, NEW)
    before = stored(database)
    report = load_esco(database, NEW)
    assert (counts(report, "en"), counts(report, "fr")) == ({"unchanged": 2}, {"unchanged": 4})
    assert stored(database) == before


def test_a_newer_release_replaces_an_older_one_and_never_the_reverse(database: Database) -> None:
    load_esco(database, OLD)
    report = load_esco(database, NEW)
    # Of the skills of 1.0 one is the same concept in other words, one is gone.
    assert counts(report, "en") == {"changed": 2, "removed": 1}
    assert labels(database, SPLICING, "en") == ["splice ropes and cables", "join ropes", "rope splicing"]
    assert uris(database, "signalling at sea", "en") == []
    assert uris(database, "splicer", "en") == [ROPE_MAKER]  # there are no occupations in the newer files
    before = labels(database, SPLICING, "en")
    report = load_esco(database, OLD)
    assert report.outcomes["en"]["newer"] == 2
    assert labels(database, SPLICING, "en") == before


def test_a_label_of_esco_is_shown_rather_than_the_packaged_one(packaged: Database, tmp_path: Path) -> None:
    with packaged.read() as session:
        [nurse] = match(session, "nurse", ("en",))
    write(tmp_path / "occupations_de.csv", f"Occupation,{nurse.uri},2221,Schwester,,")
    load_esco(packaged, tmp_path, "1.2")
    with packaged.read() as session:
        [nurse] = match(session, "Krankenpfleger", ("de",))
        assert (nurse.label, len(nurse.terms) > 3) == ("Schwester", True)


HEADER = "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,description"


def write(path: Path, *rows: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((HEADER, *rows, "")), "utf-8")


def test_too_long_and_unprintable_labels_are_refused(sqlite: Database, tmp_path: Path) -> None:
    row = f"Occupation,{BASE}/occupation/t-%d,1,%s,%s,"
    write(
        tmp_path / "occupations_lt.csv",
        row % (1, "a" * 401, ""),
        row % (2, "dailė\x07", ""),
        row % (3, "dailidė", "b" * 401),
        row % (4, "vyvy " * 13, ""),
    )
    report = load_esco(sqlite, tmp_path, "1.2")
    assert [(p.line, p.column) for p in report.problems] == [
        (2, "preferredLabel"),
        (3, "preferredLabel"),
        (4, "altLabels"),
    ]
    assert counts(report, "lt") == {"new": 1}
    assert uris(sqlite, "vyvy " * 13, "lt") == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nothing.txt", b"", "holds no CSV files of ESCO"),
        ("other.csv", b"a,b\n1,2\n", "holds no CSV files of ESCO"),
        ("empty.csv", b"", "holds no CSV files of ESCO"),
        ("occupations.csv", HEADER.encode(), "names a language"),
        ("occupations_xx.csv", HEADER.encode(), "names a language"),
        ("occupations_de.csv", HEADER.encode() + b"\n\xff\xfe", "not UTF-8"),
        ("occupations_de.csv", HEADER.encode() + b'\n"' + b"x" * 140_000, "not CSV"),
    ],
)
def test_what_cannot_be_read_is_said(
    sqlite: Database, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    folder = tmp_path / "esco-files"
    folder.mkdir()
    (folder / name).write_bytes(content)
    with pytest.raises(UnreadableError, match=said):
        load_esco(sqlite, folder)


def test_a_missing_folder_and_an_odd_version_are_said(sqlite: Database, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="not a folder"):
        load_esco(sqlite, tmp_path / "nowhere")
    with pytest.raises(UnreadableError, match="not a version"):
        load_esco(sqlite, NEW, "newest")


def test_the_language_may_be_that_of_the_folder(sqlite: Database, tmp_path: Path) -> None:
    folder = tmp_path / "ESCO dataset - v1.2.0" / "sk"
    write(folder / "occupations.csv", f"Occupation,{BASE}/occupation/t-1,1,povrazník,,")
    report = load_esco(sqlite, folder.parent)
    assert (report.version, counts(report, "sk")) == ("1.2.0", {"new": 1})
    assert uris(sqlite, "povraznik", "en") == [f"{BASE}/occupation/t-1"]


# packaged


def test_packaged_concepts_are_written_once(database: Database) -> None:
    assert ensure_packaged(database)
    before = stored(database)
    assert not ensure_packaged(database)
    assert stored(database) == before
    with database.read() as session:
        kinds = {(listed.source, listed.kind) for listed in overview(session)}
        languages = {len(listed.concepts) for listed in overview(session) if listed.kind == "skill"}
    assert kinds == {("packaged", kind) for kind in ("skill", "occupation", "isced", "nace")}
    assert languages == {24}


def test_changed_data_replaces_what_was_packaged_before(packaged_in_sqlite: Database) -> None:
    before = stored(packaged_in_sqlite)
    with packaged_in_sqlite.write() as session:
        session.add(Concept(id=1, uri="old", kind="skill", source="packaged"))
        session.execute(update(ConceptLabel).values(label="?"))
        session.execute(update(ConceptSource).values(checksum="old"))
    assert ensure_packaged(packaged_in_sqlite)
    assert stored(packaged_in_sqlite) == before


def test_another_analysis_makes_all_keys_again(packaged: Database) -> None:
    load_esco(packaged, OLD)
    before = stored(packaged)
    with packaged.write() as session:
        session.execute(update(ConceptLabel).values(key_exact="?", key_stem="?", key_tail="?"))
        session.execute(update(ConceptSource).values(analysis="old"))
    assert ensure_packaged(packaged)
    assert stored(packaged) == before


def test_what_offers_no_words_is_listed_as_nothing(sqlite: Database) -> None:
    with sqlite.read() as session:
        assert lines(session) == ["No vocabularies."]
    load_esco(sqlite, NEW)
    with sqlite.read() as session:
        said = lines(session)
    assert "esco-1.1 skill: 9 labels; concepts: en 2, fr 2." in said
    assert "esco-1.1: 2 skills of occupations." in said


# the real files


needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="ESCO is not beside the checkout")


@pytest.mark.soak
@needs_shared
def test_the_real_files_are_loaded_one_release_over_the_other(sqlite: Database, tmp_path: Path) -> None:
    ensure_packaged(sqlite)
    for name in ("skills_en-us.csv", "occupations_es.csv"):
        shutil.copy(SHARED / "esco-1.0" / name, tmp_path)
    old = load_esco(sqlite, tmp_path, "1.0")
    assert counts(old, "es") == {"new": 2_942}
    assert counts(old, "en") == {"new": 13_485 - 13}
    assert {problem.message for problem in old.problems} == {"missing."}
    new = load_esco(sqlite, SHARED / "esco-1.1.1")
    assert (new.version, new.problems) == ("1.1.1", [])
    assert new.outcomes["en"]["changed"] > 1_800
    assert new.outcomes["en"]["removed"] == 0
    assert uris(sqlite, "enfermeras", "es") == uris(sqlite, "nurse", "en") != []
    with sqlite.read() as session:
        haskell = uris(sqlite, "haskell", "en")[0]
        assert [b.kind for b in ranked_broader(session, haskell, ("fr",))] == ["skill", "isced"]
        assert session.scalar(select(func.count()).select_from(ConceptBroader)) == 20_656


@pytest.mark.soak
@needs_shared
def test_every_real_file_loads_within_two_minutes_and_again_without_a_change(database: Database) -> None:
    began = time.monotonic()
    old = load_esco(database, SHARED / "esco-1.0")
    assert time.monotonic() - began < 120
    assert counts(old, "fr") == counts(old, "es") == {"new": 13_485 + 2_942}
    load_esco(database, SHARED / "esco-1.1.1")
    before = stored(database)
    again = load_esco(database, SHARED / "esco-1.1.1")
    assert {name for counted in again.outcomes.values() for name in counted} <= {"unchanged", "removed"}
    assert stored(database) == before


@pytest.mark.real
@needs_shared
def test_a_release_fits_beside_other_folders(sqlite: Database, tmp_path: Path) -> None:
    """Only what is in the folder counts, not what it lies in."""
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copy(SHARED / "esco-1.1.1" / "fr" / "skillGroups_fr.csv", folder)
    report = load_esco(sqlite, folder)
    assert report.version == "1.1"
    assert uris(sqlite, "développement et analyse de logiciels et d’applications", "fr") == ["isced:0613"]
