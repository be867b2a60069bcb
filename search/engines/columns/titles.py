"""The words of titles, for what is suggested while somebody types: which titles have a word that begins so.

A title is a row of its own, as an offer has one in each of its languages. Words are few beside the titles that have
them, and those that begin alike stand together, so that a beginning costs two looks and one stretch of rows.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from search.engines.columns.vocabulary import Shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from search.engines.columns.records import Record
    from search.engines.columns.values import Ints, Mask

Rows = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]

_BREAK: Final = 10  # a line break: no term has one
_SMALL: Final = 1 << 16  # rows; their numbers fit two bytes


class Terms:
    """Distinct terms in the order of their letters; the rows of term t are `rows[starts[t]:starts[t + 1]]`."""

    def __init__(self, text: Bytes, starts: Ints, rows: Rows) -> None:
        """text: every term in UTF-8, a line break behind each."""
        self.starts, self.rows = starts, rows
        self._text = text.tobytes()
        bounds = np.concatenate(([0], np.flatnonzero(text == _BREAK) + 1)).astype(np.int32)
        # Python reads single numbers of a view three times as fast as those of an array.
        self._bounds = bounds.data

    @classmethod
    def of(cls, terms_of_rows: Sequence[Iterable[str]]) -> Terms:
        """From the terms of each row."""
        distinct = [dict.fromkeys(terms) for terms in terms_of_rows]
        counts = np.fromiter(map(len, distinct), np.int64, len(distinct))
        flat = list(chain.from_iterable(distinct))
        return cls._numbered(flat, np.repeat(np.arange(len(distinct)), counts), len(distinct))

    @classmethod
    def join(cls, parts: Sequence[Terms], sizes: Sequence[int]) -> Terms:
        """Those of several tables as one's. sizes: the number of rows of each."""
        flat = [
            term
            for part in parts
            for term, count in zip(part.terms(), np.diff(part.starts).tolist(), strict=True)
            for _ in range(count)
        ]
        bases = accumulate(sizes, initial=0)
        rows = [part.rows.astype(np.int64) + base for part, base in zip(parts, bases, strict=False)]
        return cls._numbered(flat, np.concatenate(rows), sum(sizes))

    @classmethod
    def _numbered(cls, flat: list[str], rows: Rows, size: int) -> Terms:
        """From pairs of a term and a row, the rows of a term in ascending order. size: rows there are."""
        terms = sorted(set(flat))
        places = {term: place for place, term in enumerate(terms)}
        numbers = np.fromiter((places[term] for term in flat), np.int64, len(flat))
        starts = np.concatenate(([0], np.cumsum(np.bincount(numbers, minlength=len(terms))))).astype(np.int32)
        dtype = np.uint16 if size <= _SMALL else np.int32
        text = np.frombuffer("".join(f"{term}\n" for term in terms).encode(), np.uint8)
        return cls(text, starts, rows[np.argsort(numbers, kind="stable")].astype(dtype))

    def arrays(self) -> dict[str, Rows]:
        """What `Terms` is made of."""
        return {"text": np.frombuffer(self._text, np.uint8), "starts": self.starts, "rows": self.rows}

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def terms(self) -> list[str]:
        return self._text.decode().split("\n")[:-1]

    def term(self, place: int) -> str:
        return self._bytes(place).decode()

    def _bytes(self, place: int) -> bytes:
        return self._text[self._bounds[place] : self._bounds[place + 1] - 1]

    def beginning(self, prefix: str) -> tuple[int, int]:
        """The first term that begins with a prefix, and the first behind all of these."""
        wanted = prefix.encode()
        first = bisect_left(range(len(self)), wanted, key=self._bytes)
        if first == len(self) or not self._bytes(first).startswith(wanted):
            return first, first
        # No byte of UTF-8 is 255.
        return first, bisect_left(range(len(self)), wanted + b"\xff", lo=first, key=self._bytes)

    def place(self, term: str) -> int | None:
        """The place of a term, None where no row has it."""
        wanted = term.encode()
        place = bisect_left(range(len(self)), wanted, key=self._bytes)
        return place if place < len(self) and self._bytes(place) == wanted else None

    def rows_of(self, first: int, last: int) -> Rows:
        """The rows of neighbouring terms; a row may stand there several times."""
        return self.rows[self.starts[first] : self.starts[last]]

    def count(self, place: int) -> int:
        """The number of rows that have a term."""
        return int(self.starts[place + 1] - self.starts[place])

    def leading(self, first: int, last: int, limit: int) -> dict[str, int]:
        """Of neighbouring terms those that most rows have, with the number of these."""
        counts = np.diff(self.starts[first : last + 1])
        chosen = np.argsort(-counts, kind="stable")[:limit].tolist()
        return {self.term(first + place): int(counts[place]) for place in chosen}

    def ending(self, suffix: str) -> list[str]:
        """Longer terms that end with a suffix."""
        wanted, found = suffix.encode() + b"\n", []
        place = self._text.find(wanted)
        while place >= 0:
            start = self._text.rfind(b"\n", 0, place) + 1
            if start < place:
                found.append(self._text[start : place + len(wanted) - 1].decode())
            place = self._text.find(wanted, place + 1)
        return found

    def near(self, word: str, edits: int) -> dict[str, int]:
        """Terms of letters alone within some edits of a word, with their distances."""
        close = (self.term(place) for place in self._shapes.close(word, edits).tolist())
        return Shapes.distances(word, [term for term in close if term.isalpha()], edits)

    @cached_property
    def _shapes(self) -> Shapes:
        return Shapes.of(self._text.decode())


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of one segment's documents, a row for each, those of a document beside each other.

    languages: that of a row is `languages[language]`. owners: the number of its document. original: whether its
    language is the document's own. openings: the place of its first word in `words`. words: exact forms and other
    spellings. stems: as in `TextTerms`.
    """

    languages: tuple[str, ...]
    language: Bytes
    owners: Ints
    original: Mask
    openings: Ints
    words: Terms
    stems: Terms

    @classmethod
    def of(cls, records: Sequence[Record]) -> Titles:
        """From the stored records of a segment, in document order."""
        owned = [(number, title) for number, record in enumerate(records) for title in record["title_terms"]]
        rows = [title for _, title in owned]
        languages = tuple(sorted({language for language, *_ in rows}))
        words = Terms.of([[*forms, *others] for _, forms, others, _ in rows])
        openings = [words.place(forms[0]) if forms else None for _, forms, _, _ in rows]
        return cls(
            languages,
            np.array([languages.index(language) for language, *_ in rows], np.uint8),
            np.array([number for number, _ in owned], np.int32),
            np.array([records[number]["language"] == language for number, (language, *_) in owned], np.bool_),
            np.array([-1 if place is None else place for place in openings], np.int32),
            words,
            Terms.of([stems for *_, stems in rows]),
        )

    @classmethod
    def join(cls, parts: Sequence[Titles], documents: Sequence[int]) -> Titles:
        """Those of neighbouring segments as one's. documents: the number of documents of each."""
        sizes = [len(part.owners) for part in parts]
        languages = tuple(sorted({language for part in parts for language in part.languages}))
        words = Terms.join([part.words for part in parts], sizes)
        bases = list(accumulate(documents, initial=0))[:-1]
        return cls(
            languages,
            np.concatenate([_renumbered(part.languages, languages)[part.language] for part in parts]),
            np.concatenate([part.owners + base for part, base in zip(parts, bases, strict=True)]).astype(
                np.int32
            ),
            np.concatenate([part.original for part in parts]),
            np.concatenate([_moved(part, words) for part in parts]),
            words,
            Terms.join([part.stems for part in parts], sizes),
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
            Terms(*(arrays[f"{kind}/{name}"] for name in ("text", "starts", "rows")))
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


class TitleRows:
    """The titles of a whole table: those of one segment after the other."""

    def __init__(self, parts: Sequence[Titles], documents: Sequence[int]) -> None:
        """documents: the number that the first document of each segment has in the table."""
        self.parts = tuple(parts)
        bases = [0, *accumulate(len(part.owners) for part in parts)]
        self.bases, self.size = bases[:-1], bases[-1]
        self._documents = tuple(documents)
        self._shown: dict[str, Mask] = {}

    @cached_property
    def owners(self) -> Ints:
        """The document of each title, in ascending order."""
        owners = [part.owners + base for part, base in zip(self.parts, self._documents, strict=True)]
        return np.concatenate([np.empty(0, np.int32), *owners]).astype(np.int32)

    def shown(self, language: str) -> Mask:
        """The titles that a reader of a language sees."""
        if language not in self._shown:
            self._shown[language] = np.concatenate(
                [np.empty(0, np.bool_), *(part.shown(language) for part in self.parts)]
            )
        return self._shown[language]


def _renumbered(before: Sequence[str], after: Sequence[str]) -> Bytes:
    """The new number of each language."""
    return np.array([after.index(language) for language in before], np.uint8)


def _moved(part: Titles, words: Terms) -> Ints:
    """The openings of a part as places in the words of all."""
    known = np.array([words.place(term) for term in part.words.terms()], np.int32)
    found = part.openings.copy()
    found[found >= 0] = known[found[found >= 0]]
    return found
