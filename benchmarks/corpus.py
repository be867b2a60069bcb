"""A catalogue of any size, the same on every run for one seed and day: canonical documents with all facets.

Codes are drawn by rank, so that every facet has common values and rare ones, and each is left out of some offers:
"not stated" is what real data says most often.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from benchmarks.draws import Zipf, chance, shuffled
from benchmarks.offer import SHORT, Lengths, OfferMaker
from benchmarks.shape import Document, Pair, bilingual, second_language, slug_of, without_none
from benchmarks.words import Words
from catalogue.i18n import CONTENT_LANGUAGES
from catalogue.vocabularies import country_of_nuts, vocabulary
from catalogue.vocabularies.skills import skills

OFFERS_PER_PROVIDER: Final = 50
COUNTRIES: Final = [
    "DE",
    "FR",
    "ES",
    "IT",
    "PL",
    "NL",
    "IE",
    "PT",
    "BE",
    "SE",
    "AT",
    "GR",
    "RO",
    "FI",
    "CZ",
    "DK",
    "HU",
    "LT",
    "SI",
    "HR",
    "SK",
    "BG",
    "LV",
    "EE",
    "CY",
    "MT",
    "LU",
]
LANGUAGES: Final = (
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pl",
    "nl",
    "pt",
    *(code for code in CONTENT_LANGUAGES if code not in {"en", "de", "fr", "es", "it", "pl", "nl", "pt"}),
)


@dataclass(frozen=True, slots=True)
class Made:
    """One offer: the provider's reference, its number among the providers, its content, first publication."""

    number: int
    provider: int
    reference: str
    published_at: dt.datetime
    document: Document


def _codes(name: str) -> Zipf[str]:
    return Zipf(shuffled(vocabulary(name).codes, name))


class Corpus:
    """Providers and offers. Dates are relative to `as_of`, as those of the seed data are."""

    def __init__(
        self,
        words: Mapping[str, Words],
        offers: int,
        as_of: dt.date,
        seed: int = 1,
        lengths: Lengths = SHORT,
    ) -> None:
        self.words, self.size, self.as_of, self.seed, self.lengths = words, offers, as_of, seed, lengths
        self.languages = Zipf(LANGUAGES)
        self.countries = Zipf(COUNTRIES)
        self.codes = {
            name: _codes(name)
            for name in (
                "nace",
                "participation",
                "schedule",
                "assessment",
                "supervision",
                "qa-framework",
                "qa-internal-scope",
                "recognition-purpose",
                "funding",
                "target-group",
                "access-need",
                "provider-kind",
                "designed-with",
                "credential-format",
                "outcome-type",
            )
        }
        self.levels = Zipf((6, 5, 7, 4, 3, 8, 2, 1), shift=1)

    @property
    def providers(self) -> int:
        return max(1, self.size // OFFERS_PER_PROVIDER)

    @cached_property
    def subjects(self) -> Zipf[str]:
        detailed = [code for code in vocabulary("isced").codes if len(code) == 4]
        return Zipf(shuffled(detailed, "isced"))

    @cached_property
    def skills(self) -> Zipf[str]:
        return Zipf(shuffled(sorted(skills()), "skills"))

    @cached_property
    def regions(self) -> dict[str, Zipf[str]]:
        """Small regions by country."""
        known: dict[str, list[str]] = {}
        for code in vocabulary("nuts").codes:
            if len(code) == 5:
                known.setdefault(country_of_nuts(code), []).append(code)
        return {country: Zipf(shuffled(codes, country)) for country, codes in known.items()}

    def provider_documents(self) -> Iterator[Document]:
        for number in range(self.providers):
            yield self.provider(number)

    def provider(self, number: int) -> Document:
        """The number-th organisation."""
        rng = self._rng("provider", number)
        country = self.countries.one(rng)
        language = self.languages.one(rng)
        pair = (language, second_language(rng, language))
        name = self.words[language].title(rng, 3)
        return without_none(
            {
                "slug": slug_of(number),
                "legal_name": name,
                "default_language": language,
                "names": bilingual(pair, lambda words: words.title(rng, 3), self.words),
                "description": bilingual(pair, lambda words: words.text(rng, 30), self.words),
                "kinds": self.codes["provider-kind"].some(rng, 2),
                "country": country,
                "region": self.region(rng, country) if chance(rng, 0.8) else None,
                "town": self.words[language].title(rng, 1),
                "homepage": f"https://{slug_of(number)}.example/",
                "quality_assurance": self.quality(rng, pair) if chance(rng, 0.6) else None,
                "recognition_policy": self.policy(rng, pair) if chance(rng, 0.5) else None,
            }
        )

    def policy(self, rng: random.Random, pair: Pair) -> Document:
        text = bilingual(pair, lambda words: words.text(rng, 40), self.words)
        return {"text": text, "url": "https://policy.example/", "reviewed_on": self.day(rng, -600, -10)}

    def offer(self, number: int) -> Made:
        rng = self._rng("offer", number)
        age = rng.randint(0, 900 * 24 * 60)
        published = dt.datetime.combine(self.as_of, dt.time(), dt.UTC) - dt.timedelta(minutes=age)
        # Some providers have many offers, most have few.
        provider = min(int(self.providers * rng.random() ** 1.6), self.providers - 1)
        return Made(number, provider, f"B-{number:06d}", published, OfferMaker(self, rng).document())

    def _rng(self, kind: str, number: int) -> random.Random:
        return random.Random(f"{self.seed} {kind} {number}")

    # What offers and providers share --------------------------------------------------------------------------

    def day(self, rng: random.Random, low: int, high: int) -> str:
        return (self.as_of + dt.timedelta(days=rng.randint(low, high))).isoformat()

    def region(self, rng: random.Random, country: str) -> str | None:
        return self.regions[country].one(rng) if country in self.regions else None

    def quality(self, rng: random.Random, pair: Pair) -> Document:
        internal = {
            "scope": self.codes["qa-internal-scope"].one(rng),
            "text": bilingual(pair, lambda words: words.text(rng, 8), self.words),
        }
        external = {
            "framework": self.codes["qa-framework"].one(rng),
            "scope": "provider",
            "basis": rng.choice(("register", "stated")),
            "valid_until": self.day(rng, 30, 1500),
        }
        which = rng.random()
        return without_none(
            {
                "internal": [internal] if which < 0.7 else None,
                "external": [external] if which > 0.4 else None,
            }
        )
