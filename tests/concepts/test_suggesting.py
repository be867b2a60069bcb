"""Concepts are suggested by the beginning of a label or of its last word."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from catalogue.concepts import store
from catalogue.concepts.keys import VERSION
from catalogue.concepts.model import PACKAGED, ConceptLabel, ConceptSource
from catalogue.concepts.packaged import ensure_packaged
from catalogue.concepts.store import Named
from catalogue.concepts.suggesting import suggest
from catalogue.db import Database
from catalogue.vocabularies.skills import skills


@pytest.mark.parametrize(
    ("typed", "language", "label"),
    [
        ("analy", "cs", "provádět analýzu dat"),
        ("data prot", "en", "data protection officer"),
        ("Πληροφ", "el", "σύμβουλος ασφάλειας ΤΠΕ"),
        ("krankenpf", "de", "Krankenpfleger/Krankenpflegerin"),
    ],
)
def test_labels_that_begin_so_are_suggested(session: Session, typed: str, language: str, label: str) -> None:
    found = suggest(session, typed, language, 8)
    assert label in [suggestion.label for suggestion in found]
    assert {suggestion.language for suggestion in found if suggestion.label == label} == {language}


def test_an_alternative_is_named_beside_the_label(session: Session) -> None:
    found = {suggestion.label: suggestion for suggestion in suggest(session, "bookk", "en", 5)}
    assert found["accountant"].matched == "bookkeeper"
    assert suggest(session, "accountant", "en", 1)[0].matched == ""


def test_kinds_stand_together_and_names_are_not_repeated(session: Session) -> None:
    found = suggest(session, "kommu", "de", 20)
    kinds = [suggestion.kind for suggestion in found]
    assert kinds == sorted(kinds, key=["occupation", "skill", "isced", "nace"].index)
    assert len({(suggestion.kind, suggestion.label) for suggestion in found}) == len(found)


def test_what_no_offer_carries_is_not_suggested(session: Session) -> None:
    every = suggest(session, "an", "en", 30)
    skills_only = [entry.uri for entry in every if entry.kind != "occupation"]
    found = suggest(session, "an", "en", 30, lambda uri: uri == skills_only[-1])
    assert [entry.uri for entry in found if entry.kind != "occupation"] == [skills_only[-1]]
    assert {entry.uri for entry in every if entry.kind == "occupation"} <= {entry.uri for entry in found}


def test_english_stands_in_where_the_language_has_no_label(session: Session) -> None:
    [first, *_] = suggest(session, "data protection", "no", 3)
    assert (first.label, first.language) == ("data protection officer", "en")


@pytest.mark.parametrize("typed", ["", "a", "!", "%", "zzzzz", "a" * 500, "\U0010ffff"])
def test_too_little_or_nonsense_suggests_nothing(session: Session, typed: str) -> None:
    assert suggest(session, typed, "en", 5) == []


def test_the_limit_holds(session: Session) -> None:
    assert len(suggest(session, "pr", "en", 4)) == 4
    assert any(suggestion.uri in skills() for suggestion in suggest(session, "pr", "en", 30))


def load(database: Database, *named: Named) -> None:
    with database.write() as session:
        store.put_concepts(session, {entry.uri: entry.kind for entry in named}, "esco-1.1.1")
        store.put_labels(session, (row for entry in named for row in store.label_rows(entry, "esco-1.1.1")))
        session.merge(ConceptSource(source="esco-1.1.1", checksum="", analysis=VERSION))


def labels(database: Database, typed: str, language: str = "en") -> list[str]:
    with database.read() as session:
        return [found.label for found in suggest(session, typed, language, 5)]


def test_what_is_loaded_is_suggested_at_once_behind_what_comes_with_portolan(database: Database) -> None:
    ensure_packaged(database)
    before = labels(database, "data")
    assert labels(database, "quokk") == []
    quokkas = [Named(f"esco:{number}", "skill", "en", (f"data quokka {number}",)) for number in range(150)]
    load(database, *quokkas, Named("esco:de", "skill", "de", ("Quokkas datieren", "Quokkadatierung")))
    assert labels(database, "data") == before
    assert labels(database, "data quokk") == [f"data quokka {number}" for number in range(5)]
    # By its last word, and in another language where the reader's has none.
    assert labels(database, "datier", "de") == ["Quokkas datieren"]
    assert labels(database, "quokkada", "de") == ["Quokkas datieren"]
    assert labels(database, "data quokka 14", "de") == [
        f"data quokka {number}" for number in (14, *range(140, 144))
    ]


def test_the_name_of_a_loaded_concept_replaces_the_packaged_one(database: Database) -> None:
    ensure_packaged(database)
    assert labels(database, "bookk") == ["accountant"]
    with database.read() as session:
        (found,) = suggest(session, "bookk", "en", 1)
    load(database, Named(found.uri, "occupation", "en", ("reckoner of books", "bookkeeper")))
    with database.read() as session:
        (again,) = suggest(session, "bookk", "en", 1)
    assert (again.uri, again.label, again.matched) == (found.uri, "reckoner of books", "bookkeeper")


def test_what_comes_with_portolan_is_read_again_when_it_has_changed(database: Database) -> None:
    ensure_packaged(database)
    assert labels(database, "bookk") == ["accountant"]
    with database.write() as session:
        named = update(ConceptLabel).where(ConceptLabel.label == "bookkeeper")
        session.execute(named.values(key_exact="quokka keeper", label="quokka keeper"))
        session.get_one(ConceptSource, PACKAGED).checksum = "another"
    assert labels(database, "bookk") == []
    assert labels(database, "quokka") == ["accountant"]
