"""Whoosh's files, made durable and cheap to read.

Whoosh leaves syncing to the operating system: after a power cut its table of contents may be there while the
segments that it names are not. Here a file is on disk before the name that makes it visible.
"""

# mypy: allow-untyped-calls
# Whoosh is typed only in part.

from __future__ import annotations

import mmap
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, cast

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

from search.engines.files import sync_directory, sync_file


class MappedFile(StructFile):
    """A file read through a memory map: no system call per read, and it survives deletion and fork."""

    def __init__(self, path: Path, name: str) -> None:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._mapped = mapped
        super().__init__(cast("BinaryIO", mapped), name=name)

    def get(self, position: int, length: int) -> bytes:
        return self._mapped[position : position + length]


class DurableStorage(FileStorage):
    """A directory of Whoosh files where renaming implies that content and name are on disk."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path

    def open_file(self, name: str, **_options: Any) -> StructFile:
        """Whoosh's own way opens an ordinary file; reading one costs a system call for each number."""
        path = self.path / name
        if path.stat().st_size == 0:
            return StructFile(BytesIO(), name=name)  # nothing cannot be mapped
        return MappedFile(path, name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Whoosh renames only its table of contents, which makes a commit."""
        sync_file(self.path / oldname)
        super().rename_file(oldname, newname, safe=safe)
        sync_directory(self.path)
