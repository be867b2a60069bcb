"""Names, dates, numbers and money by language; messages with and without compiled catalogues."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from babel import numbers
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from catalogue import i18n
from catalogue.vocabularies import Label, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NBSP = "\xa0"


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One compiled catalogue with two messages, one of them the same word in both languages."""
    catalog = Catalog(locale="de")
    catalog.add("Online", "Online")
    catalog.add("On site", "Vor Ort")
    path = tmp_path / "de" / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(i18n, "DIRECTORY", tmp_path)
    i18n._load.cache_clear()
    yield
    i18n._load.cache_clear()


@pytest.mark.usefixtures("german")
def test_labels_are_translated_and_say_so() -> None:
    words = vocabulary("participation")
    assert words.label("presential", "de") == Label("Vor Ort", "de")
    assert words.label("online", "de") == Label("Online", "de")
    assert words.label("blended", "de") == Label("Blended", "en")
    assert words.label("presential", "fr") == Label("On site", "en")


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("language", ["", "xx", "../de", "de/LC_MESSAGES", "de\0"])
def test_unknown_languages_mean_english_and_touch_no_file(language: str) -> None:
    assert i18n.gettext_for(language)("On site") == "On site"
    assert i18n.language_name("de", language) == "German"
    assert i18n.country_name("GR", language) == "Greece"


def test_every_content_language_has_names() -> None:
    assert len(i18n.CONTENT_LANGUAGES) == 24
    for language in i18n.CONTENT_LANGUAGES:
        assert i18n.endonym(language) != language
        assert i18n.country_name("GR", language) != "GR"
    assert [i18n.endonym(code) for code in ("de", "fr", "el", "mt", "ga")] == [
        "Deutsch",
        "français",
        "Ελληνικά",
        "Malti",
        "Gaeilge",
    ]


def test_unknown_codes_stand_for_themselves() -> None:
    assert i18n.language_name("qqq", "de") == "qqq"
    assert i18n.country_name("Q", "de") == "Q"


def test_dates_are_european() -> None:
    day = date(2027, 3, 1)
    assert i18n.format_date(day, "en") == "1 March 2027"
    assert i18n.format_date(day, "de") == "1. März 2027"
    assert i18n.format_date(day, "lt", "short") == "2027-03-01"


def test_numbers_and_money() -> None:
    assert i18n.format_number(Decimal("2.5"), "de") == "2,5"
    assert i18n.format_money(Decimal(1240), "EUR", "en") == "€1,240"
    assert i18n.format_money(Decimal("1240.50"), "EUR", "de") == f"1.240,50{NBSP}€"
    assert i18n.format_money(Decimal("240.00"), "EUR", "fr") == f"240{NBSP}€"
    assert i18n.format_money(0, "XXY", "en")


@pytest.mark.parametrize("language", i18n.INTERFACE_LANGUAGES)
def test_whole_numbers_are_written_as_babel_writes_them(language: str) -> None:
    locale = i18n.locale(language)
    for number in (0, 7, 10, 99, 100, 999, 1000, 1007, 9999, 10_000, 10_010, 70_707, 123_456, 999_999):
        assert i18n.format_number(number, language) == numbers.format_decimal(number, locale=locale)
        for currency in ("EUR", "SEK", "PLN", "HUF", "CHF", "GBP", "BGN"):
            amount = i18n.format_money(Decimal(number), currency, language)
            pattern = locale.currency_formats["standard"].pattern.replace("0.00", "0")
            written = numbers.format_currency(number, currency, pattern, locale, currency_digits=False)
            assert amount.replace(NBSP, "") == written.replace(NBSP, "")
