"""Which vocabularies there are, for an operator."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.concepts.model import KINDS, Concept, ConceptLabel, OccupationSkill


@dataclass(frozen=True, slots=True)
class Listed:
    """Concepts of one kind from one source: their number by language (those with a preferred label), all labels."""

    source: str
    kind: str
    concepts: dict[str, int]
    labels: int


def overview(session: Session) -> list[Listed]:
    """Every source and kind there is."""
    query = (
        select(
            ConceptLabel.source,
            Concept.kind,
            ConceptLabel.language,
            func.count(func.distinct(ConceptLabel.concept_id)),
            func.count(),
        )
        .join(Concept, Concept.id == ConceptLabel.concept_id)
        .group_by(ConceptLabel.source, Concept.kind, ConceptLabel.language)
        .order_by(ConceptLabel.language)
    )
    concepts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    labels: dict[tuple[str, str], int] = defaultdict(int)
    for source, kind, language, count, total in session.execute(query):
        concepts[source, kind][language] = count
        labels[source, kind] += total
    order = sorted(concepts, key=lambda key: (key[0] != "packaged", key[0], KINDS.index(key[1])))
    return [Listed(source, kind, concepts[source, kind], labels[source, kind]) for source, kind in order]


def lines(session: Session) -> list[str]:
    """The overview as sentences."""
    said = []
    for listed in overview(session):
        counts = ", ".join(f"{language} {count}" for language, count in listed.concepts.items())
        said.append(f"{listed.source} {listed.kind}: {listed.labels} labels; concepts: {counts}.")
    query = select(OccupationSkill.source, func.count()).group_by(OccupationSkill.source)
    for source, count in session.execute(query.order_by(OccupationSkill.source)):
        said.append(f"{source}: {count} skills of occupations.")
    return said or ["No vocabularies."]
