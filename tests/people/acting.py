"""People as they act: through a browser that keeps cookies and says where its requests come from."""

from __future__ import annotations

import email
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.policy import default
from pathlib import Path
from typing import Any

import pyotp
from flask import Flask
from werkzeug.test import TestResponse

from catalogue.people import service
from catalogue.people.second_factor import STEP_SECONDS
from catalogue.security.actor import OPERATOR
from tests.conftest import Clock

BASE = "https://portolan.example"
PASSWORD = "four words in a row"
PEER = "192.0.2.1"


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str

    @property
    def link(self) -> str:
        """The path of the link in it."""
        found = re.search(rf"^{BASE}(/\S+)$", self.text, re.MULTILINE)
        assert found, self.text
        return found[1]


class Mailbox:
    """What was sent, oldest first."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "mail"

    def all(self) -> list[Mail]:
        files = sorted(self.folder.glob("*.eml")) if self.folder.exists() else []
        messages = [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [Mail(m["To"], m["Subject"], m.get_content()) for m in messages]

    def last(self, to: str) -> Mail:
        return [mail for mail in self.all() if mail.to == to][-1]


class Browser:
    """Sends forms as a browser does: the fields of the page's form, what is typed, Origin."""

    def __init__(self, app: Flask, peer: str = PEER) -> None:
        self.client = app.test_client()
        self.peer = peer

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, base_url=BASE, environ_base={"REMOTE_ADDR": self.peer}, **options)

    def post(
        self, path: str, data: dict[str, Any], origin: str | None = BASE, **headers: str
    ) -> TestResponse:
        sent = {"Origin": origin, **headers} if origin else headers
        return self.client.post(
            path, data=data, base_url=BASE, headers=sent, environ_base={"REMOTE_ADDR": self.peer}
        )

    def send(self, path: str, *, on: str | None = None, **typed: Any) -> TestResponse:
        """Open the page `on` (by default the form's own address) and send its form to `path`."""
        page = self.get(on or path)
        return self.post(path, {"csrf": token_of(page.text), **typed})

    @property
    def cookie(self) -> str | None:
        found = self.client.get_cookie("__Host-portolan", domain="portolan.example")
        return found.value if found else None

    def carry(self, cookie: str) -> None:
        self.client.set_cookie("__Host-portolan", cookie, domain="portolan.example", secure=True)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def secret_on(page: str) -> str:
    """The key that the page for setting up codes shows."""
    found = re.search(r'class="key-text"[^>]*>([A-Z2-7 ]+)<', page)
    assert found, page
    return found[1].replace(" ", "")


def code_of(secret: str, clock: Clock) -> str:
    return pyotp.TOTP(secret).generate_otp(int(clock.moment.timestamp()) // STEP_SECONDS)


@dataclass
class Account:
    email: str
    browser: Browser
    secret: str = ""
    recovery: tuple[str, ...] = ()


MakeAccount = Callable[..., Account]


class People:
    """Opens accounts the way everybody does."""

    def __init__(self, app: Flask, mailbox: Mailbox, clock: Clock) -> None:
        self.app, self.mailbox, self.clock = app, mailbox, clock

    def stranger(self, peer: str = PEER) -> Browser:
        return Browser(self.app, peer)

    def sign_up(self, address: str, password: str = PASSWORD) -> Account:
        browser = Browser(self.app)
        browser.send("/en/sign-up", email=address)
        done = browser.send(self.mailbox.last(address).link, new_password=password)
        assert (done.status_code, done.location) == (303, "/en/workspace/"), done.text
        return Account(address, browser)

    def with_codes(self, address: str) -> Account:
        """An account with a second factor."""
        account = self.sign_up(address)
        self.set_up_codes(account)
        return account

    def register(self, owner: Account, name: str) -> str:
        """Register an organisation; returns its slug. The owner sets up codes, as owners have to."""
        done = owner.browser.send(
            "/en/workspace/organisations/new",
            legal_name=name,
            kinds="higher-education",
            country="DE",
            default_language="de",
        )
        assert done.status_code == 303, done.text
        self.set_up_codes(owner)
        return str(done.location).rpartition("/")[2]

    def join(self, owner: Account, slug: str, role: str, address: str) -> Account:
        """Somebody new, invited by the owner, in this role."""
        place = f"/en/workspace/organisations/{slug}"
        sent = owner.browser.send(f"{place}/invitations", on=place, email=address, role=role)
        assert sent.status_code == 303, sent.text
        member = self.sign_up(address)
        page = member.browser.get("/en/workspace/")
        accept = re.search(r'action="(/en/workspace/invitations/[^"]+/accept)"', page.text)
        assert accept, page.text
        done = member.browser.post(accept[1], {"csrf": token_of(page.text)})
        assert done.status_code == 303, done.text
        if role in {"publisher", "owner"}:
            self.set_up_codes(member)
        return member

    def moderator(self, address: str) -> Account:
        account = self.with_codes(address)
        portal = self.app.extensions["portolan"]
        with portal.database.write() as session:
            service.set_moderator(session, OPERATOR, address, moderates=True, at=self.clock())
        return account

    def set_up_codes(self, account: Account) -> None:
        place = "/en/account/second-factor"
        account.secret = secret_on(account.browser.get(place).text)
        done = account.browser.send(place, code=code_of(account.secret, self.clock))
        assert done.status_code == 200, done.text
        account.recovery = tuple(re.findall(r"<li><code>([^<]+)</code>", done.text))

    def sign_in(self, address: str, password: str = PASSWORD, peer: str = PEER) -> Browser:
        browser = Browser(self.app, peer)
        browser.send("/en/sign-in", email=address, password=password)
        return browser
