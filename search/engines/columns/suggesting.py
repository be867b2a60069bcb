"""What is suggested by titles while somebody types; the same for every engine.

A look at the whole text of offers would cost as much as a search for every key that is pressed. Titles are short, so
that their words are in memory and even the beginning of most of them is answered at once.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from search.engines.columns.ordering import Ordering
from search.engines.columns.records import moment
from search.engines.columns.scope import Found, Scope
from search.engines.columns.selecting import Selected
from search.engines.columns.vocabulary import most_frequent
from search.plan import All, Best, Phrase, Term
from search.ranking import TITLES
from search.results import Titled
from search.text import analyse
from search.text.parsing import MAX_WORDS
from search.understanding import understand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from search.engines.columns.table import Table
    from search.engines.columns.titles import Rows, Titles
    from search.engines.columns.values import Singles
    from search.facets import Facet
    from search.plan import Family, Node
    from search.query import SearchQuery

# What is excluded or in quotes is left to the search, as is what the words mean.
_OPERATORS: Final = re.compile(r"(?:(?<=\s)|^)[-−–]\S|[\"“”„«»]")
# So short a word is some word or other in any language: the title that is shown has to show it.
_SHORT: Final = 2


def suggest(
    table: Table, query: SearchQuery, *, facets: Sequence[Facet], as_of: datetime, enough: int
) -> list[Titled]:
    """See `search.engine.Engine`."""
    words = _typed(query.text)
    titles = _TitleWords(table)

    def chosen(scores: Singles) -> list[int]:
        if max(map(len, words), default=0) <= _SHORT:
            scores[~table.title_rows.shown((*query.languages, "en")[0])] = 0
        return _best(table, _documents(table, scores), facets, query, as_of)

    numbers = [] if _OPERATORS.search(query.text) else chosen(titles.begun(words))
    if len(numbers) < enough:
        others = chosen(titles.matching(query))
        numbers = [*numbers, *(number for number in others if number not in numbers)][: query.page_size]
    versions = table.versions.take(numbers).tolist()
    return [
        Titled(table.ids[number], version, *table.titles(number))
        for number, version in zip(numbers, versions, strict=True)
    ]


def _typed(text: str) -> list[str]:
    """The words that are typed; of a hyphenated one its parts."""
    tokens = (token.exact for token in analyse(text, None) if not token.joined)
    return list(dict.fromkeys(tokens))[:MAX_WORDS]


def _documents(table: Table, scores: Singles) -> Found:
    """The documents of the titles that have a score, each with the best of its titles."""
    rows = np.flatnonzero(scores)
    owners = table.title_rows.owners.take(rows)
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    best = np.maximum.reduceat(scores.take(rows), starts) if len(rows) else np.empty(0, np.float32)
    return Found(owners.take(starts).astype(np.intp), best)


def _best(
    table: Table, found: Found, facets: Sequence[Facet], query: SearchQuery, as_of: datetime
) -> list[int]:
    """The numbers of the documents on the query's page."""
    if not len(found.numbers):
        return []
    scope = Scope(table, found)
    if scope.scores is not None:
        scope.scores = scope.scores * scope.take(table.merit(as_of.date().toordinal(), moment(as_of)), "doc")
    selected = Selected(scope, facets, query, as_of)
    page = Ordering(scope, facets, query, as_of).page(selected)
    numbers: list[int] = scope.numbers_of(page).tolist()
    return numbers


class _TitleWords:
    """The words of all titles of a table, and how well titles match what is asked for: a score each, 0 for none.

    Implements `search.lexicon.Lexicon`, so that what no title has is understood as it is in a search.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._titles = table.title_rows
        self._known: dict[tuple[Family, str], list[tuple[int, Rows]]] = {}

    def _nothing(self) -> Singles:
        return np.zeros(self._titles.size, np.float32)

    def _views(self, scores: Singles) -> Iterator[tuple[Titles, Singles]]:
        """The titles of each segment, and their part of the scores."""
        for base, part in zip(self._titles.bases, self._titles.parts, strict=True):
            yield part, scores[base : base + len(part.owners)]

    # What is typed ---------------------------------------------------------------------------------------------

    def begun(self, words: Sequence[str]) -> Singles:
        """Titles in which each of the words begins a word."""
        every = [self._begun(word) for word in words]
        if not every or not all(found.any() for found in every):
            return self._nothing()
        scores = _together(every)
        for part, view in self._views(scores):
            first, last = part.words.beginning(words[0])
            if first < last:
                opened = (part.openings >= first) & (part.openings < last) & (view > 0)
                view[opened] += TITLES.opening
        return scores

    def _begun(self, word: str) -> Singles:
        scores = self._nothing()
        for part, view in self._views(scores):
            first, last = part.words.beginning(word)
            if first < last:
                view[part.words.rows_of(first, last)] = TITLES.beginning
                if part.words.term(first) == word:
                    view[part.words.rows_of(first, first + 1)] = TITLES.whole
        return scores

    def matching(self, query: SearchQuery) -> Singles:
        """Titles that a search for the words finds."""
        plan = understand(query.text, query.languages, lexicon=self, compounds=self._table.compounds).plan
        if not plan.required:
            return self._nothing()
        scores = _together([self._scores(node) for node in plan.required])
        found = scores > 0
        for node in plan.optional:
            scores += self._scores(node) * found
        for node in plan.excluded:
            excluded = np.isin(self._titles.owners, self._titles.owners[self._scores(node) > 0])
            scores[excluded] = 0
        return scores

    def _scores(self, node: Node) -> Singles:
        """A phrase asks for its words: in so short a text as a title they stand near each other."""
        match node:
            case Term():
                return self._marked([node])
            case Phrase():
                return self._scores(All(tuple(Term("exact", form) for form in node.forms), node.weight))
            case Best():
                terms = [inner for inner in node.nodes if isinstance(inner, Term)]
                others = (self._scores(inner) for inner in node.nodes if not isinstance(inner, Term))
                return reduce(np.maximum, others, self._marked(terms))
            case All():
                return _together([self._scores(inner) for inner in node.nodes]) * np.float32(node.weight)

    def _marked(self, terms: Sequence[Term]) -> Singles:
        """What has any of some terms, each with the weight of the best."""
        scores = self._nothing()
        for term in sorted(terms, key=lambda term: term.weight):
            for base, rows in self._rows(term.family, term.text):
                scores[base:][rows] = term.weight
        return scores

    def _rows(self, family: Family, term: str) -> list[tuple[int, Rows]]:
        """The rows that have a term, by segment: the number of its first row, and rows counted from there."""
        if (family, term) not in self._known:
            self._known[family, term] = list(self._find(family, term))
        return self._known[family, term]

    def _find(self, family: Family, term: str) -> Iterator[tuple[int, Rows]]:
        if family == "concept":
            return
        for base, part in zip(self._titles.bases, self._titles.parts, strict=True):
            terms = part.words if family == "exact" else part.stems
            place = terms.place(term)
            if place is not None:
                yield base, terms.rows_of(place, place + 1)

    # Lexicon ---------------------------------------------------------------------------------------------------

    def knows(self, family: Family, term: str) -> bool:
        """See `search.lexicon.Lexicon`; titles carry no concepts."""
        return bool(self._rows(family, term))

    def beginning(self, prefix: str, limit: int) -> list[str]:
        """See `search.lexicon.Lexicon`; only the commonest of a segment are looked at."""
        counts: Counter[str] = Counter()
        for part in self._titles.parts:
            counts.update(part.words.leading(*part.words.beginning(prefix), limit + 1))
        counts.pop(prefix, None)
        return most_frequent(counts.items(), limit)

    def ending(self, suffix: str, limit: int) -> list[str]:
        """See `search.lexicon.Lexicon`."""
        forms = {form for part in self._titles.parts for form in part.words.ending(suffix)}
        return self._most_frequent(forms, limit)

    def near(self, word: str, edits: int, limit: int) -> list[str]:
        """See `search.lexicon.Lexicon`; nothing is similar to what stands in some text or is the beginning of it."""
        if self._table.knows("exact", word):
            return []
        if any(columns.vocabulary.begins(word) for columns in self._table.columns):
            return []
        for most in range(1, edits + 1):
            near = {form for part in self._titles.parts for form in part.words.near(word, most)}
            if near:
                return self._most_frequent(near, limit)
        return []

    def _most_frequent(self, forms: Iterable[str], limit: int) -> list[str]:
        counts = ((form, sum(len(rows) for _, rows in self._rows("exact", form))) for form in forms)
        return most_frequent(counts, limit)


def _together(every: Sequence[Singles]) -> Singles:
    """The sum where there is something of each."""
    found = reduce(np.logical_and, (scores > 0 for scores in every))
    return reduce(np.add, every) * found
