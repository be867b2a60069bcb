"""Searches as people make them: words by frequency, filters by how many offers have the value.

Three classes: `words + filters` (one to three words, three filters), `filters` (no words), `words` (no filters).
"Only micro-credentials" is in force in all of them, because it is on the page unless it is lifted.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from benchmarks.draws import Zipf, chance
from benchmarks.words import Words
from catalogue.i18n import INTERFACE_LANGUAGES
from catalogue.offers.facets import COUNTED, FACETS
from catalogue.search import read_query
from search.document import RunDocument, SearchDocument
from search.facets import NOT_STATED, Facet
from search.plan import Plan
from search.query import SearchQuery
from search.text import fold
from search.text.folding import normalise
from search.text.languages import stop_words
from search.text.variants import variants

WORDS_AND_FILTERS: Final = "words + filters"
FILTERS: Final = "filters"
WORDS: Final = "words"
KINDS: Final = (WORDS_AND_FILTERS, FILTERS, WORDS)
FILTERS_EACH: Final = 3
# The others join words and values that no offer need have together.
FINDABLE: Final = 2 / 3
_WORD: Final = re.compile(r"[^\W\d_]{2,}")

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One search: its class, the page's language, its arguments, and what page and engine read in them.

    plan: what the engine makes of its words, for peers that are asked for the same.
    """

    kind: str
    language: str
    args: tuple[tuple[str, str], ...]
    query: SearchQuery
    plan: Plan = field(default_factory=Plan)

    @property
    def page(self) -> str:
        return f"/{self.language}/search?{urlencode(self.args)}"

    @property
    def api(self) -> str:
        return f"/api/v1/offers?{urlencode((*self.args, ('lang', self.language)))}"

    def suggest(self, typed: int) -> str:
        """Suggestions for as many of the characters as are typed so far."""
        text = self.query.text[:typed]
        return f"/api/v1/suggest?{urlencode((('q', text), ('lang', self.language)))}"


class Asker:
    """Makes searches. `sample`: search documents, each as likely as any other, from which words and values come."""

    def __init__(self, words: Mapping[str, Words], sample: Sequence[SearchDocument], seed: int = 1) -> None:
        self.words, self.sample = words, sample
        self.rng = random.Random(f"queries {seed}")
        self.languages = Zipf(INTERFACE_LANGUAGES, shift=1)
        self.facets = [facet for facet in FACETS if facet.name in COUNTED and not facet.default]

    def many(self, counts: Mapping[str, int]) -> list[Asked]:
        return [self.one(kind) for kind, count in counts.items() for _ in range(count)]

    def one(self, kind: str) -> Asked:
        """Two of three searches look for something that is there: words and values of one offer."""
        wanted = self.rng.choice(self.sample) if chance(self.rng, FINDABLE) else None
        language, texts = self.texts(wanted)
        args: Pairs = [] if kind == FILTERS else [("q", " ".join(self.text(texts)))]
        args += [] if kind == WORDS else self.filters(wanted)
        query, problems = read_query(args, language)
        if problems:
            raise AssertionError(f"A made-up query is refused: {problems}")
        return Asked(kind, language, tuple(args), query)

    # Words ----------------------------------------------------------------------------------------------------

    def texts(self, wanted: SearchDocument | None) -> tuple[str, list[Zipf[str] | list[str]]]:
        """The page's language, and where words come from: in half of the searches from that language alone."""
        known = {text.language for text in wanted.texts} if wanted else set(INTERFACE_LANGUAGES)
        shown = sorted(known.intersection(INTERFACE_LANGUAGES))
        language = self.languages.one(self.rng) if wanted is None else self.rng.choice(shown)
        other = self.rng.choice(sorted(known - {language}) or [language])
        pool = (language,) if chance(self.rng, 0.5) else (language, other)
        return language, [self._words(code, wanted) for code in pool]

    def _words(self, language: str, wanted: SearchDocument | None) -> Zipf[str] | list[str]:
        """All words of a language by frequency, or those of one offer, which are as frequent as they are."""
        if wanted is None:
            return self.words[language].telling
        text = " ".join(text.text for text in wanted.texts if text.language == language)
        stops = stop_words(language) | stop_words("en")
        return [word for word in _WORD.findall(text.lower()) if fold(word) not in stops] or ["data"]

    def text(self, texts: Sequence[Zipf[str] | list[str]]) -> list[str]:
        """One to three words."""
        sources = [self.rng.choice(texts) for _ in range(self.rng.randint(1, 3))]
        return [
            source.one(self.rng) if isinstance(source, Zipf) else self.rng.choice(source)
            for source in sources
        ]

    # Filters --------------------------------------------------------------------------------------------------

    def filters(self, wanted: SearchDocument | None) -> Pairs:
        """Three facets, with values of one run of the wanted offer, or of any offers."""
        run = self.rng.choice(wanted.runs) if wanted else None
        known = [f for f in self.facets if wanted is None or run is None or self.has(f, wanted, run)]
        facets = self.rng.sample(known, FILTERS_EACH)
        return [pair for facet in facets for pair in self.selection(facet, wanted, run)]

    def has(self, facet: Facet, document: SearchDocument, run: RunDocument) -> bool:
        return facet.kind == "open" or bool(codes_of(facet, document, run))

    def selection(self, facet: Facet, wanted: SearchDocument | None, run: RunDocument | None) -> Pairs:
        """One to three values as often as offers have them, or a range where the facet takes one."""
        if facet.kind == "open":
            return [("open", self.rng.choice(("yes", "yes", "no")))]
        document = wanted or self.rng.choice(self.sample)
        run = run or self.rng.choice(document.runs)
        if any(facet.range_params) and chance(self.rng, 0.5):
            return _range(facet, document, run)
        codes = codes_of(facet, document, run) or [NOT_STATED]
        chosen = {self.rng.choice(codes), *self.others(facet)}
        return [(facet.name, code) for code in sorted(chosen)]

    def others(self, facet: Facet) -> set[str]:
        """In half of the selections one or two values more."""
        documents = self.rng.sample(self.sample, self.rng.choice((0, 0, 1, 2)))
        found = (codes_of(facet, document, self.rng.choice(document.runs)) for document in documents)
        return {self.rng.choice(codes) for codes in found if codes}


def _range(facet: Facet, document: SearchDocument, run: RunDocument) -> Pairs:
    """Around what an offer states."""
    if facet.kind == "month":
        start = run.start or dt.date(2027, 1, 1)
        bounds = [str(start + dt.timedelta(days=days)) for days in (-30, 60)]
    else:
        number = (run if facet.per_run else document).numbers.get(facet.name, 10)
        bounds = [f"{number / 2:g}", f"{number * 2:g}"]
    return [(name, bound) for name, bound in zip(facet.range_params, bounds, strict=True) if name]


def codes_of(facet: Facet, document: SearchDocument, run: RunDocument) -> Sequence[str]:
    """The codes that a document, or its run, has in a facet."""
    holder: SearchDocument | RunDocument = run if facet.per_run else document
    if facet.kind == "month":
        return [run.start.isoformat()[:7]] if run.start else []
    if facet.kind == "range":
        number = holder.numbers.get(facet.name)
        return [] if number is None else buckets_of(facet, number)
    return holder.values.get(facet.name, ())


def buckets_of(facet: Facet, number: float) -> list[str]:
    """low <= number < high, as `search.facets.Bucket` says."""
    return [
        bucket.code
        for bucket in facet.buckets
        if (bucket.low is None or bucket.low <= number) and (bucket.high is None or number < bucket.high)
    ]


class SameWords:
    """Which words the engine's exact form and FTS5's `unicode61` tokenizer understand alike.

    Both take marks off Latin letters. FTS5 does not know that ß is ss or ø is o, nor what to do with Greek accents,
    nor that ä may be written ae.
    """

    def __init__(self, words: Iterable[Words]) -> None:
        self._forms: defaultdict[str, set[str]] = defaultdict(set)
        self._variants: set[str] = set()
        for known in words:
            for word in known.words:
                self._forms[fold(word)].add(word)
                self._variants.update(variants(normalise(word), fold(word), known.language))

    def __call__(self, word: str) -> bool:
        folded = fold(word)
        forms = self._forms[folded]
        return bool(forms) and all(map(_is_plain, forms)) and folded not in self._variants

    def exact(self, asked: Asked) -> Asked | None:
        """The same search for exact words only (in quotation marks), where both understand it alike."""
        words = asked.query.text.split()
        if not all(map(self, words)):
            return None
        text = " ".join(f'"{word}"' for word in words)
        return replace(asked, query=replace(asked.query, text=text, meanings=()))


def _is_plain(word: str) -> bool:
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).isascii()
