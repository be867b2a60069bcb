"""Use cases of organisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from anyascii import anyascii
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.audit.log import record
from catalogue.changes import log
from catalogue.db import new_id
from catalogue.documents import checksum
from catalogue.offers.schema import SCHEMA_VERSION
from catalogue.providers.model import Organisation, OrganisationVersion
from catalogue.providers.schema import load_organisation
from catalogue.security.actor import Actor

SLUG_LENGTH = 70  # leaves room for a number behind it


@dataclass(frozen=True, slots=True)
class Saved:
    """Identity, version in force, and whether this call made it."""

    id: str
    version: int
    changed: bool


def save(
    session: Session,
    actor: Actor,
    document: Mapping[str, Any],
    *,
    at: dt.datetime,
    verified: bool | None = None,
) -> Saved:
    """Create an organisation or give it a new version; the same content changes nothing.

    Raises NotAllowedError, InvalidContentError.
    """
    slug = document.get("slug")
    query = select(Organisation).where(Organisation.slug == (slug if isinstance(slug, str) else ""))
    row = session.scalar(query.with_for_update())
    actor.require("organisation:save", row.id if row else None)
    content = load_organisation(document)
    if row is not None and _unchanged(session, row, checksum(content), verified):
        return Saved(row.id, row.version, changed=False)
    row = row or _new(session, content, at, listed=True)
    row.verified = row.verified if verified is None else verified
    _add_version(session, actor, row, content, at)
    record(session, actor, "organisation:save", row.id, at, version=row.version)
    if row.listed:
        log.append(session, "organisation", row.id, row.version, "published", at)
    session.flush()
    return Saved(row.id, row.version, changed=True)


def register(session: Session, actor: Actor, document: Mapping[str, Any], *, at: dt.datetime) -> Saved:
    """Enter a new organisation, which stays out of the public until it is verified. The slug is made of its name.

    Raises NotAllowedError, InvalidContentError.
    """
    actor.require("organisation:register")
    content = load_organisation({**document, "slug": _free_slug(session, str(document.get("legal_name")))})
    row = _new(session, content, at, listed=False)
    _add_version(session, actor, row, content, at)
    record(session, actor, "organisation:register", row.id, at)
    session.flush()
    return Saved(row.id, row.version, changed=True)


def verify(session: Session, actor: Actor, organisation_id: str, *, at: dt.datetime) -> bool:
    """Vouch for an organisation, which lists it. Returns whether there is one that was not verified."""
    actor.require("organisation:verify", organisation_id)
    row = session.get(Organisation, organisation_id, with_for_update=True)
    if row is None or row.verified:
        return False
    row.verified = row.listed = True
    row.changed_at = at
    record(session, actor, "organisation:verify", row.id, at, version=row.version)
    log.append(session, "organisation", row.id, row.version, "published", at)
    session.flush()
    return True


def slug_of(name: str) -> str:
    """The readable part of an address: a name in Latin letters."""
    words = "".join(c if c.isalnum() and c.isascii() else " " for c in anyascii(name).lower()).split()
    return "-".join(words)[:SLUG_LENGTH].strip("-") or "organisation"


def _free_slug(session: Session, name: str) -> str:
    slug = slug_of(name)
    query = select(Organisation.slug).where(Organisation.slug.startswith(slug, autoescape=True))
    taken = set(session.scalars(query))
    return next(s for s in chain([slug], (f"{slug}-{n}" for n in count(2))) if s not in taken)


def _new(session: Session, content: Mapping[str, Any], at: dt.datetime, *, listed: bool) -> Organisation:
    row = Organisation(
        id=new_id(), slug=content["slug"], version=0, verified=False, listed=listed, changed_at=at
    )
    session.add(row)
    return row


def _add_version(
    session: Session, actor: Actor, row: Organisation, content: dict[str, Any], at: dt.datetime
) -> None:
    row.version, row.changed_at = row.version + 1, at
    session.add(
        OrganisationVersion(
            organisation_id=row.id,
            number=row.version,
            schema_version=SCHEMA_VERSION,
            content=content,
            checksum=checksum(content),
            author=actor.id,
            created_at=at,
        )
    )


def _unchanged(session: Session, row: Organisation, digest: str, verified: bool | None) -> bool:
    current = session.get_one(OrganisationVersion, (row.id, row.version))
    return current.checksum == digest and verified in {None, row.verified}
