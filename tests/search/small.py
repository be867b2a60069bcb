"""A small world for the engines' contract: few words, few codes, so that everything collides with everything."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

from search.document import FieldText, RunDocument, SearchDocument
from search.facets import Bucket, Facet
from search.query import SORTS, Number, SearchQuery, Selection

AS_OF = datetime(2027, 3, 10, 12, 0, tzinfo=UTC)

# Buckets may overlap, and leave gaps.
_PRICES = (Bucket("free", 0, 1), Bucket("low", 0, 100), Bucket("high", 100, None))

FACETS = (
    Facet("eqf"),
    Facet("field", hierarchical=True),
    Facet("ects", "range", buckets=(Bucket("s", None, 5), Bucket("m", 5, 10), Bucket("l", 12, None))),
    Facet("mode", per_run=True),
    Facet("country", per_run=True),
    Facet("start", "month", per_run=True),
    Facet("open", "open", per_run=True),
    Facet(
        "price",
        "range",
        per_run=True,
        buckets=(Bucket("free", 0, 1), Bucket("low", 0, 100), Bucket("high", 100, None)),
    ),
)

_WORDS = {
    "en": [
        "data",
        "course",
        "courses",
        "Wien",
        "C++",
        "micro-credential",
        "microcredential",
        "skills",
        "the",
        "of",
    ],
    "de": ["Kurs", "Kurse", "Daten", "data", "Wien", "Größe", "Micro-Credential", "die", "und", "Häuser"],
}
_QUERY_WORDS = [*_WORDS["en"], *_WORDS["de"], "grosse", "hauser", "nothing", "kursen", "e-learning"]
_CODES = {"eqf": "45678", "field": ["01", "02", "021", "022"], "mode": "obp", "country": ["AT", "DE", "FR"]}
_SELECTABLE = _CODES | {
    "ects": "sml",
    "price": ["free", "low", "high"],
    "open": ["yes", "no"],
    "start": ["2027-03", "2027-04"],
}
_NUMBERS = [0.0, 0.5, 4.0, 5.0, 9.99, 10.0, 11.0, 12.0, 100.0, 250.0]


class Small:
    """Documents and queries from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def document(self, document_id: str, version: int) -> SearchDocument:
        rng = self.rng
        languages = rng.choice((("en",), ("de",), ("en", "de")))
        texts = tuple(
            FieldText(field, language, " ".join(rng.choices(_WORDS[language], k=rng.randint(1, 5))))
            for language in languages
            for field in ("title", "outcomes", "body")
            if field == "title" or rng.random() < 0.6
        )
        return SearchDocument(
            document_id,
            version,
            languages[0],
            AS_OF - timedelta(days=rng.randint(0, 3)),
            texts,
            {name: self._codes(name) for name in ("eqf", "field")},
            self._numbers("ects", "hours"),
            runs=tuple(self._run() for _ in range(rng.randint(1, 3))),
        )

    def _codes(self, name: str) -> tuple[str, ...]:
        return tuple(self.rng.sample(list(_CODES[name]), self.rng.choice((0, 1, 1, 2))))

    def _numbers(self, *names: str) -> dict[str, float]:
        return {name: self.rng.choice(_NUMBERS) for name in names if self.rng.random() < 0.6}

    def _run(self) -> RunDocument:
        rng = self.rng
        start = (
            date(2027, 3, 10) + timedelta(days=rng.choice((-90, -30, 0, 1, 25, 60)))
            if rng.random() < 0.8
            else None
        )
        return RunDocument(
            {name: self._codes(name) for name in ("mode", "country")},
            self._numbers("price"),
            start,
            start + timedelta(days=rng.choice((0, 10, 40))) if start and rng.random() < 0.5 else None,
            self._moment(),
            self._moment(),
            rng.random() < 0.2,
        )

    def _moment(self) -> datetime | None:
        return (
            AS_OF + timedelta(hours=self.rng.choice((-72, -1, 0, 1, 72))) if self.rng.random() < 0.6 else None
        )

    def query(self) -> SearchQuery:
        rng = self.rng
        names = rng.sample([facet.name for facet in FACETS], rng.choice((0, 1, 2, 3)))
        return SearchQuery(
            self._text(),
            rng.choice((("en",), ("de",), ("en", "de"))),
            {name: self._selection(name) for name in names},
            rng.choice(("", *SORTS)),
            page_size=100,
        )

    def _text(self) -> str:
        rng = self.rng
        parts = rng.choices(_QUERY_WORDS, k=rng.choice((0, 0, 1, 1, 2)))
        if rng.random() < 0.2:
            parts.append(f'"{" ".join(rng.choices(_QUERY_WORDS, k=2))}"')
        if rng.random() < 0.15:
            parts.append("-" + rng.choice(_QUERY_WORDS))
        return " ".join(parts)

    def _selection(self, name: str) -> Selection:
        rng = self.rng
        codes = {
            "ects": "sml",
            "price": ["free", "low", "high"],
            "open": ["yes", "no"],
            "start": ["2027-03", "2027-04"],
        }
        pool = [*(codes.get(name) or _CODES[name]), "not-stated"]
        values = frozenset(rng.sample(pool, rng.choice((0, 1, 1, 2))))
        low, high = (
            self._range(name) if name in {"ects", "price", "start"} and rng.random() < 0.5 else (None, None)
        )
        return Selection(values, low, high)

    def _range(self, name: str) -> tuple[Number | None, Number | None]:
        rng = self.rng
        if name == "start":
            days = sorted(rng.sample(range(-90, 90, 5), 2))
            bounds: list[Number] = [date(2027, 3, 10) + timedelta(days=day) for day in days]
        else:
            bounds = sorted(rng.sample(_NUMBERS, 2))
        return rng.choice(((bounds[0], None), (None, bounds[1]), (bounds[0], bounds[1])))
