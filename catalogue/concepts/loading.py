"""Load a release of ESCO from its official CSV files, in as many languages as there are files.

Each file is taken in whole or not at all, in a transaction of its own: what costs time, reading and making keys, is
done before it begins, since other writers of an SQLite database wait for it. Loading the same again writes nothing;
a newer release replaces what an older one said of the same kind of concept in the same language, never the reverse.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalogue.concepts import store
from catalogue.concepts.keys import VERSION
from catalogue.concepts.model import (
    ESCO,
    PACKAGED,
    Concept,
    ConceptBroader,
    ConceptLabel,
    ConceptSource,
    OccupationSkill,
    number,
)
from catalogue.concepts.packaged import ensure_packaged
from catalogue.concepts.reading import (
    LABELLED,
    Labelled,
    Problem,
    Reader,
    Relation,
    UnreadableError,
    files,
    version_of,
)
from catalogue.concepts.store import Named
from catalogue.db import Database

__all__ = ["Report", "UnreadableError", "load_esco"]

Progress = Callable[[int, int], None]
_KILOBYTE: Final = 1_024
_VERSION: Final = re.compile(r"\d{1,3}(\.\d{1,3}){1,2}")
_SHOWN: Final = 50  # problems told one by one


@dataclass
class Report:
    """What was done. `outcomes` counts concepts in each language: new, changed, unchanged, newer, removed.

    newer: left alone, because a newer release has said it. removed: no longer in this release.
    """

    version: str
    files: int = 0
    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    relations: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The report as sentences."""
        said = [f"ESCO {self.version}: {self.files} files."]
        for language, counts in sorted(self.outcomes.items()):
            told = ", ".join(f"{counts[name]} {name}" for name in _OUTCOMES if counts[name] or name == "new")
            said.append(f"{language}: {told}.")
        said += [f"{name}: {count}." for name, count in self.relations.items()]
        said += [str(problem) for problem in self.problems[:_SHOWN]]
        if (more := len(self.problems) - _SHOWN) > 0:
            said.append(f"... and {more} more rows refused.")
        return said


_OUTCOMES: Final = ("new", "changed", "unchanged", "newer", "removed")


def load_esco(
    database: Database,
    directory: Path,
    version: str | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Report:
    """Load a folder. `version` is guessed from names and headers if left out; progress is told in kB.

    Raises UnreadableError; files read before the unreadable one are loaded.
    """
    found = files(directory)
    if version is not None and not _VERSION.fullmatch(version):
        raise UnreadableError(f"'{version}' is not a version of ESCO; 1.1.1 is one.")
    ensure_packaged(database)
    report = Report(version or version_of(directory, found))
    source = ESCO + report.version
    sizes = [file.path.stat().st_size for file in found]
    read_before: dict[str, set[int]] = defaultdict(set)  # by language
    for place, file in enumerate(found):
        before, total = sum(sizes[:place]), sum(sizes) // _KILOBYTE or 1
        reader = Reader(file, lambda n, b=before, t=total: progress((b + n) // _KILOBYTE, t))  # type: ignore[misc]
        if file.content in LABELLED:
            _load_labels(database, reader, source, report, read_before[file.language])
        else:
            _load_relations(database, reader, source, report)
        report.problems += reader.problems
        report.files += 1
    return report


class _Had(NamedTuple):
    """What the tables hold of a concept in a language from releases of ESCO."""

    source: str
    labels: tuple[str, ...]


@dataclass
class _Changes:
    """What a file changes: label rows to write, kinds of their concepts, concepts whose labels go first."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)


def _load_labels(database: Database, reader: Reader, source: str, report: Report, seen: set[int]) -> None:
    """seen: concepts that a file read before has already named in this language."""
    language, counts = reader.file.language, report.outcomes[reader.file.language]
    with database.read() as session:
        had = _had(session, language)
    changes, entries = _Changes(), []
    for entry in reader.labelled():
        key = number(entry.uri)
        if key not in seen:
            seen.add(key)
            entries.append(entry)
            outcome = _weigh(entry, language, had.get(key), source, changes)
            counts[outcome] += 1
    if reader.file.content in _WHOLE and not reader.problems:
        with database.read() as session:
            obsolete = _obsolete(session, had, {entry.kind for entry in entries}, source) - seen
        changes.gone |= obsolete
        counts["removed"] += len(obsolete)
    if changes.rows or changes.gone:
        with database.write() as session:
            _write(session, language, changes, had, source)


# Files that hold every concept of their kind: what is missing in them is no longer in ESCO.
_WHOLE: Final = ("skills", "occupations")


def _had(session: Session, language: str) -> dict[int, _Had]:
    query = (
        select(ConceptLabel.concept_id, ConceptLabel.source, ConceptLabel.label)
        .where(ConceptLabel.language == language, ConceptLabel.source != PACKAGED)
        .order_by(ConceptLabel.concept_id, ConceptLabel.source, ConceptLabel.position)
    )
    labels: dict[int, list[str]] = defaultdict(list)
    sources: dict[int, str] = {}
    for concept, source, label in session.execute(query):
        labels[concept].append(label)
        sources[concept] = source
    return {concept: _Had(source, tuple(labels[concept])) for concept, source in sources.items()}


def _weigh(entry: Labelled, language: str, had: _Had | None, source: str, changes: _Changes) -> str:
    """What becomes of a concept, noted in `changes`; returns the word for it."""
    if had is not None and release(had.source) > release(source):
        return "newer"
    rows = store.label_rows(Named(entry.uri, entry.kind, language, entry.labels), source)
    if had is not None and had == _Had(source, tuple(row["label"] for row in rows)):
        return "unchanged"
    changes.rows += rows
    changes.kinds[entry.uri] = entry.kind
    if had is None:
        return "new"
    changes.gone.add(number(entry.uri))
    return "changed"


def release(source: str) -> tuple[int, ...]:
    """The version of a source as numbers that can be compared; nothing for what is packaged."""
    numbers = source.removeprefix(ESCO).split(".")
    return tuple(int(number) for number in numbers if number.isdigit())


def _obsolete(session: Session, had: Mapping[int, _Had], kinds: set[str], source: str) -> set[int]:
    """Concepts of those kinds that only older releases have named."""
    of_kind = set(session.scalars(select(Concept.id).where(Concept.kind.in_(kinds))))
    return {key for key, entry in had.items() if key in of_kind and release(entry.source) < release(source)}


def _write(session: Session, language: str, changes: _Changes, had: Mapping[int, _Had], source: str) -> None:
    store.lock(session)
    sources = sorted({entry.source for entry in had.values()})
    store.remove_labels(session, language, changes.gone, sources)
    store.put_concepts(session, changes.kinds, source)
    store.put_labels(session, changes.rows)
    _note(session, source)


def _note(session: Session, source: str) -> None:
    if session.get(ConceptSource, source) is None:
        store.note_source(session, source, "", VERSION)


def _load_relations(database: Database, reader: Reader, source: str, report: Report) -> None:
    """Relations are replaced as a whole, unless a newer release is there."""
    occupational = reader.file.content == "occupation skills"
    table: type[OccupationSkill | ConceptBroader] = OccupationSkill if occupational else ConceptBroader
    relations = list(reader.occupation_skills() if occupational else reader.broader())
    rows = _occupation_rows(relations, source) if occupational else _broader_rows(relations, source)
    columns = list(rows[0]) if rows else []
    with database.read() as session:
        sources = set(session.scalars(select(table.source).distinct())) - {PACKAGED}
        had = set(session.execute(select(*(getattr(table, name) for name in columns)))) if rows else set()
    name = "skills of occupations" if occupational else "broader concepts"
    if any(release(other) > release(source) for other in sources):
        report.relations[f"{name} (left alone, a newer release is loaded)"] += len(rows)
        return
    report.relations[name] += len(rows)
    had = {row for row in had if PACKAGED not in row}
    if had == {tuple(row.values()) for row in rows}:
        return
    with database.write() as session:
        store.lock(session)
        session.execute(delete(table).where(table.source != PACKAGED))
        if occupational:
            store.put_concepts(session, _kinds(relations), source)
        store.put(session, table, rows)
        _note(session, source)


def _kinds(relations: Iterable[Relation]) -> dict[str, str]:
    kinds = {relation.one: "occupation" for relation in relations}
    return kinds | {relation.other: "skill" for relation in relations}


def _occupation_rows(relations: Iterable[Relation], source: str) -> list[dict[str, Any]]:
    """Essential skills first, otherwise in the order of the file."""
    skills: dict[str, dict[str, bool]] = defaultdict(dict)
    for relation in sorted(relations, key=lambda relation: not relation.essential):
        skills[relation.one].setdefault(relation.other, relation.essential)
    return [
        {
            "occupation_id": number(occupation),
            "skill_id": number(skill),
            "source": source,
            "position": position,
            "essential": essential,
        }
        for occupation, wanted in skills.items()
        for position, (skill, essential) in enumerate(wanted.items())
    ]


def _broader_rows(relations: Sequence[Relation], source: str) -> list[dict[str, Any]]:
    return [
        {"concept_id": number(one), "broader_id": number(other), "source": source}
        for one, other in dict.fromkeys((relation.one, relation.other) for relation in relations)
    ]
