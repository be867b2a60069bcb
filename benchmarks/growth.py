"""`python -m benchmarks.growth`: what search costs as a catalogue grows, for both engines, as table and as plot.

The corpus is written once, up to each size in turn; at each size every engine indexes all of it and then answers the
same searches, in processes of their own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from benchmarks import asking, indexing, machine, plot, reading
from benchmarks.__main__ import directory
from benchmarks.asking import Questions
from benchmarks.place import Place
from benchmarks.promises import LARGEST_WHOOSH, TANTIVY, WHOOSH
from benchmarks.queries import FILTERS, KINDS, WORDS, WORDS_AND_FILTERS
from catalogue.settings import ROOT

SIZES: Final = (1_000, 5_000, 20_000, 50_000, 100_000, 200_000)
LARGEST: Final = {WHOOSH: LARGEST_WHOOSH, TANTIVY: sys.maxsize}
SEARCHES: Final = {WORDS_AND_FILTERS: 200, FILTERS: 100, WORDS: 100}
WARM: Final = 20

Row = dict[str, Any]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="offers, with commas (1000 to 200000)")
    parser.add_argument("--seed", type=int, default=1, help="another number, another corpus (1)")
    parser.add_argument("--data", type=Path, help="keep corpus and figures here, and go on from there")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where reports/ and images/ are")
    return parser.parse_args()


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(size) for size in text.split(",")))


class Growth:
    """Measures at each size in turn."""

    def __init__(self, place: Place, seed: int) -> None:
        self.place, self.seed = place, seed
        self._questions: tuple[int, Questions] | None = None

    def rows(self, sizes: Sequence[int]) -> Iterator[Row]:
        """One for each size and engine."""
        for size in sizes:
            for engine, largest in LARGEST.items():
                if size <= largest:
                    found = self.place.kept.get(_name(engine, size)) or self._measure(engine, size)
                    yield {"engine": engine, "offers": size, **found}

    def _measure(self, engine: str, size: int) -> Row:
        place = self.place
        if place.written > size:
            raise SystemExit(
                f"{place.directory} holds {place.written} offers already; {size} need another one."
            )
        place.write(size)
        with place.step(f"{engine}: indexing {size:,}"):
            index = indexing.in_process(place.directory, engine)
        with place.step(f"{engine}: making searches"):
            questions = self._ask(engine, size)
        with place.step(f"{engine}: searching {size:,}"):
            read = reading.in_process(place.directory, engine, questions, place.as_of.isoformat())
        found = {"load": machine.load(), "index": index, **read}
        place.keep(_name(engine, size), found)
        if size == place.corpus.size:
            # `python -m benchmarks --data` finds an index of the whole corpus.
            place.keep(f"index-{engine}", index)
        return found

    def _ask(self, engine: str, size: int) -> Questions:
        """The same for all engines: what they are asked depends on the offers, not on who is asked."""
        if self._questions is None or self._questions[0] != size:
            made = asking.ask(self.place.directory, engine, SEARCHES, WARM, self.seed)
            self._questions = size, made
        return self._questions[1]


def _name(engine: str, size: int) -> str:
    return f"growth-{engine}-{size}"


# Reports --------------------------------------------------------------------------------------------------------


def table(rows: Iterable[Row]) -> str:
    """The figures in Markdown."""
    heads = ["engine", "offers", *(f"{kind}, p50 / p95 ms" for kind in KINDS)]
    heads += ["memory MB", "index MB", "build s", "offers/s", "build peak MB"]
    lines = [f"| {' | '.join(heads)} |", f"|---{'|---:' * (len(heads) - 1)}|"]
    lines += [f"| {' | '.join(_cells(row))} |" for row in sorted(rows, key=_by_engine)]
    return "\n".join(lines)


def _by_engine(row: Row) -> tuple[str, int]:
    return row["engine"], row["offers"]


def _cells(row: Row) -> Iterator[str]:
    yield from (row["engine"], f"{row['offers']:,}")
    yield from (f"{row['searches'][kind]['p50']:.1f} / {row['searches'][kind]['p95']:.1f}" for kind in KINDS)
    index = row["index"]
    yield from (f"{row['memory_mb']:,}", f"{index['size_mb']:,.0f}", f"{index['seconds']:,.0f}")
    yield from (f"{index['per_second']:,.0f}", f"{index['memory_peak_mb']:,}")


def document(rows: Sequence[Row], place: Place, day: str) -> str:
    described = machine.describe()
    loads = [row["load"] for row in rows]
    return f"""# What search costs as the catalogue grows

{day}, `python -m benchmarks.growth`: {described["cpu"]}, {described["cores"]} cores, {described["memory_mb"]:,} MB,
Python {described["python"]}, tantivy {described["tantivy"]}, whoosh3 {described["whoosh3"]}; load between
{min(loads)} and {max(loads)}. {place.corpus.lengths.words} words or more in each of two languages per offer, as in
[benchmarks.md](../benchmarks.md). Each engine is measured in a process of its own that does nothing else:
{", ".join(f"{count} searches of the class “{kind}”" for kind, count in SEARCHES.items())}, all facets
counted, each search for the first time. Memory is what the reading process holds at the end, Python, vocabularies and
dictionaries included; build time is from the rows of the database to a committed index.

![p95, memory, index and build time by number of offers](../images/growth.svg)

{table(rows)}
"""


def write_reports(rows: Sequence[Row], place: Place, docs: Path) -> list[Path]:
    day = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"
    reports, images = docs / "reports", docs / "images"
    paths = [reports / f"{day}-growth.json", reports / f"{day}-growth.md", images / "growth.svg"]
    for folder in (reports, images):
        folder.mkdir(parents=True, exist_ok=True)
    figures = {"machine": machine.describe(), "corpus": place.kept["corpus"], "rows": rows}
    paths[0].write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    paths[1].write_text(document(rows, place, day), "utf-8")
    paths[2].write_text(plot.growth(rows), "utf-8")
    return paths


def main() -> int:
    args = arguments()
    console = Console(width=None if sys.stdout.isatty() else 140)
    with directory(args.data) as folder:
        place = Place(folder, max(args.sizes), args.seed, console)
        rows = list(Growth(place, args.seed).rows(args.sizes))
        console.print(table(rows), soft_wrap=True, highlight=False)
        for path in write_reports(rows, place, args.docs):
            console.print(f"Written: {os.path.relpath(path)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
