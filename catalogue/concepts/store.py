"""Writes of concepts, their labels and relations; shared by what is packaged and what is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.orm import Session

from catalogue.concepts.keys import keys, word_forms
from catalogue.concepts.model import PACKAGED, Concept, ConceptLabel, ConceptSource, ConceptWord, number

CHUNK: Final = 1_000
T = TypeVar("T")


class Named(NamedTuple):
    """A concept with its labels in one language, the preferred one first."""

    uri: str
    kind: str
    language: str
    labels: tuple[str, ...]


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def lock(session: Session) -> None:
    """One writer of vocabularies at a time. SQLite has only one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE concept_source IN EXCLUSIVE MODE"))


def label_rows(named: Named, source: str) -> list[dict[str, Any]]:
    """Rows of `concept_label`; an alternative that reads like a label before it is left out."""
    rows: list[dict[str, Any]] = []
    seen: set[str | None] = set()
    for label in named.labels:
        found = keys(label, named.language)
        if rows and found.exact in seen:
            continue
        seen.add(found.exact)
        rows.append(
            {
                "concept_id": number(named.uri),
                "language": named.language,
                "source": source,
                "position": len(rows),
                "label": label,
                "key_exact": found.exact,
                "key_stem": found.stem,
                "key_tail": found.tail,
            }
        )
    return rows


def put_concepts(session: Session, kinds: dict[str, str], source: str) -> None:
    """Make the concepts (kind by URI) that are missing; what was only packaged is of the new source from now on."""
    for chunk in chunks(kinds.items()):
        ids = {number(uri): (uri, kind) for uri, kind in chunk}
        rows = session.execute(select(Concept.id, Concept.source).where(Concept.id.in_(ids)))
        known = {row.id: row.source for row in rows}
        missing = [
            {"id": key, "uri": uri, "kind": kind, "source": source}
            for key, (uri, kind) in ids.items()
            if key not in known
        ]
        put(session, Concept, missing)
        older = [key for key, had in known.items() if had == PACKAGED != source]
        if older:
            session.execute(update(Concept).where(Concept.id.in_(older)).values(source=source))


def put(session: Session, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    """Add rows that all have the same columns, of types that a driver takes as they are.

    Past the ORM and on PostgreSQL with COPY: a release of ESCO has hundreds of thousands of them.
    """
    connection, statement = session.connection(), insert(table.__table__)
    copies = connection.dialect.name == "postgresql"
    for chunk in chunks(rows):
        if copies:
            _copy(connection, table.__tablename__, chunk)
        else:
            connection.execute(statement, chunk)


def _copy(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    columns = tuple(rows[0])
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[column] for column in columns])


def put_labels(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Rows of `concept_label`, and the words of each label."""
    for chunk in chunks(rows):
        put(session, ConceptLabel, chunk)
        put(session, ConceptWord, (word for row in chunk for word in word_rows(row)))


def word_rows(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Rows of `concept_word` for a row of `concept_label`."""
    found = word_forms(row["label"], row["language"])
    place = {key: row[key] for key in ("concept_id", "language", "source", "position")}
    for word in sorted(frozenset().union(*found)):
        yield {**place, "word": word, "size": len(found)}


def remove_labels(session: Session, language: str, ids: Iterable[int], sources: Sequence[str]) -> None:
    """Take away what those sources say of those concepts in a language."""
    for chunk in chunks(ids):
        for table in (ConceptLabel, ConceptWord):
            session.execute(
                delete(table).where(
                    table.concept_id.in_(chunk), table.language == language, table.source.in_(sources)
                )
            )


def note_source(session: Session, source: str, checksum: str, analysis: str) -> None:
    session.merge(ConceptSource(source=source, checksum=checksum, analysis=analysis))
