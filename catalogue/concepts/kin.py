"""Words of labels that are kin of one word: "svejsning" of "svejser", "risikovurdring" of "risikovurdering"."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from catalogue.concepts.kinship import BEGINNING, Distance, apart, are_kin
from catalogue.concepts.model import Concept, ConceptWord
from catalogue.db import ask

_MOST_WORDS: Final = 500
_MOST_TELLING: Final = 2  # words of the label

_BEGINNING_ALIKE: Final = (
    select(
        Concept.id,
        Concept.uri,
        Concept.kind,
        ConceptWord.language,
        ConceptWord.source,
        ConceptWord.position,
        ConceptWord.size,
        ConceptWord.word,
    )
    .join(Concept, Concept.id == ConceptWord.concept_id)
    .where(ConceptWord.language.in_(bindparam("languages", expanding=True)))
    .where(ConceptWord.word >= bindparam("first"), ConceptWord.word < bindparam("last"))
    .where(ConceptWord.size <= _MOST_TELLING)
    .limit(_MOST_WORDS)
)


class Kin(NamedTuple):
    """A label that has kin of a word: its concept, its place among the labels."""

    id: int
    uri: str
    kind: str
    language: str
    source: str
    position: int


def kin_of(
    session: Session, forms: Collection[str], languages: Collection[str]
) -> Iterator[tuple[Distance, Kin]]:
    """Labels of one word or two that have kin of a word (its forms), and how many letters these differ in."""
    beginning = max(sorted(forms), key=len)[:BEGINNING]
    values: dict[str, Any] = {"languages": languages, "first": beginning, "last": beginning + "\U0010ffff"}
    for *label, size, other in ask(session, _BEGINNING_ALIKE, values):
        letters = [apart(form, other) for form in forms if are_kin(form, other)]
        if letters:
            yield Distance(min(letters), size), Kin(*label)
