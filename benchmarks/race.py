"""The engine and its peers answer the same searches in turn, and are compared where they must agree."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import Clocked, Times, clocked
from benchmarks.queries import Asked
from search.results import Results

Search = Callable[[Asked], Results]


@dataclass(frozen=True, slots=True)
class Contender:
    """some: the numbers of the searches it is asked, once each; None for all."""

    answer: Search
    some: frozenset[int] | None = None

    def takes(self, number: int, lap: int) -> bool:
        return self.some is None or (lap == 1 and number in self.some)


@dataclass(frozen=True, slots=True)
class Lap:
    """One search by one contender. round: 1 where none has answered this search before."""

    kind: str
    contender: str
    number: int
    round: int
    took: Clocked
    total: int


def race(
    contenders: Mapping[str, Contender],
    asked: Sequence[Asked],
    warm: Sequence[Asked],
    rounds: int = 2,
    warm_slow: int = 5,
) -> list[Lap]:
    """Every search by every contender, both orders mixed at random, after a warm-up that is not counted.

    warm_slow: of so many warm-up searches those get one that are asked only some.
    """
    rng = random.Random("race")
    for number, search in enumerate(warm):
        for contender in contenders.values():
            if contender.some is None or number % warm_slow == 0:
                contender.answer(search)
    laps: list[Lap] = []
    for lap in range(1, rounds + 1):
        for number in rng.sample(range(len(asked)), len(asked)):
            names = [name for name, contender in contenders.items() if contender.takes(number, lap)]
            rng.shuffle(names)
            laps += [_lap(asked[number], number, name, contenders[name], lap) for name in names]
    return laps


def _lap(search: Asked, number: int, name: str, contender: Contender, lap: int) -> Lap:
    results, took = clocked(lambda: contender.answer(search))
    return Lap(search.kind, name, number, lap, took, results.total)


def times(
    laps: Sequence[Lap], contender: str, kind: str, number: int = 1, among: Collection[int] | None = None
) -> dict[str, Any]:
    """Percentiles by the clock and by this process' time, and how much was found. among: numbers of searches."""
    chosen = [
        lap
        for lap in laps
        if (lap.contender, lap.kind, lap.round) == (contender, kind, number)
        and (among is None or lap.number in among)
    ]
    if not chosen:
        return {}
    totals = sorted(lap.total for lap in chosen)
    return {
        "wall": Times.of([lap.took.wall for lap in chosen]),
        "cpu": Times.of([lap.took.cpu for lap in chosen]),
        "median_total": totals[len(totals) // 2],
        "p95_total": totals[int(len(totals) * 0.95)],
        "empty": totals.count(0),
    }


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many searches were compared, how many of them found something, and which differed."""

    checked: int
    found: int
    different: tuple[str, ...]


def compare(
    ours: Search, peer: Search, checked: Sequence[Asked], with_page: Callable[[Asked], bool]
) -> Agreement:
    """Totals and all facet counts, and the hits where `with_page` says so: by words each ranks in its own way."""
    answers = [(search, ours(search), peer(search)) for search in checked]
    return Agreement(
        checked=len(checked),
        found=sum(mine.total > 0 for _, mine, _ in answers),
        different=tuple(
            search.page for search, mine, theirs in answers if _differ(mine, theirs, page=with_page(search))
        ),
    )


def _differ(mine: Results, theirs: Results, *, page: bool) -> bool:
    counts = [{name: dict(codes) for name, codes in results.facets.items()} for results in (mine, theirs)]
    hits = [[hit.id for hit in results.hits] for results in (mine, theirs)]
    return mine.total != theirs.total or counts[0] != counts[1] or (page and hits[0] != hits[1])
