"""Measures the engine: `python -m tests.search.speed 20000 [directory]`. Not a test; the numbers are for people.

Times are processor time, so that neighbours on the machine do not count; on an idle one they are what a clock shows.
"""

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
        began = time.process_time()
        with engine.rebuild() as rebuild:
            rebuild.add(documents)
            rebuild.swap()
        print(f"indexed {count} documents, {count / (time.process_time() - began):.0f} a second")
        return
    print(f"memory before {_megabytes():.0f} MB")
    began = time.process_time()
    engine.search(corpus.query(), as_of=AS_OF)
    print(f"first search {time.process_time() - began:.3f} s, {engine.status()}")
    queries = [corpus.query() for _ in range(400)]
    for name in ("cold", "warm"):
        took = []
        for query in queries:
            began = time.process_time()
            engine.search(query, as_of=AS_OF)
            took.append((time.process_time() - began) * 1000)
        p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[18]
        print(f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, worst {max(took):.1f} ms")
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
