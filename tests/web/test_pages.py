"""Every page, in every language of the interface, without a browser."""

from __future__ import annotations

import gzip
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient

from catalogue.i18n import INTERFACE_LANGUAGES
from catalogue.offers import queries
from catalogue.portal import Portal

PAGES = (
    "",
    "search",
    "search?q=data",
    "search?leads_to=all&sort=title",
    "search?q=zzzzqqq",
    "search/values/provider",
    "subjects",
    "landscape",
    "landscape?by=sector",
    "providers",
    "providers?kind=employer",
    "about",
    "sources",
    "accessibility",
    "api",
)
VOID = {"meta", "link", "input", "br", "img", "hr", "path", "rect", "circle", "line"}
WEIGHT = 100_000


class Checker(HTMLParser):
    """Gathers what a sound page has: headings, ids, languages, references, forms of trouble."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


def pages_of(portal: Portal) -> list[str]:
    with portal.database.read() as session:
        offer = next(queries.all_published(session))
    place = f"offers/{offer.id}/{offer.slug}"
    return [*PAGES, place, f"offers/{offer.id}/versions/1", f"providers/{offer.provider.slug}"]


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_every_page_is_sound_in_every_language(visitor: FlaskClient, seeded: Portal, language: str) -> None:
    for place in pages_of(seeded):
        response = visitor.get(f"/{language}/{place}", follow_redirects=True)
        assert response.status_code == 200, place
        page = Checker(response.get_data(as_text=True))
        assert page.all("html")[0]["lang"] == language or place == "api"
        assert len(page.all("h1")) == 1, place
        ids = page.values("id")
        assert len(ids) == len(set(ids)), place
        assert not page.values("style"), place
        assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")], place
        missing = [name for name in page.values("for") if name not in ids]
        assert not missing, (place, missing)


def test_pages_are_light_set_no_cookie_and_call_nobody(visitor: FlaskClient, seeded: Portal) -> None:
    with visitor.get("/static/portolan.css") as sheet:
        style = len(gzip.compress(sheet.data))
    for place in pages_of(seeded):
        response = visitor.get(f"/en/{place}", headers={"Accept-Encoding": "gzip"}, follow_redirects=True)
        assert response.headers.get("Set-Cookie") is None
        assert len(response.data) + style <= WEIGHT, place
        page = Checker(gzip.decompress(response.data).decode())
        loaded = [attrs.get("src") or "" for tag in ("script", "img", "iframe") for attrs in page.all(tag)]
        styles = [
            attrs["href"] or "" for attrs in page.all("link") if attrs.get("rel") in {"stylesheet", "icon"}
        ]
        assert all(not address or address.startswith("/static/") for address in [*loaded, *styles]), place


def test_the_start_follows_the_readers_language(visitor: FlaskClient) -> None:
    response = visitor.get("/", headers={"Accept-Language": "pt, lt;q=0.8, en;q=0.5"})
    assert (response.status_code, response.location) == (303, "/lt/")
    assert response.headers["Vary"] == "Accept-Language"
    assert visitor.get("/", headers={"Accept-Language": "xx"}).location == "/en/"


def test_changing_the_language_keeps_the_search(visitor: FlaskClient) -> None:
    page = Checker(visitor.get("/en/search?q=data&eqf=6").get_data(as_text=True))
    links = [
        attrs["href"]
        for attrs in page.all("a")
        if attrs.get("hreflang") == "lt" and "search" in (attrs["href"] or "")
    ]
    assert "/lt/search?q=data&eqf=6" in links


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ("eqf=9", "Level (EQF)"),
        ("page=0", "page"),
        ("page=1000000000", "10,000"),
        ("foo=1", "foo"),
        ("ects_min=abc", "Workload in ECTS"),
        ("q=" + "x" * 10_000, "300"),
        ("q=%2B%2B-%22", "holds no word"),
        ("q=a%00b", "cannot be searched"),
        ("q=%ff%fe", "cannot be searched"),
        ("starts_from=2026-13-45", "Start date"),
        ("ects_min=9&ects_max=1", "Workload in ECTS"),
        ("sort=nonsense", "sort"),
    ],
)
def test_a_page_says_what_it_ignored(visitor: FlaskClient, arguments: str, named: str) -> None:
    response = visitor.get(f"/en/search?{arguments}")
    text = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "Part of your request was ignored" in text
    box = text.split("Part of your request was ignored")[1].split("</div>")[0]
    assert named in box


@pytest.mark.parametrize(
    "words",
    ["*" * 200, "?" * 250 + "a", "(((((((((a", "a OR OR AND NOT", '"unclosed', "~2^9 {!x}", "a*b*c*d*e*"],
)
def test_no_words_break_the_search(visitor: FlaskClient, words: str) -> None:
    assert visitor.get("/en/search", query_string={"q": words}).status_code == 200


def test_a_page_behind_the_last_shows_the_last(visitor: FlaskClient) -> None:
    text = visitor.get("/en/search?page=400").get_data(as_text=True)
    assert 'class="card offer-card"' in text


def test_matches_are_marked_and_escaped(visitor: FlaskClient) -> None:
    text = visitor.get("/en/search?q=data").get_data(as_text=True)
    assert re.search(r"<mark>[Dd]ata</mark>", text)
    evil = visitor.get("/en/search", query_string={"q": '"><script>alert(1)</script>'}).get_data(as_text=True)
    assert "<script>alert" not in evil


def test_nothing_found_offers_a_way_out(visitor: FlaskClient) -> None:
    text = visitor.get("/en/search?q=data&eqf=1").get_data(as_text=True)
    assert "What would find something" in text
    links = re.findall(r'<ul class="rescue">.*?</ul>', text, re.DOTALL)[0]
    address = re.findall(r'href="([^"]+)"', links)[0].replace("&amp;", "&")
    count = int(re.findall(r"(\d+) offer", links)[0])
    found = visitor.get(address).get_data(as_text=True)
    assert f"{count} offer" in re.findall(r"<h1[^>]*>(.*?)</h1>", found)[0]


def test_offers_that_lead_elsewhere_are_one_click_away(visitor: FlaskClient) -> None:
    def total(address: str) -> int:
        return int(re.findall(r"<h1[^>]*>([\d,]+) offer", visitor.get(address).get_data(as_text=True))[0])

    assert total("/en/search?leads_to=all") > total("/en/search")
    assert 'href="/en/search?leads_to=all"' in visitor.get("/en/search").get_data(as_text=True)


def test_unknown_places_are_404_and_wrong_slugs_lead_home(visitor: FlaskClient, seeded: Portal) -> None:
    for place in (
        "/xx/",
        "/en/nothing",
        "/en/providers/nobody",
        "/en/search/values/nothing",
        "/en/offers/00000000-0000-7000-8000-000000000000/x",
    ):
        assert visitor.get(place).status_code == 404, place
    with seeded.database.read() as session:
        offer = next(queries.all_published(session))
    moved = visitor.get(f"/en/offers/{offer.id}/wrong")
    assert (moved.status_code, moved.location) == (301, f"/en/offers/{offer.id}/{offer.slug}")
    assert visitor.get(f"/offers/{offer.id}").status_code == 303


def test_a_page_that_did_not_change_is_not_sent_again(visitor: FlaskClient) -> None:
    first = visitor.get("/en/about")
    again = visitor.get("/en/about", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_every_response_carries_the_security_headers(visitor: FlaskClient) -> None:
    for place in ("/en/", "/en/nothing", "/api/v1/offers", "/static/portolan.css", "/healthz"):
        with visitor.get(place) as response:
            headers = response.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, place
        assert "unsafe" not in policy, place
        assert headers["X-Content-Type-Options"] == "nosniff", place


def test_structured_data_is_json_that_no_text_can_break_out_of(visitor: FlaskClient, seeded: Portal) -> None:
    with seeded.database.read() as session:
        offer = next(queries.all_published(session))
    text = visitor.get(f"/en/offers/{offer.id}/{offer.slug}").get_data(as_text=True)
    block = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[0]
    data: dict[str, Any] = json.loads(block)
    assert (data["@type"], data["courseCode"]) == ("Course", offer.reference)
    assert "<" not in block


def test_health_is_told(visitor: FlaskClient) -> None:
    state = json.loads(visitor.get("/healthz").data)
    assert state["status"] == "ok"
    assert {"engine", "documents", "pending"} <= state["index"].keys()
    assert state["index"]["documents"] == state["database"]["offers"]


def test_a_search_that_finds_only_some_of_the_words_says_so(visitor: FlaskClient) -> None:
    some = visitor.get("/en/search?q=wound+turbine").get_data(as_text=True)
    assert "No offer has all of this; offers with some of it are shown." in some
    assert 'class="card offer-card"' in some
    assert "No offer has all of this" not in visitor.get("/en/search?q=data").get_data(as_text=True)


def test_nothing_is_suggested_that_finds_nothing(visitor: FlaskClient) -> None:
    found = visitor.get("/en/search?q=analsis").get_data(as_text=True)
    assert "Did you mean" in found
    nothing = visitor.get("/en/search?q=analsis&eqf=1&start=2031-01").get_data(as_text=True)
    assert "Did you mean" not in nothing
    assert "0 offers" in nothing
