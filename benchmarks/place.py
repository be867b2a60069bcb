"""A directory with a corpus, what was made of it, and what that took: `corpus.json` says what is there already."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from rich.console import Console

from benchmarks import indexing, store
from benchmarks.corpus import Corpus
from benchmarks.offer import LONG
from benchmarks.words import all_words
from catalogue.db import Database, utc_now

STAMP: Final = "corpus.json"


def noon(day: str) -> dt.datetime:
    """The moment at which searches are made, whenever they are: noon of the corpus' day."""
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(12), dt.UTC)


class Place:
    """The directory of a run. One that was kept goes on with the day of its corpus."""

    def __init__(self, directory: Path, offers: int, seed: int, console: Console) -> None:
        """Raises SystemExit when the directory holds another corpus."""
        self.directory, self.console = directory, console
        self.words = all_words()
        self.kept: dict[str, Any] = {}
        wanted = {"offers": offers, "seed": seed, "words": LONG.words}
        if (directory / STAMP).exists():
            self.kept = json.loads((directory / STAMP).read_text("utf-8"))
            if {name: self.kept["corpus"].get(name) for name in wanted} != wanted:
                raise SystemExit(f"{directory} holds another corpus: {self.kept['corpus']}")
        as_of = self.kept["corpus"]["as_of"] if self.kept else utc_now().date().isoformat()
        self.as_of = dt.date.fromisoformat(as_of)
        self.corpus = Corpus(self.words, offers, self.as_of, seed, LONG)
        self._wanted = wanted | {"as_of": as_of, "providers": self.corpus.providers}

    @property
    def moment(self) -> dt.datetime:
        return noon(self.as_of.isoformat())

    @property
    def written(self) -> int:
        """Offers in the database."""
        count: int = self.kept.get("written", 0)
        return count

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Say on the terminal what is being done, and how long it took."""
        began = perf_counter()
        with self.console.status(f"{name} ..."):
            yield
        self.console.print(f"[dim]{name}: {perf_counter() - began:.1f} s[/dim]")

    def write(self, count: int) -> None:
        """Have so many offers in the database, the first of the corpus."""
        if not self.kept:
            self.directory.mkdir(parents=True, exist_ok=True)
            with self.step("Validating a sample"):
                validated = store.check(self.corpus)
            self.keep("corpus", self._wanted | {"validated": validated})
        if self.written < count:
            with self.step(f"Writing offers up to {count:,}"):
                store.write(self.corpus, self.database(), self.written, count)
            self.keep("written", count)

    def database(self) -> Database:
        # Which engine does not matter to the database.
        return Database(indexing.settings_for(self.directory, "whoosh").database_url)

    def once(self, name: str, title: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What making something has taken: now, or in the run that made it."""
        if name not in self.kept:
            with self.step(title):
                self.keep(name, make())
        entry: dict[str, Any] = self.kept[name]
        return entry

    def keep(self, name: str, value: Any) -> None:
        self.kept[name] = value
        (self.directory / STAMP).write_text(json.dumps(self.kept, indent=1), "utf-8")
