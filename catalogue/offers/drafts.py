"""Reads for those who write offers: what an organisation has, public or not, with every version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import orjson
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from catalogue.offers.content import OfferContent
from catalogue.offers.model import STATES, Offer, OfferVersion
from catalogue.offers.queries import PublishedOffer, Stored
from catalogue.offers.schema import content_of
from catalogue.offers.upcast import upcast
from catalogue.providers.queries import Provider

PAGE_SIZE: Final = 50
# Published, with something newer that is not: a filter of its own beside the states.
CHANGED: Final = "changed"
FILTERS: Final = (*STATES, CHANGED)


@dataclass(frozen=True)
class Draft:
    """The newest version of an offer, public or not. document: empty where it was redacted. Moments are in UTC."""

    id: str
    reference: str
    slug: str
    state: str
    number: int
    published_number: int | None
    withdrawal_reason: str | None
    first_published_at: dt.datetime | None
    author: str
    created_at: dt.datetime
    checksum: str
    redacted: bool
    document: Mapping[str, Any]

    @cached_property
    def content(self) -> OfferContent:
        return content_of(self.document)

    @property
    def has_changes(self) -> bool:
        """Whether there is something that is not public, of an offer that is."""
        return self.state == "published" and self.number != self.published_number

    def as_public(self, provider: Provider, at: dt.datetime) -> PublishedOffer:
        """As its page would show it, were it published at this moment."""
        return PublishedOffer(
            self.id,
            self.reference,
            self.slug,
            self.number,
            "published",
            self.first_published_at or at,
            at,
            self.checksum,
            Stored(orjson.dumps(dict(self.document)).decode(), self.content),
            provider,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One version in the history."""

    number: int
    author: str
    created_at: dt.datetime
    published_at: dt.datetime | None
    checksum: str
    redaction_reason: str | None


def find(session: Session, organisation_id: str, offer_id: str) -> Draft | None:
    """An offer of this organisation; None for those of others as for what is not there."""
    return next(iter(_drafts(session, _newest(organisation_id).where(Offer.id == offer_id))), None)


def page(
    session: Session, organisation_id: str, state: str | None = None, words: str = "", number: int = 1
) -> list[Draft]:
    """Offers of an organisation, those changed last first, PAGE_SIZE to a page; number: from 1."""
    query = _matching(_newest(organisation_id), state, words)
    query = query.order_by(Offer.changed_at.desc(), Offer.id.desc())
    return _drafts(session, query.limit(PAGE_SIZE).offset(PAGE_SIZE * (number - 1)))


def counts(session: Session, organisation_id: str, words: str = "") -> dict[str, int]:
    """Number of offers by filter; those with changes count as published too."""
    query = select(Offer.state, func.count()).where(Offer.provider_id == organisation_id)
    found = {row[0]: row[1] for row in session.execute(_matching(query, None, words).group_by(Offer.state))}
    changed = select(func.count()).select_from(Offer).where(Offer.provider_id == organisation_id)
    return {**found, CHANGED: session.scalar(_matching(changed, CHANGED, words)) or 0}


def lines(session: Session, offer_id: str) -> list[Line]:
    """All versions of an offer, newest first."""
    query = select(
        OfferVersion.number,
        OfferVersion.author,
        OfferVersion.created_at,
        OfferVersion.published_at,
        OfferVersion.checksum,
        OfferVersion.redaction_reason,
    ).where(OfferVersion.offer_id == offer_id)
    return [Line(*row) for row in session.execute(query.order_by(OfferVersion.number.desc()))]


def document(session: Session, offer_id: str, number: int) -> Mapping[str, Any] | None:
    """What a version says; None if there is none, or if it was redacted."""
    version = session.get(OfferVersion, (offer_id, number)) if number < 2**31 else None
    if version is None or version.redaction_reason is not None:
        return None
    return upcast(version.schema_version, version.content)


def references(session: Session, organisation_id: str, beginning: str) -> set[str]:
    """References of an organisation's offers that begin so."""
    query = select(Offer.reference).where(Offer.provider_id == organisation_id)
    return set(session.scalars(query.where(Offer.reference.startswith(beginning, autoescape=True))))


def _newest(organisation_id: str) -> Any:
    which = and_(OfferVersion.offer_id == Offer.id, OfferVersion.number == Offer.draft_version)
    query = select(Offer, OfferVersion).join(OfferVersion, which)
    return query.where(Offer.provider_id == organisation_id)


def _matching(query: Any, state: str | None, words: str) -> Any:
    if state == CHANGED:
        query = query.where(Offer.state == "published", Offer.draft_version != Offer.published_version)
    elif state is not None:
        query = query.where(Offer.state == state)
    for word in words.lower().split():
        found = func.lower(Offer.reference).contains(word, autoescape=True)
        query = query.where(or_(found, Offer.slug.contains(word, autoescape=True)))
    return query


def _drafts(session: Session, query: Any) -> list[Draft]:
    return [_draft(offer, version) for offer, version in session.execute(query)]


def _draft(offer: Offer, version: OfferVersion) -> Draft:
    return Draft(
        offer.id,
        offer.reference,
        offer.slug,
        offer.state,
        version.number,
        offer.published_version,
        offer.withdrawal_reason,
        offer.first_published_at,
        version.author,
        version.created_at,
        version.checksum,
        version.redaction_reason is not None,
        upcast(version.schema_version, version.content),
    )
