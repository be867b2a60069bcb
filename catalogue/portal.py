"""The parts of a running portal, joined once by `app.py` and handed to views, API and commands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app

from catalogue.db import Database, utc_now
from catalogue.mail import Mailer, make_mailer
from catalogue.settings import Settings
from search.engine import Engine

EXTENSION = "portolan"


@dataclass(frozen=True, slots=True)
class Portal:
    """Settings, database, search engine and clock (moments in UTC)."""

    settings: Settings
    database: Database
    engine: Engine
    clock: Callable[[], dt.datetime] = utc_now

    @property
    def mailer(self) -> Mailer:
        return make_mailer(self.settings)


def portal() -> Portal:
    """The portal of the running application."""
    return cast("Portal", current_app.extensions[EXTENSION])
