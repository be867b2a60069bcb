"""Suggestions as people use them: by keyboard, by pointer, with a screen reader, without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

pytestmark = pytest.mark.browser

PLACES = ("/en/", "/en/search?q=data&eqf=6")
BAD = {"minor", "moderate", "serious", "critical"}


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page that fails the test on any error, in the console or thrown, and on any cookie."""
    with browser.new_context(viewport={"width": 1280, "height": 900}, base_url=site) as context:
        opened = context.new_page()
        errors: list[str] = []
        opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: errors.append(str(error)))
        yield opened
        assert not errors
        assert not context.cookies()


def field_of(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search")


def write(page: Page, text: str) -> Locator:
    """Type into the field and wait for the list."""
    field = field_of(page)
    field.fill("")
    field.press_sequentially(text)
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    return field


def active(page: Page) -> str:
    """The label of the option the reader is on; empty in the field."""
    return str(
        page.evaluate(
            "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))"
            "?.querySelector('.suggest-label').textContent ?? ''"
        )
    )


def chosen(page: Page) -> Locator:
    return page.get_by_role("listbox").get_by_role("option", selected=True)


def option_labels(page: Page) -> list[str]:
    return page.locator("[role=option] .suggest-label").all_inner_texts()


@pytest.mark.parametrize("place", PLACES)
def test_the_keyboard_walks_through_the_list_and_back_into_the_field(page: Page, place: str) -> None:
    page.goto(place)
    field = write(page, "nurs")
    labels = option_labels(page)
    assert len(labels) > 3
    assert active(page) == ""
    for label in labels:
        page.keyboard.press("ArrowDown")
        assert active(page) == label
    page.keyboard.press("ArrowDown")
    assert active(page) == ""
    page.keyboard.press("ArrowUp")
    assert active(page) == labels[-1]
    # The text stays what was typed, and the caret keys are the field's own.
    page.keyboard.press("Home")
    assert active(page) == ""
    page.keyboard.type("x")
    expect(field).to_have_value("xnurs")


def test_enter_opens_what_is_chosen(page: Page) -> None:
    page.goto("/en/")
    write(page, "wound care in")
    page.keyboard.press("ArrowDown")
    chosen = active(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(chosen)
    assert "/en/offers/" in page.url


def test_enter_in_the_field_searches_for_what_is_typed(page: Page) -> None:
    page.goto("/en/")
    write(page, "wound ca")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search?q=wound+ca")


def test_a_topic_completes_the_field_and_keeps_the_filters(page: Page) -> None:
    page.goto("/en/search?q=data&eqf=6")
    write(page, "cyber sec")
    page.get_by_role("group", name="Topics").get_by_role("option", name=re.compile("^cyber security")).click()
    page.wait_for_url("**/en/search?q=cyber+security&eqf=6")


def test_escape_closes_and_keeps_the_text(page: Page) -> None:
    page.goto("/en/")
    field = write(page, "data")
    page.keyboard.press("ArrowDown")
    for _ in range(2):
        page.keyboard.press("Escape")
        expect(page.locator("#suggestions")).to_be_hidden()
        expect(field).to_have_value("data")
        expect(field).to_have_attribute("aria-expanded", "false")
        assert active(page) == ""
    page.keyboard.press("ArrowDown")
    expect(page.locator("#suggestions")).to_be_visible()


def test_it_opens_on_typing_alone_and_closes_on_leaving(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest" in request.url else None)
    page.goto("/en/search?q=data")
    field_of(page).focus()
    page.wait_for_timeout(400)
    expect(page.locator("#suggestions")).to_be_hidden()
    assert not [address for address in asked if "/api/" in address]
    write(page, "data")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Search").first).to_be_focused()
    expect(page.locator("#suggestions")).to_be_hidden()
    write(page, "care")
    page.mouse.click(1270, 880)
    expect(page.locator("#suggestions")).to_be_hidden()


def test_fast_typing_asks_once_and_too_little_asks_nothing(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    page.goto("/en/")
    write(page, "nursing")
    assert [address.partition("q=")[2] for address in asked] == ["nursing"]
    for text in ("n", "??", " ", "x" * 101):
        field_of(page).fill(text)
        page.wait_for_timeout(300)
        expect(page.locator("#suggestions")).to_be_hidden()
    assert len(asked) == 1


def test_an_older_answer_never_replaces_a_newer_one(page: Page) -> None:
    """The first question is answered late."""

    def late(route: Route) -> None:
        page.wait_for_timeout(600)
        route.continue_()

    page.route(re.compile(r"suggest\?.*q=univ$"), late)
    page.goto("/en/")
    field = field_of(page)
    field.press_sequentially("univ")
    page.wait_for_timeout(200)
    field.fill("wound")
    expect(page.locator("#suggestions")).to_be_visible()
    page.wait_for_timeout(800)
    assert "Wound care in nursing practice" in option_labels(page)


def test_a_server_without_an_answer_leaves_a_plain_form(browser: Browser, site: str) -> None:
    with browser.new_context(base_url=site) as context:
        page = context.new_page()
        page.route("**/api/v1/suggest*", lambda route: route.fulfill(status=503, body="{}"))
        page.goto("/en/")
        field_of(page).press_sequentially("wound")
        page.wait_for_timeout(400)
        expect(page.locator("#suggestions")).to_be_hidden()
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/search?q=wound")


def test_the_pointer_chooses_and_the_field_keeps_the_focus(page: Page) -> None:
    page.goto("/en/")
    field = write(page, "univ")
    option = page.get_by_role("option", name="University of Sierra Clara").last
    option.hover()
    page.mouse.down()
    expect(field).to_be_focused()
    expect(option).to_be_visible()
    page.mouse.up()
    page.wait_for_url("**/en/providers/*")


def test_a_finger_chooses(browser: Browser, site: str) -> None:
    with browser.new_context(
        base_url=site, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}
    ) as context:
        page = context.new_page()
        page.goto("/en/")
        field_of(page).tap()
        page.keyboard.type("univ")
        option = page.get_by_role("option", name="University of Sierra Clara").last
        box = option.bounding_box()
        assert box
        assert box["height"] >= 24
        option.tap()
        page.wait_for_url("**/en/providers/*")


def test_a_screen_reader_is_told_everything(page: Page) -> None:
    page.goto("/en/")
    field = field_of(page)
    for name, value in (
        ("aria-autocomplete", "list"),
        ("aria-expanded", "false"),
        ("aria-controls", "suggestions"),
        ("autocomplete", "off"),
    ):
        expect(field).to_have_attribute(name, value)
    write(page, "nurs")
    expect(field).to_have_attribute("aria-expanded", "true")
    count = page.get_by_role("option").count()
    status = page.locator("#search-form [role=status]")
    expect(status).to_have_text(f"{count} suggestions. Choose with the up and down arrow keys.")
    for heading in ("Offers", "Providers", "Topics"):
        group = page.get_by_role("group", name=heading)
        assert group.get_by_role("option").count() > 0
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_have_count(1)
    # What it is comes with its name, separated; how to move is said once.
    whole = re.compile("^Küstenland Chamber of Nurses ?, Kiel, Germany$")
    expect(page.get_by_role("option", name=whole)).to_be_visible()
    write(page, "univ")
    expect(status).to_have_text(re.compile(r"^\d+ suggestions\.$"))
    field.press_sequentially("zzqq")
    expect(status).to_have_text("No suggestions.")
    expect(field).to_have_attribute("aria-expanded", "false")


def test_words_of_another_language_say_which(page: Page) -> None:
    page.goto("/de/")
    field = page.get_by_role("combobox")
    field.press_sequentially("data")
    expect(page.locator("#suggestions")).to_be_visible()
    foreign = page.locator(".suggest-label[lang=en]")
    assert foreign.count() > 0
    assert page.locator(".suggest-label[lang=de]").count() == 0


def test_what_is_typed_is_marked_with_accents_or_without(page: Page) -> None:
    page.goto("/en/")
    write(page, "kusten")
    option = page.get_by_role("option", name="Küstenland Chamber of Nurses")
    assert option.locator(".suggest-typed").all_inner_texts() == ["Küsten"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_with_the_list_open(
    browser: Browser, site: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    found = []
    with browser.new_context(
        viewport={"width": width, "height": 900}, base_url=site, color_scheme=scheme, reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        for place in PLACES:
            page.goto(place)
            write(page, "nurs")
            page.keyboard.press("ArrowDown")
            found += [
                (place, violation["id"], [node["html"][:150] for node in violation["nodes"][:3]])
                for violation in Axe().run(page, context="#search-form").response["violations"]
                if violation["impact"] in BAD
            ]
    assert not found


@pytest.mark.parametrize("width", [320, 1280])
def test_the_open_list_is_seen_whole_and_nothing_scrolls_sideways(
    browser: Browser, site: str, width: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}, base_url=site) as context:
        page = context.new_page()
        for place in PLACES:
            page.goto(place)
            write(page, "nurs")
            box = page.locator("#suggestions").bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            # It lies above what follows, and the option reached last is in view.
            page.keyboard.press("ArrowUp")
            expect(chosen(page)).to_be_in_viewport()
            chosen(page).click(trial=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_forced_colours_and_reduced_motion(browser: Browser, site: str) -> None:
    with browser.new_context(base_url=site, forced_colors="active", reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto("/en/")
        write(page, "nurs")
        page.keyboard.press("ArrowDown")
        option = chosen(page)
        assert option.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
        assert page.locator("#suggestions").evaluate("e => getComputedStyle(e).animationName") == "none"


def test_without_script_it_is_a_plain_form(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False, base_url=site) as context:
        page = context.new_page()
        for place in PLACES:
            page.goto(place)
            field = page.get_by_role("searchbox", name="Search")
            for name in ("role", "aria-controls", "aria-expanded", "aria-autocomplete"):
                assert field.get_attribute(name) is None
            assert page.locator("[role=listbox]").count() == 0
            field.fill("wound care")
            field.press("Enter")
            assert "/en/search?q=wound+care" in page.url
