"""Concepts to suggest while a searcher types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import Select, bindparam, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalogue.concepts.kept import Hit, Kept, Stamp, after, kept
from catalogue.concepts.keys import SHORTEST, words
from catalogue.concepts.model import KINDS, PACKAGED, Concept, ConceptLabel
from catalogue.concepts.naming import preferred
from catalogue.db import ask

_READ: Final = 100  # labels looked at in each index; more than anyone is shown
_FALLBACK: Final = "en"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A concept to offer. `matched` is the alternative label that was typed, empty if it was the preferred one."""

    uri: str
    kind: str
    label: str
    language: str
    matched: str = ""


def suggest(
    session: Session,
    prefix: str,
    language: str,
    limit: int,
    is_carried: Callable[[str], bool] = lambda _uri: True,
    stamp: Stamp | None = None,
) -> list[Suggestion]:
    """Concepts with a label that begins with the typed text, or whose last word does; grouped by kind.

    language: that of the interface; English labels stand in where it has none. is_carried: whether any offer carries
    a concept; what none carries is not worth a suggestion. Occupations, which offers do not carry, are not asked.
    stamp: what the vocabularies are in the session, where it is known.
    """
    typed = " ".join(token.exact for token in words(prefix, None))
    if len(typed) < SHORTEST - 1:
        return []
    labels = kept(session, stamp)
    hits: dict[int, Hit] = {}
    for code in dict.fromkeys((language, _FALLBACK)):
        # What is in the interface's language comes first, so that English need not be asked where that is enough.
        if len(hits) < 2 * limit:
            for hit in sorted(_hits(session, labels, typed, code), key=_rank):
                if hit.kind == "occupation" or is_carried(hit.uri):
                    hits.setdefault(hit.id, hit)
    best = list(islice(hits.values(), 2 * limit))
    names = (
        labels.names(session, language)
        if labels.is_all
        else preferred(session, {hit.id: hit.kind for hit in best}, (language,))
    )
    # A field and the only one within it may have the same name: the broader one is meant.
    named = {(hit.kind, names[hit.id].label): hit for hit in reversed(best)}
    chosen = [hit for hit in best if named[hit.kind, names[hit.id].label] is hit][:limit]
    return [
        Suggestion(hit.uri, hit.kind, *name, matched=hit.label if hit.label != name.label else "")
        for hit in sorted(chosen, key=lambda hit: KINDS.index(hit.kind))
        for name in (names[hit.id],)
    ]


def _hits(session: Session, labels: Kept, typed: str, language: str) -> Iterator[Hit]:
    """Labels in a language; those that did not come with Portolan are asked for."""
    yield from labels.beginning(session, typed, language)
    if not labels.is_all:
        values = {"typed": typed, "after": after(typed), "language": language}
        for row in ask(session, _QUESTION, values):
            yield Hit(*row)


def _range(column: InstrumentedAttribute[str | None], *, at_start: bool) -> Select[Any]:
    """The first labels in the order of an index, so that a short text, which has many, costs no more than another."""
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
            ConceptLabel.language == bindparam("language"),
            ConceptLabel.source != PACKAGED,
            column >= bindparam("typed"),
            column < bindparam("after"),
        )
        .order_by(column)
        .limit(_READ)
        .subquery()
    )
    return select(found)


# Made once: to put it together takes longer than to answer it.
_QUESTION: Final = union_all(
    _range(ConceptLabel.key_exact, at_start=True), _range(ConceptLabel.key_tail, at_start=False)
)


def _rank(hit: Hit) -> tuple[bool, bool, bool, int, str, str]:
    """The likelier hit is less: packaged, at the start, preferred, short."""
    return (
        hit.source != PACKAGED,
        not hit.at_start,
        hit.position > 0,
        len(hit.label),
        hit.label,
        hit.uri,
    )
