"""A made-up catalogue of any size, the same on every run: Zipf-like words, two languages, every kind of facet.

`python -m tests.search.corpus 20000` measures indexing and searching with it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise

from search.document import FieldText, RunDocument, SearchDocument
from search.facets import Bucket, Facet
from search.query import SearchQuery, Selection

AS_OF = datetime(2027, 1, 15, 12, 0, tzinfo=UTC)

_SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "we",
    "xi",
    "zo",
    "bra",
    "cle",
    "dri",
    "flo",
    "gru",
    "pla",
    "ste",
    "tri",
    "sko",
]
_DOC_TERMS = {
    "eqf": [str(level) for level in range(1, 9)],
    "field": [f"{broad:02d}{narrow}" for broad in range(11) for narrow in range(5)],
    "provider": [f"provider-{number:03d}" for number in range(400)],
    **{f"doc{number:02d}": [f"c{code}" for code in range(4 + number)] for number in range(17)},
}
_RUN_TERMS = {
    "mode": ["online", "blended", "presential", "work-based"],
    "country": [f"c{number:02d}" for number in range(27)],
    "region": [f"r{number:03d}" for number in range(240)],
    **{f"run{number}": [f"c{code}" for code in range(3 + number)] for number in range(5)},
}


def _buckets(*edges: float) -> tuple[Bucket, ...]:
    bounds = [None, *edges, None]
    return tuple(Bucket(f"b{place}", low, high) for place, (low, high) in enumerate(pairwise(bounds)))


FACETS: tuple[Facet, ...] = (
    *(Facet(name, hierarchical=name == "field") for name in _DOC_TERMS),
    Facet("ects", "range", buckets=_buckets(1, 5, 15, 30), range_params=("ects_min", "ects_max")),
    Facet("hours", "range", buckets=_buckets(25, 100, 400), range_params=("hours_min", "hours_max")),
    *(Facet(name, per_run=True) for name in _RUN_TERMS),
    Facet("start", "month", per_run=True, range_params=("start_from", "start_to")),
    Facet("open", "open", per_run=True),
    Facet(
        "price",
        "range",
        per_run=True,
        buckets=_buckets(1, 100, 1000),
        range_params=("price_min", "price_max"),
    ),
    Facet(
        "weeks", "range", per_run=True, buckets=_buckets(2, 8, 26), range_params=("weeks_min", "weeks_max")
    ),
)


class Words:
    """A vocabulary whose n-th word is about n times rarer than its first."""

    def __init__(self, rng: random.Random, size: int) -> None:
        self.words = sorted({"".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(size)})
        rng.shuffle(self.words)
        self._weights = list(accumulate(1 / (rank + 2) for rank in range(len(self.words))))

    def text(self, rng: random.Random, count: int) -> str:
        return " ".join(rng.choices(self.words, cum_weights=self._weights, k=count))


class Corpus:
    """Documents and queries from one seed."""

    def __init__(self, seed: int = 1, vocabulary: int = 20_000) -> None:
        self._rng = random.Random(seed)
        self._words = {language: Words(self._rng, vocabulary) for language in ("en", "de")}

    def documents(self, count: int, first: int = 0) -> Iterator[SearchDocument]:
        for number in range(first, first + count):
            yield self.document(f"offer-{number:07d}")

    def document(self, document_id: str, version: int = 1) -> SearchDocument:
        rng = self._rng
        texts = [
            FieldText(field, language, self._words[language].text(rng, count))  # type: ignore[arg-type]
            for language in ("en", "de")
            for field, count in (("title", 6), ("outcomes", 34), ("body", 80))
        ]
        return SearchDocument(
            id=document_id,
            version=version,
            default_language=rng.choice(("en", "de")),
            published_at=AS_OF - timedelta(minutes=rng.randint(0, 500_000)),
            texts=tuple(texts),
            values={name: _some(rng, codes) for name, codes in _DOC_TERMS.items()},
            numbers={"ects": rng.randint(1, 60) / 2, "hours": rng.randint(5, 900)}
            if rng.random() < 0.9
            else {},
            concepts=tuple(f"esco:{rng.randint(0, 3000)}" for _ in range(4)),
            runs=tuple(_run(rng) for _ in range(rng.choice((1, 1, 2, 2, 3, 4)))),
        )

    def query(self) -> SearchQuery:
        """One to three words and three filters."""
        rng = self._rng
        filters = rng.sample(["eqf", "doc03", "doc10", "mode", "run1", "country", "field"], 3)
        pools = _DOC_TERMS | _RUN_TERMS
        selections = {
            name: Selection(frozenset(rng.sample(pools[name], len(pools[name]) // 2))) for name in filters
        }
        text = self._words["en"].text(rng, rng.randint(1, 3))
        return SearchQuery(text, ("en", "de"), selections, page_size=20)


def _some(rng: random.Random, codes: list[str]) -> tuple[str, ...]:
    return tuple(rng.sample(codes, rng.choice((0, 1, 1, 1, 2, 3))))


def _run(rng: random.Random) -> RunDocument:
    start = date(2026, 9, 1) + timedelta(days=rng.randint(0, 500)) if rng.random() < 0.85 else None
    closes = datetime.combine(start, datetime.min.time(), UTC) - timedelta(days=10) if start else None
    return RunDocument(
        values={name: _some(rng, codes)[:2] for name, codes in _RUN_TERMS.items()},
        numbers={"price": float(rng.choice((0, 0, 50, 250, 990, 2500))), "weeks": float(rng.randint(1, 40))},
        start=start,
        end=start + timedelta(days=60) if start and rng.random() < 0.7 else None,
        opens=closes - timedelta(days=90) if closes and rng.random() < 0.5 else None,
        closes=closes if rng.random() < 0.8 else None,
        rolling=rng.random() < 0.1,
    )
