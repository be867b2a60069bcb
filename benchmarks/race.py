"""Engine and peer answer the same searches in turn, and are compared where they must agree."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import Clocked, Times, clocked
from benchmarks.queries import FILTERS, Asked, SameWords
from search.query import SearchQuery
from search.results import Results

Search = Callable[[SearchQuery], Results]


@dataclass(frozen=True, slots=True)
class Lap:
    """One search by one contender. round: 1 where neither has answered this search before."""

    kind: str
    contender: str
    round: int
    took: Clocked
    total: int


def race(
    contenders: Mapping[str, Search], asked: Sequence[Asked], warm: Sequence[Asked], rounds: int = 2
) -> list[Lap]:
    """Every search by every contender, both orders mixed at random, after a warm-up that is not counted."""
    rng = random.Random("race")
    for search in warm:
        for answer in contenders.values():
            answer(search.query)
    laps: list[Lap] = []
    for number in range(1, rounds + 1):
        for search in rng.sample(asked, len(asked)):
            names = rng.sample(list(contenders), len(contenders))
            laps += [_lap(search, name, contenders[name], number) for name in names]
    return laps


def _lap(search: Asked, name: str, answer: Search, number: int) -> Lap:
    results, took = clocked(lambda: answer(search.query))
    return Lap(search.kind, name, number, took, results.total)


def times(laps: Sequence[Lap], contender: str, kind: str, number: int = 1) -> dict[str, Any]:
    """Percentiles by the clock and by the processor, and how much was found."""
    chosen = [lap for lap in laps if (lap.contender, lap.kind, lap.round) == (contender, kind, number)]
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


def compare(ours: Search, peer: Search, asked: Sequence[Asked], same: SameWords) -> Agreement:
    """Totals and all facet counts, where both understand the search alike: without words, or with exact ones.

    Without words the page of hits must be the same, too; with words each ranks in its own way.
    """
    comparable = [search if search.kind == FILTERS else same.exact(search) for search in asked]
    checked = [search for search in comparable if search is not None]
    answers = [(search, ours(search.query), peer(search.query)) for search in checked]
    return Agreement(
        checked=len(checked),
        found=sum(mine.total > 0 for _, mine, _ in answers),
        different=tuple(search.page for search, mine, theirs in answers if _differ(search, mine, theirs)),
    )


def _differ(search: Asked, mine: Results, theirs: Results) -> bool:
    counts = [{name: dict(codes) for name, codes in results.facets.items()} for results in (mine, theirs)]
    hits = [[hit.id for hit in results.hits] for results in (mine, theirs)]
    return (
        mine.total != theirs.total
        or counts[0] != counts[1]
        or (search.kind == FILTERS and hits[0] != hits[1])
    )
