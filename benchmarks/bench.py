"""One run: corpus, index, searches, pages, and what they say about the promises."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from rich.console import Console

from benchmarks import indexing, machine, pages, profiling, store
from benchmarks.corpus import Corpus
from benchmarks.figures import Promise, clocked
from benchmarks.fts5 import Fts5
from benchmarks.queries import FILTERS, KINDS, WORDS, WORDS_AND_FILTERS, Asked, Asker, SameWords
from benchmarks.race import Lap, Search, compare, race, times
from benchmarks.words import Words, all_words
from catalogue.db import Database, utc_now
from catalogue.offers import queries
from catalogue.offers.document import search_document
from catalogue.offers.facets import COUNTED, FACETS
from catalogue.search import make_engine
from search.document import SearchDocument
from search.query import SearchQuery
from search.results import Results

OURS, PEER = "Portolan", "SQLite FTS5"
SAMPLE: Final = 500
WARM: Final = 30
STAMP: Final = "corpus.json"
OTHER_PAGES: Final = 150
# Every third search is compared: answers that differ would differ in many.
COMPARED: Final = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is asked for. queries: searches of the class with words and filters; the others have half."""

    offers: int
    seed: int
    queries: int
    profile: bool
    directory: Path


class Bench:
    """A run, step by step; `results` fills up on the way."""

    def __init__(self, wanted: Wanted, console: Console) -> None:
        self.wanted, self.console, self.directory = wanted, console, wanted.directory
        self.as_of = utc_now().date()
        self.words: dict[str, Words] = all_words()
        self.results: dict[str, Any] = {"machine": machine.describe(), "load": {"start": machine.load()}}

    def run(self) -> dict[str, Any]:
        self._prepare()
        asked, warm = self._asked()
        self._search(asked, warm)
        self._visit(asked)
        self.results["load"]["end"] = machine.load()
        self.results["promises"] = promises(self.results)
        if self.wanted.profile:
            self.results["profiles"] = self._profiles(asked)
        return self.results

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Say on the terminal what is being done, and how long it took."""
        began = perf_counter()
        with self.console.status(f"{name} ..."):
            yield
        self.console.print(f"[dim]{name}: {perf_counter() - began:.1f} s[/dim]")

    # Corpus and indexes ---------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """Everything that a directory kept from an earlier run with the same corpus has already."""
        stamp = self.directory / STAMP
        corpus = {"offers": self.wanted.offers, "seed": self.wanted.seed, "as_of": self.as_of.isoformat()}
        if stamp.exists():
            kept = json.loads(stamp.read_text("utf-8"))
            if {name: kept["corpus"][name] for name in corpus} != corpus:
                raise SystemExit(f"{self.directory} holds another corpus: {kept['corpus']}")
        else:
            kept = self._make(corpus)
            stamp.write_text(json.dumps(kept), "utf-8")
        self.results |= kept

    def _make(self, corpus: dict[str, Any]) -> dict[str, Any]:
        self.directory.mkdir(parents=True, exist_ok=True)
        made = Corpus(self.words, self.wanted.offers, self.as_of, self.wanted.seed)
        with self.step("Validating a sample"):
            corpus |= {"validated": store.check(made), "providers": made.providers}
        with self.step("Writing offers"):
            store.write(made, self.database())
        with self.step("Indexing with FTS5"):
            fts5 = self._build_peer()
        with self.step("Indexing"):
            index = indexing.in_process(self.directory)
        return {"corpus": corpus, "fts5": fts5, "index": index}

    def database(self) -> Database:
        return Database(indexing.settings_for(self.directory).database_url)

    def documents(self) -> Iterator[SearchDocument]:
        with self.database().read() as session:
            yield from map(search_document, queries.all_published(session))

    def _build_peer(self) -> dict[str, Any]:
        """Time and size; making the documents is not counted."""
        peer = Fts5(self.directory / "fts5.db", FACETS)
        peer.create()
        spent, count = [], 0
        for batch in store.batches(self.documents(), store.BATCH):
            spent.append(clocked(partial(peer.add, batch))[1])
            count += len(batch)
        spent.append(clocked(peer.finish)[1])
        seconds = sum(took.wall for took in spent) / 1000
        size = round(peer.size / machine.MEGABYTE, 1)
        peer.close()
        return {
            "per_second": round(count / seconds, 1),
            "seconds": round(seconds, 1),
            "cpu_seconds": round(sum(took.cpu for took in spent) / 1000, 1),
            "size_mb": size,
        }

    # Searches -------------------------------------------------------------------------------------------------

    def _asked(self) -> tuple[list[Asked], list[Asked]]:
        """The searches to measure, and others to warm up with."""
        with self.database().read() as session:
            ids = sorted(queries.index_versions(session))
            chosen = random.Random(self.wanted.seed).sample(ids, min(SAMPLE, len(ids)))
            sample = [search_document(offer) for offer in queries.published(session, chosen).values()]
        sample.sort(key=lambda document: document.id)
        asker = Asker(self.words, sample, self.wanted.seed)
        half = max(self.wanted.queries // 2, 1)
        asked = asker.many({WORDS_AND_FILTERS: self.wanted.queries, FILTERS: half, WORDS: half})
        return asked, asker.many(dict.fromkeys(KINDS, WARM))

    def _search(self, asked: Sequence[Asked], warm: Sequence[Asked]) -> None:
        engine = make_engine(indexing.settings_for(self.directory))
        peer = Fts5(self.directory / "fts5.db", FACETS)
        peer.open()
        now = utc_now()

        def ours(query: SearchQuery) -> Results:
            return engine.search(query, as_of=now, facets=COUNTED)

        def theirs(query: SearchQuery) -> Results:
            return peer.search(query, as_of=now, facets=COUNTED)

        contenders: dict[str, Search] = {OURS: ours, PEER: theirs}
        with self.step("Searching"):
            laps = race(contenders, asked, warm)
        with self.step("Comparing totals and counts"):
            self.results["agreement"] = compare(
                ours, theirs, asked[::COMPARED], SameWords(self.words.values())
            )
        self.results["searches"] = _by_kind(laps, 1)
        self.results["searches_again"] = _by_kind(laps, 2)
        peer.close()

    # Pages ----------------------------------------------------------------------------------------------------

    def _visit(self, asked: Sequence[Asked]) -> None:
        paths = self._paths(asked)
        with self.step("Visiting pages"), pages.serving(self.directory) as (portal, port):
            pages.warm_up(port, paths)
            visits = pages.visit_all(port, paths)
            self.results["processes"] = pages.processes(portal)
        self.results["pages"] = {kind: pages.times(visits, kind) for kind in paths}
        index = self.results["index"]
        peak = {"rss": index["memory_before_mb"], "peak": index["memory_peak_mb"], "share": 0}
        self.results["rebuild_process"] = {"process": "index rebuild"} | peak

    def _paths(self, asked: Sequence[Asked]) -> dict[str, list[str]]:
        rng = random.Random(self.wanted.seed)
        with self.database().read() as session:
            ids = sorted(queries.index_versions(session))
            chosen = rng.sample(ids, min(OTHER_PAGES, len(ids)))
            offers = queries.published(session, chosen).values()
            addresses = [f"/en/offers/{offer.id}/{offer.slug}" for offer in offers]
        searches = {f"search: {kind}": [one.page for one in asked if one.kind == kind] for kind in KINDS}
        return searches | {
            "about": [f"/{language}/about" for language in _languages(2 * OTHER_PAGES)],
            "offer": addresses,
            "start": [f"/{language}/" for language in _languages(OTHER_PAGES // 3)],
            "API search": [one.api for one in asked if one.kind == WORDS_AND_FILTERS][:OTHER_PAGES],
            "API offer": [f"/api/v1/offers/{offer_id}" for offer_id in chosen],
        }

    # Profiles -------------------------------------------------------------------------------------------------

    def _profiles(self, asked: Sequence[Asked]) -> dict[str, Any]:
        engine = make_engine(indexing.settings_for(self.directory))
        now = utc_now()
        chosen = [one for one in asked if one.kind == WORDS_AND_FILTERS]
        calls = [partial(engine.search, one.query, as_of=now, facets=COUNTED) for one in chosen]
        for call in calls[:WARM]:
            call()
        with self.step("Profiling"):
            rows = {
                "engine": profiling.profile(calls[WARM:]),
                "search page": profiling.pages(self.directory, [one.page for one in chosen]),
            }
        return {
            name: {"own time": found[: profiling.TOP], "with what they call": profiling.by_whole(found)}
            for name, found in rows.items()
        }


def _languages(count: int) -> list[str]:
    return [("en", "de", "fr", "es", "lt", "el")[place % 6] for place in range(count)]


def _by_kind(laps: Sequence[Lap], number: int) -> dict[str, Any]:
    return {kind: {name: times(laps, name, kind, number) for name in (OURS, PEER)} for kind in KINDS}


def promises(results: dict[str, Any]) -> list[Promise]:
    """What issue 2 promises (binding) and aims at."""
    ours, peer = (results["searches"][WORDS_AND_FILTERS][name]["wall"].p95 for name in (OURS, PEER))
    page, about = (results["pages"][kind]["wall"].p95 for kind in (f"search: {WORDS_AND_FILTERS}", "about"))
    over = round(page - (ours + 4 * about), 1)
    memory = max(entry["rss"] for entry in results["processes"] if entry["process"] == "web worker")
    index = results["index"]
    return [
        Promise(
            "engine p95 / FTS5 p95", round(ours / peer, 2), "<=", 1.5, "", True, f"{ours:g} ms / {peer:g} ms"
        ),
        Promise(
            "search page p95 over its allowance",
            over,
            "<=",
            0,
            "ms",
            True,
            f"{page:g} ms, allowed {ours:g} + 4 x {about:g}",
        ),
        Promise(
            "searches where both differ",
            len(results["agreement"].different),
            "<=",
            0,
            "",
            True,
            f"{results['agreement'].checked} compared",
        ),
        Promise("index rate", index["per_second"], ">=", 150, "offers/s", False, "rows to committed index"),
        Promise("memory of a web worker", memory, "<=", 700, "MB", False, "resident, after all pages"),
        Promise("memory of a rebuild", index["memory_peak_mb"], "<=", 700, "MB", False, "peak"),
    ]
