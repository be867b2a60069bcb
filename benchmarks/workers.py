"""Work for several processes, with the answers in the order of the questions."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, Final, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

# Answers that wait for their turn take memory: so many for each process may be asked for ahead.
_AHEAD: Final = 2


def pool(processes: int, prepare: Callable[..., None] | None = None, given: tuple[Any, ...] = ()) -> Any:
    """Processes that begin with nothing but `prepare(*given)`: a copy of this one would share its threads' locks."""
    return ProcessPoolExecutor(processes, get_context("spawn"), prepare, given)


def cores() -> int:
    return len(os.sched_getaffinity(0))


def in_order(
    items: Iterable[Item],
    work: Callable[[Item], Answer],
    prepare: Callable[..., None] | None = None,
    given: tuple[Any, ...] = (),
) -> Iterator[Answer]:
    """Every item worked on by as many processes as there are cores."""
    with pool(cores(), prepare, given) as processes:
        waiting: deque[Future[Answer]] = deque()
        for item in items:
            waiting.append(processes.submit(work, item))
            if len(waiting) > _AHEAD * cores():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def apart(work: Callable[..., Answer], *given: Any) -> Answer:
    """One call in a process of its own, so that nothing it looks at is warm here."""
    with pool(1) as processes:
        answer: Answer = processes.submit(work, *given).result()
        return answer
