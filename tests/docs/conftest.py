"""A small portal that is really served, for the commands that the documents show."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from catalogue import seed
from catalogue.db import Database
from catalogue.security.actor import OPERATOR
from catalogue.settings import ROOT

SHOWN = "http://127.0.0.1:8000"
# The providers that the documents name: a small seed keeps these tests quick.
PROVIDERS = ("hochschule-weserbogen", "landespflegekammer-kuestenland")

# For machines without curl: as much of it as the documents use.
CURL = f"""#!{sys.executable}
import sys, urllib.request
*options, address = sys.argv[1:]
with urllib.request.urlopen(address, timeout=60) as answer:
    content = answer.read()
open(options[1], "wb").write(content) if options else sys.stdout.buffer.write(content)
"""


@dataclass
class Served:
    """A portal that runs, and a shell whose commands speak to it."""

    directory: Path
    port: int
    database: Database

    @property
    def env(self) -> dict[str, str]:
        """The environment of a newcomer: nothing set but where the data lies, and the commands at hand."""
        bare = {name: value for name, value in os.environ.items() if not name.startswith("PORTOLAN_")}
        path = [str(Path(sys.executable).parent), bare["PATH"], str(self.directory / "bin")]
        return bare | {
            "PATH": os.pathsep.join(path),
            "PORTOLAN_DATA_DIR": str(self.directory / "var"),
            "PORTOLAN_PORT": str(self.port),
            "PORTOLAN_BASE_URL": self.url,
            "PORTOLAN_SEED": "no",
            "PORTOLAN_LOG_LEVEL": "warning",
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return json.load(answer)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a line as the documents show it, when the worker has handled all that came before."""
        self.wait_for_worker()
        here = command.replace(SHOWN, self.url)
        return subprocess.run(
            ["sh", "-c", here], cwd=self.directory, env=self.env, capture_output=True, text=True, check=False
        )

    def wait_for_worker(self) -> None:
        """Until the portal answers and no change is pending."""
        end, seen = time.monotonic() + 120, "nothing"
        while time.monotonic() < end:
            try:
                state = self.get("/healthz")
                if state["index"]["pending"] == 0:
                    return
                seen = str(state)
            except OSError as error:
                seen = str(error)
            time.sleep(0.05)
        pytest.fail(f"The portal does not answer, or changes stay pending; last seen: {seen}.")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def prepare(directory: Path, packaged: Path) -> Database:
    """A directory that looks like a checkout, with a small catalogue in it."""
    (directory / "docs").symlink_to(ROOT / "docs")
    (directory / "bin").mkdir()
    (directory / "bin" / "curl").write_text(CURL)
    (directory / "bin" / "curl").chmod(0o755)
    (directory / "seed").mkdir()
    for slug in PROVIDERS:
        shutil.copy(seed.DIRECTORY / f"{slug}.yaml", directory / "seed")
    (directory / "var").mkdir()
    shutil.copy(packaged, directory / "var" / "portolan.db")
    database = Database(f"sqlite:///{directory / 'var' / 'portolan.db'}")
    now = dt.datetime.now(dt.UTC)
    seed.seed(database, OPERATOR, as_of=now.date(), at=now, directory=directory / "seed")
    return database


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory, packaged_sqlite: Path) -> Iterator[Served]:
    """`portolan serve` over a small catalogue, on a free port."""
    directory = tmp_path_factory.mktemp("served")
    portal = Served(directory, free_port(), prepare(directory, packaged_sqlite))
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            ["portolan", "serve"],
            cwd=ROOT,
            env=portal.env,
            stdout=log,
            stderr=log,
            start_new_session=True,
            executable=Path(sys.executable).with_name("portolan"),
        )
        try:
            portal.wait_for_worker()
            yield portal
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            portal.database.close()
            log.seek(0)
            print(log.read()[-4000:])
