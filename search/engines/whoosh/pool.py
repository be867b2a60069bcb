"""Postings gathered by term until a segment is written.

Whoosh's own pool sorts single postings and its codec takes them one by one; here a term's postings stay together and
go into its blocks together, which is several times faster. What is on disk is Whoosh's own format.
"""

# mypy: allow-untyped-calls
# Whoosh is typed only in part.

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from search.engines.whoosh.schema import BLOCK, POSITION_FIELDS

if TYPE_CHECKING:
    from whoosh.fields import Schema

    from search.engines.columns.values import Ints
    from search.engines.whoosh.postings import Postings
    from search.engines.whoosh.records import Occurrences

# Short postings are the most by far and hardly shrink; compressing them would take longer than writing them.
_COMPRESS_FROM: Final = 64

# Documents in ascending order, the weight of the term in each, and where it stands.
_Entry = tuple[list[int], list[float], list[bytes]]


class TermPool:
    """The postings of one new segment."""

    def __init__(self) -> None:
        self._fields: dict[str, dict[str, _Entry]] = {}

    def add(self, field: str, document: int, terms: Occurrences) -> None:
        """Add a document's terms; documents come in ascending order."""
        entries = self._fields.setdefault(field, {})
        positioned = field in POSITION_FIELDS
        for term, occurrences in terms.items():
            entry = entries.get(term)
            if entry is None:
                entry = entries[term] = ([], [], [])
            entry[0].append(document)
            if positioned:
                entry[1].append(len(occurrences))
                entry[2].append(array("I", occurrences).tobytes())
            else:
                entry[1].append(occurrences)

    def extend(self, field: str, term: str, documents: Ints, postings: Postings) -> None:
        """Add a term's postings from another segment under new numbers, without those numbered -1."""
        alive = np.flatnonzero(documents >= 0)
        if not alive.size:
            return
        entry = self._fields.setdefault(field, {}).setdefault(term, ([], [], []))
        entry[0].extend(documents[alive].tolist())
        entry[1].extend(postings.weights[alive].tolist())
        entry[2].extend(postings.values[place] for place in (alive.tolist() if postings.values else ()))

    def counts(self, field: str) -> dict[str, int]:
        """Number of documents by term."""
        return {term: len(entry[0]) for term, entry in self._fields.get(field, {}).items()}

    def write(self, writer: Any, schema: Schema) -> None:
        """Write everything in the order that Whoosh's files need."""
        for field, entries in sorted(self._fields.items()):
            if not entries:
                continue
            writer.start_field(field, schema[field])
            for term in sorted(entries):
                writer.start_term(term.encode())
                _fill(writer._postwriter, entries[term], values=field in POSITION_FIELDS)  # noqa: SLF001
                writer.finish_term()
            writer.finish_field()

    def cleanup(self) -> None:
        """Whoosh calls this when the segment is closed."""
        self._fields.clear()


def _fill(blocks: Any, entry: _Entry, *, values: bool) -> None:
    """Do what `add_posting` does for each posting, a block at a time."""
    documents, weights, raw = entry
    blocks._compression = int(len(documents) >= _COMPRESS_FROM)  # noqa: SLF001
    for start in range(0, len(documents), BLOCK):
        if start:
            blocks._write_block()  # noqa: SLF001
        block_weights = weights[start : start + BLOCK]
        blocks._ids.extend(documents[start : start + BLOCK])  # noqa: SLF001
        blocks._weights.extend(block_weights)  # noqa: SLF001
        blocks._maxweight = max(block_weights)  # noqa: SLF001
        if values:
            blocks._values.extend(raw[start : start + BLOCK])  # noqa: SLF001
