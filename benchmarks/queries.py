"""Searches as people make them: words by frequency, filters by how many offers have the value.

Three classes: `words + filters` (one to three words, three filters), `filters` (no words), `words` (no filters).
"Only micro-credentials" is in force in all of them, because it is on the page unless it is lifted.
"""

from __future__ import annotations

import datetime as dt
import random
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from benchmarks.draws import Zipf, chance
from benchmarks.words import Words
from catalogue.i18n import INTERFACE_LANGUAGES
from catalogue.offers.facets import COUNTED, FACETS
from catalogue.web.search_page import read_query
from search.document import RunDocument, SearchDocument
from search.facets import NOT_STATED, Facet
from search.query import SearchQuery
from search.text.folding import fold

WORDS_AND_FILTERS: Final = "words + filters"
FILTERS: Final = "filters"
WORDS: Final = "words"
KINDS: Final = (WORDS_AND_FILTERS, FILTERS, WORDS)
FILTERS_EACH: Final = 3

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One search: its class, the page's language, its arguments, and what page and engine read in them."""

    kind: str
    language: str
    args: tuple[tuple[str, str], ...]
    query: SearchQuery

    @property
    def page(self) -> str:
        return f"/{self.language}/search?{urlencode(self.args)}"

    @property
    def api(self) -> str:
        return f"/api/v1/offers?{urlencode((*self.args, ('lang', self.language)))}"


class Asker:
    """Makes searches. `sample`: search documents, each as likely as any other, from which values are taken."""

    def __init__(self, words: Mapping[str, Words], sample: Sequence[SearchDocument], seed: int = 1) -> None:
        self.words, self.sample = words, sample
        self.rng = random.Random(f"queries {seed}")
        self.languages = Zipf(INTERFACE_LANGUAGES, shift=1)
        self.facets = [facet for facet in FACETS if facet.name in COUNTED and not facet.default]

    def many(self, counts: Mapping[str, int]) -> list[Asked]:
        return [self.one(kind) for kind, count in counts.items() for _ in range(count)]

    def one(self, kind: str) -> Asked:
        language = self.languages.one(self.rng)
        args: Pairs = [] if kind == FILTERS else [("q", " ".join(self.text(language)))]
        args += [] if kind == WORDS else self.filters()
        query, problems = read_query(args, language)
        if problems:
            raise AssertionError(f"A made-up query is refused: {problems}")
        return Asked(kind, language, tuple(args), query)

    def text(self, language: str) -> list[str]:
        """One to three words; in half of the searches all in the page's language, else each in either of two."""
        other = "en" if language != "en" else "de"
        pool = (language,) if chance(self.rng, 0.5) else (language, other)
        count = self.rng.randint(1, 3)
        return [self.words[self.rng.choice(pool)].telling.one(self.rng) for _ in range(count)]

    def filters(self) -> Pairs:
        facets = self.rng.sample(self.facets, FILTERS_EACH)
        return [pair for facet in facets for pair in self.selection(facet)]

    def selection(self, facet: Facet) -> Pairs:
        """One to three values, or a range where the facet takes one."""
        if any(facet.range_params) and chance(self.rng, 0.5):
            return self.range(facet)
        count = self.rng.choice((1, 1, 1, 2, 2, 3))
        return [(facet.name, code) for code in sorted({self.code(facet) for _ in range(count)})]

    def code(self, facet: Facet) -> str:
        """A value as often as offers have it."""
        if facet.kind == "open":
            return self.rng.choice(("yes", "yes", "no"))
        codes = codes_of(facet, self.rng.choice(self.sample), self.rng)
        if codes:
            return self.rng.choice(codes)
        return NOT_STATED if chance(self.rng, 0.2) else self.code(facet)

    def range(self, facet: Facet) -> Pairs:
        """Around what some offer states."""
        document = self.rng.choice(self.sample)
        run = self.rng.choice(document.runs)
        if facet.kind == "month":
            bounds = [str((run.start or dt.date(2027, 1, 1)) + dt.timedelta(days=days)) for days in (-30, 60)]
        else:
            number = (run if facet.per_run else document).numbers.get(facet.name, 10)
            bounds = [f"{number / 2:g}", f"{number * 2:g}"]
        return [(name, bound) for name, bound in zip(facet.range_params, bounds, strict=True) if name]


def codes_of(facet: Facet, document: SearchDocument, rng: random.Random) -> list[str]:
    """The codes that a document, or one of its runs, has in a facet."""
    run = rng.choice(document.runs)
    holder: SearchDocument | RunDocument = run if facet.per_run else document
    if facet.kind == "month":
        return [run.start.isoformat()[:7]] if run.start else []
    if facet.kind == "range":
        number = holder.numbers.get(facet.name)
        return [] if number is None else buckets_of(facet, number)
    return list(holder.values.get(facet.name, ()))


def buckets_of(facet: Facet, number: float) -> list[str]:
    """low <= number < high, as `search.facets.Bucket` says."""
    return [
        bucket.code
        for bucket in facet.buckets
        if (bucket.low is None or bucket.low <= number) and (bucket.high is None or number < bucket.high)
    ]


class SameWords:
    """Which words the engine's exact form and FTS5's `unicode61` tokenizer understand alike.

    Both take marks off Latin letters. FTS5 does not know that ß is ss or ø is o, nor what to do with Greek accents.
    """

    def __init__(self, words: Iterable[Words]) -> None:
        self._forms: defaultdict[str, set[str]] = defaultdict(set)
        for known in words:
            for word in known.words:
                self._forms[fold(word)].add(word)

    def __call__(self, word: str) -> bool:
        forms = self._forms[fold(word)]
        return bool(forms) and all(map(_is_plain, forms))

    def exact(self, asked: Asked) -> Asked | None:
        """The same search for exact words only (in quotation marks), where both understand it alike."""
        words = asked.query.text.split()
        if not all(map(self, words)):
            return None
        text = " ".join(f'"{word}"' for word in words)
        return replace(asked, query=replace(asked.query, text=text))


def _is_plain(word: str) -> bool:
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).isascii()
