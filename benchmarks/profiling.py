"""Where the time goes: cProfile over the engine's searches and over whole search pages."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

from flask.testing import FlaskClient

from app import create_app
from benchmarks.pages import PageError
from catalogue.settings import ROOT, Settings

TOP: Final = 15


def profile(calls: Iterable[Callable[[], Any]]) -> list[dict[str, Any]]:
    """The functions that took most time themselves, per call in milliseconds. Profiling doubles times, roughly."""
    profiler = cProfile.Profile()
    count = 0
    for call in calls:
        profiler.runcall(call)
        count += 1
    stats: dict[Any, Any] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    rows = [
        {
            "function": _name(*place),
            "calls": round(calls / count, 1),
            "own_ms": round(own * 1000 / count, 3),
            "all_ms": round(whole * 1000 / count, 3),
        }
        for place, (_, calls, own, whole, _) in stats.items()
    ]
    return sorted(rows, key=lambda row: -float(row["own_ms"]))


def by_whole(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same, by the time including what they call: our own functions only."""
    ours = [row for row in rows if row["function"].startswith(("catalogue/", "search/", "templates/"))]
    return sorted(ours, key=lambda row: -float(row["all_ms"]))[:TOP]


def _name(file: str, line: int, function: str) -> str:
    if file.startswith(str(ROOT)) and "site-packages" not in file:
        place = Path(file).relative_to(ROOT)
        # The lines of a template are those of the code it was compiled to.
        return f"{place} {function}" if place.suffix == ".html" else f"{place}:{line} {function}"
    return f"{'/'.join(Path(file).parts[-2:])} {function}" if file != "~" else function


def pages(settings: Settings, paths: Iterable[str]) -> list[dict[str, Any]]:
    """Whole search pages in this process, without a network."""
    client = create_app(settings).test_client()
    calls = [partial(_get, client, path) for path in paths]
    for call in calls[:20]:
        call()
    return profile(calls[20:])


def _get(client: FlaskClient, path: str) -> None:
    """An error page is quick to make, and no figure."""
    status = client.get(path, headers={"Accept-Encoding": "gzip"}).status_code
    if status != 200:
        raise PageError(f"{path} answers {status}")
