"""The benchmarks measure what they say: texts as long as promised, and peers that answer the same."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks import plot, store
from benchmarks.asking import answered_plan
from benchmarks.corpus import Corpus
from benchmarks.fts5 import Fts5
from benchmarks.offer import LONG
from benchmarks.peers import RAW, comparable, pages_agree
from benchmarks.postgres import Postgres
from benchmarks.prepared import Prepared, joined
from benchmarks.promises import engine_for
from benchmarks.queries import FILTERS, KINDS, WORDS_AND_FILTERS, Asked, Asker, SameWords
from benchmarks.race import Search, compare
from benchmarks.raw_tantivy import RawTantivy
from benchmarks.words import Words, all_words
from catalogue.offers.facets import COUNTED, FACETS
from search.document import SearchDocument
from search.engines.tantivy import TantivyEngine
from search.engines.terms import document_terms
from search.results import Results
from search.text import NO_COMPOUNDS
from tests.databases import postgresql_database
from tests.relevance.world import distractors
from tests.seeded import NOW

OFFERS = 80


@pytest.fixture(scope="module")
def words() -> dict[str, Words]:
    return all_words()


@dataclass(frozen=True, slots=True)
class Bench:
    """Documents, an engine that has them, and searches with the plans it makes of them."""

    documents: Sequence[SearchDocument]
    engine: TantivyEngine
    asked: Sequence[Asked]
    exact: Sequence[Asked]

    def ours(self, asked: Asked) -> Results:
        return self.engine.search(asked.query, as_of=NOW, facets=COUNTED)

    def prepared(self) -> list[Prepared]:
        return [Prepared(one, joined(document_terms(one, NO_COMPOUNDS))) for one in self.documents]

    def differing(self, name: str, peer: Search, searches: Sequence[Asked]) -> tuple[str, ...]:
        checked = [one for one in searches if comparable(name, one)]
        found = compare(self.ours, peer, checked, partial(pages_agree, name))
        assert found.found > 3
        return found.different


@pytest.fixture(scope="module")
def bench(words: dict[str, Words], tmp_path_factory: pytest.TempPathFactory) -> Bench:
    documents = list(distractors(OFFERS))
    engine = TantivyEngine(tmp_path_factory.mktemp("index"), FACETS)
    with engine.rebuild() as rebuild:
        rebuild.add(documents)
        rebuild.swap()
    asked = Asker(words, documents).many(dict.fromkeys(KINDS, 40))
    same = SameWords(words.values())
    exact = [one if one.kind == FILTERS else same.exact(one) for one in asked]
    return Bench(
        documents,
        engine,
        [_planned(engine, one) for one in asked],
        [_planned(engine, one) for one in exact if one is not None],
    )


def _planned(engine: TantivyEngine, asked: Asked) -> Asked:
    return replace(asked, plan=answered_plan(engine, asked.query))


def test_raw_tantivy_answers_the_same(bench: Bench, tmp_path: Path) -> None:
    raw = RawTantivy(tmp_path / "raw", FACETS, NOW)
    assert raw.build([bench.prepared()])["per_second"] > 0
    raw.open()
    assert not bench.differing(RAW, partial(raw.search, facets=COUNTED), bench.asked)


def test_fts5_answers_the_same_for_exact_words(bench: Bench, tmp_path: Path) -> None:
    with closing(Fts5(tmp_path / "fts5.db", FACETS)) as peer:
        peer.create()
        peer.add(bench.documents)
        peer.finish()
        peer.open()
        search = partial(peer.search, as_of=NOW, facets=COUNTED)
        assert not bench.differing("fts5", search, bench.exact)


@pytest.mark.postgresql
def test_postgresql_answers_the_same(bench: Bench) -> None:
    with postgresql_database() as url, closing(Postgres(url.replace("+psycopg", ""), FACETS)) as peer:
        peer.build([bench.prepared()])
        peer.open()
        search = partial(peer.search, as_of=NOW, facets=COUNTED)
        assert not bench.differing("postgresql", search, bench.asked)


def test_offers_have_three_hundred_words_in_each_of_two_languages(words: Mapping[str, Words]) -> None:
    corpus = Corpus(words, 100, dt.date(2026, 11, 24), lengths=LONG)
    assert store.check(corpus, 5) == 5
    document = corpus.offer(7).document
    texts = [document["title"], document["summary"], document["description"]]
    texts += [outcome["text"] for outcome in document["learning_outcomes"]]
    for language in document["title"]:
        assert sum(len(text[language]["text"].split()) for text in texts) >= 300


def test_engine_by_size() -> None:
    assert [engine_for(size) for size in (1_000, 50_000, 50_001, 200_000)] == [
        *["whoosh"] * 2,
        *["tantivy"] * 2,
    ]


def test_plot_names_engines_and_figures() -> None:
    rows = [_row("whoosh", 1_000, 5.0), _row("whoosh", 5_000, 25.0), _row("tantivy", 5_000, 12.0)]
    picture = plot.growth(rows)
    texts = [text.text for text in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count("whoosh 25") == texts.count("tantivy 12") == 4
    assert {"1k", "5k"} <= set(texts)


def _row(engine: str, offers: int, figure: float) -> dict[str, Any]:
    return {
        "engine": engine,
        "offers": offers,
        "memory_mb": figure,
        "searches": {WORDS_AND_FILTERS: {"p95": figure}},
        "index": {"size_mb": figure, "seconds": figure},
    }
