"""A snapshot's segments joined into one table, and what is derived from it, each part when it is first needed."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections import Counter
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

import numpy as np
import numpy.typing as npt

from search import ranking
from search.engines.cache import Cache
from search.engines.columns.codes import CodeColumn, CountCache, Places, WindowCodes, Windows, bucket_codes
from search.engines.columns.joining import join, join_codes, join_numbers, join_run_starts
from search.engines.columns.titles import TitleRows
from search.engines.columns.values import MONTH, NO_DATE, Floats, Ints, Longs, Mask
from search.engines.columns.vocabulary import most_frequent
from search.understanding import understand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from search.engines.columns.titles import Titles
    from search.engines.columns.values import Columns, Singles
    from search.facets import Facet
    from search.plan import Family
    from search.query import SearchQuery
    from search.text import Compounds
    from search.understanding import Understanding

Rows = Literal["doc", "run"]

_HOUR: Final = 3_600_000_000  # microseconds
_UNDERSTOOD: Final = 400  # queries

_MASK_BYTES: Final = 16 * 1024 * 1024
_KNOWN_TERMS: Final = 50_000


def rows_of(facet: Facet) -> Rows:
    """Months and windows are always a run's; anything else is declared."""
    return "run" if facet.per_run or facet.kind in {"month", "open"} else "doc"


class Segment(Protocol):
    """A segment's values, and the number of each of its documents by id."""

    @property
    def columns(self) -> Columns: ...

    @property
    def numbers(self) -> dict[str, int]: ...

    def title_keys(self, language: str) -> list[str]:
        """Sort keys of the titles that a reader of a language sees."""


class Table(ABC):
    """All documents of a snapshot by number, the deleted ones too; `living` tells them apart.

    Implements `search.lexicon.Lexicon`.
    """

    compounds: Compounds

    def __init__(self, segments: Sequence[Segment], living: Sequence[Mask]) -> None:
        self.segments = segments
        self._understood: Cache[Understanding] = Cache(_UNDERSTOOD, lambda _: 1)
        self.columns: list[Columns] = [segment.columns for segment in self.segments]
        sizes = [len(columns.ids) for columns in self.columns]
        self.size = sum(sizes)
        self.bases: list[int] = np.cumsum([0, *sizes])[:-1].tolist()
        self.living: Mask = join(living, np.bool_)
        self._codes: dict[str, CodeColumn] = {}
        self._live: tuple[int, Mask] = (-1, np.empty(0, np.bool_))
        self._merit: tuple[int, Singles] = (-1, np.empty(0, np.float32))
        self._title_ranks: dict[str, Ints] = {}
        self._lock = threading.Lock()
        self._numbers: dict[tuple[str, Rows], Floats] = {}
        self._known: dict[tuple[Family, str], bool] = {}
        self.counted = CountCache()
        self.masks: Cache[Mask] = Cache(_MASK_BYTES, lambda mask: mask.nbytes)

    def numbers_of(self, ids: Iterable[str]) -> list[int]:
        """The numbers that documents with these ids have, deleted versions included."""
        wanted = list(ids)
        return [
            base + segment.numbers[document_id]
            for base, segment in zip(self.bases, self.segments, strict=True)
            for document_id in wanted
            if document_id in segment.numbers
        ]

    def array(self, name: str, dtype: Any) -> npt.NDArray[Any]:
        return join([columns.arrays[name] for columns in self.columns], dtype)

    @cached_property
    def ids(self) -> list[str]:
        return [document_id for columns in self.columns for document_id in columns.ids]

    @cached_property
    def title_rows(self) -> TitleRows:
        """The titles of all documents."""
        return TitleRows(self.title_parts())

    def title_parts(self) -> list[tuple[Titles, int]]:
        """The titles of each segment, and the number of its first document."""
        return [(columns.title_terms, base) for columns, base in zip(self.columns, self.bases, strict=True)]

    def titles(self, number: int) -> tuple[dict[str, str], str]:
        """A document's titles by language, and its own language."""
        segment = bisect_right(self.bases, number) - 1
        columns, place = self.columns[segment], number - self.bases[segment]
        return columns.titles[place], columns.languages[place]

    @cached_property
    def versions(self) -> Longs:
        return self.array("version", np.int64)

    @cached_property
    def published(self) -> Longs:
        return self.array("published", np.int64)

    @cached_property
    def run_starts(self) -> Ints:
        """Where each document's runs begin, with the number of all runs at the end."""
        return join_run_starts(self.columns)

    @cached_property
    def owners(self) -> Places:
        """The document of each run."""
        return np.repeat(np.arange(self.size), np.diff(self.run_starts))

    @cached_property
    def start(self) -> Ints:
        return self.array("start", np.int32)

    @cached_property
    def last_day(self) -> Ints:
        """The end of each run, or else its start."""
        end = self.array("end", np.int32)
        return np.where(end == NO_DATE, self.start, end)

    @cached_property
    def windows(self) -> Windows:
        """What the `open` facet needs to know of each run."""
        return Windows(
            self.start,
            self.array("opens", np.int64),
            self.array("closes", np.int64),
            self.array("rolling", np.bool_),
            self.owners,
        )

    @cached_property
    def window_codes(self) -> WindowCodes:
        """The codes of an `open` facet, by moment."""
        return WindowCodes(self.windows, self.size)

    def live(self, day: int) -> Mask:
        """The runs that count on a day: those that are over only while their document has no other.

        Kept for the last day asked for, which is nearly always today.
        """
        known_day, live = self._live
        if known_day != day:
            current = (self.last_day == NO_DATE) | (self.last_day >= day)
            live = current | ~self.any_run(current).take(self.owners)
            self._live = (day, live)
        return live

    def merit(self, day: int, now: int) -> Singles:
        """What raises each document's score whatever the query: see `search.ranking`. Kept for an hour."""
        hour = now // _HOUR
        known_hour, merit = self._merit
        if known_hour != hour:
            age = np.maximum(now - self.array("changed", np.int64), 0) / (24 * _HOUR)
            freshness = np.exp2(-age / ranking.FRESH_DAYS)
            merit = (
                1
                + self._state_worth(day, now)
                + ranking.COMPLETENESS * self.array("completeness", np.float32)
                + ranking.FRESHNESS * freshness
            ).astype(np.float32)
            self._merit = (hour, merit)
        return merit

    def _state_worth(self, day: int, now: int) -> Floats:
        """The best state of application among the live runs of each document."""
        if not self.size:
            return np.empty(0)
        worth = self.windows.worths(day, now)
        worth[(self.last_day != NO_DATE) & (self.last_day < day)] = ranking.STATE["past"]
        return np.maximum.reduceat(np.where(self.live(day), worth, 0.0), self.run_starts[:-1])

    @abstractmethod
    def find_term(self, family: Family, term: str) -> bool:
        """Whether any living document has a term."""

    def knows(self, family: Family, term: str) -> bool:
        """See `search.lexicon.Lexicon`. What is known must not depend on how many deleted documents are still there:
        a word that no text has any longer is to be corrected.
        """
        known = self._known.get((family, term))
        if known is None:
            if len(self._known) >= _KNOWN_TERMS:
                self._known.clear()
            known = self._known[family, term] = self.find_term(family, term)
        return known

    def understand(self, query: SearchQuery) -> Understanding:
        """What a query asks for, given the words here. Filters change nothing in it, so it is kept for the next."""
        key = (query.text, query.languages, query.meanings)
        return self._understood.get(
            key,
            lambda: understand(
                query.text, query.languages, query.meanings, lexicon=self, compounds=self.compounds
            ),
        )

    def beginning(self, prefix: str, limit: int) -> list[str]:
        """See `search.lexicon.Lexicon`."""
        counts: Counter[str] = Counter()
        for columns in self.columns:
            counts.update(columns.vocabulary.beginning(prefix))
        return self._most_frequent(counts, limit)

    def ending(self, suffix: str, limit: int) -> list[str]:
        """See `search.lexicon.Lexicon`."""
        counts: Counter[str] = Counter()
        for columns in self.columns:
            counts.update(columns.vocabulary.ending(suffix))
        return self._most_frequent(counts, limit)

    def near(self, word: str, edits: int, limit: int) -> list[str]:
        """See `search.lexicon.Lexicon`."""
        for most in range(1, edits + 1):
            counts: Counter[str] = Counter()
            for columns in self.columns:
                for form, (distance, count) in columns.vocabulary.near(word, most).items():
                    if distance:
                        counts[form] += count
            if nearest := self._most_frequent(counts, limit):
                return nearest
        return []

    def _most_frequent(self, counts: Mapping[str, int], limit: int) -> list[str]:
        """Those of some forms that most documents have; the counts do not know what is deleted."""
        forms = most_frequent(counts.items(), len(counts))
        return list(islice((form for form in forms if self._none_dead or self.knows("exact", form)), limit))

    @cached_property
    def _none_dead(self) -> bool:
        return bool(self.living.all())

    def any_run(self, rows: Mask) -> Mask:
        """The documents with at least one of these runs."""
        found = np.zeros(self.size, np.bool_)
        found[self.owners.compress(rows)] = True
        return found

    def numbers(self, name: str, kind: Rows) -> Floats:
        """A number for each row, NaN where it is not stated."""
        if (name, kind) not in self._numbers:
            self._numbers[name, kind] = join_numbers(self.columns, name, kind)
        return self._numbers[name, kind]

    def codes(self, facet: Facet) -> CodeColumn:
        """The codes of a facet of kind terms, month or range."""
        with self._lock:
            if facet.name not in self._codes:
                self._codes[facet.name] = self._make_codes(facet)
            return self._codes[facet.name]

    def _make_codes(self, facet: Facet) -> CodeColumn:
        if facet.kind == "range":
            rows = rows_of(facet)
            owners = self.owners if rows == "run" else np.arange(self.size)
            return bucket_codes(self.numbers(facet.name, rows), facet.buckets, owners, self.size)
        name = MONTH if facet.kind == "month" else facet.name
        return CodeColumn.of(join_codes(self.columns, name, rows_of(facet)))

    @cached_property
    def id_rank(self) -> Ints:
        """Each document's place by id, which breaks every tie."""
        order = sorted(range(self.size), key=self.ids.__getitem__)
        return _inverse(np.array(order, np.int32))

    def title_rank(self, language: str) -> Ints:
        """Each document's place by the title that a reader of a language sees; equal titles share a place."""
        with self._lock:
            if language not in self._title_ranks:
                keys = [key for segment in self.segments for key in segment.title_keys(language)]
                places = {key: place for place, key in enumerate(sorted(set(keys)))}
                self._title_ranks[language] = np.fromiter((places[key] for key in keys), np.int32, len(keys))
            return self._title_ranks[language]


def _inverse(order: Ints) -> Ints:
    ranks = np.empty(len(order), np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return ranks
