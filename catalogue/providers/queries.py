"""Reads of organisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from catalogue.offers.model import Offer
from catalogue.providers.content import OrganisationContent
from catalogue.providers.model import Organisation, OrganisationVersion
from catalogue.providers.schema import organisation_of


@dataclass(frozen=True, slots=True)
class Provider:
    """An organisation in its version in force."""

    id: str
    slug: str
    version: int
    verified: bool
    changed_at: dt.datetime
    document: Mapping[str, Any]
    content: OrganisationContent


def by_slug(session: Session, slug: str) -> Provider | None:
    return by_slugs(session, [slug]).get(slug)


def by_slugs(session: Session, slugs: Iterable[str]) -> dict[str, Provider]:
    """Organisations by slug; unknown slugs are absent."""
    wanted = set(slugs)
    if not wanted:
        return {}
    rows = session.execute(_in_force().where(Organisation.slug.in_(wanted)))
    return {row[0].slug: provider_of(*row) for row in rows}


def by_id(session: Session, organisation_id: str) -> Provider | None:
    row = session.execute(_in_force().where(Organisation.id == organisation_id)).first()
    return provider_of(*row) if row else None


def everyone(session: Session) -> list[Provider]:
    """All organisations by slug."""
    return [provider_of(*row) for row in session.execute(_in_force().order_by(Organisation.slug))]


def offer_counts(session: Session) -> dict[str, int]:
    """Number of published offers by organisation id."""
    query = (
        select(Offer.provider_id, func.count()).where(Offer.state == "published").group_by(Offer.provider_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def provider_of(row: Organisation, version: OrganisationVersion) -> Provider:
    return Provider(
        row.id,
        row.slug,
        row.version,
        row.verified,
        row.changed_at,
        version.content,
        _typed(_Content(row.slug, version.checksum, version.content)),
    )


def _in_force() -> Select[Organisation, OrganisationVersion]:
    same = and_(
        OrganisationVersion.organisation_id == Organisation.id,
        OrganisationVersion.number == Organisation.version,
    )
    return select(Organisation, OrganisationVersion).join(OrganisationVersion, same)


class _Content:
    """Content that hashes by its checksum, so that typing it is done once."""

    def __init__(self, slug: str, checksum: str, document: Mapping[str, Any]) -> None:
        self.key, self.document = (slug, checksum), document

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.key == other.key


@lru_cache(maxsize=500)
def _typed(content: _Content) -> OrganisationContent:
    return organisation_of(content.document)
