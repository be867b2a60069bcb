"""The writing desk as a provider meets it: an offer in two languages, published and found, by keyboard alone."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from catalogue.changes import indexer
from catalogue.db import utc_now
from catalogue.providers import queries as providers
from catalogue.providers import service
from catalogue.security.actor import OPERATOR
from tests.browser.test_workspace import Served, Visit, served

__all__ = ["served"]
pytestmark = pytest.mark.browser
MOST_TABS = 400


class Hands:
    """Nothing but a keyboard: the tabulator key until the field has the focus."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page

    def reach(self, selector: str) -> None:
        focused = self.page.locator(", ".join(f"{part}:focus" for part in selector.split(", ")))
        for _ in range(MOST_TABS):
            if focused.count():
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached by keyboard on {self.page.url}")

    def type(self, name: str, text: str) -> None:
        self.reach(f'[id="{name}"]')
        self.page.keyboard.type(text)

    def press(self, selector: str, key: str = "Enter") -> None:
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.visit.look()

    def tick(self, name: str, value: str) -> None:
        self.reach(f'input[name="{name}"][value="{value}"]')
        self.page.keyboard.press("Space")

    def choose(self, name: str, steps: int) -> None:
        """Radio buttons: nothing is stated yet, which is the last; arrow down begins at the first."""
        self.reach(f'input[name="{name}"]')
        for _ in range(steps):
            self.page.keyboard.press("ArrowDown")

    def onwards(self, page: str) -> None:
        self.press(f'.save-bar button[value="go:{page}"]')


def verify(served: Served) -> None:
    with served.portal.database.write() as session:
        for found in providers.unverified(session):
            service.verify(session, OPERATOR, found.id, at=utc_now())


def describe(hands: Hands, title: str) -> None:
    hands.reach("#add_language")
    hands.page.keyboard.type("English")
    hands.press('button[value="show:"]')
    expect(hands.page.locator('[id="title.en"]')).to_be_visible()
    hands.type("title.en", title)
    hands.choose("leads_to", 1)
    hands.type("description.de", "Vier Wochenenden im Übungsraum.")
    hands.type("description.en", "Four weekends in the skills lab.")
    hands.onwards("outcomes")


def state_outcomes(hands: Hands) -> None:
    hands.type("learning_outcomes.1.text.de", "Chronische Wunden einstufen")
    hands.type("learning_outcomes.1.text.en", "Grade chronic wounds")
    hands.type("subjects.find", "nursing")
    with hands.page.expect_navigation():
        hands.page.keyboard.press("Enter")
    hands.visit.look()
    hands.tick("subjects", "0913")
    hands.onwards("level")


def state_the_rest(hands: Hands) -> None:
    hands.choose("level.eqf", 5)
    hands.type("workload.ects", "viel")
    hands.tick("participation", "online")
    hands.onwards("assessment")
    expect(hands.page.locator(".box--fault a")).to_have_text(
        "Notional workload, ECTS credits: Enter a number, such as 2.5."
    )
    hands.reach('[id="workload.ects"]')
    hands.page.keyboard.press("Control+A")
    hands.page.keyboard.type("3")
    hands.onwards("assessment")
    hands.tick("assessment.types", "written-examination")
    hands.press('button[value="add:quality_assurance.internal"]')
    hands.reach('[id="quality_assurance.internal.1.scope"]')
    hands.page.keyboard.type("The course")
    hands.press('.save-bar button[value="leave:preview"]')


def found_by(page: Page, served: Served, words: str) -> str:
    indexer.catch_up(served.portal.database, served.portal.engine)
    page.goto(f"{served.address}/en/search?q={words}")
    titles = page.locator(".offer-card h2 a, .offer-card h3 a").all_text_contents()
    return " | ".join(text.strip() for text in titles)


@pytest.mark.parametrize(
    ("script", "width", "scheme"), [(True, 1280, "light"), (True, 390, "dark"), (False, 1280, "light")]
)
def test_an_offer_is_written_in_two_languages_published_and_found(
    browser: Browser, served: Served, script: bool, width: int, scheme: Literal["light", "dark"]
) -> None:
    title = f"Wound care {width} {'with' if script else 'without'} script"
    options = {"viewport": {"width": width, "height": 900}, "java_script_enabled": script}
    with browser.new_context(color_scheme=scheme, **options) as context:  # type: ignore[arg-type]
        visit = Visit(context.new_page(), served, axe=script)
        visit.sign_up(f"desk{width}{script}@probe.example".lower())
        visit.register()
        visit.set_up_codes()
        verify(served)
        visit.page.get_by_role("link", name="Hochschule Probe").first.click()
        hands = Hands(visit)
        hands.press('a[href$="/offers"]')
        hands.press('main a[href$="/offers/new"]')
        hands.type("title", "Wundversorgung")
        hands.press("main form button")
        describe(hands, title)
        state_outcomes(hands)
        state_the_rest(hands)
        expect(visit.page.locator("article h1")).to_contain_text(title)
        assert title not in found_by(context.new_page(), served, "wound")
        hands.press(".preview-bar a")
        hands.press('a[href$="/publish"]')
        hands.press("main form button")
        expect(visit.page.locator(".stamp--published")).to_be_visible()
        hands.press('a[href$="/history"]')
        assert title in found_by(context.new_page(), served, "wound")
        expect(visit.page.locator("h1")).to_have_text("History")
