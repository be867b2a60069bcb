"""The concepts that come with Portolan, brought into the tables when they are missing or have changed.

Skills and occupations with labels in 24 languages, fields of ISCED-F and sections of NACE in those of the interface.
Keys made by another version of the analysis are made again on the same occasion, whatever their source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from catalogue.concepts import store
from catalogue.concepts.keys import VERSION, keys
from catalogue.concepts.model import (
    PACKAGED,
    Concept,
    ConceptLabel,
    ConceptSource,
    ConceptWord,
    OccupationSkill,
    number,
)
from catalogue.concepts.reading import with_genders
from catalogue.concepts.store import Named
from catalogue.db import Database
from catalogue.i18n import INTERFACE_LANGUAGES
from catalogue.vocabularies import files, sectors_in_rev21, vocabulary
from catalogue.vocabularies import occupations as occupation_lists
from catalogue.vocabularies import skills as skill_lists

_LAYOUT: Final = "1"  # raised when this module makes other rows of the same data
_DATA: Final = ("isced-f.tsv", "nace.tsv", "nace-rev2.tsv")


def ensure_packaged(database: Database) -> bool:
    """Bring the tables up to date. Cheap when they are; returns whether anything was written."""
    checksum = _checksum()
    with database.read() as session:
        if _is_current(session, checksum):
            return False
    with database.write() as session:
        store.lock(session)
        if _is_current(session, checksum):
            return False
        _replace(session)
        store.note_source(session, PACKAGED, checksum, VERSION)
        _make_keys_again(session)
    return True


def _is_current(session: Session, checksum: str) -> bool:
    sources = list(session.scalars(select(ConceptSource)))
    packaged = next((source for source in sources if source.source == PACKAGED), None)
    return (
        packaged is not None
        and packaged.checksum == checksum
        and all(source.analysis == VERSION for source in sources)
    )


def _checksum() -> str:
    digest = sha256(_LAYOUT.encode())
    paths: list[Path] = [files.DATA / name for name in _DATA]
    for path in [*paths, skill_lists.FILE, occupation_lists.FILE]:
        digest.update(path.read_bytes() if path.exists() else b"-")
    return digest.hexdigest()


def _replace(session: Session) -> None:
    named = list(_named())
    session.execute(delete(ConceptLabel).where(ConceptLabel.source == PACKAGED))
    session.execute(delete(ConceptWord).where(ConceptWord.source == PACKAGED))
    session.execute(delete(OccupationSkill).where(OccupationSkill.source == PACKAGED))
    session.execute(delete(Concept).where(Concept.source == PACKAGED))
    store.put_concepts(session, {entry.uri: entry.kind for entry in named}, PACKAGED)
    store.put_labels(session, (row for entry in named for row in store.label_rows(entry, PACKAGED)))
    store.put(session, OccupationSkill, _occupation_skills())


def _named() -> Iterator[Named]:
    for skill in skill_lists.skills().values():
        yield from _in_each_language(skill.uri, "skill", skill.labels, skill.alternatives)
    for occupation in occupation_lists.occupations().values():
        for entry in _in_each_language(
            occupation.uri, "occupation", occupation.labels, occupation.alternatives
        ):
            yield entry._replace(labels=with_genders(entry.labels))
    fields = vocabulary("isced")
    for code in fields.codes:
        for language in INTERFACE_LANGUAGES:
            yield Named(f"isced:{code}", "isced", language, (fields.label(code, language).text,))
    yield from _sections()


def _in_each_language(
    uri: str, kind: str, labels: Mapping[str, str], others: Mapping[str, tuple[str, ...]]
) -> Iterator[Named]:
    for language, label in labels.items():
        yield Named(uri, kind, language, tuple(dict.fromkeys((label, *others.get(language, ())))))


def _sections() -> Iterator[Named]:
    """Sections of NACE Rev. 2.1; where one section of Rev. 2 became one, its old name is an alternative."""
    new, old = vocabulary("nace"), vocabulary("nace-rev2")
    successors = {code: sectors_in_rev21(code, "2") for code in old.codes}
    before = {after[0]: code for code, after in successors.items() if len(after) == 1}
    for code in new.codes:
        for language in INTERFACE_LANGUAGES:
            names = [new.label(code, language).text]
            names += [old.label(before[code], language).text] if code in before else []
            yield Named(f"nace:{code}", "nace", language, tuple(dict.fromkeys(names)))


def _occupation_skills() -> Iterator[dict[str, Any]]:
    for occupation in occupation_lists.occupations().values():
        for position, skill in enumerate(dict.fromkeys(occupation.skills)):
            yield {
                "occupation_id": number(occupation.uri),
                "skill_id": number(skill),
                "source": PACKAGED,
                "position": position,
                "essential": True,
            }


def _make_keys_again(session: Session) -> None:
    """The keys of everything an older analysis made."""
    outdated = select(ConceptSource.source).where(ConceptSource.analysis != VERSION)
    for source in session.scalars(outdated).all():
        of_source = ConceptLabel.source == source
        ids = session.scalars(select(ConceptLabel.concept_id).where(of_source).distinct()).all()
        for chunk in store.chunks(ids):
            rows = session.execute(
                select(
                    ConceptLabel.concept_id, ConceptLabel.language, ConceptLabel.position, ConceptLabel.label
                ).where(of_source, ConceptLabel.concept_id.in_(chunk))
            )
            _write_keys(session, source, [(row[0], row[1], row[2], row[3]) for row in rows])
        session.execute(update(ConceptSource).where(ConceptSource.source == source).values(analysis=VERSION))


def _write_keys(session: Session, source: str, labels: list[tuple[int, str, int, str]]) -> None:
    """labels: concept, language, position, label."""
    table = ConceptLabel.__table__
    statement = (
        update(ConceptLabel)
        .where(
            table.c.concept_id == bindparam("of_concept"),
            table.c.language == bindparam("in_language"),
            table.c.source == bindparam("of_source"),
            table.c.position == bindparam("at_position"),
        )
        .values(key_exact=bindparam("exact"), key_stem=bindparam("stem"), key_tail=bindparam("tail"))
    )
    session.connection().execute(
        statement,
        [
            {
                "of_concept": concept,
                "in_language": language,
                "of_source": source,
                "at_position": position,
                **keys(label, language)._asdict(),
            }
            for concept, language, position, label in labels
        ],
    )
    concepts = {concept for concept, *_ in labels}
    session.execute(
        delete(ConceptWord).where(ConceptWord.source == source, ConceptWord.concept_id.in_(concepts))
    )
    of_labels = (
        {"concept_id": concept, "language": language, "source": source, "position": place, "label": label}
        for concept, language, place, label in labels
    )
    store.put(session, ConceptWord, (word for row in of_labels for word in store.word_rows(row)))
