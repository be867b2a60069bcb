"""Find: the engine chosen by setting, and a search whose numbers agree with the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy.orm import Session

from catalogue.offers.facets import COUNTED, FACETS
from catalogue.offers.queries import hidden_ids
from catalogue.settings import Settings
from search.engine import Engine
from search.query import SearchQuery
from search.results import Results

HIDDEN = "hidden offers"


def make_engine(settings: Settings) -> Engine:
    """The search engine named by PORTOLAN_SEARCH_URL."""
    from search.engines.whoosh import WhooshEngine

    return WhooshEngine(settings.index_dir, FACETS)


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
    return engine.search(query, as_of=as_of, hidden=hidden, facets=facets)
