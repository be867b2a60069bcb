"""Writing: documents to Tantivy and to columns, in durable commits."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import numpy as np
from tantivy import FieldType, Index, Query

from search.engines.columns.joining import join_columns
from search.engines.columns.records import record_of
from search.engines.columns.values import compile_columns, dump_columns, load_columns
from search.engines.files import replace_file, sync_directory
from search.engines.generations import compounds_of
from search.engines.tantivy.manifest import (
    Manifest,
    Part,
    newest_commit,
    read_manifest,
    remove_unnamed,
    write_manifest,
)
from search.engines.tantivy.schema import NUMBER, make_schema, to_tantivy
from search.engines.terms import document_terms, exact_forms

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tantivy import IndexWriter

    from search.document import SearchDocument
    from search.engines.columns.records import Record

WORDS: Final = "words"

# What Tantivy gathers in memory before it writes a segment, in bytes, and how many threads do so: Python, which
# analyses, keeps one busy.
_HEAP: Final = 128_000_000
_THREADS: Final = 1

_LOCK_SECONDS: Final = 10.0

# Documents per file of columns.
_BATCH: Final = 8_000
# With four neighbouring files of about the same size the four become one, up to files of 4,096 documents.
_TIER: Final = 4
_TOP_TIER: Final = 6


def create_index(path: Path) -> None:
    """Make a generation without documents."""
    (path / WORDS).mkdir()
    Index(make_schema(), str(path / WORDS), reuse=False)
    write_manifest(path, Manifest(0, (), np.ones(0, np.bool_), (), 0))


def open_words(path: Path) -> Index:
    """Tantivy's part of a generation, which looks for commits only when told to. Raises ValueError."""
    index = Index.open(str(path / WORDS))
    index.config_reader("manual")
    return index


class Writer:
    """Adds rows to a generation and lets others die. Nobody else writes before it is closed."""

    def __init__(self, path: Path) -> None:
        """Raises BlockingIOError while another writer is at work."""
        self.path = path
        self._index = open_words(path)
        self._schema = self._index.schema
        self._words = _open_writer(self._index)
        try:
            self.manifest = read_manifest(path, newest_commit(path))
            self._forget_torn()
        except BaseException:
            self.close()
            raise
        self._compounds = compounds_of(path)
        self._parts = list(self.manifest.parts)
        self._size = self.manifest.size
        self._dead: list[int] = []
        self._records: list[Record] = []
        self._forms: Counter[str] = Counter()

    def _forget_torn(self) -> None:
        """Make Tantivy forget what a writer left that was killed before its manifest; its numbers are free."""
        if self._words.commit_opstamp != self.manifest.opstamp:
            beyond = Query.range_query(
                self._schema, NUMBER, FieldType.Unsigned, lower_bound=self.manifest.size
            )
            self._words.delete_documents_by_query(beyond)

    def _forget_doomed(self) -> None:
        """Make Tantivy forget what has been dead for a whole commit. By query: deleting by term finds no numbers."""
        if self.manifest.doomed:
            doomed = Query.term_set_query(self._schema, NUMBER, self.manifest.doomed)
            self._words.delete_documents_by_query(doomed)

    def add(self, document: SearchDocument) -> None:
        """Add a document as a new row; whoever calls lets its predecessor die."""
        terms = document_terms(document, self._compounds)
        number = self._size + len(self._records)
        self._words.add_document(to_tantivy(document, number, terms, self._schema))
        self._records.append(record_of(document, terms["title"]))
        self._forms.update(set(exact_forms(terms)))
        if len(self._records) == _BATCH:
            self._write_columns()

    def kill(self, numbers: Iterable[int]) -> None:
        """Let rows die with the next commit."""
        self._dead += numbers

    def commit(self) -> None:
        """Columns, then Tantivy, then the manifest that names both, then the removal of what that no longer names."""
        self._write_columns()
        self._parts = _merged(self.path, self._parts)
        self._forget_doomed()
        opstamp = self._words.commit()
        # Tantivy syncs all its files, but not the name by which its own table of contents becomes visible.
        sync_directory(self.path / WORDS)
        living = np.ones(self._size, np.bool_)
        living[: self.manifest.size] = self.manifest.living
        living[self._dead] = False
        manifest = Manifest(
            self.manifest.commit + 1, tuple(self._parts), living, tuple(sorted(self._dead)), opstamp
        )
        write_manifest(self.path, manifest)
        self.manifest, self._dead = manifest, []
        remove_unnamed(self.path, manifest)

    def close(self) -> None:
        """Let Tantivy finish merging; what is not committed is given up."""
        with suppress(RuntimeError):  # closed already
            self._words.wait_merging_threads()

    def _write_columns(self) -> None:
        if not self._records:
            return
        part = Part(self._size, len(self._records))
        replace_file(self.path / part.name, dump_columns(compile_columns(self._records, self._forms)))
        self._parts.append(part)
        self._size += part.size
        self._records, self._forms = [], Counter()


def _open_writer(index: Index) -> IndexWriter:
    """Tantivy's writer, which locks its directory; the lock dies with its process."""
    give_up = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            return index.writer(_HEAP, _THREADS)
        except ValueError as error:
            if "LockBusy" not in str(error):
                raise
            if time.monotonic() >= give_up:
                raise BlockingIOError("another process writes") from error
            time.sleep(0.05)


def _merged(path: Path, parts: list[Part]) -> list[Part]:
    """Merge the last files while there are too many of a size. Dead rows stay: numbers must not change."""
    for tier in range(_TOP_TIER):
        kept = len(parts)
        while kept and _tier(parts[kept - 1]) <= tier:
            kept -= 1
        last = parts[kept:]
        if len(last) >= _TIER:
            merged = Part(last[0].first, sum(part.size for part in last))
            columns = join_columns([load_columns((path / part.name).read_bytes()) for part in last])
            replace_file(path / merged.name, dump_columns(columns))
            parts = [*parts[:kept], merged]
    return parts


def _tier(part: Part) -> int:
    """Files of one tier are within a factor of four."""
    return part.size.bit_length() // 2
