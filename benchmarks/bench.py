"""One run: corpus, index, searches, pages, and what they say about the promises."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from benchmarks import asking, indexing, machine, pages, profiling
from benchmarks.asking import Questions
from benchmarks.figures import Times
from benchmarks.peers import FTS5, POSTGRES, RAW, Peers, comparable, pages_agree, postgres_of
from benchmarks.place import Place
from benchmarks.promises import promises
from benchmarks.queries import FILTERS, KINDS, WORDS, WORDS_AND_FILTERS, Asked
from benchmarks.race import Contender, Lap, Search, compare, race, times
from catalogue.offers import queries
from catalogue.offers.facets import COUNTED
from catalogue.search import make_engine
from search.results import Results

OURS: Final = "Portolan"
WARM: Final = 30
OTHER_PAGES: Final = 150
# From so many offers on, the slow peers are asked only some of the searches, and not twice.
LARGE: Final = 50_001
SOME: Final[Mapping[str, int]] = {WORDS_AND_FILTERS: 60, FILTERS: 20, WORDS: 20}
SOME_COMPARED: Final = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is asked for. queries: searches of the class with words and filters; the others have half.

    peers: their names, as in `benchmarks.peers`.
    """

    offers: int
    engine: str
    peers: tuple[str, ...]
    seed: int
    queries: int
    profile: bool
    directory: Path


class Bench:
    """A run, step by step; `results` fills up on the way."""

    def __init__(self, wanted: Wanted, console: Console) -> None:
        self.wanted, self.directory = wanted, wanted.directory
        self.place = Place(wanted.directory, wanted.offers, wanted.seed, console)
        self.results: dict[str, Any] = {
            "engine": wanted.engine,
            "machine": machine.describe(),
            "load": {"start": machine.load()},
        }

    def run(self) -> dict[str, Any]:
        self.place.write(self.wanted.offers)
        self.results["corpus"] = self.place.kept["corpus"]
        self.results["index"] = self.place.once(
            f"index-{self.wanted.engine}",
            f"Indexing with {self.wanted.engine}",
            lambda: indexing.in_process(self.directory, self.wanted.engine),
        )
        with postgres_of(self.place, self.wanted.peers) as address:
            peers = Peers(self.place, self.wanted.peers, address)
            self.results["peers"] = peers.build()
            self.results["machine"]["postgresql"] = peers.version()
            questions = self._questions()
            self._search(questions, peers.open())
        self._visit(questions.asked)
        self.results["load"]["end"] = machine.load()
        self.results["promises"] = promises(self.results)
        if self.wanted.profile:
            self.results["profiles"] = self._profiles(questions.asked)
        return self.results

    # Searches -------------------------------------------------------------------------------------------------

    def _questions(self) -> Questions:
        half = max(self.wanted.queries // 2, 1)
        counts = {WORDS_AND_FILTERS: self.wanted.queries, FILTERS: half, WORDS: half}
        with self.place.step("Making searches"):
            return asking.ask(self.directory, self.wanted.engine, counts, WARM, self.wanted.seed)

    def _search(self, questions: Questions, peers: Mapping[str, Search]) -> None:
        engine = make_engine(indexing.settings_for(self.directory, self.wanted.engine))

        def ours(asked: Asked) -> Results:
            return engine.search(asked.query, as_of=self.place.moment, facets=COUNTED)

        asked = questions.asked
        some = self._some(asked)
        contenders = {OURS: Contender(ours)} | {
            name: Contender(search, None if name == RAW else some) for name, search in peers.items()
        }
        with self.place.step("Searching"):
            laps = race(contenders, asked, questions.warm)
        with self.place.step("Comparing totals and counts"):
            self.results["agreement"] = {
                name: compare(ours, peers[name], searches, partial(pages_agree, name))
                for name, searches in self._compared(questions, peers).items()
            }
        self.results["searches"] = _by_kind(laps, list(contenders), 1)
        self.results["searches_again"] = _by_kind(laps, list(contenders), 2)
        self.results["beside"] = {kind: _beside(laps, kind, list(peers)) for kind in KINDS}

    def _some(self, asked: Sequence[Asked]) -> frozenset[int] | None:
        """The numbers of the searches that the slow peers are asked."""
        if self.wanted.offers < LARGE:
            return None
        rng = random.Random("some")
        by_kind = {kind: [number for number, one in enumerate(asked) if one.kind == kind] for kind in KINDS}
        return frozenset(
            number
            for kind, numbers in by_kind.items()
            for number in rng.sample(numbers, min(SOME[kind], len(numbers)))
        )

    def _compared(self, questions: Questions, peers: Mapping[str, Search]) -> dict[str, list[Asked]]:
        """FTS5 is asked for exact words; the others understand the plan."""
        rng = random.Random("compared")
        sources = {FTS5: questions.exact, POSTGRES: questions.asked[::3], RAW: questions.asked}
        most = SOME_COMPARED if self.wanted.offers >= LARGE else self.wanted.queries
        found = {}
        for name in peers:
            searches = [one for one in sources[name] if comparable(name, one)]
            found[name] = rng.sample(searches, min(len(searches), most))
        return found

    # Pages ----------------------------------------------------------------------------------------------------

    def _visit(self, asked: Sequence[Asked]) -> None:
        paths = self._paths(asked)
        serving = pages.serving(self.directory, self.wanted.engine)
        with self.place.step("Visiting pages"), serving as (portal, port):
            pages.warm_up(port, paths)
            visits = pages.visit_all(port, paths)
            self.results["processes"] = pages.processes(portal)
        self.results["pages"] = {kind: pages.times(visits, kind) for kind in paths}
        index = self.results["index"]
        peak = {"rss": index["memory_before_mb"], "peak": index["memory_peak_mb"], "share": 0}
        self.results["rebuild_process"] = {"process": "index rebuild"} | peak

    def _paths(self, asked: Sequence[Asked]) -> dict[str, list[str]]:
        rng = random.Random(self.wanted.seed)
        with self.place.database().read() as session:
            ids = sorted(queries.index_versions(session))
            chosen = rng.sample(ids, min(OTHER_PAGES, len(ids)))
            offers = queries.published(session, chosen).values()
            addresses = [f"/en/offers/{offer.id}/{offer.slug}" for offer in offers]
        searches = {f"search: {kind}": [one.page for one in asked if one.kind == kind] for kind in KINDS}
        return searches | {
            "about": [f"/{language}/about" for language in _languages(2 * OTHER_PAGES)],
            "suggest": _typed(rng, asked),
            "offer": addresses,
            "start": [f"/{language}/" for language in _languages(OTHER_PAGES // 3)],
            "API search": [one.api for one in asked if one.kind == WORDS_AND_FILTERS][:OTHER_PAGES],
            "API offer": [f"/api/v1/offers/{offer_id}" for offer_id in chosen],
        }

    # Profiles -------------------------------------------------------------------------------------------------

    def _profiles(self, asked: Sequence[Asked]) -> dict[str, Any]:
        settings = indexing.settings_for(self.directory, self.wanted.engine)
        engine = make_engine(settings)
        chosen = [one for one in asked if one.kind == WORDS_AND_FILTERS]
        calls = [partial(engine.search, one.query, as_of=self.place.moment, facets=COUNTED) for one in chosen]
        for call in calls[:WARM]:
            call()
        with self.place.step("Profiling"):
            rows = {
                "engine": profiling.profile(calls[WARM:]),
                "search page": profiling.pages(settings, [one.page for one in chosen]),
            }
        return {
            name: {"own time": found[: profiling.TOP], "with what they call": profiling.by_whole(found)}
            for name, found in rows.items()
        }


def _languages(count: int) -> list[str]:
    return [("en", "de", "fr", "es", "lt", "el")[place % 6] for place in range(count)]


def _typed(rng: random.Random, asked: Sequence[Asked]) -> list[str]:
    """What somebody has typed so far who is on the way to a search: two characters or more of it."""
    chosen = [one for one in asked if one.query.text][: 2 * OTHER_PAGES]
    return [one.suggest(rng.randint(2, min(len(one.query.text), 12))) for one in chosen]


def _by_kind(laps: Sequence[Lap], names: Sequence[str], number: int) -> dict[str, Any]:
    return {
        kind: {name: found for name in names if (found := times(laps, name, kind, number))} for kind in KINDS
    }


def _beside(laps: Sequence[Lap], kind: str, names: Sequence[str]) -> dict[str, dict[str, Times]]:
    """The engine and each peer, for the first time and in the searches that both were asked."""
    found = {}
    for name in names:
        numbers = {lap.number for lap in laps if lap.contender == name}
        ours, theirs = (times(laps, who, kind, among=numbers) for who in (OURS, name))
        if theirs:
            found[name] = {"ours": ours["wall"], "theirs": theirs["wall"]}
    return found
