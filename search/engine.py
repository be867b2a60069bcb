"""What every engine promises. One contract suite, `tests/search/test_contract.py`, runs on all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from search.document import SearchDocument
from search.lexicon import Lexicon
from search.query import SearchQuery
from search.results import Results, Titled
from search.text import NO_COMPOUNDS, Compounds
from search.understanding import Understanding


class IndexUnavailableError(Exception):
    """There is no index yet, or it cannot be read; the cure is a rebuild."""


class SearchTooLongError(Exception):
    """The query asks for more than an engine may do in one request."""


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """State of an index: engine name, number of documents, size in bytes, name of the generation.

    dead: rows of documents that were replaced or deleted and stay until a rebuild; 0 where the engine merges them
    away.
    """

    engine: str
    documents: int
    size: int
    generation: str
    dead: int = 0


class Rebuild(Protocol):
    """An index being built beside the one in use."""

    def add(self, documents: Iterable[SearchDocument]) -> None:
        """Add documents; ids must not repeat within one rebuild."""

    def versions(self) -> Mapping[str, int]:
        """Id to version of what was built and committed so far."""

    def swap(self) -> None:
        """Make this index the one in use and remove the old one when nobody reads it any more."""


class Engine(Protocol):
    """A search engine. Any number of processes read; at most one writes (the caller holds the lease)."""

    name: str

    def search(
        self,
        query: SearchQuery,
        *,
        as_of: datetime,
        hidden: Collection[str] = (),
        facets: Collection[str] | None = None,
    ) -> Results:
        """Answer a query against the newest committed state.

        hidden: ids that must not be found nor counted anywhere. as_of: the moment by which application
        windows are judged. facets: names to count, None for all.
        Raises IndexUnavailableError when there is no readable index.
        """

    def suggest(self, query: SearchQuery, *, as_of: datetime, enough: int) -> list[Titled]:
        """Documents, as many as the query's page may have, with a title that shows what somebody has typed so far.

        First those with a title in which a word begins with each word of the query; then, unless these are enough,
        those with a title that a search for the words would find: in another form, or a similar word. What the query
        selects holds here too. The title that the reader of `query.languages[0]` sees has to show so few letters as
        are a word in any language. Raises IndexUnavailableError when there is no readable index.
        """

    def understand(self, query: SearchQuery) -> Understanding:
        """What a query asks for, given the words that the index has. Raises IndexUnavailableError."""

    def lexicon(self) -> Lexicon:
        """The words and concepts of the newest committed state. Raises IndexUnavailableError."""

    def write(self, documents: Iterable[SearchDocument], deleted: Iterable[str] = ()) -> None:
        """Replace the documents with the same ids and delete others, in one durable commit.

        Where an id occurs twice in `documents`, the higher version wins; a document never replaces a newer one.
        """

    def rebuild(self, compounds: Compounds = NO_COMPOUNDS) -> AbstractContextManager[Rebuild]:
        """Start building beside; leaving the block without `swap` throws the new index away.

        compounds: the words that compounds are split by, kept with the index.
        """

    def versions(self) -> Mapping[str, int]:
        """Id to version of every document in the index."""

    def status(self) -> IndexStatus:
        """Raises IndexUnavailableError when there is no readable index."""


Progress = Callable[[int], None]
