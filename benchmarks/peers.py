"""Those who answer the same searches: how each is built, opened and asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks import cluster, machine, prepared
from benchmarks.figures import clocked
from benchmarks.fts5 import Fts5
from benchmarks.place import Place
from benchmarks.postgres import Postgres
from benchmarks.queries import FILTERS, Asked
from benchmarks.race import Search
from benchmarks.raw_tantivy import RawTantivy
from benchmarks.rows import is_run_facet
from benchmarks.workers import apart, pool
from catalogue.offers.facets import COUNTED, FACETS

RAW, FTS5, POSTGRES = "raw Tantivy", "SQLite FTS5", "PostgreSQL"
# By the name they have on the command line.
NAMES: Final = {"raw": RAW, "fts5": FTS5, "postgresql": POSTGRES}
_RAW_PLACE, _FTS5_PLACE, _POSTGRES_PLACE = "raw-tantivy", "fts5.db", "postgresql"


class Peers:
    """The peers of a run. `address`: of the PostgreSQL that runs, if one does."""

    def __init__(self, place: Place, names: Sequence[str], address: str | None) -> None:
        self.place, self.address = place, address
        self.names = tuple(name for name in names if name != POSTGRES or address)

    def build(self) -> dict[str, dict[str, Any]]:
        """Feed those that are not there yet; gives what each has taken."""
        missing = [name for name in self.names if name not in self.place.kept]
        if missing:
            with self.place.step("Preparing documents and terms"):
                prepared.prepare(self.place.directory, str(self.place.database().url))
            self._feed(missing)
            prepared.remove(self.place.directory)
        return {name: self.place.kept[name] for name in self.names}

    def _feed(self, missing: Sequence[str]) -> None:
        """Raw Tantivy alone, since its rate is compared; the others side by side."""
        if RAW in missing:
            arguments = self.place.directory, self.place.moment
            self.place.once(RAW, "Feeding raw Tantivy", lambda: apart(_feed_raw, *arguments))
        tasks: dict[str, tuple[Any, ...]] = {
            FTS5: (_feed_fts5, self.place.directory),
            POSTGRES: (_feed_postgres, self.place.directory, self.address),
        }
        chosen = {name: task for name, task in tasks.items() if name in missing}
        if chosen:
            with self.place.step(f"Feeding {' and '.join(chosen)}"), pool(len(chosen)) as processes:
                started = {name: processes.submit(*task) for name, task in chosen.items()}
                for name, task in started.items():
                    self.place.keep(name, task.result())

    def open(self) -> dict[str, Search]:
        """A search of each; everything is open until the process ends."""
        return {name: _OPEN[name](self) for name in self.names}

    def version(self) -> str | None:
        """That of PostgreSQL."""
        if self.address is None:
            return None
        with closing(Postgres(self.address, FACETS)) as peer:
            return peer.version


def _open_raw(peers: Peers) -> Search:
    raw = RawTantivy(peers.place.directory / _RAW_PLACE, FACETS, peers.place.moment)
    raw.open()
    return partial(raw.search, facets=COUNTED)


def _open_fts5(peers: Peers) -> Search:
    peer = Fts5(peers.place.directory / _FTS5_PLACE, FACETS)
    peer.open()
    return partial(peer.search, as_of=peers.place.moment, facets=COUNTED)


def _open_postgres(peers: Peers) -> Search:
    peer = Postgres(peers.address or "", FACETS)
    peer.open()
    return partial(peer.search, as_of=peers.place.moment, facets=COUNTED)


_OPEN: Final[dict[str, Callable[[Peers], Search]]] = {
    RAW: _open_raw,
    FTS5: _open_fts5,
    POSTGRES: _open_postgres,
}


def _feed_raw(directory: Path, moment: dt.datetime) -> dict[str, Any]:
    return RawTantivy(directory / _RAW_PLACE, FACETS, moment).build(prepared.read(directory))


def _feed_fts5(directory: Path) -> dict[str, Any]:
    """Time and size; reading the documents is not counted."""
    path = directory / _FTS5_PLACE
    path.unlink(missing_ok=True)
    with closing(Fts5(path, FACETS)) as peer:
        peer.create()
        spent, count = [], 0
        for batch in prepared.read(directory):
            spent.append(clocked(partial(peer.add, [one.document for one in batch]))[1])
            count += len(batch)
        spent.append(clocked(peer.finish)[1])
        seconds = sum(took.wall for took in spent) / 1000
        return {
            "per_second": round(count / seconds, 1),
            "seconds": round(seconds, 1),
            "size_mb": round(peer.size / machine.MEGABYTE, 1),
        }


def _feed_postgres(directory: Path, address: str) -> dict[str, Any]:
    with closing(Postgres(address, FACETS)) as peer:
        return peer.build(prepared.read(directory))


@contextmanager
def postgres_of(place: Place, names: Sequence[str]) -> Iterator[str | None]:
    """The address of a PostgreSQL in the directory, where one is asked for and there is any."""
    if POSTGRES not in names:
        yield None
        return
    try:
        cluster.programs()
    except cluster.NoPostgresError as error:
        place.console.print(f"[yellow]No PostgreSQL: {error}[/yellow]")
        yield None
        return
    place.directory.mkdir(parents=True, exist_ok=True)
    with cluster.running(place.directory / _POSTGRES_PLACE) as address:
        yield address


def comparable(name: str, asked: Asked) -> bool:
    """Whether a peer answers exactly the same, as it understands the same: see their modules."""
    if name == RAW:
        return not any(is_run_facet(facet) for facet in FACETS if asked.query.selection(facet.name))
    return True


def pages_agree(name: str, asked: Asked) -> bool:
    """Whether the hits must be the same, too: without words, and by a peer that breaks ties by id."""
    return name != RAW and asked.kind == FILTERS
