"""`portolan serve`, once all is set up: gunicorn and the index worker, minded by this small process."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from types import FrameType

from catalogue.settings import Settings

logger = logging.getLogger("portolan.serve")
GRACE_SECONDS = 10


def serve(settings: Settings) -> int:
    """Run until a signal or until gunicorn ends; a worker that dies is started again. Returns an exit code."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    web = subprocess.Popen(_gunicorn(settings))  # noqa: S603
    worker = subprocess.Popen(_worker())  # noqa: S603
    while not stopping.wait(0.2):
        if web.poll() is not None:
            break
        if worker.poll() is not None:
            logger.warning("the worker ended with %s and is started again", worker.returncode)
            stopping.wait(0.5)
            worker = subprocess.Popen(_worker())  # noqa: S603
    _end(web)
    _end(worker)
    return 0 if stopping.is_set() else web.returncode or 1


def _gunicorn(settings: Settings) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "app:create_warm_app()",
        "--bind",
        f"{settings.host}:{settings.port}",
        "--workers",
        str(settings.web_workers),
        "--threads",
        str(settings.web_threads),
        "--worker-class",
        "gthread",
        "--timeout",
        "60",
        "--limit-request-line",
        "8190",
        "--log-level",
        "warning",
        "--no-control-socket",
    ]


def _worker() -> list[str]:
    return [sys.executable, "-m", "app", "worker"]


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(serve(Settings.from_env()))
