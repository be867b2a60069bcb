"""Find: the engine chosen by setting, and a search whose numbers agree with the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from catalogue.concepts.matching import match
from catalogue.i18n import CONTENT_LANGUAGES
from catalogue.offers.facets import COUNTED, FACETS
from catalogue.offers.queries import hidden_ids
from catalogue.settings import Settings
from search.engine import Engine
from search.meaning import Meaning
from search.query import Problem, SearchQuery
from search.results import Results

# How many offers an engine answers quickly, by docs/benchmarks.md; what is not named here has no known limit.
COMFORTABLE: Mapping[str, int] = {"whoosh": 50_000}

HIDDEN = "hidden offers"
MEANINGS = "concepts named in queries"


def make_engine(settings: Settings) -> Engine:
    """The search engine named by PORTOLAN_SEARCH_URL."""
    if settings.search_url.startswith("tantivy:"):
        from search.engines.tantivy import TantivyEngine

        return TantivyEngine(settings.index_dir, FACETS)
    from search.engines.whoosh import WhooshEngine

    return WhooshEngine(settings.index_dir, FACETS)


def languages_of(language: str, query: SearchQuery | None = None) -> tuple[str, ...]:
    """The languages a query's words may be in: the reader's, English, and the chosen languages of instruction."""
    chosen = sorted(query.selection("language").values) if query else []
    return tuple(dict.fromkeys([language, "en", *(code for code in chosen if code in CONTENT_LANGUAGES)]))


def read_query(args: Iterable[tuple[str, str]], language: str) -> tuple[SearchQuery, tuple[Problem, ...]]:
    """The query in the arguments of a page or of the API, in one canonical form."""
    query, problems = SearchQuery.from_args(args, FACETS, (language,))
    return replace(query, languages=languages_of(language, query)), problems


def find(
    session: Session,
    engine: Engine,
    query: SearchQuery,
    *,
    as_of: dt.datetime,
    facets: Collection[str] = COUNTED,
) -> Results:
    """Search, leaving out what the database no longer shows. Raises IndexUnavailableError.

    The order matters: what is hidden is read before the engine looks for its newest state, so that a withdrawal
    the index has handled in between is missing in both and never in neither.
    """
    # A session reads one snapshot: several searches of a page ask once.
    if HIDDEN not in session.info:
        session.info[HIDDEN] = hidden_ids(session)
    hidden: frozenset[str] = session.info[HIDDEN]
    return engine.search(with_meanings(session, engine, query), as_of=as_of, hidden=hidden, facets=facets)


def with_meanings(session: Session, engine: Engine, query: SearchQuery) -> SearchQuery:
    """The query with the concepts that its words name and offers carry. A session remembers what it has asked."""
    if not query.text:
        return query
    known: dict[Any, tuple[Meaning, ...]] = session.info.setdefault(MEANINGS, {})
    key = (query.text, query.languages, query.without)
    if key not in known:
        knows = engine.lexicon().knows
        carried, has = partial(knows, "concept"), partial(knows, "exact")
        known[key] = match(session, query.text, query.languages, query.without, carried, has)
    return replace(query, meanings=known[key])
