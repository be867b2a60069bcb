"""`python -m benchmarks --offers N`: see docs/benchmarks.md. Exit code 1 when a promise is broken."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks import report
from benchmarks.bench import Bench, Wanted

RESULTS: Final = Path(__file__).parent / "results"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--offers", type=int, default=20_000, help="size of the corpus (20000)")
    parser.add_argument("--queries", type=int, default=300, help="searches with words and filters (300)")
    parser.add_argument("--seed", type=int, default=1, help="another number, another corpus (1)")
    parser.add_argument("--json", type=Path, help="where the results go (benchmarks/results/DATE-N.json)")
    parser.add_argument("--data", type=Path, help="keep corpus and indexes here and use them again")
    parser.add_argument("--profile", action="store_true", help="say where the time goes, too")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    console = Console(width=None if sys.stdout.isatty() else 140)
    with tempfile.TemporaryDirectory(prefix="portolan-bench-") as temporary:
        directory = args.data.absolute() if args.data else Path(temporary)
        wanted = Wanted(args.offers, args.seed, args.queries, args.profile, directory)
        results = Bench(wanted, console).run()
    path = args.json or RESULTS / f"{dt.datetime.now(dt.UTC):%Y-%m-%d}-{args.offers}.json"
    report.write_json(path, results)
    report.show(console, results)
    console.print(f"Written to {path}")
    return 0 if all(promise.kept or not promise.binding for promise in results["promises"]) else 1


if __name__ == "__main__":
    sys.exit(main())
