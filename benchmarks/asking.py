"""The searches of a run, made and understood in a process of their own, so that no word of theirs is warm here."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks import indexing
from benchmarks.queries import FILTERS, KINDS, Asked, Asker, SameWords
from benchmarks.words import Words, all_words
from benchmarks.workers import apart
from catalogue.db import Database, utc_now
from catalogue.offers import queries
from catalogue.offers.document import search_document
from catalogue.search import make_engine, with_meanings
from search.engine import Engine
from search.plan import Plan
from search.query import SearchQuery

SAMPLE: Final = 500
# Every third search is compared: answers that differ would differ in many.
COMPARED: Final = 3


@dataclass(frozen=True, slots=True)
class Questions:
    """asked: to be measured. warm: others to warm up with. exact: some of those to be measured, for exact words only
    where they have words, as far as the engine and FTS5 understand these alike.
    """

    asked: tuple[Asked, ...]
    warm: tuple[Asked, ...]
    exact: tuple[Asked, ...]


def ask(directory: Path, engine: str, counts: Mapping[str, int], warm: int, seed: int) -> Questions:
    """Searches by class, `warm` further ones of each, with the meanings and plans they have in an engine's index."""
    return apart(_ask, directory, engine, dict(counts), warm, seed)


def _ask(directory: Path, engine: str, counts: Mapping[str, int], warm: int, seed: int) -> Questions:
    settings = indexing.settings_for(directory, engine)
    database, words = Database(settings.database_url), all_words()
    asker = _asker(database, words, seed)
    asked, others = asker.many(counts), asker.many(dict.fromkeys(KINDS, warm))
    same = SameWords(words.values())
    exact = [one if one.kind == FILTERS else same.exact(one) for one in asked[::COMPARED]]
    known = make_engine(settings)

    def understood(searches: Sequence[Asked | None]) -> tuple[Asked, ...]:
        with database.read() as session:
            queried = [(one, with_meanings(session, known, one.query)) for one in searches if one is not None]
        return tuple(replace(one, query=query, plan=answered_plan(known, query)) for one, query in queried)

    return Questions(understood(asked), understood(others), understood(exact))


def answered_plan(engine: Engine, query: SearchQuery) -> Plan:
    """The plan that an engine answers: where nothing has all of the words, the looser one."""
    return engine.search(query, as_of=utc_now(), facets=()).understanding.plan


def _asker(database: Database, words: Mapping[str, Words], seed: int) -> Asker:
    with database.read() as session:
        ids = sorted(queries.index_versions(session))
        chosen = random.Random(seed).sample(ids, min(SAMPLE, len(ids)))
        sample = [search_document(offer) for offer in queries.published(session, chosen).values()]
    sample.sort(key=lambda document: document.id)
    return Asker(words, sample, seed)
