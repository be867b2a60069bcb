"""The seed's offers among thousands of others, in an index of either engine.

The others come from the benchmark's corpus. They carry no concepts: one that did would be a right answer that nobody
has judged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from benchmarks.corpus import Corpus
from benchmarks.words import all_words
from catalogue.changes import indexer
from catalogue.offers import queries
from catalogue.offers.document import search_document
from catalogue.offers.facets import FACETS
from catalogue.offers.queries import PublishedOffer, Stored
from catalogue.offers.schema import content_of
from catalogue.portal import Portal
from catalogue.providers.queries import Provider
from catalogue.providers.schema import organisation_of
from catalogue.search import languages_of, with_meanings
from search.document import SearchDocument
from search.engine import Engine, IndexUnavailableError
from search.engines.tantivy import TantivyEngine
from search.engines.whoosh import WhooshEngine
from search.query import SearchQuery
from search.results import Results
from tests.relevance.measures import DEPTH
from tests.seeded import NOW, make_portal

ENGINES: Final[dict[str, Callable[[Path], Engine]]] = {
    "tantivy": lambda path: TantivyEngine(path, FACETS),
    "whoosh": lambda path: WhooshEngine(path, FACETS),
}
_EVERYTHING: Final = SearchQuery(page_size=1)


class World:
    """A seeded portal and one index per engine. `directory` keeps both, so that a second run starts at once."""

    def __init__(self, directory: Path, others: int) -> None:
        self.directory, self.others = directory, others

    @cached_property
    def portal(self) -> Portal:
        return make_portal(self.directory / "portal")

    @cached_property
    def keys(self) -> dict[str, str]:
        """`provider/reference` by id."""
        with self.portal.database.read() as session:
            return {
                offer.id: f"{offer.provider.slug}/{offer.reference}"
                for offer in queries.all_published(session)
            }

    def engine(self, name: str) -> Engine:
        """The engine with all documents, built if it is not there."""
        engine = ENGINES[name](self.directory / f"{name}-{self.others}")
        try:
            if engine.status().documents == len(self.keys) + self.others:
                return engine
        except IndexUnavailableError:
            pass
        with self.portal.database.read() as session:
            compounds = indexer.compounds_of(session)
            with engine.rebuild(compounds) as rebuild:
                rebuild.add(self._documents(session))
                rebuild.swap()
        return engine

    def _documents(self, session: Session) -> Iterator[SearchDocument]:
        yield from map(search_document, queries.all_published(session))
        yield from distractors(self.others)

    def search(self, engine: Engine, text: str, language: str, **changes: object) -> Results:
        """As somebody who reads one language and filters nothing, not even by what an offer leads to."""
        query = SearchQuery(text, languages_of(language), page_size=DEPTH)
        query = replace(query, **changes)  # type: ignore[arg-type]
        with self.portal.database.read() as session:
            return engine.search(with_meanings(session, engine, query), as_of=NOW, facets=())

    def found(self, engine: Engine, text: str, language: str) -> Sequence[str]:
        """Keys of the first ten; an offer from the benchmark's corpus goes by its id."""
        hits = self.search(engine, text, language).hits
        return [self.keys.get(hit.id, hit.id) for hit in hits]


def distractors(count: int) -> Iterator[SearchDocument]:
    """Offers of the benchmark's corpus, without concepts."""
    corpus = Corpus(all_words(), max(count, 1), NOW.date())
    providers: dict[int, Provider] = {}
    for number in range(count):
        made = corpus.offer(number)
        if made.provider not in providers:
            providers[made.provider] = _provider(corpus, made.provider)
        content = content_of(made.document)
        offer = PublishedOffer(
            id=str(UUID(int=number + 1)),
            reference=made.reference,
            slug="",
            version=1,
            state="published",
            first_published_at=_moment(made.published_at),
            published_at=_moment(made.published_at),
            checksum="",
            stored=Stored("", content),
            provider=providers[made.provider],
        )
        yield replace(search_document(offer), concepts=())


def _provider(corpus: Corpus, number: int) -> Provider:
    document = corpus.provider(number)
    return Provider(str(number), document["slug"], 1, True, NOW, document, organisation_of(document))


def _moment(value: dt.datetime) -> dt.datetime:
    return value if value.tzinfo else value.replace(tzinfo=dt.UTC)
