"""Old documents stay readable for ever: frozen samples of every schema version there was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from catalogue.db import Database
from catalogue.offers import queries
from catalogue.offers.model import OfferVersion
from catalogue.offers.schema import SCHEMA_VERSION, content_of, load_offer
from catalogue.offers.upcast import STEPS, upcast
from tests.factories import published

DATA = Path(__file__).parent / "data"
SAMPLES = {version: DATA / f"offer-v{version}.json" for version in range(1, SCHEMA_VERSION + 1)}


@pytest.mark.parametrize("version", SAMPLES)
def test_a_document_of_every_version_can_be_read_today(version: int) -> None:
    document = json.loads(SAMPLES[version].read_text("utf-8"))
    lifted = upcast(version, document)
    content = content_of(lifted)
    assert content.title["de"].text == "Wundversorgung in der Praxis"
    assert content.runs[0].price is not None
    assert str(content.runs[0].price.amount) == "240"
    assert load_offer(dict(lifted)) == lifted


def test_every_version_but_today_s_has_a_step_and_a_frozen_sample() -> None:
    assert set(STEPS) == set(range(1, SCHEMA_VERSION))
    assert all(path.is_file() for path in SAMPLES.values())


def test_a_document_from_the_future_is_refused() -> None:
    with pytest.raises(KeyError):
        upcast(SCHEMA_VERSION + 1, {})


def test_old_versions_in_the_database_are_lifted_when_they_are_read(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a made-up step from version 0 to 1: the stored document stays as it was."""
    offer_id = published(sqlite)
    with sqlite.write() as session:
        session.execute(update(OfferVersion).values(schema_version=0, checksum="old"))
    monkeypatch.setattr(
        "catalogue.offers.upcast.STEPS", {0: lambda document: {**document, "licence": "CC0-1.0"}}
    )
    with sqlite.read() as session:
        offer = queries.one_published(session, offer_id)
        assert offer is not None
        assert offer.content.licence == "CC0-1.0"
        assert session.get_one(OfferVersion, (offer_id, 1)).content["licence"] == "CC-BY-4.0"
