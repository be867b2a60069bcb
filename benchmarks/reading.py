"""`python -m benchmarks.reading DIRECTORY ENGINE FILE DAY`: answer searches in a process that does nothing else.

FILE: pickled `benchmarks.asking.Questions`. Says how long each class took, and what the process holds in memory.
"""

from __future__ import annotations

import json
import pickle
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import indexing, machine
from benchmarks.asking import Questions
from benchmarks.figures import clocked
from benchmarks.place import noon
from benchmarks.queries import KINDS, Asked
from benchmarks.race import Contender, race, times
from catalogue.offers.facets import COUNTED
from catalogue.search import make_engine
from search.results import Results

ENGINE = "engine"


def read(directory: Path, engine_name: str, questions: Questions, as_of: str) -> dict[str, Any]:
    """Times of first answers in ms, memory in MB."""
    engine = make_engine(indexing.settings_for(directory, engine_name))

    def answer(asked: Asked) -> Results:
        return engine.search(asked.query, as_of=noon(as_of), facets=COUNTED)

    _, opening = clocked(partial(answer, questions.warm[0]))
    laps = race({ENGINE: Contender(answer)}, questions.asked, questions.warm, rounds=1)
    found = {kind: asdict(times(laps, ENGINE, kind)["wall"]) for kind in KINDS}
    memory = machine.memory()
    return {"first_ms": round(opening.wall), "memory_mb": memory["rss"], "searches": found}


def in_process(directory: Path, engine: str, questions: Questions, as_of: str) -> dict[str, Any]:
    """The same in a process of its own."""
    path = directory / "questions.pickle"
    path.write_bytes(pickle.dumps(questions))
    return indexing.answer_of("benchmarks.reading", str(directory), engine, str(path), as_of)


if __name__ == "__main__":
    asked: Questions = pickle.loads(Path(sys.argv[3]).read_bytes())
    print(json.dumps(read(Path(sys.argv[1]), sys.argv[2], asked, sys.argv[4])))
