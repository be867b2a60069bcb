"""The seed data: loads whole, is varied enough to show the catalogue, and invents everything it names."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from catalogue import seed as seeds
from catalogue.changes import indexer
from catalogue.concepts.packaged import ensure_packaged
from catalogue.db import Database
from catalogue.documents import InvalidContentError
from catalogue.i18n import CONTENT_LANGUAGES
from catalogue.offers import queries, service
from catalogue.offers.model import Offer, OfferVersion
from catalogue.offers.rules import obstacles
from catalogue.offers.schema import content_of, load_offer
from catalogue.portal import Portal
from catalogue.providers.schema import load_organisation, organisation_of
from catalogue.security.actor import OPERATOR
from catalogue.vocabularies import sectors_in_rev21, vocabulary
from tests.factories import NOW, minimal_offer, provider_document

TODAY = NOW.date()
FILES = seeds.files()


@cache
def read(path: Path) -> dict[str, Any]:
    """A file in canonical form."""
    data = seeds.read(path, TODAY)
    offers = []
    for entry in data["offers"]:
        said = dict(entry)
        reference = said.pop("reference")
        offers.append({"reference": reference, **load_offer(said)})
    return {"provider": load_organisation(data["provider"]), "offers": offers}


def offers() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every seed offer with its provider."""
    for path in FILES:
        data = read(path)
        for offer in data["offers"]:
            yield data["provider"], offer


def originals(offer: dict[str, Any]) -> set[str]:
    """Languages in which an offer's own words were written."""
    return {language for language, entry in offer["title"].items() if entry["origin"] == "original"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_seed_file_loads_and_is_named_after_its_provider(path: Path) -> None:
    data = read(path)
    assert data["provider"]["slug"] == path.stem
    references = [offer["reference"] for offer in data["offers"]]
    assert len(set(references)) == len(references) > 0


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_seed_offer_may_be_published_and_all_but_thin_ones_meet_annex_i(path: Path) -> None:
    data = read(path)
    provider = organisation_of(data["provider"])
    for offer in data["offers"]:
        said = {key: value for key, value in offer.items() if key != "reference"}
        assert obstacles(content_of(said), provider, "minimal") == (), offer["reference"]


def test_most_seed_offers_meet_annex_i_and_some_are_thin_on_purpose() -> None:
    thin = total = 0
    for provider, offer in offers():
        said = {key: value for key, value in offer.items() if key != "reference"}
        total += 1
        thin += bool(obstacles(content_of(said), organisation_of(provider), "annex-i"))
    assert 0 < thin < total * 0.3


def test_there_are_enough_offers_providers_and_countries() -> None:
    assert len(list(offers())) >= 150
    assert len(FILES) >= 40
    assert len({read(path)["provider"]["country"] for path in FILES}) >= 20


def test_each_official_language_is_the_original_of_at_least_four_offers() -> None:
    counts = Counter(offer["default_language"] for _, offer in offers())
    assert {language: counts[language] for language in CONTENT_LANGUAGES if counts[language] < 4} == {}
    assert all(offer["default_language"] in originals(offer) for _, offer in offers())


def test_levels_two_to_eight_and_no_level_occur() -> None:
    levels = {offer.get("level", {}).get("eqf") for _, offer in offers()}
    assert levels >= {None, 2, 3, 4, 5, 6, 7, 8}


def test_at_least_thirty_detailed_subjects_occur() -> None:
    subjects = {code for _, offer in offers() for code in offer.get("subjects", ())}
    assert len({code for code in subjects if len(code) == 4}) >= 30


def test_at_least_twelve_sectors_occur() -> None:
    sectors = {
        code
        for _, offer in offers()
        for sector in offer.get("sectors", ())
        for code in sectors_in_rev21(sector["code"], sector["revision"])
    }
    assert len(sectors) >= 12


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("assessment", ("assessment", "types")),
        ("supervision", ("supervision",)),
        ("participation", ("participation",)),
        ("route", ("route",)),
        ("leads-to", ("leads_to",)),
        ("setting", ("setting",)),
        ("schedule", ("schedule",)),
        ("stackability", ("stackability", "kind")),
    ],
)
def test_every_code_of_the_lists_that_make_facets_occurs(name: str, path: tuple[str, ...]) -> None:
    used: set[str] = set()
    for _, offer in offers():
        value: Any = offer
        for step in path:
            value = value.get(step, {})
        used.update([value] if isinstance(value, str) else value)
    assert set(vocabulary(name).codes) - used == set()


def test_every_kind_of_provider_occurs() -> None:
    used = {kind for path in FILES for kind in read(path)["provider"]["kinds"]}
    assert set(vocabulary("provider-kind").codes) - {"other"} - used == set()


def test_some_providers_say_nothing_about_recognition() -> None:
    silent = [path for path in FILES if "recognition_policy" not in read(path)["provider"]]
    assert 0 < len(silent) < len(FILES) / 2


def texts(value: Any) -> Iterator[str]:
    """All texts in a document."""
    if isinstance(value, dict):
        if set(value) == {"text", "origin"}:
            yield value["text"]
        else:
            for entry in value.values():
                yield from texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from texts(entry)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for entry in value.values():
            yield from strings(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from strings(entry)
    elif isinstance(value, str):
        yield value


def test_no_description_and_no_learning_outcome_is_used_twice() -> None:
    said: Counter[str] = Counter()
    for _, offer in offers():
        said.update(texts(offer.get("description", {})))
        for outcome in offer.get("learning_outcomes", ()):
            said.update(texts(outcome["text"]))
    assert [text for text, times in said.items() if times > 1] == []


KNOWN = re.compile(r"http://(data\.europa\.eu/esco/skill/|publications\.europa\.eu/)")


def test_only_invented_domains_are_named() -> None:
    for path in FILES:
        for text in strings(read(path)):
            hosts = re.findall(r"(?:https?://|@)([^\s/@:]+)", KNOWN.sub("", text))
            assert all(host.endswith(".example") for host in hosts), (path.name, text)


def test_skills_are_known_by_name() -> None:
    from catalogue.vocabularies.skills import skills

    used = {
        uri
        for _, offer in offers()
        for outcome in offer.get("learning_outcomes", ())
        for uri in outcome.get("skills", ())
    }
    assert used - set(skills()) == set()


def test_organisations_and_offers_that_are_pointed_to_exist() -> None:
    slugs = {path.stem for path in FILES}
    keys = {f"{provider['slug']}/{offer['reference']}" for provider, offer in offers()}
    for _, offer in offers():
        parties = [*offer.get("awarding_bodies", ()), *offer.get("recognition", ())]
        parties += offer.get("stackability", {}).get("towards", ())
        assert {party["organisation"] for party in parties if "organisation" in party} <= slugs, offer[
            "reference"
        ]
        targets = offer.get("stackability", {}).get("towards", ())
        assert {target["offer"] for target in targets if "offer" in target} <= keys, offer["reference"]


def test_runs_lie_ahead_and_some_are_open_today() -> None:
    runs = [run for _, offer in offers() for run in offer.get("runs", ())]
    ahead = [run for run in runs if run.get("start", "") > TODAY.isoformat()]
    opened = [
        run
        for run in runs
        if run.get("application_deadline", "") > NOW.isoformat()
        and run.get("application_opens", "") <= NOW.isoformat()
    ]
    assert len(ahead) > len(runs) / 2
    assert len(opened) > 50


# Loading


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """One small seed file of our own."""
    place = tmp_path / "seed"
    place.mkdir()
    write(place, minimal_offer(reference="B-1", leads_to="micro-credential", runs=[{"start": "+45d"}]))
    return place


def write(directory: Path, *documents: dict[str, Any]) -> None:
    data = {"provider": provider_document(), "offers": list(documents)}
    (directory / "hochschule-probe.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")


def load(database: Database, directory: Path, *, day: dt.date = TODAY, refresh: bool = False) -> seeds.Seeded:
    at = dt.datetime.combine(day, dt.time(9), dt.UTC)
    return seeds.seed(database, OPERATOR, as_of=day, at=at, refresh=refresh, directory=directory)


def starts(database: Database) -> list[Any]:
    with database.read() as session:
        return [offer.content.runs[0].start for offer in queries.all_published(session)]


def test_dates_are_relative_to_the_day_of_seeding(database: Database, directory: Path) -> None:
    with database.read() as session:
        assert seeds.is_empty(session)
    assert load(database, directory) == seeds.Seeded(new=1, renewed=0, unchanged=0)
    assert starts(database) == [TODAY + dt.timedelta(days=45)]
    assert not ensure_packaged(database)  # concepts came with the offers that carry them


def test_seeding_again_changes_nothing_whatever_the_day(packaged: Database, directory: Path) -> None:
    load(packaged, directory)
    later = TODAY + dt.timedelta(days=10)
    assert load(packaged, directory, day=later) == seeds.Seeded(new=0, renewed=0, unchanged=1)
    assert starts(packaged) == [TODAY + dt.timedelta(days=45)]


def test_refreshing_publishes_new_versions_with_fresh_dates(packaged: Database, directory: Path) -> None:
    load(packaged, directory)
    later = TODAY + dt.timedelta(days=10)
    assert load(packaged, directory, day=later, refresh=True) == seeds.Seeded(new=0, renewed=1, unchanged=0)
    assert starts(packaged) == [later + dt.timedelta(days=45)]
    with packaged.read() as session:
        assert session.scalar(select(func.count()).select_from(OfferVersion)) == 2
    assert load(packaged, directory, day=later, refresh=True) == seeds.Seeded(new=0, renewed=0, unchanged=1)


def test_what_an_operator_has_withdrawn_stays_withdrawn(packaged: Database, directory: Path) -> None:
    load(packaged, directory)
    with packaged.write() as session:
        service.withdraw(session, OPERATOR, session.scalars(select(Offer.id)).one(), "", at=NOW)
    assert load(packaged, directory, refresh=True).unchanged == 1
    assert starts(packaged) == []


def test_a_new_file_is_added_to_a_seeded_database(packaged: Database, directory: Path) -> None:
    load(packaged, directory)
    write(directory, minimal_offer(reference="B-1", runs=[{"start": "+45d"}]), minimal_offer(reference="B-2"))
    assert load(packaged, directory) == seeds.Seeded(new=1, renewed=0, unchanged=1)


def test_a_mistake_in_a_seed_file_is_named_with_file_offer_and_place(
    packaged: Database, directory: Path
) -> None:
    write(directory, minimal_offer(reference="B-1"), minimal_offer(reference="B-2", runs=[{"start": "soon"}]))
    with pytest.raises(
        InvalidContentError, match=r"hochschule-probe\.yaml offers\[1\] B-2: runs\[0\]\.start"
    ):
        load(packaged, directory)
    with packaged.read() as session:
        assert seeds.is_empty(session)


def test_only_whole_values_are_taken_for_relative_dates() -> None:
    assert seeds.absolute({"a": ["+1d", "-1d", "in +1d", "+1d "]}, dt.date(2026, 12, 31)) == {
        "a": ["2027-01-01", "2026-12-30", "in +1d", "+1d "]
    }


def test_the_whole_seed_is_published_and_indexed(seeded: Portal) -> None:
    with seeded.database.read() as session:
        assert queries.count_published(session) == len(list(offers()))
    assert not indexer.compare(seeded.database, seeded.engine)
