"""Publishes and withdraws offers until it is killed: `python -m tests.faults.publisher URL SEED`.

Every change is announced on the standard output before it begins and acknowledged after its commit.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any

from catalogue.db import Database, utc_now
from catalogue.offers import service
from catalogue.providers import service as providers
from catalogue.security.actor import OPERATOR
from tests.factories import PROVIDER, provider_document, titled

REFERENCES = 60


def say(kind: str, change: dict[str, Any]) -> None:
    print(json.dumps({"kind": kind, **change}), flush=True)


def publish(database: Database, reference: str, title: str) -> None:
    with database.write() as session:
        key = service.Key(PROVIDER, reference)
        saved = service.save_draft(session, OPERATOR, key, titled(title), at=utc_now())
        service.publish(session, OPERATOR, saved.id, "minimal", at=utc_now())


def withdraw(database: Database, reference: str) -> None:
    with database.write() as session:
        key = service.Key(PROVIDER, reference)
        saved = service.save_draft(session, OPERATOR, key, titled("wird zurückgezogen"), at=utc_now())
        service.publish(session, OPERATOR, saved.id, "minimal", at=utc_now())
        service.withdraw(session, OPERATOR, saved.id, "fault test", at=utc_now())


def move(database: Database, town: str) -> None:
    """Change the organisation, which touches all its offers."""
    with database.write() as session:
        providers.save(session, OPERATOR, provider_document(town=town), at=utc_now())


def main() -> None:
    database, seed = Database(sys.argv[1]), sys.argv[2]
    chance, number = random.Random(seed), 0
    while True:
        number += 1
        change: dict[str, Any] = {
            "reference": f"F-{chance.randrange(REFERENCES)}",
            "title": f"Fassung {seed} {number}",
        }
        what = chance.choices(["publish", "withdraw", "move"], [20, 3, 1])[0]
        if what == "withdraw":
            change["title"] = None
        say("begin", {} if what == "move" else change)
        if what == "publish":
            publish(database, change["reference"], change["title"])
        elif what == "withdraw":
            withdraw(database, change["reference"])
        else:
            move(database, f"Town {seed} {number}")
        say("done", {} if what == "move" else change)


if __name__ == "__main__":
    main()
