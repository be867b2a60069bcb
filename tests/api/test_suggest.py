"""Suggestions while typing: what is offered, in which language, how much, and never what is no longer public."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from app import create_app
from catalogue import suggestions
from catalogue.api import openapi
from catalogue.changes import indexer
from catalogue.i18n import INTERFACE_LANGUAGES
from catalogue.offers import queries, service
from catalogue.offers.model import Offer
from catalogue.portal import Portal
from catalogue.providers import service as organisations
from catalogue.search import make_engine
from catalogue.security.actor import OPERATOR
from catalogue.settings import Settings
from tests.factories import NOW, provider_document
from tests.seeded import copy_portal

Json = Any
Groups = dict[str, list[Json]]


@pytest.fixture(scope="module", params=["tantivy", "whoosh"])
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A seeded portal that tests may change, with either engine."""
    made = copy_portal(tmp_path_factory, request.param)
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def reader(own: Portal) -> FlaskClient:
    app = create_app(portal=own)
    app.testing = False
    return app.test_client()


def suggest(client: FlaskClient, typed: str, more: str = "") -> Groups:
    response = client.get(f"/api/v1/suggest?q={quote(typed)}{more}")
    assert response.status_code == 200, response.data
    return {group["kind"]: group["items"] for group in json.loads(response.data)["groups"]}


def labels(items: list[Json]) -> list[str]:
    return [item["label"] for item in items]


def test_the_answer_is_as_the_document_says(reader: FlaskClient) -> None:
    document = openapi.document("https://portolan.example")
    validator = Draft202012Validator(
        {"$ref": "#/components/schemas/Suggestions", "components": document["components"]}
    )
    for typed in ("data", "nurs", "univ", "zzzz"):
        validator.validate(json.loads(reader.get(f"/api/v1/suggest?q={typed}").data))


def test_suggestions_come_in_groups_of_few(reader: FlaskClient) -> None:
    response = json.loads(reader.get("/api/v1/suggest?q=nurs").data)
    assert response["query"] == "nurs"
    assert [(group["kind"], group["label"]) for group in response["groups"]] == [
        ("offers", "Offers"),
        ("providers", "Providers"),
        ("concepts", "Topics"),
    ]
    for typed in ("nurs", "data", "uni", "care", "in", "pro"):
        found = suggest(reader, typed)
        assert all(0 < len(items) <= suggestions.MOST[kind] for kind, items in found.items())
        assert all(len(items) == 1 for items in suggest(reader, typed, "&limit=1").values())


def test_the_last_word_may_be_unfinished(reader: FlaskClient) -> None:
    for typed in ("wou", "wound", "wound ca", "Wound care in nursing pra"):
        offers = {item["label"]: item for item in suggest(reader, typed)["offers"]}
        assert "Wound care in nursing practice" in offers, typed
    assert offers["Wound care in nursing practice"]["detail"] == "Nemunas Region University"


def test_offers_are_called_as_the_page_calls_them(reader: FlaskClient) -> None:
    """Found in any language, named in the reader's, in English, or as they are."""
    assert "Wundversorgung in der Pflegepraxis" in labels(suggest(reader, "wundvers", "&lang=de")["offers"])
    for code in INTERFACE_LANGUAGES:
        for item in suggest(reader, "data", f"&lang={code}").get("offers", []):
            assert item["language"] in {code, "en"}
            assert item["url"].startswith(f"https://portolan.example/{code}/offers/{item['id']}/")
            assert reader.get(item["url"].removeprefix("https://portolan.example")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "language", "name", "detail"),
    [
        ("universi", "en", "University of Sierra Clara", "Granada, Spain"),
        ("sierra", "en", "University of Sierra Clara", "Granada, Spain"),
        ("univ clara", "en", "University of Sierra Clara", "Granada, Spain"),
        ("πανεπ", "el", "Πανεπιστήμιο Κιτίου", "Larnaca, Κύπρος"),
        # Typed in another language, without its accents, or as the law has it.
        ("taygetos oliv", "de", "Olivenölzentrum Taygetos", None),
        ("πανεπ", "en", "University of Kition", "Πανεπιστήμιο Κιτίου"),
        ("hogsk", "en", "Norrskog University College", "Högskolan Norrskog"),
        ("stiftelsen", "en", "Norrskog University College", "Stiftelsen Högskolan Norrskog"),
    ],
)
def test_providers_are_found_by_the_beginning_of_any_word_of_any_name(
    reader: FlaskClient, typed: str, language: str, name: str, detail: str | None
) -> None:
    found = {item["label"]: item for item in suggest(reader, typed, f"&lang={language}")["providers"]}
    assert name in found
    assert detail is None or found[name]["detail"] == detail
    page = found[name]["url"].removeprefix("https://portolan.example")
    assert page.startswith(f"/{language}/providers/")
    assert reader.get(page).status_code == 200


def test_names_that_begin_so_come_first(reader: FlaskClient) -> None:
    assert labels(suggest(reader, "univ")["providers"]) == [
        "University of Kition",
        "University of Sierra Clara",
        "University of Val d'Orb",
    ]


def test_a_concept_leads_to_the_search_for_its_name_and_says_what_it_is(reader: FlaskClient) -> None:
    concepts = suggest(reader, "nurs")["concepts"]
    nurse = next(item for item in concepts if item["label"] == "nurse responsible for general care")
    assert (nurse["kind"], nurse["detail"]) == ("occupation", "Occupation")
    assert nurse["url"] == ("https://portolan.example/en/search?q=nurse+responsible+for+general+care")
    kinds = {item["kind"]: item["detail"].split(",")[0] for item in concepts}
    assert all(suggestions.KINDS[kind] == detail for kind, detail in kinds.items())


def test_a_concept_found_by_another_name_says_so(reader: FlaskClient) -> None:
    (teacher,) = (item for item in suggest(reader, "nursery t")["concepts"])
    assert (teacher["label"], teacher["detail"]) == (
        "early years teacher",
        "Occupation, also “nursery teacher”",
    )


@pytest.mark.parametrize(
    ("arguments", "param", "code"),
    [
        ("", "q", "too-short"),
        ("q=", "q", "too-short"),
        ("q=a", "q", "too-short"),
        ("q=%20a%20", "q", "too-short"),
        ("q=" + "a" * 101, "q", "too-long"),
        ("q=" + "a" * 10_000, "q", "too-long"),
        ("q=%2B%2B", "q", "no-words"),
        ("q=a%00b", "q", "bad-characters"),
        ("q=%ff%fe", "q", "bad-characters"),
        ("q=data&q=care", "q", "repeated"),
        ("q=data&lang=tlh", "lang", "unknown-value"),
        ("q=data&limit=0", "limit", "not-in-range"),
        ("q=data&limit=6", "limit", "not-in-range"),
        ("q=data&limit=many", "limit", "not-in-range"),
        ("q=data&eqf=5", "eqf", "unknown-parameter"),
    ],
)
def test_bad_arguments_are_a_located_problem(
    reader: FlaskClient, arguments: str, param: str, code: str
) -> None:
    response = reader.get(f"/api/v1/suggest?{arguments}")
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    (error,) = json.loads(response.data)["errors"]
    assert (error["param"], error["code"]) == (param, code)
    assert "300" not in error["message"]


@pytest.mark.parametrize(
    "typed", ['"data', "-data", '""aa""', "c++", "l'e", "*a*", "a/b", "%_%a", "ſt", "İst", "a" * 100]
)
def test_nothing_that_is_typed_breaks_it(reader: FlaskClient, typed: str) -> None:
    suggest(reader, typed)


def test_it_is_cached_and_open_like_the_rest_and_sets_no_cookie(reader: FlaskClient) -> None:
    first = reader.get("/api/v1/suggest?q=data")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in first.headers
    again = reader.get("/api/v1/suggest?q=data", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_without_an_index_it_is_not_available(reader: FlaskClient, own: Portal, tmp_path: Path) -> None:
    engine = make_engine(Settings.from_env({"PORTOLAN_DATA_DIR": str(tmp_path)}))
    app = create_app(portal=Portal(own.settings, own.database, engine, own.clock))
    app.testing = False
    response = app.test_client().get("/api/v1/suggest?q=data")
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")


def test_a_provider_is_suggested_by_its_name_of_today(reader: FlaskClient, own: Portal) -> None:
    assert "providers" not in suggest(reader, "quokka")
    for name in ("Quokka-Kolleg", "Wombat-Kolleg"):
        names = {"de": {"text": name, "origin": "original"}}
        document = provider_document("umbenannt", legal_name="Umbenannt gGmbH", names=names)
        with own.database.write() as session:
            organisations.save(session, OPERATOR, document, at=NOW)
        (found,) = suggest(reader, name[:5])["providers"]
        assert (found["label"], found["language"], found["id"]) == (name, "de", "umbenannt")
    assert "providers" not in suggest(reader, "quokka")


def test_a_withdrawn_offer_is_never_suggested(reader: FlaskClient, own: Portal) -> None:
    """Not from the moment it is withdrawn, long before the index knows."""
    typed = "wound care in nurs"
    offer = next(iter(suggest(reader, typed)["offers"]))
    with own.database.write() as session:
        service.withdraw(session, OPERATOR, offer["id"], "No longer offered.", at=NOW)
    assert offer["id"] not in [item["id"] for item in suggest(reader, typed).get("offers", [])]
    indexer.catch_up(own.database, own.engine)
    assert offer["id"] not in [item["id"] for item in suggest(reader, typed).get("offers", [])]
    with own.database.read() as session:
        assert session.get_one(Offer, offer["id"]).state == "withdrawn"


def test_an_offer_is_suggested_by_its_title_of_today(reader: FlaskClient, own: Portal) -> None:
    """As soon as it is published, while the index knows the one before: never by what it is no longer called."""
    offer, *_ = suggest(reader, "chronic wound nursing in")["offers"]
    titles = ("Chronic quokka nursing", "Wombats in the community")
    for title, still_shows in zip(titles, (True, False), strict=True):
        _rename(own, offer["id"], title)
        before = suggest(reader, "chronic nurs")["offers"]
        assert (offer["id"] in [item["id"] for item in before]) == still_shows
        assert not still_shows or title in labels(before)
        assert offer["id"] not in [
            item["id"] for item in suggest(reader, "wound nursing com").get("offers", [])
        ]
        indexer.catch_up(own.database, own.engine)
        found, *_ = suggest(reader, title[:-3])["offers"]
        assert (found["id"], found["label"]) == (offer["id"], title)
        assert reader.get(found["url"].removeprefix("https://portolan.example")).status_code == 200


def _rename(own: Portal, offer_id: str, title: str) -> None:
    with own.database.write() as session:
        offer = queries.published(session, [offer_id])[offer_id]
        languages = (offer.content.default_language, "en")
        titles = {language: {"text": title, "origin": "original"} for language in languages}
        document = {**offer.document, "title": titles}
        key = service.Key(offer.provider.slug, offer.reference)
        assert service.save_draft(session, OPERATOR, key, document, at=NOW).changed
        service.publish(session, OPERATOR, offer_id, "minimal", at=NOW)


def test_the_page_has_a_sentence_for_every_number_of_suggestions(reader: FlaskClient) -> None:
    most = sum(suggestions.MOST.values())
    for code in INTERFACE_LANGUAGES:
        page = reader.get(f"/{code}/").get_data(as_text=True)
        sentences = page.partition('data-suggest-counts="')[2].partition('"')[0].split("|")
        assert len(sentences) == most
        assert all(str(number) in sentence for number, sentence in enumerate(sentences, 1))
