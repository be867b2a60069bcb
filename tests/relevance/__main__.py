"""`make relevance`: how well judged searches are answered, by language and engine; see README.md here.

Exit code 1 when a promise is broken, or when a figure is more than 2 % below the committed one.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from search.engine import Engine
from tests.relevance.crossing import crossings
from tests.relevance.judged import SPLITS, Judged, Split, searches
from tests.relevance.measures import Quality, mean, quality
from tests.relevance.slips import slips
from tests.relevance.world import ENGINES, World

FIGURES: Final = Path(__file__).parent / "figures.json"
MEASURES: Final = ("success@10", "mrr", "ndcg@10")
TOLERANCE: Final = 0.02
OVERALL: Final = 0.95
EACH: Final = 0.9
BETWEEN_ENGINES: Final = 0.02
CROSSING: Final = 0.95
SLIPS: Final = 0.9
SLIP_COUNT: Final = 1_000

Figures = dict[str, Any]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.relevance", description=__doc__)
    parser.add_argument(
        "--others", type=int, default=20_000, help="offers among which the judged stand (20000)"
    )
    parser.add_argument("--engine", action="append", choices=sorted(ENGINES), help="one engine only")
    parser.add_argument("--split", action="append", choices=SPLITS, help="one split only")
    parser.add_argument("--data", type=Path, help="keep the indexes here and use them again")
    parser.add_argument(
        "--misses", action="store_true", help="say what was not found (never of the test split)"
    )
    parser.add_argument("--commit", action="store_true", help="make these the figures to be measured against")
    return parser.parse_args()


def measure(
    world: World, engine: Engine, judged: Iterable[Judged]
) -> dict[str, list[tuple[Judged, Quality]]]:
    """The quality of each search, by language."""
    measured = defaultdict(list)
    for one in judged:
        found = world.found(engine, one.text, one.language)
        measured[one.language].append((one, quality(found, one.relevant)))
    return measured


def figures_of(measured: dict[str, list[tuple[Judged, Quality]]]) -> Figures:
    every = [found for pairs in measured.values() for _, found in pairs]
    by_language = {language: mean([found for _, found in pairs]) for language, pairs in measured.items()}
    return {"all": mean(every), **dict(sorted(by_language.items()))}


def show(console: Console, name: str, split: Split, figures: Figures) -> None:
    table = Table(title=f"{name}, {split} split")
    for column in ("language", "searches", *MEASURES):
        table.add_column(column, justify="left" if column == "language" else "right")
    for language, row in figures.items():
        table.add_row(language, str(row["searches"]), *(f"{row[measure]:.3f}" for measure in MEASURES))
    console.print(table)


def broken(results: Figures) -> list[str]:
    """The promises on the test split, and that both engines are about as good."""
    complaints = []
    for name, splits in results.items():
        test = splits.get("test", {})
        if test and test["all"]["success@10"] < OVERALL:
            complaints.append(f"{name}: success@10 is {test['all']['success@10']:.3f}, promised {OVERALL}")
        complaints += [
            f"{name}, {language}: success@10 is {row['success@10']:.3f}, promised {EACH}"
            for language, row in test.items()
            if row["success@10"] < EACH
        ]
        for what, least, how in (
            ("across languages", CROSSING, "all"),
            ("slips", SLIPS, "word"),
            ("slips", SLIPS, "title"),
        ):
            share = splits[what][how]["found"]
            if share < least:
                complaints.append(f"{name}: {what}, {how}: {share:.3f}, promised {least}")
    for split in SPLITS:
        both = [splits[split]["all"]["ndcg@10"] for splits in results.values() if split in splits]
        if both and max(both) - min(both) > BETWEEN_ENGINES:
            complaints.append(f"{split}: nDCG@10 of the engines differs by {max(both) - min(both):.3f}")
    return complaints


def fallen(results: Figures, committed: Figures) -> list[str]:
    """What is more than 2 % below the committed figures."""
    return [
        f"{name}, {split}, {language}: {measure} fell from {before:.3f} to {row[measure]:.3f}"
        for name, splits in results.items()
        for split, figures in splits.items()
        if split in SPLITS
        for language, row in figures.items()
        for measure in MEASURES
        if (before := committed.get(name, {}).get(split, {}).get(language, {}).get(measure, 0.0))
        and row[measure] < before * (1 - TOLERANCE)
    ]


def cross(world: World, engine: Engine, *, misses: bool, console: Console) -> Figures:
    """The share of searches across languages that find the offer, by what was asked."""
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for one in crossings(world):
        hit = one.offer in world.found(engine, one.text, one.asked_in)
        found[one.how].append(hit)
        found["all"].append(hit)
        if misses and not hit:
            console.print(f"{one.asked_in}->{one.written_in} {one.how}: {one.text!r} -> {one.offer}")
    return {how: _share(hits) for how, hits in found.items()}


def slip(world: World, small: World, name: str, seed: int) -> Figures:
    """The share of mistyped words that find the offer: alone among the seed's offers, in their title among all."""
    cases = slips(world, SLIP_COUNT, seed)
    alone, whole = small.engine(name), world.engine(name)
    return {
        "word": _share([one.offer in small.found(alone, one.mistyped, one.language) for one in cases]),
        "title": _share([one.offer in world.found(whole, one.title, one.language) for one in cases]),
    }


def _share(hits: Sequence[bool]) -> dict[str, float]:
    return {"searches": len(hits), "found": round(sum(hits) / len(hits), 4)}


def run(
    world: World, console: Console, engines: Sequence[str], splits: Sequence[Split], *, misses: bool
) -> Figures:
    results: Figures = {}
    for name in engines:
        engine = world.engine(name)
        results[name] = {}
        for split in splits:
            measured = measure(world, engine, searches(split))
            results[name][split] = figures_of(measured)
            show(console, name, split, results[name][split])
            if misses and split == "tuning":
                for one, found in (pair for pairs in measured.values() for pair in pairs):
                    if not found.success:
                        console.print(f"{one.language} {one.kind}: {one.text!r} -> {dict(one.relevant)}")
        results[name]["across languages"] = cross(world, engine, misses=misses, console=console)
        results[name]["slips"] = slip(world, World(world.directory, 0), name, seed=1)
        console.print(name, results[name]["across languages"], results[name]["slips"])
    return results


def main() -> int:
    args = arguments()
    console = Console(width=None if sys.stdout.isatty() else 140)
    with tempfile.TemporaryDirectory(prefix="portolan-relevance-") as temporary:
        world = World(args.data or Path(temporary), args.others)
        results = run(
            world, console, args.engine or sorted(ENGINES), args.split or SPLITS, misses=args.misses
        )
    if args.commit:
        FIGURES.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", "utf-8")
        return 0
    committed = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    complaints = [*broken(results), *fallen(results, committed)]
    for complaint in complaints:
        console.print(f"[red]{complaint}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
