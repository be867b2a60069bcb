"""One made-up offer, element by element. Shares of what is stated are guesses at what providers state."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from benchmarks.draws import chance
from benchmarks.shape import Document, bilingual, second_language, slug_of, without_none

if TYPE_CHECKING:
    from benchmarks.corpus import Corpus

SCHEMES: Final = ("Learning voucher", "Skills account", "Regional training fund", "Sector fund")
CURRENCIES: Final = ("EUR", "EUR", "EUR", "EUR", "EUR", "PLN", "SEK")
CREDITS: Final = (0.5, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 7.5, 10, 12, 15, 20, 30)


@dataclass(frozen=True, slots=True)
class Lengths:
    """Words of an offer in each of its two languages: of the title, of each of some outcomes, and so on."""

    title: int = 6
    outcome: int = 8
    outcomes: int = 4
    summary: int = 16
    description: int = 66

    @property
    def words(self) -> int:
        """Together; the names of what an offer leads to, what it asks for and who assures its quality come on top."""
        return self.title + self.outcomes * self.outcome + self.summary + self.description


SHORT: Final = Lengths()  # 120 words
LONG: Final = Lengths(outcome=10, outcomes=6, summary=35, description=200)  # 301 words


class OfferMaker:
    """Makes the document of one offer; all chance comes from `rng`."""

    def __init__(self, corpus: Corpus, rng: random.Random) -> None:
        self.corpus, self.rng = corpus, rng
        self.codes, self.lengths = corpus.codes, corpus.lengths
        self.language = corpus.languages.one(rng)
        self.pair = (self.language, second_language(rng, self.language))

    def document(self) -> Document:
        rng = self.rng
        validation = chance(rng, 0.03)
        return without_none(
            {
                "default_language": self.language,
                "leads_to": self.pick({"micro-credential": 80, "other-certificate": 8, None: 12}),
                "title": self.title(),
                **self.texts(),
                **self.facts(),
                **self.relations(),
                **self.teaching(),
                "route": "validation" if validation else self.pick({"course": 80, "both": 5, None: 12}),
                "runs": None if validation else [self.run() for _ in range(rng.choice((1, 1, 2, 2, 3)))],
                "price": self.price(),
                "funding": [self.funding()] if chance(rng, 0.3) else None,
            }
        )

    # Texts ----------------------------------------------------------------------------------------------------

    def text(self, count: int) -> Document:
        return bilingual(self.pair, lambda words: words.text(self.rng, count), self.corpus.words)

    def title(self) -> Document:
        return bilingual(
            self.pair, lambda words: words.title(self.rng, self.lengths.title), self.corpus.words
        )

    def texts(self) -> Document:
        return {
            "summary": self.text(self.lengths.summary),
            "description": self.text(self.lengths.description),
            "learning_outcomes": [self.outcome() for _ in range(self.lengths.outcomes)],
        }

    def outcome(self) -> Document:
        return without_none(
            {
                "text": self.text(self.lengths.outcome),
                "type": self.maybe("outcome-type", 0.8),
                "skills": self.corpus.skills.some(self.rng, 2) if chance(self.rng, 0.6) else None,
            }
        )

    # Facts ----------------------------------------------------------------------------------------------------

    def facts(self) -> Document:
        rng = self.rng
        return {
            "workload": self.workload(),
            "level": self.level(),
            "assessment": {"types": self.codes["assessment"].some(rng, 3)} if chance(rng, 0.85) else None,
            "supervision": self.maybe("supervision", 0.7),
            "quality_assurance": self.corpus.quality(rng, self.pair) if chance(rng, 0.5) else None,
            "entry_requirements": self.entry() if chance(rng, 0.6) else None,
            "subjects": self.corpus.subjects.some(rng, 2) if chance(rng, 0.95) else None,
            "sectors": self.sectors() if chance(rng, 0.8) else None,
            "target_groups": self.codes["target-group"].some(rng, 3) if chance(rng, 0.4) else None,
            "access_needs": self.codes["access-need"].some(rng, 3) if chance(rng, 0.35) else None,
            "green": self.pick({True: 15, False: 15, None: 70}),
            "digital": self.pick({True: 30, False: 15, None: 55}),
            "designed_with": [{"kind": self.codes["designed-with"].one(rng)}] if chance(rng, 0.3) else None,
        }

    def workload(self) -> Document | None:
        ects = self.rng.choice(CREDITS)
        stated = without_none(
            {
                "ects": ects if chance(self.rng, 0.65) else None,
                "hours": round(ects * 25 + self.rng.randint(0, 20)) if chance(self.rng, 0.7) else None,
            }
        )
        return stated or None

    def level(self) -> Document | None:
        if not chance(self.rng, 0.85):
            return None
        eqf = self.corpus.levels.one(self.rng)
        cycles = {5: "short", 6: "first", 7: "second", 8: "third"}
        return without_none(
            {
                "eqf": eqf,
                "basis": self.pick({"nqf": 50, "stated": 35, None: 15}),
                "cycle": cycles.get(eqf) if chance(self.rng, 0.5) else None,
            }
        )

    def entry(self) -> Document:
        return without_none(
            {
                "text": self.text(5),
                "no_prior_qualification": self.pick({True: 30, False: 20, None: 50}),
                "minimum_eqf": self.rng.randint(2, 6) if chance(self.rng, 0.3) else None,
            }
        )

    def sectors(self) -> list[Document]:
        return [{"code": code, "revision": "2.1"} for code in self.codes["nace"].some(self.rng, 2)]

    # Relations ------------------------------------------------------------------------------------------------

    def relations(self) -> Document:
        return {
            "awarding_bodies": [{"organisation": self.organisation(), "status": "confirmed"}],
            "stackability": self.stackability() if chance(self.rng, 0.5) else None,
            "recognition": [self.recognition() for _ in range(self.rng.choice((0, 0, 1, 1, 2)))] or None,
            "credential": {"formats": self.codes["credential-format"].some(self.rng, 2)},
        }

    def organisation(self) -> str:
        return slug_of(self.rng.randrange(self.corpus.providers))

    def stackability(self) -> Document:
        if chance(self.rng, 0.4):
            return {"kind": "stand-alone"}
        target = {"title": self.title(), "organisation": self.organisation(), "stated_by": "provider"}
        return {"kind": "stackable", "towards": [target]}

    def recognition(self) -> Document:
        return {
            "organisation": self.organisation(),
            "purpose": self.codes["recognition-purpose"].one(self.rng),
            "status": self.pick({"stated": 50, "claimed": 45, "withdrawn": 5}),
        }

    # Teaching and runs ----------------------------------------------------------------------------------------

    def teaching(self) -> Document:
        return {
            "participation": self.codes["participation"].some(self.rng, 2)
            if chance(self.rng, 0.95)
            else None,
            "languages": self.taught_in() if chance(self.rng, 0.95) else None,
            "schedule": self.maybe("schedule", 0.75),
            "setting": self.pick({"formal": 60, "non-formal": 30, None: 10}),
            "duration": f"P{self.rng.randint(1, 30)}W" if chance(self.rng, 0.7) else None,
        }

    def taught_in(self) -> list[str]:
        return list(dict.fromkeys([self.language, *(["en"] if chance(self.rng, 0.15) else [])]))

    def run(self) -> Document:
        rng = self.rng
        online = chance(rng, 0.45)
        place = {"online": True} if online else self.place()
        return without_none(
            {
                **(self.dates() if chance(rng, 0.9) else {"rolling": True}),
                **place,
                "participation": self.codes["participation"].some(rng, 1) if chance(rng, 0.2) else None,
                "schedule": self.maybe("schedule", 0.1),
                "languages": [self.corpus.languages.one(rng)] if chance(rng, 0.1) else None,
                "price": self.price() if chance(rng, 0.1) else None,
                "seats": rng.randint(8, 200) if chance(rng, 0.4) else None,
            }
        )

    def dates(self) -> Document:
        rng = self.rng
        start = self.corpus.as_of + dt.timedelta(days=rng.randint(-90, 420))
        closes = start - dt.timedelta(days=rng.randint(1, 40))
        opens = closes - dt.timedelta(days=rng.randint(20, 120))
        return without_none(
            {
                "start": start.isoformat(),
                "end": (start + dt.timedelta(days=rng.randint(1, 200))).isoformat()
                if chance(rng, 0.8)
                else None,
                "application_opens": f"{opens}T00:00:00+00:00" if chance(rng, 0.5) else None,
                "application_deadline": f"{closes}T23:59:00+00:00" if chance(rng, 0.8) else None,
            }
        )

    def place(self) -> Document:
        country = self.corpus.countries.one(self.rng)
        region = self.corpus.region(self.rng, country) if chance(self.rng, 0.7) else None
        return without_none({"country": country, "region": region})

    def price(self) -> Document | None:
        kind = self.rng.random()
        if kind < 0.15:
            return None
        if kind < 0.4:
            return {"free": True}
        amount = round(self.rng.lognormvariate(5.8, 0.9), -1)
        return {"amount": int(max(amount, 10)), "currency": self.rng.choice(CURRENCIES)}

    def funding(self) -> Document:
        kind = self.codes["funding"].one(self.rng)
        return {"kind": kind, "scheme": self.rng.choice(SCHEMES), "basis": "stated"}

    # Draws ----------------------------------------------------------------------------------------------------

    def maybe(self, name: str, share: float) -> str | None:
        return self.codes[name].one(self.rng) if chance(self.rng, share) else None

    def pick(self, weights: dict[Any, int]) -> Any:
        return self.rng.choices(list(weights), list(weights.values()))[0]
