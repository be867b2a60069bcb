"""The titles of offers and their words, for what is suggested while somebody types.

A title is a row of its own, as an offer has one in each of its languages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import numpy as np

from search.engines.columns.inverted import InvertedIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from search.engines.columns.inverted import Bytes, Rows
    from search.engines.columns.records import Record
    from search.engines.columns.values import Ints, Mask


@dataclass(frozen=True)
class Titles:
    """The titles of neighbouring documents, a row for each, those of a document beside each other.

    languages: that of a row is `languages[language]`. owners: the number of its document. original: whether its
    language is the document's own. openings: the place of its first word in `words`. words: exact forms and other
    spellings. stems: as in `TextTerms`.
    """

    languages: tuple[str, ...]
    language: Bytes
    owners: Ints
    original: Mask
    openings: Ints
    words: InvertedIndex
    stems: InvertedIndex
    _shown: dict[str, Mask] = field(default_factory=dict, init=False)

    @classmethod
    def of(cls, records: Sequence[Record]) -> Titles:
        """From the stored records of a segment, in document order."""
        owned = [(number, title) for number, record in enumerate(records) for title in record["title_terms"]]
        rows = [title for _, title in owned]
        languages = tuple(sorted({language for language, *_ in rows}))
        words = InvertedIndex.of([[*forms, *others] for _, forms, others, _ in rows])
        openings = [words.place(forms[0].encode()) if forms else None for _, forms, _, _ in rows]
        return cls(
            languages,
            np.array([languages.index(language) for language, *_ in rows], np.uint8),
            np.array([number for number, _ in owned], np.int32),
            np.array([records[number]["language"] == language for number, (language, *_) in owned], np.bool_),
            np.array([-1 if place is None else place for place in openings], np.int32),
            words,
            InvertedIndex.of([stems for *_, stems in rows]),
        )

    @classmethod
    def join(cls, parts: Sequence[Titles], documents: Sequence[int]) -> Titles:
        """Those of neighbouring segments as one's. documents: the number of documents of each."""
        sizes = [len(part.owners) for part in parts]
        languages = tuple(sorted({language for part in parts for language in part.languages}))
        words = InvertedIndex.join([part.words for part in parts], sizes)
        places = {term: place for place, term in enumerate(words.terms())}
        bases = list(accumulate(documents, initial=0))[:-1]
        return cls(
            languages,
            np.concatenate([_renumbered(part.languages, languages)[part.language] for part in parts]),
            np.concatenate([part.owners + base for part, base in zip(parts, bases, strict=True)]).astype(
                np.int32
            ),
            np.concatenate([part.original for part in parts]),
            np.concatenate([_moved(part, places) for part in parts]),
            words,
            InvertedIndex.join([part.stems for part in parts], sizes),
        )

    def arrays(self) -> dict[str, Rows]:
        """Everything but the names of the languages, by name."""
        own = {name: getattr(self, name) for name in ("language", "owners", "original", "openings")}
        words = {f"words/{name}": array for name, array in self.words.arrays().items()}
        return own | words | {f"stems/{name}": array for name, array in self.stems.arrays().items()}

    @classmethod
    def load(cls, languages: Iterable[str], arrays: Mapping[str, Rows]) -> Titles:
        """The inverse of `arrays`. Raises KeyError where one is missing."""
        words, stems = (
            InvertedIndex(*(arrays[f"{kind}/{name}"] for name in ("text", "starts", "rows")))
            for kind in ("words", "stems")
        )
        return cls(
            tuple(languages),
            arrays["language"],
            arrays["owners"],
            arrays["original"],
            arrays["openings"],
            words,
            stems,
        )

    def shown(self, language: str) -> Mask:
        """The titles that a reader of a language sees: in it, else in English, else in the document's own language,
        else in the first by its code. One for each document that has any.
        """
        if language not in self._shown:
            self._shown[language] = self._make_shown(language)
        return self._shown[language]

    def _make_shown(self, language: str) -> Mask:
        if not len(self.owners):
            return np.zeros(0, np.bool_)
        ranks = np.where(self.original, 2, 3 + self.language.astype(np.int16))
        for rank, wanted in ((1, "en"), (0, language)):
            if wanted in self.languages:
                ranks[self.language == self.languages.index(wanted)] = rank
        starts = np.flatnonzero(np.diff(self.owners, prepend=-1))
        sizes = np.diff(starts, append=len(ranks))
        shown: Mask = ranks == np.repeat(np.minimum.reduceat(ranks, starts), sizes)
        return shown


NO_TITLES: Final = Titles.of([])


def _renumbered(before: Sequence[str], after: Sequence[str]) -> Bytes:
    """The new number of each language."""
    return np.array([after.index(language) for language in before], np.uint8)


def _moved(part: Titles, places: Mapping[str, int]) -> Ints:
    """The openings of a part by the places that words have among those of all."""
    known = np.array([places[term] for term in part.words.terms()], np.int32)
    found = part.openings.copy()
    found[found >= 0] = known[found[found >= 0]]
    return found


class TitleRows:
    """The titles of a whole table: those of one segment, or of several joined, after the other."""

    def __init__(self, parts: Sequence[tuple[Titles, int]]) -> None:
        """parts: titles, and the number that the first of their documents has in the table."""
        self.parts = tuple(part for part, _ in parts)
        sizes = [len(part.owners) for part in self.parts]
        self.bases: list[int] = [0, *accumulate(sizes)][:-1]
        self.size = sum(sizes)
        self._documents = [number for _, number in parts]
        self._shown: dict[str, Mask] = {}

    @cached_property
    def owners(self) -> Ints:
        """The document of each title, in ascending order."""
        owners = [part.owners + base for part, base in zip(self.parts, self._documents, strict=True)]
        return np.concatenate([np.empty(0, np.int32), *owners]).astype(np.int32)

    @cached_property
    def openings(self) -> Ints:
        """The place of each title's first word among the words of its part."""
        return np.concatenate([np.empty(0, np.int32), *(part.openings for part in self.parts)])

    def ranges(self, prefix: str) -> list[tuple[int, int]]:
        """For each part, where the words that begin so stand among its words."""
        wanted = prefix.encode()
        return [part.words.beginning(wanted) for part in self.parts]

    def rows_in(self, ranges: Sequence[tuple[int, int]]) -> Rows:
        """The titles that have any of the words in such ranges; one may stand there several times."""
        return self._joined(
            part.words.rows_of(first, last) for part, (first, last) in zip(self.parts, ranges, strict=True)
        )

    def having(self, word: str) -> Rows:
        """The titles that have a word."""
        wanted = word.encode()
        return self._joined(part.words.having(wanted) for part in self.parts)

    def having_stem(self, stem: str) -> Rows:
        """The titles that have a stem."""
        wanted = stem.encode()
        return self._joined(part.stems.having(wanted) for part in self.parts)

    def _joined(self, rows: Iterable[Rows]) -> Rows:
        """The rows of each part as rows of the table."""
        moved = [
            np.add(some, base, dtype=np.intp)
            for base, some in zip(self.bases, rows, strict=True)
            if len(some)
        ]
        return np.concatenate(moved) if moved else np.empty(0, np.intp)

    def parts_of(self, rows: Rows) -> Rows:
        """The number of the part that each of some titles is of."""
        return np.searchsorted(self.bases, rows, side="right") - 1

    def shown(self, language: str) -> Mask:
        """The titles that a reader of a language sees."""
        if language not in self._shown:
            shown = [part.shown(language) for part in self.parts]
            self._shown[language] = np.concatenate([np.empty(0, np.bool_), *shown])
        return self._shown[language]
