"""Those who work for an organisation: each may do what the role allows there, strangers must see nothing of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from catalogue.audit import chain
from catalogue.audit.model import AuditEntry
from catalogue.changes.model import Change
from catalogue.db import Database
from catalogue.offers import service as offers
from catalogue.people import membership, queries
from catalogue.people.membership import LIFETIME
from catalogue.people.model import Invitation, Membership, Person
from catalogue.people.service import LastOwnerError
from catalogue.portal import Portal
from catalogue.providers import queries as organisations
from catalogue.providers import service as providers
from catalogue.security.actor import OPERATOR, ROLES, Actor, NotAllowedError, StrangerError
from catalogue.security.permissions import TABLE, Who
from tests.conftest import Clock
from tests.factories import NOW, minimal_offer, provider_document, published
from tests.people.acting import Account, Browser, Mailbox, People, token_of

CAST = ("anonymous", "viewer", "editor", "publisher", "owner", "stranger", "moderator")


@dataclass
class Cast:
    """The people of organisation A, the owner of organisation B, a moderator, and nobody."""

    slug: str
    other_slug: str
    members: dict[str, Account]
    anonymous: Browser

    def browser(self, who: str) -> Browser:
        return self.anonymous if who == "anonymous" else self.members[who].browser

    @property
    def page(self) -> str:
        return f"/en/workspace/organisations/{self.slug}"


@pytest.fixture
def cast(people: People) -> Cast:
    owner, stranger = people.sign_up("owner@a.example"), people.sign_up("owner@b.example")
    slug, other = people.register(owner, "Hochschule A"), people.register(stranger, "Akademie B")
    members = {"owner": owner, "stranger": stranger, "moderator": people.moderator("moderator@c.example")}
    for role in ("viewer", "editor", "publisher"):
        members[role] = people.join(owner, slug, role, f"{role}@a.example")
    return Cast(slug, other, members, people.stranger())


def person_id(database: Database, address: str) -> str:
    with database.read() as session:
        return session.scalars(select(Person.id).where(Person.email == address)).one()


def organisation_id(database: Database, slug: str) -> str:
    with database.read() as session:
        return next(found.id for found in organisations.unverified(session) if found.slug == slug)


def role_of(database: Database, address: str, slug: str) -> str | None:
    with database.read() as session:
        held = queries.post(session, person_id(database, address), slug)
    return held.role if held else None


# the grid: every route x everybody

LET_IN = {200, 201, 301, 303, 304, 308, 400, 404, 410, 422, 503}
# What ends a session, a membership or a state comes last, so that everybody is still there before.
LAST = (
    "offers.send_archive",
    "workspace.change_role",
    "workspace.verify",
    "workspace.remove",
    "workspace.leave",
    "account.sign_out",
)


def routes(app: Flask, cast: Cast, database: Database) -> list[tuple[str, str, str]]:
    """Endpoint, method and address of every route, for organisation A and its members."""
    nothing = uuid4()
    with database.read() as session:
        invitation = session.scalars(select(Invitation.id).where(Invitation.accepted_at.is_(None))).one()
    values = {
        "lang": "en",
        "organisation": cast.slug,
        "invitation": UUID(invitation),
        "person": UUID(person_id(database, "spare@a.example")),
        "organisation_id": UUID(organisation_id(database, cast.slug)),
        "offer_id": nothing,
        "number": 1,
        "slug": "x",
        "name": "eqf",
        "token": "x",
        "filename": "portolan.css",
        "page": "description",
    }
    own = {"offer_id": UUID(offer_of(database, cast))}
    adapter, found = app.url_map.bind("portolan.example"), []
    for rule in app.url_map.iter_rules():
        (method,) = (rule.methods or set()) & {"GET", "POST"}
        given = {**values, **(own if rule.endpoint.startswith("offers.") else {})}
        address = adapter.build(rule.endpoint, {name: given[name] for name in rule.arguments})
        found.append((rule.endpoint, method, address))
    return sorted(found, key=lambda route: LAST.index(route[0]) if route[0] in LAST else -1)


def offer_of(database: Database, cast: Cast) -> str:
    """A draft of organisation A."""
    actor = Actor("somebody", ROLES["editor"], organisation_id(database, cast.slug))
    with database.write() as session:
        key = offers.Key(cast.slug, "grid")
        return offers.save_draft(session, actor, key, minimal_offer(), at=NOW).id


def expected(endpoint: str, method: str, who: str) -> set[int]:
    """What the table of permissions says for one of the cast; LET_IN: what the view itself answers."""
    access = TABLE[endpoint]
    if access.who in {Who.EVERYONE, Who.VISITOR}:
        # Without a session there is no token at hand here, so forms are refused.
        return {403} if method == "POST" and who == "anonymous" else LET_IN
    if access.who is Who.NEWCOMER:
        return LET_IN - {303} | ({403} if method == "POST" else set()) if who == "anonymous" else {303}
    if who == "anonymous" or access.who is Who.HALFWAY:
        return {303}
    if access.who is Who.MODERATOR:
        return LET_IN if who == "moderator" else {404}
    return LET_IN if access.permission is None else expected_of_role(access.permission, who)


def expected_of_role(permission: str, who: str) -> set[int]:
    if who in {"stranger", "moderator"}:
        return {404}
    return LET_IN - {404} if permission in ROLES[who] else {403}


def test_every_route_answers_everybody_as_the_table_says(
    app: Flask, people: People, cast: Cast, database: Database
) -> None:
    people.join(cast.members["owner"], cast.slug, "viewer", "spare@a.example")
    invitation = {"email": "asked@a.example", "role": "viewer"}
    cast.browser("owner").send(f"{cast.page}/invitations", on=cast.page, **invitation)
    everything, wrong = routes(app, cast, database), []
    for endpoint, method, address in everything:
        for who in CAST:
            with ask(cast.browser(who), method, address) as answer:
                if answer.status_code not in expected(endpoint, method, who):
                    wrong.append((endpoint, who, answer.status_code))
                to_sign_in = "/sign-in" in str(answer.location)
                assert not to_sign_in or who == "anonymous", (endpoint, who)
    assert {endpoint for endpoint, _, _ in everything} == TABLE.keys()
    assert wrong == []


def ask(browser: Browser, method: str, address: str) -> TestResponse:
    if method == "GET":
        return browser.get(address)
    token = re.search(r'name="csrf" value="([^"]+)"', browser.get("/en/account").text)
    return browser.post(address, {"csrf": token[1]} if token else {})


def test_a_stranger_gets_the_same_answer_whether_something_is_there_or_not(cast: Cast) -> None:
    stranger = cast.browser("stranger")
    there, nowhere = stranger.get(cast.page), stranger.get("/en/workspace/organisations/nothing")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.text.replace(cast.slug, "x") == nowhere.text.replace("nothing", "x") or (
        strip(there.text) == strip(nowhere.text).replace("nothing", cast.slug)
    )


def strip(text: str) -> str:
    return re.sub(r'value="[^"]{60,}"', "", text)


def test_ids_of_another_organisation_give_404_even_to_an_owner(
    people: People, cast: Cast, database: Database
) -> None:
    stranger, theirs = cast.browser("stranger"), f"/en/workspace/organisations/{cast.other_slug}"
    invited = "new@a.example"
    cast.browser("owner").send(f"{cast.page}/invitations", on=cast.page, email=invited, role="editor")
    with database.read() as session:
        invitation = session.scalars(select(Invitation.id).where(Invitation.email == invited)).one()
    viewer = person_id(database, "viewer@a.example")
    for path, data in (
        (f"{theirs}/members/{viewer}/role", {"role": "owner"}),
        (f"{theirs}/members/{viewer}/remove", {}),
        (f"{theirs}/invitations/{invitation}/withdraw", {}),
        (f"/en/workspace/invitations/{invitation}/accept", {}),
    ):
        answer = stranger.send(path, on=theirs, **data)
        assert answer.status_code == 404, path
    assert role_of(database, "viewer@a.example", cast.slug) == "viewer"
    assert role_of(database, "owner@b.example", cast.slug) is None


# roles within the use cases


def test_a_role_holds_for_one_organisation_only_also_where_no_page_stands_before(sqlite: Database) -> None:
    mine = published(sqlite)
    with sqlite.write() as session:
        other = providers.save(session, OPERATOR, provider_document("andere-hochschule"), at=NOW)
    actor = Actor("somebody", ROLES["owner"], other.id)
    attempts: list[Callable[[object], object]] = [
        lambda s: offers.publish(s, actor, mine, "annex-i", at=NOW),  # type: ignore[arg-type]
        lambda s: offers.withdraw(s, actor, mine, "", at=NOW),  # type: ignore[arg-type]
        lambda s: offers.archive(s, actor, mine, at=NOW),  # type: ignore[arg-type]
        lambda s: offers.archive(s, actor, str(uuid4()), at=NOW),  # type: ignore[arg-type]
        lambda s: offers.save_draft(s, actor, offers.Key("hochschule-probe", "X"), {}, at=NOW),  # type: ignore[arg-type]
        lambda s: offers.save_draft(s, actor, offers.Key("nobody", "X"), {}, at=NOW),  # type: ignore[arg-type]
        lambda s: providers.save(s, actor, provider_document(town="Kiel"), at=NOW),  # type: ignore[arg-type]
        lambda s: providers.save(s, actor, provider_document("quite-new"), at=NOW),  # type: ignore[arg-type]
    ]
    for attempt in attempts:
        with pytest.raises(StrangerError), sqlite.write() as session:
            attempt(session)
    with sqlite.write() as session:
        assert providers.save(
            session, actor, provider_document("andere-hochschule", town="Kiel"), at=NOW
        ).changed


def test_no_role_verifies_or_redacts(sqlite: Database) -> None:
    mine = published(sqlite)
    with sqlite.read() as session:
        provider = organisations.by_slug(session, "hochschule-probe")
    assert provider
    actor = Actor("somebody", ROLES["owner"], provider.id)
    with pytest.raises(NotAllowedError), sqlite.write() as session:
        offers.redact(session, actor, mine, 1, "", at=NOW)
    with pytest.raises(NotAllowedError), sqlite.write() as session:
        providers.verify(session, actor, provider.id, at=NOW)


def test_each_role_may_do_what_the_one_before_may() -> None:
    steps = list(ROLES.values())
    assert list(ROLES) == ["viewer", "editor", "publisher", "owner"]
    assert all(less < more for less, more in pairwise(steps))


# registering and verifying


def test_a_registered_organisation_is_seen_by_nobody_until_it_is_verified(
    people: People, cast: Cast, database: Database, clock: Clock
) -> None:
    def seen() -> list[int]:
        places = (f"/en/providers/{cast.slug}", f"/api/v1/providers/{cast.slug}")
        return [cast.anonymous.get(place).status_code for place in places]

    def listed() -> bool:
        everywhere = cast.anonymous.get("/en/providers").text + cast.anonymous.get("/api/v1/providers").text
        return "Hochschule A" in everywhere

    def changes() -> int:
        with database.read() as session:
            return session.scalar(select(func.count()).select_from(Change)) or 0

    assert (seen(), listed(), changes()) == ([404, 404], False, 0)
    moderator = cast.browser("moderator")
    page = moderator.get("/en/workspace/moderation")
    assert "owner@a.example" in page.text
    place = f"/en/workspace/moderation/{organisation_id(database, cast.slug)}/verify"
    assert moderator.post(place, {"csrf": token_of(page.text)}).status_code == 303
    assert (seen(), listed(), changes()) == ([200, 200], True, 1)
    assert moderator.post(place, {"csrf": token_of(page.text)}).status_code == 404
    assert "Verified" in cast.browser("viewer").get("/en/workspace/").text


def test_nothing_is_published_for_an_organisation_that_is_not_verified(
    cast: Cast, database: Database
) -> None:
    actor = Actor("somebody", ROLES["owner"], organisation_id(database, cast.slug))
    with database.write() as session:
        saved = offers.save_draft(session, actor, offers.Key(cast.slug, "X"), minimal_offer(), at=NOW)
    with pytest.raises(offers.StateError, match="not verified"), database.write() as session:
        offers.publish(session, actor, saved.id, "minimal", at=NOW)


@pytest.mark.parametrize("slug", ["a%00b", "%ff", "A", "x" * 3000, "..", "%2e%2e"])
def test_an_address_that_cannot_be_one_of_an_organisation_is_404(people: People, slug: str) -> None:
    browser = people.sign_up("owner@a.example").browser
    assert browser.get(f"/en/workspace/organisations/{slug}").status_code in {308, 404}


def test_organisations_of_one_name_that_are_registered_at_once_are_all_there(people: People) -> None:
    accounts = [people.sign_up(f"owner@{letter}.example") for letter in "abcd"]

    def register(account: Account) -> int:
        return account.browser.send(
            "/en/workspace/organisations/new",
            legal_name="Hochschule A",
            kinds="higher-education",
            country="DE",
            default_language="de",
        ).status_code

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(register, accounts[:2])) == {303}


def test_two_organisations_of_one_name_get_two_addresses(people: People, cast: Cast) -> None:
    account = people.sign_up("third@c.example")
    assert people.register(account, "Hochschule A") == f"{cast.slug}-2"


def test_what_is_missing_is_explained_at_its_field_and_the_rest_kept(people: People) -> None:
    browser = people.sign_up("owner@a.example").browser
    refused = browser.send(
        "/en/workspace/organisations/new",
        legal_name="<Hoch>schule",
        country="XX",
        homepage="nowhere",
        kinds="x",
    )
    assert refused.status_code == 422
    for name in ("legal_name", "country", "default_language", "homepage", "kinds"):
        assert f'id="{name}-fault"' in refused.text, name
    assert "&lt;Hoch&gt;schule" in refused.text


def test_whoever_becomes_an_owner_sets_up_codes_before_anything_else(people: People, portal: Portal) -> None:
    owner = people.sign_up("owner@a.example")
    owner.browser.send(
        "/en/workspace/organisations/new",
        legal_name="Hochschule A",
        kinds="higher-education",
        country="DE",
        default_language="de",
    )
    asked = owner.browser.get("/en/workspace/organisations/hochschule-a")
    assert asked.location == "/en/account/second-factor"
    assert "stolen password" in owner.browser.get("/en/account/second-factor").text
    people.set_up_codes(owner)
    assert owner.browser.get("/en/workspace/organisations/hochschule-a").status_code == 200


def test_a_closed_trial_may_do_without_codes(people: People, portal: Portal, clock: Clock) -> None:
    from dataclasses import replace

    from app import create_app

    people.register(people.sign_up("owner@a.example"), "Hochschule A")
    account = people.sign_up("owner@b.example")
    account.browser.send(
        "/en/workspace/organisations/new",
        legal_name="Akademie B",
        kinds="higher-education",
        country="DE",
        default_language="de",
    )
    trial = create_app(portal=replace(portal, settings=replace(portal.settings, second_factor="optional")))
    browser = Browser(trial)
    browser.carry(account.browser.cookie or "")
    assert account.browser.get("/en/workspace/").status_code == 303
    assert browser.get("/en/workspace/").status_code == 200


# invitations and members


def test_an_invitation_goes_by_mail_in_one_line_and_is_accepted_by_its_address_alone(
    people: People, cast: Cast, mailbox: Mailbox, database: Database
) -> None:
    mail = next(mail for mail in mailbox.all() if mail.to == "editor@a.example")
    assert mail.subject == "Invitation to Hochschule A"
    assert mail.link == "/en/workspace/"
    assert role_of(database, "editor@a.example", cast.slug) == "editor"
    assert "Hochschule A" not in people.sign_up("other@a.example").browser.get("/en/workspace/").text


def test_an_invitation_works_once_expires_and_can_be_withdrawn(
    people: People, cast: Cast, database: Database, clock: Clock
) -> None:
    organisation = organisation_id(database, cast.slug)
    someone = person_id(database, "owner@b.example")
    actor = Actor("owner", ROLES["owner"], organisation)

    def invite() -> str:
        with database.write() as session:
            membership.invite(
                session,
                actor,
                organisation,
                "owner@b.example",
                "viewer",
                language="en",
                base_url="",
                at=clock(),
            )
        with database.read() as session:
            query = select(Invitation.id).where(Invitation.accepted_at.is_(None))
            return session.scalars(query.where(Invitation.email == "owner@b.example")).one()

    def accept(invitation: str) -> bool:
        try:
            with database.write() as session:
                membership.accept(session, someone, invitation, at=clock())
        except membership.NoSuchMemberError:
            return False
        return True

    first = invite()
    second = invite()
    assert not accept(first)
    with database.write() as session:
        membership.withdraw(session, actor, organisation, second, at=clock())
    assert not accept(second)
    third = invite()
    clock.advance(seconds=LIFETIME.total_seconds())
    assert not accept(third)
    fourth = invite()
    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(lambda _: accept(fourth), range(50))).count(True) == 1
    with pytest.raises(membership.AlreadyMemberError):
        invite()


def test_a_member_is_not_invited_again(cast: Cast) -> None:
    refused = cast.browser("owner").send(
        f"{cast.page}/invitations", on=cast.page, email="viewer@a.example", role="owner"
    )
    assert refused.status_code == 422
    assert "already" in refused.text


def test_an_owner_changes_roles_and_removes_members(cast: Cast, database: Database) -> None:
    owner, viewer = cast.browser("owner"), person_id(database, "viewer@a.example")
    owner.send(f"{cast.page}/members/{viewer}/role", on=cast.page, role="editor")
    assert role_of(database, "viewer@a.example", cast.slug) == "editor"
    owner.send(f"{cast.page}/members/{viewer}/remove", on=cast.page)
    assert role_of(database, "viewer@a.example", cast.slug) is None
    assert cast.browser("viewer").get(cast.page).status_code == 404


def test_an_organisation_keeps_its_last_owner(people: People, cast: Cast, database: Database) -> None:
    owner, editor = cast.browser("owner"), person_id(database, "editor@a.example")
    me = person_id(database, "owner@a.example")
    for path, data in (
        (f"members/{me}/role", {"role": "editor"}),
        ("leave", {}),
        (f"members/{me}/remove", {}),
    ):
        refused = owner.send(f"{cast.page}/{path}", on=cast.page, **data)
        assert refused.status_code == 422, path
        assert "needs an owner" in refused.text
    from tests.people.acting import PASSWORD

    assert owner.send("/en/account/leave", password=PASSWORD).status_code == 422
    owner.send(f"{cast.page}/members/{editor}/role", on=cast.page, role="owner")
    assert owner.send("/en/account/leave", password=PASSWORD).status_code == 303
    assert role_of(database, "editor@a.example", cast.slug) == "owner"
    with database.read() as session:
        assert session.scalars(select(Membership.role).where(Membership.person_id == me)).all() == []


def test_of_owners_who_all_leave_at_once_one_stays(people: People, cast: Cast, database: Database) -> None:
    organisation = organisation_id(database, cast.slug)
    with database.write() as session:
        for held in session.scalars(select(Membership).where(Membership.organisation_id == organisation)):
            held.role = "owner"
    with database.read() as session:
        owners = [member.person_id for member in queries.members(session, organisation)]

    def leave(person: str) -> bool:
        try:
            with database.write() as session:
                actor = Actor(person, ROLES["owner"], organisation)
                membership.remove(session, actor, organisation, person, at=NOW)
        except LastOwnerError:
            return False
        return True

    with ThreadPoolExecutor(len(owners)) as pool:
        assert sorted(pool.map(leave, owners)) == [False] + [True] * (len(owners) - 1)


def test_whatever_members_do_is_in_the_audit_log_without_addresses(cast: Cast, database: Database) -> None:
    with database.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        said = {row.action for row in rows}
        assert {"organisation:register", "member:invite", "member:accept", "person:moderator"} <= said
        assert not [row for row in rows if "@" in f"{row.actor} {row.subject_id} {row.details}"]
        assert chain.verify(session).faults == ()
