"""Skills by words of their names, for those who choose one: any word, anywhere in a label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.concepts.model import Concept, ConceptLabel
from catalogue.concepts.naming import Name, preferred

__all__ = ["Name", "named", "skills"]
_MOST_LABELS: Final = 400
_LONGEST: Final = 100


def skills(session: Session, asked: str, language: str, limit: int) -> dict[str, Name]:
    """Names of skills by URI that have every word asked for, in a language or in English; short ones first."""
    words = asked[:_LONGEST].lower().split()
    if not words:
        return {}
    query = (
        select(Concept.id, Concept.uri, ConceptLabel.label)
        .join(ConceptLabel, ConceptLabel.concept_id == Concept.id)
        .where(Concept.kind == "skill", ConceptLabel.language.in_([language, "en"]))
    )
    for word in words:
        query = query.where(func.lower(ConceptLabel.label).contains(word, autoescape=True))
    rows = session.execute(query.order_by(func.length(ConceptLabel.label), Concept.uri).limit(_MOST_LABELS))
    uris = {row.id: row.uri for row in rows}
    chosen = list(uris)[:limit]
    names = preferred(session, dict.fromkeys(chosen, "skill"), (language,))
    return {uris[key]: names[key] for key in chosen if key in names}


def named(session: Session, uris: Sequence[str], language: str) -> dict[str, Name]:
    """What skills are called; those that are not known are absent."""
    if not uris:
        return {}
    ids = {
        row.id: row.uri
        for row in session.execute(select(Concept.id, Concept.uri).where(Concept.uri.in_(uris)))
    }
    names = preferred(session, dict.fromkeys(ids, "skill"), (language,))
    return {uri: names[key] for key, uri in ids.items() if key in names}
