"""An organisation with people of every role, at their desks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from catalogue.offers import drafts, service
from catalogue.offers.drafts import Draft
from catalogue.people import queries
from catalogue.people.model import Person
from catalogue.portal import Portal
from catalogue.providers import service as providers
from catalogue.providers.queries import Provider
from catalogue.security.actor import OPERATOR, Actor
from tests.editor.forms import Forms
from tests.factories import complete_offer
from tests.people.acting import Account, Browser, People
from tests.people.conftest import mailbox, people

__all__ = ["mailbox", "people"]


@dataclass
class Desk:
    """One member at work: pages of the offers of one organisation."""

    browser: Browser
    portal: Portal
    slug: str
    email: str

    @property
    def place(self) -> str:
        return f"/en/workspace/organisations/{self.slug}/offers"

    def get(self, path: str = "") -> TestResponse:
        return self.browser.get(self.place + path)

    def send(self, path: str, form: str = "editor", at: str | None = None, **typed: Any) -> TestResponse:
        """Open a page and send its form; `do` is the button."""
        page = self.get(path if at is None else at)
        assert page.status_code == 200, (page.status_code, path)
        return self.post(path, Forms(page.text).data(form, **typed))

    def post(self, path: str, data: Mapping[str, Any]) -> TestResponse:
        return self.browser.post(self.place + path, dict(data))

    def begin(self, title: str = "Wundversorgung", **typed: Any) -> str:
        """A new offer; returns its id."""
        page = self.get("/new")
        data = Forms(page.text).data("form", title=title, **typed)
        done = self.post("/new", data)
        assert done.status_code == 303, done.text
        return str(done.location).split("/offers/")[1].partition("/")[0]

    def stored(self, document: Mapping[str, Any] | None = None, reference: str = "W-1") -> str:
        """An offer that says everything, saved by this member past the pages; returns its id."""
        with self.portal.database.write() as session:
            key = service.Key(self.slug, reference)
            said = document or complete_offer()
            return service.save_draft(session, self.actor, key, said, at=self.portal.clock()).id

    @property
    def organisation(self) -> Provider:
        with self.portal.database.read() as session:
            return next(post.organisation for post in queries.posts(session, self.person_id))

    @property
    def person_id(self) -> str:
        with self.portal.database.read() as session:
            return session.query(Person.id).where(Person.email == self.email).scalar()  # type: ignore[no-any-return]

    @property
    def actor(self) -> Actor:
        with self.portal.database.read() as session:
            held = queries.posts(session, self.person_id)[0]
        return queries.actor_of(self.person_id, held)

    def draft(self, offer_id: str) -> Draft:
        with self.portal.database.read() as session:
            found = drafts.find(session, self.organisation.id, offer_id)
        assert found is not None
        return found

    def said(self, offer_id: str) -> Mapping[str, Any]:
        return self.draft(offer_id).document


@dataclass
class Office:
    owner: Desk
    editor: Desk
    publisher: Desk
    viewer: Desk
    stranger: Desk
    anonymous: Browser

    def verify(self) -> None:
        portal = self.owner.portal
        with portal.database.write() as session:
            providers.verify(session, OPERATOR, self.owner.organisation.id, at=portal.clock())


@pytest.fixture
def office(app: Flask, portal: Portal, people: People) -> Office:
    owner, other = people.sign_up("owner@a.example"), people.sign_up("owner@b.example")
    slug, theirs = people.register(owner, "Hochschule A"), people.register(other, "Akademie B")

    def desk(account: Account, where: str) -> Desk:
        return Desk(account.browser, portal, where, account.email)

    members = {
        role: desk(people.join(owner, slug, role, f"{role}@a.example"), slug)
        for role in ("editor", "publisher", "viewer")
    }
    return Office(
        owner=desk(owner, slug), stranger=desk(other, theirs), anonymous=people.stranger(), **members
    )
