"""`kill -9` at random moments: what was acknowledged is there, in the database and in the index.

A publisher, the web processes and the worker run as they do in production and are killed again and again. The seed
of the random moments is printed; FAULT_SEED repeats a run.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from catalogue import server
from catalogue.changes import indexer, log
from catalogue.db import Database
from catalogue.offers import queries
from catalogue.offers.model import Offer, OfferVersion
from catalogue.search import make_engine
from catalogue.settings import ROOT, Settings
from search.engine import Engine
from tests.conftest import settings_for
from tests.factories import provider

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(
        importlib.util.find_spec("search.engines.whoosh.engine") is None, reason="the engine is not there yet"
    ),
]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Process:
    """A process with its children, started again after every kill."""

    def __init__(self, command: list[str], env: dict[str, str], errors: Any) -> None:
        self.command, self.env, self.errors = command, env, errors
        self.lines: list[str] = []
        self.start()

    def start(self) -> None:
        self.running = subprocess.Popen(
            self.command,
            env=self.env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self.read, args=(self.running,))
        self.reader.start()

    def read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.lines.extend(process.stdout)
        process.stdout.close()

    def kill(self) -> None:
        """All of it at once, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()
        self.reader.join()


class Portal:
    """Publisher, web and worker over one database and one index."""

    def __init__(self, database: Database, settings: Settings, errors: Any) -> None:
        self.database, self.settings = database, settings
        self.engine: Engine = make_engine(settings)
        url = database.url.render_as_string(hide_password=False)
        env = {name: value for name, value in os.environ.items() if not name.startswith("PORTOLAN_")} | {
            "PORTOLAN_DATA_DIR": str(settings.data_dir),
            "PORTOLAN_DATABASE_URL": url,
            "PORTOLAN_PORT": str(settings.port),
            "PORTOLAN_WORKER_INTERVAL": "10",
            "PORTOLAN_LOG_LEVEL": "warning",
            "PYTHONUNBUFFERED": "1",
        }
        self.web = Process(server._gunicorn(settings), env, errors)
        self.worker = Process(server._worker(), env, errors)
        self.publisher = Process(
            [sys.executable, "-m", "tests.faults.publisher", url, str(random.getrandbits(32))], env, errors
        )

    @property
    def processes(self) -> list[Process]:
        return [self.publisher, self.worker, self.web]

    def get(self, path: str) -> Any:
        """JSON from the web processes; None while there is no answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.settings.port}{path}", timeout=5) as answer:
                return json.load(answer)
        except (OSError, urllib.error.HTTPError):
            return None

    def pending(self) -> int:
        with self.database.read() as session:
            return log.pending(session)

    def stop(self) -> None:
        for process in self.processes:
            process.kill()


def eventually(what: str, happens: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > end:
            pytest.fail(f"not within {seconds} s: {what}")
        time.sleep(0.05)


@pytest.fixture
def portal(database: Database, tmp_path: Path) -> Iterator[Portal]:
    provider(database)
    settings = settings_for(
        database,
        tmp_path / "data",
        PORTOLAN_PORT=str(free_port()),
        PORTOLAN_WEB_WORKERS="1",
        PORTOLAN_LOG_LEVEL="warning",
    )
    indexer.rebuild(database, make_engine(settings))
    with tempfile.TemporaryFile("w+") as errors:
        made = Portal(database, settings, errors)
        try:
            yield made
        finally:
            made.stop()
            errors.seek(0)
            print(errors.read()[-4000:])


def acknowledged(lines: list[str]) -> tuple[dict[str, str | None], dict[str, set[str | None]]]:
    """Title by reference as last acknowledged (None: withdrawn), and what was begun but never acknowledged."""
    done: dict[str, str | None] = {}
    perhaps: dict[str, set[str | None]] = {}
    for line in lines:
        with suppress(json.JSONDecodeError):  # a line that the kill cut off
            change = json.loads(line)
            if "reference" not in change:
                continue
            if change["kind"] == "begin":
                perhaps.setdefault(change["reference"], set()).add(change["title"])
            else:
                done[change["reference"]] = change["title"]
                perhaps[change["reference"]] = set()
    return done, perhaps


def in_database(database: Database) -> dict[str, str | None]:
    with database.read() as session:
        query = select(Offer, OfferVersion).join(
            OfferVersion,
            (OfferVersion.offer_id == Offer.id) & (OfferVersion.number == Offer.published_version),
        )
        return {
            offer.reference: version.content["title"]["de"]["text"] if offer.state == "published" else None
            for offer, version in session.execute(query)
        }


def generation_of(engine: Engine) -> str:
    """Which build of the index is in use, without the number of its last commit."""
    return engine.status().generation.rpartition(".")[0]


def survive(portal: Portal, kills: int) -> None:
    """Kill `kills` times, start again, and compare what is there with what was acknowledged."""
    seed = os.environ.get("FAULT_SEED") or str(random.SystemRandom().getrandbits(32))
    print(f"FAULT_SEED={seed} kills={kills}")
    chance = random.Random(seed)
    generation = generation_of(portal.engine)
    eventually("web answers", lambda: portal.get("/healthz") is not None)
    eventually("first change acknowledged", lambda: acknowledged(portal.publisher.lines)[0])
    for number in range(kills):
        time.sleep(chance.uniform(0.05, 1.0))
        victims = [portal.processes[number % 3], *(p for p in portal.processes if chance.random() < 0.3)]
        for victim in dict.fromkeys(victims):
            victim.kill()
            time.sleep(chance.uniform(0, 0.1))
            victim.start()
        portal.get("/api/v1/offers?leads_to=all")
    check(portal, generation)


def check(portal: Portal, generation: str) -> None:
    portal.publisher.kill()
    eventually("worker has caught up", lambda: portal.pending() == 0)
    done, perhaps = acknowledged(portal.publisher.lines)
    found = in_database(portal.database)
    wrong = {
        reference: (found.get(reference), title)
        for reference, title in done.items()
        if found.get(reference) not in {title, *perhaps[reference]}
    }
    assert wrong == {}
    assert not indexer.compare(portal.database, portal.engine)
    assert generation_of(portal.engine) == generation, "the index had to be built anew"
    with portal.database.read() as session:
        shown = queries.count_published(session)

    def counted() -> bool:
        answer = portal.get("/api/v1/offers?leads_to=all")
        return answer is not None and answer["total"] == shown

    eventually("web counts what the database holds", counted)
    print(f"{len(portal.publisher.lines)} lines of {len(done)} offers, {shown} published at the end")
    assert len(done) > 5


def test_acknowledged_changes_survive_three_kills(portal: Portal) -> None:
    survive(portal, 3)


@pytest.mark.soak
def test_acknowledged_changes_survive_fifty_kills(portal: Portal) -> None:
    survive(portal, 50)
