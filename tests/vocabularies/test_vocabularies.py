"""The controlled lists: complete, ordered, translated, and the same as their official sources."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from catalogue.i18n import CONTENT_LANGUAGES, INTERFACE_LANGUAGES
from catalogue.vocabularies import (
    NAMES,
    Label,
    country_of_nuts,
    not_stated,
    sectors_in_rev21,
    uri,
    vocabulary,
)
from catalogue.vocabularies.files import read
from catalogue.vocabularies.messages import MESSAGES

SHARED = Path(__file__).resolve().parents[3] / "shared" / "vocabularies"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="official lists are not beside the checkout")

# Left in English by ESCO's French edition.
TRANSLATED_BY_US = {"0321", "0322"}


def official(name: str) -> dict[str, str]:
    """English (or native) label by URI."""
    lines = (SHARED / "elm-3.1-en" / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines[1:])


def by_code(labels: dict[str, str]) -> dict[str, str]:
    return {address.rsplit("/", 1)[1]: text for address, text in labels.items()}


@pytest.mark.parametrize("name", NAMES)
def test_every_code_of_every_list_has_a_label_in_every_language(name: str) -> None:
    words = vocabulary(name)
    assert words.name == name
    assert words.codes
    assert len(set(words.codes)) == len(words.codes)
    for code in words.codes:
        for language in INTERFACE_LANGUAGES:
            label = words.label(code, language)
            assert label.text == label.text.strip()
            assert label.text
            assert label.language


@pytest.mark.parametrize(("name", "count"), [("isced", 220), ("nace", 22), ("nace-rev2", 21)])
def test_classifications_are_complete_in_six_languages(name: str, count: int) -> None:
    words = vocabulary(name)
    assert len(words.codes) == count
    for code in words.codes:
        assert [words.label(code, language).language for language in INTERFACE_LANGUAGES] == list(
            INTERFACE_LANGUAGES
        )


@pytest.mark.parametrize("name", ["isced", "nace", "nace-rev2"])
def test_greek_labels_are_greek_throughout(name: str) -> None:
    words = vocabulary(name)
    for code in words.codes:
        assert not re.search("[A-Za-z]", words.label(code, "el").text), code


@pytest.mark.parametrize("language", ["de", "es", "lt", "el"])
def test_fields_with_different_names_in_english_have_different_names(language: str) -> None:
    """The columns we translated; upper and lower case apart, as English has one field in two spellings."""
    words = vocabulary("isced")
    names: dict[str, set[str]] = {}
    for code in words.codes:
        english = words.label(code, "en").text.casefold().replace(" (icts)", "")
        names.setdefault(words.label(code, language).text, set()).add(english)
    assert {text: english for text, english in names.items() if len(english) > 1} == {}


def test_a_language_without_labels_gets_english() -> None:
    assert vocabulary("isced").label("0913", "fi") == Label("Nursing and midwifery", "en")
    assert vocabulary("isced").label("0913", "code") == Label("Nursing and midwifery", "en")
    assert vocabulary("eqf").label("6", "xx") == Label("EQF level 6", "en")


@pytest.mark.parametrize("name", NAMES)
def test_unknown_codes_stand_for_themselves(name: str) -> None:
    words = vocabulary(name)
    for code in ("", "nonsense", "０９", "../data"):
        assert not words.known(code)
        assert words.label(code, "de") == Label(code, "en")
        assert words.ancestors(code) == (code,)
        assert words.children(code) == ()
        assert uri(name, code) is None


def test_unknown_lists_are_refused() -> None:
    with pytest.raises(KeyError):
        vocabulary("colour")
    with pytest.raises(KeyError):
        uri("colour", "blue")


def test_isced_hierarchy() -> None:
    words = vocabulary("isced")
    assert words.ancestors("0913") == ("09", "091", "0913")
    assert words.ancestors("09") == ("09",)
    assert words.children("042") == ("0421",)
    assert "0913" in words.children("091")
    assert words.children("0913") == ()
    assert words.roots == ("00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "99")


@pytest.mark.parametrize(("name", "shortest"), [("isced", 2), ("nuts", 3)])
def test_every_narrower_code_hangs_below_a_broader_one(name: str, shortest: int) -> None:
    words = vocabulary(name)
    assert {len(code) for code in words.roots} == {shortest}
    for code in words.codes:
        chain = words.ancestors(code)
        assert chain[0] in words.roots
        assert chain[-1] == code
        assert len(chain) == len(code) - shortest + 1
        assert all(code in words.children(parent) for parent in chain[-2:-1])


def test_flat_lists_have_no_hierarchy() -> None:
    words = vocabulary("participation")
    assert words.roots == words.codes
    assert words.ancestors("online") == ("online",)


@pytest.mark.parametrize(
    ("code", "sections"),
    [
        *((letter, (letter,)) for letter in "ABCDEFGHI"),
        ("J", ("J", "K")),
        *((old, (new,)) for old, new in zip("KLMNOPQRSTU", "LMNOPQRSTUV", strict=True)),
    ],
)
def test_sections_of_nace_rev2_in_rev21(code: str, sections: tuple[str, ...]) -> None:
    assert sectors_in_rev21(code, "2") == sections


def test_sections_of_nace_rev21_stay_and_unknown_ones_vanish() -> None:
    for code in vocabulary("nace").codes:
        assert sectors_in_rev21(code, "2.1") == (code,)
    assert sectors_in_rev21("V", "2") == ()
    for code, revision in (("W", "2.1"), ("", "2"), ("a", "2"), ("A", "1.1"), ("AB", "2")):
        assert sectors_in_rev21(code, revision) == ()


def test_moved_sections_keep_their_english_names() -> None:
    """The mapping is right if names agree; where they do not, the section's content changed."""
    old, new = vocabulary("nace-rev2"), vocabulary("nace")
    changed = {
        code
        for code in old.codes
        if [old.label(code, "en").text] != [new.label(to, "en").text for to in sectors_in_rev21(code, "2")]
    }
    assert changed == {"G", "J", "R"}


def test_regions_keep_their_own_name_and_say_its_language() -> None:
    words = vocabulary("nuts")
    assert words.label("EL3", "de") == Label("Αττική", "el")
    assert words.label("BE2", "en") == Label("Vlaams Gewest", "nl")
    assert words.label("FI2", "en").language == "sv"
    assert words.label("DEF0", "lt") == Label("Schleswig-Holstein", "de")
    assert not words.known("DE")
    assert words.ancestors("UKN10") == ("UKN", "UKN0", "UKN10")


def test_country_of_a_region() -> None:
    assert country_of_nuts("EL30") == "GR"
    assert country_of_nuts("UKC11") == "GB"
    assert country_of_nuts("DEF07") == "DE"
    countries = vocabulary("country")
    assert all(countries.known(country_of_nuts(code)) for code in vocabulary("nuts").codes)


def test_countries_and_languages_have_names_from_cldr() -> None:
    assert vocabulary("country").label("GR", "lt") == Label("Graikija", "lt")
    assert not vocabulary("country").known("EL")
    assert not vocabulary("country").known("EU")
    words = vocabulary("language")
    assert words.codes[:24] == CONTENT_LANGUAGES
    assert words.label("de", "fr") == Label("Allemand", "fr")
    for language in INTERFACE_LANGUAGES:
        assert all(words.label(code, language).language == language for code in CONTENT_LANGUAGES)


def test_supervision_is_named_in_the_words_of_annex_i() -> None:
    labels = [vocabulary("supervision").label(code, "en").text for code in vocabulary("supervision").codes]
    assert labels == [
        "Unsupervised with no identity verification",
        "Supervised with no identity verification",
        "Supervised online, with identity verification",
        "Onsite, with identity verification",
    ]


def test_not_stated() -> None:
    assert not_stated("en") == Label("Not stated", "en")
    assert vocabulary("not-stated").codes == ("not-stated",)


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_no_two_codes_of_a_list_read_the_same(name: str) -> None:
    labels = list(MESSAGES[name].values())
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("isced", "0913", "http://data.europa.eu/snb/isced-f/0913"),
        ("eqf", "6", "http://data.europa.eu/snb/eqf/6"),
        ("nuts", "DEF0", "http://data.europa.eu/nuts/code/DEF0"),
        ("country", "GR", "http://publications.europa.eu/resource/authority/country/GRC"),
        ("language", "ga", "http://publications.europa.eu/resource/authority/language/GLE"),
        ("nace", "R", "http://data.europa.eu/ux2/nace2.1/R"),
        ("nace-rev2", "Q", "http://data.europa.eu/ux2/nace2/Q"),
        ("schedule", "part-time", None),
        ("target-group", "young-people", None),
        ("route", "course", None),
    ],
)
def test_uris(name: str, code: str, expected: str | None) -> None:
    assert uri(name, code) == expected


@needs_shared
def test_isced_is_the_official_list() -> None:
    official_labels = by_code(official("isced-f"))
    assert {code: row["en"] for code, row in read("isced-f.tsv").items()} == official_labels


@needs_shared
def test_french_isced_is_escos() -> None:
    path = SHARED / "esco-1.1.1" / "fr" / "skillGroups_fr.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if "/isced-f/" in row["conceptUri"]]
    esco = by_code({row["conceptUri"]: row["preferredLabel"].casefold() for row in rows})
    ours = {code: row["fr"].casefold() for code, row in read("isced-f.tsv").items()}
    assert ours.keys() == esco.keys()
    assert {code for code in ours if ours[code] != esco[code]} == TRANSLATED_BY_US


@needs_shared
def test_nuts_is_the_official_list() -> None:
    labels = {code: " ".join(text.split()) for code, text in nuts_labels().items() if len(code) > 2}
    assert {code: row["label"] for code, row in read("nuts.tsv").items()} == labels


def nuts_labels() -> dict[str, str]:
    return {address.rsplit("/", 1)[1]: text for address, text in official("nuts").items()}


# Each list of ours whose concepts must all exist in a list of the model, and whether it must use all of them.
ELM = [
    ("eqf", "eqf", True),
    ("isced", "isced-f", True),
    ("assessment", "europass-learning-assessment-types", True),
    ("participation", "europass-modes", True),
    ("target-group", "europass-target-groups", True),
    ("setting", "europass-learning-setting-types", True),
    ("outcome-type", "skill-types", True),
    ("schedule", "europass-learning-schedule-types", False),
    ("country", "country", False),
    ("language", "language", False),
    ("nuts", "nuts", False),
]


@needs_shared
@pytest.mark.parametrize(("name", "file", "whole"), ELM)
def test_uris_are_official_and_complete(name: str, file: str, whole: bool) -> None:
    ours = [uri(name, code) for code in vocabulary(name).codes]
    stated = [address for address in ours if address]
    assert len(set(stated)) == len(stated)
    assert set(stated) <= official(file).keys()
    assert not whole or set(stated) == official(file).keys()


@needs_shared
@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("assessment", "europass-learning-assessment-types"),
        ("participation", "europass-modes"),
        ("target-group", "europass-target-groups"),
    ],
)
def test_concepts_mean_what_our_codes_say(name: str, file: str) -> None:
    """A wrong pairing would put a wrong claim into every export: the code's words are in its label."""
    labels = official(file)
    for code in vocabulary(name).codes:
        address = uri(name, code)
        if address is None:
            continue
        flat = re.sub(r"\W", "", labels[address]).casefold()
        assert all(word in flat for word in meaning(code)), (code, labels[address])


def meaning(code: str) -> list[str]:
    """What the official label must hold: the words of the code, levels and years included."""
    words = {"in": "personsin", "plus": ""}
    return [words.get(word, word) for word in code.split("-")]
