"""Which titles have the words that are typed: as they stand, as beginnings, or as a search would understand them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from search.engines.columns.matches import Matches, best, every
from search.engines.columns.vocabulary import Shapes, most_frequent
from search.plan import All, Best, Phrase, Term
from search.ranking import TITLES
from search.understanding import understand

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.engines.columns.inverted import Rows
    from search.engines.columns.table import Table
    from search.engines.columns.values import Mask
    from search.plan import Family, Node
    from search.query import SearchQuery


# Behind the beginning of words: a sign that no word has.
_LONGER: Final = "*"


class TitleWords:
    """The words of all titles of a table, for one query.

    Implements `search.lexicon.Lexicon`, so that what no title has is understood as it is in a search.
    """

    def __init__(self, table: Table, among: Mask | None = None) -> None:
        """among: the titles to look at, None for all."""
        self._table = table
        self._titles = table.title_rows
        self._among = among
        self._known: dict[tuple[Family, str], Rows] = {}

    # Words as they are typed -----------------------------------------------------------------------------------

    def begun(self, words: Sequence[str]) -> Matches:
        """Titles in which each of the words begins a word."""
        found = every([self._begun(word) for word in words])
        if not len(found):
            return found
        ranges = self._titles.ranges(words[0])
        firsts, lasts = (np.array(edges) for edges in zip(*ranges, strict=True))
        parts, openings = self._titles.parts_of(found.rows), self._titles.openings.take(found.rows)
        opened = (openings >= firsts.take(parts)) & (openings < lasts.take(parts))
        more = opened.astype(np.float32) * np.float32(TITLES.opening)
        return Matches(found.rows, found.scores + more)

    def _begun(self, word: str) -> Matches:
        beginning = self._rows("exact", f"{word}{_LONGER}")
        whole = self._rows("exact", word) if len(beginning) else beginning
        return self._marked([(beginning, TITLES.beginning), (whole, TITLES.whole)])

    def _marked(self, groups: Sequence[tuple[Rows, float]]) -> Matches:
        """Titles in groups, each with the score of the last group it is in."""
        return (
            Matches.marked(groups, self._titles.size)
            if any(len(rows) for rows, _ in groups)
            else Matches.none()
        )

    # Words as they are understood ------------------------------------------------------------------------------

    def matching(self, query: SearchQuery) -> Matches:
        """Titles that a search for the words finds."""
        plan = understand(query.text, query.languages, lexicon=self, compounds=self._table.compounds).plan
        found = every([self._matches(node) for node in plan.required])
        for node in plan.optional:
            found = found.plus(self._matches(node))
        for node in plan.excluded:
            owners = self._titles.owners
            excluded = np.isin(owners.take(found.rows), owners.take(self._matches(node).rows))
            found = found.only(~excluded)
        return found

    def _matches(self, node: Node) -> Matches:
        """A phrase asks for its words: in so short a text as a title they stand near each other."""
        match node:
            case Term():
                return self._of_terms([node])
            case Phrase():
                forms = [self._of_terms([Term("exact", form)]) for form in node.forms]
                return every(forms).times(node.weight)
            case Best():
                terms = [inner for inner in node.nodes if isinstance(inner, Term)]
                others = [self._matches(inner) for inner in node.nodes if not isinstance(inner, Term)]
                return best([self._of_terms(terms), *others])
            case All():
                return every([self._matches(inner) for inner in node.nodes]).times(node.weight)

    def _of_terms(self, terms: Sequence[Term]) -> Matches:
        """What has any of some terms, each with the weight of the best."""
        by_weight = sorted(terms, key=lambda term: term.weight)
        return self._marked([(self._rows(term.family, term.text), term.weight) for term in by_weight])

    def _rows(self, family: Family, term: str) -> Rows:
        """The titles that have a term."""
        if (family, term) not in self._known:
            rows = self._find(family, term)
            self._known[family, term] = rows if self._among is None else rows[self._among.take(rows)]
        return self._known[family, term]

    def _find(self, family: Family, term: str) -> Rows:
        if family == "stem":
            return self._titles.having_stem(term)
        if term.endswith(_LONGER):
            return self._titles.rows_in(self._titles.ranges(term[: -len(_LONGER)]))
        return self._titles.having(term)

    # Lexicon ---------------------------------------------------------------------------------------------------

    def knows(self, family: Family, term: str) -> bool:
        """See `search.lexicon.Lexicon`; titles carry no concepts."""
        return family != "concept" and len(self._rows(family, term)) > 0

    def beginning(self, prefix: str, limit: int) -> list[str]:
        """See `search.lexicon.Lexicon`; all words that begin so are one term here."""
        longer = f"{prefix}{_LONGER}"
        return [longer] if limit and len(self._rows("exact", longer)) else []

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
        close = {form for part in self._titles.parts for form in part.words.near(word, edits)}
        distances = Shapes.distances(word, list(close), edits)
        least = min(distances.values(), default=0)
        return self._most_frequent((form for form, far in distances.items() if far == least), limit)

    def _most_frequent(self, forms: Iterable[str], limit: int) -> list[str]:
        return most_frequent(((form, len(self._rows("exact", form))) for form in forms), limit)
