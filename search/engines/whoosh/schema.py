"""Whoosh's fields, fed with terms that are analysed already.

The classes are pickled by name into every table of contents: renaming one needs a new FORMAT_VERSION.
"""

# mypy: allow-untyped-calls
# Whoosh is typed only in part.

from __future__ import annotations

from typing import Any, Final

from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import STORED, FieldType, Schema
from whoosh.formats import Existence, Format

from search.document import FIELDS

# Whole postings are read at once, so that large blocks save work; Whoosh's 128 serve skipping.
BLOCK: Final = 4096

# Terms come analysed; Whoosh must not try to.
_NO_ANALYZER: Final[Any] = None

POSITION_FIELDS: Final = frozenset[str](FIELDS)


class PositionsFormat(Format):
    """Each posting's value is its positions, four bytes each; its weight says how many."""

    posting_size = -1


def make_schema() -> Schema:
    """Text fields keep positions for phrases; `exact` and `stem` say what a term is worth in all of them together."""
    texts = {name: FieldType(PositionsFormat(), _NO_ANALYZER) for name in FIELDS}
    weighted = {name: FieldType(Existence(), _NO_ANALYZER) for name in ("exact", "stem", "concept")}
    return Schema(columns=STORED(), **texts, **weighted)


def make_codec() -> W3Codec:
    """Whoosh's own codec with blocks for reading whole."""
    return W3Codec(blocklimit=BLOCK, compression=0)
