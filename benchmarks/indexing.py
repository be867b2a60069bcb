"""`python -m benchmarks.indexing DIRECTORY ENGINE`: rebuild the index in a process of its own and say what it took.

A process of its own, so that its peak of memory is that of `portolan index rebuild` and nothing else's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import machine
from catalogue.changes import indexer
from catalogue.db import Database
from catalogue.search import make_engine
from catalogue.settings import ROOT, Settings


def environment(directory: Path, engine: str) -> dict[str, str]:
    """The portal's settings: each engine has an index of its own beside the same database."""
    return {
        "PORTOLAN_DATA_DIR": str(directory),
        "PORTOLAN_SEARCH_URL": f"{engine}:{directory / f'index-{engine}'}",
        "PORTOLAN_LOG_LEVEL": "warning",
    }


def settings_for(directory: Path, engine: str) -> Settings:
    return Settings.from_env(environment(directory, engine))


def rebuild(directory: Path, engine_name: str) -> dict[str, Any]:
    """From the rows of the database to a committed index."""
    settings = settings_for(directory, engine_name)
    database, engine = Database(settings.database_url), make_engine(settings)
    before = machine.memory()["rss"]
    began, cpu = time.perf_counter(), time.process_time()
    documents = indexer.rebuild(database, engine)
    seconds = time.perf_counter() - began
    return {
        "documents": documents,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "per_second": round(documents / seconds, 1),
        "size_mb": round(machine.size_of(settings.index_dir) / machine.MEGABYTE, 1),
        "memory_before_mb": before,
        "memory_peak_mb": machine.memory()["peak"],
    }


def in_process(directory: Path, engine: str) -> dict[str, Any]:
    """The same in a process of its own."""
    return answer_of("benchmarks.indexing", str(directory), engine)


def answer_of(module: str, *arguments: str) -> dict[str, Any]:
    """What a module prints last, as JSON. Raises RuntimeError when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    print(json.dumps(rebuild(Path(sys.argv[1]), sys.argv[2])))
