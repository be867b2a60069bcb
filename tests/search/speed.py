"""Measures the engine: `python -m tests.search.speed 20000 [directory]`. Not a test; the numbers are for people."""

from __future__ import annotations

import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from search.engines.whoosh import WhooshEngine
from tests.search.corpus import AS_OF, FACETS, Corpus


def main(count: int, directory: Path) -> None:
    corpus = Corpus()
    engine = WhooshEngine(directory, FACETS)
    if not (directory / "CURRENT").exists():
        documents = list(corpus.documents(count))
        began = time.perf_counter()
        with engine.rebuild() as rebuild:
            rebuild.add(documents)
            rebuild.swap()
        print(f"indexed {count} documents, {count / (time.perf_counter() - began):.0f} a second")
        return
    print(f"memory before {_megabytes():.0f} MB")
    began = time.perf_counter()
    engine.search(corpus.query(), as_of=AS_OF)
    print(f"first search {time.perf_counter() - began:.3f} s, {engine.status()}")
    queries = [corpus.query() for _ in range(400)]
    for name in ("cold", "warm"):
        took, totals = [], []
        for query in queries:
            began = time.perf_counter()
            totals.append(engine.search(query, as_of=AS_OF).total)
            took.append((time.perf_counter() - began) * 1000)
        p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[18]
        print(f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, worst {max(took):.1f} ms, median total {statistics.median(totals)}")
    print(f"memory {_megabytes():.0f} MB")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    if len(sys.argv) > 2:
        main(size, Path(sys.argv[2]))
    else:
        place = Path(tempfile.mkdtemp())
        try:
            main(size, place)
            main(size, place)
        finally:
            shutil.rmtree(place)
