"""The engine: one object per process and index, safe for threads."""

# mypy: allow-untyped-calls
# Whoosh is typed only in part.

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

import numpy as np
from whoosh.index import LockError

from search.engine import IndexStatus, IndexUnavailableError
from search.engines.columns.answering import answer, newest_versions, versions_of
from search.engines.columns.suggesting import suggest
from search.engines.generations import Generations
from search.engines.whoosh.matching import Matcher
from search.engines.whoosh.postings import PostingsCache
from search.engines.whoosh.segments import UNREADABLE, newest_snapshot, open_snapshot
from search.engines.whoosh.snapshot import WhooshTable
from search.engines.whoosh.writing import DurableWriter, create_index, write_documents
from search.text import NO_COMPOUNDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from search.document import SearchDocument
    from search.facets import Facet
    from search.query import SearchQuery
    from search.results import Results, Titled
    from search.text import Compounds
    from search.understanding import Understanding

# Raise this whenever the fields, the columns or their meaning change.
FORMAT_VERSION: Final = 4

CACHE_BYTES: Final = 64 * 1024 * 1024

# Documents per commit of a rebuild: postings of so many fit in memory with ease.
_BATCH: Final = 8_000


class WhooshEngine:
    """Implements `search.engine.Engine` in a directory of its own."""

    name = "whoosh"

    def __init__(self, directory: Path, facets: Sequence[Facet], cache_bytes: int = CACHE_BYTES) -> None:
        self._facets = tuple(facets)
        self._generations = Generations(directory, FORMAT_VERSION)
        self._cache = PostingsCache(cache_bytes)
        self._table: WhooshTable | None = None
        self._opening = threading.Lock()
        self._writing = threading.Lock()

    def search(
        self,
        query: SearchQuery,
        *,
        as_of: datetime,
        hidden: Collection[str] = (),
        facets: Collection[str] | None = None,
    ) -> Results:
        """Answer a query against the newest committed state; see `search.engine.Engine`."""
        table = self._newest()
        understanding = table.understand(query)
        return answer(
            table,
            Matcher(table, self._cache).match,
            understanding,
            query=query,
            facets=self._facets,
            as_of=as_of,
            hidden=hidden,
            counted=facets,
        )

    def suggest(self, query: SearchQuery, *, as_of: datetime, enough: int) -> list[Titled]:
        """Documents whose title shows what is typed; see `search.engine.Engine`."""
        return suggest(self._newest(), query, facets=self._facets, as_of=as_of, enough=enough)

    def understand(self, query: SearchQuery) -> Understanding:
        """What a query asks for; see `search.engine.Engine`."""
        return self._newest().understand(query)

    def lexicon(self) -> WhooshTable:
        """The words of the newest commit; see `search.engine.Engine`."""
        return self._newest()

    def _newest(self) -> WhooshTable:
        """The table of the newest commit; only the first to notice a commit opens it, the others wait."""
        with self._opening:
            before = self._table.snapshot if self._table else None
            snapshot = newest_snapshot(self._generations, before)
            if self._table is None or snapshot is not before:
                self._table = WhooshTable(snapshot)
            return self._table

    def write(self, documents: Iterable[SearchDocument], deleted: Iterable[str] = ()) -> None:
        """Replace and delete in one commit; see `search.engine.Engine`. A document beats a deletion of its id."""
        newest = newest_versions(documents)
        with self._writing:
            self._generations.sweep()
            writer = _open_writer(self._generations.current())
            try:
                fresh = _replace(writer, self._newest(), newest, set(deleted) - newest.keys())
            except BaseException:
                writer.cancel()
                raise
            if fresh or writer.deletes:
                write_documents(writer, fresh)
            else:
                writer.cancel()

    @contextmanager
    def rebuild(self, compounds: Compounds = NO_COMPOUNDS) -> Iterator[WhooshRebuild]:
        """Build a generation beside the current one; see `search.engine.Engine`."""
        self._generations.sweep()
        with self._generations.building(compounds) as path:
            create_index(path)
            yield WhooshRebuild(self._generations, path, self._writing)

    def versions(self) -> Mapping[str, int]:
        """Id to version of every document."""
        return versions_of(self._newest())

    def status(self) -> IndexStatus:
        """State of the newest commit; its size is that of all files of the generation."""
        table = self._newest()
        snapshot = table.snapshot
        size = sum(map(_size, snapshot.path.glob("*")))
        return IndexStatus(self.name, int(np.count_nonzero(table.living)), size, snapshot.name)


class WhooshRebuild:
    """A generation being built."""

    def __init__(self, generations: Generations, path: Path, writing: threading.Lock) -> None:
        self._generations = generations
        self._path = path
        self._writing = writing

    def add(self, documents: Iterable[SearchDocument]) -> None:
        """Add documents in commits of some thousands."""
        waiting = iter(documents)
        for document in waiting:
            write_documents(DurableWriter(self._path), chain((document,), islice(waiting, _BATCH - 1)))

    def versions(self) -> Mapping[str, int]:
        """Id to version of what is committed."""
        return versions_of(WhooshTable(open_snapshot(self._path, None)))

    def swap(self) -> None:
        """Make this generation the current one; readers of the old one have its files open and keep them."""
        with self._writing:
            before = self._generations.replaced_by(self._path)
        if before:
            shutil.rmtree(before, ignore_errors=True)


def _size(path: Path) -> int:
    """A file's size; what a writer has just removed has none."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0


def _open_writer(path: Path) -> DurableWriter:
    try:
        return DurableWriter(path)
    except LockError as error:
        raise RuntimeError(f"another process writes to {path}") from error
    except UNREADABLE as error:
        raise IndexUnavailableError(f"the index in {path} cannot be read: {error}") from error


def _replace(
    writer: DurableWriter, table: WhooshTable, documents: dict[str, SearchDocument], deleted: set[str]
) -> list[SearchDocument]:
    """Delete what goes or is replaced; answer the documents that are not older than what is there."""
    if (table.snapshot.path, table.snapshot.commit + 1) != (writer.path, writer.generation):
        raise RuntimeError(f"another process rebuilt or wrote {writer.path} meanwhile")
    fresh = dict(documents)
    for segment, living in zip(table.opened, table.snapshot.living, strict=True):
        for document_id in documents.keys() | deleted:
            number = segment.numbers.get(document_id, -1)
            if number < 0 or not living[number]:
                continue
            if document_id in deleted or segment.version(number) <= documents[document_id].version:
                writer.delete(segment.id, number)
            else:
                fresh.pop(document_id)
    return list(fresh.values())
