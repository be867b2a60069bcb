"""The offer page shows every element, says "not stated" where there is none, and ends as a tombstone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from catalogue.changes import indexer
from catalogue.db import Database
from catalogue.offers import queries, service
from catalogue.offers.elements import ELEMENTS
from catalogue.offers.queries import PublishedOffer
from catalogue.portal import Portal
from catalogue.security.actor import OPERATOR
from tests.factories import complete_offer, provider_document
from tests.factories import published as publish

# Said as words of their own, not as they are stored.
SHOWN_OTHERWISE = {"default_language", "reuse_consent"}


def published(database: Database, document: dict[str, Any] | None = None) -> PublishedOffer:
    """A published offer, read back."""
    offer_id = publish(database, document=document)
    with database.read() as session:
        found = queries.one_published(session, offer_id)
    assert found is not None
    return found


def texts(value: Any) -> Iterator[str]:
    """The English texts and the plain names in a document."""
    if isinstance(value, dict):
        if "en" in value and isinstance(value["en"], dict) and "text" in value["en"]:
            yield value["en"]["text"]
            return
        for key, entry in value.items():
            if key in {
                "name",
                "scheme",
                "instrument",
                "agency",
                "framework",
                "decided_by",
                "assessor_name",
                "town",
            }:
                yield from ([entry] if isinstance(entry, str) else texts(entry))
            else:
                yield from texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from texts(entry)


def seen(client: FlaskClient, address: str) -> str:
    """What a reader sees, white space folded."""
    response = client.get(address, follow_redirects=True)
    assert response.status_code == 200
    body = response.get_data(as_text=True).split("<main", 1)[1]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_every_stated_text_stands_on_the_page(client: FlaskClient, portal: Portal) -> None:
    offer = published(portal.database)
    page = seen(client, f"/en/offers/{offer.id}/{offer.slug}")
    codes = {"esg", "eqavet", "eqf-annex-iv", "national", "sector"}
    missing = [
        text for text in texts(complete_offer()) if text not in codes and " ".join(text.split()) not in page
    ]
    assert not missing


def test_every_element_is_shown_as_not_stated_when_it_is_missing(client: FlaskClient, portal: Portal) -> None:
    thin = {"default_language": "en", "title": {"en": "Thin"}, "description": {"en": "Nearly nothing."}}
    offer = published(portal.database, thin)
    page = seen(client, f"/en/offers/{offer.id}/{offer.slug}")
    assert page.count("Not stated") >= 20
    assert "does not say whether this offer leads to a micro-credential" in page
    mandatory = [element for element in ELEMENTS if element.source in {"mandatory", "optional"}]
    assert all(element.label in page for element in mandatory)


def test_the_notices_stand_where_they_must(client: FlaskClient, portal: Portal) -> None:
    offer = published(portal.database)
    page = seen(client, f"/en/offers/{offer.id}/{offer.slug}")
    for sentence in (
        "does not, in itself, imply official validation or recognition",
        "Stacking does not create an automatic entitlement",
        "which may decide case by case",
        "without prejudice to Directive 2005/36/EC",
        "This is not an assessment of this offer",
        "Personal eligibility is decided by the scheme",
        "A listing is not an endorsement by the European Union",
    ):
        assert sentence in page, sentence


def test_an_older_version_stays_readable_at_its_address(client: FlaskClient, portal: Portal) -> None:
    offer = published(portal.database)
    with portal.database.write() as session:
        key = service.Key(offer.provider.slug, offer.reference)
        document = {**complete_offer(), "title": {"de": "Neuer Titel", "en": "New title"}}
        saved = service.save_draft(session, OPERATOR, key, document, at=portal.clock())
        service.publish(session, OPERATOR, saved.id, "minimal", at=portal.clock())
    old = seen(client, f"/en/offers/{offer.id}/versions/1")
    assert "New title" not in old.split("Version 1")[0]
    assert "New title" in seen(client, f"/en/offers/{offer.id}/x")
    assert client.get(f"/en/offers/{offer.id}/versions/9").status_code == 404


def test_a_redacted_version_keeps_its_checksum_and_the_reason(client: FlaskClient, portal: Portal) -> None:
    offer = published(portal.database)
    with portal.database.write() as session:
        key = service.Key(offer.provider.slug, offer.reference)
        document = {**complete_offer(), "duration": "P9W"}
        saved = service.save_draft(session, OPERATOR, key, document, at=portal.clock())
        service.publish(session, OPERATOR, saved.id, "minimal", at=portal.clock())
        service.redact(session, OPERATOR, saved.id, 1, "A person was named.", at=portal.clock())
    page = client.get(f"/en/offers/{offer.id}/versions/1")
    assert page.status_code == 410
    assert "A person was named." in page.get_data(as_text=True)
    problem = client.get(f"/api/v1/offers/{offer.id}/versions/1")
    assert (problem.status_code, problem.get_json()["checksum"]) == (410, offer.checksum)
    assert client.get(f"/api/v1/offers/{offer.id}/versions/2").status_code == 200


def test_a_withdrawn_offer_is_gone_at_once_and_leaves_a_tombstone(
    client: FlaskClient, portal: Portal
) -> None:
    offer = published(portal.database)
    indexer.catch_up(portal.database, portal.engine)
    assert "1 offer" in seen(client, "/en/search?leads_to=all")
    with portal.database.write() as session:
        service.withdraw(session, OPERATOR, offer.id, "No longer taught.", at=portal.clock())
    # The index has not heard of it yet.
    assert "0 offers" in seen(client, "/en/search?leads_to=all")
    for address in (
        f"/en/offers/{offer.id}/{offer.slug}",
        f"/en/offers/{offer.id}/versions/1",
        f"/offers/{offer.id}",
    ):
        response = client.get(address)
        text = response.get_data(as_text=True)
        assert response.status_code == 410, address
        assert "No longer taught." in text
        assert offer.checksum[:16] in text
        assert "Sample" not in text.split("<main")[1].split("<footer")[0]
    assert client.get(f"/api/v1/offers/{offer.id}").status_code == 410


def test_without_an_index_pages_that_need_none_work_and_others_say_503(
    client: FlaskClient, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.engine import IndexUnavailableError

    def unavailable(*_: Any, **__: Any) -> Any:
        raise IndexUnavailableError("gone")

    monkeypatch.setattr(type(portal.engine), "search", unavailable)
    offer = published(portal.database)
    assert client.get(f"/en/offers/{offer.id}/{offer.slug}").status_code == 200
    for address in ("/en/search?q=a", "/en/", "/api/v1/offers"):
        response = client.get(address)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5"), address


def hostile(title: str) -> dict[str, Any]:
    return {"default_language": "en", "title": {"en": title}, "description": {"en": "x < y"}}


def test_hostile_text_is_shown_as_text(client: FlaskClient, portal: Portal) -> None:
    """Markup is refused by the schema; what looks like it in other ways is escaped."""
    evil = "\"'><img src=x onerror=alert(1)"
    with pytest.raises(Exception, match="markup"):
        published(portal.database, hostile(evil + ">"))
    offer = published(portal.database, hostile(evil))
    body = client.get(f"/en/offers/{offer.id}/{offer.slug}").get_data(as_text=True)
    assert "<img" not in body
    assert provider_document()["legal_name"] in body or "Sample University" in body
