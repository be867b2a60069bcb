"""Concepts to suggest while a searcher types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalogue.concepts.keys import SHORTEST, words
from catalogue.concepts.model import KINDS, PACKAGED, Concept, ConceptLabel, number
from catalogue.concepts.naming import preferred

_READ: Final = 200  # labels looked at for each question; more than anyone is shown
_MOST_CARRIED: Final = 2_000
_FALLBACK: Final = "en"
NOT_KNOWN: Final[Mapping[str, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A concept to offer. `matched` is the alternative label that was typed, empty if it was the preferred one."""

    uri: str
    kind: str
    label: str
    language: str
    matched: str = ""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A label that begins with what was typed, or whose last telling word does."""

    id: int
    uri: str
    kind: str
    language: str
    source: str
    position: int
    label: str
    at_start: bool


def suggest(
    session: Session, prefix: str, language: str, limit: int, uses: Mapping[str, int] = NOT_KNOWN
) -> list[Suggestion]:
    """Concepts with a label that begins with the typed text, or whose last word does; grouped by kind.

    language: that of the interface; English labels stand in where it has none. uses: how many offers carry a concept,
    by its URI: those that are carried come first, the most carried before all.
    """
    typed = " ".join(token.exact for token in words(prefix, language))
    if len(typed) < SHORTEST - 1:
        return []
    hits = sorted(
        _best_of_each(_hits(session, typed, language, _first(uses)), language),
        key=lambda hit: (-uses.get(hit.uri, 0), *_rank(hit, language)),
    )
    names = preferred(session, {hit.id: hit.kind for hit in hits[: 2 * limit]}, (language,))
    # A field and the only one within it may have the same name: the broader one is meant.
    named = {(hit.kind, names[hit.id].label): hit for hit in reversed(hits[: 2 * limit])}
    kept = [hit for hit in hits[: 2 * limit] if named[hit.kind, names[hit.id].label] is hit][:limit]
    return [
        Suggestion(hit.uri, hit.kind, *name, matched=hit.label if hit.label != name.label else "")
        for hit in sorted(kept, key=lambda hit: KINDS.index(hit.kind))
        for name in (names[hit.id],)
    ]


def _first(uses: Mapping[str, int]) -> ColumnElement[bool]:
    """What is read before anything else, as a short text has too many hits to read them all.

    What offers carry; where that is not known, what is packaged, since the seed's offers carry it.
    """
    if not uses:
        return ConceptLabel.source == PACKAGED
    most = nlargest(_MOST_CARRIED, uses, key=lambda uri: uses[uri])
    return ConceptLabel.concept_id.in_([number(uri) for uri in most])


def _hits(session: Session, typed: str, language: str, first: ColumnElement[bool]) -> list[_Hit]:
    """Ranges of two indexes, in the interface's language and in English."""
    found: list[_Hit] = []
    for own in dict.fromkeys((language, _FALLBACK)):
        for column, at_start in ((ConceptLabel.key_exact, True), (ConceptLabel.key_tail, False)):
            within = _range(column, typed, own)
            for query in (within.where(first), within.where(~first)):
                found += [_Hit(*row, at_start=at_start) for row in session.execute(query)]
    return found


def _range(
    column: InstrumentedAttribute[str | None], typed: str, language: str
) -> Select[int, str, str, str, str, int, str]:
    return (
        select(
            Concept.id,
            Concept.uri,
            Concept.kind,
            ConceptLabel.language,
            ConceptLabel.source,
            ConceptLabel.position,
            ConceptLabel.label,
        )
        .join(Concept, Concept.id == ConceptLabel.concept_id)
        .where(ConceptLabel.language == language, column >= typed, column < _after(typed))
        .order_by(column)
        .limit(_READ)
    )


def _after(prefix: str) -> str:
    """The first text behind all that begin with the prefix, by code points."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _rank(hit: _Hit, language: str) -> tuple[bool, bool, bool, bool, int, str, str]:
    """The likelier hit is less: in the searcher's language, packaged, at the start, preferred, short."""
    return (
        hit.language != language,
        hit.source != PACKAGED,
        not hit.at_start,
        hit.position > 0,
        len(hit.label),
        hit.label,
        hit.uri,
    )


def _best_of_each(hits: Iterable[_Hit], language: str) -> list[_Hit]:
    """One hit for each concept."""
    best: dict[int, _Hit] = {}
    for hit in hits:
        if hit.id not in best or _rank(hit, language) < _rank(best[hit.id], language):
            best[hit.id] = hit
    return list(best.values())
