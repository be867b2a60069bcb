"""Concepts are suggested by the beginning of a label or of its last word."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalogue.concepts.suggesting import suggest
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
