"""Languages of the interface and of the content, and everything said differently in each of them.

Strings are gettext messages (domain `messages`, directory `translations/`); names of languages and countries,
dates, numbers and money come from CLDR through Babel. A catalogue that is not compiled yet means English.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from babel import Locale, UnknownLocaleError
from babel import dates as babel_dates
from babel import numbers as babel_numbers
from babel.support import NullTranslations, Translations

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from decimal import Decimal

INTERFACE_LANGUAGES: Final = ("en", "de", "fr", "es", "lt", "el")
CONTENT_LANGUAGES: Final = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr"),
    *("hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"),
)
DIRECTORY: Final = Path(__file__).resolve().parent.parent / "translations"

DateStyle = Literal["full", "long", "medium", "short"]

# CLDR's plain "en" and "pt" mean the United States and Brazil; this is a European catalogue.
_LOCALES: Final = {"en": "en_IE", "pt": "pt_PT"}


def N_(text: str) -> str:  # noqa: N802 (gettext's own name for "extract here, translate later")
    """Mark a message for extraction where it cannot be translated yet, as in a table."""
    return text


@lru_cache(maxsize=len(INTERFACE_LANGUAGES))
def _load(language: str) -> NullTranslations:
    return Translations.load(DIRECTORY, [language])


def translations(language: str) -> NullTranslations:
    """The compiled messages of an interface language; messages pass unchanged where there are none."""
    # Only known names reach the file system, and only they fill the cache.
    return _load(language if language in INTERFACE_LANGUAGES else "en")


def gettext_for(language: str) -> Callable[[str], str]:
    return translations(language).gettext


def is_translated(message: str, language: str) -> bool:
    """Whether there is a translation, which may well read like the English ("Online")."""
    return language == "en" or message in getattr(translations(language), "_catalog", {})


@lru_cache(maxsize=256)
def locale(language: str) -> Locale:
    """The European locale of a language; English where Babel does not know it."""
    try:
        return Locale.parse(_LOCALES.get(language, language), sep="-" if "-" in language else "_")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_LOCALES["en"])


def endonym(language: str) -> str:
    """A language's name in itself, as its speakers write it in running text: Deutsch, français."""
    return language_name(language, language)


def language_name(code: str, language: str) -> str:
    return locale(language).languages.get(code) or locale("en").languages.get(code) or code


def country_name(code: str, language: str) -> str:
    return locale(language).territories.get(code) or locale("en").territories.get(code) or code


def format_date(value: date, language: str, style: DateStyle = "long") -> str:
    text = babel_dates.format_date(value, style, locale=locale(language))
    # CLDR's pattern has no ordinal, which French wants for the first of a month and for no other day.
    return "1er" + text[1:] if language == "fr" and text.startswith("1 ") else text


class _Whole:
    """Whole numbers below a million as Babel writes them, learnt from how it writes 7, 1000 and 10,000.

    Babel takes a tenth of a millisecond for each, and a page of results has a hundred.
    """

    def __init__(self, write: Callable[[int], str]) -> None:
        self.before, self.after = write(7).split("7")
        self.fourth, self.fifth = (self._separator(write(number)) for number in (1000, 10_000))

    def _separator(self, written: str) -> str:
        number = written.removeprefix(self.before).removesuffix(self.after)
        return number.strip("10") or ""

    def __call__(self, number: int) -> str:
        if number < 1000:  # noqa: PLR2004
            return f"{self.before}{number}{self.after}"
        thousands, rest = divmod(number, 1000)
        separator = self.fourth if thousands < 10 else self.fifth  # noqa: PLR2004
        return f"{self.before}{thousands}{separator}{rest:03}{self.after}"


_LEARNT: Final = 1_000_000


@cache
def _whole_number(language: str) -> _Whole:
    return _Whole(partial(babel_numbers.format_decimal, locale=locale(language)))


@cache
def _whole_money(currency: str, language: str) -> _Whole:
    return _Whole(partial(_money, currency=currency, language=language))


def format_number(value: float | Decimal, language: str) -> str:
    if 0 <= value < _LEARNT and value == int(value):
        return _whole_number(language)(int(value))
    return babel_numbers.format_decimal(value, locale=locale(language))


def format_money(amount: float | Decimal, currency: str, language: str) -> str:
    """An amount with its currency; whole amounts without cents, as prices are written."""
    if 0 <= amount < _LEARNT and amount == int(amount):
        return _whole_money(currency, language)(int(amount))
    return _money(amount, currency, language)


def _money(amount: float | Decimal, currency: str, language: str) -> str:
    where = locale(language)
    if amount != int(amount):
        text = babel_numbers.format_currency(amount, currency, locale=where)
    else:
        pattern = where.currency_formats["standard"].pattern.replace("0.00", "0")
        text = babel_numbers.format_currency(amount, currency, pattern, where, currency_digits=False)
    # A code of letters sticks to its number in some locales: PLN1,450.
    return re.sub(r"([A-Z]{3})(?=\d)", "\\1\u00a0", text)
