"""Reads of organisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from catalogue.db import moment
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
    """Listed organisations by slug; unknown slugs are absent."""
    wanted = set(slugs)
    found = (
        _providers(session, select(*IDENTITY).where(Organisation.slug.in_(wanted), Organisation.listed))
        if wanted
        else []
    )
    return {provider.slug: provider for provider in found}


def by_ids(session: Session, ids: Iterable[str]) -> dict[str, Provider]:
    """Organisations by id, listed or not; unknown ids are absent."""
    wanted = set(ids)
    found = _providers(session, select(*IDENTITY).where(Organisation.id.in_(wanted))) if wanted else []
    return {provider.id: provider for provider in found}


def by_id(session: Session, organisation_id: str) -> Provider | None:
    return by_ids(session, [organisation_id]).get(organisation_id)


def everyone(session: Session) -> list[Provider]:
    """All listed organisations by slug."""
    return _providers(session, select(*IDENTITY).where(Organisation.listed).order_by(Organisation.slug))


def unverified(session: Session) -> list[Provider]:
    """Organisations that nobody has verified, those that wait longest first."""
    query = select(*IDENTITY).where(Organisation.verified.is_(False)).order_by(Organisation.id)
    return _providers(session, query)


def offer_counts(session: Session) -> dict[str, int]:
    """Number of published offers by organisation id."""
    query = (
        select(Offer.provider_id, func.count()).where(Offer.state == "published").group_by(Offer.provider_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


Version = tuple[str, int]
_contents: Remembered[Version, tuple[Mapping[str, Any], OrganisationContent]] = Remembered(500)


# Columns that tell who an organisation is today, in the order `from_identities` reads them.
IDENTITY = (
    Organisation.id,
    Organisation.slug,
    Organisation.version,
    Organisation.verified,
    Organisation.changed_at,
)


def _providers(session: Session, query: Select[str, str, int, bool, dt.datetime]) -> list[Provider]:
    return list(from_identities(session, session.execute(query)).values())


def from_identities(session: Session, identities: Iterable[Sequence[Any]]) -> dict[str, Provider]:
    """Organisations by id: who they are is given as rows of IDENTITY, what they say is the version in force."""
    known = {identity[0]: identity for identity in identities}
    contents = _contents.all(
        ((identity[0], identity[2]) for identity in known.values()),
        lambda versions: _load(session, versions),
    )
    return {
        key: Provider(key, slug, version, bool(verified), moment(changed_at), *contents[key, version])
        for key, (_, slug, version, verified, changed_at) in known.items()
    }


# Two lists rather than a list of pairs: for pairs SQLite would read the whole table.
_CONTENTS = select(
    OrganisationVersion.organisation_id, OrganisationVersion.number, OrganisationVersion.content
).where(
    OrganisationVersion.organisation_id.in_(bindparam("ids", expanding=True)),
    OrganisationVersion.number.in_(bindparam("numbers", expanding=True)),
)


def _load(
    session: Session, versions: list[Version]
) -> dict[Version, tuple[Mapping[str, Any], OrganisationContent]]:
    ids, numbers = {version[0] for version in versions}, {version[1] for version in versions}
    wanted = set(versions)
    return {
        (row[0], row[1]): (row[2], organisation_of(row[2]))
        for row in session.execute(_CONTENTS, {"ids": ids, "numbers": numbers})
        if (row[0], row[1]) in wanted
    }
