"""The machine a figure was taken on, and what its processes hold in memory, from /proc."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

PACKAGES: Final = ("flask", "gunicorn", "jinja2", "numpy", "orjson", "sqlalchemy", "tantivy", "whoosh3")
MEGABYTE: Final = 1024 * 1024


def describe() -> dict[str, Any]:
    return {
        "cpu": _field(Path("/proc/cpuinfo"), "model name") or platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": _kilobytes(Path("/proc/meminfo"), "MemTotal") // 1024,
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{package: version(package) for package in PACKAGES},
    }


def load() -> float:
    """Processes that wanted to run during the last minute; above the number of cores, times are not to be trusted."""
    return round(os.getloadavg()[0], 2)


def memory(pid: int | str = "self") -> dict[str, int]:
    """Megabytes a process holds now, has held at most, and its share of what processes hold together."""
    process = Path("/proc") / str(pid)
    return {
        "rss": _kilobytes(process / "status", "VmRSS") // 1024,
        "peak": _kilobytes(process / "status", "VmHWM") // 1024,
        "share": _kilobytes(process / "smaps_rollup", "Pss") // 1024,
    }


def children(pid: int) -> list[int]:
    """The processes a process has started, in order."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if int(_field(status, "PPid") or 0) == pid:
                found.append(int(status.parent.name))
        except FileNotFoundError:
            continue  # It ended while we looked.
    return sorted(found)


def command(pid: int) -> str:
    return (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()


def _kilobytes(path: Path, name: str) -> int:
    return int((_field(path, name) or "0").split()[0])


def _field(path: Path, name: str) -> str | None:
    for line in path.read_text("utf-8", "replace").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return None


def size_of(directory: Path) -> int:
    """Bytes of all files below a directory."""
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
