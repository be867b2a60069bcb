"""Postings as arrays.

Whoosh's matchers walk postings one by one in Python. Its leaf matcher decodes whole blocks, though, and these are
read here directly; any other matcher is walked, slowly but by its public interface. Both ways agree by test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from whoosh.codec.whoosh3 import W3LeafMatcher

from search.engines.cache import Cache
from search.engines.columns.values import Ints, Longs, Singles

if TYPE_CHECKING:
    from whoosh.matching.mcore import Matcher


@dataclass(frozen=True, slots=True)
class Postings:
    """Document numbers in ascending order, the term's weight in each, and each one's raw value."""

    documents: Ints
    weights: Singles
    values: tuple[bytes, ...] = ()

    @property
    def size(self) -> int:
        """Bytes in memory, roughly."""
        return (
            200
            + self.documents.nbytes
            + self.weights.nbytes
            + sum(map(len, self.values))
            + 56 * len(self.values)
        )

    def positions(self) -> Longs:
        """The positions of all documents, one after the other; `weights` says how many each has."""
        return np.frombuffer(b"".join(self.values), np.uint32).astype(np.int64)


NONE: Final = Postings(np.empty(0, np.int32), np.empty(0, np.float32))


def read_postings(matcher: Matcher, *, values: bool) -> Postings:
    """Everything a fresh matcher holds."""
    if type(matcher) is W3LeafMatcher and hasattr(matcher, "_read_data"):
        return _read_blocks(matcher, values=values)
    return walk_postings(matcher, values=values)


def _read_blocks(matcher: Any, *, values: bool) -> Postings:
    documents: list[Ints] = []
    weights: list[Singles] = []
    raw: list[bytes] = []
    while matcher.is_active():
        matcher._read_data()  # noqa: SLF001  Whoosh offers no public way to a whole block
        deltas, block_weights, block_values = matcher._data  # noqa: SLF001
        documents.append(np.cumsum(deltas, dtype=np.int32))
        weights.append(_weights(block_weights, len(deltas)))
        if values:
            raw.extend(block_values)
        matcher._next_block()  # noqa: SLF001
    return Postings(np.concatenate(documents), np.concatenate(weights), tuple(raw))


def _weights(block: tuple[float, ...] | float | None, count: int) -> Singles:
    """Whoosh shortens a block of equal weights to one number, and of ones to nothing."""
    if isinstance(block, tuple):
        return np.array(block, np.float32)
    return np.full(count, 1.0 if block is None else block, np.float32)


def walk_postings(matcher: Matcher, *, values: bool) -> Postings:
    """The same by the public interface."""
    documents: list[int] = []
    weights: list[float] = []
    raw: list[bytes] = []
    while matcher.is_active():
        documents.append(matcher.id())
        weights.append(matcher.weight())
        if values:
            raw.append(matcher.value())
        matcher.next()
    return Postings(np.array(documents, np.int32), np.array(weights, np.float32), tuple(raw))


class PostingsCache(Cache[Postings]):
    """The most recently used postings, bounded by bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit, lambda postings: postings.size)
