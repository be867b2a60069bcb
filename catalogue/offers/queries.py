"""Reads of offers: rows by id for pages and documents, versions, tombstones, what must be hidden."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Text, and_, bindparam, cast, func, or_, select
from sqlalchemy.orm import Session

from catalogue.changes.log import INDEX
from catalogue.changes.model import Change, Consumer
from catalogue.db import ask, moment
from catalogue.offers.content import OfferContent
from catalogue.offers.model import Offer, OfferRelation, OfferVersion
from catalogue.offers.upcast import Titled, content_of_text, title_of_text, upcast
from catalogue.providers import queries as providers
from catalogue.providers.model import Organisation
from catalogue.providers.queries import Provider
from catalogue.remember import Remembered

CHUNK = 500
VERSION_FACTOR = 1_000_000


@dataclass(frozen=True, slots=True)
class Stored:
    """The content of a version: as it was saved, and typed."""

    text: str
    content: OfferContent


@dataclass(frozen=True, slots=True)
class PublishedOffer:
    """A public version of an offer with its provider as it is today. Moments are in UTC."""

    id: str
    reference: str
    slug: str
    version: int
    state: str
    first_published_at: dt.datetime
    published_at: dt.datetime
    checksum: str
    stored: Stored
    provider: Provider

    @property
    def content(self) -> OfferContent:
        return self.stored.content

    @property
    def document(self) -> Mapping[str, Any]:
        """The canonical document, as it was saved."""
        document: dict[str, Any] = orjson.loads(self.stored.text)
        return document

    @property
    def index_version(self) -> int:
        """Grows with every version of the offer and of its provider: the newest document wins by it."""
        return self.version * VERSION_FACTOR + self.provider.version


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What remains in public of an offer that was withdrawn or archived."""

    id: str
    slug: str
    state: str
    version: int
    checksum: str
    published_at: dt.datetime
    withdrawn_at: dt.datetime
    reason: str | None
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One public version in the list of versions."""

    number: int
    published_at: dt.datetime
    checksum: str
    redaction_reason: str | None


def published(session: Session, ids: Sequence[str]) -> dict[str, PublishedOffer]:
    """Published offers by id; ids that are not published are absent."""
    if not ids:
        return {}
    return {offer.id: offer for offer in _from_rows(session, ask(session, _BY_ID, {"ids": ids}))}


def one_published(session: Session, offer_id: str) -> PublishedOffer | None:
    return published(session, [offer_id]).get(offer_id)


def by_keys(session: Session, keys: Iterable[str]) -> dict[str, PublishedOffer]:
    """Published offers by `provider-slug/reference`."""
    pairs = [tuple(key.split("/", 1)) for key in keys]
    if not pairs:
        return {}
    match = or_(*(and_(Organisation.slug == slug, Offer.reference == reference) for slug, reference in pairs))
    found = _offers(session, _published().where(match))
    return {f"{offer.provider.slug}/{offer.reference}": offer for offer in found}


def all_published(session: Session) -> Iterator[PublishedOffer]:
    """Every published offer in the order of ids, read in chunks."""
    last = ""
    while True:
        query = _published().where(Offer.id > last).order_by(Offer.id).limit(CHUNK)
        rows = session.execute(query).all()
        yield from _from_rows(session, rows)
        if len(rows) < CHUNK:
            return
        last = rows[-1].id


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest version of an offer, public or not. document: None where it was redacted."""

    state: str
    document: Mapping[str, Any] | None


def newest(session: Session, provider: str, reference: str) -> Newest | None:
    """The newest version of a provider's (slug) offer by its reference."""
    which = and_(OfferVersion.offer_id == Offer.id, OfferVersion.number == Offer.draft_version)
    query = (
        select(Offer.state, OfferVersion.schema_version, OfferVersion.content, OfferVersion.redaction_reason)
        .join(Organisation, Organisation.id == Offer.provider_id)
        .join(OfferVersion, which)
        .where(Organisation.slug == provider, Offer.reference == reference)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    redacted = row.redaction_reason is not None
    return Newest(row.state, None if redacted else upcast(row.schema_version, row.content))


def published_titles(session: Session) -> Iterator[dict[str, str]]:
    """Title by language of every published offer, without reading the rest of it as content."""
    which = and_(OfferVersion.offer_id == Offer.id, OfferVersion.number == Offer.published_version)
    query = select(cast(OfferVersion.content, Text)).join(Offer, which).where(Offer.state == "published")
    for text in session.scalars(query.execution_options(yield_per=CHUNK)):
        titles = orjson.loads(text).get("title") or {}
        yield {language: entry["text"] for language, entry in titles.items()}


def of_provider(session: Session, organisation_id: str) -> list[str]:
    """Ids of the published offers of a provider, newest first."""
    query = select(Offer.id).where(Offer.provider_id == organisation_id, Offer.state == "published")
    return list(session.scalars(query.order_by(Offer.first_published_at.desc(), Offer.id)))


def titles(session: Session, ids: Sequence[str]) -> dict[tuple[str, int], Titled]:
    """What published offers are called, by id and version."""
    rows = ask(session, _TITLES, {"ids": ids})
    return {(row.id, row.number): title_of_text(row.schema_version, row.text) for row in rows}


def index_versions(session: Session) -> dict[str, int]:
    """Id to index version of everything that ought to be in the index."""
    query = (
        select(Offer.id, Offer.published_version, Organisation.version)
        .join(Organisation, Organisation.id == Offer.provider_id)
        .where(Offer.state == "published")
    )
    return {row[0]: (row[1] or 0) * VERSION_FACTOR + row[2] for row in session.execute(query)}


def _hidden() -> Any:
    done = (
        select(func.coalesce(func.max(Consumer.position), 0)).where(Consumer.name == INDEX).scalar_subquery()
    )
    return (
        select(Change.subject_id)
        .join(Offer, Offer.id == Change.subject_id)
        .where(or_(Change.position.is_(None), Change.position > done), Offer.state != "published")
    )


_HIDDEN = _hidden()


def hidden_ids(session: Session) -> frozenset[str]:
    """Offers that are no longer public while the index may still hold them.

    Ask this before the engine looks for a newer generation: a change that is handled by then is in it.
    """
    return frozenset(row[0] for row in ask(session, _HIDDEN))


def version(session: Session, offer_id: str, number: int) -> PublishedOffer | None:
    """A version that was public, of an offer that still is; with the provider as it is today."""
    query = _joined(OfferVersion.number == number).where(
        Offer.id == offer_id,
        Offer.state == "published",
        OfferVersion.published_at.is_not(None),
        OfferVersion.redaction_reason.is_(None),
    )
    return next(iter(_offers(session, query)), None)


def versions(session: Session, offer_id: str) -> list[VersionLine]:
    """The public versions of an offer, newest first."""
    query = (
        select(OfferVersion)
        .where(OfferVersion.offer_id == offer_id, OfferVersion.published_at.is_not(None))
        .order_by(OfferVersion.number.desc())
    )
    return [
        VersionLine(row.number, _moment(row.published_at), row.checksum, row.redaction_reason)
        for row in session.scalars(query)
    ]


def redacted(session: Session, offer_id: str, number: int) -> VersionLine | None:
    """What remains of a public version whose content had to go."""
    lines = (line for line in versions(session, offer_id) if line.number == number)
    return next((line for line in lines if line.redaction_reason), None)


def tombstone(session: Session, offer_id: str) -> Tombstone | None:
    """The tombstone of an offer that was public once and no longer is."""
    query = select(Offer, OfferVersion).join(
        OfferVersion, and_(OfferVersion.offer_id == Offer.id, OfferVersion.number == Offer.published_version)
    )
    row = session.execute(
        query.where(Offer.id == offer_id, Offer.state.in_(["withdrawn", "archived"]))
    ).first()
    if row is None:
        return None
    offer, last = row
    return Tombstone(
        offer.id,
        offer.slug,
        offer.state,
        last.number,
        last.checksum,
        _moment(last.published_at),
        offer.changed_at,
        offer.withdrawal_reason,
        last.content,
    )


def stacking_onto(session: Session, key: str) -> list[str]:
    """Ids of published offers that state to stack towards the offer `provider-slug/reference`."""
    query = select(OfferRelation.offer_id).where(OfferRelation.target_offer == key)
    return list(session.scalars(query.where(OfferRelation.role == "stacks-towards").distinct()))


def recognised_by(session: Session, slug: str) -> list[str]:
    """Ids of published offers that name an organisation as recogniser, unless withdrawn or expired."""
    query = select(OfferRelation.offer_id).where(
        OfferRelation.organisation_slug == slug,
        OfferRelation.role == "recognised-by",
        OfferRelation.status != "withdrawn",
    )
    return list(session.scalars(query.distinct()))


def count_published(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Offer).where(Offer.state == "published")) or 0


_contents: Remembered[tuple[str, int], Stored] = Remembered(1000)
_IDENTITY = 11  # the first columns of a row; those of its organisation follow


def _joined(which: Any) -> Any:
    """Versions of offers with the identity of their provider, in one question.

    The content comes as text rather than JSON: a page needs it typed only, and gets that from the text in one step.
    """
    return (
        select(
            Offer.id,
            Offer.reference,
            Offer.slug,
            Offer.state,
            Offer.first_published_at,
            OfferVersion.number,
            OfferVersion.published_at,
            OfferVersion.checksum,
            OfferVersion.schema_version,
            cast(OfferVersion.content, Text).label("text"),
            Offer.provider_id,
            *providers.IDENTITY,
        )
        .join(OfferVersion, and_(OfferVersion.offer_id == Offer.id, which))
        .join(Organisation, Organisation.id == Offer.provider_id)
    )


def _published() -> Any:
    """The version made public last. Whether it still is, `_from_rows` asks: nearly all are, and a condition on the
    state would lead a database without statistics to read every offer instead of those asked for by id.
    """
    return _joined(OfferVersion.number == Offer.published_version)


# Made once: to put it together takes longer than to answer it.
_BY_ID = _published().where(Offer.id.in_(bindparam("ids", expanding=True)))


_TITLES = (
    select(
        Offer.id,
        OfferVersion.number,
        OfferVersion.schema_version,
        cast(OfferVersion.content, Text).label("text"),
    )
    .join(
        OfferVersion, and_(OfferVersion.offer_id == Offer.id, OfferVersion.number == Offer.published_version)
    )
    .where(Offer.id.in_(bindparam("ids", expanding=True)))
)


def _offers(session: Session, query: Any) -> list[PublishedOffer]:
    return _from_rows(session, session.execute(query).all())


def _from_rows(session: Session, all_rows: Sequence[Any]) -> list[PublishedOffer]:
    rows = {(row.id, row.number): row for row in all_rows if row.state == "published"}
    owners = providers.from_identities(session, (row[_IDENTITY:] for row in rows.values()))
    contents = _contents.all(
        rows, lambda keys: {key: _stored(rows[key].schema_version, rows[key].text) for key in keys}
    )
    return [
        PublishedOffer(
            row.id,
            row.reference,
            row.slug,
            row.number,
            row.state,
            _moment(row.first_published_at),
            _moment(row.published_at),
            row.checksum,
            contents[key],
            owners[row.provider_id],
        )
        for key, row in rows.items()
    ]


def _stored(schema_version: int, text: str) -> Stored:
    return Stored(text, content_of_text(schema_version, text))


def _moment(value: str | dt.datetime | None) -> dt.datetime:
    if value is None:
        raise AssertionError("A published version without a moment of publication.")
    return moment(value)
