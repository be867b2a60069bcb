"""`python -m benchmarks --offers N`: see docs/benchmarks.md. Exit code 1 when a promise is broken."""

from __future__ import annotations

import argparse
import datetime as dt
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from rich.console import Console

from benchmarks import report
from benchmarks.bench import Bench, Wanted
from benchmarks.peers import FTS5, NAMES, POSTGRES, RAW
from benchmarks.promises import TANTIVY, WHOOSH, engine_for

RESULTS: Final = Path(__file__).parent / "results"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--offers", type=int, default=20_000, help="size of the corpus (20000)")
    parser.add_argument(
        "--engine", choices=(WHOOSH, TANTIVY), help="whoosh up to 50,000 offers, above tantivy"
    )
    parser.add_argument(
        "--peers",
        type=_peers,
        help="who else answers: of raw, fts5, postgresql, with commas (tantivy: all, whoosh: fts5)",
    )
    parser.add_argument("--queries", type=int, default=300, help="searches with words and filters (300)")
    parser.add_argument("--seed", type=int, default=1, help="another number, another corpus (1)")
    parser.add_argument(
        "--json", type=Path, help="where the results go (benchmarks/results/DATE-ENGINE-N.json)"
    )
    parser.add_argument("--data", type=Path, help="keep corpus and indexes here and use them again")
    parser.add_argument("--profile", action="store_true", help="say where the time goes, too")
    args = parser.parse_args()
    args.engine = args.engine or engine_for(args.offers)
    if args.peers is None:
        args.peers = (RAW, FTS5, POSTGRES) if args.engine == TANTIVY else (FTS5,)
    return args


def _peers(names: str) -> tuple[str, ...]:
    return tuple(NAMES[name.strip()] for name in names.split(",") if name)


@contextmanager
def directory(kept: Path | None) -> Iterator[Path]:
    """The directory that is kept, or one that goes at the end."""
    if kept:
        yield kept.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="portolan-bench-") as temporary:
        yield Path(temporary)


def end(number: int, _frame: FrameType | None) -> None:
    """Leave by the way of an error, so that the portal is stopped and the directory removed."""
    sys.exit(128 + number)


def main() -> int:
    args = arguments()
    signal.signal(signal.SIGTERM, end)
    console = Console(width=None if sys.stdout.isatty() else 140)
    with directory(args.data) as place:
        wanted = Wanted(args.offers, args.engine, args.peers, args.seed, args.queries, args.profile, place)
        results = Bench(wanted, console).run()
    today = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"
    path = args.json or RESULTS / f"{today}-{args.engine}-{args.offers}.json"
    report.write_json(path, results)
    report.show(console, results)
    console.print(f"Written to {path}")
    return 0 if all(promise.kept or not promise.binding for promise in results["promises"]) else 1


if __name__ == "__main__":
    sys.exit(main())
