"""Queries name concepts in any language: whole labels, inflected or not, the longest first."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from sqlalchemy.orm import Session

from catalogue.concepts.keys import MAX_WORDS, words
from catalogue.concepts.kinship import Distance, are_kin, distance
from catalogue.concepts.matching import match
from catalogue.concepts.reading import with_genders
from catalogue.db import Database
from catalogue.i18n import CONTENT_LANGUAGES
from catalogue.vocabularies.occupations import occupations
from catalogue.vocabularies.skills import skills
from search.meaning import Meaning

DATA_ANALYSIS = "http://data.europa.eu/esco/skill/2b92a5b2-6758-4ee3-9fb4-b6387a55cc8f"
NURSE = next(o for o in occupations().values() if o.labels["en"].startswith("nurse responsible"))


def named(
    session: Session, text: str, *languages: str, rejected: Sequence[str] = ()
) -> list[tuple[str, str, str]]:
    """Words, kind and English label of each meaning."""
    found = match(session, text, languages or ("en",), rejected)
    return [(text[m.start : m.end], m.kind, in_english(m)) for m in found]


def in_english(meaning: Meaning) -> str:
    if meaning.uri in skills():
        return skills()[meaning.uri].labels["en"]
    return occupations()[meaning.uri].labels["en"] if meaning.uri in occupations() else meaning.uri


# What a query says with these is something else: a phrase, a word left out.
SIGNS = re.compile(r"[\"“”„«»]|(?:^| )[-–]")


@pytest.mark.parametrize("language", CONTENT_LANGUAGES)
def test_everything_packaged_is_found_by_its_own_label(session: Session, language: str) -> None:
    labels = {skill.uri: skill.labels[language] for skill in skills().values()}
    labels |= {o.uri: with_genders((o.labels[language],))[-1] for o in occupations().values()}
    missed = []
    for uri, label in labels.items():
        if not SIGNS.search(label) and len(words(label, language)) <= MAX_WORDS:
            found = match(session, label, (language,))
            if uri not in {meaning.uri for meaning in found} and not covers(found, label):
                missed.append(label)
    assert missed == []


def covers(found: Sequence[Meaning], label: str) -> bool:
    """Whether another concept has the same label."""
    return len(found) == 1 and found[0].end - found[0].start >= len(label.rstrip(")"))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("cs", "analyza dat", "analyza dat"),
        ("cs", "kurz analýzy dat v Brně", "analýzy dat"),
        ("de", "Datenanalyse für Anfänger", "Datenanalyse"),
        ("fr", "cours d’analyse de données", "analyse de données"),
        ("en", "data analysis", "data analysis"),
    ],
)
def test_a_skill_is_found_in_many_languages_inflected_and_without_marks(
    session: Session, language: str, text: str, expected: str
) -> None:
    [meaning] = match(session, text, (language, "en"))
    assert text[meaning.start : meaning.end] == expected
    assert meaning.kind == "skill"
    assert "data analysis" in skills()[meaning.uri].labels["en"]
    assert meaning.language == language
    assert meaning.terms == ((meaning.uri, 1.0),)


def test_a_label_is_given_in_the_first_language_that_has_one(session: Session) -> None:
    [meaning] = match(session, "analyza dat", ("de", "cs"))
    assert (meaning.label, meaning.language) == (skills()[meaning.uri].labels["de"], "de")
    [meaning] = match(session, "analyza dat", ("xx",))
    assert meaning.language == "en"


def test_other_languages_are_found_by_exact_words_only(session: Session) -> None:
    assert named(session, "sairaanhoitaja", "de") == [("sairaanhoitaja", "occupation", NURSE.labels["en"])]
    assert named(session, "sairaanhoitajien", "de") == []
    assert named(session, "sairaanhoitajien", "de", "fi") != []


def test_an_occupation_leads_to_its_skills_the_central_ones_first(session: Session) -> None:
    [meaning] = match(session, "courses for nurses", ("en",))
    assert (meaning.uri, meaning.kind) == (NURSE.uri, "occupation")
    assert [uri for uri, _ in meaning.terms] == [NURSE.uri, *NURSE.skills]
    weights = [weight for _, weight in meaning.terms]
    assert weights == sorted(weights, reverse=True)
    assert (weights[0], weights[1], weights[-1]) == (1.0, 1.0, 0.5)


def test_subjects_and_sectors_are_found(session: Session) -> None:
    text = "Software and applications development and analysis"
    [meaning] = match(session, text.lower(), ("en",))
    assert (meaning.uri, meaning.kind, meaning.label) == ("isced:0613", "isced", text)
    assert meaning.terms == (("isced:0613", 1.0),)
    [sector] = match(session, "Verarbeitendes Gewerbe/Herstellung von Waren", ("de",))
    assert (sector.uri, sector.kind) == ("nace:C", "nace")


def test_at_most_three_meanings_in_the_order_of_the_query(session: Session) -> None:
    text = "nurse, accountant, data analysis, bookkeeper, data protection officer"
    found = match(session, text, ("en",))
    assert len(found) == 3
    assert [m.start for m in found] == sorted(m.start for m in found)
    assert len({m.uri for m in found}) == 3
    assert "data protection officer" in {text[m.start : m.end] for m in found}  # the longest first


def test_a_rejected_meaning_makes_room_for_the_next(session: Session) -> None:
    text = "data analysis"
    [first] = match(session, text, ("en",))
    assert first.uri not in {m.uri for m in match(session, text, ("en",), (first.uri,))}
    [nurse] = match(session, "nurse", ("en",))
    assert match(session, "nurse", ("en",), {nurse.uri}) == ()


@pytest.mark.parametrize(
    "text",
    [
        '"data analysis"',
        "-nurse",
        "„nurse“",
        "nothing -“data analysis”",
        'data "and" analysis',
        "data -big analysis",
    ],
)
def test_quoted_and_excluded_words_are_words(session: Session, text: str) -> None:
    assert match(session, text, ("en",)) == ()


def test_words_beside_a_quote_are_understood(session: Session) -> None:
    assert named(session, '"ship" nurse', "en") == [("nurse", "occupation", NURSE.labels["en"])]


@pytest.mark.parametrize(
    "text", ["", "the", "of the", "it", "!!!", "a b", "data nice analysis", "x" * 300, "a " * 150]
)
def test_what_names_nothing_matches_nothing(session: Session, text: str) -> None:
    assert match(session, text, ("en", "de")) == ()


def test_stop_words_at_the_edges_are_not_part_of_a_meaning(session: Session) -> None:
    assert [found for found, _, _ in named(session, "the nurses of")] == ["nurses"]


def test_two_letters_stand_for_a_marked_one(session: Session) -> None:
    with_mark = [m.uri for m in match(session, "Krankenpflegekräfte Pflegekräfte", ("de",))]
    typed = [m.uri for m in match(session, "Krankenpflegekräfte Pflegekraefte", ("de",))]
    assert with_mark == typed == [NURSE.uri]


def test_a_database_without_vocabularies_understands_nothing(sqlite: Database) -> None:
    with sqlite.read() as session:
        assert match(session, "nurse", ("en",)) == ()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("da", "forvaltning af skove", "manage forests"),
        ("nl", "beheer van bossen", "manage forests"),
        ("lv", "saules enerģijas sistēmu projektēšana", "design solar energy systems"),
        ("bg", "upravlenie na gori", "manage forests"),
    ],
)
def test_kin_of_the_words_of_a_label_name_it(
    session: Session, language: str, text: str, expected: str
) -> None:
    assert expected in [label for _, _, label in named(session, text, language, "en")]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("da", "turistfører", "guide"),
        ("nl", "wondverzorging", "apply wound dressings"),
        ("sv", "svetsning", "welder"),
        ("da", "risikovurdring", "draw up risk assessment"),
    ],
)
def test_kin_of_a_single_word_that_no_offer_has_name_it(
    session: Session, language: str, text: str, expected: str
) -> None:
    found = match(session, text, (language, "en"), is_known=lambda _: False)
    assert expected in [in_english(meaning) for meaning in found]
    assert not any(meaning.sure for meaning in found)
    assert match(session, text, (language, "en")) == ()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("da", "tegnsprogskursus i Odense", "sign language"),
        ("et", "keevitajakoolitused", "welder"),
        ("de", "Datenanalysekurs", "perform data analysis"),
    ],
)
def test_a_compound_that_names_a_course_names_its_subject(
    session: Session, language: str, text: str, expected: str
) -> None:
    [(said, _, label)] = named(session, text, language, "en")
    assert (said, label) == (text.split(maxsplit=1)[0], expected)


def test_two_words_name_what_is_written_as_one(session: Session) -> None:
    assert named(session, "haava ravi", "et") == [("haava ravi", "skill", "carry out wound care")]
    assert named(session, "haava ravi", "en") == []


def test_another_word_may_stand_in_the_place_of_one_of_three(session: Session) -> None:
    [meaning] = match(session, "nieħu ħsieb l-anzjani", ("mt", "en"))
    assert meaning.label == "jieħu ħsieb l-anzjani"


@pytest.mark.parametrize(
    ("one", "other", "kin"),
    [
        ("forvaltning", "forvalte", True),
        ("beheer", "beheren", True),
        ("protezione", "proteggere", True),
        ("visualisation", "visuelisation", True),
        ("data", "date", False),
        ("transport", "transformation", False),
        ("forest", "finance", False),
    ],
)
def test_kin_begin_alike_or_are_mistyped(one: str, other: str, *, kin: bool) -> None:
    assert are_kin(one, other) is kin


def test_a_label_that_lacks_a_word_and_has_none_in_its_place_is_too_far() -> None:
    query = [{"data"}, {"nice"}, {"analysis"}]
    assert distance(query, {"data", "analysis"}, 2) is None
    assert distance(query, {"data", "big", "analysis"}, 3) is None
    assert distance([{"nice"}, {"data"}, {"analysis"}], {"big", "data", "analysis"}, 3) == Distance(1, 3)


def test_what_no_offer_carries_is_named_where_nothing_else_is(session: Session) -> None:
    [physics] = match(session, "Physik", ("de",), (), lambda _uri: False)
    assert physics.uri == "isced:0533"
    assert ("fr", "Physique") in physics.names
    assert match(session, "Physik", ("de",), ("isced:0533",), lambda _uri: False) == ()
    carried = match(session, "Physik Chemie", ("de",), (), lambda uri: uri == "isced:0531")
    assert [meaning.uri for meaning in carried] == ["isced:0531"]
