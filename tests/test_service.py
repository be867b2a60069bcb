"""Use cases of offers and organisations: idempotent, permitted, and never rewriting what was said."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select

from catalogue.audit.model import AuditEntry
from catalogue.changes.model import Change
from catalogue.db import Database
from catalogue.documents import InvalidContentError, checksum
from catalogue.exchange import mappings
from catalogue.exchange.mapping import Mapping
from catalogue.offers import queries, service
from catalogue.offers.model import Offer, OfferRelation, OfferVersion
from catalogue.offers.schema import load_offer
from catalogue.people import membership, second_factor
from catalogue.people import service as accounts
from catalogue.providers import queries as provider_queries
from catalogue.providers import service as providers
from catalogue.providers.service import Saved
from catalogue.security.actor import ANONYMOUS, OPERATOR, PERMISSIONS, Actor, NotAllowedError
from tests.factories import (
    NOW,
    PROVIDER,
    complete_offer,
    minimal_offer,
    provider,
    provider_document,
    published,
    titled,
)

LATER = NOW + dt.timedelta(hours=1)
KEY = service.Key(PROVIDER, "W-1")


def save(database: Database, document: dict[str, Any] | None = None, *, at: dt.datetime = NOW) -> Saved:
    with database.write() as session:
        return service.save_draft(session, OPERATOR, KEY, document or complete_offer(), at=at)


def publish(database: Database, offer_id: str, policy: str = "annex-i", *, at: dt.datetime = NOW) -> Saved:
    with database.write() as session:
        return service.publish(session, OPERATOR, offer_id, policy, at=at)


def withdraw(
    database: Database, offer_id: str, reason: str = "No teacher", *, at: dt.datetime = LATER
) -> None:
    with database.write() as session:
        service.withdraw(session, OPERATOR, offer_id, reason, at=at)


def state(database: Database, offer_id: str) -> str:
    with database.read() as session:
        return session.get_one(Offer, offer_id).state


def count(database: Database, table: type[Any]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_new_reference_makes_a_draft_that_nobody_sees(database: Database) -> None:
    provider(database)
    saved = save(database)
    assert (saved.version, saved.changed) == (1, True)
    assert state(database, saved.id) == "draft"
    with database.read() as session:
        assert queries.one_published(session, saved.id) is None
        assert queries.tombstone(session, saved.id) is None
    assert count(database, Change) == 1  # that of the organisation


def test_the_same_content_again_changes_nothing(database: Database) -> None:
    provider(database)
    first = save(database)
    publish(database, first.id)
    before = {table: count(database, table) for table in (OfferVersion, Change, AuditEntry)}
    again = save(database, dict(reversed(complete_offer().items())), at=LATER)
    assert (again.id, again.version, again.changed) == (first.id, 1, False)
    assert not publish(database, first.id, at=LATER).changed
    assert {table: count(database, table) for table in before} == before


def test_the_same_reference_of_two_providers_makes_two_offers(database: Database) -> None:
    assert published(database) != published(database, slug="akademie-muster")


def test_changed_content_is_a_new_version_and_the_old_one_stays_as_it_was(database: Database) -> None:
    provider(database)
    first = save(database)
    publish(database, first.id)
    second = save(database, complete_offer(title={"de": "Neuer Titel"}), at=LATER)
    assert (second.id, second.version) == (first.id, 2)
    with database.read() as session:
        old = session.get_one(OfferVersion, (first.id, 1))
        assert old.content == load_offer(complete_offer())
        assert old.checksum == checksum(complete_offer())
        assert queries.one_published(session, first.id).version == 1  # type: ignore[union-attr]


def test_publishing_shows_the_newest_version_and_keeps_the_day_of_first_publication(
    database: Database,
) -> None:
    provider(database)
    offer_id = save(database).id
    publish(database, offer_id)
    save(database, complete_offer(title={"de": "Neuer Titel"}), at=LATER)
    publish(database, offer_id, at=LATER)
    with database.read() as session:
        offer = queries.one_published(session, offer_id)
        lines = queries.versions(session, offer_id)
    assert offer is not None
    assert offer.content.title["de"].text == "Neuer Titel"
    assert (offer.version, offer.first_published_at, offer.published_at) == (2, NOW, LATER)
    assert offer.slug == "neuer-titel"
    assert [(line.number, line.published_at) for line in lines] == [(2, LATER), (1, NOW)]


def test_a_version_that_was_never_published_is_never_public(database: Database) -> None:
    provider(database)
    offer_id = save(database).id
    save(database, complete_offer(title={"de": "Nur ein Entwurf"}))
    save(database, complete_offer(title={"de": "Dritte Fassung"}))
    publish(database, offer_id)
    with database.read() as session:
        assert [line.number for line in queries.versions(session, offer_id)] == [3]
        assert queries.version(session, offer_id, 2) is None
        assert queries.version(session, offer_id, 3) is not None


def test_what_lacks_mandatory_elements_stays_a_draft(database: Database) -> None:
    provider(database)
    saved = save(database, minimal_offer())
    with pytest.raises(InvalidContentError, match="Mandatory in Annex I"):
        publish(database, saved.id)
    assert state(database, saved.id) == "draft"
    assert publish(database, saved.id, "minimal").changed


def test_unusable_content_stores_nothing(database: Database) -> None:
    provider(database)
    with pytest.raises(InvalidContentError):
        save(database, complete_offer(duration="soon"))
    assert count(database, Offer) == 0


@pytest.mark.parametrize("reference", ["", "  ", "x" * 201, "a\x00b", "a\nb", "a\u202eb"])
def test_a_reference_is_a_short_printable_text(sqlite: Database, reference: str) -> None:
    provider(sqlite)
    with pytest.raises(InvalidContentError, match="reference"), sqlite.write() as session:
        service.save_draft(session, OPERATOR, service.Key(PROVIDER, reference), complete_offer(), at=NOW)


def test_an_offer_of_an_unknown_provider_is_refused(database: Database) -> None:
    with pytest.raises(service.NotFoundError, match="hochschule-probe"):
        save(database)


def test_a_withdrawn_offer_leaves_a_tombstone_with_number_date_and_checksum(database: Database) -> None:
    offer_id = published(database)
    withdraw(database, offer_id)
    with database.read() as session:
        assert queries.one_published(session, offer_id) is None
        assert queries.version(session, offer_id, 1) is None
        tombstone = queries.tombstone(session, offer_id)
    assert tombstone is not None
    assert (tombstone.state, tombstone.version, tombstone.reason) == ("withdrawn", 1, "No teacher")
    assert tombstone.checksum == checksum(complete_offer())
    assert (tombstone.published_at, tombstone.withdrawn_at) == (NOW, LATER)


def test_a_withdrawn_offer_is_hidden_before_the_index_has_heard_of_it(database: Database) -> None:
    offer_id, other = published(database), published(database, "W-2")
    withdraw(database, offer_id)
    with database.read() as session:
        assert queries.hidden_ids(session) == {offer_id}
        assert set(queries.index_versions(session)) == {other}


def test_a_withdrawn_offer_can_be_published_again_under_its_old_identity(database: Database) -> None:
    offer_id = published(database)
    withdraw(database, offer_id)
    assert publish(database, offer_id, at=LATER).changed
    with database.read() as session:
        offer = queries.one_published(session, offer_id)
        assert offer is not None
        assert offer.first_published_at == NOW
        assert queries.tombstone(session, offer_id) is None
        assert queries.hidden_ids(session) == frozenset()


@pytest.mark.parametrize("end", ["draft", "withdrawn", "archived"])
def test_only_what_is_published_can_be_withdrawn(database: Database, end: str) -> None:
    provider(database)
    offer_id = save(database).id
    if end != "draft":
        publish(database, offer_id)
        withdraw(database, offer_id)
    if end == "archived":
        with database.write() as session:
            service.archive(session, OPERATOR, offer_id, at=LATER)
    with pytest.raises(service.StateError, match=end):
        withdraw(database, offer_id)


def test_an_archived_draft_goes_silently_and_a_public_offer_with_a_tombstone(database: Database) -> None:
    provider(database)
    draft = save(database).id
    public = published(database, "W-2")
    with database.write() as session:
        service.archive(session, OPERATOR, draft, at=LATER)
        service.archive(session, OPERATOR, public, at=LATER)
    with database.read() as session:
        assert queries.tombstone(session, draft) is None
        assert queries.tombstone(session, public).state == "archived"  # type: ignore[union-attr]
        assert queries.hidden_ids(session) == {public}


def test_what_is_archived_has_ended_for_good(database: Database) -> None:
    offer_id = published(database)
    with database.write() as session:
        service.archive(session, OPERATOR, offer_id, at=LATER)
    with pytest.raises(service.StateError, match="archived"):
        publish(database, offer_id)
    with pytest.raises(service.StateError, match="archived"), database.write() as session:
        service.archive(session, OPERATOR, offer_id, at=LATER)
    assert state(database, offer_id) == "archived"


def test_redaction_removes_a_content_and_keeps_checksum_and_reason(database: Database) -> None:
    offer_id = published(database)
    save(database, titled("Zweite Fassung"), at=LATER)
    publish(database, offer_id, "minimal", at=LATER)
    with database.write() as session:
        service.redact(session, OPERATOR, offer_id, 1, "A person was named", at=LATER)
    with database.read() as session:
        row = session.get_one(OfferVersion, (offer_id, 1))
        assert row.content == {}
        assert row.checksum == checksum(complete_offer())
        assert queries.version(session, offer_id, 1) is None
        lines = queries.versions(session, offer_id)
    assert [(line.number, line.redaction_reason) for line in lines] == [(2, None), (1, "A person was named")]


def test_the_version_in_force_cannot_be_redacted(database: Database) -> None:
    offer_id = published(database)
    with pytest.raises(service.StateError, match="in force"), database.write() as session:
        service.redact(session, OPERATOR, offer_id, 1, "Because", at=LATER)
    with pytest.raises(service.NotFoundError), database.write() as session:
        service.redact(session, OPERATOR, offer_id, 7, "Because", at=LATER)


def test_the_tombstone_of_a_redacted_offer_keeps_its_checksum_and_loses_its_content(
    database: Database,
) -> None:
    offer_id = published(database)
    withdraw(database, offer_id)
    with database.write() as session:
        service.redact(session, OPERATOR, offer_id, 1, "Court order", at=LATER)
    with database.read() as session:
        tombstone = queries.tombstone(session, offer_id)
    assert tombstone is not None
    assert (tombstone.checksum, tombstone.document) == (checksum(complete_offer()), {})


def test_a_redacted_content_cannot_come_back_into_the_public(database: Database) -> None:
    offer_id = published(database)
    withdraw(database, offer_id)
    with database.write() as session:
        service.redact(session, OPERATOR, offer_id, 1, "Court order", at=LATER)
    with pytest.raises(service.StateError, match="redacted"):
        publish(database, offer_id)
    again = save(database, titled("Ohne Namen"), at=LATER)
    assert again.version == 2
    assert publish(database, offer_id, "minimal").changed


def test_what_had_to_be_removed_does_not_come_back_with_the_next_import(database: Database) -> None:
    offer_id = published(database)
    save(database, titled("Ohne Namen"))
    publish(database, offer_id, "minimal")
    with database.write() as session:
        service.redact(session, OPERATOR, offer_id, 1, "Court order", at=LATER)
    with pytest.raises(InvalidContentError, match=r"had to be removed \(Court order\)"):
        save(database, complete_offer(), at=LATER)
    assert not save(database, titled("Ohne Namen")).changed


EVERYTHING: dict[str, Any] = {
    "offer:save": lambda session, actor, key, _: service.save_draft(
        session, actor, key, complete_offer(), at=NOW
    ),
    "offer:publish": lambda session, actor, _, offer: service.publish(
        session, actor, offer, "minimal", at=NOW
    ),
    "offer:withdraw": lambda session, actor, _, offer: service.withdraw(session, actor, offer, "", at=NOW),
    "offer:archive": lambda session, actor, _, offer: service.archive(session, actor, offer, at=NOW),
    "offer:redact": lambda session, actor, _, offer: service.redact(session, actor, offer, 1, "", at=NOW),
    "organisation:save": lambda session, actor, _k, _o: providers.save(
        session, actor, provider_document(), at=NOW
    ),
    "organisation:register": lambda session, actor, _k, _o: providers.register(
        session, actor, provider_document(), at=NOW
    ),
    "organisation:verify": lambda session, actor, _k, _o: providers.verify(session, actor, "some", at=NOW),
    "member:invite": lambda session, actor, _k, _o: membership.withdraw(session, actor, "a", "b", at=NOW),
    "member:change": lambda session, actor, _k, _o: membership.change_role(
        session, actor, "some", "somebody", "viewer", at=NOW
    ),
    "mapping:save": lambda session, actor, _k, _o: mappings.keep(session, actor, "some", Mapping({}), at=NOW),
    "person:moderator": lambda session, actor, _k, _o: accounts.set_moderator(
        session, actor, "nobody@probe.example", moderates=True, at=NOW
    ),
    "person:second-factor": lambda session, actor, _k, _o: second_factor.disable(
        session, actor, "somebody", at=NOW
    ),
}


def test_every_permission_guards_a_use_case() -> None:
    assert set(EVERYTHING) == PERMISSIONS


@pytest.mark.parametrize("permission", EVERYTHING)
def test_nobody_may_do_what_was_not_permitted(sqlite: Database, permission: str) -> None:
    offer_id = published(sqlite)
    everything_else = Actor("clerk", PERMISSIONS - {permission})
    for actor in (ANONYMOUS, everything_else):
        with pytest.raises(NotAllowedError, match=permission), sqlite.write() as session:
            EVERYTHING[permission](session, actor, KEY, offer_id)


def test_edges_to_others_are_kept_on_publishing_and_follow_the_published_version(database: Database) -> None:
    offer_id = published(database)
    with database.read() as session:
        rows = session.scalars(
            select(OfferRelation).order_by(OfferRelation.role, OfferRelation.position)
        ).all()
        edges = [
            (row.role, row.position, row.organisation_slug, row.target_offer, row.status) for row in rows
        ]
        assert queries.stacking_onto(session, "akademie-muster/PF-100") == [offer_id]
        assert queries.recognised_by(session, "akademie-muster") == [offer_id]
    assert edges == [
        ("awarding-body", 0, None, None, "confirmed"),
        ("awarding-body", 1, PROVIDER, None, "confirmed"),
        ("issuer", 0, None, None, None),
        ("recognised-by", 0, None, None, "stated"),
        ("recognised-by", 1, "akademie-muster", None, "claimed"),
        ("stacks-towards", 0, "akademie-muster", "akademie-muster/PF-100", "receiving-organisation"),
    ]


def test_edges_of_a_draft_are_not_there_and_those_of_a_withdrawn_offer_go(database: Database) -> None:
    provider(database)
    offer_id = save(database).id
    assert count(database, OfferRelation) == 0
    publish(database, offer_id)
    assert count(database, OfferRelation) == 6
    withdraw(database, offer_id)
    assert count(database, OfferRelation) == 0


def test_withdrawn_recognition_is_no_edge_to_be_followed(database: Database) -> None:
    withdrawn = [{"organisation": "akademie-muster", "purpose": "academic", "status": "withdrawn"}]
    published(database, document=titled("Bienen", recognition=withdrawn))
    with database.read() as session:
        assert queries.recognised_by(session, "akademie-muster") == []


def test_every_change_leaves_an_audit_entry_with_an_opaque_actor(database: Database) -> None:
    offer_id = published(database)
    withdraw(database, offer_id)
    with database.read() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(entry.actor, entry.action) for entry in entries] == [
            ("operator", "organisation:save"),
            ("operator", "offer:save"),
            ("operator", "offer:publish"),
            ("operator", "offer:withdraw"),
        ]
        assert entries[-1].details == {"reason": "No teacher"}


def test_an_organisation_gets_versions_only_when_it_changes(database: Database) -> None:
    with database.write() as session:
        first = providers.save(session, OPERATOR, provider_document(), at=NOW)
    with database.write() as session:
        again = providers.save(session, OPERATOR, provider_document(), at=LATER)
        moved = providers.save(session, OPERATOR, provider_document(town="Kiel"), at=LATER)
        verified = providers.save(session, OPERATOR, provider_document(town="Kiel"), at=LATER, verified=True)
        forgotten = providers.save(session, OPERATOR, provider_document(town="Kiel"), at=LATER)
    assert [(saved.version, saved.changed) for saved in (first, again, moved, verified, forgotten)] == [
        (1, True),
        (1, False),
        (2, True),
        (3, True),
        (3, False),
    ]
    with database.read() as session:
        found = provider_queries.by_slug(session, PROVIDER)
    assert found is not None
    assert (found.version, found.verified, found.content.town) == (3, True, "Kiel")


def test_a_unit_of_work_that_fails_leaves_nothing(database: Database) -> None:
    provider(database)
    before = (count(database, Change), count(database, AuditEntry))

    def fail() -> None:
        with database.write() as session:
            service.save_draft(session, OPERATOR, KEY, complete_offer(), at=NOW)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power"):
        fail()
    assert count(database, Offer) == 0
    assert (count(database, Change), count(database, AuditEntry)) == before


def test_moments_come_back_in_utc_whatever_zone_they_were_given_in(database: Database) -> None:
    zone = dt.timezone(dt.timedelta(hours=5, minutes=30))
    offer_id = published(database, at=NOW.astimezone(zone))
    with database.read() as session:
        offer = queries.one_published(session, offer_id)
    assert offer is not None
    assert offer.published_at == NOW
    assert offer.published_at.utcoffset() == dt.timedelta(0)


def test_a_moment_without_zone_is_refused(sqlite: Database) -> None:
    with pytest.raises(Exception, match="without time zone"):
        published(sqlite, at=NOW.replace(tzinfo=None))


def test_reading_never_writes(postgresql: Database) -> None:
    provider(postgresql)
    with pytest.raises(Exception, match="read-only"), postgresql.read() as session:
        service.save_draft(session, OPERATOR, KEY, complete_offer(), at=NOW)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Wundversorgung in der Praxis", "wundversorgung-in-der-praxis"),
        ("Επεξεργασία δεδομένων", "epexergasia-dedomenon"),
        ("C++ für Einsteiger!", "c-fur-einsteiger"),
        ("Ł", "l"),
        ("???", "offer"),
        ("ab " * 60, "-".join(["ab"] * 27)[:80]),
    ],
)
def test_the_readable_part_of_an_address_is_made_of_the_title(title: str, slug: str) -> None:
    said = load_offer({"default_language": "de", "title": {"de": title}})
    assert service.slug_of(said) == slug
