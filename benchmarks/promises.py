"""What is promised of a run's figures. What is binding decides the exit code; an aim does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from benchmarks.figures import Promise
from benchmarks.peers import FTS5, POSTGRES, RAW
from benchmarks.queries import WORDS_AND_FILTERS

TANTIVY, WHOOSH = "tantivy", "whoosh"
# Whoosh is for catalogues up to here, and Tantivy promises something from there on.
LARGEST_WHOOSH: Final = 50_000
SMALLEST_TANTIVY: Final = 100_000
_MEMORY_UP_TO: Final = 50_000


def engine_for(offers: int) -> str:
    """The engine that a catalogue of a size is measured with unless told otherwise."""
    return WHOOSH if offers <= LARGEST_WHOOSH else TANTIVY


def promises(results: dict[str, Any]) -> list[Promise]:
    engine, offers = results["engine"], results["corpus"]["offers"]
    large = engine == TANTIVY and offers >= SMALLEST_TANTIVY
    small = engine == WHOOSH and offers <= LARGEST_WHOOSH
    found = [*_against_tantivy(results, large), *_against_databases(results, engine, large, small)]
    found += [_search_page(results, large or small), _suggest(results, large)]
    found += [
        Promise(
            f"searches where {name} differs",
            len(agreement.different),
            "<=",
            0,
            "",
            True,
            f"{agreement.checked} compared, {agreement.found} of them found something",
        )
        for name, agreement in results["agreement"].items()
    ]
    return [*found, *_aims(results)]


def _p95(results: dict[str, Any], name: str) -> tuple[float, float, int] | None:
    """Of the engine and of a peer in the searches that both were asked, and how many these are."""
    beside = results["beside"][WORDS_AND_FILTERS].get(name)
    if not beside:
        return None
    return beside["ours"].p95, beside["theirs"].p95, beside["ours"].count


def _against_tantivy(results: dict[str, Any], binding: bool) -> Iterator[Promise]:
    raw = _p95(results, RAW)
    if raw:
        ours, theirs, count = raw
        how = f"{ours:g} ms / {theirs:g} ms in {count} searches"
        yield Promise("engine p95 / raw Tantivy p95", round(ours / theirs, 2), "<=", 1.5, "", binding, how)
        rate, fed = results["index"]["per_second"], results["peers"][RAW]["per_second"]
        how = f"{rate:g} of {fed:g} offers a second"
        yield Promise(
            "index rate / raw Tantivy's, its terms given", round(rate / fed, 2), ">=", 0.4, "", binding, how
        )


def _against_databases(results: dict[str, Any], engine: str, large: bool, small: bool) -> Iterator[Promise]:
    for name in (FTS5, POSTGRES):
        figures = _p95(results, name)
        if figures is None:
            continue
        ours, theirs, count = figures
        how = f"{theirs:g} ms / {ours:g} ms in {count} searches"
        if engine == TANTIVY:
            yield Promise(f"{name} p95 / engine p95", round(theirs / ours, 1), ">=", 10, "", large, how)
        elif name == FTS5:
            how = f"{ours:g} ms / {theirs:g} ms in {count} searches"
            yield Promise(f"engine p95 / {name} p95", round(ours / theirs, 2), "<=", 1, "", small, how)


def _search_page(results: dict[str, Any], binding: bool) -> Promise:
    ours = results["searches"][WORDS_AND_FILTERS]["Portolan"]["wall"].p95
    page, about = _pages(results, f"search: {WORDS_AND_FILTERS}"), _pages(results, "about")
    how = f"{page:g} ms, allowed {ours:g} + 4 x {about:g}"
    over = round(page - (ours + 4 * about), 1)
    return Promise("search page p95 over its allowance", over, "<=", 0, "ms", binding, how)


def _suggest(results: dict[str, Any], binding: bool) -> Promise:
    suggest, about = _pages(results, "suggest"), _pages(results, "about")
    how = f"{suggest:g} ms / {about:g} ms"
    return Promise('suggest p95 / "about" p95', round(suggest / about, 2), "<=", 2, "", binding, how)


def _pages(results: dict[str, Any], kind: str) -> float:
    p95: float = results["pages"][kind]["wall"].p95
    return p95


def _aims(results: dict[str, Any]) -> list[Promise]:
    """Of a machine that everybody has: they say little of a large catalogue."""
    if results["corpus"]["offers"] > _MEMORY_UP_TO:
        return []
    memory = max(entry["rss"] for entry in results["processes"] if entry["process"] == "web worker")
    index = results["index"]
    return [
        Promise("index rate", index["per_second"], ">=", 150, "offers/s", False, "rows to committed index"),
        Promise("memory of a web worker", memory, "<=", 700, "MB", False, "resident, after all pages"),
        Promise("memory of a rebuild", index["memory_peak_mb"], "<=", 700, "MB", False, "peak"),
    ]
