"""Writing segments: adding, deleting and merging, in durable commits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
from whoosh.index import FileIndex, clean_files
from whoosh.index import TOC as Contents
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search.engines.whoosh.columns import compile_columns, dump_columns
from search.engines.whoosh.postings import read_postings
from search.engines.whoosh.records import whoosh_fields
from search.engines.whoosh.schema import PositionsField, make_codec, make_schema
from search.engines.whoosh.storage import DurableStorage, sync_directory, sync_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from whoosh.codec.base import Segment

    from search.document import SearchDocument
    from search.engines.whoosh.columns import Ints

INDEX_NAME: Final = "MAIN"
COLUMNS_EXTENSION: Final = ".columns"

_LOCK_SECONDS: Final = 10.0
# With four segments of about the same size the four become one: few segments to read, and few documents rewritten.
_TIER: Final = 4

Posting = tuple[str, bytes, int, float, bytes]


def create_index(path: Path) -> None:
    """Write an empty, durable table of contents."""
    storage = DurableStorage(path)
    storage.create()
    Contents.create(storage, make_schema(), INDEX_NAME)


class TermPool:
    """Gathers postings by term. Whoosh's own pool sorts single postings, on disk when they are many."""

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, tuple[list[int], list[float], list[bytes]]]] = {}

    def add(self, posting: Posting) -> None:
        """Add one posting; documents of a term come in ascending order."""
        field, term, document, weight, value = posting
        terms = self._fields.setdefault(field, {})
        if term not in terms:
            terms[term] = ([], [], [])
        documents, weights, values = terms[term]
        documents.append(document)
        weights.append(weight)
        values.append(value)

    def extend(self, field: str, term: bytes, documents: list[int], weights: list[float], values: list[bytes]) -> None:
        """Add many postings of one term."""
        known = self._fields.setdefault(field, {}).setdefault(term, ([], [], []))
        known[0].extend(documents)
        known[1].extend(weights)
        known[2].extend(values)

    def iter_postings(self) -> Iterator[Posting]:
        for field in sorted(self._fields):
            terms = self._fields[field]
            for term in sorted(terms):
                for document, weight, value in zip(*terms[term], strict=True):
                    yield field, term, document, weight, value

    def cleanup(self) -> None:
        self._fields.clear()


class DurableWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer with a pool by term, columns beside each new segment, and commits that survive power cuts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        index = FileIndex(DurableStorage(path), indexname=INDEX_NAME)
        super().__init__(index, timeout=_LOCK_SECONDS, codec=make_codec(), compound=False)
        self.pool = TermPool()
        self.records: list[bytes] = []

    def add(self, document: SearchDocument) -> None:
        """Add a document; whoever calls has deleted its predecessor."""
        fields = whoosh_fields(document)
        self.add_document(**fields)
        self.records.append(fields["columns"])

    def delete(self, segment_id: str, number: int) -> None:
        """Delete a document by its number within a segment."""
        for segment in self.segments:
            if segment.segment_id() == segment_id:
                segment.delete_document(number)

    def save(self) -> None:
        """Commit, merging what has become too many."""
        self.commit(mergetype=merge_tiers)

    def absorb(self, segment: Segment) -> None:
        """Copy the living documents of a segment into the one being written."""
        reader = SegmentReader(self.storage, self.schema, segment)
        try:
            numbers = self._copy_records(reader)
            self._copy_postings(reader, numbers)
        finally:
            reader.close()
        self._added = True

    def _copy_records(self, reader: SegmentReader) -> Ints:
        """Old number to new; the deleted have -1."""
        numbers = np.full(reader.doc_count_all(), -1, np.int32)
        schema_field = self.schema["columns"]
        for number, stored in reader.iter_docs():
            numbers[number] = self.docnum
            self.perdocwriter.start_doc(self.docnum)
            self.perdocwriter.add_field("columns", schema_field, stored["columns"], 0)
            self.perdocwriter.finish_doc()
            self.records.append(stored["columns"])
            self.docnum += 1
        return numbers

    def _copy_postings(self, reader: SegmentReader, numbers: Ints) -> None:
        terms = reader.codec().terms_reader(reader.storage(), reader.segment())
        try:
            for field, term in terms.terms():
                kind = self.schema[field]
                matcher = terms.matcher(field, term, kind.format)
                postings = read_postings(matcher, values=isinstance(kind, PositionsField))
                documents = numbers[postings.documents]
                alive = np.flatnonzero(documents >= 0)
                if alive.size:
                    values = [postings.values[place] for place in alive] if postings.values else [b""] * alive.size
                    self.pool.extend(field, term, documents[alive].tolist(), postings.weights[alive].tolist(), values)
        finally:
            terms.close()

    def _commit_toc(self, segments: list[Segment]) -> None:
        """Segment, then its name in the table of contents, then the removal of what that no longer names."""
        if self.records:
            columns = compile_columns([orjson.loads(record) for record in self.records])
            (self.path / self.newsegment.make_filename(COLUMNS_EXTENSION)).write_bytes(dump_columns(columns))
            self._sync_new_segment()
        Contents(self.schema, segments, self.generation).write(self.storage, self.indexname)
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
        if living and segment.deleted_count() <= living:
            tiers.setdefault(_tier(living), []).append(segment)
        elif living:
            writer.absorb(segment)
    for tier in sorted(tiers):
        being_written = _tier(writer.docnum) == tier and writer.docnum > 0
        if len(tiers[tier]) + being_written >= _TIER:
            for segment in tiers[tier]:
                writer.absorb(segment)
        else:
            kept += tiers[tier]
    return kept


def _tier(documents: int) -> int:
    """Sizes of one tier are within a factor of four; below that everything is small."""
    return max(documents, 1).bit_length() // 2


def write_documents(writer: DurableWriter, documents: Iterable[SearchDocument]) -> None:
    """Add documents and commit; on any error leave the index as it was."""
    try:
        for document in documents:
            writer.add(document)
    except BaseException:
        writer.cancel()
        raise
    writer.save()


def stored_records(reader_storage: Any, segment: Segment) -> list[dict[str, Any]]:
    """The records of a segment from Whoosh's stored fields, the deleted ones too."""
    perdoc = segment.codec().per_document_reader(reader_storage, segment)
    try:
        return [
            orjson.loads(perdoc.stored_fields(number)["columns"]) for number in range(segment.doc_count_all())
        ]
    finally:
        perdoc.close()
