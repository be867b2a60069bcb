"""What operators do about people by commands, and the accounts of the trial mode."""

from __future__ import annotations

import os
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import func, select

from app import create_app, portolan
from catalogue import cli
from catalogue.db import Database
from catalogue.people import demo, sessions
from catalogue.people.model import Person
from catalogue.portal import Portal
from catalogue.settings import Settings
from tests.conftest import Clock
from tests.factories import provider
from tests.people.acting import People

ADA = "ada@example.org"


def run(app: Flask, *arguments: str) -> Result:
    return CliRunner().invoke(portolan, list(arguments), obj=ScriptInfo(create_app=lambda: app))


def test_an_operator_makes_a_moderator_and_takes_the_role_away(app: Flask, people: People) -> None:
    account = people.with_codes(ADA)
    place = "/en/workspace/moderation"
    assert account.browser.get(place).status_code == 404
    done = run(app, "person", "moderator", "Ada@Example.org")
    assert (done.exit_code, done.output) == (0, "Ada@Example.org is a moderator.\n")
    assert account.browser.get(place).status_code == 200
    run(app, "person", "moderator", ADA, "--remove")
    assert account.browser.get(place).status_code == 404


def test_a_moderator_without_codes_sets_them_up_first(app: Flask, people: People) -> None:
    account = people.sign_up(ADA)
    run(app, "person", "moderator", ADA)
    assert account.browser.get("/en/workspace/moderation").location == "/en/account/second-factor"


def test_an_operator_lets_in_whoever_lost_telephone_and_recovery_codes(app: Flask, people: People) -> None:
    people.with_codes(ADA)
    assert people.sign_in(ADA).get("/en/account").status_code == 303
    assert run(app, "person", "forget-codes", ADA).exit_code == 0
    assert people.sign_in(ADA).get("/en/account").status_code == 200


@pytest.mark.parametrize("command", ["moderator", "forget-codes"])
def test_an_address_that_nobody_has_is_named(app: Flask, command: str) -> None:
    refused = run(app, "person", command, "nobody@example.org")
    assert refused.exit_code == 2
    assert "Nobody has an account with the address nobody@example.org." in refused.output


def trial(portal: Portal) -> Portal:
    settings = replace(portal.settings, base_url="http://127.0.0.1:8000", seed=True)
    return replace(portal, settings=settings)


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, True),
        ({"PORTOLAN_BASE_URL": "http://localhost:9000"}, True),
        ({"PORTOLAN_SEED": "no"}, False),
        ({"PORTOLAN_BASE_URL": "https://catalogue.example"}, False),
        ({"PORTOLAN_BASE_URL": "http://127.0.0.1.evil.example"}, False),
    ],
)
def test_the_trial_mode_is_the_seed_data_on_ones_own_machine(env: dict[str, str], expected: bool) -> None:
    assert Settings.from_env(env).is_trial is expected


def test_demo_accounts_open_the_workspace_in_the_trial_mode_and_nothing_elsewhere(
    portal: Portal, database: Database, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    provider(database, demo.PROVIDER)
    with create_app(portal=trial(portal)).app_context():
        cli._show_demo_accounts()
    said = capsys.readouterr().out
    password = re.findall(r"password (\S+):", said)[0]
    addresses = re.findall(r"\S+@demo\.example", said)
    assert len(addresses) == 5
    for address in addresses:
        begun = sessions.sign_in(database, address, password, demo=True, at=clock())
        assert begun is not None
        assert sessions.sign_in(database, address, password, demo=False, at=clock()) is None
        with database.read() as session:
            assert sessions.find(session, begun.token, demo=True, at=clock()) is not None
            assert sessions.find(session, begun.token, demo=False, at=clock()) is None


def test_each_start_gives_demo_accounts_another_password_and_keeps_them(
    portal: Portal, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    provider(database, demo.PROVIDER)
    for _ in range(2):
        with create_app(portal=trial(portal)).app_context():
            cli._show_demo_accounts()
    first, second = re.findall(r"password (\S+):", capsys.readouterr().out)
    assert first != second
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 5


def test_without_the_seed_data_there_are_no_demo_accounts(
    portal: Portal, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with create_app(portal=trial(portal)).app_context():
        cli._show_demo_accounts()
    assert capsys.readouterr().out == ""
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_outside_of_the_trial_mode_serving_makes_no_demo_accounts(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider(database, demo.PROVIDER)
    monkeypatch.setattr(cli, "ensure_packaged", lambda _database: False)  # seconds, and no matter here
    monkeypatch.setattr(os, "execv", lambda *_: None)
    assert run(app, "serve").exit_code == 0
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0
