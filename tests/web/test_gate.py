"""Every route has its permission; nothing is changed by forms that are not ours; public pages know no cookie."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug import Response

from app import create_app
from catalogue.portal import Portal
from catalogue.security import csrf
from catalogue.security.permissions import SAFE, TABLE, UnguardedRouteError, Who, require_entries
from catalogue.security.secret import secret_of
from tests.conftest import Clock
from tests.people.acting import BASE, PASSWORD, Browser, Mailbox, People, token_of
from tests.people.conftest import mailbox, people

__all__ = ["mailbox", "people"]
ADA = "ada@example.org"


# permissions


def test_a_route_without_a_permission_stops_the_start(app: Flask) -> None:
    with pytest.raises(UnguardedRouteError, match=r"web\.about"):
        require_entries(app, {name: access for name, access in TABLE.items() if name != "web.about"})


def test_a_permission_without_a_route_stops_the_start(app: Flask) -> None:
    with pytest.raises(UnguardedRouteError, match=r"web\.nothing"):
        require_entries(app, {**TABLE, "web.nothing": TABLE["web.about"]})


def test_a_route_that_both_reads_and_writes_stops_the_start(portal: Portal) -> None:
    made = create_app(portal=portal)
    made._got_first_request = False
    made.add_url_rule("/both", "both", lambda: "", methods=["GET", "POST"])
    with pytest.raises(UnguardedRouteError, match="both reads and writes"):
        require_entries(made, {**TABLE, "both": TABLE["web.about"]})


def test_a_route_that_appears_later_is_closed(portal: Portal) -> None:
    made = create_app(portal=portal)
    made.add_url_rule("/later", "later", lambda: "secret")
    assert made.test_client().get("/later").status_code == 403


def test_whatever_changes_something_is_not_for_everyone(app: Flask) -> None:
    unsafe = [rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) - SAFE]
    assert len(unsafe) > 10
    assert [endpoint for endpoint in unsafe if TABLE[endpoint].who is Who.EVERYONE] == []


# forms that are not ours


def paths(app: Flask) -> list[str]:
    """The addresses of everything that changes something."""
    rules = [rule.rule for rule in app.url_map.iter_rules() if (rule.methods or set()) - SAFE]
    some = "01900000-0000-7000-8000-000000000000"
    filled = (re.sub(r"<uuid:[^>]+>", some, rule.replace("<lang>", "en")) for rule in rules)
    return [re.sub(r"<[^>]+>", "x", re.sub(r"<int:[^>]+>", "1", rule)) for rule in filled]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://portolan.example.evil.example"},
        {"Origin": BASE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": BASE, "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {},
    ],
)
def test_a_form_from_elsewhere_is_refused_on_every_route(
    app: Flask, people: People, headers: dict[str, str]
) -> None:
    browser = people.sign_up(ADA).browser
    token = token_of(browser.get("/en/account").text)
    for path in paths(app):
        for sender in (browser, people.stranger()):
            typed = {"csrf": token, "email": "typed@by.attacker"}
            refused = sender.post(path, typed, origin=None, **headers)
            assert refused.status_code == 403, path
            assert "typed@by.attacker" not in refused.text, path
    assert browser.get("/en/account").status_code == 200


def test_a_form_without_its_token_changes_nothing_on_any_route(app: Flask, people: People) -> None:
    browser = people.sign_up(ADA).browser
    for path in paths(app):
        for token in ("", "x", "A" * 88, csrf.session_token("of another session"), "é" * 88):
            answer = browser.post(path, {"csrf": token, "password": PASSWORD})
            assert answer.status_code in {303, 403, 404}, path
            assert answer.status_code != 303 or answer.location == "/en/workspace/", path
            anonymous = people.stranger().post(path, {"csrf": token})
            assert anonymous.status_code in {303, 403}, path
    assert browser.get("/en/account").status_code == 200


def test_the_token_of_one_session_is_none_in_another(people: People) -> None:
    ada, bob = people.sign_up(ADA).browser, people.sign_up("bob@example.org").browser
    of_bob = token_of(bob.get("/en/account").text)
    assert ada.post("/en/sign-out", {"csrf": of_bob}).status_code == 403
    assert ada.get("/en/account").status_code == 200


def test_the_token_differs_from_page_to_page_so_that_compression_tells_nothing(people: People) -> None:
    browser = people.sign_up(ADA).browser
    tokens = {token_of(browser.get("/en/account").text) for _ in range(5)}
    assert len(tokens) == 5
    assert all(csrf.is_of_session(token, browser.cookie or "") for token in tokens)


def test_a_form_that_was_open_for_too_long_keeps_what_was_typed(people: People, clock: Clock) -> None:
    browser = people.stranger()
    old = token_of(browser.get("/en/sign-in").text)
    clock.advance(hours=5)
    answer = browser.post(
        "/en/sign-in", {"csrf": old, "email": "<ada@example.org>", "password": "secret words here"}
    )
    assert answer.status_code == 403
    assert "&lt;ada@example.org&gt;" in answer.text
    assert "secret words here" not in answer.text
    again = browser.post("/en/sign-in", {"csrf": token_of(answer.text), "email": ADA, "password": "x"})
    assert again.status_code == 422


def test_a_moment_that_was_not_signed_here_is_refused(portal: Portal, clock: Clock) -> None:
    secret = secret_of(portal.settings)
    fresh = csrf.moment_token(secret, clock())
    assert csrf.is_recent(fresh, secret, clock())
    assert not csrf.is_recent(fresh, b"another secret", clock())
    assert not csrf.is_recent(f"9{fresh}", secret, clock())
    assert not csrf.is_recent(csrf.moment_token(secret, clock.advance(days=1)), secret, Clock()())
    for broken in ("", ".", "x.y", fresh[:-1], "é.é"):
        assert not csrf.is_recent(broken, secret, clock()), broken


def test_the_secret_is_made_once_and_read_by_nobody_else(portal: Portal) -> None:
    first = secret_of(portal.settings)
    file = portal.settings.data_dir / "secret"
    assert file.read_bytes() == first
    assert len(first) == 64
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in portal.settings.data_dir.iterdir() if path.name.startswith("tmp")] == []


# public pages stay what they are


def bare(response: Response) -> tuple[int, bytes, str | None]:
    return response.status_code, response.data, response.headers.get("ETag")


def test_public_pages_are_the_same_for_whoever_is_signed_in_and_set_no_cookie(people: People) -> None:
    signed_in, anonymous = people.sign_up(ADA).browser, people.stranger()
    for path in (
        "/en/",
        "/en/search?q=x",
        "/de/about",
        "/api/v1/offers",
        "/en/providers",
        "/static/portolan.css",
    ):
        with signed_in.get(path) as one, anonymous.get(path) as other:
            assert bare(one) == bare(other), path
            assert "Set-Cookie" not in one.headers
            assert "Cookie" not in one.headers.get("Vary", "")


def test_pages_before_sign_in_set_no_cookie_and_are_not_kept(people: People) -> None:
    for path in ("/en/sign-in", "/en/sign-up", "/en/reset", "/en/reset/x", "/en/workspace/"):
        answer = people.stranger().get(path)
        assert "Set-Cookie" not in answer.headers, path
        assert answer.headers["Cache-Control"] == "no-store", path
        assert answer.headers["Referrer-Policy"] == "same-origin", path


def test_a_cookie_that_is_no_session_is_no_harm(people: People) -> None:
    for value in ("x", "é", "A" * 4000, ""):
        browser = people.stranger()
        browser.carry(value)
        assert browser.get("/en/workspace/").status_code == 303


def test_without_tls_the_cookie_has_a_plain_name(portal: Portal, mailbox: Mailbox, clock: Clock) -> None:
    from dataclasses import replace

    plain = replace(portal, settings=replace(portal.settings, base_url="http://127.0.0.1:8000"))
    page = create_app(portal=plain).test_client()
    token = token_of(page.get("/en/sign-up").text)
    page.post("/en/sign-up", data={"csrf": token, "email": ADA}, headers={"Origin": "http://localhost"})
    link = re.findall(r"http://127.0.0.1:8000(/\S+)", mailbox.last(ADA).text)[0]
    token = token_of(page.get(link).text)
    done = page.post(
        link, data={"csrf": token, "new_password": PASSWORD}, headers={"Origin": "http://localhost"}
    )
    cookie = done.headers["Set-Cookie"]
    assert cookie.startswith("portolan=")
    assert "Secure" not in cookie
    assert "HttpOnly" in cookie


def test_every_page_of_the_entrance_is_sound_in_every_language(people: People) -> None:
    from catalogue.i18n import INTERFACE_LANGUAGES
    from tests.web.test_pages import Checker

    account = people.sign_up(ADA)
    for language in INTERFACE_LANGUAGES:
        for browser, places in (
            (Browser(people.app), ("sign-in", "sign-up", "reset", "reset/x")),
            (account.browser, ("account", "account/leave", "account/second-factor", "workspace/")),
        ):
            for place in places:
                text = browser.get(f"/{language}/{place}").text
                page = Checker(text)
                ids = page.values("id")
                assert len(page.all("h1")) == 1, place
                assert len(ids) == len(set(ids)), place
                assert not page.values("style"), place
                assert not [name for name in page.values("for") if name not in ids], place
