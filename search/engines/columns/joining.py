"""Segments joined: their columns one after the other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from search.engines.columns.titles import Titles
from search.engines.columns.values import Codes, Columns
from search.engines.columns.vocabulary import Vocabulary
from search.facets import NOT_STATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from search.engines.columns.table import Rows
    from search.engines.columns.values import Floats, Ints


def join(parts: Sequence[npt.NDArray[Any]], dtype: Any) -> npt.NDArray[Any]:
    """Arrays one after the other; without any, an empty one of the type."""
    return np.concatenate(parts) if parts else np.empty(0, dtype)


def join_run_starts(parts: Sequence[Columns]) -> Ints:
    """Where each document's runs begin, with the number of all runs at the end."""
    counts = [np.diff(columns.arrays["run_starts"]) for columns in parts]
    return np.concatenate(([0], np.cumsum(join(counts, np.int32)))).astype(np.int32)


def join_numbers(parts: Sequence[Columns], name: str, rows: Rows) -> Floats:
    """A number for each row, NaN where it is not stated."""
    numbers = []
    for columns in parts:
        known = columns.doc_numbers if rows == "doc" else columns.run_numbers
        count = len(columns.ids) if rows == "doc" else len(columns.arrays["start"])
        numbers.append(known.get(name, np.full(count, np.nan)))
    return join(numbers, np.float64)


def join_codes(parts: Sequence[Columns], name: str, rows: Rows) -> Codes:
    """Join the codes of segments, which number them each in its own way."""
    known = [_part(columns, name, rows) for columns in parts]
    names = tuple(sorted({code for part in known for code in part.names} | {NOT_STATED}))
    places = {code: place for place, code in enumerate(names)}
    starts, pairs, pair_codes = [np.zeros(1, np.int32)], [], []
    entries = numbered = 0
    for part in known:
        places_here = np.array([places[code] for code in part.names], np.int32)
        starts.append(part.starts[1:] + entries)
        pairs.append(part.pairs + numbered)
        pair_codes.append(places_here[part.pair_codes])
        entries += len(part.pairs)
        numbered += len(part.pair_codes)
    joined = (join(arrays, np.int32).astype(np.int32) for arrays in (starts, pairs, pair_codes))
    return Codes(names, *joined)


def _part(columns: Columns, name: str, rows: Rows) -> Codes:
    """A segment's codes of one name; a segment that has none states nothing."""
    known = (columns.doc_codes if rows == "doc" else columns.run_codes).get(name)
    if known:
        return known
    starts = columns.arrays["run_starts"]
    count = len(columns.ids) if rows == "doc" else int(starts[-1])
    pairs = np.arange(count, dtype=np.int32)
    if rows == "run":
        pairs = np.repeat(np.arange(len(columns.ids), dtype=np.int32), np.diff(starts))
    owners = len(columns.ids)
    return Codes((NOT_STATED,), np.arange(count + 1, dtype=np.int32), pairs, np.zeros(owners, np.int32))


def join_columns(parts: Sequence[Columns]) -> Columns:
    """The columns of neighbouring segments as those of one; at least one segment."""
    arrays = {
        name: np.concatenate([columns.arrays[name] for columns in parts])
        for name in parts[0].arrays
        if name != "run_starts"
    }
    arrays["run_starts"] = join_run_starts(parts)
    return Columns(
        [document_id for columns in parts for document_id in columns.ids],
        [language for columns in parts for language in columns.languages],
        [titles for columns in parts for titles in columns.titles],
        arrays,
        {name: join_codes(parts, name, "doc") for name in _names(columns.doc_codes for columns in parts)},
        {name: join_codes(parts, name, "run") for name in _names(columns.run_codes for columns in parts)},
        {name: join_numbers(parts, name, "doc") for name in _names(columns.doc_numbers for columns in parts)},
        {name: join_numbers(parts, name, "run") for name in _names(columns.run_numbers for columns in parts)},
        _join_words(parts),
        Titles.join([columns.title_terms for columns in parts], [len(columns.ids) for columns in parts]),
    )


def _names(known: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted({name for names in known for name in names})


def _join_words(parts: Sequence[Columns]) -> Vocabulary:
    counts: Counter[str] = Counter()
    for columns in parts:
        counts.update(dict(zip(columns.vocabulary.words, columns.vocabulary.counts.tolist(), strict=True)))
    return Vocabulary.of(counts)
