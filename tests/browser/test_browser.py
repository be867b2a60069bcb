"""The portal as people use it: with a mouse, a keyboard, a narrow screen, no script, and with axe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from catalogue.offers import queries
from catalogue.portal import Portal

pytestmark = pytest.mark.browser

WIDTHS = (1280, 390)
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
SERIOUS = {"serious", "critical"}
PLACES = (
    "/en/",
    "/en/search?q=data&eqf=6",
    "/en/search?q=zzzzqqq&eqf=1",
    "/en/search?eqf=77",
    "/en/search/values/isced",
    "/en/subjects",
    "/en/landscape",
    "/en/providers",
    "/en/about",
    "/en/sources",
    "/en/accessibility",
    "/api/v1/",
    "/en/nothing",
    "/el/search?q=data",
    "/lt/",
    "/de/landscape?by=sector",
)


def some_offer(portal: Portal) -> str:
    """An offer that states much."""
    with portal.database.read() as session:
        offers = queries.all_published(session)
        best = max(offers, key=lambda offer: len(offer.document))
    return f"/en/offers/{best.id}/{best.slug}"


def provider_of(portal: Portal) -> str:
    with portal.database.read() as session:
        return f"/en/providers/{next(queries.all_published(session)).provider.slug}"


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page that fails the test on any error in its console and on any request to somebody else."""
    with browser.new_context(viewport={"width": 1280, "height": 900}, base_url=site) as context:
        opened = context.new_page()
        errors: list[str] = []
        opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        opened.on(
            "request",
            lambda request: errors.append(request.url) if not request.url.startswith(site) else None,
        )
        yield opened
        assert not errors
        assert not context.cookies()


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_serious(browser: Browser, site: str, seeded: Portal, width: int) -> None:
    """Every page in both schemes. Less motion is asked for, so that the other colours are there at once."""
    found, axe = [], Axe()
    with browser.new_context(
        viewport={"width": width, "height": 900}, base_url=site, reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        for place in [*PLACES, some_offer(seeded), provider_of(seeded)]:
            page.goto(place)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                assert page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
                found += [
                    (place, scheme, violation["id"], [node["html"][:150] for node in violation["nodes"][:3]])
                    for violation in axe.run(page).response["violations"]
                    if violation["impact"] in SERIOUS
                ]
    assert not found


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways(browser: Browser, site: str, seeded: Portal, width: int) -> None:
    wide = []
    with browser.new_context(viewport={"width": width, "height": 800}, base_url=site) as context:
        page = context.new_page()
        for place in [*PLACES, some_offer(seeded), provider_of(seeded)]:
            page.goto(place)
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if overflow > 0:
                wide.append((place, overflow))
    assert not wide


def test_a_learner_searches_filters_reads_and_changes_language(page: Page) -> None:
    page.goto("/en/")
    page.get_by_role("searchbox").or_(page.locator("input[name=q]")).first.fill("wound care")
    page.get_by_role("button", name="Search").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("wound care")
    before = page.get_by_role("heading", level=1).inner_text()
    page.locator("input[name=eqf][value='6']").check(force=True)
    page.get_by_role("button", name="Apply filters").click()
    assert "eqf=6" in page.url
    assert page.get_by_role("heading", level=1).inner_text() != before
    expect(page.get_by_role("link", name="Remove filter")).to_have_count(1)
    page.locator("article h2 a").first.click()
    expect(page.get_by_role("heading", name="Who recognises it")).to_be_visible()
    address = page.url
    page.locator("details.lang summary").click()
    page.get_by_role("link", name="Deutsch").first.click()
    assert page.url == address.replace("/en/", "/de/")
    assert page.locator("html").get_attribute("lang") == "de"
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="Remove filter").click()
    assert "eqf" not in page.url


def test_a_nurse_finds_an_online_part_time_course_in_german_and_sees_who_recognises_it(page: Page) -> None:
    page.goto("/en/search?q=nursing&eqf=6&mode=online&schedule=part-time&language=de")
    page.locator("article h2 a").first.click()
    recognition = page.locator("#recognition")
    expect(recognition).to_contain_text("Stated by the receiving organisation")
    expect(recognition).to_contain_text("which may decide case by case")


def test_the_keyboard_alone_reaches_the_results(page: Page) -> None:
    page.goto("/en/search?q=data")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('article h2 a')"):
            break
    else:
        pytest.fail("No result was reached within 150 steps.")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="At a glance")).to_be_visible()


def test_all_of_it_works_without_script(browser: Browser, site: str) -> None:
    with browser.new_context(
        java_script_enabled=False, base_url=site, viewport={"width": 390, "height": 900}
    ) as context:
        page = context.new_page()
        page.goto("/en/search?q=data")
        page.locator("details.filters > summary").click()
        page.locator("input[name=eqf][value='6']").check(force=True)
        page.get_by_role("button", name="Apply filters").click()
        assert "eqf=6" in page.url
        assert page.locator("article h2 a").count() > 0


def test_print_and_forced_colours_keep_the_content(browser: Browser, site: str, seeded: Portal) -> None:
    with browser.new_context(base_url=site, forced_colors="active") as context:
        page = context.new_page()
        page.goto(some_offer(seeded))
        expect(page.get_by_role("heading", name="At a glance")).to_be_visible()
        page.emulate_media(media="print")
        expect(page.locator("#recognition")).to_be_visible()
