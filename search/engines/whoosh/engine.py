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
from search.engines.whoosh.generations import Generations
from search.engines.whoosh.matching import WordMatcher
from search.engines.whoosh.ordering import Ordering
from search.engines.whoosh.postings import PostingsCache
from search.engines.whoosh.segments import UNREADABLE, newest_snapshot, open_snapshot
from search.engines.whoosh.selecting import Selected
from search.engines.whoosh.table import Table
from search.engines.whoosh.writing import DurableWriter, create_index, write_documents
from search.results import Hit, Results
from search.text import query_terms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from search.document import SearchDocument
    from search.engines.whoosh.columns import Mask, Singles
    from search.facets import Facet
    from search.query import SearchQuery

CACHE_BYTES: Final = 64 * 1024 * 1024

# Documents per commit of a rebuild: postings of so many fit in memory with ease.
_BATCH: Final = 8_000


class WhooshEngine:
    """Implements `search.engine.Engine` in a directory of its own."""

    name = "whoosh"

    def __init__(self, directory: Path, facets: Sequence[Facet], cache_bytes: int = CACHE_BYTES) -> None:
        self._facets = tuple(facets)
        self._generations = Generations(directory)
        self._cache = PostingsCache(cache_bytes)
        self._table: Table | None = None
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
        words = query_terms(query.text, query.languages)
        match = WordMatcher(table, self._cache).match(words)
        selected = Selected(table, self._facets, query, as_of, _visible(table, hidden) & match.documents)
        scores = match.scores if words.asks else None
        page = Ordering(table, self._facets, query, as_of).page(selected.documents, selected.runs, scores)
        names = [facet.name for facet in self._facets if facets is None or facet.name in facets]
        return Results(
            int(np.count_nonzero(selected.documents)),
            _hits(table, page.tolist(), match.scores),
            {name: selected.counts(name) for name in names},
        )

    def _newest(self) -> Table:
        """The table of the newest commit; only the first to notice a commit opens it, the others wait."""
        with self._opening:
            before = self._table.snapshot if self._table else None
            snapshot = newest_snapshot(self._generations, before)
            if self._table is None or snapshot is not before:
                self._table = Table(snapshot)
            return self._table

    def write(self, documents: Iterable[SearchDocument], deleted: Iterable[str] = ()) -> None:
        """Replace and delete in one commit; see `search.engine.Engine`. A document beats a deletion of its id."""
        newest = _newest_versions(documents)
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
    def rebuild(self) -> Iterator[WhooshRebuild]:
        """Build a generation beside the current one; see `search.engine.Engine`."""
        self._generations.sweep()
        with self._generations.building() as path:
            create_index(path)
            yield WhooshRebuild(self._generations, path, self._writing)

    def versions(self) -> Mapping[str, int]:
        """Id to version of every document."""
        return _versions(self._newest())

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
        return _versions(Table(open_snapshot(self._path, None)))

    def swap(self) -> None:
        """Make this generation the current one; readers of the old one have its files open and keep them."""
        with self._writing:
            before = self._generations.replaced_by(self._path)
        if before:
            shutil.rmtree(before, ignore_errors=True)


def _visible(table: Table, hidden: Collection[str]) -> Mask:
    visible = table.living.copy()
    visible[table.numbers_of(hidden)] = False
    return visible


def _size(path: Path) -> int:
    """A file's size; what a writer has just removed has none."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0


def _versions(table: Table) -> dict[str, int]:
    versions = table.versions.tolist()
    return {table.ids[number]: versions[number] for number in np.flatnonzero(table.living).tolist()}


def _newest_versions(documents: Iterable[SearchDocument]) -> dict[str, SearchDocument]:
    newest: dict[str, SearchDocument] = {}
    for document in documents:
        known = newest.get(document.id)
        if known is None or known.version <= document.version:
            newest[document.id] = document
    return newest


def _open_writer(path: Path) -> DurableWriter:
    try:
        return DurableWriter(path)
    except LockError as error:
        raise RuntimeError(f"another process writes to {path}") from error
    except UNREADABLE as error:
        raise IndexUnavailableError(f"the index in {path} cannot be read: {error}") from error


def _replace(
    writer: DurableWriter, table: Table, documents: dict[str, SearchDocument], deleted: set[str]
) -> list[SearchDocument]:
    """Delete what goes or is replaced; answer the documents that are not older than what is there."""
    if (table.snapshot.path, table.snapshot.commit + 1) != (writer.path, writer.generation):
        raise RuntimeError(f"another process rebuilt or wrote {writer.path} meanwhile")
    fresh = dict(documents)
    for segment, living in zip(table.segments, table.snapshot.living, strict=True):
        for document_id in documents.keys() | deleted:
            number = segment.numbers.get(document_id, -1)
            if number < 0 or not living[number]:
                continue
            if document_id in deleted or segment.version(number) <= documents[document_id].version:
                writer.delete(segment.id, number)
            else:
                fresh.pop(document_id)
    return list(fresh.values())


def _hits(table: Table, numbers: list[int], scores: Singles) -> tuple[Hit, ...]:
    return tuple(
        Hit(table.ids[number], int(table.versions[number]), float(scores[number])) for number in numbers
    )
