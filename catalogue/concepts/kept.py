"""The labels that come with Portolan, kept in the process: there are a few hundred in a language, and they are what
somebody who is typing most likely means.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalogue.concepts.model import PACKAGED, Concept, ConceptLabel, ConceptSource
from catalogue.concepts.naming import Name, preferred
from catalogue.db import ask


@dataclass(frozen=True, slots=True)
class Hit:
    """A label that begins with what was typed, or whose last telling word does."""

    id: int
    uri: str
    kind: str
    language: str
    source: str
    position: int
    label: str
    at_start: bool


class Stamp(NamedTuple):
    """What the tables hold: a checksum of packaged data, the analysis of their keys, the number of other sources."""

    checksum: str | None
    analysis: str | None
    others: int


class Kept:
    """What the tables hold of it in one state, each language read when it is first asked for."""

    def __init__(self, stamp: Stamp) -> None:
        self.stamp = stamp
        self._labels: dict[str, tuple[list[str], list[Hit]]] = {}
        self._names: dict[str, dict[int, Name]] = {}

    @property
    def is_all(self) -> bool:
        """Whether nothing but what is packaged has any label."""
        return not self.stamp.others

    def beginning(self, session: Session, typed: str, language: str) -> list[Hit]:
        """Labels in a language that begin so, or whose last telling word does."""
        if language not in self._labels:
            self._labels[language] = _read(session, language)
        keys, hits = self._labels[language]
        return hits[bisect_left(keys, typed) : bisect_left(keys, after(typed))]

    def names(self, session: Session, language: str) -> dict[int, Name]:
        """What concepts are called, where nothing else says so."""
        if language not in self._names:
            kinds = {row[0]: row[1] for row in ask(session, _KINDS)}
            self._names[language] = preferred(session, kinds, (language,))
        return self._names[language]


def after(prefix: str) -> str:
    """The first text behind all that begin with the prefix, by code points."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _packaged(column: InstrumentedAttribute[str]) -> Any:
    return select(column).where(ConceptSource.source == PACKAGED).scalar_subquery()


# The parts of a stamp, for whoever has something else to ask as well: an answer costs more than what is in it.
STAMP: Final = (
    _packaged(ConceptSource.checksum),
    _packaged(ConceptSource.analysis),
    select(func.count()).where(ConceptSource.source != PACKAGED).scalar_subquery(),
)
_STAMP: Final = select(*STAMP)
_KINDS: Final = select(Concept.id, Concept.kind)
_LABELS: Final = (
    select(
        Concept.id,
        Concept.uri,
        Concept.kind,
        ConceptLabel.language,
        ConceptLabel.source,
        ConceptLabel.position,
        ConceptLabel.label,
        ConceptLabel.key_exact,
        ConceptLabel.key_tail,
    )
    .join(Concept, Concept.id == ConceptLabel.concept_id)
    .where(ConceptLabel.language == bindparam("language"), ConceptLabel.source == PACKAGED)
)

_kept: WeakKeyDictionary[Any, Kept] = WeakKeyDictionary()


def kept(session: Session, stamp: Stamp | None = None) -> Kept:
    """What is kept, as the session sees it: read again when that has changed. stamp: of it, where it is known."""
    stamp = stamp or Stamp(*ask(session, _STAMP)[0])
    engine = session.connection().engine
    known = _kept.get(engine)
    if known is None or known.stamp != stamp:
        known = _kept[engine] = Kept(stamp)
    return known


def _read(session: Session, language: str) -> tuple[list[str], list[Hit]]:
    """Keys in their order, and the label of each."""
    found = sorted(_keyed(session, language), key=lambda entry: entry[0])
    return [key for key, _ in found], [hit for _, hit in found]


def _keyed(session: Session, language: str) -> Iterator[tuple[str, Hit]]:
    for *label, key_exact, key_tail in ask(session, _LABELS, {"language": language}):
        for key, at_start in ((key_exact, True), (key_tail, False)):
            if key is not None:
                yield key, Hit(*(*label, at_start))
