"""Concepts to suggest while a searcher types."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import Select, bindparam, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalogue.concepts.keys import SHORTEST, words
from catalogue.concepts.model import KINDS, PACKAGED, Concept, ConceptLabel
from catalogue.concepts.naming import preferred
from catalogue.db import ask

_READ: Final = 200  # labels looked at for each question; more than anyone is shown
_FALLBACK: Final = "en"


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
    session: Session,
    prefix: str,
    language: str,
    limit: int,
    is_carried: Callable[[str], bool] = lambda _uri: True,
) -> list[Suggestion]:
    """Concepts with a label that begins with the typed text, or whose last word does; grouped by kind.

    language: that of the interface; English labels stand in where it has none. is_carried: whether any offer carries
    a concept; what none carries is not worth a suggestion. Occupations, which offers do not carry, are not asked.
    """
    typed = " ".join(token.exact for token in words(prefix, language))
    if len(typed) < SHORTEST - 1:
        return []
    hits = sorted(
        _best_of_each(_hits(session, typed, language), language), key=lambda hit: _rank(hit, language)
    )
    hits = list(islice((hit for hit in hits if hit.kind == "occupation" or is_carried(hit.uri)), 2 * limit))
    names = preferred(session, {hit.id: hit.kind for hit in hits}, (language,))
    # A field and the only one within it may have the same name: the broader one is meant.
    named = {(hit.kind, names[hit.id].label): hit for hit in reversed(hits)}
    kept = [hit for hit in hits if named[hit.kind, names[hit.id].label] is hit][:limit]
    return [
        Suggestion(hit.uri, hit.kind, *name, matched=hit.label if hit.label != name.label else "")
        for hit in sorted(kept, key=lambda hit: KINDS.index(hit.kind))
        for name in (names[hit.id],)
    ]


def _hits(session: Session, typed: str, language: str) -> list[_Hit]:
    """Ranges of two indexes, in the interface's language and in English, in one question."""
    values = {"typed": typed, "after": _after(typed), "own": language, "fallback": _FALLBACK}
    return [_Hit(*row) for row in ask(session, _QUESTION, values)]


def _range(column: InstrumentedAttribute[str | None], language: str, *, at_start: bool) -> Select[Any]:
    """What comes with Portolan is read first, as the seed's offers carry it and a short text has many hits."""
    found = (
        select(
            Concept.id,
            Concept.uri,
            Concept.kind,
            ConceptLabel.language,
            ConceptLabel.source,
            ConceptLabel.position,
            ConceptLabel.label,
            literal(at_start).label("at_start"),
        )
        .join(Concept, Concept.id == ConceptLabel.concept_id)
        .where(
            ConceptLabel.language == bindparam(language),
            column >= bindparam("typed"),
            column < bindparam("after"),
        )
        .order_by(ConceptLabel.source != PACKAGED, column)
        .limit(_READ)
        .subquery()
    )
    return select(found)


# Made once: to put it together takes longer than to answer it.
_QUESTION: Final = union_all(
    *(
        _range(column, language, at_start=at_start)
        for language in ("own", "fallback")
        for column, at_start in ((ConceptLabel.key_exact, True), (ConceptLabel.key_tail, False))
    )
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
