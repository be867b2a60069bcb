"""Whoosh's fields, fed with terms that are analysed already.

The classes are pickled by name into every table of contents: renaming one needs a new FORMAT_VERSION.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import STORED, FieldType, Schema
from whoosh.formats import Existence, Format

from search.document import FIELDS

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Mapping

Posting = tuple[bytes, int, float, bytes]

# Whole postings are read at once, so that large blocks save work; Whoosh's 128 serve skipping.
_BLOCK: Final = 4096


class PositionsFormat(Format):  # type: ignore[misc]
    """Each posting's value is its positions, four bytes each; its weight says how many."""

    posting_size = -1


class PositionsField(FieldType):  # type: ignore[misc]
    """Exact forms with their positions."""

    def __init__(self) -> None:
        self.format = PositionsFormat()

    def index(self, value: Mapping[str, array[int]], **_options: Any) -> Iterator[Posting]:
        for term, positions in value.items():
            yield term.encode(), len(positions), float(len(positions)), positions.tobytes()


class FrequencyField(FieldType):  # type: ignore[misc]
    """Terms with how often they occur, kept as the weight."""

    def __init__(self) -> None:
        self.format = Existence()

    def index(self, value: Mapping[str, int], **_options: Any) -> Iterator[Posting]:
        for term, frequency in value.items():
            yield term.encode(), frequency, float(frequency), b""


def make_schema() -> Schema:
    fields: dict[str, FieldType] = {"columns": STORED(), "concept": FrequencyField()}
    for name in FIELDS:
        fields[name] = PositionsField()
        fields[f"{name}_stem"] = FrequencyField()
    return Schema(**fields)


def make_codec() -> W3Codec:
    return W3Codec(blocklimit=_BLOCK)
