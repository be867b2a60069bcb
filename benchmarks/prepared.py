"""Search documents and their terms, made once for all peers and read from files: whoever is fed with them waits for
no analysis.
"""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.workers import in_order
from catalogue.changes.indexer import compounds_of
from catalogue.db import Database
from catalogue.offers import queries
from catalogue.offers.document import search_document
from search.document import Field, SearchDocument
from search.engines.terms import TextTerms, document_terms
from search.text import Compounds

BATCH: Final = 1_000
_FOLDER: Final = "prepared"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one text, parted by spaces; a stem of several words has underscores for its own.

    forms: exact forms in their order. others: exact forms that are in no phrase. stems: at least as many as forms.
    """

    forms: str
    others: str
    stems: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with the terms of its texts by field."""

    document: SearchDocument
    terms: dict[Field, list[Terms]]


_here: dict[str, Any] = {}


def prepare(directory: Path, database_url: str) -> int:
    """Write the documents of everything published in the order of ids. Returns how many."""
    folder = directory / _FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with Database(database_url).read() as session:
        ids = sorted(queries.index_versions(session))
        compounds = compounds_of(session).dump()
    tasks = [
        (folder / f"{start // BATCH:06d}.pickle", ids[start : start + BATCH])
        for start in range(0, len(ids), BATCH)
    ]
    return sum(in_order(tasks, _prepare, _begin, (database_url, compounds)))


def _begin(database_url: str, compounds: bytes) -> None:
    _here["database"], _here["compounds"] = Database(database_url), Compounds.load(compounds)


def _prepare(task: tuple[Path, Sequence[str]]) -> int:
    path, ids = task
    with _here["database"].read() as session:
        offers = queries.published(session, ids)
        documents = [search_document(offers[offer_id]) for offer_id in ids]
    compounds = _here["compounds"]
    prepared = [Prepared(one, joined(document_terms(one, compounds))) for one in documents]
    path.write_bytes(pickle.dumps(prepared, pickle.HIGHEST_PROTOCOL))
    return len(prepared)


def joined(terms: Mapping[Field, Sequence[TextTerms]]) -> dict[Field, list[Terms]]:
    """Terms as they are kept."""
    return {field: [_joined(text) for text in texts] for field, texts in terms.items()}


def _joined(text: TextTerms) -> Terms:
    return Terms(" ".join(text.forms), " ".join(text.others), " ".join(map(as_word, text.stems)))


def as_word(stem: str) -> str:
    return stem.replace(" ", "_")


def read(directory: Path) -> Iterator[list[Prepared]]:
    """What was prepared, a batch at a time."""
    for path in sorted((directory / _FOLDER).glob("*.pickle")):
        yield pickle.loads(path.read_bytes())


def remove(directory: Path) -> None:
    shutil.rmtree(directory / _FOLDER, ignore_errors=True)
