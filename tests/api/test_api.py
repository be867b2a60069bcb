"""API v1: its promises, its errors, and that it agrees with the page."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from catalogue.api import openapi
from catalogue.offers.facets import BY_NAME, COUNTED, FACETS
from catalogue.portal import Portal

Json = Any
SEED, COMBINATIONS = 20261122, 200


def get(client: FlaskClient, address: str, status: int = 200) -> Json:
    response = client.get(address)
    assert response.status_code == status, (address, response.data[:400])
    return json.loads(response.data)


def resolved(name: str) -> Draft202012Validator:
    document = openapi.document("https://portolan.example")
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    )


def test_the_openapi_document_is_valid() -> None:
    validate(openapi.document("https://portolan.example"))


def test_answers_are_as_the_document_says(visitor: FlaskClient) -> None:
    page = get(visitor, "/api/v1/offers?q=data&page_size=5")
    offer = page["items"][0]
    provider = offer["provider"]["slug"]
    for name, address in (
        ("OfferPage", "/api/v1/offers?page_size=100&leads_to=all"),
        ("Offer", f"/api/v1/offers/{offer['id']}"),
        ("Offer", f"/api/v1/offers/{offer['id']}/versions/1"),
        ("ChangePage", "/api/v1/changes"),
        ("ProviderPage", "/api/v1/providers"),
        ("Provider", f"/api/v1/providers/{provider}"),
        ("VocabularyList", "/api/v1/vocabularies"),
        ("Vocabulary", "/api/v1/vocabularies/isced?lang=lt"),
    ):
        resolved(name).validate(get(visitor, address))


@pytest.mark.parametrize(
    ("address", "param", "code"),
    [
        ("offers?eqf=9", "eqf", "unknown-value"),
        ("offers?page=0", "page", "not-in-range"),
        ("offers?page=1000000000", "page", "too-deep"),
        ("offers?page=501&page_size=20", "page", "too-deep"),
        ("offers?q=" + "x" * 10_000, "q", "too-long"),
        ("offers?q=%2B-%22", "q", "no-words"),
        ("offers?q=a%00b", "q", "bad-characters"),
        ("offers?q=%ff", "q", "bad-characters"),
        ("offers?lang=tlh", "lang", "unknown-value"),
        ("offers?colour=red", "colour", "unknown-parameter"),
        ("offers?ects_min=many", "ects_min", "not-a-number"),
        ("offers?ects_min=nan", "ects_min", "not-a-number"),
        ("offers?starts_from=soon", "starts_from", "not-a-date"),
        ("changes?since=-1", "since", "not-in-range"),
        ("changes?since=999999999", "since", "unknown-cursor"),
        ("providers?x=1", "x", "unknown-parameter"),
    ],
)
def test_bad_arguments_are_a_located_problem(
    visitor: FlaskClient, address: str, param: str, code: str
) -> None:
    response = visitor.get(f"/api/v1/{address}")
    body = json.loads(response.data)
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert (body["errors"][0]["param"], body["errors"][0]["code"]) == (param, code)
    resolved("Problem").validate(body)


def test_what_lies_too_deep_points_to_the_export(visitor: FlaskClient) -> None:
    assert "/api/v1/offers.jsonl" in get(visitor, "/api/v1/offers?page=101&page_size=100", 400)["detail"]


def test_unknown_things_are_404(visitor: FlaskClient) -> None:
    for address in (
        "offers/00000000-0000-7000-8000-000000000000",
        "providers/nobody",
        "vocabularies/none",
        "nothing",
    ):
        resolved("Problem").validate(get(visitor, f"/api/v1/{address}", 404))


def test_reads_are_open_to_every_page_and_cached_by_etag(visitor: FlaskClient) -> None:
    first = visitor.get("/api/v1/offers?q=data")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = visitor.get("/api/v1/offers?q=data", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert visitor.post("/api/v1/offers").status_code == 405


def random_arguments(chance: random.Random, facets: dict[str, list[Json]]) -> list[tuple[str, str]]:
    """Words and one to four filters with values that occur."""
    pairs = (
        [("q", chance.choice(["data", "care", "Kurs", "training", "energy", "l'eau", ""]))]
        if chance.random() < 0.6
        else []
    )
    if chance.random() < 0.5:
        pairs.append(("leads_to", "all"))
    for name in chance.sample(sorted(facets.keys() - {"leads_to"}), chance.randint(1, 4)):
        values = [row["value"] for row in facets[name]]
        pairs += [
            (name, value) for value in chance.sample(values, min(len(values), chance.choice([1, 1, 2])))
        ]
    if chance.random() < 0.3:
        pairs.append(
            chance.choice(
                [("ects_min", "2"), ("hours_max", "100"), ("price_max", "200"), ("starts_from", "2027-01-01")]
            )
        )
    return pairs


def test_every_count_is_the_total_with_the_selection_replaced(visitor: FlaskClient, seeded: Portal) -> None:
    """200 random searches: a facet's counts equal the totals with that facet's selection replaced by the value."""
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    everything = get(visitor, "/api/v1/offers?leads_to=all&page_size=1")["facets"]
    checked = 0
    for _ in range(COMBINATIONS):
        pairs = random_arguments(chance, everything)
        page = get(visitor, _address(pairs))
        assert _total_of_page(visitor, pairs) == page["total"], pairs
        name = chance.choice(COUNTED)
        own = {name, *(param for param in BY_NAME[name].facet.range_params if param)}
        others = [pair for pair in pairs if pair[0] not in own]
        for row in page["facets"][name]:
            assert get(visitor, _address([*others, (name, row["value"])]))["total"] == row["count"], (
                pairs,
                name,
                row,
            )
            checked += 1
    assert checked > COMBINATIONS


def _address(pairs: list[tuple[str, str]]) -> str:
    from urllib.parse import urlencode

    return "/api/v1/offers?" + urlencode([*pairs, ("page_size", "1")])


def _total_of_page(client: FlaskClient, pairs: list[tuple[str, str]]) -> int:
    text = client.get("/en/search", query_string=pairs).get_data(as_text=True)
    heading = re.findall(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)[0]
    return int(re.findall(r"[\d,]+", heading)[0].replace(",", ""))


def test_every_facet_counts_what_is_not_stated(visitor: FlaskClient) -> None:
    facets = get(visitor, "/api/v1/offers?leads_to=all&page_size=1")["facets"]
    assert set(facets) == set(COUNTED)
    assert set(COUNTED) == {facet.name for facet in FACETS} - {"skill"}
    for name in ("eqf", "ects", "hours", "price", "funding", "recognised_for", "start", "supervision"):
        assert any(row["value"] == "not-stated" and row["count"] for row in facets[name]), name
    assert all(rows[-1]["value"] == "not-stated" for rows in facets.values())


def test_the_change_feed_rebuilds_an_exact_copy(visitor: FlaskClient, seeded: Portal) -> None:
    copy: dict[str, Json] = {}
    cursor, more = "0", True
    while more:
        page = get(visitor, f"/api/v1/changes?since={cursor}")
        for change in page["items"]:
            if change["kind"] == "offer" and "offer" in change:
                copy[change["id"]] = change["offer"]
        assert int(page["cursor"]) >= int(cursor)
        cursor, more = page["cursor"], page["more"]
    wanted = seeded.engine.versions()
    assert copy.keys() == wanted.keys()
    sample = next(iter(copy))
    assert copy[sample] == get(visitor, f"/api/v1/offers/{sample}")


def test_the_export_holds_every_published_offer(visitor: FlaskClient, seeded: Portal) -> None:
    lines = [json.loads(line) for line in visitor.get("/api/v1/offers.jsonl").data.splitlines()]
    assert {line["id"] for line in lines} == seeded.engine.versions().keys()
    resolved("Offer").validate(lines[0])


def test_the_notices_stand_in_the_api(visitor: FlaskClient) -> None:
    offer = get(visitor, "/api/v1/offers?recognised_for=employment&stackable=stackable&page_size=1")["items"][
        0
    ]
    text = " ".join(offer["notices"])
    assert "does not, in itself, imply official validation or recognition" in text
    assert "Stacking does not create an automatic entitlement" in text
    assert "may decide case by case" in text
