"""The workspace as a newcomer meets it: from the first letter to a verified organisation, with and without script."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from app import create_app
from catalogue.db import Database, utc_now
from catalogue.people import service
from catalogue.portal import Portal
from catalogue.search import make_engine
from catalogue.security.actor import OPERATOR
from catalogue.settings import Settings
from tests.people.acting import PASSWORD, Mailbox

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}


@dataclass
class Served:
    address: str
    portal: Portal

    def link(self, to: str) -> str:
        """The link of the last letter to somebody."""
        text = Mailbox(self.portal.settings.data_dir).last(to).text
        return next(line for line in text.splitlines() if line.startswith("http"))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Served]:
    """An empty portal over plain HTTP, as `make run` serves it."""
    directory = tmp_path_factory.mktemp("workspace")
    shutil.copy(migrated_sqlite, directory / "portolan.db")
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    settings = Settings.from_env(
        {
            "PORTOLAN_DATA_DIR": str(directory),
            "PORTOLAN_BASE_URL": address,
            "PORTOLAN_SEED": "no",
            "PORTOLAN_LOG_LEVEL": "warning",
        }
    )
    portal = Portal(settings, Database(settings.database_url), make_engine(settings))
    with portal.engine.rebuild() as building:
        building.swap()
    server.app = create_app(portal=portal)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(address, portal)
    server.shutdown()
    thread.join()
    server.server_close()
    portal.database.close()


class Visit:
    """One way through the workspace; axe looks at every page where scripts may run."""

    def __init__(self, page: Page, served: Served, *, axe: bool) -> None:
        self.page, self.served, self.axe = page, served, axe

    def look(self) -> None:
        wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        if self.axe:
            assert not self.page.evaluate(wider), self.page.url
            found = Axe().run(self.page).response["violations"]
            assert [v["id"] for v in found if v["impact"] in SERIOUS] == [], self.page.url

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def press(self, selector: str = "main form button") -> None:
        """By the keyboard alone."""
        self.page.locator(selector).first.focus()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def sign_up(self, email: str) -> None:
        self.open(f"{self.served.address}/en/workspace/")
        self.page.get_by_role("link", name="Open an account").click()
        self.press()
        expect(self.page.locator("#email-fault")).to_be_visible()
        self.page.get_by_label("E-mail address").fill(email)
        self.press()
        self.open(self.served.link(email))
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press()

    def register(self) -> None:
        self.page.get_by_role("link", name="Register an organisation").click()
        self.press()
        expect(self.page.locator(".box--fault a")).to_have_count(4)
        self.page.get_by_label("Name of the organisation").fill("Hochschule Probe")
        self.page.get_by_label("Higher education institution", exact=True).check()
        self.page.get_by_label("Country").select_option("DE")
        self.page.get_by_label("Language", exact=True).select_option("de")
        self.press()

    def set_up_codes(self) -> str:
        secret = (self.page.text_content(".key-text") or "").replace(" ", "")
        self.page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
        self.press()
        expect(self.page.locator(".codes li")).to_have_count(10)
        recovery = self.page.locator(".codes code").first.text_content() or ""
        self.page.get_by_role("link", name="I have kept them").click()
        return recovery

    def sign_in_by_recovery_code(self, email: str, recovery: str) -> None:
        self.press(".whose button")
        self.open(f"{self.served.address}/en/sign-in")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press()
        self.page.get_by_text("Without your telephone").click()
        self.page.get_by_label("Recovery code").fill(recovery)
        self.press("main details button")


@pytest.mark.parametrize(
    ("script", "width", "scheme"), [(True, 1280, "light"), (True, 390, "dark"), (False, 1280, "light")]
)
def test_a_newcomer_gets_from_the_first_letter_to_a_verified_organisation(
    browser: Browser, served: Served, script: bool, width: int, scheme: Literal["light", "dark"]
) -> None:
    email = f"office{width}{script}@probe.example".lower()
    options = {"viewport": {"width": width, "height": 900}, "java_script_enabled": script}
    with browser.new_context(color_scheme=scheme, **options) as context:  # type: ignore[arg-type]
        visit = Visit(context.new_page(), served, axe=script)
        visit.sign_up(email)
        visit.register()
        recovery = visit.set_up_codes()
        visit.sign_in_by_recovery_code(email, recovery)
        visit.page.get_by_role("link", name="Hochschule Probe").first.click()
        expect(visit.page.locator(".box")).to_contain_text("Waits for verification")
        visit.look()
        visit.open(f"{served.address}/en/account")
        with served.portal.database.write() as session:
            service.set_moderator(session, OPERATOR, email, moderates=True, at=utc_now())
        visit.open(f"{served.address}/en/workspace/moderation")
        visit.press("main form button")
        visit.open(f"{served.address}/en/workspace/")
        expect(visit.page.locator(".confirmed").first).to_have_text("Verified")
