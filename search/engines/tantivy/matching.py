"""Plans as queries of Tantivy, and its hits as rows.

A term is looked for in the fields of its family, which add up by their worth; the best of several nodes counts.
Terms of a title and of outcomes count by being there, for reasons that `Matcher._term` says.
"""

from __future__ import annotations

from math import log, sqrt
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import numpy as np
from tantivy import Occur, Query

from search.engine import IndexUnavailableError
from search.engines.cache import Cache
from search.engines.columns.scope import Found
from search.engines.tantivy.schema import CONCEPT, NUMBER, as_word, fields_of
from search.engines.uncollected import uncollected
from search.plan import All, Best, Phrase, Term
from search.ranking import CONCEPT_WORTH, FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tantivy import Schema, Searcher

    from search.engines.columns.values import Mask
    from search.plan import Family, Node, Plan

_CACHE_BYTES: Final = 64 * 1024 * 1024

# In long texts it counts that a word is there, and a little how often and among how many others.
_LONG: Final = frozenset({"body_exact", "body_stem"})
_PRESENCE: Final = 0.9
_OFTEN: Final = 0.15

_PANIC: Final = "PanicException"


class Matcher:
    """Evaluates plans against one state of Tantivy. Filters, pages and counts ask the same words again and again."""

    def __init__(self, searcher: Searcher, schema: Schema, living: Mask) -> None:
        self._searcher = searcher
        self._schema = schema
        self._living = living
        self._found: Cache[Found] = Cache(_CACHE_BYTES, lambda found: found.size)

    def match(self, plan: Plan) -> Found | None:
        """Living documents with all that is required and none of what is excluded; what is optional adds to scores.

        None for a plan that finds everything. Raises IndexUnavailableError.
        """
        if not plan.required and not plan.excluded:
            return None
        return self._found.get(plan, lambda: self._search(plan))

    def frequency(self, family: Family, term: str) -> int:
        """The number of documents with a term in the field where most have it, some of the deleted included."""
        word = _as_indexed(family, term)
        return max(self._searcher.doc_freq(field, word) for field in fields_of(family))

    def _search(self, plan: Plan) -> Found:
        try:
            with uncollected():
                return self._all_hits(self._query(plan))
        except (ValueError, OSError) as error:
            raise IndexUnavailableError(f"Tantivy cannot read its index: {error}") from error
        except BaseException as error:
            # Tantivy panics where it did not expect what it reads; the class has no name to import.
            if type(error).__name__ == _PANIC:
                raise IndexUnavailableError(f"Tantivy cannot read its index: {error}") from error
            raise

    def _all_hits(self, query: Query) -> Found:
        hits = self._searcher.search(query, max(self._searcher.num_docs, 1), count=False).hits
        addresses = [address for _, address in hits]
        rows = np.array(self._searcher.fast_field_values(NUMBER, addresses), np.int64)
        scores = np.fromiter(map(itemgetter(0), hits), np.float32, len(hits))
        # Beyond the last row is what a writer has not finished, or never will.
        size = len(self._living)
        inside = rows < size
        by_row = np.zeros(size, np.float32)
        by_row[rows[inside]] = scores[inside]
        found = np.zeros(size, np.bool_)
        found[rows[inside]] = True
        numbers = np.flatnonzero(found & self._living)
        return Found(numbers, by_row.take(numbers))

    def _query(self, plan: Plan) -> Query:
        clauses = [(Occur.Must, self._node(node, 1.0)) for node in plan.required]
        if not clauses:
            clauses.append((Occur.Must, Query.const_score_query(Query.all_query(), 0.0)))
        clauses += [(Occur.Should, self._node(node, 1.0)) for node in plan.optional]
        clauses += [(Occur.MustNot, self._node(node, 1.0)) for node in plan.excluded]
        return clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses)

    def _node(self, node: Node, weight: float) -> Query:
        """A node whose scores count `weight` times."""
        match node:
            case Term(family="concept"):
                return self._concept(node.text, weight * node.weight)
            case Term():
                return self._term(node.family, node.text, weight * node.weight)
            case Phrase():
                return _any(self._phrase(node.forms, weight * node.weight))
            case Best():
                return Query.disjunction_max_query([self._node(inner, weight) for inner in node.nodes])
            case All():
                weight *= node.weight
                return Query.boolean_query([(Occur.Must, self._node(inner, weight)) for inner in node.nodes])

    def _concept(self, concept: str, weight: float) -> Query:
        """Carrying a concept is a matter of yes or no: how many others a document carries does not count."""
        rarity = self._rarity(self._searcher.doc_freq(CONCEPT, concept))
        query = Query.term_query(self._schema, CONCEPT, concept, "basic")
        return Query.const_score_query(query, weight * sqrt(CONCEPT_WORTH) * rarity)

    def _term(self, family: Family, term: str, weight: float) -> Query:
        """A term in the fields that have it, each worth the same whatever else stands there.

        Tantivy would count the length of all texts of a field together, so that each translation of an offer took
        from its worth, and rarity in each field by itself.
        """
        word = _as_indexed(family, term)
        fields = [
            (field, worth, frequency)
            for field, worth in zip(fields_of(family), _worths(), strict=True)
            if (frequency := self._searcher.doc_freq(field, word))
        ]
        if not fields:
            return Query.term_query(self._schema, fields_of(family)[0], word, "freq")
        rarity = self._rarity(max(frequency for _, _, frequency in fields))
        return _any(
            query
            for field, worth, _ in fields
            for query in self._in_field(field, word, weight * worth, rarity)
        )

    def _in_field(self, field: str, word: str, weight: float, rarity: float) -> Iterator[Query]:
        query = Query.term_query(self._schema, field, word, "freq")
        is_long = field in _LONG
        yield Query.const_score_query(query, weight * rarity * (_PRESENCE if is_long else 1.0))
        if is_long:
            yield Query.boost_query(query, weight * _OFTEN)

    def _rarity(self, frequency: int) -> float:
        return log(1 + (self._searcher.num_docs - frequency + 0.5) / (frequency + 0.5))

    def _phrase(self, forms: tuple[str, ...], weight: float) -> Iterator[Query]:
        if len(forms) == 1:
            yield self._term("exact", forms[0], weight)
            return
        for field, worth in zip(fields_of("exact"), _worths(), strict=True):
            query = Query.phrase_query(self._schema, field, list(forms))
            yield Query.boost_query(query, weight * worth)


def _any(queries: Iterable[Query]) -> Query:
    """Any of some queries, their scores added up."""
    every = list(queries)
    return every[0] if len(every) == 1 else Query.boolean_query([(Occur.Should, query) for query in every])


def _as_indexed(family: Family, term: str) -> str:
    return term if family == CONCEPT else as_word(term)


def _worths() -> tuple[float, ...]:
    """What a term is worth in each field."""
    # Each field counts by itself and they add up: roots keep one title from outweighing all the rest.
    return tuple(sqrt(rule.worth) for rule in FIELDS.values())
