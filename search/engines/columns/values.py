"""Columns: the values of a segment's documents and runs as numpy arrays.

Segments never change, so columns are compiled once, by the writer, and lie beside the segment's other files. A row
is a document or a run. Text stays in lists; everything that filters, counts or sorts is an array.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import orjson

from search.document import FIELDS
from search.engines.columns.titles import NO_TITLES, Titles
from search.engines.columns.vocabulary import Vocabulary
from search.facets import NOT_STATED
from search.text import collation_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from search.engines.columns.records import Record

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

NO_DATE: Final = np.iinfo(np.int32).min
NO_MOMENT: Final = np.iinfo(np.int64).min

# The column of start months has a name that no facet can have.
MONTH: Final = "*month"

_RUN_NUMBERS: Final[tuple[tuple[str, Any, int], ...]] = (
    ("start", np.int32, NO_DATE),
    ("end", np.int32, NO_DATE),
    ("opens", np.int64, NO_MOMENT),
    ("closes", np.int64, NO_MOMENT),
    ("rolling", np.bool_, 0),
)


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of rows.

    Row r has the pairs `pairs[starts[r]:starts[r + 1]]`. A pair is one code of one document: runs of a document
    that share a code share the pair, so that marking pairs counts documents once. `pair_codes` gives each pair's
    place in `names`. A row without a code has the pair of `not-stated`.
    """

    names: tuple[str, ...]
    starts: Ints
    pairs: Ints
    pair_codes: Ints


@dataclass(slots=True)
class Columns:
    """All columns of one segment. `run_starts` has one entry more than there are documents."""

    ids: list[str]
    languages: list[str]
    titles: list[dict[str, str]]
    arrays: dict[str, npt.NDArray[Any]]
    doc_codes: dict[str, Codes] = field(default_factory=dict)
    run_codes: dict[str, Codes] = field(default_factory=dict)
    doc_numbers: dict[str, Floats] = field(default_factory=dict)
    run_numbers: dict[str, Floats] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary([], np.empty(0, np.int32)))
    title_terms: Titles = NO_TITLES


def compile_columns(records: Sequence[Record], words: Mapping[str, int]) -> Columns:
    """Turn the stored records of a segment, in document order, into columns. words: documents by exact form."""
    runs = [run for record in records for run in record["runs"]]
    counts = np.fromiter((len(record["runs"]) for record in records), np.int32, len(records))
    owners = np.repeat(np.arange(len(records), dtype=np.int32), counts)
    arrays = _arrays(records, runs)
    arrays["run_starts"] = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    columns = Columns(
        [record["id"] for record in records],
        [record["language"] for record in records],
        [record["titles"] for record in records],
        arrays,
    )
    columns.doc_codes = _all_codes([record["values"] for record in records], None)
    columns.run_codes = _all_codes([run.get("values", {}) for run in runs], owners)
    columns.run_codes[MONTH] = _codes([_month(run) for run in runs], owners)
    columns.doc_numbers = _all_numbers([record["numbers"] for record in records])
    columns.run_numbers = _all_numbers([run.get("numbers", {}) for run in runs])
    columns.vocabulary = Vocabulary.of(words)
    columns.title_terms = Titles.of(records)
    return columns


def _arrays(records: Sequence[Record], runs: Sequence[Record]) -> dict[str, npt.NDArray[Any]]:
    arrays: dict[str, npt.NDArray[Any]] = {
        "version": np.array([record["version"] for record in records], np.int64),
        "published": np.array([record["published"] for record in records], np.int64),
        "changed": np.array([record["changed"] for record in records], np.int64),
        "completeness": np.array([record["completeness"] for record in records], np.float32),
    }
    for place, name in enumerate(FIELDS if records and "worths" in records[0] else ()):
        arrays[f"{name}_worth"] = np.array([record["worths"][place] for record in records], np.float32)
    for number, dtype, missing in _RUN_NUMBERS:
        arrays[number] = np.array([run.get(number, missing) for run in runs], dtype)
    return arrays


def _month(run: Record) -> list[str]:
    return [date.fromordinal(run["start"]).isoformat()[:7]] if "start" in run else []


def _all_codes(rows: Sequence[Mapping[str, Sequence[str]]], owners: Ints | None) -> dict[str, Codes]:
    names = sorted({name for row in rows for name in row})
    return {name: _codes([row.get(name, ()) for row in rows], owners) for name in names}


def _codes(rows: Sequence[Iterable[str]], owners: Ints | None) -> Codes:
    """Number the codes; without owners every row is its own document."""
    lists = [tuple(dict.fromkeys(row)) or (NOT_STATED,) for row in rows]
    names = tuple(sorted({code for row in lists for code in row}))
    places = {name: place for place, name in enumerate(names)}
    flat = np.fromiter((places[code] for row in lists for code in row), np.int32)
    counts = np.fromiter(map(len, lists), np.int32, len(lists))
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    if owners is None:
        return Codes(names, starts, np.arange(len(flat), dtype=np.int32), flat)
    keys = np.repeat(owners, counts).astype(np.int64) * max(len(names), 1) + flat
    distinct, pairs = np.unique(keys, return_inverse=True)
    return Codes(names, starts, pairs.astype(np.int32), (distinct % max(len(names), 1)).astype(np.int32))


def _all_numbers(rows: Sequence[Mapping[str, float]]) -> dict[str, Floats]:
    names = sorted({name for row in rows for name in row})
    return {name: np.array([row.get(name, np.nan) for row in rows], np.float64) for name in names}


def title_keys(columns: Columns, language: str) -> list[str]:
    """Sort keys of the titles in a language, else in English, else in the document's own."""
    return [
        collation_key(titles.get(language) or titles.get("en") or titles.get(own, ""), language)
        for titles, own in zip(columns.titles, columns.languages, strict=True)
    ]


def dump_columns(columns: Columns) -> bytes:
    """One file: the length of a JSON head, the head, then the arrays one after the other."""
    arrays: dict[str, npt.NDArray[Any]] = {f"arrays/{name}": data for name, data in columns.arrays.items()}
    arrays["words/counts"] = columns.vocabulary.counts
    names: dict[str, tuple[str, ...]] = {}
    for kind in ("doc_codes", "run_codes"):
        for name, codes in getattr(columns, kind).items():
            names[f"{kind}/{name}"] = codes.names
            for part in ("starts", "pairs", "pair_codes"):
                arrays[f"{kind}/{name}/{part}"] = getattr(codes, part)
    for kind in ("doc_numbers", "run_numbers"):
        arrays |= {f"{kind}/{name}": data for name, data in getattr(columns, kind).items()}
    arrays |= {f"title_terms/{name}": data for name, data in columns.title_terms.arrays().items()}
    head = orjson.dumps(
        {
            "ids": columns.ids,
            "languages": columns.languages,
            "titles": columns.titles,
            "names": names,
            "words": columns.vocabulary.words,
            "title_languages": columns.title_terms.languages,
            "arrays": [(name, data.dtype.str, data.size) for name, data in arrays.items()],
        }
    )
    return b"".join((len(head).to_bytes(8, "little"), head, *(data.tobytes() for data in arrays.values())))


def load_columns(content: bytes) -> Columns:
    """The inverse of `dump_columns`. Raises ValueError, KeyError or TypeError when the content is damaged."""
    end = 8 + int.from_bytes(content[:8], "little")
    head = orjson.loads(content[8:end])
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, dtype, size in head["arrays"]:
        # Copied, so that every array is aligned and none keeps the whole file in memory.
        arrays[name] = np.frombuffer(content, dtype, size, end).copy()
        end += arrays[name].nbytes
    columns = Columns(head["ids"], head["languages"], head["titles"], _below(arrays, "arrays"))
    for kind in ("doc_codes", "run_codes"):
        setattr(columns, kind, _load_codes(head["names"], arrays, kind))
    columns.doc_numbers = _below(arrays, "doc_numbers")
    columns.run_numbers = _below(arrays, "run_numbers")
    columns.vocabulary = Vocabulary(head["words"], arrays["words/counts"])
    columns.title_terms = Titles.load(head["title_languages"], _below(arrays, "title_terms"))
    return columns


def _below(arrays: dict[str, npt.NDArray[Any]], prefix: str) -> dict[str, npt.NDArray[Any]]:
    return {name.partition("/")[2]: data for name, data in arrays.items() if name.startswith(f"{prefix}/")}


def _load_codes(
    names: dict[str, list[str]], arrays: dict[str, npt.NDArray[Any]], kind: str
) -> dict[str, Codes]:
    return {
        key.partition("/")[2]: Codes(
            tuple(codes), arrays[f"{key}/starts"], arrays[f"{key}/pairs"], arrays[f"{key}/pair_codes"]
        )
        for key, codes in names.items()
        if key.startswith(f"{kind}/")
    }
