"""Whatever is typed: no engine fails, and none takes two seconds. The seed of the run is printed."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from search.engine import Engine
from search.engines.tantivy import TantivyEngine
from search.engines.whoosh import WhooshEngine
from search.query import SearchQuery
from search.text import LANGUAGES
from tests.search.small import AS_OF, FACETS, Small

ENGINES: Final = {"tantivy": TantivyEngine, "whoosh": WhooshEngine}
SECONDS: Final = 2.0
_SCRIPTS: Final = (
    (0x21, 0x7F),
    (0xA0, 0x180),
    (0x250, 0x300),
    (0x300, 0x370),
    (0x370, 0x400),
    (0x400, 0x530),
    (0x590, 0x600),
    (0x600, 0x700),
    (0x900, 0x980),
    (0x1E00, 0x2000),
    (0x2000, 0x2070),
    (0x3040, 0x3100),
    (0x4E00, 0x4F00),
    (0xAC00, 0xAD00),
    (0xFE00, 0x10000),
    (0x1F300, 0x1F700),
    (0xE0000, 0xE0080),
)
_OPERATORS: Final = "\"“”„«»-−–*?~^:/\\()[]{}<>|&!+.,;#@%$'’ \t\n\r\0\u200b\u202e\ufeff"
_WORDS: Final = [
    "data",
    "course",
    "courses",
    "Wien",
    "C++",
    "micro-credential",
    "Größe",
    "Häuser",
    "AND",
    "OR",
    "NOT",
    "TO",
    "title:x",
    ".NET",
    "c#",
]


def strings(rng: random.Random, count: int) -> Iterator[str]:
    """Words, signs, letters of any script, deep nesting, and now and then ten kilobytes of it."""
    for _ in range(count):
        length = rng.choice((1, 3, 8, 20, 60, 200)) if rng.random() > 0.02 else 10_240
        pieces = []
        size = 0
        while size < length:
            piece = _piece(rng)
            pieces.append(piece)
            size += len(piece)
        yield "".join(pieces)[:length]


def _piece(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(_WORDS) + rng.choice((" ", "-", "'", ""))
    if kind < 0.5:
        return rng.choice(_OPERATORS)
    if kind < 0.6:
        return rng.choice('"(-') * rng.randint(1, 40)
    low, high = rng.choice(_SCRIPTS)
    return "".join(chr(rng.randrange(low, high)) for _ in range(rng.randint(1, 12)))


@pytest.mark.parametrize("count", [300, pytest.param(50_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("name", sorted(ENGINES))
def test_any_string_is_answered_in_time(name: str, count: int, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    rng, world = random.Random(seed), Small(seed)
    engine: Engine = ENGINES[name](tmp_path, FACETS)
    with engine.rebuild() as rebuild:
        rebuild.add(world.document(f"o{number:03d}", 1) for number in range(200))
        rebuild.swap()
    slowest = 0.0
    for text in strings(rng, count):
        languages = tuple(rng.sample(sorted(LANGUAGES), rng.randint(1, 4)))
        # As a request would be read, and as it stands: an engine has to bear both.
        read, _ = SearchQuery.from_args([("q", text)], FACETS, languages)
        for query in (read, SearchQuery(text, languages)):
            began = time.perf_counter()
            engine.search(query, as_of=AS_OF)
            slowest = max(slowest, time.perf_counter() - began)
    print(f"{name}: {count} strings, slowest {slowest:.3f} s")
    assert slowest < SECONDS
