"""Reads of organisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from catalogue.offers.model import Offer
from catalogue.providers.content import OrganisationContent
from catalogue.providers.model import Organisation, OrganisationVersion
from catalogue.providers.schema import organisation_of
from catalogue.remember import Remembered


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
    found = _providers(session, _identities().where(Organisation.slug.in_(wanted))) if wanted else []
    return {provider.slug: provider for provider in found}


def by_ids(session: Session, ids: Iterable[str]) -> dict[str, Provider]:
    """Organisations by id; unknown ids are absent."""
    wanted = set(ids)
    found = _providers(session, _identities().where(Organisation.id.in_(wanted))) if wanted else []
    return {provider.id: provider for provider in found}


def by_id(session: Session, organisation_id: str) -> Provider | None:
    return by_ids(session, [organisation_id]).get(organisation_id)


def everyone(session: Session) -> list[Provider]:
    """All organisations by slug."""
    return _providers(session, _identities().order_by(Organisation.slug))


def offer_counts(session: Session) -> dict[str, int]:
    """Number of published offers by organisation id."""
    query = (
        select(Offer.provider_id, func.count()).where(Offer.state == "published").group_by(Offer.provider_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


Identity = Select[str, str, int, bool, dt.datetime]
Version = tuple[str, int]
_contents: Remembered[Version, tuple[Mapping[str, Any], OrganisationContent]] = Remembered(500)


def _identities() -> Identity:
    return select(
        Organisation.id,
        Organisation.slug,
        Organisation.version,
        Organisation.verified,
        Organisation.changed_at,
    )


def _providers(session: Session, query: Identity) -> list[Provider]:
    """Identity from the database, content from the immutable version in force."""
    rows = session.execute(query).all()
    contents = _contents.all(
        ((row.id, row.version) for row in rows), lambda versions: _load(session, versions)
    )
    return [
        Provider(row.id, row.slug, row.version, row.verified, row.changed_at, *contents[row.id, row.version])
        for row in rows
    ]


def _load(
    session: Session, versions: list[Version]
) -> dict[Version, tuple[Mapping[str, Any], OrganisationContent]]:
    # Two lists rather than a list of pairs: for pairs SQLite would read the whole table.
    ids, numbers = {version[0] for version in versions}, {version[1] for version in versions}
    query = select(
        OrganisationVersion.organisation_id, OrganisationVersion.number, OrganisationVersion.content
    ).where(OrganisationVersion.organisation_id.in_(ids), OrganisationVersion.number.in_(numbers))
    wanted = set(versions)
    return {
        (row[0], row[1]): (row[2], organisation_of(row[2]))
        for row in session.execute(query)
        if (row[0], row[1]) in wanted
    }
