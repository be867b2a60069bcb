from __future__ import annotations

import pytest
from flask import Flask

from catalogue.portal import Portal
from tests.conftest import Clock
from tests.people.acting import Mailbox, People


@pytest.fixture
def mailbox(portal: Portal) -> Mailbox:
    return Mailbox(portal.settings.data_dir)


@pytest.fixture
def people(app: Flask, mailbox: Mailbox, clock: Clock) -> People:
    return People(app, mailbox, clock)
