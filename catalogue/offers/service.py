"""Use cases of offers.

Each runs in the caller's unit of work and always in this order: permission, rules, change, audit entry, change log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyascii import anyascii
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalogue.audit.log import record
from catalogue.changes import log
from catalogue.db import new_id
from catalogue.documents import InvalidContentError, Problem, checksum
from catalogue.offers.content import OfferContent, Party
from catalogue.offers.model import Offer, OfferRelation, OfferVersion
from catalogue.offers.rules import obstacles
from catalogue.offers.schema import SCHEMA_VERSION, content_of, load_offer
from catalogue.offers.upcast import upcast
from catalogue.providers.model import Organisation, OrganisationVersion
from catalogue.providers.schema import organisation_of
from catalogue.providers.service import Saved
from catalogue.security.actor import Actor

SLUG_LENGTH = 80
REFERENCE_LENGTH = 200


class StateError(Exception):
    """The offer is not in a state that allows this."""


class NotFoundError(Exception):
    """There is no such offer or organisation."""


class StaleError(Exception):
    """Somebody saved in between. newest: the number of their version."""

    def __init__(self, newest: int) -> None:
        super().__init__(f"The newest version is {newest} by now.")
        self.newest = newest


@dataclass(frozen=True, slots=True)
class Key:
    """An offer by its provider's slug and the provider's own reference."""

    provider: str
    reference: str


def save_draft(
    session: Session, actor: Actor, key: Key, document: Mapping[str, Any], *, at: dt.datetime
) -> Saved:
    """Store a new version as the draft, making the offer if the reference is new.

    The same content as the newest version changes nothing. Raises NotAllowedError, NotFoundError,
    InvalidContentError.
    """
    provider = session.scalar(select(Organisation).where(Organisation.slug == key.provider))
    actor.require("offer:save", provider.id if provider else None)
    if provider is None:
        raise NotFoundError(f"There is no provider {key.provider!r}.")
    content = load_offer(document)
    _check_reference(key.reference)
    query = select(Offer).where(Offer.provider_id == provider.id, Offer.reference == key.reference)
    offer = session.scalar(query.with_for_update())
    digest = checksum(content)
    if offer is not None:
        _refuse_redacted(session, offer, digest)
        if _newest(session, offer).checksum == digest:
            return Saved(offer.id, offer.draft_version, changed=False)
    if offer is None:
        offer = _new_offer(session, provider, key.reference, at)
    return _store(session, actor, offer, content, digest, at)


def save_next(
    session: Session, actor: Actor, offer_id: str, base: int, document: Mapping[str, Any], *, at: dt.datetime
) -> Saved:
    """Store a new version on top of the version `base`, which is still the newest one, or nothing.

    Raises NotAllowedError, NotFoundError, InvalidContentError, StateError (archived), StaleError.
    """
    offer = _offer(session, actor, "offer:save", offer_id)
    if offer.state == "archived":
        raise StateError("The offer is archived; it has ended for good.")
    content = load_offer(document)
    digest = checksum(content)
    if _newest(session, offer).checksum == digest:
        return Saved(offer.id, offer.draft_version, changed=False)
    if offer.draft_version != base:
        raise StaleError(offer.draft_version)
    _refuse_redacted(session, offer, digest)
    return _store(session, actor, offer, content, digest, at)


def _store(
    session: Session, actor: Actor, offer: Offer, content: dict[str, Any], digest: str, at: dt.datetime
) -> Saved:
    offer.draft_version, offer.changed_at = offer.draft_version + 1, at
    if offer.published_version is None:
        offer.slug = slug_of(content)  # later the address tells the title that is public, not that of a draft
    session.add(_version(offer, content, digest, actor, at))
    record(session, actor, "offer:save", offer.id, at, version=offer.draft_version)
    session.flush()
    return Saved(offer.id, offer.draft_version, changed=True)


def publish(session: Session, actor: Actor, offer_id: str, policy: str, *, at: dt.datetime) -> Saved:
    """Make the newest version public.

    Raises NotAllowedError, NotFoundError, InvalidContentError (obstacles), StateError (archived, redacted,
    provider not listed).
    """
    offer = _offer(session, actor, "offer:publish", offer_id)
    if offer.state == "archived":
        raise StateError("The offer is archived; it has ended for good.")
    if not session.get_one(Organisation, offer.provider_id).listed:
        raise StateError("The provider is not verified yet.")
    if offer.state == "published" and offer.published_version == offer.draft_version:
        return Saved(offer.id, offer.draft_version, changed=False)
    version = _newest(session, offer)
    if version.redaction_reason is not None:
        raise StateError("The newest version was redacted; save another content first.")
    document = upcast(version.schema_version, version.content)
    content = content_of(document)
    problems = obstacles(content, _organisation_content(session, offer.provider_id), policy)
    if problems:
        raise InvalidContentError(problems)
    version.published_at = version.published_at or at
    offer.slug = slug_of(document)
    offer.state, offer.published_version, offer.changed_at = "published", version.number, at
    offer.first_published_at = offer.first_published_at or at
    offer.withdrawal_reason = None
    _keep_relations(session, offer.id, content)
    record(session, actor, "offer:publish", offer.id, at, version=version.number)
    log.append(session, "offer", offer.id, version.number, "published", at)
    session.flush()
    return Saved(offer.id, version.number, changed=True)


def withdraw(session: Session, actor: Actor, offer_id: str, reason: str, *, at: dt.datetime) -> None:
    """Take a published offer out of the public; its tombstone stays. Raises StateError."""
    offer = _offer(session, actor, "offer:withdraw", offer_id)
    if offer.state != "published":
        raise StateError(f"Only a published offer can be withdrawn; this one is {offer.state}.")
    _end(session, actor, offer, "withdrawn", reason, at)


def archive(session: Session, actor: Actor, offer_id: str, *, at: dt.datetime) -> None:
    """End an offer for good: a draft silently, a public one with a tombstone. Raises StateError."""
    offer = _offer(session, actor, "offer:archive", offer_id)
    if offer.state == "archived":
        raise StateError("The offer is archived already.")
    _end(session, actor, offer, "archived", "", at)


def redact(
    session: Session, actor: Actor, offer_id: str, number: int, reason: str, *, at: dt.datetime
) -> None:
    """Remove the content of a version that must go (personal data, court order); checksum and reason stay.

    The version in force cannot be redacted: publish a corrected one or withdraw the offer first.
    """
    offer = _offer(session, actor, "offer:redact", offer_id)
    version = session.get(OfferVersion, (offer_id, number))
    if version is None:
        raise NotFoundError("No such version.")
    if offer.state == "published" and offer.published_version == number:
        raise StateError(
            "The version in force cannot be redacted; withdraw the offer or publish another first."
        )
    version.content, version.redaction_reason = {}, reason[:2000]
    record(session, actor, "offer:redact", offer.id, at, version=number, reason=reason)
    log.append(session, "offer", offer.id, number, "redacted", at)


def slug_of(content: Mapping[str, Any]) -> str:
    """The readable part of an address: the title in the default language, in Latin letters."""
    title = content["title"][content["default_language"]]["text"]
    words = "".join(c if c.isalnum() and c.isascii() else " " for c in anyascii(title).lower()).split()
    return "-".join(words)[:SLUG_LENGTH].strip("-") or "offer"


def _end(session: Session, actor: Actor, offer: Offer, state: str, reason: str, at: dt.datetime) -> None:
    was_public = offer.published_version is not None
    offer.state, offer.changed_at = state, at
    offer.withdrawal_reason = reason[:2000] or offer.withdrawal_reason
    session.execute(delete(OfferRelation).where(OfferRelation.offer_id == offer.id))
    action = "withdraw" if state == "withdrawn" else "archive"
    record(session, actor, f"offer:{action}", offer.id, at, reason=reason)
    if was_public:
        log.append(session, "offer", offer.id, offer.published_version or 0, state, at)
    session.flush()


def _check_reference(reference: str) -> None:
    if not reference.strip() or len(reference) > REFERENCE_LENGTH or not reference.isprintable():
        problem = Problem("reference", f"1 to {REFERENCE_LENGTH} printable characters.")
        raise InvalidContentError((problem,))


def _refuse_redacted(session: Session, offer: Offer, digest: str) -> None:
    """What had to be removed must not come back with the provider's next import."""
    query = select(OfferVersion.redaction_reason).where(
        OfferVersion.offer_id == offer.id,
        OfferVersion.checksum == digest,
        OfferVersion.redaction_reason.is_not(None),
    )
    reason = session.scalars(query).first()
    if reason is not None:
        raise InvalidContentError((Problem("", f"Exactly this content had to be removed ({reason})."),))


def locked(session: Session, actor: Actor, permission: str, offer_id: str) -> None:
    """Let nobody else change the offer within this unit of work. Raises NotAllowedError, NotFoundError."""
    _offer(session, actor, permission, offer_id)


def _offer(session: Session, actor: Actor, permission: str, offer_id: str) -> Offer:
    """The offer, if the actor may do this with it. Whether there is one, only those learn who may."""
    offer = session.get(Offer, offer_id, with_for_update=True, populate_existing=True)
    actor.require(permission, offer.provider_id if offer else None)
    if offer is None:
        raise NotFoundError("No such offer.")
    return offer


def _new_offer(session: Session, provider: Organisation, reference: str, at: dt.datetime) -> Offer:
    offer = Offer(
        id=new_id(),
        provider_id=provider.id,
        reference=reference,
        slug="",
        state="draft",
        draft_version=0,
        published_version=None,
        first_published_at=None,
        changed_at=at,
        withdrawal_reason=None,
    )
    session.add(offer)
    return offer


def _version(
    offer: Offer, content: dict[str, Any], digest: str, actor: Actor, at: dt.datetime
) -> OfferVersion:
    return OfferVersion(
        offer_id=offer.id,
        number=offer.draft_version,
        schema_version=SCHEMA_VERSION,
        content=content,
        checksum=digest,
        author=actor.id,
        created_at=at,
        published_at=None,
        redaction_reason=None,
    )


def _newest(session: Session, offer: Offer) -> OfferVersion:
    return session.get_one(OfferVersion, (offer.id, offer.draft_version))


def _organisation_content(session: Session, organisation_id: str) -> Any:
    row = session.get_one(Organisation, organisation_id)
    return organisation_of(session.get_one(OrganisationVersion, (row.id, row.version)).content)


def _keep_relations(session: Session, offer_id: str, content: OfferContent) -> None:
    session.execute(delete(OfferRelation).where(OfferRelation.offer_id == offer_id))
    session.add_all(relations_of(offer_id, content))


def relations_of(offer_id: str, content: OfferContent) -> list[OfferRelation]:
    """The edges a content states, by role, in order."""
    stacking = content.stackability.towards if content.stackability else ()
    groups: list[tuple[str, list[tuple[Party, str | None, str | None]]]] = [
        ("issuer", [(content.issuer, None, None)] if content.issuer else []),
        ("awarding-body", [(body, None, body.status) for body in content.awarding_bodies]),
        ("stacks-towards", [(target, target.offer, target.stated_by) for target in stacking]),
        ("recognised-by", [(item, None, item.status) for item in content.recognition]),
    ]
    return [
        OfferRelation(
            offer_id=offer_id,
            role=role,
            position=position,
            organisation_slug=party.organisation,
            target_offer=target,
            status=status,
        )
        for role, parties in groups
        for position, (party, target, status) in enumerate(parties)
    ]
