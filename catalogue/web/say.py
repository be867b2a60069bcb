"""Everything a page says in one language: labels, texts, dates, prices, sentences."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from babel.units import format_unit

from catalogue import i18n
from catalogue.i18n import N_
from catalogue.offers.application import Standing
from catalogue.offers.content import OfferContent, Price, Text
from catalogue.offers.labels import pick, provider_label
from catalogue.providers.content import OrganisationContent
from catalogue.providers.queries import Provider
from catalogue.vocabularies import Label, vocabulary


class TextView(msgspec.Struct, frozen=True):
    text: str
    language: str
    origin: str | None = None


class Day(msgspec.Struct, frozen=True):
    iso: str
    text: str


class StateView(msgspec.Struct, frozen=True):
    code: str
    sentence: str | None


class OrganisationView(msgspec.Struct, frozen=True):
    name: Label
    url: str | None
    place: str | None


# Messages by the reason of a standing.
_STANDINGS = {
    "until": N_("Open until %(day)s"),
    "rolling": N_("Open, start at any time"),
    "opens": N_("Opens on %(day)s"),
    "starts": N_("Starts on %(day)s"),
    "closed": N_("Applications closed on %(day)s"),
    "over": N_("Last run ended on %(day)s"),
}


@lru_cache(maxsize=4096)
def _day_text(day: dt.date, language: str) -> str:
    return i18n.format_date(day, language)


@lru_cache(maxsize=8192)
def _number_text(value: float | Decimal, language: str) -> str:
    return i18n.format_number(value, language)


@lru_cache(maxsize=8192)
def _offers_text(number: int, language: str) -> str:
    return Say(language).plural("%(num)s offer", "%(num)s offers", number)


@lru_cache(maxsize=8192)
def _place(language: str, country: str | None, region: str | None, town: str | None) -> str | None:
    # Where a country is one region, as Cyprus is, naming the region would name the country twice.
    whole = region is not None and not region[2:].strip("0")
    parts = [town, vocabulary("nuts").label(region, language).text if region and not whole else None]
    parts.append(i18n.country_name(country, language) if country else None)
    return ", ".join(dict.fromkeys(part for part in parts if part)) or None


@lru_cache(maxsize=4096)
def _money(amount: Decimal, currency: str, language: str) -> str:
    return i18n.format_money(amount, currency, language)


class Say:
    """One language of the interface."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.gettext = i18n.gettext_for(language)

    def sentence(self, message: str, **values: Any) -> str:
        return self.gettext(message) % values

    def plural(self, one: str, many: str, number: int, **values: Any) -> str:
        # The extraction knows this function's name: both messages are literals where it is called.
        message = i18n.translations(self.language).ngettext(one, many, number)
        return message % {"num": self.number(number), **values}

    def number(self, value: float | Decimal) -> str:
        return _number_text(value, self.language)

    def offers(self, number: int) -> str:
        """A number of offers, spoken: "12 offers"."""
        return _offers_text(number, self.language)

    def label(self, name: str, code: str | None) -> Label | None:
        return None if code is None else vocabulary(name).label(code, self.language)

    def labels(self, name: str, codes: Iterable[str]) -> list[Label]:
        return [vocabulary(name).label(code, self.language) for code in codes]

    def text(self, text: Text, default_language: str) -> TextView | None:
        """The text in the reader's language, else in English, else the original; None when not stated."""
        chosen = pick(text, self.language, default_language)
        return None if chosen is None else TextView(text[chosen].text, chosen, text[chosen].origin)

    def day(self, day: dt.date | dt.datetime | None) -> Day | None:
        if day is None:
            return None
        date = day.date() if isinstance(day, dt.datetime) else day
        return Day(date.isoformat(), _day_text(date, self.language))

    def state(self, standing: Standing) -> StateView:
        if standing.reason == "none":
            return StateView("unknown", None)
        day = _day_text(standing.day, self.language) if standing.day else ""
        return StateView(standing.code, self.sentence(_STANDINGS[standing.reason], day=day))

    def price(self, price: Price | None) -> str | None:
        if price is None:
            return None
        if price.free or not price.amount:
            return self.gettext(N_("Free of charge"))
        return _money(price.amount, price.currency or "EUR", self.language)

    def prices(self, offer: OfferContent) -> str | None:
        """The price of an offer, or the lowest of its runs."""
        prices = [run.price or offer.price for run in offer.runs] or [offer.price]
        stated = {(price.amount or Decimal(0), price.currency) for price in prices if price}
        if len(stated) <= 1:
            return self.price(next((price for price in prices if price), None))
        lowest = min(stated, key=lambda entry: entry[0])
        shown = self.price(Price(amount=lowest[0], currency=lowest[1]))
        return self.sentence(N_("From %(price)s"), price=shown) if lowest[0] else shown

    def place(self, country: str | None, region: str | None = None, town: str | None = None) -> str | None:
        return _place(self.language, country, region, town)

    def seat(self, organisation: OrganisationContent) -> str | None:
        """Town and country; the region where no town is stated."""
        region = None if organisation.town else organisation.region
        return self.place(organisation.country, region, organisation.town)

    def taught_in(self, codes: Iterable[str]) -> list[Label]:
        """Names of languages as they stand within a sentence."""
        return [Label(i18n.language_name(code, self.language), self.language) for code in codes]

    def duration(self, iso: str | None) -> str | None:
        """An ISO 8601 duration in words: 8 weeks."""
        if iso is None:
            return None
        units = {"Y": "year", "M": "month", "W": "week", "D": "day", "TH": "hour", "TM": "minute"}
        words, in_time = [], ""
        for marker, amount, unit in re.findall(r"(T?)(\d+)([YMWDH])", iso):
            in_time = in_time or marker
            name = units[f"{in_time}{unit}"]
            words.append(format_unit(int(amount), f"duration-{name}", locale=i18n.locale(self.language)))
        return ", ".join(words)

    def organisation(self, provider: Provider, url: str | None) -> OrganisationView:
        content = provider.content
        return OrganisationView(provider_label(provider, self.language), url, self.seat(content))


def share(count: int, counts: Iterable[int] | Mapping[Any, int]) -> float:
    """A count as a percentage of the largest, for a bar."""
    values = list(counts.values()) if isinstance(counts, Mapping) else list(counts)
    largest = max(values, default=0)
    return round(100 * count / largest, 1) if largest else 0
