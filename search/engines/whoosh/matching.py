"""Words: which documents they find, and how well.

Scores follow BM25F: what a term's occurrences in title, outcomes and body are worth is added up, in `records` when a
document is indexed, and saturates here, so that a word in a title counts more than many in a body. A word scores as
its best form; exact beats stem.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from search.document import FIELDS
from search.text.parsing import MAX_WORDS

if TYPE_CHECKING:
    from search.engines.whoosh.columns import Longs, Mask, Singles
    from search.engines.whoosh.postings import PostingsCache
    from search.engines.whoosh.segments import Family, OpenSegment
    from search.engines.whoosh.table import Table
    from search.text import ParsedQuery, Word

_STEM_WEIGHT: Final = 0.8
_PARTS_WEIGHT: Final = 0.9
_SATURATION: Final = 1.2

# A phrase's key is its document's number times this plus a position; no text has as many words.
_POSITIONS: Final = 1 << 32


@dataclass(frozen=True, slots=True)
class Match:
    """The documents a query's words find, deleted ones included, and their scores."""

    documents: Mask
    scores: Singles


class WordMatcher:
    """Matches words against one table."""

    def __init__(self, table: Table, cache: PostingsCache) -> None:
        self._table = table
        self._cache = cache

    def match(self, query: ParsedQuery) -> Match:
        """All words and phrases, none of what is excluded."""
        scores = np.zeros(self._table.size, np.float32)
        documents = np.ones(self._table.size, np.bool_)
        wanted = [*map(self._word, query.words), *map(self._phrase, query.phrases)]
        for found in wanted:
            documents &= found > 0
            scores += found
        for word in query.excluded:
            documents &= self._word(word) == 0
        for phrase in query.excluded_phrases:
            documents &= self._phrase(phrase) == 0
        return Match(documents, scores)

    def _word(self, word: Word) -> Singles:
        """Scores of all documents, 0 for those without the word."""
        best = self._term("exact", word.exact)
        for stem in word.stems:
            np.maximum(best, self._term("stem", stem) * _STEM_WEIGHT, out=best)
        if word.parts:
            np.maximum(best, self._phrase(word.parts) * _PARTS_WEIGHT, out=best)
        return best

    def _term(self, family: Family, term: str) -> Singles:
        frequencies = np.zeros(self._table.size, np.float32)
        for base, segment in zip(self._table.bases, self._table.segments, strict=True):
            postings = segment.weighted(self._cache, family, term)
            frequencies[postings.documents + base] = postings.weights
        return self._score(frequencies)

    def _phrase(self, phrase: tuple[str, ...]) -> Singles:
        if len(phrase) == 1:
            return self._term("exact", phrase[0])
        frequencies = np.zeros(self._table.size, np.float32)
        for base, segment in zip(self._table.bases, self._table.segments, strict=True):
            for name in FIELDS:
                documents, counts = self._phrase_counts(segment, name, phrase)
                frequencies[documents + base] += counts * segment.columns.arrays[f"{name}_worth"].take(
                    documents
                )
        return self._score(frequencies)

    def _phrase_counts(
        self, segment: OpenSegment, field: str, phrase: tuple[str, ...]
    ) -> tuple[Longs, Longs]:
        """Documents with the phrase in a field, and how often: its words' keys meet when set back by their place."""
        keys = self._keys(segment, field, phrase[0])
        for place, term in enumerate(phrase[1:], start=1):
            if not keys.size:
                break
            keys = np.intersect1d(keys, self._keys(segment, field, term) - place, assume_unique=True)
        return np.unique(keys // _POSITIONS, return_counts=True)

    def _keys(self, segment: OpenSegment, field: str, term: str) -> Longs:
        """Document and position of every occurrence in one number."""
        postings = segment.positions(self._cache, field, term)
        documents = np.repeat(postings.documents.astype(np.int64), postings.weights.astype(np.int64))
        # Moved up, so that setting them back by a phrase's length stays within the document.
        return documents * _POSITIONS + postings.positions() + MAX_WORDS

    def _score(self, frequencies: Singles) -> Singles:
        found = int(np.count_nonzero(frequencies))
        if not found:
            return frequencies
        rarity = math.log(1 + (self._table.size - found + 0.5) / (found + 0.5))
        return frequencies / (frequencies + _SATURATION) * np.float32(rarity)
