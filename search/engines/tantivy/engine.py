"""The engine: one object per process and index, safe for threads."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np

from search.engine import IndexStatus, IndexUnavailableError
from search.engines.columns.answering import answer, newest_versions, versions_of
from search.engines.columns.suggesting import suggest
from search.engines.generations import Generations
from search.engines.tantivy.snapshot import UNREADABLE, TantivyTable, newest_snapshot, open_snapshot
from search.engines.tantivy.writing import Writer, create_index
from search.engines.uncollected import uncollected
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
FORMAT_VERSION: Final = 2


class TantivyEngine:
    """Implements `search.engine.Engine` in a directory of its own."""

    name = "tantivy"

    def __init__(self, directory: Path, facets: Sequence[Facet]) -> None:
        self._facets = tuple(facets)
        self._generations = Generations(directory, FORMAT_VERSION)
        self._table: TantivyTable | None = None
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
            table.match,
            understanding,
            query=query,
            facets=self._facets,
            as_of=as_of,
            hidden=hidden,
            counted=facets,
        )

    def suggest(self, query: SearchQuery, *, as_of: datetime, enough: int) -> list[Titled]:
        """Documents whose title shows what is typed; see `search.engine.Engine`."""
        return suggest(self._titled(), query, facets=self._facets, as_of=as_of, enough=enough)

    def understand(self, query: SearchQuery) -> Understanding:
        """What a query asks for; see `search.engine.Engine`."""
        return self._newest().understand(query)

    def lexicon(self) -> TantivyTable:
        """The words of the newest commit; see `search.engine.Engine`."""
        return self._newest()

    def _newest(self) -> TantivyTable:
        """The table of the newest commit; only the first to notice a commit opens it, the others wait."""
        with self._opening:
            return self._open()

    def _titled(self) -> TantivyTable:
        """The same with its titles, which the tables of one commit after the other hand on."""
        with self._opening:
            table = self._open()
            _ = table.title_rows
            return table

    def _open(self) -> TantivyTable:
        before = self._table.snapshot if self._table else None
        snapshot = newest_snapshot(self._generations, before)
        if self._table is None or snapshot is not before:
            self._table = TantivyTable(snapshot)
        return self._table

    def write(self, documents: Iterable[SearchDocument], deleted: Iterable[str] = ()) -> None:
        """Replace and delete in one commit; see `search.engine.Engine`. A document beats a deletion of its id."""
        newest = newest_versions(documents)
        with self._writing:
            self._generations.sweep()
            writer = _open_writer(self._generations.current())
            try:
                fresh, dead = _changes(writer, self._newest(), newest, set(deleted) - newest.keys())
                if fresh or dead:
                    writer.kill(dead)
                    _add(writer, fresh)
                    writer.commit()
            finally:
                writer.close()

    @contextmanager
    def rebuild(self, compounds: Compounds = NO_COMPOUNDS) -> Iterator[TantivyRebuild]:
        """Build a generation beside the current one; see `search.engine.Engine`."""
        self._generations.sweep()
        with self._generations.building(compounds) as path:
            create_index(path)
            writer = Writer(path)
            try:
                yield TantivyRebuild(self._generations, writer, self._writing)
            finally:
                writer.close()

    def versions(self) -> Mapping[str, int]:
        """Id to version of every document."""
        return versions_of(self._newest())

    def status(self) -> IndexStatus:
        """State of the newest commit; its size is that of all files of the generation."""
        table = self._newest()
        snapshot = table.snapshot
        size = sum(map(_size, snapshot.path.rglob("*")))
        living = int(np.count_nonzero(table.living))
        return IndexStatus(self.name, living, size, snapshot.name, len(table.living) - living)


class TantivyRebuild:
    """A generation being built."""

    def __init__(self, generations: Generations, writer: Writer, writing: threading.Lock) -> None:
        self._generations = generations
        self._writer = writer
        self._writing = writing

    def add(self, documents: Iterable[SearchDocument]) -> None:
        """Add documents; they are committed together when somebody asks for them."""
        _add(self._writer, documents)

    def versions(self) -> Mapping[str, int]:
        """Commit; answer id to version of everything."""
        self._writer.commit()
        return versions_of(TantivyTable(open_snapshot(self._writer.path, None)))

    def swap(self) -> None:
        """Make this generation the current one; readers of the old one have its files open and keep them."""
        self._writer.commit()
        self._writer.close()
        with self._writing:
            before = self._generations.replaced_by(self._writer.path)
        if before:
            shutil.rmtree(before, ignore_errors=True)


def _size(path: Path) -> int:
    """A file's size; what a writer has just removed has none."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0


def _open_writer(path: Path) -> Writer:
    try:
        return Writer(path)
    except BlockingIOError as error:
        raise RuntimeError(f"another process writes to {path}") from error
    except UNREADABLE as error:
        raise IndexUnavailableError(f"the index in {path} cannot be read: {error}") from error


def _add(writer: Writer, documents: Iterable[SearchDocument]) -> None:
    with uncollected():
        for document in documents:
            writer.add(document)


def _changes(
    writer: Writer, table: TantivyTable, documents: dict[str, SearchDocument], deleted: set[str]
) -> tuple[list[SearchDocument], list[int]]:
    """The documents that are not older than what is there, and the rows of what goes or is replaced."""
    snapshot = table.snapshot
    if (snapshot.path, snapshot.manifest.commit) != (writer.path, writer.manifest.commit):
        raise RuntimeError(f"another process rebuilt or wrote {writer.path} meanwhile")
    fresh, dead = dict(documents), []
    for number in table.numbers_of(documents.keys() | deleted):
        if not table.living[number]:
            continue
        document = documents.get(table.ids[number])
        if document is not None and table.versions[number] > document.version:
            fresh.pop(document.id)
        else:
            dead.append(number)
    return list(fresh.values()), dead
