"""Generations of an index: `<directory>/<generation>/` each, and the file CURRENT names the one in use.

A rebuild fills a generation beside the current one and holds a file lock in it. The lock dies with its process, so
a generation that is neither current nor locked is what a killed rebuild left behind.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import orjson

from search.engine import IndexUnavailableError
from search.engines.files import replace_file, sync_directory
from search.text import ANALYSIS_VERSION, Compounds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CURRENT: Final = "CURRENT"
_FORMAT: Final = "FORMAT"
_BUILDING: Final = "BUILDING"
_COMPOUNDS: Final = "COMPOUNDS"
_PREFIX: Final = "generation-"
_LONGEST_NAME: Final = 100


class Generations:
    """The generations below one directory."""

    def __init__(self, directory: Path, format_version: int) -> None:
        """format_version: raised by an engine whenever its fields or columns, or their meaning, change."""
        self.directory = directory
        self._current = str(directory / _CURRENT)
        self._format = {"format": format_version, "analysis": ANALYSIS_VERSION}

    def current_name(self) -> str:
        """The name in CURRENT, without a look at the generation itself."""
        try:
            # Every search asks, and `Path.read_text` takes ten times as long.
            with open(self._current, "rb", buffering=0) as file:  # noqa: PTH123
                name = file.read(_LONGEST_NAME).decode().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise IndexUnavailableError(f"there is no index in {self.directory}") from error
        if not name.startswith(_PREFIX) or "/" in name:
            raise IndexUnavailableError(f"CURRENT in {self.directory} is damaged")
        return name

    def current(self) -> Path:
        """The directory in use. Raises IndexUnavailableError when its format is not the one read here."""
        path = self.directory / self.current_name()
        try:
            written = orjson.loads((path / _FORMAT).read_bytes())
        except (OSError, ValueError) as error:
            raise IndexUnavailableError(f"{path} is not a readable generation") from error
        if written != self._format:
            raise IndexUnavailableError(
                f"{path} was written as {written}, read as {self._format}: rebuild it"
            )
        return path

    @contextmanager
    def building(self, compounds: Compounds) -> Iterator[Path]:
        """A new generation, locked while it is being built, removed at the end unless it became current.

        compounds: the words that all texts of the generation, and the queries to it, are split by.
        """
        path = self.directory / f"{_PREFIX}{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        path.mkdir(parents=True)
        with (path / _BUILDING).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            replace_file(path / _COMPOUNDS, compounds.dump())
            replace_file(path / _FORMAT, orjson.dumps(self._format))
            try:
                yield path
            finally:
                if not self.is_current(path):
                    shutil.rmtree(path, ignore_errors=True)

    def is_current(self, path: Path) -> bool:
        try:
            return self.current_name() == path.name
        except IndexUnavailableError:
            return False

    def replaced_by(self, path: Path) -> Path | None:
        """Make a generation the current one; answer the one it replaces. Readers of that keep its open files."""
        try:
            before = self.directory / self.current_name()
        except IndexUnavailableError:
            before = path
        sync_directory(self.directory)
        replace_file(self.directory / _CURRENT, path.name.encode())
        return before if before != path else None

    def sweep(self) -> None:
        """Remove generations that are neither current nor being built."""
        for path in self.directory.glob(f"{_PREFIX}*"):
            if not self.is_current(path) and not _is_locked(path / _BUILDING):
                shutil.rmtree(path, ignore_errors=True)


@lru_cache(maxsize=4)
def compounds_of(path: Path) -> Compounds:
    """The words that a generation's compounds are split by. Raises OSError or ValueError when they are damaged."""
    return Compounds.load((path / _COMPOUNDS).read_bytes())


def _is_locked(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
