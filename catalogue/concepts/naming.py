"""What a concept is called, in the first language that has a name for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from catalogue.concepts.model import PACKAGED, Concept, ConceptBroader, ConceptLabel, number
from catalogue.concepts.reading import LANGUAGES
from catalogue.db import ask
from catalogue.vocabularies import vocabulary

_MAX_STEPS: Final = 6


class Name(NamedTuple):
    """A preferred label and the language it is in."""

    label: str
    language: str


class Broader(NamedTuple):
    """A concept that includes another; `label` is in `language`."""

    uri: str
    kind: str
    label: str
    language: str


_NAMES: Final = select(
    ConceptLabel.concept_id, ConceptLabel.language, ConceptLabel.source, ConceptLabel.label
).where(ConceptLabel.concept_id.in_(bindparam("concepts", expanding=True)), ConceptLabel.position == 0)


def languages_of_labels() -> list[str]:
    """Every language a label may be in; naming them all lets the database use its index by language."""
    return sorted(LANGUAGES)


def labels(session: Session, languages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Language and text of every label in some languages."""
    query = select(ConceptLabel.language, ConceptLabel.label).where(ConceptLabel.language.in_(languages))
    yield from session.execute(query.execution_options(yield_per=10_000))


def preferred(session: Session, kinds: Mapping[int, str], languages: Sequence[str]) -> dict[int, Name]:
    """The names of concepts, whose kinds are given by their numbers. A concept without any label is absent."""
    return {concept: names[0] for concept, names in all_names(session, kinds, languages).items()}


def all_names(session: Session, kinds: Mapping[int, str], languages: Sequence[str]) -> dict[int, list[Name]]:
    """What concepts are called in any language, the first of some languages first.

    The newest release of ESCO names skills and occupations; fields and sections are called as everywhere else here.
    """
    order = [*languages, "en"]

    def rank(language: str, source: str, kind: str) -> tuple[int, str, bool]:
        place = order.index(language) if language in order else len(order)
        return (
            place,
            language if place == len(order) else "",
            (source == PACKAGED) == (kind in {"skill", "occupation"}),
        )

    found: dict[int, list[tuple[tuple[int, str, bool], Name]]] = defaultdict(list)
    for concept, language, source, label in ask(session, _NAMES, {"concepts": list(kinds)}):
        found[concept].append((rank(language, source, kinds[concept]), Name(label, language)))
    return {concept: [name for _, name in sorted(names)] for concept, names in found.items()}


def ranked_broader(session: Session, uri: str, languages: Sequence[str] = ("en",)) -> tuple[Broader, ...]:
    """The nearest concepts that include this one, skills before fields; none where nothing is known of it.

    ESCO groups skills under headings that are no concepts here: they are climbed over.
    """
    if uri.startswith("isced:"):
        above = vocabulary("isced").ancestors(uri.removeprefix("isced:"))[:-1]
        return _named(session, [number(f"isced:{code}") for code in above[-1:]], languages)
    level, seen = {number(uri)}, {number(uri)}
    for _ in range(_MAX_STEPS):
        query = select(ConceptBroader.broader_id).where(ConceptBroader.concept_id.in_(level))
        level = set(session.scalars(query)) - seen
        seen |= level
        if not level:
            break
        if named := _named(session, level, languages):
            return named
    return ()


def _named(session: Session, ids: Sequence[int] | set[int], languages: Sequence[str]) -> tuple[Broader, ...]:
    rows = session.execute(select(Concept.id, Concept.uri, Concept.kind).where(Concept.id.in_(ids))).all()
    names = preferred(session, {key: kind for key, _, kind in rows}, languages)
    found = [Broader(uri, kind, *names[key]) for key, uri, kind in rows if key in names]
    return tuple(sorted(found, key=lambda broader: (broader.kind != "skill", broader.label)))
