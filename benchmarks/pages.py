"""Whole pages over HTTP from `portolan serve`, as a browser gets them: keep-alive, gzip."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks import machine
from benchmarks.figures import Times
from benchmarks.indexing import environment
from catalogue.settings import PREFIX, ROOT

START_SECONDS: Final = 60
# Clients at once while warming up, so that both web processes get work.
WARMING: Final = 4


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: kind of page, milliseconds until the last byte, bytes of the body as sent."""

    kind: str
    milliseconds: float
    sent: int


class PageError(Exception):
    """A page did not answer 200, or the portal did not start."""


class Browser:
    """One connection, kept alive."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def visit(self, kind: str, path: str) -> Visit:
        began = time.perf_counter()
        status, body = self._get(path)
        took = (time.perf_counter() - began) * 1000
        if status != 200:
            raise PageError(f"{path} answers {status}")
        return Visit(kind, took, len(body))

    def _get(self, path: str) -> tuple[int, bytes]:
        headers = {"Accept-Encoding": "gzip", "Accept-Language": "en"}
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        return response.status, response.read()


@contextmanager
def serving(directory: Path, engine: str) -> Iterator[tuple[int, int]]:
    """Start the portal as `portolan serve` does, on a free port; gives its process and port, ends it afterwards."""
    port = _free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    env |= environment(directory, engine) | {"PORTOLAN_PORT": str(port), "PORTOLAN_SEED": "no"}
    with (directory / "serve.log").open("w") as log:
        portal = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait(portal, port, directory / "serve.log")
            yield portal.pid, port
        finally:
            _end(portal)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(portal: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and portal.poll() is None:
        try:
            Browser(port).visit("health", "/healthz")
        except (OSError, http.client.HTTPException, PageError):
            time.sleep(0.2)
        else:
            return
    raise PageError(f"The portal did not start:\n{log.read_text('utf-8')[-2000:]}")


def _end(portal: subprocess.Popen[bytes]) -> None:
    portal.terminate()
    try:
        portal.wait(20)
    except subprocess.TimeoutExpired:
        # The group is the portal's own: it was started in a session of its own.
        os.killpg(portal.pid, signal.SIGKILL)
        portal.wait()


Paths = Mapping[str, Sequence[str]]


def warm_up(port: int, paths: Paths, each: int = 15) -> None:
    """Some pages of every kind by several clients at once, each on a connection of its own."""
    some = [path for group in paths.values() for path in group[:each]]
    with ThreadPoolExecutor(WARMING) as clients:
        list(clients.map(lambda path: Browser(port).visit("warm", path), some))


def visit_all(port: int, paths: Paths) -> list[Visit]:
    """Every page once, kinds mixed at random, one after the other on one connection."""
    order = [(kind, path) for kind, group in paths.items() for path in group]
    random.Random("visits").shuffle(order)
    browser = Browser(port)
    return [browser.visit(kind, path) for kind, path in order]


def times(visits: Sequence[Visit], kind: str) -> dict[str, Any]:
    """Percentiles, and what was sent, in KB."""
    chosen = [visit for visit in visits if visit.kind == kind]
    sent = sorted(visit.sent / 1024 for visit in chosen)
    return {
        "wall": Times.of([visit.milliseconds for visit in chosen]),
        "median_kb": round(sent[len(sent) // 2], 1),
        "most_kb": round(sent[-1], 1),
    }


def processes(portal: int) -> list[dict[str, Any]]:
    """Memory of every process of a running portal."""
    found = [("serve", portal)]
    for child in machine.children(portal):
        web = "gunicorn" in machine.command(child)
        found.append(("gunicorn" if web else "index worker", child))
        found += [("web worker", grandchild) for grandchild in machine.children(child)] if web else []
    return [{"process": name, **machine.memory(pid)} for name, pid in found]
