"""`portolan worker`: the one process that numbers changes and writes the index."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from sqlalchemy.exc import DBAPIError, OperationalError

from catalogue.changes import indexer, log
from catalogue.changes.lease import LeaseLostError, LeaseTakenError, lease
from catalogue.changes.model import Consumer
from catalogue.db import Database
from search.engine import Engine, IndexUnavailableError

logger = logging.getLogger("portolan.worker")


class Worker:
    """Polls the change log; `stop` ends it after the batch in hand. interval: seconds between two looks."""

    def __init__(self, database: Database, engine: Engine, directory: Path, interval: float) -> None:
        self.database, self.engine, self.directory, self.interval = database, engine, directory, interval
        self.stopping = threading.Event()
        self.broken = False

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self.stopping.set()

    def listen_to_signals(self) -> None:
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def run(self) -> None:
        """Wait for the lease, then work until stopped."""
        while not self.stopping.is_set():
            try:
                with lease(self.database, self.directory) as still_held:
                    self._work(still_held)
            except LeaseTakenError:
                self.stopping.wait(1)
            except (LeaseLostError, DBAPIError) as error:
                logger.warning("worker asks for the lease again: %s", error)
                self.stopping.wait(1)

    def _work(self, still_held: Callable[[], None]) -> None:
        logger.info("worker holds the lease")
        self.broken = not indexer.is_readable(self.engine)
        while not self.stopping.is_set():
            still_held()
            if not self._guarded(self._once):
                self.stopping.wait(self.interval)

    def _once(self) -> int:
        if self._rebuild_wanted():
            documents = indexer.rebuild(self.database, self.engine)
            self.broken = False
            return documents
        return indexer.step(self.database, self.engine)

    def _rebuild_wanted(self) -> bool:
        if self.broken:
            return True
        with self.database.read() as session:
            consumer = session.get(Consumer, log.INDEX)
            return consumer is not None and consumer.rebuild_requested

    def _guarded(self, work: Callable[[], int]) -> int:
        """A busy database or a torn index must not end the worker: log it, pause, try again."""
        try:
            return work()
        except (OperationalError, IndexUnavailableError, indexer.RebuildFailedError, OSError) as error:
            logger.warning("worker pauses: %s", error)
            self.broken = self.broken or isinstance(error, IndexUnavailableError)
            self.stopping.wait(1)
            return 0
