"""Reading: what a process has open of the index, and how it notices commits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final

import numpy as np

from search.engine import IndexUnavailableError
from search.engines.columns.table import Table
from search.engines.columns.titles import NO_TITLES, Titles
from search.engines.columns.values import load_columns, title_keys
from search.engines.generations import compounds_of
from search.engines.tantivy.manifest import is_newest, newest_commit, read_manifest
from search.engines.tantivy.matching import Matcher
from search.engines.tantivy.writing import open_words
from search.plan import Plan, Term

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tantivy import Index, Searcher

    from search.engines.columns.scope import Found
    from search.engines.columns.values import Mask
    from search.engines.generations import Generations
    from search.engines.tantivy.manifest import Manifest, Part
    from search.plan import Family

# What Tantivy, orjson and numpy raise when they meet files that are missing, cut short or overwritten.
UNREADABLE: Final = (OSError, EOFError, ValueError, LookupError, TypeError, MemoryError)

_ATTEMPTS: Final = 5

# Documents of a file that is never joined with others again.
_LARGE: Final = 4_096


class OpenPart:
    """The columns of some rows, in memory. Deletions belong to the snapshot."""

    def __init__(self, path: Path, part: Part) -> None:
        self.columns = load_columns((path / part.name).read_bytes())
        if len(self.columns.ids) != part.size:
            raise ValueError(f"{path / part.name} does not have {part.size} rows")
        # Of several versions in one part only the last can be alive.
        self.numbers = {document_id: number for number, document_id in enumerate(self.columns.ids)}
        self._title_keys: dict[str, list[str]] = {}

    def title_keys(self, language: str) -> list[str]:
        """Sort keys of the titles that a reader of a language sees."""
        if language not in self._title_keys:
            self._title_keys[language] = title_keys(self.columns, language)
        return self._title_keys[language]


class LargeTitles:
    """The titles of a generation's large files as those of one: to look for a word in each of them would take as many
    times as long. They never change, and others only follow.
    """

    def __init__(self) -> None:
        self._parts: tuple[Part, ...] = ()
        self._titles = NO_TITLES

    def of(self, parts: Mapping[Part, OpenPart]) -> tuple[Titles, int]:
        """The titles of the large files at the head of some, and how many files these are.

        What is joined is here alone from then on: whoever asks for an older commit must have asked before.
        """
        large = tuple(takewhile(lambda part: part.size >= _LARGE, parts))
        further = [parts[part].columns for part in large[len(self._parts) :]]
        if further:
            sizes = [sum(part.size for part in self._parts), *(len(columns.ids) for columns in further)]
            self._titles = Titles.join([self._titles, *(columns.title_terms for columns in further)], sizes)
            self._parts = large
            for columns in further:
                columns.title_terms = NO_TITLES
        return self._titles, len(large)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One commit: its rows, and a state of Tantivy that has the words of all that live."""

    path: Path
    manifest: Manifest
    parts: dict[Part, OpenPart]
    index: Index
    searcher: Searcher
    titles: LargeTitles

    @property
    def name(self) -> str:
        return f"{self.path.name}.{self.manifest.commit}"

    @property
    def living(self) -> tuple[Mask, ...]:
        """The living rows of each part."""
        ends = np.cumsum([part.size for part in self.parts]).tolist()
        return tuple(np.split(self.manifest.living, ends[:-1])) if self.parts else ()


class TantivyTable(Table):
    """The table of a snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(tuple(snapshot.parts.values()), snapshot.living)
        self.snapshot = snapshot
        self.compounds = compounds_of(snapshot.path)
        self._matcher = Matcher(snapshot.searcher, snapshot.index.schema, self.living)
        self._dead = self.size - int(np.count_nonzero(self.living))

    def title_parts(self) -> list[tuple[Titles, int]]:
        """See `Table`. The engine asks for those of one commit after the other."""
        titles, large = self.snapshot.titles.of(self.snapshot.parts)
        return [(titles, 0)] * (large > 0) + super().title_parts()[large:]

    def match(self, plan: Plan) -> Found | None:
        """What a plan finds; None for one that finds everything."""
        return self._matcher.match(plan)

    def find_term(self, family: Family, term: str) -> bool:
        """See `Table`."""
        frequency = self._matcher.frequency(family, term)
        if not frequency or frequency > self._dead:
            return frequency > 0
        found = self.match(Plan((Term(family, term),)))
        return found is not None and len(found.numbers) > 0


def open_snapshot(path: Path, before: Snapshot | None) -> Snapshot:
    """Open the newest commit of a generation, sharing what is open already."""
    before = before if before and before.path == path else None
    known = before.parts if before else {}
    index = before.index if before else open_words(path)
    manifest, searcher = _state(path, index)
    parts = {part: known.get(part) or OpenPart(path, part) for part in manifest.parts}
    return Snapshot(path, manifest, parts, index, searcher, before.titles if before else LargeTitles())


def _state(path: Path, index: Index) -> tuple[Manifest, Searcher]:
    """A manifest, and Tantivy as it was while that was the newest.

    Tantivy may be ahead by a commit that has no manifest yet, which makes it forget only what was dead before. By two
    commits it must not be.
    """
    for _ in range(_ATTEMPTS):
        manifest = read_manifest(path, newest_commit(path))
        index.reload()
        searcher = index.searcher()
        if is_newest(path, manifest.commit):
            if searcher.num_docs < np.count_nonzero(manifest.living):
                raise ValueError(f"Tantivy has not all documents of {path}")
            return manifest, searcher
    raise ValueError(f"{path} changes faster than it can be read")


def newest_snapshot(generations: Generations, before: Snapshot | None) -> Snapshot:
    """The newest commit of the current generation; `before` itself when nothing has changed.

    A writer may remove files, or a rebuild a whole generation, between a look at their names and their opening; then
    the names are read again.
    """
    error: BaseException | None = None
    for _ in range(_ATTEMPTS):
        if (
            before
            and before.path.name == generations.current_name()
            and is_newest(before.path, before.manifest.commit)
        ):
            return before
        try:
            return open_snapshot(generations.current(), before)
        except (IndexUnavailableError, *UNREADABLE) as failure:
            error = failure
    raise IndexUnavailableError(f"the index in {generations.directory} cannot be read: {error}") from error
