"""From the first letter to the workspace, and all the ways that must not lead there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import func, select

from catalogue.audit.model import AuditEntry
from catalogue.db import Base, Database
from catalogue.mail import FolderMailer, UnsentError
from catalogue.people import second_factor, service, sessions
from catalogue.people.model import MailedToken, Person, PersonSession, RecoveryCode
from catalogue.people.sessions import ABSOLUTE, HALFWAY, IDLE
from catalogue.portal import Portal
from catalogue.security import limits, passwords
from catalogue.security.tokens import digest
from tests.conftest import REAL_HASHER, Clock
from tests.people.acting import PASSWORD, Browser, Mailbox, People, code_of, secret_on, token_of

ADA, BOB = "ada@example.org", "bob@example.org"
AT_ONCE = 50
T = TypeVar("T")


def is_in(browser: Browser) -> bool:
    return browser.get("/en/account").status_code == 200


# signing up


def test_a_newcomer_confirms_an_address_chooses_a_password_and_is_in(
    people: People, mailbox: Mailbox
) -> None:
    browser = people.stranger()
    sent = browser.send("/de/sign-up", email=" Ada@Example.org ")
    assert "ada@example.org" in sent.text
    assert browser.cookie is None
    (mail,) = mailbox.all()
    assert (mail.to, mail.subject) == (ADA, "Bestätigen Sie Ihre E-Mail-Adresse")
    page = browser.get(mail.link)
    assert ADA in page.text
    done = browser.post(mail.link, {"csrf": token_of(page.text), "new_password": PASSWORD})
    assert done.location == "/de/workspace/"
    assert browser.get("/de/workspace/").status_code == 200


def test_looking_at_a_link_does_not_use_it_up_but_using_it_does(people: People, mailbox: Mailbox) -> None:
    account = people.sign_up(ADA)
    link = mailbox.last(ADA).link
    other = people.stranger()
    assert other.get(link).status_code == 410
    assert account.browser.get("/en/workspace/").status_code == 200


def test_a_link_works_for_a_day(people: People, mailbox: Mailbox, clock: Clock) -> None:
    browser = people.stranger()
    browser.send("/en/sign-up", email=ADA)
    clock.advance(hours=23, minutes=59)
    assert browser.get(mailbox.last(ADA).link).status_code == 200
    clock.advance(minutes=2)
    assert browser.get(mailbox.last(ADA).link).status_code == 410


def test_a_weak_password_is_explained_at_its_field_and_does_not_use_the_link_up(
    people: People, mailbox: Mailbox
) -> None:
    browser = people.stranger()
    browser.send("/en/sign-up", email=ADA)
    link = mailbox.last(ADA).link
    refused = browser.send(link, new_password="short")
    assert refused.status_code == 422
    assert 'aria-describedby="new_password-hint new_password-fault"' in refused.text
    assert browser.send(link, new_password=PASSWORD).status_code == 303


def test_what_is_no_address_is_explained_and_kept(people: People) -> None:
    refused = people.stranger().send("/en/sign-up", email="ada at example")
    assert refused.status_code == 422
    assert 'value="ada at example"' in refused.text
    assert 'href="#email"' in refused.text


# nobody learns who has an account


def work(people: People, mailbox: Mailbox, path: str, address: str) -> tuple[str, int, int]:
    """What an outsider sees when they ask about an address, and how much was done for it."""
    before = len(mailbox.all())
    browser = people.stranger(peer="198.51.100.7")
    answer = browser.send(path, email=address)
    return answer.text.replace(address, "ADDRESS"), answer.status_code, len(mailbox.all()) - before


@pytest.mark.parametrize("path", ["/en/sign-up", "/en/reset"])
def test_a_known_and_an_unknown_address_get_the_same_answer(
    people: People, mailbox: Mailbox, path: str
) -> None:
    people.sign_up(ADA)
    assert work(people, mailbox, path, ADA) == work(people, mailbox, path, BOB)


def test_a_known_and_an_unknown_address_leave_one_row_each(
    people: People, mailbox: Mailbox, database: Database
) -> None:
    people.sign_up(ADA)

    def rows() -> list[int]:
        with database.read() as session:
            tables = (MailedToken, Person, PersonSession)
            return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]

    before = rows()
    work(people, mailbox, "/en/reset", ADA)
    between = rows()
    work(people, mailbox, "/en/reset", BOB)
    assert [new - old for old, new in zip(before, between, strict=True)] == [1, 0, 0]
    assert [new - old for old, new in zip(between, rows(), strict=True)] == [1, 0, 0]


def test_only_the_letter_says_that_there_is_an_account(people: People, mailbox: Mailbox) -> None:
    people.sign_up(ADA)
    people.stranger().send("/en/sign-up", email=ADA)
    assert "You have an account already" in mailbox.last(ADA).subject
    people.stranger().send("/en/reset", email=BOB)
    assert "No account" in mailbox.last(BOB).subject


def test_a_wrong_password_and_an_unknown_address_are_the_same_and_as_costly(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.sign_up(ADA)
    checked: list[str] = []
    hasher = passwords._hasher

    class Counting:
        def verify(self, kept: str, typed: str) -> bool:
            checked.append(kept)
            return hasher.verify(kept, typed)

        def hash(self, password: str) -> str:
            return hasher.hash(password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    answers = [
        people.stranger().send("/en/sign-in", email=address, password="not the password")
        for address in (ADA, BOB, "no address")
    ]
    assert {answer.status_code for answer in answers} == {422}
    seen = [a.text.replace(t, "X") for a, t in zip(answers, (ADA, BOB, "no address"), strict=True)]
    assert len({strip(text) for text in seen}) == 1
    assert len(checked) == 3


def test_passwords_are_kept_by_argon2id_as_owasp_recommends(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the parameters of the portal; the other tests take lighter ones."""
    light = passwords.hashed(PASSWORD)
    monkeypatch.setattr(passwords, "_hasher", REAL_HASHER)
    kept = passwords.hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(kept, PASSWORD)
    assert not passwords.matches(kept, PASSWORD + "!")
    assert (passwords.is_outdated(light), passwords.is_outdated(kept)) == (True, False)


def strip(text: str) -> str:
    """A page without what differs from one page to the next."""
    return text.replace(token_of(text), "")


# signing in


def test_who_has_an_account_signs_in_and_lands_where_they_were_going(people: People) -> None:
    people.sign_up(ADA)
    browser = people.stranger()
    asked = browser.get("/en/account/leave?x=1")
    assert asked.location == "/en/sign-in?next=%2Fen%2Faccount%2Fleave%3Fx%3D1"
    done = browser.send(
        "/en/sign-in", on=asked.location, email=ADA, password=PASSWORD, next="/en/account/leave?x=1"
    )
    assert done.location == "/en/account/leave?x=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/en/\\evil.example",
        "/de/x",
        "javascript:alert(1)",
        "/en/\n",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(people: People, elsewhere: str) -> None:
    people.sign_up(ADA)
    done = people.stranger().send("/en/sign-in", email=ADA, password=PASSWORD, next=elsewhere)
    assert done.location == "/en/workspace/"


def test_a_wrong_password_keeps_the_address_and_never_shows_a_password(people: People) -> None:
    refused = people.stranger().send("/en/sign-in", email=ADA, password="guess of a password")
    assert f'value="{ADA}"' in refused.text
    assert "guess of a password" not in refused.text


def test_a_token_that_was_planted_before_sign_in_is_worth_nothing_after(people: People) -> None:
    people.with_codes(ADA)
    browser = people.stranger()
    browser.carry("planted")
    browser.send("/en/sign-in", email=ADA, password=PASSWORD)
    halfway = browser.cookie
    assert halfway not in {None, "planted"}
    thief = people.stranger()
    thief.carry(halfway or "")
    people.clock.advance(seconds=60)
    account_secret = secret_of_person(people, ADA)
    browser.send("/en/sign-in/code", code=code_of(account_secret, people.clock))
    assert browser.cookie not in {None, halfway}
    assert is_in(browser)
    assert not is_in(thief)


def secret_of_person(people: People, address: str) -> str:
    with people.app.extensions["portolan"].database.read() as session:
        return session.scalar(select(Person.totp_secret).where(Person.email == address)) or ""


def test_the_cookie_is_out_of_reach_of_scripts_other_sites_and_plain_http(people: People) -> None:
    people.sign_up(ADA)
    browser = people.stranger()
    answer = browser.send("/en/sign-in", email=ADA, password=PASSWORD)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-portolan=")
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert attribute in cookie
    assert "Domain" not in cookie
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_database_holds_no_token_that_would_open_anything(
    people: People, mailbox: Mailbox, database: Database
) -> None:
    account = people.with_codes(ADA)
    account.browser.send("/en/reset", on="/en/account", email=ADA)
    people.stranger().send("/en/reset", email=ADA)
    secrets = [
        PASSWORD,
        account.browser.cookie or "",
        mailbox.last(ADA).link.rpartition("/")[2],
        *account.recovery,
    ]
    with database.read() as session:
        held = [
            str(value)
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
            for value in row
        ]
    assert digest(account.browser.cookie or "") in held
    assert not [secret for secret in secrets if any(secret in value for value in held)]


# sessions end


def test_a_session_ends_when_it_is_idle_and_at_the_latest_after_three_days(
    people: People, clock: Clock
) -> None:
    browser = people.sign_up(ADA).browser
    clock.advance(seconds=IDLE.total_seconds() - 60)
    assert is_in(browser)
    clock.advance(seconds=IDLE.total_seconds() - 60)
    assert is_in(browser)
    clock.advance(seconds=IDLE.total_seconds())
    assert not is_in(browser)
    browser = people.sign_in(ADA)
    start = clock.moment
    while clock.moment < start + ABSOLUTE - dt.timedelta(hours=7):
        clock.advance(hours=6)
        assert is_in(browser)
    clock.advance(hours=7)
    assert not is_in(browser)


def test_signing_out_ends_the_session_in_the_database(people: People) -> None:
    browser = people.sign_up(ADA).browser
    kept = browser.cookie or ""
    browser.send("/en/sign-out", on="/en/account")
    assert browser.cookie is None
    browser.carry(kept)
    assert not is_in(browser)


def test_a_changed_password_ends_every_other_session_and_renews_ones_own(
    people: People, mailbox: Mailbox
) -> None:
    here, there = people.sign_up(ADA).browser, people.sign_in(ADA)
    before = here.cookie
    done = here.send(
        "/en/account/password", on="/en/account", password=PASSWORD, new_password="five quite different words"
    )
    assert done.status_code == 303
    assert (is_in(here), is_in(there)) == (True, False)
    assert here.cookie != before
    assert not is_in(people.sign_in(ADA))
    assert is_in(people.sign_in(ADA, "five quite different words"))
    assert "password was changed" in mailbox.last(ADA).subject


def test_a_reset_password_ends_all_sessions_and_other_links_and_signs_nobody_in(
    people: People, mailbox: Mailbox
) -> None:
    there = people.sign_up(ADA).browser
    browser = people.stranger()
    browser.send("/en/reset", email=ADA)
    first = mailbox.last(ADA).link
    browser.send("/en/reset", email=ADA)
    done = browser.send(mailbox.last(ADA).link, new_password="five quite different words")
    assert "Your password was changed" in done.text
    assert browser.cookie is None
    assert not is_in(there)
    assert browser.get(first).status_code == 410
    assert is_in(people.sign_in(ADA, "five quite different words"))


def test_other_sessions_can_be_ended_by_themselves(people: People) -> None:
    here, there = people.sign_up(ADA).browser, people.sign_in(ADA)
    here.send("/en/account/sessions", on="/en/account")
    assert (is_in(here), is_in(there)) == (True, False)


def test_an_account_is_deleted_with_all_that_names_its_owner(people: People, database: Database) -> None:
    account = people.with_codes(ADA)
    wrong = account.browser.send("/en/account/leave", password="not the password")
    assert wrong.status_code == 422
    done = account.browser.send("/en/account/leave", password=PASSWORD)
    assert done.location == "/en/"
    with database.read() as session:
        for table in (Person, PersonSession, RecoveryCode, MailedToken):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        log = [str(row) for row in session.execute(select(AuditEntry.actor, AuditEntry.details))]
    assert log
    assert not [line for line in log if ADA in line]


def test_a_password_can_be_reset_by_whoever_is_signed_in_too(people: People, mailbox: Mailbox) -> None:
    browser = people.sign_up(ADA).browser
    browser.send("/en/reset", email=ADA)
    done = browser.send(mailbox.last(ADA).link, new_password="five quite different words")
    assert "Your password was changed" in done.text
    assert "Sign out" not in done.text
    form = {"csrf": token_of(done.text), "email": ADA, "password": "five quite different words"}
    assert browser.post("/en/sign-in", form).location == "/en/workspace/"


def test_only_sessions_that_hold_are_counted(people: People, clock: Clock) -> None:
    browser = people.sign_up(ADA).browser
    people.sign_in(ADA)
    assert "2 places" in browser.get("/en/account").text
    clock.advance(hours=4)
    browser.get("/en/account")
    clock.advance(hours=5)
    assert "1 place." in browser.get("/en/account").text


# second factor


def test_the_page_with_the_recovery_codes_belongs_to_the_new_session(people: People) -> None:
    browser = people.sign_up(ADA).browser
    place = "/en/account/second-factor"
    secret = secret_on(browser.get(place).text)
    shown = browser.send(place, code=code_of(secret, people.clock))
    assert browser.post("/en/sign-out", {"csrf": token_of(shown.text)}).status_code == 303
    assert not is_in(browser)


def test_codes_are_asked_for_once_they_are_set_up(people: People, clock: Clock) -> None:
    account = people.with_codes(ADA)
    browser = people.sign_in(ADA)
    assert browser.get("/en/workspace/").location == "/en/sign-in/code"
    assert browser.get("/en/account").location == "/en/sign-in/code"
    clock.advance(seconds=30)
    done = browser.send("/en/sign-in/code", code=code_of(account.secret, clock), next="/en/account")
    assert done.location == "/en/account"
    assert is_in(browser)


def test_a_code_works_once(people: People, clock: Clock) -> None:
    account = people.with_codes(ADA)
    clock.advance(seconds=30)
    code = code_of(account.secret, clock)
    first, second = people.sign_in(ADA), people.sign_in(ADA)
    assert first.send("/en/sign-in/code", code=code).status_code == 303
    refused = second.send("/en/sign-in/code", code=code)
    assert refused.status_code == 422
    assert not is_in(second)


def test_the_code_that_set_codes_up_does_not_sign_in(people: People, clock: Clock) -> None:
    account = people.with_codes(ADA)
    browser = people.sign_in(ADA)
    browser.send("/en/sign-in/code", code=code_of(account.secret, clock))
    assert not is_in(browser)


def test_an_older_code_does_not_work_after_a_newer_one(people: People, clock: Clock) -> None:
    account = people.with_codes(ADA)
    clock.advance(seconds=60)
    older = code_of(account.secret, clock)
    clock.advance(seconds=30)
    assert (
        people.sign_in(ADA).send("/en/sign-in/code", code=code_of(account.secret, clock)).status_code == 303
    )
    assert people.sign_in(ADA).send("/en/sign-in/code", code=older).status_code == 422


@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (-30, 303), (30, 303), (60, 422)])
def test_the_clock_of_a_telephone_may_be_off_by_one_step(
    people: People, clock: Clock, seconds: int, status: int
) -> None:
    account = people.with_codes(ADA)
    clock.advance(minutes=5)
    shifted = Clock(clock.moment + dt.timedelta(seconds=seconds))
    browser = people.sign_in(ADA)
    assert browser.send("/en/sign-in/code", code=code_of(account.secret, shifted)).status_code == status


def test_halfway_is_not_in_and_does_not_last(people: People, clock: Clock) -> None:
    account = people.with_codes(ADA)
    browser = people.sign_in(ADA)
    page = browser.get("/en/sign-in/code")
    clock.advance(seconds=HALFWAY.total_seconds())
    late = browser.post(
        "/en/sign-in/code", {"csrf": token_of(page.text), "code": code_of(account.secret, clock)}
    )
    assert late.location == "/en/sign-in"
    assert not is_in(browser)


def test_a_recovery_code_works_once_and_only_for_its_owner(people: People) -> None:
    ada, bob = people.with_codes(ADA), people.with_codes(BOB)
    assert len(set(ada.recovery)) == 10
    typed = ada.recovery[0].upper().replace("-", " ")
    place = {"on": "/en/sign-in/code"}
    assert people.sign_in(BOB).send("/en/sign-in/recovery", **place, recovery=typed).status_code == 422
    browser = people.sign_in(ADA)
    assert browser.send("/en/sign-in/recovery", **place, recovery=typed).status_code == 303
    assert "9 recovery codes left" in browser.get("/en/account").text
    assert people.sign_in(ADA).send("/en/sign-in/recovery", **place, recovery=typed).status_code == 422
    assert bob.recovery[0] not in ada.recovery


def test_new_recovery_codes_need_the_password_and_end_the_old_ones(people: People) -> None:
    account = people.with_codes(ADA)
    place = "/en/account/recovery-codes"
    wrong = account.browser.send(place, on="/en/account", codes_password="not the password")
    assert wrong.status_code == 422
    fresh = account.browser.send(place, on="/en/account", codes_password=PASSWORD)
    assert fresh.status_code == 200
    assert account.recovery[1] not in fresh.text
    refused = people.sign_in(ADA).send(
        "/en/sign-in/recovery", on="/en/sign-in/code", recovery=account.recovery[1]
    )
    assert refused.status_code == 422


def test_codes_are_switched_off_by_the_password_and_set_up_again_with_another_key(people: People) -> None:
    account = people.with_codes(ADA)
    first = account.secret
    account.browser.send("/en/account/no-second-factor", on="/en/account", factor_password=PASSWORD)
    people.set_up_codes(account)
    assert account.secret != first


def test_setting_up_codes_ends_the_sessions_that_had_none(people: People) -> None:
    here, there = people.sign_up(ADA), people.sign_in(ADA)
    people.set_up_codes(here)
    assert (is_in(here.browser), is_in(there)) == (True, False)


def test_a_wrong_code_keeps_the_key_on_the_page(people: People) -> None:
    browser = people.sign_up(ADA).browser
    shown = secret_on(browser.get("/en/account/second-factor").text)
    refused = browser.send("/en/account/second-factor", code="000000")
    assert secret_on(refused.text) == shown


def test_codes_that_are_set_up_already_cannot_be_replaced_by_whoever_finds_the_session(
    people: People, clock: Clock
) -> None:
    account = people.with_codes(ADA)
    with people.app.extensions["portolan"].database.read() as session:
        candidate = session.scalar(select(PersonSession.totp_candidate)) or ""
    page = account.browser.get("/en/account")
    refused = account.browser.post(
        "/en/account/second-factor", {"csrf": token_of(page.text), "code": code_of(candidate, clock)}
    )
    assert refused.status_code == 422
    assert secret_of_person(people, ADA) == account.secret


# races


def at_once(attempt: Callable[[], T], times: int = AT_ONCE) -> list[T]:
    """The results of a function that many threads call at the same moment."""
    with ThreadPoolExecutor(times) as pool:
        return [future.result() for future in [pool.submit(attempt) for _ in range(times)]]


def test_of_fifty_who_use_a_link_at_once_one_succeeds(database: Database, clock: Clock) -> None:
    with database.write() as session:
        letter = service.ask_to_sign_up(session, ADA, "en", "https://x.example", at=clock())
    token = letter.link.rpartition("/")[2]

    def use() -> bool:
        try:
            with database.write() as session:
                service.sign_up(session, token, "hash", "en", at=clock())
        except service.LinkError:
            return False
        return True

    assert at_once(use).count(True) == 1


def test_of_fifty_links_to_one_address_that_are_used_at_once_one_opens_the_account(
    database: Database, clock: Clock
) -> None:
    tokens = []
    for _ in range(AT_ONCE):
        with database.write() as session:
            letter = service.ask_to_sign_up(session, ADA, "en", "https://x.example", at=clock())
        tokens.append(letter.link.rpartition("/")[2])

    def use() -> bool:
        try:
            with database.write() as session:
                service.sign_up(session, tokens.pop(), "hash", "en", at=clock())
        except service.LinkError:
            return False
        return True

    assert at_once(use).count(True) == 1


def person(database: Database, clock: Clock) -> str:
    with database.write() as session:
        letter = service.ask_to_sign_up(session, ADA, "en", "https://x.example", at=clock())
        return service.sign_up(session, letter.link.rpartition("/")[2], "hash", "en", at=clock())


def test_of_fifty_who_use_a_code_at_once_one_succeeds(database: Database, clock: Clock) -> None:
    someone, secret = person(database, clock), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    with database.write() as session:
        codes = second_factor.enable(session, someone, secret, code_of(secret, clock), at=clock())
    assert codes
    clock.advance(seconds=30)
    code = code_of(secret, clock)

    def use() -> bool:
        with database.write() as session:
            return second_factor.accepts(session, someone, code, at=clock())

    def recover() -> bool:
        with database.write() as session:
            return second_factor.accepts_recovery(session, someone, codes[0], at=clock())

    assert at_once(use).count(True) == 1
    assert at_once(recover).count(True) == 1


def test_a_session_that_is_completed_twice_at_once_gives_one_new_session(
    database: Database, clock: Clock
) -> None:
    someone = person(database, clock)
    with database.write() as session:
        begun = sessions.begin(session, session.get_one(Person, someone), complete=False, at=clock())

    def complete() -> object:
        with database.write() as session:
            return sessions.renew(session, begun.session_id, complete=True, at=clock())

    assert len([result for result in at_once(complete) if result]) == 1


# limits


def test_guesses_at_one_account_are_limited_from_wherever_they_come(people: People, clock: Clock) -> None:
    people.sign_up(ADA)
    for number in range(limits.SIGN_IN_BY_ACCOUNT.most):
        assert (
            people.stranger(f"198.51.100.{number}").send("/en/sign-in", email=ADA, password="x").status_code
            == 422
        )
    refused = people.stranger("198.51.100.99").send("/en/sign-in", email=ADA, password=PASSWORD)
    assert refused.status_code == 429
    assert f'value="{ADA}"' in refused.text
    assert refused.headers["Retry-After"] == "900"
    clock.advance(minutes=15)
    assert is_in(people.sign_in(ADA))


def test_guesses_from_one_address_are_limited_at_whomever_they_aim(people: People) -> None:
    people.sign_up(ADA)
    for number in range(limits.SIGN_IN_BY_ADDRESS.most - 1):
        people.stranger("198.51.100.7").send("/en/sign-in", email=f"{number}@example.org", password="x")
    assert is_in(people.sign_in(ADA, peer="198.51.100.7"))
    assert not is_in(people.sign_in(ADA, peer="198.51.100.7"))
    assert is_in(people.sign_in(ADA, peer="198.51.100.8"))


def test_limits_outlast_a_restart(people: People, portal: Portal) -> None:
    from app import create_app

    for _ in range(limits.SIGN_IN_BY_ACCOUNT.most):
        people.stranger().send("/en/sign-in", email=ADA, password="x")
    restarted = Browser(create_app(portal=portal), peer="203.0.113.5")
    assert restarted.send("/en/sign-in", email=ADA, password="x").status_code == 429


def test_codes_cannot_be_tried_one_after_the_other(people: People, clock: Clock) -> None:
    account = people.with_codes(ADA)
    browser = people.sign_in(ADA)
    for _ in range(limits.CODE.most):
        browser.send("/en/sign-in/code", code="000000")
    clock.advance(seconds=30)
    assert browser.send("/en/sign-in/code", code=code_of(account.secret, clock)).status_code == 429
    # Nor by signing in again, or by the other kind of code.
    again = people.sign_in(ADA)
    assert again.send("/en/sign-in/code", code=code_of(account.secret, clock)).status_code == 429
    by_recovery = again.send("/en/sign-in/recovery", on="/en/sign-in/code", recovery=account.recovery[0])
    assert by_recovery.status_code == 429


def test_the_password_cannot_be_guessed_within_a_session(people: People) -> None:
    browser = people.sign_up(ADA).browser
    for _ in range(limits.PASSWORD.most):
        browser.send("/en/account/leave", password="x")
    assert browser.send("/en/account/leave", password=PASSWORD).status_code == 429


def test_nobodys_mailbox_is_flooded(people: People, mailbox: Mailbox) -> None:
    for number in range(10):
        people.stranger(f"198.51.100.{number}").send("/en/reset", email=ADA)
    assert len(mailbox.all()) == limits.MAIL_BY_RECIPIENT.most


def test_attempts_at_the_same_moment_are_all_counted(database: Database, clock: Clock) -> None:
    def attempt() -> bool:
        try:
            with database.write() as session:
                limits.hit(session, limits.CODE, "somebody", clock())
        except limits.TooManyError:
            return False
        return True

    assert at_once(attempt).count(True) == limits.CODE.most


def test_an_address_of_ipv6_counts_with_its_neighbours() -> None:
    assert limits.network("2001:db8:1:2:3::4") == limits.network("2001:db8:1:2:ffff::1")
    assert limits.network("2001:db8:1:2::1") != limits.network("2001:db8:1:3::1")
    assert limits.network("192.0.2.1") != limits.network("192.0.2.2")
    assert limits.network(None) == "unknown"


# mail


def test_a_mail_server_that_is_down_is_said_to_everyone_alike(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.sign_up(ADA)

    def fail(*_: object) -> None:
        raise UnsentError

    monkeypatch.setattr(FolderMailer, "send", fail)
    for address in (ADA, BOB):
        refused = people.stranger().send("/en/reset", email=address)
        assert refused.status_code == 503
        assert "could not be sent" in refused.text


def test_a_demo_account_opens_nothing_outside_of_the_trial_mode(
    people: People, app: Flask, database: Database, clock: Clock
) -> None:
    browser = people.sign_up(ADA).browser
    with database.write() as session:
        session.query(Person).update({"demo": True})
    assert not is_in(browser)
    assert not is_in(people.sign_in(ADA))
    assert sessions.sign_in(database, ADA, PASSWORD, demo=True, at=clock()) is not None
