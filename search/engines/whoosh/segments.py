"""Reading: what a process has open of the index, and how it notices commits."""

# mypy: allow-untyped-calls
# Whoosh is typed only in part.

from __future__ import annotations

import itertools
import pickle
import struct
import threading
import weakref
import zlib
from dataclasses import dataclass
from os.path import exists
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
from whoosh.index import TOC
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import CorruptIndexError, TermNotFound

from search.engine import IndexUnavailableError
from search.engines.columns.values import compile_columns, load_columns, title_keys
from search.engines.whoosh.postings import NONE, read_postings
from search.engines.whoosh.storage import DurableStorage
from search.engines.whoosh.writing import COLUMNS_EXTENSION, INDEX_NAME, stored_records

if TYPE_CHECKING:
    from pathlib import Path

    from search.engines.columns.values import Columns, Mask
    from search.engines.generations import Generations
    from search.engines.whoosh.postings import Postings, PostingsCache
    from search.plan import Family

# What Whoosh, pickle and numpy raise when they meet files that are missing, cut short or overwritten.
UNREADABLE: Final = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ImportError,
    AssertionError,
    MemoryError,
    struct.error,
    zlib.error,
    pickle.UnpicklingError,
    CorruptIndexError,
    WhooshIndexError,
)

_serial = itertools.count()


class OpenSegment:
    """One immutable segment: its terms, and its columns in memory. Deletions belong to the snapshot."""

    def __init__(self, storage: DurableStorage, schema: Any, segment: Any) -> None:
        self.id: str = segment.segment_id()
        self.serial = next(_serial)
        self._schema = schema
        self._terms = segment.codec().terms_reader(storage, segment)
        self.columns = _columns(storage, segment, self._terms)
        self.numbers = {document_id: number for number, document_id in enumerate(self.columns.ids)}
        # Whoosh's readers seek and read in steps, which threads must not mix.
        self._lock = threading.Lock()
        self._title_keys: dict[str, list[str]] = {}
        weakref.finalize(self, self._terms.close)

    def weighted(self, cache: PostingsCache, family: Family, term: str) -> Postings:
        """The documents with a term in any text, and what its occurrences are worth in each."""
        return cache.get((self.serial, family, term), lambda: self._read(family, term, values=False))

    def positions(self, cache: PostingsCache, field: str, term: str) -> Postings:
        """A term's postings in one field with their positions."""
        return cache.get((self.serial, field, term), lambda: self._read(field, term, values=True))

    def _read(self, field: str, term: str, *, values: bool) -> Postings:
        with self._lock:
            try:
                matcher = self._terms.matcher(field, term.encode(), self._schema[field].format)
                return read_postings(matcher, values=values)
            except TermNotFound:
                return NONE
            except UNREADABLE as error:
                raise IndexUnavailableError(f"segment {self.id} is damaged: {error}") from error

    def knows(self, family: Family, term: str) -> bool:
        """Whether the segment has a term."""
        with self._lock:
            return (family, term.encode()) in self._terms

    def is_in_any(self, family: Family, term: str, documents: Mask) -> bool:
        """Whether any of some documents has a term that the segment has."""
        return bool(documents[self._read(family, term, values=False).documents].any())

    def version(self, number: int) -> int:
        return int(self.columns.arrays["version"][number])

    def title_keys(self, language: str) -> list[str]:
        """Sort keys of the titles that a reader of a language sees."""
        if language not in self._title_keys:
            self._title_keys[language] = title_keys(self.columns, language)
        return self._title_keys[language]


def _columns(storage: DurableStorage, segment: Any, terms: Any) -> Columns:
    """The compiled columns, or the same from the stored records where the file is missing or damaged."""
    try:
        columns = load_columns((storage.path / segment.make_filename(COLUMNS_EXTENSION)).read_bytes())
    except UNREADABLE:
        records = [orjson.loads(record) for record in stored_records(storage, segment)]
        columns = compile_columns(records, _words(terms))
    if len(columns.ids) != segment.doc_count_all():
        raise ValueError(f"columns of {segment.segment_id()} do not fit its documents")
    return columns


def _words(terms: Any) -> dict[str, int]:
    """Number of documents by exact form, as Whoosh knows it."""
    return {
        term.decode(): terms.doc_frequency(field, term) for field, term in terms.terms() if field == "exact"
    }


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Snapshot:
    """One commit: segments with what is alive in each."""

    path: Path
    commit: int
    segments: tuple[OpenSegment, ...]
    living: tuple[Mask, ...]

    @property
    def name(self) -> str:
        return f"{self.path.name}.{self.commit}"

    def is_current(self) -> bool:
        """Whether no later commit is there: two looks at names, whatever the size of the index.

        A commit names the next table of contents first and removes the old one afterwards.
        """
        this, later = _contents(self.path, self.commit), _contents(self.path, self.commit + 1)
        return exists(this) and not exists(later)  # noqa: PTH110


def _contents(path: Path, commit: int) -> str:
    # Every search asks; to make a path of a name takes longer than to look for it.
    return f"{path}/_{INDEX_NAME}_{commit}.toc"


def open_snapshot(path: Path, before: Snapshot | None) -> Snapshot:
    """Open the newest commit of a generation, sharing the segments that are open already."""
    storage = DurableStorage(path)
    contents = TOC.read(storage, INDEX_NAME)
    known = {segment.id: segment for segment in before.segments} if before and before.path == path else {}
    segments = tuple(
        known.get(segment.segment_id()) or OpenSegment(storage, contents.schema, segment)
        for segment in contents.segments
    )
    living = tuple(_living(segment) for segment in contents.segments)
    return Snapshot(path, contents.generation, segments, living)


def _living(segment: Any) -> Mask:
    living = np.ones(segment.doc_count_all(), np.bool_)
    living[list(segment.deleted_docs())] = False
    return living


_ATTEMPTS: Final = 3


def newest_snapshot(generations: Generations, before: Snapshot | None) -> Snapshot:
    """The newest commit of the current generation; `before` itself when nothing has changed.

    A writer may remove files, or a rebuild a whole generation, between a look at their names and their opening; then
    the names are read again.
    """
    error: BaseException | None = None
    for _ in range(_ATTEMPTS):
        if before and before.path.name == generations.current_name() and before.is_current():
            return before
        try:
            return open_snapshot(generations.current(), before)
        except (IndexUnavailableError, *UNREADABLE) as failure:
            error = failure
    raise IndexUnavailableError(f"the index in {generations.directory} cannot be read: {error}") from error
