"""Results as a table for people and as JSON for comparison."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Promise, Times

Rows = Sequence[Sequence[Any]]


def write_json(path: Path, results: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, default=_plain, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, Promise):
        return value.as_json()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"Not a result: {value!r}")


def show(console: Console, results: Mapping[str, Any]) -> None:
    _machine(console, results)
    _index(console, results)
    _searches(console, results)
    _pages(console, results["pages"])
    _memory(console, results)
    _promises(console, results["promises"])
    for title, tables in results.get("profiles", {}).items():
        _profile(console, title, tables)


def _table(console: Console, title: str, columns: Sequence[str], rows: Rows) -> None:
    """A table whose first column is text and whose others are numbers."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(_cell, row))
    console.print(table)


def _cell(value: Any) -> str:
    return (
        f"{value:,.2f}"
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )


def _machine(console: Console, results: Mapping[str, Any]) -> None:
    machine, corpus = results["machine"], results["corpus"]
    console.print(
        f"[bold]{corpus['offers']:,} offers[/bold] of {corpus['providers']:,} providers as of {corpus['as_of']}, "
        f"seed {corpus['seed']}, {corpus['words']} words or more in each of two languages; "
        f"{corpus['validated']} documents validated."
    )
    console.print(
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_mb']:,} MB; Python {machine['python']}, "
        f"SQLite {machine['sqlite']}, PostgreSQL {machine['postgresql'] or 'none'}, tantivy {machine['tantivy']}, "
        f"whoosh3 {machine['whoosh3']}, numpy {machine['numpy']}; "
        f"load {results['load']['start']} at the start, {results['load']['end']} at the end."
    )


def _index(console: Console, results: Mapping[str, Any]) -> None:
    index = results["index"]
    columns = ("per_second", "seconds", "size_mb")
    rows = [(f"Portolan, {results['engine']} (rows to committed index)", *(index[name] for name in columns))]
    rows += [
        (f"{name} ({_FED.get(name, 'documents to tables')})", *(fed[column] for column in columns))
        for name, fed in results["peers"].items()
    ]
    _table(console, "Indexing", ("", "offers/s", "s", "MB"), rows)
    console.print(f"Portolan took {index['cpu_seconds']:,} s of processor time.")


_FED: Final = {"raw Tantivy": "given terms to committed index", "PostgreSQL": "given terms to tables"}


def _times(times: Times) -> tuple[float, ...]:
    return times.p50, times.p95, times.p99, times.worst


def _searches(console: Console, results: Mapping[str, Any]) -> None:
    rows = [
        (f"{kind}: {name}", *_times(found["wall"]), found["cpu"].p95, found["median_total"], found["empty"])
        for kind, contenders in results["searches"].items()
        for name, found in contenders.items()
    ]
    columns = ("class: by whom", "p50", "p95", "p99", "worst", "cpu p95", "median found", "empty")
    _table(console, "Searches with all facet counts, each for the first time, ms", columns, rows)
    beside = [
        (f"{kind}: {name}", figures["ours"].count, figures["ours"].p95, figures["theirs"].p95,
         figures["theirs"].p95 / figures["ours"].p95)
        for kind, peers in results["beside"].items()
        for name, figures in peers.items()
    ]  # fmt: skip
    heads = ("class: peer", "searches", "Portolan p95", "its p95", "times slower")
    _table(console, "Beside each peer, in the searches that both were asked, ms", heads, beside)
    for name, agreement in results["agreement"].items():
        console.print(
            f"{name}: totals and all facet counts compared in {agreement.checked} searches that both understand "
            f"alike ({agreement.found} found something): {len(agreement.different)} differ."
        )


def _pages(console: Console, pages: Mapping[str, Any]) -> None:
    rows = [
        (kind, found["wall"].count, *_times(found["wall"]), found["median_kb"], found["most_kb"])
        for kind, found in pages.items()
    ]
    columns = ("page", "requests", "p50", "p95", "p99", "worst", "KB sent", "most KB")
    _table(console, "Pages over HTTP, ms", columns, rows)


def _memory(console: Console, results: Mapping[str, Any]) -> None:
    rows = [
        (entry["process"], entry["rss"], entry["peak"], entry["share"])
        for entry in [*results["processes"], results["rebuild_process"]]
    ]
    _table(console, "Memory, MB", ("process", "resident", "peak", "share"), rows)


def _promises(console: Console, promises: Sequence[Promise]) -> None:
    rows = [
        (
            promise.name,
            f"{promise.value:g} {promise.unit}",
            f"{promise.sign} {promise.limit:g} {promise.unit}",
            _verdict(promise),
            promise.how,
        )
        for promise in promises
    ]
    _table(console, "Promises and aims", ("", "measured", "wanted", "", "how"), rows)


def _verdict(promise: Promise) -> str:
    if promise.kept:
        return "[green]kept[/green]" if promise.binding else "[green]reached[/green]"
    return "[red]BROKEN[/red]" if promise.binding else "[yellow]missed[/yellow]"


def _profile(console: Console, title: str, tables: Mapping[str, Rows]) -> None:
    for name, rows in tables.items():
        cells = [tuple(row.values()) for row in rows if isinstance(row, dict)]
        columns = ("function", "calls", "own ms", "with calls ms")
        _table(console, f"{title}: {name}, per call under cProfile", columns, cells)
