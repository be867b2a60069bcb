"""A commit: which files of columns make up its rows, which rows are deleted, and what Tantivy has of them.

Rows are numbered through a generation and no number is used twice: a document that is replaced gets a new row, and
the old one is dead from then on. A commit is made by the name of its manifest, after everything that it names is on
disk; what is there without being named by the newest manifest is what a killed writer left.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from os.path import exists
from typing import TYPE_CHECKING, Final

import numpy as np
import orjson

from search.engines.files import replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from search.engines.columns.values import Mask

_PREFIX: Final = "manifest-"
COLUMNS: Final = ".columns"


@dataclass(frozen=True, slots=True)
class Part:
    """A file with the columns of neighbouring rows: the first row and how many there are."""

    first: int
    size: int

    @property
    def name(self) -> str:
        return f"rows-{self.first}-{self.first + self.size}{COLUMNS}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One commit.

    living: by row. doomed: rows that are dead since this commit and that Tantivy still has; the next one makes it
    forget them, so that whoever reads an older manifest with a newer state of Tantivy misses nothing. opstamp:
    Tantivy's own number of the commit.
    """

    commit: int
    parts: tuple[Part, ...]
    living: Mask
    doomed: tuple[int, ...]
    opstamp: int

    @property
    def size(self) -> int:
        """The number of rows, dead ones included."""
        return len(self.living)


def manifest_path(path: Path, commit: int) -> Path:
    """Where the manifest of a commit lies."""
    return path / _name(commit)


def _name(commit: int) -> str:
    return f"{_PREFIX}{commit:010d}"


def newest_commit(path: Path) -> int:
    """The number of the newest commit. Raises ValueError where there is none."""
    return max(commits(path))


def commits(path: Path) -> list[int]:
    """All commits whose manifests are there: one, and its predecessor while a writer tidies up."""
    names = (file.name.removeprefix(_PREFIX) for file in path.glob(f"{_PREFIX}*"))
    return [int(name) for name in names if name.isdecimal()]


def is_newest(path: Path, commit: int) -> bool:
    """Whether no later commit is there: two looks at names.

    A writer names the next manifest first and removes the old one afterwards.
    """
    # Every search asks; to make a path of a name takes longer than to look for it.
    this, later = f"{path}/{_name(commit)}", f"{path}/{_name(commit + 1)}"
    return exists(this) and not exists(later)  # noqa: PTH110


def read_manifest(path: Path, commit: int) -> Manifest:
    """Raises OSError, or ValueError, LookupError or TypeError when the manifest is damaged."""
    content = orjson.loads(manifest_path(path, commit).read_bytes())
    parts = tuple(Part(first, size) for first, size in content["parts"])
    size = sum(part.size for part in parts)
    bits = np.frombuffer(base64.b64decode(content["living"]), np.uint8)
    living = np.unpackbits(bits, count=size).astype(np.bool_)
    if [part.first for part in parts] != np.cumsum([0, *(part.size for part in parts)])[:-1].tolist():
        raise ValueError(f"the manifest {commit} in {path} is damaged")
    return Manifest(commit, parts, living, tuple(content["doomed"]), content["opstamp"])


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Make a commit visible."""
    content = {
        "parts": [(part.first, part.size) for part in manifest.parts],
        "living": base64.b64encode(np.packbits(manifest.living).tobytes()).decode(),
        "doomed": manifest.doomed,
        "opstamp": manifest.opstamp,
    }
    replace_file(manifest_path(path, manifest.commit), orjson.dumps(content))


def remove_unnamed(path: Path, manifest: Manifest) -> None:
    """Remove what the newest manifest does not name."""
    named = {part.name for part in manifest.parts}
    for file in [*path.glob(f"*{COLUMNS}*"), *path.glob(f"{_PREFIX}*")]:
        if file.name not in named and file != manifest_path(path, manifest.commit):
            file.unlink(missing_ok=True)
