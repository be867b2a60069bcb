"""Writing segments: adding, deleting and merging, in durable commits."""

# mypy: allow-untyped-calls
# Whoosh is typed only in part.

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
from whoosh.index import TOC, FileIndex, clean_files
from whoosh.writing import SegmentWriter

from search.engines.columns.values import compile_columns, dump_columns
from search.engines.files import sync_directory, sync_file
from search.engines.generations import compounds_of
from search.engines.uncollected import uncollected
from search.engines.whoosh.pool import TermPool
from search.engines.whoosh.postings import read_postings
from search.engines.whoosh.records import analyse_document
from search.engines.whoosh.schema import POSITION_FIELDS, make_codec, make_schema
from search.engines.whoosh.storage import DurableStorage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from whoosh.codec.base import Segment

    from search.document import SearchDocument
    from search.engines.columns.values import Ints

INDEX_NAME: Final = "MAIN"
COLUMNS_EXTENSION: Final = ".columns"

_LOCK_SECONDS: Final = 10.0
# With four segments of about the same size the four become one: few segments to read, and few documents rewritten.
_TIER: Final = 4
# Segments from 4,096 documents on stay as they are, so that no commit has to wait for minutes.
_TOP_TIER: Final = 6


def create_index(path: Path) -> None:
    """Write an empty, durable table of contents."""
    storage = DurableStorage(path)
    storage.create()
    TOC.create(storage, make_schema(), INDEX_NAME)


class DurableWriter(SegmentWriter):
    """Whoosh's writer with a pool by term, columns beside each new segment, and commits that survive power cuts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        index = FileIndex(DurableStorage(path), indexname=INDEX_NAME)
        super().__init__(index, timeout=_LOCK_SECONDS, codec=make_codec(), compound=False)
        self.pool: Any = TermPool()
        self.records: list[bytes] = []
        self.compounds = compounds_of(path)
        self.deletes = False
        self.words: dict[str, int] = {}

    def add(self, document: SearchDocument) -> None:
        """Add a document; whoever calls has deleted its predecessor."""
        analysed = analyse_document(document, self.compounds)
        for field, terms in analysed.terms.items():
            self.pool.add(field, self.docnum, terms)
        self._add_record(analysed.record)

    def _add_record(self, record: bytes) -> None:
        self.perdocwriter.start_doc(self.docnum)
        self.perdocwriter.add_field("columns", self.schema["columns"], record, 0)
        self.perdocwriter.finish_doc()
        self.records.append(record)
        self.docnum += 1
        self._added = True

    def delete(self, segment_id: str, number: int) -> None:
        """Delete a document by its number within a segment."""
        for segment in self.segments:
            if segment.segment_id() == segment_id:
                segment.delete_document(number)
                self.deletes = True

    def absorb(self, segment: Segment) -> None:
        """Copy the living documents of a segment into the one being written."""
        numbers = self._copy_records(segment)
        terms = segment.codec().terms_reader(self.storage, segment)
        try:
            for field, term in terms.terms():
                matcher = terms.matcher(field, term, self.schema[field].format)
                postings = read_postings(matcher, values=field in POSITION_FIELDS)
                self.pool.extend(field, term.decode(), numbers[postings.documents], postings)
        finally:
            terms.close()

    def _copy_records(self, segment: Segment) -> Ints:
        """Old number to new; the deleted have -1."""
        numbers = np.full(segment.doc_count_all(), -1, np.int32)
        for number, record in enumerate(stored_records(self.storage, segment)):
            if not segment.is_deleted(number):
                numbers[number] = self.docnum
                self._add_record(record)
        return numbers

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        self.words = self.pool.counts("exact")
        self.pool.write(self.fieldwriter, self.schema)
        self.fieldwriter.close()

    def _cleanup_on_error(self) -> None:
        """Whoosh forgets the files of the segment that it gives up; they would stay open."""
        with suppress(Exception):
            self._close_segment()
        super()._cleanup_on_error()

    def _commit_toc(self, segments: list[Segment]) -> None:
        """Segment, then its name in the table of contents, then the removal of what that no longer names."""
        if self.records:
            columns = compile_columns([orjson.loads(record) for record in self.records], self.words)
            (self.path / self.newsegment.make_filename(COLUMNS_EXTENSION)).write_bytes(dump_columns(columns))
            self._sync_new_segment()
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        clean_files(self.storage, self.indexname, self.generation, segments)
        self._remove_torn_contents()

    def _sync_new_segment(self) -> None:
        for path in self.path.glob(f"{self.newsegment.segment_id()}.*"):
            sync_file(path)
        sync_directory(self.path)

    def _remove_torn_contents(self) -> None:
        """What a writer leaves that is killed between writing a table of contents and naming it."""
        for path in self.path.glob(f"_{INDEX_NAME}_*.toc.*"):
            path.unlink(missing_ok=True)


def merge_tiers(writer: DurableWriter, segments: list[Segment]) -> list[Segment]:
    """Merge what is mostly deleted and what has too many of its size; answer the segments that stay."""
    kept: list[Segment] = []
    tiers: dict[int, list[Segment]] = {}
    for segment in segments:
        living = segment.doc_count_all() - segment.deleted_count()
        if living >= max(segment.deleted_count(), 1):
            tiers.setdefault(_tier(living), []).append(segment)
        elif living:
            writer.absorb(segment)
    for tier, members in sorted(tiers.items()):
        being_written = writer.docnum > 0 and _tier(writer.docnum) == tier
        if tier < _TOP_TIER and len(members) + being_written >= _TIER:
            for segment in members:
                writer.absorb(segment)
        else:
            kept += members
    return kept


def _tier(documents: int) -> int:
    """Segments of one tier are within a factor of four."""
    return documents.bit_length() // 2


def write_documents(writer: DurableWriter, documents: Iterable[SearchDocument]) -> None:
    """Add documents and commit; on any error leave the index as it was."""
    with uncollected():
        try:
            for document in documents:
                writer.add(document)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=merge_tiers)


def stored_records(storage: DurableStorage, segment: Segment) -> list[bytes]:
    """The records of a segment as Whoosh stores them, those of deleted documents too."""
    reader = segment.codec().per_document_reader(storage, segment)
    try:
        return [reader.stored_fields(number)["columns"] for number in range(segment.doc_count_all())]
    finally:
        reader.close()
