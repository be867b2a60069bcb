"""What is suggested by titles while somebody types; the same for every engine.

A look at the whole text of offers would cost as much as a search for every key that is pressed. Titles are short, so
that their words are in memory and even the beginning of most of them is answered at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from search.engines.columns.ordering import Ordering
from search.engines.columns.records import moment
from search.engines.columns.scope import Found, Scope
from search.engines.columns.selecting import Selected
from search.engines.columns.title_words import TitleWords
from search.results import Titled
from search.text import analyse
from search.text.parsing import MAX_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from search.engines.columns.matches import Matches
    from search.engines.columns.table import Table
    from search.facets import Facet
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
    is_short = max(map(len, words), default=0) <= _SHORT
    titles = TitleWords(table, table.title_rows.shown((*query.languages, "en")[0]) if is_short else None)

    def chosen(matches: Matches) -> list[int]:
        return _best(table, _documents(table, matches), facets, query, as_of)

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


def _documents(table: Table, matches: Matches) -> Found:
    """The documents of titles, each with the score of the best of its titles."""
    owners = table.title_rows.owners.take(matches.rows)
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    scores = np.maximum.reduceat(matches.scores, starts) if len(starts) else matches.scores
    return Found(owners.take(starts).astype(np.intp), scores)


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
