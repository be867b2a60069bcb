"""Use cases of organisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    actor.require("organisation:save")
    content = load_organisation(document)
    row = session.scalar(select(Organisation).where(Organisation.slug == content["slug"]).with_for_update())
    digest = checksum(content)
    if row is not None and _unchanged(session, row, digest, verified):
        return Saved(row.id, row.version, changed=False)
    if row is None:
        row = Organisation(id=new_id(), slug=content["slug"], version=0, verified=False, changed_at=at)
        session.add(row)
    row.version, row.changed_at = row.version + 1, at
    row.verified = row.verified if verified is None else verified
    session.add(
        OrganisationVersion(
            organisation_id=row.id,
            number=row.version,
            schema_version=SCHEMA_VERSION,
            content=content,
            checksum=digest,
            author=actor.id,
            created_at=at,
        )
    )
    record(session, actor, "organisation:save", row.id, at, version=row.version)
    log.append(session, "organisation", row.id, row.version, "published", at)
    session.flush()
    return Saved(row.id, row.version, changed=True)


def _unchanged(session: Session, row: Organisation, digest: str, verified: bool | None) -> bool:
    current = session.get_one(OrganisationVersion, (row.id, row.version))
    return current.checksum == digest and verified in {None, row.verified}
