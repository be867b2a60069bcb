"""Mappings that are remembered per provider, found again by the headers of a file."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from pathlib import Path

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.audit.log import record
from catalogue.exchange.columns import header_of
from catalogue.exchange.importing import NO_PROVIDER
from catalogue.exchange.mapping import REFERENCE, Mapping, document_of, load_mapping
from catalogue.exchange.model import ColumnMapping
from catalogue.exchange.problems import UnreadableError, unreadable
from catalogue.exchange.reading import format_of, read_table
from catalogue.providers.model import Organisation
from catalogue.security.actor import Actor


def fingerprint(headers: Iterable[str]) -> str:
    """The same for the same columns in any order."""
    return hashlib.sha256(orjson.dumps(sorted(name for name in headers if name))).hexdigest()


def keep(session: Session, actor: Actor, provider: str, mapping: Mapping, *, at: dt.datetime) -> None:
    """Remember a mapping for a provider (slug). Raises NotAllowedError, UnreadableError."""
    actor.require("mapping:save")
    organisation = session.scalar(select(Organisation.id).where(Organisation.slug == provider))
    if organisation is None:
        raise unreadable(NO_PROVIDER, slug=provider)
    key, document = fingerprint(mapping.columns), document_of(mapping)
    kept = session.get(ColumnMapping, (organisation, key))
    if kept is not None and kept.content == document:
        return
    row = ColumnMapping(
        organisation_id=organisation, fingerprint=key, author=actor.id, changed_at=at, content=document
    )
    session.merge(row)
    record(session, actor, "mapping:save", organisation, at, fingerprint=key)
    session.flush()


def all_of(session: Session, provider: str) -> list[Mapping]:
    """The remembered mappings of a provider (slug), newest first."""
    query = (
        select(ColumnMapping.content)
        .join(Organisation, Organisation.id == ColumnMapping.organisation_id)
        .where(Organisation.slug == provider)
        .order_by(ColumnMapping.changed_at.desc(), ColumnMapping.fingerprint)
    )
    return [load_mapping(content) for content in session.scalars(query)]


def for_file(session: Session, provider: str, file: Path, file_format: str | None) -> Mapping | None:
    """The remembered mapping that fits the columns of a file; None where there is none, or none is needed.

    Mappings may differ in where they look for the header, so each one looks for itself.
    """
    if format_of(file, file_format) == "jsonl":
        return None
    looked: dict[object, list[str]] = {}
    for mapping in (None, *all_of(session, provider)):
        frame = mapping and (mapping.sheet, mapping.header, mapping.encoding, mapping.separator)
        if frame not in looked:
            looked[frame] = _headers(file, format_of(file, file_format), mapping)
        headers = looked[frame]
        if mapping is None and REFERENCE in headers:
            return None
        if mapping is not None and fingerprint(headers) == fingerprint(mapping.columns):
            return mapping
    return None


def _headers(file: Path, file_format: str, mapping: Mapping | None) -> list[str]:
    try:
        with file.open("rb") as source:
            table = read_table(source, file.stat().st_size, file_format, mapping)
            return header_of(table, mapping.header if mapping else 1)
    except (UnreadableError, OSError):
        # The import says what is wrong with the file.
        return []
