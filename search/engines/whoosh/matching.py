"""Plans: which documents they find, and how well.

Scores follow BM25F: what a term's occurrences in title, outcomes and body are worth is added up, in `records` when a
document is indexed, and saturates here, so that a word in a title counts more than many in a body.
"""

from __future__ import annotations

import math
from functools import reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from search.document import FIELDS
from search.engines.columns.scope import Found
from search.plan import All, Best, Phrase, Term
from search.ranking import SATURATION
from search.text.parsing import MAX_WORDS

if TYPE_CHECKING:
    from search.engines.columns.values import Longs, Singles
    from search.engines.whoosh.postings import PostingsCache
    from search.engines.whoosh.segments import OpenSegment
    from search.engines.whoosh.snapshot import WhooshTable
    from search.plan import Family, Node, Plan

# A phrase's key is its document's number times this plus a position; no text has as many words.
_POSITIONS: Final = 1 << 32

# The number of documents from which on neighbours of a word no longer raise a score.
_COMMON: Final = 200


class Matcher:
    """Evaluates plans against one table."""

    def __init__(self, table: WhooshTable, cache: PostingsCache) -> None:
        self._table = table
        self._cache = cache
        self._known: dict[Node, Singles] = {}

    def match(self, plan: Plan) -> Found | None:
        """All that is required, none of what is excluded; what is optional adds to the scores.

        Deleted documents are found too. None for a plan that finds everything.
        """
        if not plan.required and not plan.excluded:
            return None
        return self._table.found.get(plan, lambda: self._find(plan))

    def _find(self, plan: Plan) -> Found:
        scores = np.zeros(self._table.size, np.float32)
        documents = np.ones(self._table.size, np.bool_)
        for node in plan.required:
            found = self._scores(node)
            documents &= found > 0
            scores += found
            if not documents.any():
                return Found(np.empty(0, np.intp), np.empty(0, np.float32))
        for node in plan.optional:
            if not (isinstance(node, Phrase) and self._is_common(node)):
                scores += self._scores(node)
        for node in plan.excluded:
            documents &= self._scores(node) == 0
        numbers = np.flatnonzero(documents)
        return Found(numbers, scores.take(numbers))

    def _is_common(self, phrase: Phrase) -> bool:
        """Whether a phrase has a word so frequent that reading all its places takes longer than it is worth."""
        return any(self._frequency(form) > _COMMON for form in phrase.forms)

    def _frequency(self, form: str) -> int:
        segments = self._table.opened
        return sum(len(segment.weighted(self._cache, "exact", form).documents) for segment in segments)

    def _scores(self, node: Node) -> Singles:
        """Scores of all documents, 0 for those that do not match. A plan may have a node in several places."""
        if node not in self._known:
            self._known[node] = self._work_out(node)
        return self._known[node]

    def _work_out(self, node: Node) -> Singles:
        match node:
            case Term():
                return self._term(node.family, node.text) * np.float32(node.weight)
            case Phrase():
                return self._phrase(node.forms) * np.float32(node.weight)
            case Best():
                return reduce(np.maximum, map(self._scores, node.nodes))
            case All():
                parts = [self._scores(inner) for inner in node.nodes]
                every = reduce(np.logical_and, parts)
                return np.where(every, sum(parts), 0).astype(np.float32) * np.float32(node.weight)

    def _term(self, family: Family, term: str) -> Singles:
        frequencies = np.zeros(self._table.size, np.float32)
        for base, segment in zip(self._table.bases, self._table.opened, strict=True):
            postings = segment.weighted(self._cache, family, term)
            frequencies[postings.documents + base] = postings.weights
        return self._score(frequencies)

    def _phrase(self, phrase: tuple[str, ...]) -> Singles:
        if len(phrase) == 1:
            return self._term("exact", phrase[0])
        frequencies = np.zeros(self._table.size, np.float32)
        for base, segment in zip(self._table.bases, self._table.opened, strict=True):
            for name in FIELDS:
                documents, counts = self._phrase_counts(segment, name, phrase)
                worths = segment.columns.arrays[f"{name}_worth"].take(documents)
                frequencies[documents + base] += counts * worths
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
        return np.unique(documents * _POSITIONS + postings.positions() + MAX_WORDS)

    def _score(self, frequencies: Singles) -> Singles:
        found = int(np.count_nonzero(frequencies))
        if not found:
            return frequencies
        rarity = math.log(1 + (self._table.size - found + 0.5) / (found + 0.5))
        return frequencies / (frequencies + np.float32(SATURATION)) * np.float32(rarity)
